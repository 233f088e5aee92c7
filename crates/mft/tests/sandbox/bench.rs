//! A sandbox with an account opened on it.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use wharf_connector::{Error, RemotePath};
use wharf_mft::{Client, Config, Login, Mft};
use wharf_sandbox::{Route, Sandbox};
use wharf_transport::{Exchange, HttpExchange, RetryPolicy};

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) mft: Mft,
}

/// Connections are costly to set up and hold nothing of the account.
static EXCHANGE: LazyLock<Arc<dyn Exchange>> = LazyLock::new(|| Arc::new(HttpExchange::new()));

impl Bench {
    /// Admin's account.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        Self::of("Admin", configure).await
    }

    pub(crate) async fn of(user: &str, configure: impl FnOnce(&mut Config)) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let mft = open(&sandbox, user, configure);
        Self { sandbox, mft }
    }

    pub(crate) fn client(&self) -> &Client {
        self.mft.client()
    }

    /// How many requests of a kind came.
    pub(crate) fn count(&self, route: Route) -> usize {
        self.sandbox.seen().of(route).len()
    }
}

pub(crate) fn open(sandbox: &Sandbox, user: &str, configure: impl FnOnce(&mut Config)) -> Mft {
    let password = password(sandbox, user);
    let mut config = Config::new(sandbox.mft_url(), user, Login::password(password));
    configure(&mut config);
    Mft::new(client(config))
}

pub(crate) fn client(config: Config) -> Client {
    let hasty = RetryPolicy::default().with_delays(Duration::ZERO, Duration::ZERO);
    Client::builder(config).exchange(EXCHANGE.clone()).retry(hasty).build().unwrap()
}

pub(crate) fn password(sandbox: &Sandbox, user: &str) -> String {
    let users = sandbox.mft().users();
    users.into_iter().find(|known| known.name == user).unwrap().password
}

pub(crate) fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

/// Everything that an error prints.
pub(crate) fn printed(error: &Error) -> String {
    use std::error::Error as _;
    let mut text = format!("{error} {error:?} {:?} {:?}", error.document(), error.remedy());
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    text
}

/// Bytes that do not repeat at any convenient distance.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// What the sandbox has stored at a path of its own.
pub(crate) async fn stored(bench: &Bench, at: &str) -> Vec<u8> {
    let blob = bench.sandbox.mft().content(at).unwrap();
    let all: Vec<Bytes> = blob.read(0..blob.len()).try_collect().await.unwrap();
    all.concat()
}
