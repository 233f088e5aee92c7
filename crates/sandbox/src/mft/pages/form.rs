//! Multipart bodies, read as they come: fields kept, files written away.

use std::fmt;
use std::io;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures_util::TryStreamExt;
use multer::{Constraints, Multipart, SizeLimit};

use crate::blob::{Blob, BlobWriter, Store};
use crate::mft::fields::{Fields, url_decoded};
use crate::mft::refusal::{self, Refusal};

/// A whole upload request.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) fields: Fields,
    pub(super) files: Vec<Sent>,
}

/// One file of an upload request.
#[derive(Debug)]
pub(super) struct Sent {
    /// The name as the part's header has it, URL-decoded.
    pub(super) name: String,
    pub(super) content: Blob,
}

impl Form {
    /// Reads the request to its end; memory does not grow with the files in it. Each field is
    /// shown to `watch` when it is there, before the rest has come.
    ///
    /// # Errors
    /// When the body is no multipart form, ends early, or is larger than `limit`.
    pub(super) async fn read(
        request: Request,
        store: &Store,
        limit: u64,
        mut watch: impl FnMut(&Fields) + Send,
    ) -> Result<Self, Refusal> {
        let boundary = boundary_of(&request, limit)?;
        let limits = SizeLimit::new().whole_stream(limit).per_field(limit);
        let mut parts = Multipart::with_constraints(
            chunks(request.into_body()),
            boundary,
            Constraints::new().size_limit(limits),
        );
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|error| failed(&error))? {
            match part.file_name().map(url_decoded) {
                Some(name) => {
                    let content = content(part, store).await?;
                    form.files.push(Sent { name, content });
                }
                None => {
                    let name = part.name().unwrap_or_default().to_owned();
                    form.fields.push(&name, text(part).await?);
                    watch(&form.fields);
                }
            }
        }
        Ok(form)
    }
}

fn boundary_of(request: &Request, limit: u64) -> Result<String, Refusal> {
    let header = |name| request.headers().get(name)?.to_str().ok();
    let length: Option<u64> = header(CONTENT_LENGTH).and_then(|text| text.parse().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let media = header(CONTENT_TYPE).unwrap_or_default();
    multer::parse_boundary(media).map_err(|error| unreadable(&error))
}

async fn content(mut part: multer::Field<'_>, store: &Store) -> Result<Blob, Refusal> {
    let mut writer = BlobWriter::new(store);
    while let Some(chunk) = part.chunk().await.map_err(|error| failed(&error))? {
        writer.append(chunk).await.map_err(|error| full(&error))?;
    }
    writer.finish().await.map_err(|error| full(&error))
}

async fn text(mut part: multer::Field<'_>) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| failed(&error))? {
        if bytes.len() + chunk.len() > LONGEST_FIELD {
            return Err(Refusal::new(refusal::FIELD_VALUE, "A field is too long."));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn chunks(
    body: Body,
) -> impl futures_util::Stream<Item = Result<bytes::Bytes, io::Error>> + Send + 'static {
    body.into_data_stream().map_err(io::Error::other)
}

fn failed(error: &multer::Error) -> Refusal {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            too_large()
        }
        other => unreadable(other),
    }
}

fn too_large() -> Refusal {
    Refusal::new(refusal::TOO_LARGE, "Maximum request length exceeded.")
}

fn unreadable(error: &dyn fmt::Display) -> Refusal {
    Refusal::new(refusal::BODY, format!("The request body cannot be read: {error}."))
}

fn full(_: &io::Error) -> Refusal {
    Refusal::unknown_exception()
}

const LONGEST_FIELD: usize = 1024 * 1024;
