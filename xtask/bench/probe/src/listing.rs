//! A listing of Boomi MFT in one document: by the public stream, and parsed whole.

use std::time::Instant;

use serde::Deserialize;
use serde_json::{Value, json};
use wharf::connector::futures_util::TryStreamExt;
use wharf::prelude::*;

use crate::plain::Listing;
use crate::{Result, address, bare, open_with};

/// Lists the home folder, which is the root of this target.
pub(crate) async fn stream(target: &str) -> Result<Value> {
    let (account, folder) = open_with(target, &[("root", "home"), ("listing", "folder")])?;
    // Signing in is no part of it.
    account.test_connection().await?;
    let begin = Instant::now();
    let mut entries = account.list(&folder, ListOptions::new());
    let (mut count, mut first) = (0_u64, None);
    while entries.try_next().await?.is_some() {
        first.get_or_insert_with(|| begin.elapsed().as_secs_f64());
        count += 1;
    }
    Ok(json!({"entries": count, "seconds": begin.elapsed().as_secs_f64(), "first": first}))
}

#[derive(Deserialize)]
struct Session {
    #[serde(alias = "SessionID")]
    #[serde(alias = "SessionId")]
    session: String,
}

#[derive(Deserialize)]
struct Here {
    #[serde(rename = "FolderID")]
    id: String,
}

pub(crate) async fn whole(target: &str) -> Result<Value> {
    let (host, _, user) = address(target)?;
    let client = bare::client(false)?;
    let password = std::env::var("WHARF_MFT_PASSWORD")?;
    let form = [
        ("UserName", user.as_str()),
        ("Password", &password),
        ("ClientVersion", "0"),
        ("ApplicationId", "bench"),
        ("Device_UUID", "bench"),
    ];
    let base = format!("{host}/REST/1.16");
    let answer = client.post(format!("{base}/Session")).form(&form).send().await?;
    let Session { session } = answer.error_for_status()?.json().await?;
    let get = |path: String| client.get(base.clone() + &path).header("authorization", &session);
    let here = get("/FileSystem/Home".into()).send().await?.error_for_status()?;
    let Here { id } = here.json().await?;
    let begin = Instant::now();
    let answer = get(format!("/FileSystem/Folder/{id}/Content")).send().await?;
    let listing: Listing = answer.error_for_status()?.json().await?;
    let seconds = begin.elapsed().as_secs_f64();
    Ok(json!({"entries": listing.len(), "seconds": seconds}))
}
