//! Starts a sandbox, prints where it is as one line of JSON, and stays until it is stopped.
//!
//! `cargo run -p wharf-sandbox --example serve -- awkward tls data=FOLDER`

#![allow(clippy::print_stdout)]

use serde_json::json;
use wharf_sandbox::{Builder, Sandbox};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let sandbox = std::env::args().skip(1).try_fold(Sandbox::builder(), set_up)?.start().await?;
    let keys = sandbox.keys();
    let users = sandbox.users().iter();
    let users = users.map(|user| json!({"name": user.name, "password": user.password}));
    let line = json!({
        "filescom": sandbox.filescom_url(),
        "storage": sandbox.storage_url(),
        "mft": sandbox.mft_url(),
        "ca_file": sandbox.ca_file(),
        "keys": {
            "full": keys.full,
            "read_only": keys.read_only,
            "restricted": keys.restricted,
            "expired": keys.expired,
            "revoked": keys.revoked,
        },
        "users": users.collect::<Vec<_>>(),
    });
    println!("{line}");
    std::future::pending().await
}

fn set_up(builder: Builder, argument: String) -> std::io::Result<Builder> {
    match (argument.as_str(), argument.strip_prefix("data=")) {
        ("awkward", _) => Ok(builder.awkward()),
        ("tls", _) => Ok(builder.tls(true)),
        (_, Some(folder)) => Ok(builder.data(folder)),
        _ => Err(std::io::Error::other(format!("{argument} is none of awkward, tls, data=FOLDER"))),
    }
}
