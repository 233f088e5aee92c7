//! Opens a target by its URL and lists it: `cargo run --example open_by_url -- memory:`
//!
//! Secrets come from the environment variable that the service names.

#![allow(clippy::print_stdout)]

use wharf::prelude::*;

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::args().nth(1).unwrap_or("memory:".into());
    let target: wharf::Target = url.parse()?;
    let registry = wharf::registry();

    let specs = registry.factory(target.scheme())?.settings().iter();
    let settings = specs.fold(Settings::new(), |all, spec| {
        match spec.env.and_then(|name| std::env::var(name).ok()) {
            Some(value) if spec.secret => all.with_secret(spec.name, value),
            Some(value) => all.with(spec.name, value),
            None => all,
        }
    });

    let account = registry.open_account(&target, &settings)?;
    let mut entries = account.list(target.path(), ListOptions::new());
    while let Some(entry) = entries.try_next().await? {
        println!("{:6} {}", entry.kind, entry.path);
    }
    Ok(())
}
