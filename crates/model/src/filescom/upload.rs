//! The answer to the beginning of an upload, or of one of its parts.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{DirectConnectionInfo, Pairs, Timestamp};
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read;
    /// Where and how to send one part of an upload (Files.com REST API reference,
    /// FileUploadPart).
    ///
    /// Beginning an upload answers an array of these, the older way of `action=put` just one.
    /// Send the bytes to [`upload_uri`](Self::upload_uri) by [`method`](Self::method), with
    /// [`headers`](Self::headers) and their exact length, and **without** the API key: the address
    /// belongs to another host and is itself the credential.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct UploadPart {
        /// The id of the upload, the same for all its parts.
        pub reference: Box<str> = "ref",
        /// Where to send the part; a secret, good until [`expires`](Self::expires).
        pub upload_uri: SecretString = "upload_uri",
        /// The method to send it by; `PUT` as a rule.
        pub http_method: Option<Box<str>> = "http_method",
        /// Headers to send along.
        pub headers: Option<Pairs> = "headers",
        /// Query or form values to send along; empty in practice.
        pub parameters: Option<Pairs> = "parameters",
        /// How to send what: `partsize` as the header Content-Length, `partdata` as the body.
        pub send: Option<Pairs> = "send",
        /// Which part the address is for, from 1.
        pub part_number: Option<i64> = "part_number" as Whole,
        /// Suggested size of this part in bytes. (The reference swaps the texts of this and the
        /// next; recorded values show this reading.)
        pub partsize: Option<i64> = "partsize" as Whole,
        /// Suggested size of the next part in bytes.
        pub next_partsize: Option<i64> = "next_partsize" as Whole,
        /// How many parts are left.
        pub available_parts: Option<i64> = "available_parts" as Whole,
        /// Whether parts may be sent at the same time; if not, strictly one after another.
        pub parallel_parts: Option<bool> = "parallel_parts",
        /// Whether a part may be sent again; if not, a failed part ends the upload.
        pub retry_parts: Option<bool> = "retry_parts",
        /// Whether a person should be asked before something is replaced.
        pub ask_about_overwrites: Option<bool> = "ask_about_overwrites",
        /// When the address ends, as it came. See [`expires_at`](Self::expires_at).
        pub expires: Option<Box<str>> = "expires",
        /// What kind of upload it is: `put/write` when recorded.
        pub action: Option<Box<str>> = "action",
        /// The final path, if it may differ from the one asked for.
        pub path: Option<Box<str>> = "path",
        /// How to reach an agent directly; only when asked for.
        pub direct_connection_info: Option<Box<DirectConnectionInfo>> = "direct_connection_info",
    }
}

impl UploadPart {
    /// The method to send the part by.
    #[must_use]
    pub fn method(&self) -> &str {
        match self.http_method.as_deref() {
            None | Some("") => "PUT",
            Some(method) => method,
        }
    }

    /// When the address ends; `None` if it does not say so in a readable form. Recorded: 15
    /// minutes after the request.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        Timestamp::parse(self.expires.as_deref()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_not_printed() {
        let json = r#"{"ref":"put-1","upload_uri":"https://s3/x?sig=s3cr3t","http_method":"",
            "headers":{"x-token":"s3cr3t"},"expires":"example"}"#;
        let part: UploadPart = serde_json::from_str(json).unwrap();
        assert!(!format!("{part:?}").contains("s3cr3t"));
        assert_eq!((part.method(), part.expires_at()), ("PUT", None));
    }

    #[test]
    fn a_part_without_address_is_refused() {
        let error = serde_json::from_str::<UploadPart>(r#"{"ref":"put-1"}"#).unwrap_err();
        assert!(error.to_string().contains("upload_uri"), "{error}");
    }
}
