//! Two files, compared by reading them.

use bytes::Bytes;
use futures_util::TryStreamExt;
use md5::Md5;
use md5::digest::Digest;
use wharf_connector::{
    ByteStream, Checksums, Entry, Error, ErrorKind, Operation, ReadOptions, RemotePath,
};

use super::{Ends, Pair};
use crate::source::is_changed;
use crate::{Place, Why};

/// What reading has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    Differs(Why),
}

/// An error, and the path from its root that it is about.
type Failed = (RemotePath, Error);

/// Reads the one side whose checksum the other tells, else both.
pub(super) async fn compare(ends: &Ends, Pair { from, to }: &Pair) -> Result<Likeness, Failed> {
    let (tells_from, tells_to) = (is_computable(from), is_computable(to));
    // What lies on this machine is read rather than what does not.
    let prefers_from = ends.from.connector.info().host.is_none();
    if tells_to && (prefers_from || !tells_from) {
        return one(&ends.from, from, &to.checksums).await;
    }
    if tells_from {
        return one(&ends.to, to, &from.checksums).await;
    }
    both((&ends.from, from), (&ends.to, to)).await
}

fn is_computable(entry: &Entry) -> bool {
    entry.checksums.crc32.is_some() || entry.checksums.md5.is_some()
}

async fn one(place: &Place, entry: &Entry, told: &Checksums) -> Result<Likeness, Failed> {
    let mut bytes = open(place, entry).await?;
    let mut crc32 = told.crc32.map(|_| crc32fast::Hasher::new());
    let mut md5 = told.md5.filter(|_| crc32.is_none()).map(|_| Md5::new());
    let failed = |error| (entry.path.clone(), error);
    while let Some(block) = bytes.try_next().await.map_err(failed)? {
        if let Some(crc32) = &mut crc32 {
            crc32.update(&block);
        }
        if let Some(md5) = &mut md5 {
            md5.update(&block);
        }
    }
    let mut sums = Checksums::default();
    sums.crc32 = crc32.map(crc32fast::Hasher::finalize);
    sums.md5 = md5.map(|md5| md5.finalize().into());
    Ok(match sums.agree(told) {
        Some(true) => Likeness::Same,
        _ => Likeness::Differs(Why::Checksum),
    })
}

async fn both(
    (from_place, from): (&Place, &Entry),
    (to_place, to): (&Place, &Entry),
) -> Result<Likeness, Failed> {
    let mut left = Blocks { bytes: open(from_place, from).await?, block: Bytes::new() };
    let mut right = Blocks { bytes: open(to_place, to).await?, block: Bytes::new() };
    loop {
        left.fill().await.map_err(|error| (from.path.clone(), error))?;
        right.fill().await.map_err(|error| (to.path.clone(), error))?;
        let length = left.block.len().min(right.block.len());
        if length == 0 {
            let ended = left.block.is_empty() && right.block.is_empty();
            return Ok(if ended { Likeness::Same } else { Likeness::Differs(Why::Content) });
        }
        if left.block.split_to(length) != right.block.split_to(length) {
            return Ok(Likeness::Differs(Why::Content));
        }
    }
}

async fn open(place: &Place, entry: &Entry) -> Result<ByteStream, Failed> {
    let failed = |error| (entry.path.clone(), error);
    let file = place.path.join_path(&entry.path);
    let download = place.connector.read(&file, ReadOptions::new()).await.map_err(failed)?;
    if is_changed(entry, &download.entry) {
        let error = Error::new(ErrorKind::Conflict, "it changed while the trees were compared");
        let error = error.of(place.connector.info().scheme).during(Operation::Read, &file);
        return Err((entry.path.clone(), error));
    }
    Ok(download.into_stream())
}

struct Blocks {
    bytes: ByteStream,
    block: Bytes,
}

impl Blocks {
    /// The next bytes, unless some are left. Empty at the end.
    async fn fill(&mut self) -> wharf_connector::Result<()> {
        while self.block.is_empty() {
            match self.bytes.try_next().await? {
                Some(block) => self.block = block,
                None => break,
            }
        }
        Ok(())
    }
}
