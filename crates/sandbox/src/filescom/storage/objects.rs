//! Content published under a signed address, and how it is fetched.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, IF_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};

use super::range::{Asked, asked};
use super::sign::{LINK_LIFE, object_address};
use super::{FilesCom, Refusal};
use crate::blob::Blob;
use crate::filescom::entity::mime_type;
use crate::filescom::site::Site;
use crate::filescom::tree::{FileContent, Node};
use crate::shared::Shared;

/// Content as it was when its address was handed out.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    blob: Blob,
    name: String,
    etag: String,
    modified_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Link {
    pub(crate) fn to(node: &Node, file: &FileContent, shared: &Shared) -> Self {
        Self {
            blob: file.blob.clone(),
            name: node.name.clone(),
            etag: format!("\"{}\"", file.etag),
            modified_at: node.stamp.modified_at,
            expires_at: shared.clock.now() + TimeDelta::seconds(LINK_LIFE),
        }
    }
}

impl Site {
    /// Forgets addresses that have expired, and with them content that was deleted since.
    pub(crate) fn forget_expired_links(&mut self, now: DateTime<Utc>) {
        self.links.retain(|_, link| now < link.expires_at);
    }

    /// Makes content reachable; answers its address.
    pub(crate) fn publish(&mut self, link: Link, shared: &Shared) -> String {
        let token = shared.ids.hex(32);
        let address = object_address(shared, &token, &link.name, mime_type(&link.name));
        self.links.insert(token, link);
        address
    }
}

impl FilesCom {
    /// `GET` of published content, whole or in one range.
    pub(super) fn fetch(&self, token: &str, headers: &HeaderMap) -> Response {
        let Some(link) = self.site().links.get(token).cloned() else {
            return GONE.into_response();
        };
        let condition = headers.get(IF_MATCH).and_then(|etag| etag.to_str().ok());
        if condition.is_some_and(|etag| etag != "*" && !names(etag, &link.etag)) {
            return CHANGED.into_response();
        }
        let unchanged = headers.get(IF_RANGE).is_none_or(|etag| etag == &link.etag);
        let range = headers.get(RANGE).filter(|_| unchanged);
        match asked(range, link.blob.len()) {
            Asked::Whole => link.response(StatusCode::OK, 0..link.blob.len()),
            Asked::Part(range) => {
                let (from, to) = (range.start, range.end - 1);
                let named = format!("bytes {from}-{to}/{}", link.blob.len());
                let mut response = link.response(StatusCode::PARTIAL_CONTENT, range);
                insert(response.headers_mut(), CONTENT_RANGE, &named);
                response
            }
            Asked::Impossible => {
                let mut response = IMPOSSIBLE.into_response();
                let named = format!("bytes */{}", link.blob.len());
                insert(response.headers_mut(), CONTENT_RANGE, &named);
                response
            }
        }
    }
}

impl Link {
    fn response(&self, status: StatusCode, range: std::ops::Range<u64>) -> Response {
        let length = range.end - range.start;
        let body = match length {
            0 => Body::empty(),
            _ => Body::from_stream(self.blob.read(range)),
        };
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        insert(headers, ACCEPT_RANGES, "bytes");
        insert(headers, CACHE_CONTROL, "no-cache, no-store");
        insert(headers, CONTENT_TYPE, mime_type(&self.name));
        insert(headers, ETAG, &self.etag);
        let name = self.name.replace(['"', '\\', '\r', '\n'], "_");
        let disposition = format!("attachment; filename=\"{name}\"");
        insert(headers, CONTENT_DISPOSITION, &disposition);
        let modified = httpdate::fmt_http_date(self.modified_at.into());
        insert(headers, LAST_MODIFIED, &modified);
        response
    }
}

/// Whether a list of ETags names this one.
fn names(list: &str, etag: &str) -> bool {
    list.split(',').any(|one| one.trim() == etag)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(name, value);
    }
}

const GONE: Refusal = Refusal(404, "NoSuchKey", "The specified key does not exist.");
const CHANGED: Refusal = Refusal(
    412,
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
);
const IMPOSSIBLE: Refusal = Refusal(416, "InvalidRange", "The requested range is not satisfiable");
