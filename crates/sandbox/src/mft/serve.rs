//! From request to answer: what is asked, who asks, and how the outcome is told.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::json;

use super::Face;
use super::fields::Fields;
use super::options::PageErrors;
use super::pages::{Page, Parcel, Receipt};
use super::refusal::{self, Refusal};
use super::rest::{Answer, Call, NoAnswer, Target};
use super::xml;
use crate::faults::Route;

/// Answers every request of this face.
pub(super) async fn answer(State(face): State<Arc<Face>>, request: Request) -> Response {
    let what = What::read(request.uri().path());
    let route = match &what {
        What::Rest(target) => target.route(request.method()),
        What::Page(page) => page.route(),
        What::Nothing => Route::MftOther,
    };
    let faults = face.shared.faults.clone();
    let work = async move |request| match what {
        What::Rest(target) => face.rest(&target, request).await,
        What::Page(page) => face.page(page, request).await,
        What::Nothing => not_found(),
    };
    faults.run(route, request, work).await
}

/// What a path names.
enum What {
    Rest(Target),
    Page(Page),
    Nothing,
}

impl What {
    fn read(path: &str) -> Self {
        let decoded: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        let found = match segments.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case("REST") => {
                Target::read(rest).map(Self::Rest)
            }
            _ => Page::named(path).map(Self::Page),
        };
        found.unwrap_or(Self::Nothing)
    }
}

