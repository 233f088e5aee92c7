//! Bodies that are cut, damaged, slowed down or wrongly measured.

use std::io;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::Fault;
use crate::server::Connection;

/// Applies the faults that damage the answer's body.
pub(super) fn spoil(fault: &Fault, response: Response, connection: Option<Connection>) -> Response {
    let response = with_length(response);
    match *fault {
        Fault::CutAfter(bytes) => response.map(|body| ending(body, bytes, End::Cut, connection)),
        Fault::StallAfter(bytes) => {
            response.map(|body| ending(body, bytes, End::Stall, connection))
        }
        Fault::ResetAfter(bytes) => {
            response.map(|body| ending(body, bytes, End::Reset, connection))
        }
        Fault::FlipByte(at) => response.map(|body| flip(body, at)),
        Fault::Trickle { bytes, pause } => response.map(|body| trickled(body, bytes, pause)),
        Fault::WrongLength(by) => wrong_length(response, by, connection),
        Fault::NoLength => response.map(|body| Body::from_stream(body.into_data_stream())),
        _ => response,
    }
}

/// Reads this many bytes of a body and leaves the rest.
pub(super) async fn swallow(body: Body, bytes: u64) {
    let mut chunks = limited(body, bytes);
    while let Some(Ok(_)) = chunks.next().await {}
}

/// The first bytes of a body, which is read to its end.
pub(super) async fn beginning(body: Body, bytes: usize) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(Ok(chunk)) = chunks.next().await {
        kept.extend(chunk.iter().take(bytes - kept.len()));
    }
    kept
}

/// The same body with the byte at this offset inverted.
pub(super) fn flip(body: Body, at: u64) -> Body {
    let chunks = body.into_data_stream().scan(0, move |start, chunk| {
        let flipped = chunk.map(|chunk| {
            let within = at.checked_sub(*start).map(|within| within as usize);
            *start += chunk.len() as u64;
            inverted(chunk, within)
        });
        std::future::ready(Some(flipped))
    });
    Body::from_stream(chunks)
}

/// A request whose body ends early, as though it had been sent so.
pub(super) fn shortened(request: Request, bytes: u64) -> Request {
    let (mut parts, body) = request.into_parts();
    let length = parts.headers.get(CONTENT_LENGTH).and_then(number);
    if let Some(length) = length {
        let shorter = HeaderValue::from(length.min(bytes));
        parts.headers.insert(CONTENT_LENGTH, shorter);
    }
    // All of it is read: an answer sent while the client still writes could be lost with the
    // connection.
    let mut left = bytes;
    let kept = body.into_data_stream().filter_map(move |chunk| {
        let kept = chunk.map(|chunk| {
            let len = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            left -= len as u64;
            chunk.slice(..len)
        });
        std::future::ready(Some(kept).filter(|kept| !matches!(kept, Ok(piece) if piece.is_empty())))
    });
    Request::from_parts(parts, Body::from_stream(kept))
}

#[derive(Clone, Copy)]
enum End {
    Cut,
    Reset,
    Stall,
}

/// The first bytes of a body, then an end that is none.
fn ending(body: Body, bytes: u64, end: End, connection: Option<Connection>) -> Body {
    let last = stream::once(async move {
        // What was written so far must leave before the connection breaks.
        match &connection {
            Some(connection) => connection.flushed().await,
            None => tokio::task::yield_now().await,
        }
        match (end, connection) {
            (End::Stall, _) => std::future::pending().await,
            (End::Reset, Some(connection)) => connection.reset(),
            (End::Reset | End::Cut, _) => {}
        }
        Err(axum::Error::new(io::Error::from(io::ErrorKind::ConnectionAborted)))
    });
    Body::from_stream(limited(body, bytes).chain(last))
}

fn limited(
    body: Body,
    bytes: u64,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin {
    let chunks: BodyDataStream = body.into_data_stream();
    Box::pin(stream::unfold((chunks, bytes), async |(mut chunks, left)| {
        if left == 0 {
            return None;
        }
        let chunk = chunks.next().await?;
        let chunk = chunk.map(|chunk| {
            let len = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            chunk.slice(..len)
        });
        let left = left - chunk.as_ref().map_or(left, |chunk| chunk.len() as u64);
        Some((chunk, (chunks, left)))
    }))
}

fn trickled(body: Body, bytes: u32, pause: u64) -> Body {
    let size = bytes.max(1) as usize;
    let pieces = body.into_data_stream().flat_map(move |chunk| {
        let pieces: Vec<_> = match chunk {
            Ok(chunk) => (0..chunk.len())
                .step_by(size)
                .map(|from| Ok(chunk.slice(from..chunk.len().min(from + size))))
                .collect(),
            Err(error) => vec![Err(error)],
        };
        stream::iter(pieces)
    });
    let slow = pieces.then(move |piece| async move {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        piece
    });
    Body::from_stream(slow)
}

fn wrong_length(mut response: Response, by: i64, connection: Option<Connection>) -> Response {
    let Some(length) = response.headers().get(CONTENT_LENGTH).and_then(number) else {
        return response;
    };
    let claimed = length.saturating_add_signed(by);
    let header = HeaderValue::from(claimed);
    response.headers_mut().insert(CONTENT_LENGTH, header);
    match claimed > length {
        true => response.map(|body| ending(body, length, End::Cut, connection)),
        false => response.map(|body| Body::from_stream(limited(body, claimed))),
    }
}

/// Writes the length a body of known size would have into the headers, so that it stays
/// announced when the body is damaged.
fn with_length(mut response: Response) -> Response {
    let known = http_body::Body::size_hint(response.body()).exact();
    if let Some(length) = known {
        let headers = response.headers_mut();
        headers.entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
    }
    response
}

fn inverted(chunk: Bytes, at: Option<usize>) -> Bytes {
    let mut bytes = Vec::from(chunk);
    if let Some(byte) = at.and_then(|at| bytes.get_mut(at)) {
        *byte = !*byte;
    }
    bytes.into()
}

fn number(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().parse().ok()
}
