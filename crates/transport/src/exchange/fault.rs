//! What reqwest's errors mean for us; their text never has an address in it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;

use url::Url;

use crate::error::{Error, ErrorKind, Reached};

/// An error before the head of an answer came.
pub(super) fn of_request(error: reqwest::Error) -> Error {
    let host = error.url().map(host_and_port).unwrap_or_default();
    let error = error.without_url();
    let (kind, message, reached) = if is_tls(&error) {
        (ErrorKind::Tls, format!("no safe connection to {host}").into(), Reached::No)
    } else if error.is_builder() {
        (ErrorKind::Invalid, Cow::from("the request cannot be sent"), Reached::No)
    } else if error.is_connect() && error.is_timeout() {
        (ErrorKind::Timeout, format!("no connection to {host} in time").into(), Reached::No)
    } else if error.is_connect() {
        (ErrorKind::Connect, format!("no connection to {host}").into(), Reached::No)
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "the connection timed out".into(), Reached::Maybe)
    } else {
        let message = "the connection broke before an answer came";
        (ErrorKind::Interrupted, message.into(), Reached::Maybe)
    };
    Error::new(kind, message).with_reached(reached).with_source(error)
}

/// An error while the body of an answer came.
pub(super) fn of_body(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let (kind, message) = if error.is_timeout() {
        (ErrorKind::Timeout, "the connection timed out")
    } else if is_garbled(&error) {
        (ErrorKind::Protocol, "the body cannot be unpacked")
    } else {
        (ErrorKind::Interrupted, "the connection broke before the body ended")
    };
    Error::new(kind, message).with_reached(Reached::Yes).with_source(error)
}

/// What a connection was sought to. Nothing else of an address may be told: it can be a secret.
fn host_and_port(url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        #[cfg(feature = "rustls-no-provider")]
        if let Some(cause) = cause.downcast_ref::<rustls::Error>() {
            return !matches!(cause, rustls::Error::General(_));
        }
        // The platform's library is known to us by its words alone.
        cfg!(not(feature = "rustls-no-provider")) && cause.to_string().contains("certificate")
    })
}

/// Compressed content that is damaged, as opposed to cut off.
fn is_garbled(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
        })
    })
}

/// An error and everything below it.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| below(*error))
}

/// The cause of an error. An `io::Error` hides the error it wraps from `source`.
fn below<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
