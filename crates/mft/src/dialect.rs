//! How requests to MFT are signed, and what its refusals mean.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use wharf_model::mft::{ErrorCode, ErrorInfo};
use wharf_transport::{
    Address, Answer, Dialect, Refusal, Renewal, Request, Response, Result, StatusCode, Transport,
    Verdict,
};

use crate::config::Pages;
use crate::endpoints::{Endpoints, Place};
use crate::session::Sessions;

/// Signs by a session that is opened when the first request needs it, and renewed once when the
/// service says that it is gone.
#[derive(Debug)]
pub(crate) struct MftDialect {
    pub(crate) sessions: Sessions,
    pub(crate) endpoints: Arc<Endpoints>,
    /// By which page files come down.
    pub(crate) download: Pages,
}

impl MftDialect {
    /// REST resources take the session in a header, bare, without a scheme word (Boomi: guide
    /// "Accessing signature using HTTP header"); the transfer pages in a parameter or a field.
    fn carry(&self, request: &mut Request, session: &SecretString) -> Result<()> {
        let endpoints = &self.endpoints;
        request.note_secret(session);
        if let Some(form) = request.multipart_mut() {
            let extended = form.names().any(|name| name == endpoints.upload_action_field);
            let field = match extended {
                true => &endpoints.upload_session_field,
                false => &endpoints.basic_upload_session_field,
            };
            form.prepend_text(&**field, session.expose_secret());
            return Ok(());
        }
        let parameter = match request.query_pairs().any(|(key, _)| key == "appletAction") {
            true => Some(&*endpoints.download_session_parameter),
            false if self.is_at(request, Place::download_page) => {
                Some(&*endpoints.basic_download_session_parameter)
            }
            false => None,
        };
        if let Some(parameter) = parameter {
            request.push_query(parameter, session.expose_secret());
            return Ok(());
        }
        if self.is_at(request, Place::impersonated_session) {
            // Where the administrator's session is wanted under another name, too (Boomi: File
            // Sharing API reference 1.16, ImmutableImpersonateSession).
            request.insert_secret("x-thru-sessionid", session)?;
        }
        request.insert_secret("authorization", session)
    }

    fn is_at(&self, request: &Request, place: Place) -> bool {
        matches!(request.address(), Address::Base(path) if *path == self.endpoints.path(place, &[]))
    }

    /// Whether a success is no download although a file was asked for. Of the headers of a true
    /// one, the extended protocol documents two; of the basic page nothing is documented, and only
    /// a page or document that is not offered for saving counts as something else.
    fn is_no_download(&self, response: &Response) -> bool {
        let (extended, basic) = (Place::extended_download_page, Place::download_page);
        let at = |place| {
            let path = self.endpoints.path(place, &[]);
            response.url().is_some_and(|url| {
                let url = url.as_str().split('?').next().unwrap_or_default();
                url.len() >= path.len()
                    && url.to_ascii_lowercase().ends_with(&path.to_ascii_lowercase())
            })
        };
        let has = |name| response.headers().contains_key(name);
        match self.download {
            Pages::Extended if at(extended) => !has(CONTENT_LENGTH) && !has(OPERATION_ID),
            _ if at(basic) => is_document(response) && !has("content-disposition"),
            _ => false,
        }
    }
}

#[async_trait]
impl Dialect for MftDialect {
    async fn sign(&self, request: &mut Request, transport: &Transport) -> Result<()> {
        let (session, generation) = self.sessions.current(transport).await?;
        request.set_generation(generation);
        self.carry(request, &session)
    }

    fn count_call(&self) -> Result<()> {
        wharf_service::begin_call()
    }

    fn uncount_call(&self) {
        wharf_service::take_back_call();
    }

    fn is_refusal(&self, response: &Response) -> bool {
        let error = response.header(ERROR_HEADER).and_then(ErrorInfo::from_header);
        error.is_some() || !response.status().is_success() || self.is_no_download(response)
    }

