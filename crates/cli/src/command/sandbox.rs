//! `wharf sandbox`: both services on this machine, until stopped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use wharf_sandbox::{Builder, DateForm, MftOptions, PageErrors, Sandbox};

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

    /// Keep the state in this folder, so that it survives a restart
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,

    /// Speak HTTPS, with a certificate of its own making
    #[arg(long)]
    tls: bool,

    /// Let each request be this long on its way, as to a service far away
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,

    /// Calculate no MD5 of files, CRC-32 alone: sites choose which checksums they have
    #[arg(long)]
    no_md5: bool,

    /// Be as awkward as the services may be: pages of two entries, slow moves, late checksums,
    /// sessions that die, errors in unusual forms
    #[arg(long)]
    awkward: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    filescom: String,
    storage: String,
    mft: String,
    keys: Keys<'a>,
    users: Vec<User>,
    /// The certificate to trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    ca: Option<&'a Path>,
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
struct User {
    name: String,
    password: String,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let sandbox = builder(&arguments).start().await;
    let sandbox = sandbox.map_err(|error| {
        on_this_machine("the sandbox does not start", error)
            .with_remedy("Choose other addresses of this machine; port 0 takes any free one.")
    })?;
    if context.json {
        context.out.document(&document(&sandbox))?;
    } else {
        for line in welcome(&sandbox, arguments.data.as_deref()) {
            context.out.line(line)?;
        }
        context.out.flush()?;
    }
    // Whoever stops the program ends this.
    std::future::pending().await
}

fn builder(arguments: &Arguments) -> Builder {
    let mut builder = Sandbox::builder()
        .filescom_address(arguments.filescom)
        .storage_address(arguments.storage)
        .mft_address(arguments.mft)
        .tls(arguments.tls)
        .md5(!arguments.no_md5)
        .latency(Duration::from_millis(arguments.latency));
    if let Some(folder) = &arguments.data {
        builder = builder.data(folder);
    }
    if arguments.awkward {
        builder = builder.awkward().mft_options(awkward_mft());
    }
    builder
}

/// A server of Boomi MFT that makes use of all that its documentation leaves open.
fn awkward_mft() -> MftOptions {
    let mut options = MftOptions::default();
    options.die_every = Some(10);
    options.errors_as_xml = true;
    options.null_arrays = true;
    options.search_limit = Some(2);
    options.footer_header = false;
    options.page_errors = PageErrors::Body;
    options.dates = DateForm::Rfc3339;
    options
}

fn document(sandbox: &Sandbox) -> Document<'_> {
    let keys = sandbox.keys();
    let users = sandbox.mft().users().into_iter();
    let users = users.map(|user| User { name: user.name, password: user.password });
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
        ca: sandbox.ca_file(),
    }
}

/// Where everything is, and commands to try, word for word.
fn welcome(sandbox: &Sandbox, data: Option<&Path>) -> Vec<String> {
    let document = document(sandbox);
    let mut table = Table::new();
    table.row(["Files.com", &document.filescom, &format!("(its storage: {})", document.storage)]);
    table.row(["Boomi MFT", &document.mft, ""]);
    let mut lines = table.lines(0);
    if let Some(ca) = document.ca {
        lines.push(format!("Whoever connects must trust {}", ca.display()));
    }
    lines.push("\nKeys of Files.com, and users of Boomi MFT with their passwords:".to_owned());
    lines.extend(secrets(&document).lines(2));
    lines.push("\nIn another terminal:".to_owned());
    lines.extend(to_try(&document).iter().map(|line| format!("  {line}")));
    let kept =
        data.map_or("in memory".to_owned(), |folder| format!("kept in {}", folder.display()));
    lines.push(format!("\nIt stays up until Ctrl-C. All it holds is {kept}."));
    lines
}

fn secrets(document: &Document<'_>) -> Table {
    let keys = &document.keys;
    let mut table = Table::new();
    table.row(["full", keys.full, "may do everything"]);
    table.row(["read only", keys.read_only, "may look and read"]);
    table.row(["restricted", keys.restricted, "sees only vendor/acme"]);
    table.row(["expired", keys.expired, "was good until the start of 2026"]);
    table.row(["revoked", keys.revoked, "was good once"]);
    for user in &document.users {
        table.row([&user.name, &user.password, "password"]);
    }
    table
}

fn to_try(document: &Document<'_>) -> Vec<String> {
    let Some(user) = document.users.first() else {
        return Vec::new();
    };
    let filescom = target(&document.filescom, "filescom", "");
    let mft = target(&document.mft, "mft", &format!("{}@", user.name));
    let Keys { full, revoked, .. } = document.keys;
    let wharf = as_called();
    let trust = document.ca.map(|ca| format!("export SSL_CERT_FILE={}", ca.display()));
    let commands = [
        format!("export FILES_API_KEY={full}"),
        format!("export WHARF_MFT_PASSWORD={}", user.password),
        format!("{wharf} test {filescom}/"),
        format!("{wharf} ls {filescom}/"),
        format!("{wharf} tree {mft}/"),
        format!("echo ahoy | {wharf} put - {filescom}/ahoy.txt"),
        format!("FILES_API_KEY={revoked} {wharf} ls {filescom}/"),
    ];
    trust.into_iter().chain(commands).collect()
}

/// An address as a target of a service, which speaks HTTPS unless it says otherwise.
fn target(address: &str, scheme: &str, user: &str) -> String {
    match address.split_once("://") {
        Some(("http", host)) => format!("{scheme}+http://{user}{host}"),
        Some((_, host)) => format!("{scheme}://{user}{host}"),
        None => address.to_owned(),
    }
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
Examples:
  wharf sandbox
  wharf sandbox --json --filescom 127.0.0.1:4010 --mft 127.0.0.1:4012
  wharf sandbox --data state --tls

Loopback addresses only. With --json, one line tells addresses, keys, users, and with --tls the \
file of the certificate to trust, which most clients read from SSL_CERT_FILE.";
