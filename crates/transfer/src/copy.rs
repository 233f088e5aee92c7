//! Copying one file.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use wharf_connector::{
    Calls, Capabilities, Changes, Checksums, CopyOptions, DeleteOptions, Entry, Error, ErrorKind,
    OnConflict, Operation, Reached, Result, WriteOptions,
};

mod before;
mod blame;
mod resume;

use crate::receipt::End;
use crate::source::{Reading, Source, crc32_of};
use crate::verify::{corrupted, judge, judge_twice};
use crate::{Algorithm, CopyFile, Evidence, Method, Place, Progress, Receipt, Verdict, Verify};
use blame::blame;
use resume::{bound, cheapest};

/// Copies one file from any connector to any other, and says what is known of the result.
///
/// The bytes are streamed at the pace of the slower side; what is held in memory is what
/// the two connectors hold. A source that can be read from an offset is handed to the
/// destination as one, so that parts can be streamed and repeated; its CRC-32 is computed
/// on the way whatever the order.
///
/// `to` is the name that the file gets. With [`Place::is_folder`] the source's name is
/// added to it; [`resolve_destination`](crate::resolve_destination) looks whether it is a
/// folder.
///
/// ```
/// use std::sync::Arc;
/// use wharf_connector::{Connector, ConnectorExt, Memory, RemotePath, Result};
/// use wharf_transfer::{CopyFile, Place, Verify, copy_file};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let there: Arc<dyn Connector> = Arc::new(Memory::new());
/// let here: Arc<dyn Connector> = Arc::new(Memory::new());
/// there.write_bytes(&RemotePath::new("/out/a.csv")?, "a;b\n").await?;
///
/// let from = Place::new(there, RemotePath::new("/out/a.csv")?);
/// let to = Place::new(here, RemotePath::new("/in/a.csv")?);
/// let options = CopyFile::new().with_verify(Verify::ReadBack);
/// let receipt = copy_file(&from, &to, &options, &()).await?;
/// assert_eq!(receipt.bytes, 4);
/// assert_eq!(receipt.verdict.to_string(), "verified (crc32, read back)");
/// # Ok(()) }
/// ```
///
/// # What is checked
///
/// Length always; the source's own checksum against what arrived; what was sent against
/// what the destination reports. The first two, and whether the source changed meanwhile,
/// are known before the last bytes are handed over, so that a destination that writes
/// whole or not at all writes nothing; where one of this machine sums up what it writes, it
/// compares with the source's checksum in our place, before the file gets its name. A destination found to hold the wrong bytes after
/// its answer is told to delete the file; what it replaced is then gone.
///
/// # Errors
///
/// Whatever the two connectors answer, each error naming its own side; and
/// `Corrupted` when bytes, lengths or checksums do not agree; `Conflict` when the source
/// changed meanwhile; `Interrupted` when it ended early; `TooLarge` when the destination
/// takes no such file; `Invalid` for a copy of a file onto itself; `Unsupported` and
/// `Pending` as [`Verify::Required`] says; `CallLimit` when it needs more
/// [calls](wharf_connector::Calls) than the caller allows.
pub async fn copy_file(
    from: &Place,
    to: &Place,
    options: &CopyFile,
    progress: &dyn Progress,
) -> Result<Receipt> {
    let calls = Calls::new();
    let mut receipt = Box::pin(calls.count(try_to_copy(from, to, options, progress))).await?;
    receipt.api_calls = Some(calls.made());
    Ok(receipt)
}

async fn try_to_copy(
    from: &Place,
    to: &Place,
    options: &CopyFile,
    progress: &dyn Progress,
) -> Result<Receipt> {
    let (started, to) = (Utc::now(), to.for_file(&from.path)?);
    let counted = AtomicU64::new(0);
    let copy = Copy { from, to: &to, options, progress, counted, started };
    copy.check()?;
    let mut number = 1;
    loop {
        match copy.attempt(number).await {
            Err(error) if number < options.tries && copy.may_repeat(&error) => {
                progress.repeated(copy.counted.swap(0, Ordering::Relaxed));
                number += 1;
            }
            outcome => return outcome,
        }
    }
}

struct Copy<'a> {
    from: &'a Place,
    to: &'a Place,
    options: &'a CopyFile,
    progress: &'a dyn Progress,
    /// Bytes told as advanced in this try.
    counted: AtomicU64,
    started: DateTime<Utc>,
}

