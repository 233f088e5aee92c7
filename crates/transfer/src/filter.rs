//! What a tree operation is about, and what it leaves alone.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use wharf_connector::{Entry, Error, ErrorKind, RemotePath, Result};

mod rule;

use rule::Rules;

/// What a tree operation is about: rules over paths, bounds of size and of time.
///
/// What is left out is neither copied nor compared nor deleted.
///
/// # Rules
///
/// Rules are asked in the order in which they were given, and **the first that matches
/// decides**. What none matches is taken, unless there is an including rule: then it is left
/// out. A rule that matches a folder counts for all that lies in it.
///
/// | pattern | matches |
/// | --- | --- |
/// | `*.tmp` | that name in any folder |
/// | `/logs` | `logs` in the root of the tree, and what lies in it |
/// | `logs/` | any folder of that name, and no file |
/// | `a/b*` | `b...` in any folder `a` |
/// | `**` | any number of folders: `/a/**/z` |
/// | `*` and `?` | any text and any letter, but no slash |
/// | `[a-z]`, `{csv,txt}` | one of these letters, one of these texts |
///
/// Letters count as written: `*.TMP` is not `*.tmp`.
///
/// ```
/// use wharf_connector::{Entry, RemotePath};
/// use wharf_transfer::{Choice, Filter};
///
/// let filter = Filter::new().including("*.csv")?.excluding("/old")?.with_min_size(1);
/// let file = |path: &str| Entry::file(RemotePath::new(path).unwrap()).with_size(4);
/// assert_eq!(filter.choose(&file("/a/b.csv")), Choice::In);
/// assert_eq!(filter.choose(&file("/a/b.txt")), Choice::Out);
/// assert_eq!(filter.choose(&file("/old/b.csv")), Choice::In); // the first rule decides
/// # Ok::<(), wharf_connector::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Filter {
    rules: Arc<Rules>,
    min_size: Option<u64>,
    max_size: Option<u64>,
    newer_than: Option<DateTime<Utc>>,
    older_than: Option<DateTime<Utc>>,
}

/// What a filter says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Choice {
    /// It is taken.
    In,
    /// A folder that is not taken, in which something may be.
    Through,
    /// It is left out, and all that lies in it.
    Out,
}

impl Filter {
    /// Takes everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule that takes what `pattern` matches.
    ///
    /// # Errors
    ///
    /// `Invalid` for a pattern that is none.
    pub fn including(self, pattern: &str) -> Result<Self> {
        self.with_rule(pattern, true)
    }

    /// Adds a rule that leaves out what `pattern` matches.
    ///
    /// # Errors
    ///
    /// `Invalid` for a pattern that is none.
    pub fn excluding(self, pattern: &str) -> Result<Self> {
        self.with_rule(pattern, false)
    }

    /// Takes files of at least so many bytes. A file of which the size is not known is taken.
    #[must_use]
    pub fn with_min_size(mut self, bytes: u64) -> Self {
        self.min_size = Some(bytes);
        self
    }

    /// Takes files of at most so many bytes. A file of which the size is not known is taken.
    #[must_use]
    pub fn with_max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }

    /// Takes files that were changed at that time or later. A file of which the time is not
    /// known is taken.
    #[must_use]
    pub fn with_newer_than(mut self, time: DateTime<Utc>) -> Self {
        self.newer_than = Some(time);
        self
    }

    /// Takes files that were changed at that time or before. A file of which the time is not
    /// known is taken.
    #[must_use]
    pub fn with_older_than(mut self, time: DateTime<Utc>) -> Self {
        self.older_than = Some(time);
        self
    }

    /// What becomes of an entry, whose path is that from the root of the tree.
    pub fn choose(&self, entry: &Entry) -> Choice {
        let choice = self.rules.choose(&entry.path, entry.is_folder());
        if entry.is_folder() || (self.fits(entry) && choice == Choice::In) {
            return choice;
        }
        Choice::Out
    }

    /// Whether a folder and all that lies in it are left out, whatever it may be.
    pub fn leaves_out(&self, folder: &RemotePath) -> bool {
        self.rules.choose(folder, true) == Choice::Out
    }

    fn with_rule(mut self, pattern: &str, takes: bool) -> Result<Self> {
        Arc::make_mut(&mut self.rules).add(pattern, takes).map_err(|why| {
            Error::new(ErrorKind::Invalid, format!("the pattern {pattern:?} {why}"))
        })?;
        Ok(self)
    }

    fn fits(&self, file: &Entry) -> bool {
        let large = file.size.zip(self.min_size).is_none_or(|(size, least)| size >= least);
        let small = file.size.zip(self.max_size).is_none_or(|(size, most)| size <= most);
        let new = file.modified.zip(self.newer_than).is_none_or(|(time, bound)| time >= bound);
        let old = file.modified.zip(self.older_than).is_none_or(|(time, bound)| time <= bound);
        large && small && new && old
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_bounds_for_files_alone() {
        let time = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let filter = Filter::new()
            .with_min_size(2)
            .with_max_size(4)
            .with_newer_than(time(10))
            .with_older_than(time(20));
        for (size, modified, want) in [
            (Some(2), Some(10), Choice::In),
            (Some(4), Some(20), Choice::In),
            (Some(1), Some(15), Choice::Out),
            (Some(5), Some(15), Choice::Out),
            (Some(3), Some(9), Choice::Out),
            (Some(3), Some(21), Choice::Out),
            (None, None, Choice::In),
        ] {
            let mut file = Entry::file(RemotePath::new("/a").unwrap());
            (file.size, file.modified) = (size, modified.map(time));
            assert_eq!(filter.choose(&file), want, "{size:?} {modified:?}");
        }
        let folder = Entry::folder(RemotePath::new("/a").unwrap());
        assert_eq!(filter.choose(&folder), Choice::In);
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        for pattern in ["", "/", "a[", "{a", "!a", "a/../b"] {
            let error = Filter::new().excluding(pattern).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{pattern}");
        }
    }
}
