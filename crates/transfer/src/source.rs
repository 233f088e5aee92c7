//! The source of a transfer: read in any order, added up, checked before its last bytes go.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use md5::Md5;
use md5::digest::Digest;
use wharf_connector::{
    ByteRange, ByteStream, Capabilities, Checksums, Connector, Content, ContentStream, Download,
    Entry, Error, ErrorKind, Operation, Reached, ReadOptions, RemotePath, Result,
};

use crate::tally::{Tally, Ticket};
use crate::{Pace, Place};

mod parked;
mod reading;
mod same;
mod share;
mod sum;

use parked::Parked;
pub(crate) use reading::Reading;
pub(crate) use same::{are_apart, is_changed};
use share::Share;
pub(crate) use sum::crc32_of;

/// A file that is being read, by one stream or by several.
///
/// When the last byte of the file comes by, it is held back until the file is known to be
/// whole and unchanged: a destination that writes whole or not at all then writes nothing.
pub(crate) struct Source {
    connector: Arc<dyn Connector>,
    path: RemotePath,
    entry: Entry,
    size: Option<u64>,
    in_one_pass: bool,
    recheck: bool,
    /// The destination sums up what it writes, and compares.
    sums_elsewhere: bool,
    pace: Pace,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tally: Tally,
    md5: Option<Md5>,
    parked: Option<Parked>,
    failure: Option<Error>,
    ended: bool,
    new: u64,
    /// How many streams are being read.
    open: usize,
}

impl Source {
    /// Begins to read; with `later`, only when somebody asks for bytes, for it may be that the
    /// first ones are not needed.
    pub(crate) async fn begin(from: &Place, reading: Reading) -> Result<Arc<Self>> {
        let ranges = from.connector.capabilities().contains(Capabilities::READ_RANGE);
        let looked = match reading.later && ranges {
            true => Some(from.connector.stat(&from.path).await?),
            false => None,
        };
        let (entry, size, parked) = match looked.filter(|entry| entry.is_file()) {
            Some(entry) if entry.size.is_some() => (entry.clone(), entry.size, None),
            _ => {
                let options = ReadOptions::new().with_crc32_checked(true);
                let download = from.connector.read(&from.path, options).await?;
                let (entry, size) = (download.entry.clone(), download.length);
                let stream = download.into_stream();
                (entry, size, Some(Parked { last: Bytes::new(), at: 0, stream }))
            }
        };
        let here = from.connector.info().host.is_none();
        let sums = &entry.checksums;
        let by_md5_alone = sums.crc32.is_none() && sums.md5.is_some();
        let md5 = reading.md5 || (by_md5_alone && !reading.destination_checks);
        let sums_elsewhere = reading.destination_sums && sums.crc32.is_some();
        let tally = if sums_elsewhere { Tally::without_sum() } else { Tally::default() };
        Ok(Arc::new(Self {
            connector: from.connector.clone(),
            path: from.path.clone(),
            entry,
            size,
            in_one_pass: md5 || !ranges || size.is_none(),
            recheck: reading.recheck || here,
            sums_elsewhere,
            pace: reading.pace,
            state: Mutex::new(State { tally, md5: md5.then(Md5::new), parked, ..State::default() }),
        }))
    }

    /// The file as it was described when reading began.
    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Size in bytes, if it was known before the end.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// What the destination writes.
    pub(crate) fn content(self: &Arc<Self>) -> Content {
        let source = self.clone();
        if self.in_one_pass {
            let opened = stream::once(async move { source.open(0, None).await }).try_flatten();
            return Content::stream(opened, self.size);
        }
        let open = move |offset, end| source.clone().open(offset, end);
        Content::reopenable_ranges(open, self.size)
    }

    /// Takes bytes for read that the destination has from before, with their CRC-32.
    pub(crate) fn know(&self, range: Range<u64>, crc32: u32) {
        let mut state = self.state();
        state.new += state.tally.know(range, crc32);
    }

    /// Bytes of the file that came by for the first time since this was last asked.
    pub(crate) fn take_new(&self) -> u64 {
        std::mem::take(&mut self.state().new)
    }

    /// Why reading failed, if it did and was not made good since.
    pub(crate) fn take_failure(&self) -> Option<Error> {
        self.state().failure.take()
    }