    fn judge(&self, refusal: &Refusal) -> Verdict {
        let status = refusal.status();
        let Some(info) = error_info(refusal) else {
            return match status.as_u16() {
                401 => Verdict::Renew,
                // Whoever is not signed in any more is sent to a page for people.
                200..=299 if is_page(refusal.body()) => Verdict::Renew,
                500 => Verdict::Retry { after: None },
                // What stands before the service turns requests away by it.
                503 => Verdict::Throttled { after: None },
                _ => Verdict::by_status(refusal),
            };
        };
        match info.code {
            Some(ErrorCode::SESSION_GONE) => Verdict::Renew,
            Some(ErrorCode::INVALID_FILE_ID) => Verdict::Missing,
            Some(ErrorCode::UNKNOWN_EXCEPTION) if !status.is_client_error() => {
                Verdict::Retry { after: None }
            }
            // A status of 500 with any other document is an answer, not an accident.
            _ if status.is_success() || status == StatusCode::INTERNAL_SERVER_ERROR => {
                Verdict::Final
            }
            _ => Verdict::by_status(refusal),
        }
    }

    async fn renew(&self, renewal: Renewal<'_>) -> Result<()> {
        self.sessions.renew(renewal.transport(), renewal.generation()).await
    }
}

/// The error document of a refusal: in its body, or in the header of the transfer pages.
pub(crate) fn error_info(refusal: &Refusal) -> Option<ErrorInfo> {
    let in_header = || refusal.header(ERROR_HEADER).and_then(ErrorInfo::from_header);
    ErrorInfo::from_body(refusal.body()).or_else(in_header)
}

/// Whether an answer that calls itself a success is a refusal in disguise: an error document,
/// or a page for people.
pub(crate) fn is_disguised(answer: &Answer) -> bool {
    let body = answer.body();
    is_page(body) || (body.len() <= LONGEST_ERROR && ErrorInfo::from_body(body).is_some())
}

/// Whether a body is an HTML page.
pub(crate) fn is_page(body: &[u8]) -> bool {
    let start = body.get(..PAGE_START).unwrap_or(body);
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<!doctype html") || text.starts_with("<html")
}

fn is_document(response: &Response) -> bool {
    let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    ["text/html", "json", "xml"].iter().any(|name| kind.contains(name))
}

/// Where the transfer pages put their errors, as `code / message` (Boomi: X-FTH-Error).
pub(crate) const ERROR_HEADER: &str = "x-fth-error";
/// The id of the logged operation (Boomi: Internal download, Example; Uploading multiple files).
pub(crate) const OPERATION_ID: &str = "x-filesystemlogopid";
/// The length of an extended download, footer included (Boomi: Internal download, Example).
pub(crate) const CONTENT_LENGTH: &str = "x-file-content-length";

const PAGE_START: usize = 256;
/// An error document is tiny: what is longer is a success.
pub(crate) const LONGEST_ERROR: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use wharf_transport::HeaderMap;

    use super::*;

    #[test]
    fn pages_are_told_from_documents() {
        for (body, page) in [
            ("<!DOCTYPE html><p>", true),
            ("\u{feff}\n <HTML>", true),
            ("<ErrorInfo/>", false),
            ("{}", false),
            ("", false),
        ] {
            assert_eq!(is_page(body.as_bytes()), page, "{body:?}");
        }
    }

    #[test]
    fn the_code_counts_more_than_the_status() {
        let config = crate::Config::new("mft.example", "anna", crate::Login::password("secret"));
        let endpoints = Arc::new(Endpoints::default());
        let sessions = Sessions::new(&config, endpoints.clone());
        let dialect = MftDialect { sessions, endpoints, download: Pages::Extended };
        let gone = r#"{"Message":"Session no longer exists.","ErrorCode":101}"#;
        let bad = r#"{"Message":"Invalid File ID: 1","ErrorCode":7001}"#;
        let other = r#"{"Message":"No","ErrorCode":7002}"#;
        let odd = "<ErrorInfo><Message>x</Message><ErrorCode>90000</ErrorCode></ErrorInfo>";
        let retry = Verdict::Retry { after: None };
        for (status, body, want) in [
            (500, gone, Verdict::Renew),
            (200, gone, Verdict::Renew),
            (401, "", Verdict::Renew),
            (200, "<html>", Verdict::Renew),
            (404, "<html>", Verdict::Missing),
            (500, bad, Verdict::Missing),
            (500, other, Verdict::Final),
            (200, other, Verdict::Final),
            (400, other, Verdict::Final),
            (403, odd, Verdict::Final),
            (503, other, retry.clone()),
            (500, odd, retry.clone()),
            (500, "", retry.clone()),
            (502, "", retry),
            (503, "", Verdict::Throttled { after: None }),
            (403, "", Verdict::Final),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let refusal = Refusal::new(status, HeaderMap::new(), body);
            assert_eq!(dialect.judge(&refusal), want, "{status} {body}");
        }
    }
}