impl Face {
    async fn rest(&self, target: &Target, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let wants_xml = wants_xml(&parts);
        let outcome = match Call::read(&parts, body).await {
            Ok(call) => self.call(target, &call, &parts),
            Err(refusal) => Err(refusal.into()),
        };
        let errors_as_xml = self.with(|world| world.options.errors_as_xml);
        match outcome {
            Ok(answer) => told(answer, wants_xml),
            Err(NoAnswer::Refused(refusal)) => error_info(&refusal, wants_xml || errors_as_xml),
            Err(NoAnswer::NotFound) => not_found(),
            Err(NoAnswer::MethodNotAllowed) => page_of(StatusCode::METHOD_NOT_ALLOWED),
            Err(NoAnswer::MediaNotTaken) => page_of(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        }
    }

    fn call(&self, target: &Target, call: &Call, parts: &Parts) -> Result<Answer, NoAnswer> {
        let now = self.now();
        self.with(|world| {
            if target.is_open() {
                return world.answer_anyone(target, call, now);
            }
            let session = header(parts, AUTHORIZATION);
            let session = session.or_else(|| header(parts, THRU_SESSION));
            let caller = world.caller(session, now)?;
            world.answer(target, call, &caller)
        })
    }

    async fn page(&self, page: Page, request: Request) -> Response {
        if !page.takes(request.method()) {
            return page_of(StatusCode::METHOD_NOT_ALLOWED);
        }
        let outcome = match page {
            Page::Download => self.send(&request),
            Page::Landing => self.landing(request).await.map(|receipt| received(&receipt)),
            Page::Upload => self.basic_upload(request).await.map(|stored| {
                let mut response = received(&stored.receipt);
                if stored.redirect {
                    *response.status_mut() = StatusCode::FOUND;
                    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
                }
                response
            }),
            Page::Resumable => self.look_up(request).await,
        };
        outcome.unwrap_or_else(|refusal| self.page_error(&refusal))
    }

    fn send(&self, request: &Request) -> Result<Response, Refusal> {
        let query = Fields::from_form(request.uri().query().unwrap_or_default());
        self.download(&query).map(sent)
    }

    async fn look_up(&self, request: Request) -> Result<Response, Refusal> {
        let (parts, body) = request.into_parts();
        let call = Call::read(&parts, body).await?;
        let fields = if call.body.has("Operation") { call.body } else { call.query };
        let answer = self.resumable(&fields)?;
        Ok(([(CONTENT_TYPE, "text/xml; charset=utf-8")], answer).into_response())
    }

    fn page_error(&self, refusal: &Refusal) -> Response {
        let text: String = format!("{} / {}", refusal.code, refusal.message)
            .chars()
            .map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' })
            .collect();
        let (mode, as_xml) = self.with(|world| {
            let options = &world.options;
            (options.page_errors, options.errors_as_xml)
        });
        let mut response = match mode {
            PageErrors::Header => StatusCode::OK.into_response(),
            PageErrors::Status => error_info(refusal, as_xml),
            PageErrors::Body => {
                let mut response = error_info(refusal, as_xml);
                *response.status_mut() = StatusCode::OK;
                return response;
            }
            PageErrors::Html => {
                let text = xml::escaped(&text);
                return html(StatusCode::OK, format!("<h1>Error</h1><p>{text}</p>"));
            }
        };
        with_header(&mut response, FTH_ERROR, &text);
        response
    }
}

impl Call {
    async fn read(parts: &Parts, body: Body) -> Result<Self, Refusal> {
        let bytes = to_bytes(body, LARGEST_FORM)
            .await
            .map_err(|_| Refusal::new(refusal::TOO_LARGE, "Maximum request length exceeded."))?;
        let media = header(parts, CONTENT_TYPE).unwrap_or_default();
        Ok(Self {
            method: parts.method.clone(),
            query: Fields::from_form(parts.uri.query().unwrap_or_default()),
            body: Fields::from_body(media, &bytes)?,
            media: media.to_ascii_lowercase(),
            device_header: header(parts, DEVICE).map(str::to_owned),
        })
    }
}

fn header(parts: &Parts, name: HeaderName) -> Option<&str> {
    parts.headers.get(name)?.to_str().ok()
}

/// JSON unless XML alone is acceptable.
fn wants_xml(parts: &Parts) -> bool {
    let accept = header(parts, ACCEPT).unwrap_or_default().to_lowercase();
    accept.contains("/xml") && !accept.contains("json") && !accept.contains("*/*")
}

fn told(answer: Answer, as_xml: bool) -> Response {
    let Some(body) = answer.body else {
        return answer.status.into_response();
    };
    let (media, text) = match as_xml {
        true => {
            let body = serde_json::from_str(&body).unwrap_or_default();
            (XML, xml::document(answer.name, &body))
        }
        false => (JSON, body),
    };
    (answer.status, [(CONTENT_TYPE, media)], text).into_response()
}

fn error_info(refusal: &Refusal, as_xml: bool) -> Response {
    let (media, text) = if as_xml {
        (XML, xml::error_info(&refusal.message, refusal.code))
    } else {
        let body = json!({"Message": refusal.message, "ErrorCode": refusal.code});
        (JSON, body.to_string())
    };
    (refusal.status, [(CONTENT_TYPE, media)], text).into_response()
}

/// The headers of a finished upload request; its body says nothing.
fn received(receipt: &Receipt) -> Response {
    let mut response = StatusCode::OK.into_response();
    let id = |id: Option<super::id::Id>| id.map(|id| id.to_string());
    for (name, value) in [
        (LOG_OPERATION, receipt.operation.clone()),
        (FILE_ID, id(receipt.file)),
        (FOLDER_ID, id(receipt.folder)),
    ] {
        if let Some(value) = value {
            with_header(&mut response, name, &value);
        }
    }
    response
}

fn sent(parcel: Parcel) -> Response {
    let rest = parcel.content.len().saturating_sub(parcel.offset);
    let body = Body::from_stream(parcel.content.read(parcel.offset..parcel.content.len()));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(rest));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    let plain: String = parcel
        .name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') { c } else { '_' })
        .collect();
    let encoded = utf8_percent_encode(&parcel.name, NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    with_header(&mut response, DISPOSITION, &disposition);
    if let Some(extended) = parcel.extended {
        with_header(&mut response, LOG_OPERATION, &extended.operation);
        with_header(&mut response, FILE_LENGTH, &rest.to_string());
        if let Some(footer) = extended.footer {
            with_header(&mut response, FOOTER_LENGTH, &footer.to_string());
        }
    }
    response
}

fn with_header(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

/// The page of a web server that knows no such path.
fn not_found() -> Response {
    page_of(StatusCode::NOT_FOUND)
}

fn page_of(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or_default();
    let code = status.as_u16();
    html(status, format!("<h1>Server Error</h1><h2>{code} - {reason}</h2>"))
}

fn html(status: StatusCode, inner: String) -> Response {
    let page = format!("<!DOCTYPE html><html><body>{inner}</body></html>\n");
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const THRU_SESSION: HeaderName = HeaderName::from_static("x-thru-sessionid");
const DEVICE: HeaderName = HeaderName::from_static("device_uuid");
const DISPOSITION: &str = "content-disposition";
const FTH_ERROR: &str = "x-fth-error";
const LOG_OPERATION: &str = "x-filesystemlogopid";
const FILE_ID: &str = "x-fileid";
const FOLDER_ID: &str = "x-folderid";
const FILE_LENGTH: &str = "x-file-content-length";
const FOOTER_LENGTH: &str = "x-file-footer-length";
/// Bodies of REST calls are short forms.
const LARGEST_FORM: usize = 4 * 1024 * 1024;
