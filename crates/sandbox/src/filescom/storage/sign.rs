//! Signed addresses: what they may reach, and for how long.

use axum::http::{Method, Uri};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use md5::{Digest, Md5};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::super::entity::hex;
use super::super::uploads::PART_LIFE;
use crate::shared::Shared;

/// Signs addresses with a key of this sandbox alone.
///
/// The signature looks like that of the real storage and is a plain keyed digest: enough that
/// a client cannot change an address unnoticed, which is all a sandbox needs.
#[derive(Clone)]
pub(crate) struct Signer {
    key: String,
}

/// What a signed address reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The content published under a token.
    Object(String),
    /// A part of an upload.
    Part(String, u32),
}

/// A request address, taken apart.
#[derive(Debug)]
pub(super) struct Signed {
    path: String,
    /// Decoded, sorted, without the signature.
    query: Vec<(String, String)>,
    signature: String,
    expires: DateTime<Utc>,
}

impl Signer {
    pub(crate) fn new(key: String) -> Self {
        Self { key }
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    fn sign(&self, method: &Method, path: &str, query: &[(String, String)]) -> String {
        let mut text = format!("{}\n{method}\n{path}\n", self.key);
        for (name, value) in query {
            text.push_str(&format!("{name}={value}\n"));
        }
        let first: [u8; 16] = Md5::digest(&text).into();
        let second: [u8; 16] = Md5::digest(format!("{}{text}", self.key)).into();
        hex(&first) + &hex(&second)
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// Where one part of an upload is sent.
pub(crate) fn part_address(shared: &Shared, upload: &str, part: u32) -> String {
    let more = [
        ("partNumber", part.to_string()),
        ("response-content-type", "application/octet-stream".to_owned()),
        ("uploadId", upload.to_owned()),
    ];
    let path = format!("{UPLOADS}{upload}");
    let life = TimeDelta::minutes(PART_LIFE);
    address(shared, &Method::PUT, &path, life, &more)
}

/// Where published content is fetched, under the name it is to have.
pub(super) fn object_address(shared: &Shared, token: &str, name: &str, kind: &str) -> String {
    let quoted = name.replace(['"', '\\', '\r', '\n'], "_");
    let more = [
        ("response-cache-control", "no-cache, no-store".to_owned()),
        ("response-content-disposition", format!("attachment; filename=\"{quoted}\"")),
        ("response-content-type", kind.to_owned()),
    ];
    let path = format!("{OBJECTS}{token}");
    let life = TimeDelta::seconds(LINK_LIFE);
    address(shared, &Method::GET, &path, life, &more)
}

fn address(
    shared: &Shared,
    method: &Method,
    path: &str,
    life: TimeDelta,
    more: &[(&str, String)],
) -> String {
    let now = shared.clock.now();
    let day = now.format("%Y%m%d");
    let mut query = vec![
        ("X-Amz-Algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
        (
            "X-Amz-Credential".to_owned(),
            format!("AKIASANDBOX000000000/{day}/us-east-1/s3/aws4_request"),
        ),
        (DATE.to_owned(), now.format(FORM).to_string()),
        (EXPIRES.to_owned(), life.num_seconds().to_string()),
        ("X-Amz-SignedHeaders".to_owned(), "host".to_owned()),
    ];
    query.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let mut sorted = query.clone();
    sorted.sort();
    let signature = shared.signer.sign(method, path, &sorted);
    query.push((SIGNATURE.to_owned(), signature));
    let query: Vec<String> =
        query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let storage = shared.addresses.url(shared.addresses.storage);
    format!("{storage}{path}?{}", query.join("&"))
}

impl Signed {
    /// Takes an address apart; `None` if it bears no signature.
    pub(super) fn read(uri: &Uri) -> Option<Self> {
        let fields = uri.query()?.split('&').filter(|field| !field.is_empty());
        let fields = fields.map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (decoded(name), decoded(value))
        });
        let (signature, mut query): (Vec<_>, Vec<_>) =
            fields.partition(|(name, _)| name == SIGNATURE);
        let (_, signature) = signature.into_iter().next()?;
        query.sort();
        let value = |wanted| {
            let found = query.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        let from = NaiveDateTime::parse_from_str(value(DATE)?, FORM).ok()?;
        let life: u32 = value(EXPIRES)?.parse().ok()?;
        let expires = from.checked_add_signed(TimeDelta::seconds(life.into()))?;
        Some(Self { path: uri.path().to_owned(), expires: expires.and_utc(), query, signature })
    }

    pub(super) fn has_expired(&self, now: DateTime<Utc>) -> bool {
        now >= self.expires
    }

    /// What the address reaches with this method, if it was signed for it.
    pub(super) fn target(&self, method: &Method, signer: &Signer) -> Option<Target> {
        if self.signature != signer.sign(method, &self.path, &self.query) {
            return None;
        }
        if let Some(token) = self.path.strip_prefix(OBJECTS) {
            return Some(Target::Object(token.to_owned()));
        }
        let upload = self.path.strip_prefix(UPLOADS)?;
        let part = self.query.iter().find(|(name, _)| name == "partNumber");
        let part = part.and_then(|(_, part)| part.parse().ok())?;
        Some(Target::Part(upload.to_owned(), part))
    }
}

fn encoded(text: &str) -> String {
    const SET: &percent_encoding::AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, SET).to_string()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Seconds a download address lives.
pub(super) const LINK_LIFE: i64 = 60;
const OBJECTS: &str = "/sandbox-objects/metadata/1234/";
const UPLOADS: &str = "/sandbox-objects/uploads/";
const DATE: &str = "X-Amz-Date";
const EXPIRES: &str = "X-Amz-Expires";
const SIGNATURE: &str = "X-Amz-Signature";
const FORM: &str = "%Y%m%dT%H%M%SZ";
