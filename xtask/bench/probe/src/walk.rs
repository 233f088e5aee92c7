//! Ten thousand folders: walked, and fetched flat by somebody who knows their names.

use std::time::Instant;

use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use wharf::connector::WalkOptions;
use wharf::connector::futures_util::TryStreamExt;
use wharf::prelude::*;

use crate::{Result, address, bare, open, plain};

/// By [`ConnectorExt::walk`].
pub(crate) async fn walk(target: &str, at_once: usize) -> Result<Value> {
    let (account, folder) = open(target)?;
    account.exists(&folder).await?;
    let begin = Instant::now();
    let mut entries = account.walk(&folder, WalkOptions::new().with_concurrency(at_once));
    let (mut count, mut folders) = (0_u64, 1_u64);
    while let Some(entry) = entries.try_next().await? {
        count += 1;
        folders += u64::from(entry.is_folder());
    }
    Ok(found(begin, folders, count))
}

/// The same requests by reqwest, parsed page by page, without anything to remember.
pub(crate) async fn bare(target: &str, folders: u64, at_once: usize) -> Result<Value> {
    let (host, path, _) = address(target)?;
    let (client, key) = (bare::client(true)?, std::env::var("FILES_API_KEY")?);
    let fetch = |name: String| {
        let url = format!("{host}/api/rest/v1/folders/{path}{name}?per_page=1000");
        let request = client.get(url).header("x-filesapi-key", &key);
        async move {
            let body = request.send().await?.error_for_status()?.bytes().await?;
            plain::files(&body)
        }
    };
    fetch(String::new()).await?;
    let begin = Instant::now();
    let names = (1..=folders).map(|number| format!("/folder-{number:05}"));
    let pages = stream::iter(names.map(fetch)).buffer_unordered(at_once);
    let count: usize = pages.try_fold(0, |sum, page| async move { Ok(sum + page) }).await?;
    Ok(found(begin, folders, count as u64))
}

/// The first folders one after the other.
pub(crate) async fn sequential(target: &str, folders: u64) -> Result<Value> {
    let (account, folder) = open(target)?;
    account.exists(&folder).await?;
    let begin = Instant::now();
    let mut count = 0;
    for number in 1..=folders {
        let folder = folder.join(&format!("folder-{number:05}"))?;
        count += account.list_all(&folder).await?.len();
    }
    Ok(found(begin, folders, count as u64))
}

fn found(begin: Instant, folders: u64, entries: u64) -> Value {
    let seconds = begin.elapsed().as_secs_f64();
    json!({"folders": folders, "entries": entries, "seconds": seconds, "rate": folders as f64 / seconds})
}
