//! A service with sessions, as the tests of this folder need it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{
    Base, Dialect, Refusal, Renewal, Request, Response, Result, Transport, Url, Verdict,
};

/// A service with sessions: logs in lazily, once for all who wait, and renews what is refused.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    current: tokio::sync::Mutex<u64>,
    pub(crate) logins: AtomicU64,
}

#[async_trait]
impl Dialect for Sessions {
    async fn sign(&self, request: &mut Request, transport: &Transport) -> Result<()> {
        let generation = self.session(0, transport).await?;
        request.set_generation(generation);
        request.insert_secret("authorization", &format!("planted-{generation}").into())?;
        if let Some(form) = request.multipart_mut() {
            form.prepend_text("session", format!("planted-{generation}"));
        }
        Ok(())
    }

    fn is_refusal(&self, response: &Response) -> bool {
        !response.status().is_success() || response.headers().contains_key("x-error")
    }

    fn judge(&self, refusal: &Refusal) -> Verdict {
        match (refusal.status().as_u16(), refusal.header("x-error")) {
            (401, _) | (_, Some("101")) => Verdict::Renew,
            (_, Some("missing")) => Verdict::Missing,
            _ if refusal.body().as_ref() == b"101" => Verdict::Renew,
            (421, _) => {
                Verdict::Rehost(String::from_utf8_lossy(refusal.body()).parse::<Url>().unwrap())
            }
            _ => Verdict::by_status(refusal),
        }
    }

    async fn renew(&self, renewal: Renewal<'_>) -> Result<()> {
        self.session(renewal.generation(), renewal.transport()).await?;
        Ok(())
    }

    fn may_move(&self, _: &Base, to: &Url) -> bool {
        to.host_str().is_some_and(|host| host.ends_with(".good.example"))
    }
}

impl Sessions {
    /// The number of the current session, a new one if there is none but the `stale` one.
    async fn session(&self, stale: u64, transport: &Transport) -> Result<u64> {
        let mut current = self.current.lock().await;
        if *current == stale {
            transport
                .send(Request::post("/login").unsigned().form([("password", "planted")]))
                .await?;
            self.logins.fetch_add(1, Ordering::Relaxed);
            *current += 1;
        }
        Ok(*current)
    }
}

pub(crate) fn transport(script: &Script) -> (Transport, Arc<Sessions>) {
    let sessions = Arc::new(Sessions::default());
    let transport = Transport::builder("https://app.good.example/v1")
        .exchange(script.exchange())
        .shared_dialect(sessions.clone())
        .chance(|| 1.0)
        .build()
        .unwrap();
    (transport, sessions)
}

pub(crate) fn login_then(replies: impl IntoIterator<Item = Reply>) -> Script {
    replies.into_iter().fold(Script::new().answer(Reply::new(200)), Script::answer)
}

/// Which session each request carried, if any.
pub(crate) fn sessions(script: &Script) -> Vec<Option<String>> {
    let session = |request: &wharf_transport::testing::Recorded| {
        request.header("authorization").map(|value| value.replace("planted-", ""))
    };
    script.requests().iter().map(session).collect()
}

pub(crate) fn some(session: &str) -> Option<String> {
    Some(session.to_owned())
}