    /// How many bytes the file has, when all of them came by.
    fn whole(&self) -> Option<u64> {
        let state = self.state();
        match self.size {
            Some(size) => state.tally.covers(size).then_some(size),
            None => state.ended.then(|| state.tally.length_from_start()),
        }
    }

    /// Size and checksums of what went to the destination.
    ///
    /// # Errors
    ///
    /// `Corrupted` when it was not the whole file, or not the right one.
    pub(crate) fn arrived(&self) -> Result<(u64, Checksums)> {
        let Some(size) = self.whole() else {
            let message = "it calls the file stored, and has taken only a part of it";
            return Err(Error::new(ErrorKind::Corrupted, message));
        };
        let sums = self.sums();
        self.check_sums(&sums)?;
        Ok((size, sums))
    }

    /// The checksums of what came by, as far as they can be told.
    fn sums(&self) -> Checksums {
        let mut sums = Checksums::default();
        if let Some(size) = self.whole() {
            let state = self.state();
            sums.crc32 = state.tally.crc32(size);
            sums.md5 = state.md5.clone().map(|md5| md5.finalize().into());
        }
        sums
    }

    fn check_sums(&self, sums: &Checksums) -> Result<()> {
        let expected = &self.entry.checksums;
        if expected.agree(sums) != Some(false) {
            return Ok(());
        }
        let differing = sums.iter().find_map(|(name, got)| {
            let wanted = expected.iter().find(|(other, _)| *other == name)?.1;
            (got != wanted).then(|| format!("its {name} is {got}, and {wanted} was expected"))
        });
        Err(self.not_as_summed_up(&differing.unwrap_or_default()))
    }

    fn not_as_summed_up(&self, how: &str) -> Error {
        let message = format!("the bytes that arrived are not those of the file: {how}");
        self.error(ErrorKind::Corrupted, message)
    }

    /// A destination that sums up in our place finds out what is wrong with the source.
    pub(crate) fn blamed(&self, error: Error) -> Error {
        let nothing_stored = error.reached() == Reached::No;
        if error.kind() != ErrorKind::Corrupted || !self.sums_elsewhere || !nothing_stored {
            return error;
        }
        self.not_as_summed_up(error.message()).with_reached(Reached::No).with_source(error)
    }

    async fn open(self: Arc<Self>, offset: u64, end: Option<u64>) -> io::Result<ContentStream> {
        let share = Share::of(&self);
        let left = self.state().parked.take_if(|parked| parked.reaches(offset));
        // Who reads alone will go on behind the end: one stream then serves several ranges. Of
        // several at the same time, each is told where to stop.
        let end = end.filter(|_| left.is_none() && share.is_one_of_several());
        let (head, stream) = match left {
            Some(parked) => parked.from(offset),
            None => match self.reopen(offset, end).await {
                Ok(stream) => (Bytes::new(), stream),
                Err(error) => return Err(self.failed(error)),
            },
        };
        let ticket = self.start(offset);
        let run = Run {
            source: self,
            _share: share,
            ticket,
            end,
            head,
            last: Bytes::new(),
            at: offset,
            stream: Some(stream),
        };
        Ok(stream::try_unfold(run, Run::next).boxed())
    }

    fn start(&self, offset: u64) -> Ticket {
        let mut state = self.state();
        state.failure = None;
        state.tally.start(offset)
    }

    fn add(&self, ticket: Ticket, bytes: &Bytes) {
        let mut state = self.state();
        state.new += state.tally.add(ticket, bytes);
        if let Some(md5) = &mut state.md5 {
            md5.update(bytes);
        }
    }

    async fn reopen(&self, offset: u64, end: Option<u64>) -> Result<ByteStream> {
        if offset > 0 && self.size == Some(offset) {
            return Ok(stream::empty().boxed()); // after the last byte there is no range
        }
        let range = match end {
            Some(end) => ByteRange::of(offset..end),
            None => ByteRange::from_offset(offset),
        };
        let options = ReadOptions::new().with_range(range);
        let download = self.connector.read(&self.path, options).await?;
        self.check_same(&download.entry)?;
        self.check_place(&download, offset, end)?;
        Ok(download.into_stream())
    }

