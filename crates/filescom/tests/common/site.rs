//! A sandbox and a connector on it, quick to repeat.
#![allow(dead_code, clippy::unwrap_used)]

use std::time::Duration;

use futures_util::TryStreamExt;
use wharf_connector::{Connector, Entry, ListOptions, RemotePath, Result};
use wharf_filescom::{Client, Config, Credentials, FilesCom};
use wharf_sandbox::{Builder, Fault, Route, Sandbox};
use wharf_transport::{RetryPolicy, Timeouts};

pub(crate) struct Site {
    pub(crate) sandbox: Sandbox,
    pub(crate) filescom: FilesCom,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::of(Sandbox::builder()).await
    }

    pub(crate) async fn of(builder: Builder) -> Self {
        let sandbox = builder.start().await.unwrap();
        let filescom = Self::connector(&sandbox, &sandbox.keys().full.clone());
        Self { sandbox, filescom }
    }

    pub(crate) fn connector(sandbox: &Sandbox, key: &str) -> FilesCom {
        Self::configured(sandbox, key, Duration::from_secs(30), |config| config)
    }

    /// A connector that does not wait long for an answer.
    pub(crate) fn impatient(sandbox: &Sandbox) -> FilesCom {
        let key = &sandbox.keys().full;
        Self::configured(sandbox, key, Duration::from_millis(50), |config| config)
    }

    /// A connector that does not wait long for work in the background.
    pub(crate) fn hasty(sandbox: &Sandbox) -> FilesCom {
        let key = &sandbox.keys().full;
        let limit = Duration::from_millis(40);
        Self::configured(sandbox, key, Duration::from_secs(30), |config| {
            config.with_migration_timeout(limit)
        })
    }

    fn configured(
        sandbox: &Sandbox,
        key: &str,
        headers: Duration,
        change: impl FnOnce(Config) -> Config,
    ) -> FilesCom {
        let key = Credentials::api_key(key.to_owned()).unwrap();
        let config = Config::new(sandbox.filescom_url(), key)
            .with_part_size(5 << 20)
            .with_poll_interval(Duration::from_millis(4))
            .with_checksum_wait(Duration::from_secs(30));
        let (base, max) = (Duration::from_millis(1), Duration::from_millis(4));
        let timeouts =
            Timeouts::default().with_headers(headers).with_silence(Duration::from_millis(500));
        let client = Client::builder(change(config))
            .retry(RetryPolicy::default().with_delays(base, max))
            .timeouts(timeouts)
            .build();
        FilesCom::new(client.unwrap())
    }

    pub(crate) fn path(&self, text: &str) -> RemotePath {
        RemotePath::new(text).unwrap()
    }

    pub(crate) fn fault(&self, route: Route, fault: Fault) {
        self.sandbox.faults().next(route, fault);
    }

    /// So many files in the folder `in`.
    pub(crate) fn plant(&self, count: usize) {
        for number in 0..count {
            self.sandbox.filescom().put(&format!("in/{number:04}.txt"), "x");
        }
    }
}

/// The paths in a folder.
pub(crate) async fn entries(filescom: &FilesCom, folder: &str) -> Result<Vec<String>> {
    let folder = RemotePath::new(folder).unwrap();
    let entries: Vec<Entry> = filescom.list(&folder, ListOptions::new()).try_collect().await?;
    Ok(entries.iter().map(|entry| entry.path.to_string()).collect())
}

/// Bytes that repeat nowhere near.
pub(crate) fn content(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some((state >> 8) as u8)
    };
    std::iter::from_fn(next).take(length).collect()
}
