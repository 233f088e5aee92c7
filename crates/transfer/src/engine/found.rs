//! A step that was begun before, and of which nothing was heard.

use futures_util::TryStreamExt;
use wharf_connector::{Capabilities, Checksums, Entry, ReadOptions, Result};

use super::Worker;
use crate::receipt::End;
use crate::source::are_apart;
use crate::verify::judge;
use crate::{Method, Place, Receipt, Step};

impl Worker<'_> {
    /// The receipt of a copy that an earlier try has made, and whose answer was lost. None where
    /// that is not certain: then the file is carried once more.
    pub(super) async fn found(&self, step: &Step, tries: u32) -> Option<Receipt> {
        let Step::Copy { from, to, source, replaces, .. } = step else {
            return None;
        };
        if tries == 0 {
            return None;
        }
        let started = (self.clock)();
        let at =
            |place: &Place, path| Place::new(place.connector.clone(), place.path.join_path(path));
        let (from, to) = (at(self.from, from), at(self.to, to));
        let there = to.connector.stat(&to.path).await.ok().filter(Entry::is_file)?;
        if replaces.as_ref().is_some_and(|before| before.still(&there).is_ok()) {
            return None;
        }
        let here = from.connector.stat(&from.path).await.ok()?;
        if source.still(&here).is_err() || here.size.is_none() || here.size != there.size {
            return None;
        }
        let sent = self.sums(&from, &there).await.ok()?;
        let proven = sent.agree(&there.checksums).or(here.checksums.agree(&there.checksums));
        if proven == Some(false) || (proven.is_none() && !self.kept_time(&here, &there)) {
            return None;
        }
        let verdict = judge(&sent, here.size, &here.checksums, &there).ok()?;
        Some(Receipt {
            bytes: here.size.unwrap_or_default(),
            from: End::new(&from, &here),
            to: End::new(&to, &there),
            checksums: sent,
            verdict,
            method: Method::Found,
            tries: 0,
            started,
            finished: (self.clock)(),
        })
    }

    /// Whether the destination keeps times, and this one has that of the source.
    fn kept_time(&self, here: &Entry, there: &Entry) -> bool {
        let keeps = self.to.connector.capabilities().contains(Capabilities::WRITE_MODIFIED);
        let same = here.modified.zip(there.modified).is_some_and(|(a, b)| !are_apart(a, b));
        keeps && self.options.copy.keep_modified && same
    }

    /// The CRC-32 of a source of this machine, where the destination tells one to compare.
    async fn sums(&self, from: &Place, there: &Entry) -> Result<Checksums> {
        let mut sums = Checksums::default();
        if from.connector.info().host.is_some() || there.checksums.crc32.is_none() {
            return Ok(sums);
        }
        let download = from.connector.read(&from.path, ReadOptions::new()).await?;
        let (mut stream, mut sum) = (download.into_stream(), crc32fast::Hasher::new());
        while let Some(block) = stream.try_next().await? {
            sum.update(&block);
        }
        sums.crc32 = Some(sum.finalize());
        Ok(sums)
    }
}
