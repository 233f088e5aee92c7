//! The trait that every backend implements.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;

use crate::{
    Capabilities, Changes, ConnectionReport, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, Error, ErrorKind, Info, ListOptions, NameCase, Operation,
    ReadOptions, RemotePath, RenameOptions, Result, WriteOptions,
};

/// The entries of a listing, in the order in which the service gives them.
///
/// The stream owns what it needs: it may be stored, raced and merged. Nothing is asked
/// of the service before it is polled, and polling is its back-pressure.
pub type EntryStream = BoxStream<'static, Result<Entry>>;

/// The bytes of a file, in order.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// One account on one file-transfer service, or anything that behaves like it.
///
/// Seven verbs are required. [`copy`](Self::copy), [`rename`](Self::rename) and
/// [`update`](Self::update) answer [`Unsupported`](crate::ErrorKind::Unsupported) unless
/// a backend has them, so that a small backend stays small. Callers find their comforts
/// in [`ConnectorExt`](crate::ConnectorExt).
///
/// # The promise
///
/// It holds for every verb of every backend, and `wharf-conformance` checks it:
///
/// - an option that the backend cannot honour is `Unsupported`, never ignored;
/// - a success is reported only when the service has confirmed it;
/// - every error names the operation and the path, and shows no secret;
/// - dropping a future stops the work; nothing goes on behind the caller's back.
///
/// # Wrappers
///
/// A connector that wraps another forwards *every* method. Write
/// `#[deny(clippy::missing_trait_methods)]` on such an implementation, so that a verb
/// added here later cannot slip past it.
#[async_trait]
pub trait Connector: Any + fmt::Debug + Send + Sync {
    /// What this connector is: scheme, label, host, root, limits. No secrets.
    fn info(&self) -> &Info;

    /// What this backend can do as it is configured.
    ///
    /// The rights of the account on one path are another matter: see
    /// [`Entry::permissions`].
    fn capabilities(&self) -> Capabilities;

    /// The connector this one wraps, if any, in the manner of
    /// [`Error::source`](std::error::Error::source).
    fn inner(&self) -> Option<&dyn Connector> {
        None
    }

    /// Asks the service who we are and what we may do, as cheaply as can be.
    ///
    /// # Errors
    ///
    /// Fails when the connection could not be used. The error's
    /// [`report`](Error::report) says how far it came.
    async fn test_connection(&self) -> Result<ConnectionReport>;

    /// What stands at `path`. The root is always a folder.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is nothing, or when the account may not see it: some
    /// services, Files.com among them, do not tell the two apart.
    async fn stat(&self, path: &RemotePath) -> Result<Entry>;

    /// The direct children of `folder`: each once, in any order.
    ///
    /// Not `async`, for a listing has no first answer to wait for. One folder only, for
    /// no service here lists recursively: [`walk`](crate::ConnectorExt::walk) does it
    /// for all of them.
    ///
    /// # Errors
    ///
    /// In the stream: one `NotFound` for a missing folder, one `NotAFolder` for a file. An entry
    /// that cannot be one, for its name leads elsewhere, say, is an error in its place; the others
    /// may still follow.
    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream;

    /// The content of `file`, or a range of it.
    ///
    /// When the length is known, the stream yields exactly that many bytes or ends in an
    /// error.
    ///
    /// # Errors
    ///
    /// `NotFound`; `IsAFolder`; `InvalidRange` for a range that starts at or after the
    /// end; `Blocked` for a file that the service holds back (quarantined, half
    /// uploaded).
    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download>;

    /// Stores `content` at `file`, whole or not at all, and answers with the entry as
    /// stored.
    ///
    /// No one sees a partial file under that name. With the default options an existing
    /// file is replaced and missing parents are created.
    ///
    /// # Errors
    ///
    /// `IsAFolder` when a folder stands there; `NotFound` when the parent is missing and
    /// `options.parents` is off; `AlreadyExists` when a file stands there and
    /// `options.on_conflict` says `Fail`; `Invalid` when the content does not have the
    /// size that it declared.
    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry>;

    /// Creates `folder`. A folder that exists already is a success.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` when a file stands there; `NotFound` when the parent is missing
    /// and `options.parents` is off.
    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry>;

    /// Deletes the file or folder at `path`.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotEmpty` for a folder with content unless `options.recursive`;
    /// `Invalid` for the root.
    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()>;

