//! The storage behind Files.com: another origin, reached by signed addresses alone.

mod objects;
mod range;
mod sign;

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, SERVER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;

use super::FilesCom;
use super::auth::{KEY, SESSION};
use crate::blob::BlobWriter;
use crate::faults::{Route, storage_error};

pub(crate) use self::objects::Link;
use self::sign::{Signed, Target};
pub(crate) use self::sign::{Signer, part_address};

impl FilesCom {
    /// Answers a request to a storage address.
    pub(crate) async fn store(self, request: Request) -> Response {
        let route = match *request.method() {
            Method::GET => Route::StorageGet,
            Method::PUT => Route::PartPut,
            _ => Route::Storage,
        };
        let faults = self.shared.faults.clone();
        let work = async |request| self.store_or_refuse(request).await;
        let mut response = faults.run(route, request, work).await;
        let headers = response.headers_mut();
        headers.insert(SERVER, HeaderValue::from_static("AmazonS3"));
        response
    }

    async fn store_or_refuse(&self, request: Request) -> Response {
        match self.judge(&request) {
            Ok(Target::Object(token)) => self.fetch(&token, request.headers()),
            Ok(Target::Part(upload, part)) => self.take_part(&upload, part, request).await,
            Err(refusal) => {
                // An answer sent while the client still writes could be lost with the
                // connection.
                let mut rest = request.into_body().into_data_stream().take(DRAINED);
                while let Some(Ok(_)) = rest.next().await {}
                refusal.into_response()
            }
        }
    }

    /// Which object or part a request may reach.
    fn judge(&self, request: &Request) -> Result<Target, Refusal> {
        if self.shared.options.strict_storage && brings_credentials(request.headers()) {
            return Err(CREDENTIALS);
        }
        let signed = Signed::read(request.uri()).ok_or(UNSIGNED)?;
        if signed.has_expired(self.shared.clock.now()) {
            return Err(EXPIRED);
        }
        let signer = &self.shared.signer;
        match signed.target(request.method(), signer) {
            Some(target) => Ok(target),
            None => Err(MISMATCH),
        }
    }

    async fn take_part(&self, upload: &str, part: u32, request: Request) -> Response {
        let announced = request.headers().get(CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let Some(announced) = announced else {
            return NO_LENGTH.into_response();
        };
        if announced > LARGEST_PART {
            return TOO_LARGE.into_response();
        }
        let mut writer = BlobWriter::for_part(&self.shared.store);
        let mut body = request.into_body().into_data_stream();
        while let Some(chunk) = body.next().await {
            let Ok(chunk) = chunk else {
                return BROKEN_OFF.into_response();
            };
            if writer.append(chunk).await.is_err() {
                return NO_ROOM.into_response();
            }
        }
        if writer.len() != announced {
            return BROKEN_OFF.into_response();
        }
        let Ok(blob) = writer.finish().await else {
            return NO_ROOM.into_response();
        };
        let etag = super::entity::hex(&blob.md5().unwrap_or_default());
        match self.keep_part(upload, part, blob) {
            Ok(()) => {
                let etag = format!("\"{etag}\"");
                let encryption = ("x-amz-server-side-encryption", "AES256".to_owned());
                ([("etag", etag), encryption], ()).into_response()
            }
            Err(refusal) => refusal.into_response(),
        }
    }

    fn keep_part(&self, upload: &str, part: u32, blob: crate::blob::Blob) -> Result<(), Refusal> {
        let mut site = self.site();
        let open = site.uploads.get(upload).ok_or(NO_UPLOAD)?;
        let in_order = (1..part).all(|before| open.parts.contains_key(&before));
        if !self.shared.options.parallel_parts && !in_order {
            return Err(OUT_OF_ORDER);
        }
        site.put_part(upload, part, blob);
        Ok(())
    }
}

/// An error of storage: status, code and message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal(u16, &'static str, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let kind = [(CONTENT_TYPE, "application/xml")];
        (status, kind, storage_error(code, message)).into_response()
    }
}

fn brings_credentials(headers: &HeaderMap) -> bool {
    let credentials = [KEY, SESSION, AUTHORIZATION.as_str()];
    credentials.iter().any(|name| headers.contains_key(*name))
}

const CREDENTIALS: Refusal = Refusal(
    400,
    "InvalidRequest",
    "Credentials of another service must not be sent to a signed address.",
);
const UNSIGNED: Refusal = Refusal(403, "AccessDenied", "Access Denied");
const EXPIRED: Refusal = Refusal(403, "AccessDenied", "Request has expired");
const MISMATCH: Refusal = Refusal(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.",
);
const NO_LENGTH: Refusal =
    Refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
const TOO_LARGE: Refusal =
    Refusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
const BROKEN_OFF: Refusal = Refusal(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
);
const NO_ROOM: Refusal =
    Refusal(500, "InternalError", "The sandbox cannot write to its temporary files.");
const NO_UPLOAD: Refusal = Refusal(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have \
     been aborted or completed.",
);
const OUT_OF_ORDER: Refusal = Refusal(
    400,
    "InvalidPartOrder",
    "The parts of this upload must be sent one after another, in order.",
);
const LARGEST_PART: u64 = 5 * 1024 * 1024 * 1024;
/// Chunks of a refused body read at most.
const DRAINED: usize = 10_000;
