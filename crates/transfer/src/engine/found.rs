//! A step that was begun before, and of which nothing was heard.

use wharf_connector::{Capabilities, Checksums, Entry, Result};

use super::Worker;
use crate::receipt::End;
use crate::source::{are_apart, crc32_of};
use crate::verify::judge;
use crate::{Method, Place, Receipt, Step};

/// What stands at the destination of a copy that was begun before.
#[derive(Debug)]
pub(super) enum Found {
    /// What the earlier try has carried: its answer was lost.
    Carried(Box<Receipt>),
    /// A file of the same size. Whether it is that one, nothing can tell.
    Unproven,
    /// Something else, or nothing.
    Other,
}

impl Worker<'_> {
    /// Looks what an earlier try of a copy has left.
    pub(super) async fn found(&self, step: &Step) -> Found {
        self.look(step).await.unwrap_or(Found::Other)
    }

    async fn look(&self, step: &Step) -> Option<Found> {
        let Step::Copy { from, to, source, replaces, .. } = step else {
            return None;
        };
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
        match sent.agree(&there.checksums).or(here.checksums.agree(&there.checksums)) {
            Some(true) => {}
            Some(false) => return None,
            None if !self.keeps_time(&here, &there) => return Some(Found::Unproven),
            None if here.modified.zip(there.modified).is_some_and(|(a, b)| !are_apart(a, b)) => {}
            None => return None,
        }
        let verdict = judge(&sent, here.size, &here.checksums, &there).ok()?;
        Some(Found::Carried(Box::new(Receipt {
            bytes: here.size.unwrap_or_default(),
            from: End::new(&from, &here),
            to: End::new(&to, &there),
            checksums: sent,
            verdict,
            method: Method::Found,
            tries: 0,
            api_calls: None,
            started,
            finished: (self.clock)(),
        })))
    }

    /// Whether a file that was carried there has the time that it has here.
    fn keeps_time(&self, here: &Entry, there: &Entry) -> bool {
        let keeps = self.to.connector.capabilities().contains(Capabilities::WRITE_MODIFIED);
        keeps
            && self.options.copy.keep_modified
            && here.modified.is_some()
            && there.modified.is_some()
    }

    /// The CRC-32 of a source of this machine, where the destination tells one to compare.
    async fn sums(&self, from: &Place, there: &Entry) -> Result<Checksums> {
        if from.connector.info().host.is_some() || there.checksums.crc32.is_none() {
            return Ok(Checksums::default());
        }
        crc32_of(from, |_| ()).await.map(|(_, sums)| sums)
    }
}
