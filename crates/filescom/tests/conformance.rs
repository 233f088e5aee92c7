//! The promise of the trait, kept against the sandbox.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use wharf_conformance::Harness;
use wharf_connector::{Connector, async_trait};
use wharf_filescom::{Client, Config, Credentials, FilesCom};
use wharf_sandbox::Sandbox;

/// A sandbox of its own for each case.
#[derive(Default)]
struct OnSandbox {
    sandbox: OnceCell<Sandbox>,
}

#[async_trait]
impl Harness for OnSandbox {
    async fn connector(&self) -> Arc<dyn Connector> {
        let sandbox = self.sandbox.get_or_init(|| async { Sandbox::start().await.unwrap() }).await;
        let key = Credentials::api_key(sandbox.keys().full.clone()).unwrap();
        let config = Config::new(sandbox.filescom_url(), key)
            .with_part_size(5 * 1024 * 1024)
            .with_poll_interval(Duration::from_millis(4));
        Arc::new(FilesCom::new(Client::new(config).unwrap()))
    }

    fn secrets(&self) -> Vec<String> {
        let sandbox = self.sandbox.get();
        sandbox.map(|sandbox| sandbox.keys().full.clone()).into_iter().collect()
    }
}

wharf_conformance::suite!(OnSandbox::default());
