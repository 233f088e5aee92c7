//! What may have come between the plan and the step: an earlier try of ours, or a new file.

use wharf_connector::{Entry, ErrorKind, RemotePath, Result};

use super::{Change, Doer, WhatChanged};
use crate::source::are_apart;
use crate::{Place, Step, Trace};

impl Doer<'_> {
    /// Whether what is other than planned at the destination is so by this step: it was done, or
    /// broken off, and nothing was heard of it.
    pub(super) async fn may_be_ours(&self, step: &Step, what: WhatChanged) -> Result<bool> {
        match (step, what) {
            (Step::Delete { .. }, WhatChanged::Gone) => Ok(true),
            (Step::Copy { replaces: Some(was), backup: Some(backup), .. }, WhatChanged::Gone) => {
                // It was moved there; another version or id may have come of that.
                let account = Place::new(self.to.connector.clone(), RemotePath::root());
                let kept = stands(&account, backup).await?.filter(Entry::is_file);
                Ok(kept.is_some_and(|kept| {
                    kept.size == was.size && was.checksums.agree(&kept.checksums) != Some(false)
                }))
            }
            (Step::Touch { to, modified, .. }, WhatChanged::Trace(Trace::Time)) => {
                let there = stands(self.to, to).await?.and_then(|there| there.modified);
                Ok(there.is_some_and(|there| !are_apart(there, *modified)))
            }
            (Step::Copy { to, source, .. }, WhatChanged::Appeared | WhatChanged::Trace(_))
                if self.unheard && source.size.is_some() =>
            {
                let there = stands(self.to, to).await?.filter(Entry::is_file);
                Ok(there.is_some_and(|there| there.size == source.size))
            }
            _ => Ok(false),
        }
    }

    /// What is to be deleted and stands in the source by now is not extra any more.
    pub(super) async fn new_in_source(&self, step: &Step) -> Result<Option<Change>> {
        let Step::Delete { to, .. } = step else {
            return Ok(None);
        };
        let (path, what) = (to.clone(), WhatChanged::Appeared);
        let there = stands(self.from, to).await?;
        Ok(there.map(|_| Change { path, in_source: true, what }))
    }
}

/// What stands at a path below a root, if anything can.
async fn stands(place: &Place, path: &RemotePath) -> Result<Option<Entry>> {
    use ErrorKind::{Invalid, NotAFolder, NotFound};
    match place.connector.stat(&place.path.join_path(path)).await {
        Ok(entry) => Ok(Some(entry)),
        Err(error) if matches!(error.kind(), NotFound | NotAFolder | Invalid) => Ok(None),
        Err(error) => Err(error),
    }
}
