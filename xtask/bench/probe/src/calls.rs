//! One small call, many times: what a file is.

use std::time::Instant;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use wharf::model::filescom;
use wharf::prelude::*;

use crate::{Result, address, bare, open};

pub(crate) async fn ours(target: &str, count: u64, at_once: usize) -> Result<Value> {
    let (account, path) = open(target)?;
    account.stat(&path).await?;
    let begin = Instant::now();
    let calls = stream::iter((0..count).map(|_| account.stat(&path))).buffer_unordered(at_once);
    calls.try_for_each(|_| async { Ok(()) }).await?;
    Ok(found(begin, count))
}

/// The same request with the same headers, and the same parse.
pub(crate) async fn bare(target: &str, count: u64, at_once: usize) -> Result<Value> {
    let (host, path, _) = address(target)?;
    let (client, key) = (bare::client(true)?, std::env::var("FILES_API_KEY")?);
    let url = format!("{host}/api/rest/v1/file_actions/metadata/{path}");
    let call = || {
        let request = client
            .get(&url)
            .header("x-filesapi-key", &key)
            .header("user-agent", "bench")
            .header("accept", "application/json")
            .timeout(std::time::Duration::from_secs(60));
        async move {
            let body = request.send().await?.error_for_status()?.bytes().await?;
            Ok::<_, Box<dyn std::error::Error>>(serde_json::from_slice::<filescom::File>(&body)?)
        }
    };
    call().await?;
    let begin = Instant::now();
    let calls = stream::iter((0..count).map(|_| call())).buffer_unordered(at_once);
    calls.try_for_each(|_| async { Ok(()) }).await?;
    Ok(found(begin, count))
}

fn found(begin: Instant, count: u64) -> Value {
    let seconds = begin.elapsed().as_secs_f64();
    json!({"calls": count, "seconds": seconds, "rate": count as f64 / seconds})
}
