//! Where a file comes from, and where it goes.

use std::sync::Arc;

use wharf_connector::{
    Connector, Entry, Error, ErrorKind, NameCase, Operation, Reached, RemotePath, Result,
};

/// A path on a connector.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Place {
    /// The connector.
    pub connector: Arc<dyn Connector>,
    /// The path on it.
    pub path: RemotePath,
    /// Whether a folder is meant, as a person says it with a slash at the end. A
    /// [`RemotePath`] does not keep that slash.
    pub is_folder: bool,
}

impl Place {
    /// A path on a connector.
    pub fn new(connector: Arc<dyn Connector>, path: RemotePath) -> Self {
        Self { connector, path, is_folder: false }
    }

    /// Says that a folder is meant.
    #[must_use]
    pub fn with_folder(mut self, is_folder: bool) -> Self {
        self.is_folder = is_folder;
        self
    }

    /// Whether both are places on one and the same connector.
    pub fn shares_connector(&self, other: &Self) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.connector), Arc::as_ptr(&other.connector))
    }

    /// Whether both are places on one account, though it may be reached in two ways: the same
    /// connector, or one of the same service, host and user, or two of this machine. Then what
    /// one changes, the other has changed.
    pub fn same_account(&self, other: &Self) -> bool {
        let (one, two) = (self.connector.info(), other.connector.info());
        let is_known = one.host.is_some() || one.scheme == THIS_MACHINE;
        let same = (one.scheme, &one.host, &one.user) == (two.scheme, &two.host, &two.user);
        self.shares_connector(other) || (is_known && same)
    }

    /// The path from the root of the account, whatever the connector's root is.
    pub(crate) fn in_account(&self) -> RemotePath {
        self.connector.info().root.join_path(&self.path)
    }

    /// Where `file` goes, as far as that is clear without looking.
    pub(crate) fn for_file(&self, file: &RemotePath) -> Result<Self> {
        if self.is_folder || self.path.is_root() {
            return self.with_name_of(file);
        }
        Ok(self.clone())
    }

    /// The destination, unless something stands there under a name that was not meant. What
    /// is renamed may change its own letters.
    fn may_replace(&self, there: &Entry, to: &Self) -> Result<Self> {
        let Some(kept) = there.kept_name.as_deref() else {
            return Ok(to.clone());
        };
        let is_itself = self.shares_connector(to)
            && self.path.parent() == to.path.parent()
            && self.path.name() == Some(kept);
        if is_itself {
            return Ok(to.clone());
        }
        let message = format!("`{kept}` stands there, and the service takes the two names for one");
        Err(Error::new(ErrorKind::AlreadyExists, message)
            .with_reached(Reached::No)
            .with_remedy(format!("Write to `{kept}` to replace it, or choose another name."))
            .of(to.connector.info().scheme)
            .during(Operation::Write, &to.path))
    }

    /// The same folder with the name of `file` in it.
    fn with_name_of(&self, file: &RemotePath) -> Result<Self> {
        let name = file.name().ok_or_else(|| {
            Error::new(ErrorKind::IsAFolder, "the source is a root, and that is a folder")
                .of(self.connector.info().scheme)
        })?;
        Ok(Self::new(self.connector.clone(), self.path.join(name)?))
    }
}

/// Where a file goes when `to` is what a person wrote: into `to`, under its own name, when
/// that is an existing folder, the root, or written with a slash at the end; else to `to`
/// itself.
///
/// It looks at `to` once, unless the answer is clear without; where a service does not tell
/// all names apart, also at the place in the folder, so that nobody replaces a file of
/// another name unawares.
///
/// ```
/// use std::sync::Arc;
/// use wharf_connector::{Connector, ConnectorExt, Memory, RemotePath, Result};
/// use wharf_transfer::{Place, resolve_destination};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let memory: Arc<dyn Connector> = Arc::new(Memory::new());
/// memory.create_folders(&RemotePath::new("/in")?).await?;
/// let from = Place::new(memory.clone(), RemotePath::new("/out/a.csv")?);
///
/// let folder = Place::new(memory.clone(), RemotePath::new("/in")?);
/// assert_eq!(resolve_destination(&from, &folder).await?.path.as_str(), "/in/a.csv");
///
/// let name = Place::new(memory, RemotePath::new("/b.csv")?);
/// assert_eq!(resolve_destination(&from, &name).await?.path.as_str(), "/b.csv");
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// `IsAFolder` when the source is a root, which has no name; `AlreadyExists` when a file
/// stands there whose name differs in letters that the service does not tell apart; as
/// [`Connector::stat`], except `NotFound`.
pub async fn resolve_destination(from: &Place, to: &Place) -> Result<Place> {
    let inside = if to.is_folder || to.path.is_root() {
        to.with_name_of(&from.path)?
    } else {
        match look(to).await? {
            Some(there) if there.is_folder() => to.with_name_of(&from.path)?,
            Some(there) => return from.may_replace(&there, to),
            None => return Ok(to.clone()),
        }
    };
    if to.connector.info().limits.name_case == NameCase::Sensitive {
        return Ok(inside);
    }
    match look(&inside).await? {
        Some(there) => from.may_replace(&there, &inside),
        None => Ok(inside),
    }
}

/// The scheme of files of this machine, which have no host.
const THIS_MACHINE: &str = "file";

async fn look(place: &Place) -> Result<Option<Entry>> {
    match place.connector.stat(&place.path).await {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
