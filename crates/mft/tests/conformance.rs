//! MFT keeps the promise, as far as the sandbox behaves as the service does.
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "conformance/restless.rs"]
mod restless;

use std::sync::{Arc, LazyLock};

use restless::Restless;

use wharf_conformance::Harness;
use wharf_connector::{Connector, RemotePath, async_trait};
use wharf_mft::{Client, Config, ListingWay, Login, Mft, Pages, Root};
use wharf_sandbox::{MftOptions, Sandbox};
use wharf_transport::{Exchange, HttpExchange};

/// Where a case works: a sandbox of its own.
struct Server {
    options: fn(&mut MftOptions),
    configure: fn(&mut Config),
    /// Whether the ids of folders change from verb to verb.
    restless: bool,
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
        let (mft, service) = (Mft::new(client), sandbox.mft().clone());
        *self.sandbox.lock().unwrap() = Some(sandbox);
        match self.restless {
            true => Arc::new(Restless::new(mft, service)),
            false => Arc::new(mft),
        }
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
    Server { options, configure, restless: false, sandbox: std::sync::Mutex::default() }
}

wharf_conformance::suite!(server(|_| {}, |_| {}));

mod while_folders_get_other_ids {
    use super::*;

    wharf_conformance::suite!(Server { restless: true, ..server(|_| {}, |_| {}) });
}

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

mod in_small_chunks_by_basic_downloads {
    use super::*;

    wharf_conformance::suite!(server(
        |options| {
            options.names_by_case = true;
            options.update_bodies = wharf_sandbox::UpdateBodies::Document;
        },
        |config| {
            config.chunk_size = 64 * 1024;
            config.page_size = 2;
            config.download = Pages::Basic;
            config.name_case = wharf_connector::NameCase::Sensitive;
        }
    ));
}

/// All of it at once: sessions that die, ids that go stale, errors in XML, footers untold.
mod on_an_awkward_server {
    use super::*;

    wharf_conformance::suite!(Server {
        restless: true,
        ..server(
            |options| {
                options.die_every = Some(10);
                options.errors_as_xml = true;
                options.null_arrays = true;
                options.search_limit = Some(2);
                options.footer_header = false;
                options.page_errors = wharf_sandbox::PageErrors::Body;
                options.dates = wharf_sandbox::DateForm::Rfc3339;
            },
            |config| config.chunk_size = 64 * 1024
        )
    });
}
