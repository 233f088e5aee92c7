//! What a case works with.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use wharf_connector::{
    Capabilities, Connector, ConnectorExt, CreateFolderOptions, Entry, Error, ErrorKind,
    ListOptions, RemotePath, Result,
};

use crate::violation::require;
use crate::{Harness, Verdict, Violation};

/// A connector with a scratch folder, and the small questions that cases ask.
pub struct Context {
    /// The backend under test.
    pub connector: Arc<dyn Connector>,
    scratch: RemotePath,
    secrets: Vec<String>,
}

impl Context {
    /// Opens the backend and prepares the scratch folder, as far as the backend can.
    ///
    /// # Errors
    ///
    /// The scratch folder cannot be created although the backend declares that it can.
    pub async fn new(harness: &dyn Harness) -> Verdict<Self> {
        let context = Self {
            connector: harness.connector().await,
            scratch: harness.scratch(),
            secrets: harness.secrets(),
        };
        if context.can(Capabilities::CREATE_FOLDER) {
            let options = CreateFolderOptions::new();
            context.connector.create_folder(&context.scratch, options).await?;
        }
        Ok(context)
    }

    /// Whether all of these abilities are declared.
    pub fn can(&self, abilities: Capabilities) -> bool {
        self.connector.capabilities().contains(abilities)
    }

    /// A path in the scratch folder.
    ///
    /// # Errors
    ///
    /// A text that is no path.
    pub fn path(&self, below: &str) -> Verdict<RemotePath> {
        Ok(self.scratch.join_path(&RemotePath::new(below)?))
    }

    /// The scratch folder.
    pub fn scratch(&self) -> &RemotePath {
        &self.scratch
    }

    /// Texts that must never be printed.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    pub(crate) async fn put(&self, below: &str, bytes: &[u8]) -> Verdict<Entry> {
        let path = self.path(below)?;
        Ok(self.connector.write_bytes(&path, bytes.to_vec()).await?)
    }

    pub(crate) async fn folder(&self, below: &str) -> Verdict<RemotePath> {
        let path = self.path(below)?;
        self.connector.create_folders(&path).await?;
        Ok(path)
    }

    pub(crate) async fn require_content(&self, path: &RemotePath, want: &[u8]) -> Verdict {
        let got = self.content(path).await?;
        require!(
            got == want,
            "{path} holds {} bytes, other than the {} written",
            got.len(),
            want.len()
        );
        Ok(())
    }

    pub(crate) async fn content(&self, path: &RemotePath) -> Verdict<Bytes> {
        Ok(self.connector.read_bytes(path, 64 * 1024 * 1024).await?)
    }

    pub(crate) async fn require_absent(&self, path: &RemotePath) -> Verdict {
        require_kind(self.connector.stat(path).await, &[ErrorKind::NotFound], "a missing path")
    }

    pub(crate) async fn names(&self, folder: &RemotePath) -> Verdict<Vec<String>> {
        let entries: Vec<Entry> =
            self.connector.list(folder, ListOptions::new()).try_collect().await?;
        let mut names: Vec<_> = entries.iter().map(|entry| entry.name().to_owned()).collect();
        names.sort();
        Ok(names)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("scratch", &self.scratch).finish_non_exhaustive()
    }
}

/// Requires an error of one of these kinds.
pub(crate) fn require_kind<T>(result: Result<T>, kinds: &[ErrorKind], when: &str) -> Verdict {
    let error = require_error(result, when)?;
    require!(
        kinds.contains(&error.kind()),
        "{when} must be one of {kinds:?}, and it was {:?}: {error}",
        error.kind()
    );
    Ok(())
}

pub(crate) fn require_error<T>(result: Result<T>, when: &str) -> Verdict<Error> {
    match result {
        Ok(_) => Err(Violation::new(format!("{when} must be an error, and it was a success"))),
        Err(error) => Ok(error),
    }
}
