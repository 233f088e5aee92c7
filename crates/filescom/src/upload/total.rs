//! What has arrived of an upload, and the sums of it.

use wharf_connector::Checksums;

use super::Upload;
use super::kept::{Keeper, Kept};
use super::meter::PartSums;
use crate::api::Etag;
use crate::error::Result;
use crate::sums::{Sums, Wanted};

/// An upload whose parts have all arrived.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) reference: String,
    /// None where a part got no tag: then the service finds the parts itself.
    pub(super) etags: Option<Vec<Etag>>,
    pub(super) size: u64,
    pub(super) checksums: Checksums,
    /// All of it had arrived before: it may be a file already.
    pub(super) before: bool,
    /// Whether it goes to the service's own storage, where parts may go at the same time: what is
    /// told of files elsewhere may be wrong.
    pub(super) native: bool,
}

/// A part that has arrived.
pub(super) struct Arrived {
    pub(super) number: u64,
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) etag: Option<String>,
    pub(super) crc32: Option<u32>,
    pub(super) sums: PartSums,
}

/// What has arrived so far.
pub(super) struct Total {
    arrived: Vec<Arrived>,
    /// Whether the last part was handed out.
    pub(super) complete: bool,
    wanted: Wanted,
    /// The sums of the whole so far, where they are taken part after part.
    whole: Option<Sums>,
    before: bool,
    /// Whether parts may go at the same time.
    pub(super) native: bool,
}

impl Total {
    pub(super) fn new(wanted: Wanted, ordered: bool) -> Self {
        let whole = ordered.then(|| Sums::new(wanted));
        Self { arrived: Vec::new(), complete: false, wanted, whole, before: false, native: false }
    }

    /// With what has arrived before.
    pub(super) fn after(mut self, options: &Upload, kept: Kept) -> Self {
        self.before = kept.is_whole();
        for part in kept.parts {
            let (number, offset, length) = (part.number, part.offset, part.length);
            if let Some(checkpoint) = &options.checkpoint {
                checkpoint.resumed(offset..offset + length, part.crc32);
            }
            let (etag, crc32, sums) = (part.etag, Some(part.crc32), PartSums::default());
            self.arrived.push(Arrived { number, offset, length, etag, crc32, sums });
        }
        self
    }

    pub(super) async fn take(
        &mut self,
        arrived: Arrived,
        keeper: &mut Option<Keeper<'_>>,
    ) -> Result<()> {
        self.add(arrived);
        self.keep(keeper).await
    }

    pub(super) async fn keep(&self, keeper: &mut Option<Keeper<'_>>) -> Result<()> {
        match keeper {
            Some(keeper) => keeper.keep(&self.arrived, self.complete).await,
            None => Ok(()),
        }
    }

    /// The sums that the next part begins with.
    pub(super) fn begin(&self, checks_parts: bool) -> PartSums {
        let wanted = Wanted { crc32: true, md5: checks_parts, ..Wanted::default() };
        PartSums { part: Sums::new(wanted), whole: self.whole.clone().unwrap_or_default() }
    }

    fn add(&mut self, mut arrived: Arrived) {
        if let Some(whole) = &mut self.whole {
            *whole = std::mem::take(&mut arrived.sums.whole);
        }
        self.arrived.push(arrived);
    }

    /// `sums` are those taken while reading, if they were.
    pub(super) fn finish(mut self, reference: String, sums: Option<Sums>) -> Sent {
        self.arrived.sort_by_key(|part| part.number);
        let size = self.arrived.iter().map(|part| part.length).sum();
        let checksums = match sums.or(self.whole) {
            Some(sums) => sums.finish(),
            None => Checksums::default(),
        };
        let checksums = match checksums.is_empty() && self.wanted.crc32 {
            true => joined(&self.arrived),
            false => checksums,
        };
        let tag = |part: Arrived| Some(Etag::new(part.etag?, part.number));
        let etags = self.arrived.into_iter().map(tag).collect();
        Sent { reference, etags, size, checksums, before: self.before, native: self.native }
    }
}

/// The CRC-32 of a whole, put together of those of its parts.
fn joined(parts: &[Arrived]) -> Checksums {
    let mut whole = crc32fast::Hasher::new();
    let mut checksums = Checksums::default();
    for part in parts {
        let Some(sum) = part.crc32 else {
            return checksums;
        };
        whole.combine(&crc32fast::Hasher::new_with_initial_len(sum, part.length));
    }
    checksums.crc32 = Some(whole.finalize());
    checksums
}
