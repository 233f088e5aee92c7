//! The promise of the trait, kept against the sandbox: as it usually is, as awkward as the service
//! may be, and as plain as it can get.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use wharf_conformance::Harness;
use wharf_connector::{Connector, async_trait};
use wharf_filescom::{Client, Config, Credentials, FilesCom};
use wharf_sandbox::Builder;
use wharf_sandbox::Sandbox;

/// A sandbox of its own for each case.
struct OnSandbox {
    builder: Builder,
    sandbox: OnceCell<Sandbox>,
}

impl OnSandbox {
    fn new(builder: Builder) -> Self {
        Self { builder, sandbox: OnceCell::new() }
    }

    /// Pages of two entries, slow migrations for everything, late checksums.
    fn awkward() -> Self {
        Self::new(Sandbox::builder().awkward())
    }

    /// Parts strictly in order, no checksums, no download identities, errors as of years ago, and
    /// parents made whether asked for or not.
    fn plain() -> Self {
        let builder = Sandbox::builder().parallel_parts(false).checksums(false);
        let builder = builder.download_identity(false).older_errors(true).gzip(false);
        Self::new(builder.always_create_parents(true))
    }
}

#[async_trait]
impl Harness for OnSandbox {
    async fn connector(&self) -> Arc<dyn Connector> {
        let start = || async { self.builder.clone().start().await.unwrap() };
        let sandbox = self.sandbox.get_or_init(start).await;
        let key = Credentials::api_key(sandbox.keys().full.clone()).unwrap();
        let config = Config::new(sandbox.filescom_url(), key)
            .with_part_size(5 * 1024 * 1024)
            .with_poll_interval(Duration::from_millis(4))
            .with_checksum_wait(Duration::from_millis(200));
        Arc::new(FilesCom::new(Client::new(config).unwrap()))
    }

    fn secrets(&self) -> Vec<String> {
        let sandbox = self.sandbox.get();
        sandbox.map(|sandbox| sandbox.keys().full.clone()).into_iter().collect()
    }
}

mod usual {
    use super::*;

    wharf_conformance::suite!(OnSandbox::new(Sandbox::builder()));
}

mod awkward {
    use super::*;

    wharf_conformance::suite!(OnSandbox::awkward());
}

mod plain {
    use super::*;

    wharf_conformance::suite!(OnSandbox::plain());
}
