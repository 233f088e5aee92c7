//! What a person should know beside the answer: on standard error, once.

use std::io::{self, Write};

use serde::Serialize;
use wharf::connections::Connection;
use wharf::connector::chrono::Utc;

use crate::context::fitted;
use crate::present::escape::Shown;
use crate::present::style::Style;

#[derive(Debug, Serialize)]
struct Document<'a> {
    warning: &'a str,
    connection: Option<&'a str>,
}

/// A credential that will not do for much longer.
pub(crate) fn expiry(connection: &Connection, json: bool) {
    if let Some(text) = connection.expiry_warning(Utc::now()) {
        let next = format!("{text}: wharf connection rotate {}", connection.name);
        show(&next, Some(&connection.name), json);
    }
}

/// A warning; in a document of its own where documents are wanted.
pub(crate) fn show(text: &str, connection: Option<&str>, json: bool) {
    let line = match json {
        // Strings can always be written.
        true => serde_json::to_string(&Document { warning: text, connection }).unwrap_or_default(),
        false => fitted(&format!("{} {}", Style::of_stderr().bold("warning:"), Shown(text))),
    };
    // A warning is not worth a failure.
    let _ = writeln!(io::stderr(), "{line}");
}
