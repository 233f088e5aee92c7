//! How MFT says no.

use std::fmt;

use super::Members;
use crate::line::Line;
use crate::number::Whole;
use crate::object::object;
use crate::xml;

object! {
    any_case, read_write;
    /// The error document (Boomi: MFT guide, Exception handling). It comes with status 500 for
    /// nearly every mistake, so the code tells more than the status.
    ///
    /// The guide prints it as XML only. The JSON form is inferred from the other documents, and
    /// read with its names in any case.
    ///
    /// ```
    /// use wharf_model::mft::{ErrorCode, ErrorInfo};
    ///
    /// let gone = ErrorInfo::from_body(br#"{"Message": "Session no longer exists.", "ErrorCode": 101}"#);
    /// assert_eq!(gone.and_then(|error| error.code), Some(ErrorCode::SESSION_GONE));
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ErrorInfo {
        /// What happened, for people.
        pub message: Option<Box<str>> = "Message",
        /// What happened, for programs.
        pub code: Option<ErrorCode> = "ErrorCode",
    }
}

impl ErrorInfo {
    /// Finds an error document in the body of an answer: JSON or XML, whatever the status.
    ///
    /// `None` if the body is neither, or an object with neither member. So it may be asked about
    /// the body of a success, too. Bytes that are not UTF-8 are replaced. No more than the first
    /// 64 KiB are looked at.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(body.get(..LOOKED_AT).unwrap_or(body));
        let text = text.trim_start_matches('\u{feff}').trim();
        match text.bytes().next()? {
            b'{' => Self::from_json(text),
            b'<' => Self::from_xml(text),
            _ => None,
        }
    }

    /// Reads the text of the header `X-FTH-Error` of the transfer pages: `ErrorCode / Message`.
    ///
    /// `None` if it is empty, which means success (Boomi: MFT guide, X-FTH-Error). A text without
    /// a code becomes the message.
    #[must_use]
    pub fn from_header(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let (code, message) = match text.split_once('/') {
            Some((code, message)) => (code.trim().parse().ok().map(ErrorCode), message.trim()),
            None => (text.parse().ok().map(ErrorCode), ""),
        };
        let message = if code.is_some() { message } else { text };
        Some(Self { message: (!message.is_empty()).then(|| message.into()), code })
    }

    /// What a person can do about it, if that is known.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        match self.code? {
            ErrorCode::SESSION_GONE => Some("sign in again and repeat the request"),
            ErrorCode::INVALID_FILE_ID => {
                Some("look the file up again: it was moved or deleted, or belongs to another site")
            }
            ErrorCode::UNKNOWN_EXCEPTION => {
                Some("try again later; if it stays, ask the server's administrator")
            }
            _ => None,
        }
    }

    fn from_json(text: &str) -> Option<Self> {
        let error: Self = serde_json::from_str(text).ok().or_else(|| Self::without_code(text))?;
        (error.message.is_some() || error.code.is_some()).then_some(error)
    }

    /// What a document says whose code is no number: better than nothing.
    fn without_code(text: &str) -> Option<Self> {
        let members: Members = serde_json::from_str(text).ok()?;
        let message = members.get("Message")?.as_str()?.into();
        Some(Self { message: Some(message), code: None })
    }

    fn from_xml(text: &str) -> Option<Self> {
        if !xml::root(text)?.eq_ignore_ascii_case("ErrorInfo") {
            return None;
        }
        let code = xml::text(text, "ErrorCode").and_then(|code| code.trim().parse().ok());
        Some(Self {
            message: xml::text(text, "Message").map(Into::into),
            code: code.map(ErrorCode),
        })
    }
}

/// Message, code and remedy on one line.
impl fmt::Display for ErrorInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{}", Line(message))?,
            None => f.write_str("the server gave no message")?,
        }
        if let Some(ErrorCode(code)) = self.code {
            write!(f, " (code {code})")?;
        }
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

/// The code of an error. Only three are documented; others are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorCode(i64);

impl ErrorCode {
    /// The session ended, or another sign-in ended it.
    pub const SESSION_GONE: Self = Self(101);
    /// No file has this id.
    pub const INVALID_FILE_ID: Self = Self(7001);
    /// Something the transfer pages have no code for.
    pub const UNKNOWN_EXCEPTION: Self = Self(90000);

    /// The code as a number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl From<i64> for ErrorCode {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> serde::Deserialize<'de> for ErrorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Whole as serde_with::DeserializeAs<i64>>::deserialize_as(deserializer).map(Self)
    }
}

impl serde::Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

/// An error document is tiny: what is longer is something else.
const LOOKED_AT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(message: &str, code: i64) -> ErrorInfo {
        ErrorInfo { message: Some(message.into()), code: Some(ErrorCode(code)) }
    }

    #[test]
    fn json_and_xml() {
        for body in [
            r#"{"Message":"a & b","ErrorCode":7001}"#,
            r#" {"errorcode":"7001","MESSAGE":"a & b","Other":[]}"#,
            "\u{feff}<ErrorInfo><Message>a &amp; b</Message><ErrorCode> 7001 </ErrorCode></ErrorInfo>",
            "<?xml version='1.0'?>\n<x:ErrorInfo xmlns:x='u'><x:ErrorCode>7001</x:ErrorCode><x:Message>a &#38; b</x:Message></x:ErrorInfo>",
        ] {
            assert_eq!(ErrorInfo::from_body(body.as_bytes()), Some(error("a & b", 7001)), "{body}");
        }
    }

    #[test]
    fn a_code_that_is_no_number_costs_the_code_alone() {
        for code in [r#""""#, r#""E1""#, "{}", "1.5", "[101]"] {
            let body = format!(r#"{{"message":"gone","ErrorCode":{code}}}"#);
            let error = ErrorInfo::from_body(body.as_bytes()).unwrap();
            assert_eq!((error.message.as_deref(), error.code), (Some("gone"), None), "{body}");
        }
    }

    #[test]
    fn anything_else_is_no_error_document() {
        for body in [
            "",
            " ",
            "null",
            "[]",
            "{}",
            r#"{"Files":[],"Folders":[]}"#,
            "{",
            "not found",
            "<html><Message>x</Message></html>",
            "<",
            "<!--",
            r#"{"Message":null}"#,
        ] {
            assert_eq!(ErrorInfo::from_body(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn headers() {
        assert_eq!(ErrorInfo::from_header(" "), None);
        assert_eq!(
            ErrorInfo::from_header("90000 / unknown / exception"),
            Some(error("unknown / exception", 90000))
        );
        let plain = ErrorInfo::from_header("disk full / sorry").unwrap();
        assert_eq!((plain.message.as_deref(), plain.code), (Some("disk full / sorry"), None));
        let bare = ErrorInfo::from_header("101").unwrap();
        assert_eq!((bare.message, bare.code), (None, Some(ErrorCode::SESSION_GONE)));
    }

    #[test]
    fn printed_with_its_remedy() {
        assert_eq!(
            error("Session no longer exists.", 101).to_string(),
            "Session no longer exists (code 101); sign in again and repeat the request"
        );
        assert_eq!(error("Odd.", 5).to_string(), "Odd (code 5)");
    }

    proptest! {
        #[test]
        fn never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), text in "[<>/&#;x0-9a-zM:\"' ]{0,60}") {
            let _ = ErrorInfo::from_body(&body);
            let _ = ErrorInfo::from_body(text.as_bytes());
            let _ = ErrorInfo::from_body(format!("<ErrorInfo>{text}").as_bytes());
            let _ = ErrorInfo::from_header(&text);
        }
    }
}
