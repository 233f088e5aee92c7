//! Carrying a request out, or not, as the fault it meets has it.

use std::future::{Future, pending};

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, RANGE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Fault, Faults, Route, answers, bodies, entries};
use crate::server::Connection;

/// Marks an answer that must not be sent: the connection is reset instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoAnswer;

/// What became of a request; rides on the answer to the log.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    pub(crate) route: Route,
    pub(crate) fault: Option<String>,
}

impl Faults {
    /// Carries out `work` on the request, unless the fault it meets says otherwise.
    ///
    /// Every handler of every face runs inside this, so that one mechanism serves all.
    pub(crate) async fn run<F, Fut>(&self, route: Route, request: Request, work: F) -> Response
    where
        F: FnOnce(Request) -> Fut,
        Fut: Future<Output = Response>,
    {
        let fault = self.take(route, &request.uri().to_string());
        let mut response = match &fault {
            None => work(request).await,
            Some(fault) => Box::pin(meet(fault, route, request, work)).await,
        };
        let fault = fault.map(|fault| fault.name());
        response.extensions_mut().insert(Met { route, fault });
        response
    }
}

async fn meet<F, Fut>(fault: &Fault, route: Route, request: Request, work: F) -> Response
where
    F: FnOnce(Request) -> Fut,
    Fut: Future<Output = Response>,
{
    if let Some(response) = answers::instead(fault, route) {
        // An answer sent while the client still writes could be lost with the connection.
        bodies::swallow(request.into_body(), DRAINED).await;
        return response;
    }
    if let Fault::Echo { code } = fault {
        return answers::echo(*code, route, request).await;
    }
    let connection = request.extensions().get::<Connection>().cloned();
    let range_asked = request.headers().contains_key(RANGE);
    let request = match fault {
        Fault::ResetBefore => return no_answer(),
        Fault::Stall => pending().await,
        Fault::ResetDuring(bytes) => {
            bodies::swallow(request.into_body(), *bytes).await;
            return no_answer();
        }
        Fault::FlipRequestByte(at) => request.map(|body| bodies::flip(body, *at)),
        Fault::CutRequest(bytes) => bodies::shortened(request, *bytes),
        Fault::IgnoreRange => without_range(request),
        _ => request,
    };
    let response = work(request).await;
    let response = match fault {
        Fault::LoseAnswer => no_answer(),
        Fault::StatusAfter { code } => answers::status(*code, route),
        Fault::WrongRange if range_asked => with_wrong_range(response),
        _ => bodies::spoil(fault, response, connection),
    };
    entries::spoil(fault, route, spoil_headers(fault, response)).await
}

/// An answer that the server turns into a reset connection.
pub(crate) fn no_answer() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(NoAnswer);
    response
}

fn without_range(mut request: Request) -> Request {
    request.headers_mut().remove(RANGE);
    request
}

fn spoil_headers(fault: &Fault, mut response: Response<Body>) -> Response {
    let headers = response.headers_mut();
    match fault {
        Fault::WrongEtag => {
            let wrong = HeaderValue::from_static("\"00000000000000000000000000000bad\"");
            headers.insert(ETAG, wrong);
        }
        Fault::NoEtag => drop(headers.remove(ETAG)),
        Fault::HugeHeader(bytes) => {
            let name = HeaderName::from_static("x-padding");
            let value = HeaderValue::from_str(&"a".repeat(*bytes as usize));
            value.ok().map(|value| headers.insert(name, value));
        }
        Fault::NoLength => drop(headers.remove(CONTENT_LENGTH)),
        Fault::EndlessCursor => {
            let cursor = HeaderValue::from_static("c2:next:ZW5kbGVzcy8vMS8vMQ");
            headers.insert("x-files-cursor", cursor.clone());
            headers.insert("x-files-cursor-next", cursor);
        }
        _ => {}
    }
    response
}

/// Shifts the range an answer claims to bring by one byte.
fn with_wrong_range(mut response: Response) -> Response {
    let claimed = response.headers().get(CONTENT_RANGE);
    let shifted =
        claimed.and_then(|value| value.to_str().ok()?.strip_prefix("bytes ")).and_then(|text| {
            let (range, total) = text.split_once('/')?;
            let (from, to) = range.split_once('-')?;
            let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
            HeaderValue::from_str(&format!("bytes {}-{}/{total}", from + 1, to + 1)).ok()
        });
    if let Some(shifted) = shifted {
        response.headers_mut().insert(CONTENT_RANGE, shifted);
    }
    response
}

/// Bytes of a request's body read at most before it is refused.
const DRAINED: u64 = 1 << 30;
