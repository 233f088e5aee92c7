//! Every call, as the request that it makes: method, path, query, headers, body.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod pages;
mod printed;
mod rest;
mod signed;

use wharf_mft::Endpoints;
use wharf_model::mft::{FileId, FolderId};
use wharf_transport::Request;

pub(crate) const REST: &str = "/REST/1.16";
pub(crate) const FILES: &str = "/REST/1.16/FileSystem";

pub(crate) fn endpoints() -> Endpoints {
    Endpoints::default()
}

pub(crate) fn file() -> FileId {
    "2OMFYXLA6BP9D".into()
}

pub(crate) fn folder() -> FolderId {
    "0QN8H2VKTGIWE".into()
}

/// Method, path and form of a REST call.
pub(crate) fn check(request: &Request, method: &str, path: &str, form: &str) {
    request.check().unwrap();
    assert_eq!(request.method().as_str(), method, "{path}");
    assert_eq!(request.path_and_query(), path);
    assert_eq!(request.headers().get("accept").unwrap(), "application/json", "{path}");
    let body = request.body_ref().as_bytes().map(|bytes| String::from_utf8_lossy(bytes));
    assert_eq!(body.unwrap_or_default(), form, "{path}");
    let kind = request.headers().get("content-type").map(|kind| kind.to_str().unwrap());
    let wanted = (!form.is_empty()).then_some("application/x-www-form-urlencoded");
    assert_eq!(kind, wanted, "{path}");
}

/// The page of the service names every path, page and field that can be overridden.
#[test]
fn the_documentation_lists_every_endpoint() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/services/mft.md");
    let page = std::fs::read_to_string(page).unwrap();
    for row in endpoints().table() {
        let cell = format!("`{}`", row.name);
        let line = page.lines().find(|line| line.starts_with('|') && line.contains(&cell));
        let line = line.unwrap_or_else(|| panic!("{cell} is missing"));
        let last = row.value.rsplit('/').next().unwrap();
        assert!(line.contains(last), "{cell} is another now: {}", row.value);
        assert!(line.contains(row.certainty.as_str()), "{cell} is {}", row.certainty);
    }
}