    fn check_place(&self, download: &Download, offset: u64, end: Option<u64>) -> Result<()> {
        let rest = end.or(self.size).map(|end| end - offset.min(end));
        let fits = download.length.is_none() || rest.is_none() || download.length == rest;
        if download.offset == offset && fits {
            return Ok(());
        }
        let message = format!("asked for the bytes from {offset}, it sends others");
        Err(self.error(ErrorKind::Protocol, message))
    }

    fn check_same(&self, now: &Entry) -> Result<()> {
        if is_changed(&self.entry, now) {
            let message = "the source changed while it was read";
            return Err(self
                .error(ErrorKind::Conflict, message)
                .with_remedy("Repeat the copy when nobody writes the source."));
        }
        Ok(())
    }

    /// Before the last bytes go: is it the whole file, and still the same?
    async fn check_end(&self) -> Result<()> {
        self.check_sums(&self.sums())?;
        if self.recheck {
            let now = self.connector.stat(&self.path).await?;
            self.check_same(&now)?;
        }
        Ok(())
    }

    /// Remembers an error of the source, and wraps it for the way through a content.
    fn failed(&self, error: Error) -> io::Error {
        let error = error.of(self.connector.info().scheme).during(Operation::Read, &self.path);
        self.state().failure = Some(error.twin());
        io::Error::other(error)
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, message.into())
            .of(self.connector.info().scheme)
            .during(Operation::Read, &self.path)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One stream of the source.
struct Run {
    source: Arc<Source>,
    _share: Share,
    ticket: Ticket,
    /// Where it was told to stop, if it was.
    end: Option<u64>,
    /// What another stream had read too far.
    head: Bytes,
    last: Bytes,
    at: u64,
    stream: Option<ByteStream>,
}

impl Run {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        match self.step().await {
            Ok(Some(bytes)) => Ok(Some((bytes, self))),
            Ok(None) => Ok(None),
            Err(error) => {
                self.stream = None;
                Err(self.source.failed(error))
            }
        }
    }

    async fn step(&mut self) -> Result<Option<Bytes>> {
        let Some(bytes) = self.read().await? else {
            return self.end().await;
        };
        self.last = bytes.clone();
        self.at += bytes.len() as u64;
        let size = self.source.size;
        if size.is_some_and(|size| self.at > size) {
            let message = "more bytes come than the file has: it changed while it was read";
            return Err(self.source.error(ErrorKind::Conflict, message));
        }
        self.source.add(self.ticket, &bytes);
        if size == Some(self.at) {
            self.source.check_end().await?;
        }
        Ok(Some(bytes))
    }

    async fn read(&mut self) -> Result<Option<Bytes>> {
        if !self.head.is_empty() {
            return Ok(Some(std::mem::take(&mut self.head)));
        }
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        loop {
            match stream.next().await.transpose()? {
                Some(bytes) if bytes.is_empty() => {}
                Some(bytes) => {
                    self.source.pace.advance(bytes.len()).await;
                    return Ok(Some(bytes));
                }
                None => return Ok(None),
            }
        }
    }

    async fn end(&mut self) -> Result<Option<Bytes>> {
        self.stream = None;
        if self.end.is_some_and(|end| self.at >= end) {
            return Ok(None);
        }
        match self.source.size {
            Some(size) if self.at < size => {
                let message = format!("only {} of {size} bytes arrived", self.at);
                Err(self.source.error(ErrorKind::Interrupted, message))
            }
            Some(0) => self.source.check_end().await.map(|()| None),
            Some(_) => Ok(None),
            None => {
                self.source.state().ended = true;
                self.source.check_end().await.map(|()| None)
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let mut state = self.source.state();
        state.tally.close(self.ticket);
        let stream = self.stream.take().filter(|_| self.end.is_none());
        // Where somebody else reads on already, nobody will ask for it.
        let wanted = !state.tally.has_begun_at(self.at);
        if let Some(stream) = stream.filter(|_| wanted) {
            // What was handed over last, or what nobody has taken yet.
            let unread = std::mem::take(&mut self.head);
            let at = self.at + unread.len() as u64;
            let last = if unread.is_empty() { std::mem::take(&mut self.last) } else { unread };
            state.parked = Some(Parked { last, at, stream });
        }
    }
}
