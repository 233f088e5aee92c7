//! `wharf sandbox`: both services on this machine, until stopped.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Serialize;
use wharf_sandbox::Sandbox;

use crate::context::Context;
use crate::failure::{Result, on_this_machine};
use crate::present::table::Table;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// Where Files.com listens; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value_t = any_port())]
    filescom: SocketAddr,

    /// Where the storage behind Files.com listens
    #[arg(long, value_name = "ADDRESS", default_value_t = any_port())]
    storage: SocketAddr,

    /// Where Boomi MFT listens
    #[arg(long, value_name = "ADDRESS", default_value_t = any_port())]
    mft: SocketAddr,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    filescom: String,
    storage: String,
    mft: String,
    keys: Keys<'a>,
    users: Vec<User<'a>>,
}

#[derive(Debug, Serialize)]
struct Keys<'a> {
    full: &'a str,
    read_only: &'a str,
    restricted: &'a str,
    expired: &'a str,
    revoked: &'a str,
}

#[derive(Debug, Serialize)]
struct User<'a> {
    name: &'a str,
    password: &'a str,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let sandbox = Sandbox::builder()
        .filescom_address(arguments.filescom)
        .storage_address(arguments.storage)
        .mft_address(arguments.mft)
        .start()
        .await
        .map_err(|error| on_this_machine("the sandbox does not start", error))?;
    if context.json {
        context.out.document(&document(&sandbox))?;
    } else {
        for line in welcome(&sandbox) {
            context.out.line(line)?;
        }
        context.out.flush()?;
    }
    // Whoever stops the program ends this.
    std::future::pending().await
}

fn document(sandbox: &Sandbox) -> Document<'_> {
    let keys = sandbox.keys();
    let users =
        sandbox.users().iter().map(|user| User { name: &user.name, password: &user.password });
    Document {
        filescom: sandbox.filescom_url(),
        storage: sandbox.storage_url(),
        mft: sandbox.mft_url(),
        keys: Keys {
            full: &keys.full,
            read_only: &keys.read_only,
            restricted: &keys.restricted,
            expired: &keys.expired,
            revoked: &keys.revoked,
        },
        users: users.collect(),
    }
}

/// Where everything is, and commands to try, word for word.
fn welcome(sandbox: &Sandbox) -> Vec<String> {
    let Document { filescom, storage, mft, keys, users } = document(sandbox);
    let mut table = Table::new();
    table.row(["Files.com", &filescom, &format!("(its storage: {storage})")]);
    table.row(["Boomi MFT", &mft, ""]);
    let mut lines = table.lines(0);

    lines.push("\nKeys of Files.com, and users of both:".to_owned());
    let mut table = Table::new();
    table.row(["full", keys.full, "may do everything"]);
    table.row(["read only", keys.read_only, "may look and read"]);
    table.row(["restricted", keys.restricted, "sees only vendor/acme"]);
    table.row(["expired", keys.expired, "was good until the start of 2026"]);
    table.row(["revoked", keys.revoked, "was good once"]);
    for user in &users {
        table.row([user.name, user.password, "password"]);
    }
    lines.extend(table.lines(2));

    let Some(user) = users.first() else {
        return lines;
    };
    let filescom = filescom.replacen("http:", "filescom+http:", 1);
    let name = user.name;
    let mft = mft.replacen("http://", &format!("mft+http://{name}@"), 1);
    let wharf = as_called();
    lines.push("\nIn another terminal:".to_owned());
    lines.extend(
        [
            format!("export FILES_API_KEY={}", keys.full),
            format!("export WHARF_MFT_PASSWORD={}", user.password),
            format!("{wharf} test {filescom}/"),
            format!("{wharf} ls {filescom}/"),
            format!("{wharf} tree {mft}/"),
            format!("echo ahoy | {wharf} put - {filescom}/ahoy.txt"),
            format!("FILES_API_KEY={} {wharf} ls {filescom}/", keys.revoked),
        ]
        .map(|line| format!("  {line}")),
    );
    lines.push("\nIt stays up until Ctrl-C. All it holds is in memory.".to_owned());
    lines
}

/// The program as it was called, so that the commands can be copied as they are.
fn as_called() -> String {
    let called = std::env::args().next();
    called.filter(|name| !name.contains(char::is_whitespace)).unwrap_or("wharf".to_owned())
}

fn any_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

const NOTES: &str = "\
Loopback addresses only. With --json, one line tells addresses, keys and users:
  wharf sandbox --json --filescom 127.0.0.1:4010 --storage 127.0.0.1:4011 --mft 127.0.0.1:4012";
