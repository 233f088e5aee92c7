//! Content on its way down: a page, its footer held back, continued after a break.

use std::ops::Range;

use futures_util::{StreamExt, stream};
use wharf_connector::ErrorKind;
use wharf_model::mft::{FileId, FileInfo, FolderId};
use wharf_transport::{self as transport, Bytes, Request, Response};

use crate::api::transfers;
use crate::client::Client;
use crate::config::Pages;
use crate::dialect::{CONTENT_LENGTH, OPERATION_ID};
use crate::endpoints::{Endpoints, Place};
use crate::error::{Error, Result};

/// The bytes of a file, in order.
pub type ByteStream = stream::BoxStream<'static, Result<Bytes>>;

/// A range of a file, from its first byte on the wire; the rest is left where it is.
pub(crate) async fn file(
    client: &Client,
    file: &FileInfo,
    range: Range<u64>,
) -> Result<ByteStream> {
    let Some(size) = file.size.and_then(|size| u64::try_from(size).ok()) else {
        return Err(Error::protocol("the service tells no size of the file"));
    };
    let range = range.start.min(size)..range.end.min(size);
    if range.is_empty() {
        return Ok(stream::empty().boxed());
    }
    let pages = client.config().download;
    let mut source =
        Source { client: client.clone(), pages, id: file.id.clone(), size, operation: None };
    let first = client.send(source.place(), source.request(range.start)).await?;
    source.operation = first.header(OPERATION_ID).map(str::to_owned);
    let first = source.checked(first, range.start)?;
    let body = client.transport().resume(first).range(range).into_stream(move |at| {
        let source = source.clone();
        async move { source.reopen(at.offset()).await.map(Some) }
    });
    Ok(body.map(|block| block.map_err(Error::from)).boxed())
}

/// A folder as a ZIP archive. It is made anew for each request, so it cannot be continued.
pub(crate) async fn archive(client: &Client, folder: &FolderId) -> Result<ByteStream> {
    let endpoints = client.endpoints();
    let (place, request) = match client.config().download {
        Pages::Extended => {
            (Place::extended_download_page, transfers::download_folder(endpoints, folder))
        }
        Pages::Basic => (Place::download_page, transfers::download_folder_basic(endpoints, folder)),
    };
    let response = client.send(place, request).await?;
    let (length, footer) = match client.config().download {
        Pages::Extended => (announced(&response), footer_told(endpoints, &response)),
        Pages::Basic => (response.content_length(), Some(0)),
    };
    if let (Some(length), Some(footer)) = (length, footer)
        && length < footer
    {
        let message =
            format!("the archive is announced with {length} bytes, {footer} of them footer");
        return Err(Error::protocol(message));
    }
    let trimmed = Trimmed {
        body: response.into_stream(),
        held: Vec::new(),
        footer: footer.unwrap_or(USUAL_FOOTER),
        told: footer.is_some(),
        length,
        seen: 0,
        ended: false,
    };
    Ok(stream::unfold(Some(trimmed), |trimmed| async move {
        let mut trimmed = trimmed?;
        match trimmed.next().await {
            Ok(Some(block)) => Some((Ok(block), Some(trimmed))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed())
}

/// Where a file comes from, again and again.
#[derive(Debug, Clone)]
struct Source {
    client: Client,
    pages: Pages,
    id: FileId,
    size: u64,
    /// What the first answer called the transfer.
    operation: Option<String>,
}

impl Source {
    fn place(&self) -> Place {
        match self.pages {
            Pages::Extended => Place::extended_download_page,
            Pages::Basic => Place::download_page,
        }
    }

    fn request(&self, offset: u64) -> Request {
        let endpoints: &Endpoints = self.client.endpoints();
        match self.pages {
            Pages::Extended => {
                transfers::download(endpoints, &self.id, offset, self.operation.as_deref())
            }
            Pages::Basic => transfers::download_basic(endpoints, &self.id),
        }
    }

    async fn reopen(&self, offset: u64) -> transport::Result<Response> {
        let response = self.client.transport().send(self.request(offset)).await?;
        self.checked(response, offset).map_err(|error| {
            transport::Error::new(transport::ErrorKind::Changed, error.message().to_owned())
        })
    }

    /// That the answer is of the file that was looked at. What it announces includes the footer.
    fn checked(&self, response: Response, offset: u64) -> Result<Response> {
        let (response, end) = match self.pages {
            Pages::Extended => {
                let length = announced(&response).map(|length| offset.saturating_add(length));
                let footer = footer(self.client.endpoints(), &response);
                let end = length.map(|length| length.saturating_sub(footer));
                (response.at_offset(offset), end)
            }
            Pages::Basic => {
                let length = response.content_length();
                (response, length)
            }
        };
        match end.filter(|end| *end != self.size) {
            None => Ok(response),
            Some(end) => {
                let size = self.size;
                let message =
                    format!("the file has {end} bytes now, and had {size} when looked at");
                Err(Error::new(ErrorKind::Conflict, message))
            }
        }
    }
}

/// The bytes of an answer, footer included (Boomi: Internal download, Example).
fn announced(response: &Response) -> Option<u64> {
    let told = response.header(CONTENT_LENGTH).and_then(|text| text.trim().parse().ok());
    told.or_else(|| response.content_length())
}

/// The bytes after the content that do not belong to it; 200 if the header is missing (Thru
/// extended protocols 1.8, 3.3.4).
fn footer(endpoints: &Endpoints, response: &Response) -> u64 {
    footer_told(endpoints, response).unwrap_or(USUAL_FOOTER)
}

fn footer_told(endpoints: &Endpoints, response: &Response) -> Option<u64> {
    response.header(&endpoints.download_footer_header)?.trim().parse().ok()
}

/// An archive without the footer that may follow it. Its own last record says whether one does,
/// where the service does not: its size is known to nobody else.
struct Trimmed {
    body: transport::ByteStream,
    /// Its end so far: what may be the footer.
    held: Vec<u8>,
    footer: u64,
    /// Whether the service told how long the footer is.
    told: bool,
    /// The length of the answer, if it was announced.
    length: Option<u64>,
    seen: u64,
    ended: bool,
}

impl Trimmed {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let footer = usize::try_from(self.footer).unwrap_or(usize::MAX);
        while let Some(block) = self.body.next().await {
            self.held.extend_from_slice(&block?);
            let free = self.held.len().saturating_sub(footer);
            if free > 0 {
                let rest = self.held.split_off(free);
                let block = std::mem::replace(&mut self.held, rest);
                self.seen += block.len() as u64;
                return Ok(Some(block.into()));
            }
        }
        let held = self.held.len();
        let arrived = self.seen + held as u64;
        let cut = self.length.is_some_and(|length| length != arrived);
        let has_end = self.held.windows(END_OF_ARCHIVE.len()).any(|held| held == END_OF_ARCHIVE);
        if self.ended || (!cut && held == footer && (self.told || !has_end)) {
            return Ok(None);
        }
        if cut || self.told || !has_end {
            let of = self.length.map_or_else(String::new, |length| format!(" of {length}"));
            let message = format!("{arrived}{of} bytes of the archive arrived");
            return Err(Error::new(ErrorKind::Interrupted, message));
        }
        self.ended = true;
        self.seen = arrived;
        Ok(Some(std::mem::take(&mut self.held).into()))
    }
}

const USUAL_FOOTER: u64 = 200;
/// The last record of a ZIP begins so (PKWARE: APPNOTE, 4.3.16).
const END_OF_ARCHIVE: &[u8] = b"PK\x05\x06";