impl Copy<'_> {
    /// What can be refused before anything is asked of anyone.
    fn check(&self) -> Result<()> {
        if self.from.same_account(self.to) && self.from.in_account() == self.to.in_account() {
            let message = "source and destination are the same file";
            return Err(self.at_destination(
                Error::new(ErrorKind::Invalid, message)
                    .with_reached(Reached::No)
                    .with_remedy("Give the copy another name."),
            ));
        }
        let required = self.options.verify == Verify::Required;
        if required && !self.destination_can(Capabilities::CHECKSUMS) {
            let message = "the destination has no checksums, so nothing it stores can be verified";
            return Err(self.at_destination(
                Error::new(ErrorKind::Unsupported, message)
                    .with_reached(Reached::No)
                    .with_remedy("Read the file back instead, or be content with its size."),
            ));
        }
        Ok(())
    }

    fn may_repeat(&self, error: &Error) -> bool {
        // A file that the lost try did write would be in the way of the next.
        let harmless =
            self.options.on_conflict == OnConflict::Replace || error.reached() == Reached::No;
        error.is_transient() && error.retry_after().is_none() && harmless
    }

    async fn attempt(&self, number: u32) -> Result<Receipt> {
        if self.may_be_native() {
            match self.native(number).await {
                // Some services copy, and do not replace.
                Err(error) if error.kind() == ErrorKind::Unsupported => {}
                outcome => return outcome,
            }
        }
        self.streamed(number).await
    }

    fn may_be_native(&self) -> bool {
        self.options.native
            && self.options.verify == Verify::WhenPossible
            && self.from.shares_connector(self.to)
            && self.destination_can(Capabilities::COPY_FILE)
            && !self.is_bounded_here()
    }

    /// Whether the bytes of a copy on this machine are counted, and may be only so fast.
    fn is_bounded_here(&self) -> bool {
        self.options.pace.bounds_bytes() && self.to.connector.info().host.is_none()
    }

    async fn native(&self, number: u32) -> Result<Receipt> {
        let connector = &self.from.connector;
        let before = connector.stat(&self.from.path).await?;
        if before.is_folder() {
            let error = Error::new(ErrorKind::IsAFolder, "it is a folder");
            let scheme = connector.info().scheme;
            return Err(error.of(scheme).during(Operation::Copy, &self.from.path));
        }
        self.progress.started(before.size);
        let options = CopyOptions::new()
            .with_on_conflict(self.options.on_conflict)
            .with_parents(self.options.parents);
        let mut copied = connector.copy(&self.from.path, &self.to.path, options).await?;
        if let Some(modified) = before.modified.filter(|_| self.must_set_time(&before, &copied)) {
            let changes = Changes::new().with_modified(modified);
            let updated = connector.update(&self.to.path, changes).await;
            copied = updated.map_err(|error| error.with_reached(Reached::Yes))?;
        }
        let none = Checksums::default();
        let judged = |copied: &Entry| judge(&none, before.size, &before.checksums, copied);
        let (copied, verdict) = match judge_twice(self.to, copied, judged).await {
            Ok(proved) => proved,
            Err(error) => return Err(self.take_away(self.at_destination(error)).await),
        };
        let bytes = copied.size.or(before.size).unwrap_or_default();
        self.advance(bytes);
        let ends = (&before, &copied);
        Ok(self.receipt(ends, (bytes, none), (verdict, Method::Native), number))
    }

    fn must_set_time(&self, before: &Entry, copied: &Entry) -> bool {
        self.options.keep_modified
            && before.modified != copied.modified
            && self.destination_can(Capabilities::UPDATE_MODIFIED)
    }

    async fn streamed(&self, number: u32) -> Result<Receipt> {
        let source = Source::begin(self.from, self.reading().await?).await?;
        let entry = source.entry().clone();
        self.check_fits(source.size())?;
        self.check_provable(&entry)?;
        self.check_calls(source.size())?;
        self.progress.started(source.size());
        let written = self.write(&source, &entry).await;
        let stored = match (written, source.take_failure()) {
            (Ok(stored), None) => stored,
            (Ok(_), Some(failure)) => return Err(self.take_away(failure).await),
            (Err(error), None) => return Err(source.blamed(error)),
            (Err(error), failure) => return Err(blame(error, failure)),
        };
        let proved = match source.arrived() {
            Ok(sent) => self.prove(&entry, stored, sent).await.map(|proved| (sent, proved)),
            Err(error) => Err(self.at_destination(error)),
        };
        match proved {
            Ok(((bytes, sums), (stored, verdict))) => {
                let ends = (&entry, &stored);
                // What the destination summed up in our place is what came from the source.
                let told = verdict.is_verified() && sums.is_empty();
                let sent = (bytes, if told { cheapest(&entry.checksums) } else { sums });
                Ok(self.receipt(ends, sent, (verdict, Method::Streamed), number))
            }
            Err(error) if error.kind() == ErrorKind::Corrupted => Err(self.take_away(error).await),
            Err(error) => Err(error.with_reached(Reached::Yes)),
        }
    }

    async fn reading(&self) -> Result<Reading> {
        let later = match &self.options.checkpoint {
            Some(checkpoint) => checkpoint.store().load().await?.is_some(),
            None => false,
        };
        Ok(Reading {
            md5: self.options.md5,
            recheck: self.options.recheck,
            destination_checks: self.destination_can(Capabilities::CHECKSUMS),
            destination_sums: self.destination_can(Capabilities::CHECKSUMS)
                && self.to.connector.info().host.is_none()
                && self.options.verify != Verify::ReadBack,
            later,
            pace: self.options.pace.clone(),
        })
    }

    async fn write(&self, source: &Arc<Source>, entry: &Entry) -> Result<Entry> {
        let mut options = self.write_options(entry);
        if self.destination_can(Capabilities::WRITE_RESUME) {
            let checkpoint = self.options.checkpoint.as_ref();
            options.checkpoint = checkpoint.and_then(|kept| bound(kept, source, entry));
        }
        let connector = &self.to.connector;
        let mut write = connector.write(&self.to.path, source.content(), options);
        let written = poll_fn(|cx| {
            let polled = write.poll_unpin(cx);
            self.advance(source.take_new());
            polled
        });
        written.await
    }

    fn write_options(&self, entry: &Entry) -> WriteOptions {
        let mut options = WriteOptions::new()
            .with_parents(self.options.parents)
            .with_on_conflict(self.options.on_conflict);
        if self.options.keep_modified && self.destination_can(Capabilities::WRITE_MODIFIED) {
            options.modified = entry.modified;
        }
        if self.destination_can(Capabilities::CHECKSUMS) {
            options.expected = cheapest(&entry.checksums);
            options.verify = match self.options.verify {
                Verify::Required => true,
                // One of this machine has summed up what it wrote; to read it again is
                // for those who require it.
                Verify::WhenPossible => self.to.connector.info().host.is_some(),
                Verify::ReadBack => false,
            };
        }
        options
    }

    /// What is known of a file that the destination says it has stored.
    async fn prove(
        &self,
        entry: &Entry,
        stored: Entry,
        (bytes, sums): (u64, Checksums),
    ) -> Result<(Entry, Verdict)> {
        let judged = |stored: &Entry| judge(&sums, Some(bytes), &entry.checksums, stored);
        let twice = judge_twice(self.to, stored, judged).await;
        let (stored, verdict) = twice.map_err(|error| self.at_destination(error))?;
        // What this process summed up is no word of the service that the bytes came from.
        let verdict = if self.is_unvouched(entry) { verdict.without_proof() } else { verdict };
        let verdict = self.as_sure_as_asked(verdict, bytes, &sums).await?;
        Ok((stored, verdict))
    }

    async fn as_sure_as_asked(
        &self,
        verdict: Verdict,
        bytes: u64,
        sums: &Checksums,
    ) -> Result<Verdict> {
        match self.options.verify {
            Verify::ReadBack => self.read_back(bytes, sums).await,
            Verify::Required if !verdict.is_verified() => {
                let message = "it was stored, and no checksum to compare was told in time";
                let error = Error::new(ErrorKind::Pending, message)
                    .with_remedy("Compare later, or read the file back.");
                Err(self.at_destination(error))
            }
            _ => Ok(verdict),
        }
    }

    async fn read_back(&self, bytes: u64, sums: &Checksums) -> Result<Verdict> {
        if sums.crc32.is_none() {
            let message = "the destination took the file in pieces that do not add up";
            return Err(self.at_destination(Error::new(ErrorKind::Unsupported, message)));
        }
        let (length, held) = crc32_of(self.to, |bytes| self.progress.read_back(bytes)).await?;
        if length == bytes && held.crc32 == sums.crc32 {
            return Ok(Verdict::Verified {
                algorithm: Algorithm::Crc32,
                evidence: Evidence::ReadBack,
            });
        }
        Err(self.at_destination(corrupted(sums, &held)))
    }

    /// Deletes a result that is wrong, and gives the reason back.
    async fn take_away(&self, error: Error) -> Error {
        let connector = &self.to.connector;
        let deleted = connector.delete(&self.to.path, DeleteOptions::new()).await;
        let error = error.with_reached(Reached::Yes);
        match deleted {
            Err(left) if left.kind() != ErrorKind::NotFound => error.with_remedy(format!(
                "The wrong file still stands there, delete it: {}.",
                left.message()
            )),
            _ => error,
        }
    }

    fn advance(&self, bytes: u64) {
        if bytes > 0 {
            self.counted.fetch_add(bytes, Ordering::Relaxed);
            self.progress.advanced(bytes);
        }
    }

    fn receipt(
        &self,
        (before, stored): (&Entry, &Entry),
        (bytes, checksums): (u64, Checksums),
        (verdict, method): (Verdict, Method),
        tries: u32,
    ) -> Receipt {
        Receipt {
            from: End::new(self.from, before),
            to: End::new(self.to, stored),
            bytes,
            checksums,
            verdict,
            method,
            tries,
            api_calls: None,
            started: self.started,
            finished: Utc::now(),
        }
    }

    fn destination_can(&self, ability: Capabilities) -> bool {
        self.to.connector.capabilities().contains(ability)
    }

    fn at_destination(&self, error: Error) -> Error {
        error.of(self.to.connector.info().scheme).during(Operation::Write, &self.to.path)
    }
}
