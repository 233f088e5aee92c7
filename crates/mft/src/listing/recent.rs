//! The entries that came last, so that each is handed on once.

use std::collections::{HashSet, VecDeque};

use wharf_model::mft::{Entry, FileId, FolderId};

/// Remembers a bounded number of entries, those that came last.
///
/// An entry that comes twice in a listing comes again soon: at the border of two pages, or after a
/// restart from the beginning, which is only done while everything is remembered.
#[derive(Debug, Default)]
pub(super) struct Recent {
    order: VecDeque<Mark>,
    known: HashSet<Mark>,
}

/// Id and name: an entry that was renamed meanwhile is at another path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Mark {
    File(FileId, Box<str>),
    Folder(FolderId, Box<str>),
}

impl Recent {
    /// The most entries remembered.
    pub(super) const CAPACITY: usize = 4096;

    /// Whether the entry did not come lately; remembers it.
    pub(super) fn is_new(&mut self, entry: &Entry) -> bool {
        let mark = match entry {
            Entry::File(file) => Mark::File(file.id.clone(), file.name.clone()),
            Entry::Folder(folder) => Mark::Folder(folder.id.clone(), folder.name.clone()),
            // A kind of entry that we do not know cannot come twice.
            _ => return true,
        };
        if !self.known.insert(mark.clone()) {
            return false;
        }
        self.order.push_back(mark);
        if self.order.len() > Self::CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use wharf_model::mft::{FileInfo, FolderInfo};

    use super::*;

    #[test]
    fn what_came_lately_does_not_come_again() {
        let mut recent = Recent::default();
        let file = |id: usize| Entry::File(FileInfo::new(id.to_string().into(), "name"));
        let folder = Entry::Folder(FolderInfo::new("0".into(), "name"));
        assert!(recent.is_new(&file(0)) && recent.is_new(&folder));
        assert!(!recent.is_new(&file(0)) && !recent.is_new(&folder));
        for id in 1..=Recent::CAPACITY {
            assert!(recent.is_new(&file(id)));
        }
        assert!(recent.is_new(&file(0)), "it is so long ago that it is forgotten");
        assert_eq!(recent.known.len(), Recent::CAPACITY);
    }
}
