//! Redirects, followed by us and never by the client below.

use http::header::LOCATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use url::Url;

use crate::address::Base;
use crate::error::{Error, ErrorKind, Result};
use crate::redact::SafeUrl;
use crate::request::Request;

/// Where an answer sends us, if it is a redirect at all.
pub(crate) fn target(status: StatusCode, headers: &HeaderMap, from: &Url) -> Option<Result<Url>> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = headers.get(LOCATION)?;
    let url = location.to_str().ok().and_then(|text| from.join(text).ok());
    Some(url.ok_or_else(|| refused("to something that is no address")))
}

/// Whether the request may go where it is sent.
///
/// Only `GET` and `HEAD` follow at all. A request below the base stays on the base's origin and is
/// signed anew. A bare one may go anywhere, except from HTTPS to HTTP, and leaves behind on its way
/// to another origin whatever looks like a credential.
///
/// `count` is the number of redirects, this one included.
pub(crate) fn check(
    request: &Request,
    base: &Base,
    from: &Url,
    to: &Url,
    count: u32,
) -> Result<()> {
    let place = SafeUrl::bare(to);
    if count > MAX_REDIRECTS {
        return Err(refused(&format!("to {place}, the {count}th time")));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(refused(&format!("to {place}, and only GET and HEAD follow")));
    }
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(refused(&format!("from HTTPS to {place}")));
    }
    if matches!(request.address(), crate::Address::Base(_)) {
        if !base.is_origin_of(to) {
            return Err(refused(&format!("to {place}, another host, and it carries a credential")));
        }
    } else {
        base.check_bare(to)?;
    }
    Ok(())
}

/// Makes the request go where it is sent, which was checked.
pub(crate) fn follow(request: &mut Request, from: &Url, to: Url) {
    let is_bare = !matches!(request.address(), crate::Address::Base(_));
    if is_bare && from.origin() != to.origin() {
        request.drop_headers(is_credential);
    }
    request.move_to(to);
}

fn is_credential(name: &HeaderName, value: &HeaderValue) -> bool {
    value.is_sensitive()
        || ["authorization", "cookie", "proxy-authorization"].contains(&name.as_str())
}

fn refused(how: &str) -> Error {
    Error::new(ErrorKind::Redirected, format!("the service redirects {how}"))
}

/// How many redirects one attempt follows.
const MAX_REDIRECTS: u32 = 5;
