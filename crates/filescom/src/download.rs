//! Downloads: a link fetched at the last moment, the bytes from the storage, and a fresh link
//! wherever they break off.

mod link;
mod verified;

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use futures_util::TryStreamExt;
use futures_util::stream::{BoxStream, StreamExt};
use wharf_connector::{ByteRange, Checksums, ErrorKind, ReadOptions};
use wharf_model::filescom::File;
use wharf_transport::Continuation;

use crate::api::Files;
use crate::convert;
use crate::error::{Error, Result};
use crate::sums::Wanted;
use link::{Link, Stored};
use verified::verified;

impl Files {
    /// The content of a file, or a range of it.
    ///
    /// The link is fetched when it is needed and is not sent the key. A body that breaks off goes on
    /// from its last byte, with a fresh link, if the file is still the same. When the whole file is
    /// read and the service knows a checksum, the last bytes are given out only if it agrees.
    ///
    /// # Errors
    ///
    /// `NotFound`; `IsAFolder`; `InvalidRange`; `Protocol` when service and storage do not agree on
    /// the size. In the stream: `Interrupted` when it cannot go on, `Conflict` when the file changed
    /// meanwhile, `Corrupted` when the checksum is another.
    ///
    /// ```
    /// use wharf_connector::ByteRange;
    /// use wharf_connector::futures_util::TryStreamExt;
    /// # use wharf_filescom::{Client, Config, Credentials};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = wharf_sandbox::Sandbox::start().await?;
    /// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
    /// # let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
    /// client.files().upload("a.txt", "0123456789".into(), &Default::default()).await?;
    /// let download = client.files().read("a.txt", ByteRange::of(2..5)).await?;
    /// assert_eq!(download.length, Some(3));
    /// let bytes: Vec<_> = download.into_stream().try_collect().await?;
    /// assert_eq!(bytes.concat(), b"234");
    /// # Ok(()) }
    /// ```
    pub async fn read(&self, path: &str, range: ByteRange) -> Result<FileDownload> {
        self.read_with(path, ReadOptions::new().with_range(range)).await
    }

    pub(crate) async fn read_with(&self, path: &str, options: ReadOptions) -> Result<FileDownload> {
        let mut link = Link::fetch(self.client().clone(), path).await?;
        let size = convert::size(&link.file);
        let wanted = wanted_of(&options.range, size)?;
        let mut stored = link.open(&wanted).await?;
        if disagree(&stored, size) {
            // Somebody replaced the file between the two answers, or one of them is garbled.
            link.renew().await?;
            stored = link.open(&wanted).await?;
        }
        let mut plan = Plan::new(&link.file, &options.range, wanted, &stored)?;
        if options.crc32_checked && plan.expected.crc32.is_some() {
            plan.expected = Checksums::default();
        }
        Ok(begin(link, plan, stored))
    }
}

/// A file, or a range of it, on its way down.
#[non_exhaustive]
pub struct FileDownload {
    /// The file as the service described it, without its link.
    pub file: File,
    /// Where in the file the first byte stands.
    pub offset: u64,
    /// Number of bytes that will come, if that is known: remote mounts may not tell.
    pub length: Option<u64>,
    body: BoxStream<'static, Result<Bytes>>,
}

impl FileDownload {
    /// The bytes, as they come.
    pub fn into_stream(self) -> BoxStream<'static, Result<Bytes>> {
        self.body
    }
}

impl fmt::Debug for FileDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileDownload")
            .field("path", &self.file.path)
            .field("offset", &self.offset)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// What will come, settled between service and storage.
struct Plan {
    /// The end is `u64::MAX` if it is not known.
    range: Range<u64>,
    length: Option<u64>,
    /// What the whole must have; empty if less than the whole is read.
    expected: Checksums,
}

impl Plan {
    fn new(file: &File, range: &ByteRange, wanted: Range<u64>, stored: &Stored) -> Result<Self> {
        let size = convert::size(file);
        let sums = convert::checksums(file);
        // The service has checksums of what lies on its own storage; the size of what it has
        // mounted from elsewhere may be wrong.
        let vouched = !sums.is_empty();
        let total = match (stored.total, size) {
            (Some(total), Some(size)) if total != size && vouched => {
                let message = format!("the service says {size} bytes, its storage has {total}");
                return Err(Error::protocol(message));
            }
            (Some(total), _) => Some(total),
            (None, size) => size.filter(|_| vouched),
        };
        let expected = if range.is_whole() { sums } else { Checksums::default() };
        let Some(total) = total else {
            let bounded = range.resolve(u64::MAX).is_some_and(|range| range.end < u64::MAX);
            let end = if bounded { wanted.end } else { u64::MAX };
            return Ok(Self { range: wanted.start..end, length: None, expected });
        };
        let range = range.resolve(total).ok_or_else(|| past_the_end(range, total))?;
        let length = Some(range.end.saturating_sub(range.start));
        Ok(Self { range, length, expected })
    }
}

fn begin(link: Link, plan: Plan, stored: Stored) -> FileDownload {
    let (offset, length) = (plan.range.start, plan.length);
    let mut file = link.file.clone();
    file.download_uri = None;
    let resume = link.transport().resume(stored.response).range(plan.range.clone());
    let end = plan.range.end;
    let body = resume.into_stream(move |at: Continuation| {
        let mut link = link.clone();
        async move {
            link.renew_within_transport().await?;
            let rest = at.offset()..end;
            link.open_again(&rest, at.etag()).await.map(Some)
        }
    });
    let body = body.map_err(Error::from).boxed();
    let wanted = Wanted::cheapest_of(&plan.expected);
    let body = match wanted.is_nothing() {
        true => body,
        false => verified(body, wanted, plan.expected, length),
    };
    FileDownload { file, offset, length, body }
}

/// The range to ask the storage for. Its end is `u64::MAX` if it is not known.
fn wanted_of(range: &ByteRange, size: Option<u64>) -> Result<Range<u64>> {
    match size {
        Some(size) => range.resolve(size).ok_or_else(|| past_the_end(range, size)),
        None => match range.resolve(u64::MAX) {
            // The last bytes of something endless begin beyond everything.
            Some(range) if range.start <= MAX_OFFSET => Ok(range),
            Some(_) => {
                let message = format!("{range} of a file whose size the service does not know");
                Err(Error::new(ErrorKind::Unsupported, message))
            }
            None => Err(past_the_end(range, 0)),
        },
    }
}

fn past_the_end(range: &ByteRange, size: u64) -> Error {
    Error::new(ErrorKind::InvalidRange, format!("there are no {range} in a file of {size} bytes"))
}

fn disagree(stored: &Stored, size: Option<u64>) -> bool {
    matches!((stored.total, size), (Some(total), Some(size)) if total != size)
}

const MAX_OFFSET: u64 = 1 << 60;
