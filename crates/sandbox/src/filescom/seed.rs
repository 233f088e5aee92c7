//! The sample tree: what a company that trades files with two vendors might keep.

use std::sync::LazyLock;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::path::SitePath;
use super::site::{ADMIN, Making, Site};
use super::tree::{Author, FileContent};
use crate::blob::Blob;
use crate::shared::Shared;

/// When the sample tree was made.
pub(crate) fn beginning() -> DateTime<Utc> {
    // 2026-01-05T08:30:00Z
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_767_601_800)
}

/// Plants the sample tree.
pub(crate) fn plant(site: &mut Site, shared: &Shared) {
    for folder in FOLDERS {
        let making = making(shared, 0);
        // Parents are made on the way, and nothing can stand in it: the site is empty.
        let _ = site.folder(&SitePath::read(folder), Some(&making));
    }
    for (number, (path, content)) in (0..).zip(FILES) {
        let content = Blob::from(Bytes::from(*content));
        put(site, shared, number, path, content);
    }
    put(site, shared, 40, LARGE, LARGE_CONTENT.clone());
    let tagged = site.tree.find_mut(&SitePath::read("vendor/acme/orders/2026-11-01.csv"));
    if let Some(node) = tagged {
        node.stamp.provided_mtime = Some(beginning() + TimeDelta::days(299));
        node.stamp.custom_metadata.insert("batch".to_owned(), json!("1101"));
        node.stamp.priority_color = Some("red".to_owned());
    }
}

fn put(site: &mut Site, shared: &Shared, hours: i64, path: &str, content: Blob) {
    let (path, making) = (SitePath::read(path), making(shared, hours));
    if let Ok(parent) = site.folder(&path.parent(), Some(&making)) {
        let file = FileContent::whole(shared.store.keep(content), 0);
        site.put_file(parent, path.name(), file, &making);
    }
}

fn making(shared: &Shared, hours: i64) -> Making<'_> {
    Making { shared, author: Author::User(ADMIN), now: beginning() + TimeDelta::hours(hours) }
}

/// Bytes that look random and are the same every time.
fn generated(length: usize) -> Bytes {
    let mut state: u32 = 0x9e37_79b9;
    let bytes = (0..length).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    });
    bytes.collect()
}

/// Made once for all sandboxes of a process: hashing it takes longer than all the rest.
static LARGE_CONTENT: LazyLock<Blob> =
    LazyLock::new(|| Blob::from(generated(3 * 1024 * 1024 + 17)));

const FOLDERS: [&str; 8] = [
    "archive/2025",
    "inbound",
    "outbound",
    "vendor/acme/invoices",
    "vendor/acme/orders",
    "vendor/acme/returns",
    "vendor/globex/contracts",
    "vendor/globex/orders",
];
const LARGE: &str = "archive/2025/scans-2025-12.bin";
const FILES: &[(&str, &str)] = &[
    (
        "vendor/acme/orders/2026-11-01.csv",
        "order,article,quantity\n4711,anvil,3\n4712,rocket skates,1\n",
    ),
    ("vendor/acme/orders/2026-11-02.csv", "order,article,quantity\n4713,giant magnet,2\n"),
    (
        "vendor/acme/orders/2026-11-03.csv",
        "order,article,quantity\n4714,earthquake pills,40\n4715,anvil,1\n",
    ),
    (
        "vendor/acme/invoices/INV-2026-0107.txt",
        "Invoice 2026-0107\nAcme Corporation\n3 anvils, 1 pair of rocket skates\nTotal 418.00 EUR\n",
    ),
    (
        "vendor/acme/invoices/Rechnung März 2026.txt",
        "Rechnung 2026-0031\nzwei große Magnete\nSumme 96,40 EUR\n",
    ),
    ("vendor/acme/invoices/.paid", ""),
    ("vendor/acme/Notes (draft) 50% #1.txt", "Ask Acme about the delivery of the anvils.\n"),
    (
        "vendor/globex/contracts/frame-contract.txt",
        "Frame contract between the company and Globex. Confidential.\n",
    ),
    ("vendor/globex/orders/2026-11-01.csv", "order,article,quantity\n9001,doomsday device,1\n"),
    ("outbound/日本語の見積書.txt", "見積書\n合計 12,000 円\n"),
    ("outbound/empty.txt", ""),
    ("inbound/readme.txt", "Partners put their files here. They are fetched every hour.\n"),
    (
        "readme.md",
        "# Sandbox\n\nSample content. Change it as you like: a new sandbox begins with it again.\n",
    ),
];
