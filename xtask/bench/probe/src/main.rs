//! Our libraries beside the bare parts they are made of, in one program.
//!
//! `bench-probe WORK ...` does one work once and prints what it found as one line of JSON. Secrets
//! come from FILES_API_KEY and WHARF_MFT_PASSWORD. One thread, as the figures are per processor.

mod bare;
mod calls;
mod listing;
mod plain;
mod walk;

use std::error::Error;
use std::sync::Arc;

use wharf::prelude::*;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let found = match words.as_slice() {
        ["mft-stream", target] => listing::stream(target).await?,
        ["mft-whole", target] => listing::whole(target).await?,
        ["walk", target, at_once] => walk::walk(target, at_once.parse()?).await?,
        ["walk-bare", target, folders, at_once] => {
            walk::bare(target, folders.parse()?, at_once.parse()?).await?
        }
        ["walk-sequential", target, folders] => walk::sequential(target, folders.parse()?).await?,
        ["calls", target, count, at_once] => {
            calls::ours(target, count.parse()?, at_once.parse()?).await?
        }
        ["calls-bare", target, count, at_once] => {
            calls::bare(target, count.parse()?, at_once.parse()?).await?
        }
        ["get-bare", url] => bare::get(url).await?,
        ["gzip", url, answer] => bare::listing(url, *answer == "gzip").await?,
        _ => return Err(format!("{words:?} is no work of this program").into()),
    };
    println!("{found}");
    Ok(())
}

/// Opens a target with the secrets of the environment.
fn open(target: &str) -> Result<(Arc<dyn Connector>, RemotePath)> {
    open_with(target, &[])
}

/// The same with further settings.
fn open_with(
    target: &str,
    further: &[(&'static str, &str)],
) -> Result<(Arc<dyn Connector>, RemotePath)> {
    let target: wharf::Target = target.parse()?;
    let registry = wharf::registry();
    let specs = registry.factory(target.scheme())?.settings().iter();
    let settings = specs.fold(Settings::new(), |all, spec| {
        match spec.env.and_then(|name| std::env::var(name).ok()) {
            Some(value) if spec.secret => all.with_secret(spec.name, value),
            Some(value) => all.with(spec.name, value),
            None => all,
        }
    });
    let settings = further.iter().fold(settings, |all, (name, value)| all.with(*name, *value));
    let account = registry.open_account(&target, &settings)?;
    Ok((account, target.path().clone()))
}

/// `http://host/path` of a target like `filescom+http://host/path`, and its user.
fn address(target: &str) -> Result<(String, String, String)> {
    let (scheme, rest) = target.split_once("://").ok_or("no target")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) = host.split_once('@').unwrap_or(("", host));
    let scheme = if scheme.ends_with("+http") { "http" } else { "https" };
    Ok((format!("{scheme}://{host}"), path.trim_matches('/').to_owned(), user.to_owned()))
}
