//! Two trees, compared folder by folder.

use std::fmt;
use std::sync::Arc;

use futures_util::stream::{BoxStream, StreamExt};
use wharf_connector::{Entry, EntryKind, Error, RemotePath};

use crate::{Place, Why};

mod options;

mod walk;

mod folder;

mod abreast;

mod names;

mod held;

mod known;

mod judge;

mod content;

use folder::Level;
pub use options::{By, Compare};

/// How two trees differ, in no promised order, except that a folder comes before what lies in
/// it.
pub type Differences = BoxStream<'static, Difference>;

/// What stands at one place of two trees. Paths are those from the roots of the two trees.
#[derive(Debug)]
#[non_exhaustive]
pub enum Difference {
    /// Two files that agree, or two folders.
    Same(Pair),
    /// Two files of which the content is proven equal, and the time is not.
    Time(Pair),
    /// Two files that differ, or that cannot be compared.
    Differs(Pair, Why),
    /// It stands in the source alone. The path is the one that it gets.
    Missing(Entry, RemotePath),
    /// It stands in the destination alone.
    Extra(Entry),
    /// It stands in the destination, is not to be touched, and has nothing beside it that is
    /// carried: it is left out by the filter, a folder that the filter goes through, or a file
    /// that is not whole yet. The folders above it must stay.
    Spared(RemotePath),
    /// Something that can neither be compared nor carried.
    Trouble(Trouble),
}

/// What stands at the same place in both trees.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Pair {
    /// In the source.
    pub from: Entry,
    /// In the destination. Its name may be spelt differently where the service takes the two
    /// spellings for one.
    pub to: Entry,
}

/// Something that stands in the way of carrying a tree.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trouble {
    /// Of which kind.
    pub kind: TroubleKind,
    /// The paths that it is about: in the source, or in the destination where it is about that.
    pub paths: Vec<RemotePath>,
    /// Why, as a clause for people.
    pub reason: String,
    /// The error, where there was one.
    pub error: Option<Error>,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TroubleKind {
    /// Two or more names of the source are one name to the destination.
    Collision,
    /// The destination does not take a name, a path, or a file of that size.
    Refused,
    /// A file stands where a folder is needed, or a folder where a file is.
    Kinds,
    /// The source holds the file back: half uploaded, or in quarantine.
    HeldBack,
    /// It is neither file nor folder, or a link that is not followed.
    Special,
    /// Its name is no text, or leads elsewhere: no path leads there.
    Unnamed,
    /// A folder could not be listed to its end, or a file could not be read.
    Unreadable,
}

impl TroubleKind {
    /// The word for it, such as `collision`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collision => "collision",
            Self::Refused => "refused",
            Self::Kinds => "kinds",
            Self::HeldBack => "held_back",
            Self::Special => "special",
            Self::Unnamed => "unnamed",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether it is about names and places, and so can be mended before anything is carried.
    pub fn is_of_names(self) -> bool {
        matches!(self, Self::Collision | Self::Refused | Self::Kinds)
    }
}

impl fmt::Display for TroubleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Trouble {
    pub(crate) fn new(
        kind: TroubleKind,
        paths: impl Into<Vec<RemotePath>>,
        reason: impl Into<String>,
    ) -> Self {
        Self { kind, paths: paths.into(), reason: reason.into(), error: None }
    }

    /// An error of a listing, or of reading, about `path`.
    pub(crate) fn of_error(kind: TroubleKind, path: RemotePath, error: Error) -> Self {
        let reason = error.message().to_owned();
        Self { kind, paths: vec![path], reason, error: Some(error) }
    }
}

/// Compares two trees, folder by folder, and tells what differs as it is found.
///
/// Both sides of a folder are listed at once; several folders are, and none while the stream
/// is not polled. What is held in memory is what the one side of a folder has told and the
/// other not yet, times [`Compare::concurrency`]: it does not grow with the trees. Of two listings
/// in the same order the faster one waits for the slower. The newest folder found is compared
/// first, so few wait.
///
/// A destination that does not exist is an empty one. Names are matched as the destination
/// compares them.
///
/// ```
/// use std::sync::Arc;
/// use wharf_connector::futures_util::StreamExt;
/// use wharf_connector::{ConnectorExt, Memory, RemotePath, Result};
/// use wharf_transfer::{Compare, Difference, Place, compare};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let (there, here) = (Arc::new(Memory::new()), Arc::new(Memory::new()));
/// there.write_bytes(&RemotePath::new("/out/2026/a.csv")?, "a;b\n").await?;
///
/// let from = Place::new(there, RemotePath::new("/out")?);
/// let to = Place::new(here, RemotePath::new("/in")?);
/// let found: Vec<Difference> = compare(&from, &to, &Compare::new()).collect().await;
/// let missing = |difference: &Difference| match difference {
///     Difference::Missing(_, to) => to.to_string(),
///     other => format!("{other:?}"),
/// };
/// assert_eq!(found.iter().map(missing).collect::<Vec<_>>(), ["/2026", "/2026/a.csv"]);
/// # Ok(()) }
/// ```
pub fn compare(from: &Place, to: &Place, options: &Compare) -> Differences {
    let ends = Arc::new(Ends::new(from, to, options));
    let at_once = if options.read { ends.options.concurrency.max(1) } else { 1 };
    known::settled(ends.clone(), walk::walk(ends.clone()))
        .map(move |found| judge::judge(ends.clone(), found))
        .buffered(at_once)
        .boxed()
}

/// What every step of a comparison needs.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) from: Place,
    pub(crate) to: Place,
    pub(crate) options: Compare,
}

impl Ends {
    fn new(from: &Place, to: &Place, options: &Compare) -> Self {
        Self { from: from.clone(), to: to.clone(), options: options.clone() }
    }
}

/// What a walk through both trees finds.
pub(crate) enum Found {
    /// To be told as it is.
    Told(Difference),
    /// Two files that have to be looked at more closely.
    Files(Pair),
    /// A folder that is not told itself, and has to be gone through.
    Below(Level),
}

/// The word for a kind with its article.
pub(crate) fn a(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Folder => "a folder",
        _ => "a file",
    }
}
