//! Carries a file from Boomi MFT to Files.com and proves that it arrived; the sandbox plays both, on
//! this machine: `cargo run --example carry_and_prove`
//!
//! Against the real services, only the two targets and where the secrets come from are different.

#![allow(clippy::print_stdout)]

use wharf::prelude::*;
use wharf::transfer::{CopyFile, Place, copy_file};
use wharf_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let registry = wharf::registry();

    let user = sandbox.mft().users().into_iter().next().ok_or("no user")?;
    let url = sandbox.mft_url().replacen("http://", &format!("mft+http://{}@", user.name), 1);
    let secret = Settings::new().with_secret("password", user.password);
    let boomi = registry.open(&url, &secret)?;

    let url = sandbox.filescom_url().replacen("http:", "filescom+http:", 1);
    let secret = Settings::new().with_secret("api_key", sandbox.keys().full.clone());
    let files = registry.open(&url, &secret)?;

    let orders = RemotePath::new("/COMMON/orders.csv")?;
    boomi.write_bytes(&orders, "number;state\n4711;new\n").await?;

    let from = Place::new(boomi, orders);
    let to = Place::new(files, RemotePath::new("/inbound/orders.csv")?);
    let receipt = copy_file(&from, &to, &CopyFile::new(), &()).await?;
    println!(
        "{} to {}: {} bytes, {}",
        receipt.from.path,
        receipt.to.path,
        receipt.bytes,
        receipt.verdict.as_str()
    );
    Ok(())
}