    /// Copies within the service. Resolves when the result is visible, also where the
    /// service works in the background.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Invalid` for a copy onto itself or of a folder into itself;
    /// `AlreadyExists` unless `options.on_conflict` says `Replace`; `Pending` when the
    /// service had not finished in time.
    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        let _ = (to, options);
        Err(Error::unsupported(self.info(), Operation::Copy).during(Operation::Copy, from))
    }

    /// Renames or moves within the service: like [`std::fs::rename`], for both.
    ///
    /// # Errors
    ///
    /// As [`copy`](Self::copy).
    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        let _ = (to, options);
        Err(Error::unsupported(self.info(), Operation::Rename).during(Operation::Rename, from))
    }

    /// Changes what `changes` names, and nothing else.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Unsupported` when any field of `changes` cannot be changed here, and
    /// then nothing has been.
    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        let _ = changes;
        Err(Error::unsupported(self.info(), Operation::Update).during(Operation::Update, path))
    }

    /// By what the service compares names: two names with one key are one name there.
    ///
    /// The default folds case as [`Limits::name_case`](crate::Limits::name_case) says, and
    /// takes a service of which it is not known for one that folds it. Accents it leaves: a
    /// service that does not tell them apart has a key of its own. The key is for comparing, and
    /// is no name.
    fn name_key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        match self.info().limits.name_case {
            NameCase::Sensitive => Cow::Borrowed(name),
            _ => Cow::Owned(name.to_lowercase()),
        }
    }

    /// Whether the service takes `name` for a file or folder, without asking it. The default
    /// looks at [`Limits::max_name`](crate::Limits::max_name) alone.
    ///
    /// # Errors
    ///
    /// `Invalid`, with the reason.
    fn check_name(&self, name: &str) -> Result<()> {
        let longest = self.info().limits.max_name;
        match longest.filter(|longest| name.chars().count() > *longest) {
            None => Ok(()),
            Some(longest) => {
                let message = format!("the name is longer than {longest} characters");
                Err(Error::new(ErrorKind::Invalid, message).of(self.info().scheme))
            }
        }
    }

    /// How many calls to the service one `operation` costs when nothing goes wrong: an
    /// estimate, for a file of so many bytes where that matters. `None` where it is not known.
    ///
    /// It is for telling beforehand what a plan costs; logins, looks that are saved because
    /// something is remembered, and repetitions are not in it.
    fn calls(&self, operation: Operation, bytes: u64) -> Option<u64> {
        let _ = (operation, bytes);
        None
    }
}

impl dyn Connector {
    /// Finds a concrete connector in the chain of wrappers, outermost first.
    ///
    /// The door from the neutral contract to what only one service has.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wharf_connector::{Connector, Memory, RemotePath, Rooted};
    ///
    /// let memory: Arc<dyn Connector> = Arc::new(Memory::new());
    /// let inbox = Rooted::new(memory, RemotePath::new("/inbox")?);
    /// let connector: &dyn Connector = &inbox;
    /// assert!(connector.find::<Memory>().is_some());
    /// # Ok::<(), wharf_connector::PathError>(())
    /// ```
    pub fn find<T: Connector>(&self) -> Option<&T> {
        let mut current = Some(self);
        while let Some(connector) = current {
            let any: &dyn Any = connector;
            if let Some(found) = any.downcast_ref::<T>() {
                return Some(found);
            }
            current = connector.inner();
        }
        None
    }
}

macro_rules! forward {
    ($pointer:ty) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl Connector for $pointer {
            fn info(&self) -> &Info {
                (**self).info()
            }
            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }
            fn inner(&self) -> Option<&dyn Connector> {
                Some(&**self)
            }
            async fn test_connection(&self) -> Result<ConnectionReport> {
                (**self).test_connection().await
            }
            async fn stat(&self, path: &RemotePath) -> Result<Entry> {
                (**self).stat(path).await
            }
            fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
                (**self).list(folder, options)
            }
            async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
                (**self).read(file, options).await
            }
            async fn write(
                &self,
                file: &RemotePath,
                content: Content,
                options: WriteOptions,
            ) -> Result<Entry> {
                (**self).write(file, content, options).await
            }
            async fn create_folder(
                &self,
                folder: &RemotePath,
                options: CreateFolderOptions,
            ) -> Result<Entry> {
                (**self).create_folder(folder, options).await
            }
            async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
                (**self).delete(path, options).await
            }
            async fn copy(
                &self,
                from: &RemotePath,
                to: &RemotePath,
                options: CopyOptions,
            ) -> Result<Entry> {
                (**self).copy(from, to, options).await
            }
            async fn rename(
                &self,
                from: &RemotePath,
                to: &RemotePath,
                options: RenameOptions,
            ) -> Result<Entry> {
                (**self).rename(from, to, options).await
            }
            async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
                (**self).update(path, changes).await
            }
            fn name_key<'a>(&self, name: &'a str) -> Cow<'a, str> {
                (**self).name_key(name)
            }
            fn check_name(&self, name: &str) -> Result<()> {
                (**self).check_name(name)
            }
            fn calls(&self, operation: Operation, bytes: u64) -> Option<u64> {
                (**self).calls(operation, bytes)
            }
        }
    };
}

forward!(Arc<dyn Connector>);
forward!(Box<dyn Connector>);
