//! Every call, as the request that it makes: method, path, query, headers, body.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod pages;
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
