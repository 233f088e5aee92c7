//! Starts a sandbox, prints where it is as one line of JSON, and stays until it is stopped.
//!
//! `cargo run -p wharf-sandbox --example serve -- awkward`

#![allow(clippy::print_stdout)]

use serde_json::json;
use wharf_sandbox::Sandbox;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let awkward = std::env::args().any(|argument| argument == "awkward");
    let builder = Sandbox::builder();
    let builder = if awkward { builder.awkward() } else { builder };
    let sandbox = builder.start().await?;
    let keys = sandbox.keys();
    let users = sandbox.users().iter();
    let users = users.map(|user| json!({"name": user.name, "password": user.password}));
    let line = json!({
        "filescom": sandbox.filescom_url(),
        "storage": sandbox.storage_url(),
        "mft": sandbox.mft_url(),
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
