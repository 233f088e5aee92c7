//! A link to the storage: short-lived, secret, renewed when it has ended.

use std::ops::Range;

use secrecy::ExposeSecret;
use wharf_connector::ErrorKind;
use wharf_model::filescom::File;
use wharf_transport as transport;
use wharf_transport::{Method, Request, Response, StatusCode, Transport, Url};

use crate::api::files;
use crate::client::Client;
use crate::convert;
use crate::error::{Error, Result};

/// A file and where its bytes are to be had at the moment.
#[derive(Clone)]
pub(super) struct Link {
    client: Client,
    path: String,
    pub(super) file: File,
}

/// What the storage answered.
pub(super) struct Stored {
    pub(super) response: Response,
    /// Size of the whole file, as the storage tells it.
    pub(super) total: Option<u64>,
}

impl Link {
    pub(super) async fn fetch(client: Client, path: &str) -> Result<Self> {
        let file = client.files().download_link(path).await?;
        if file.is_directory() {
            return Err(Error::new(ErrorKind::IsAFolder, "it is a folder"));
        }
        Ok(Self { client, path: path.to_owned(), file })
    }

    pub(super) fn transport(&self) -> &Transport {
        self.client.transport()
    }

    /// Takes a fresh link to whatever stands there now.
    pub(super) async fn renew(&mut self) -> Result<()> {
        *self = Self::fetch(self.client.clone(), &self.path).await?;
        Ok(())
    }

    /// Takes a fresh link to the same version.
    pub(super) async fn renew_within_transport(&mut self) -> transport::Result<()> {
        let identity = self.file.download_identity();
        let token = identity.and_then(|identity| identity.token.as_ref());
        let request = match token {
            Some(token) => {
                files::download_again(&self.path, token.expose_secret()).with_secret(token)
            }
            None => files::download(&self.path),
        };
        let file: File = self.transport().json(request).await?;
        if convert::is_another(&self.file, &file) {
            let message = "the file changed during the download";
            return Err(transport::Error::new(transport::ErrorKind::Changed, message));
        }
        self.file = file;
        Ok(())
    }

    /// Asks the storage for a range of the file.
    pub(super) async fn open(&mut self, range: &Range<u64>) -> Result<Stored> {
        let response = self.open_again(range, None).await?;
        let total = total(&response);
        if total.is_none() && response.headers().contains_key("content-encoding") {
            return Err(Error::protocol(
                "the storage sends the file packed, and not how long it is",
            ));
        }
        Ok(Stored { response, total })
    }

    /// As [`open`](Self::open), for the version with this tag; with fresh links if the first has
    /// ended.
    pub(super) async fn open_again(
        &mut self,
        range: &Range<u64>,
        etag: Option<&str>,
    ) -> transport::Result<Response> {
        let mut renewals = 0;
        loop {
            let result = self.transport().send(self.request(range, etag)?).await;
            match result {
                Err(error) if renewals < MAX_RENEWALS && has_ended(&error) => {
                    renewals += 1;
                    self.renew_within_transport().await?;
                }
                Ok(response) => {
                    check_begin(&response, range.start)?;
                    return Ok(response);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn request(&self, range: &Range<u64>, etag: Option<&str>) -> transport::Result<Request> {
        let invalid = |what: &'static str| transport::Error::protocol(what);
        let uri = self.file.download_uri.as_ref().map(ExposeSecret::expose_secret);
        let uri = uri.filter(|uri| !uri.is_empty());
        let uri = uri.ok_or_else(|| invalid("the answer has no address to download from"))?;
        let base = self.transport().base();
        let url = Url::options().base_url(Some(base.url())).parse(uri);
        let url = url.map_err(|_| invalid("the address to download from cannot be one"))?;
        let mut request = Request::bare(Method::GET, url).data();
        let identity = self.file.download_identity();
        let required = identity.and_then(|identity| identity.required_headers.as_ref());
        for (name, value) in required.into_iter().flat_map(|headers| headers.iter()) {
            request = request.header(name, value);
        }
        if let Some(etag) = etag {
            request = request.header("if-match", etag);
        }
        Ok(match (range.start, range.end) {
            (0, u64::MAX) => request,
            (start, u64::MAX) => request.range_from(start),
            // All of it is asked for as all of it: not every storage knows ranges.
            (0, end) if convert::size(&self.file) == Some(end) => request,
            _ => request.range(range.clone()),
        })
    }
}

/// Storages say so by 403 or 410 (facts of the official SDKs).
fn has_ended(error: &transport::Error) -> bool {
    matches!(error.status(), Some(StatusCode::FORBIDDEN | StatusCode::GONE))
}

/// A part has to begin where it was asked to: one that begins elsewhere may not be what it says.
fn check_begin(response: &Response, wanted: u64) -> transport::Result<()> {
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return Ok(());
    }
    let begin = content_range(response).and_then(|(begin, _)| begin.parse::<u64>().ok());
    match begin == Some(wanted) {
        true => Ok(()),
        false => Err(transport::Error::protocol(format!(
            "the storage was asked for the bytes from {wanted} on and sends others"
        ))),
    }
}

fn total(response: &Response) -> Option<u64> {
    match response.status() {
        StatusCode::PARTIAL_CONTENT => content_range(response)?.1.parse().ok(),
        // Also where the storage says that the file itself is packed: it is not unpacked here.
        _ => response.header("content-length")?.parse().ok(),
    }
}

/// The first byte and the total of `bytes 5-9/10`.
fn content_range(response: &Response) -> Option<(&str, &str)> {
    let range = response.header("content-range")?.trim().strip_prefix("bytes ")?;
    let (range, total) = range.split_once('/')?;
    Some((range.split_once('-')?.0, total))
}

const MAX_RENEWALS: u32 = 2;
