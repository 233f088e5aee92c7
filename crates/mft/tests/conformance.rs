//! MFT keeps the promise, as far as the sandbox behaves as the service does.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::sync::{Arc, LazyLock};

use wharf_conformance::Harness;
use wharf_connector::{Connector, RemotePath, async_trait};
use wharf_mft::{Client, Config, ListingWay, Login, Mft, Pages, Root};
use wharf_sandbox::{MftOptions, Sandbox};
use wharf_transport::{Exchange, HttpExchange};

/// Where a case works: a sandbox of its own.
struct Server {
    options: fn(&mut MftOptions),
    configure: fn(&mut Config),
    sandbox: std::sync::Mutex<Option<Sandbox>>,
}

/// Connections are costly to set up and hold nothing of the account.
static EXCHANGE: LazyLock<Arc<dyn Exchange>> = LazyLock::new(|| Arc::new(HttpExchange::new()));

#[async_trait]
impl Harness for Server {
    async fn connector(&self) -> Arc<dyn Connector> {
        let sandbox = Sandbox::start().await.expect("loopback");
        sandbox.mft().configure(self.options);
        let password = password(&sandbox);
        let mut config = Config::new(sandbox.mft_url(), "Admin", Login::password(password));
        (self.configure)(&mut config);
        let client = Client::builder(config).exchange(EXCHANGE.clone()).build().expect("valid");
        *self.sandbox.lock().unwrap() = Some(sandbox);
        Arc::new(Mft::new(client))
    }

    fn scratch(&self) -> RemotePath {
        RemotePath::new("/conformance").expect("a path")
    }

    fn secrets(&self) -> Vec<String> {
        let sandbox = self.sandbox.lock().unwrap();
        let sandbox = sandbox.as_ref().expect("a connector was made");
        vec![password(sandbox)]
    }
}

fn password(sandbox: &Sandbox) -> String {
    let users = sandbox.mft().users();
    users.into_iter().find(|user| user.name == "Admin").expect("there is one").password
}

fn server(options: fn(&mut MftOptions), configure: fn(&mut Config)) -> Server {
    Server { options, configure, sandbox: std::sync::Mutex::default() }
}

wharf_conformance::suite!(server(|_| {}, |_| {}));

mod by_listing_from_home {
    use super::*;

    wharf_conformance::suite!(server(
        |_| {},
        |config| {
            config.listing = ListingWay::Folder;
            config.root = Root::Home;
        }
    ));
}
