//! Going on with a copy that was broken off.

use std::ops::Range;
use std::sync::Arc;

use wharf_connector::{
    Checkpoint, CheckpointStore, Checksums, Entry, Result, Unfinished, async_trait, identity,
};

use crate::source::Source;

/// The caller's store, of which the source hears what is not to be read.
#[derive(Debug)]
struct Heard {
    store: Arc<dyn CheckpointStore>,
    source: Ear,
}

/// A source without what `Debug` has no business with.
struct Ear(Arc<Source>);

/// The checkpoint for a write of this source; none where nobody could tell that it changed.
pub(super) fn bound(
    checkpoint: &Checkpoint,
    source: &Arc<Source>,
    entry: &Entry,
) -> Option<Checkpoint> {
    let identity = identity(entry)?;
    let heard = Heard { store: checkpoint.store().clone(), source: Ear(source.clone()) };
    Some(Checkpoint::new(Arc::new(heard), identity))
}

#[async_trait]
impl CheckpointStore for Heard {
    async fn load(&self) -> Result<Option<Unfinished>> {
        self.store.load().await
    }

    async fn keep(&self, unfinished: Unfinished) -> Result<()> {
        self.store.keep(unfinished).await
    }

    async fn forget(&self) -> Result<()> {
        self.store.forget().await
    }

    fn resumed(&self, range: Range<u64>, crc32: u32) {
        self.source.0.know(range.clone(), crc32);
        self.store.resumed(range, crc32);
    }
}

impl std::fmt::Debug for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("source")
    }
}

/// The checksum that costs the destination least to check.
pub(super) fn cheapest(known: &Checksums) -> Checksums {
    let mut cheapest = Checksums::default();
    cheapest.crc32 = known.crc32;
    cheapest.md5 = known.md5.filter(|_| known.crc32.is_none());
    cheapest
}
