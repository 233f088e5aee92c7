//! Several files and folders in one operation of the upload page (Boomi: Uploading multiple files).

use wharf_connector::{Content, ErrorKind, Reached};
use wharf_model::mft::{Entry, FileInfo, FolderId, FolderInfo};

use super::transfers::{self, Destination};
use crate::client::Client;
use crate::config::Pages;
use crate::endpoints::Place;
use crate::error::{Error, Result};
use crate::listing::{self, Lookup};
use crate::upload::several::{Member, Outcome};
use crate::upload::{self, Stored, several};

/// Files and folders that the service logs as one operation.
///
/// Requests of one batch bear the id that the first of them got. It is no transaction in the sense
/// of a database: what was stored stays, whatever comes of the rest. [`undo`](Self::undo) takes it
/// back, file by file.
///
/// ```
/// use wharf_connector::Content;
/// # use wharf_mft::{Client, Config, Login};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (server, user) = (sandbox.mft_url(), sandbox.mft().users().remove(0));
/// # let client = Client::new(Config::new(server, user.name, Login::password(user.password)))?;
/// let home = client.home().info().await?;
/// let mut batch = client.batch(home.id.clone());
/// let files = [("a.csv", Content::from("1;2\n")), ("b.csv", Content::from("3;4\n"))];
/// batch.upload_all(&home.id, files).await?;
/// let folder = batch.create_folder(&home.id, "2026").await?;
/// batch.upload(&folder.id, "c.csv", "5;6\n".into()).await?;
/// assert_eq!(client.folders().files(&home.id).await?.files().len(), 2);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Batch {
    client: Client,
    root: FolderId,
    operation: Option<Box<str>>,
    overwrite: bool,
    /// What stands where nothing stood before.
    made: Vec<Entry>,
}

impl Batch {
    pub(crate) fn new(client: Client, root: FolderId) -> Self {
        Self { client, root, operation: None, overwrite: false, made: Vec::new() }
    }

    /// Sets whether files are replaced that stand in the way. Otherwise nothing is sent to their
    /// names: that is `AlreadyExists`.
    #[must_use]
    pub fn with_overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// What the service calls the operation; none before its first answer.
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Makes a folder, or finds the one that is there.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` when a file stands there, `Conflict` when a name stands there that differs
    /// in case alone; what the service refuses.
    pub async fn create_folder(&mut self, parent: &FolderId, name: &str) -> Result<FolderInfo> {
        if let Some(folder) = self.folder(parent, name).await? {
            return Ok(folder);
        }
        let to = self.destination(parent, name);
        let request = transfers::create_folder(self.client.endpoints(), &to);
        let receipt = upload::receipt(&self.client, Place::extended_upload_page, request).await?;
        self.adopt(receipt.operation);
        // Whether the answer names the new folder or the one above it is not documented.
        let Some(folder) = self.folder(parent, name).await.map_err(Error::after_work)? else {
            let message = "the service confirmed the folder, and it is not there";
            return Err(Error::protocol(message).with_reached(Reached::Yes));
        };
        self.made.push(Entry::Folder(folder.clone()));
        Ok(folder)
    }

    /// Stores one file of any size, as [`Files::upload`](super::Files::upload) does.
    ///
    /// # Errors
    ///
    /// As [`Files::upload`](super::Files::upload).
    pub async fn upload(
        &mut self,
        folder: &FolderId,
        name: &str,
        content: Content,
    ) -> Result<Stored> {
        let to = self.destination(folder, name);
        let before = upload::replaceable(&self.client, &to).await?;
        let stored = upload::store(&self.client, &to, before.as_ref(), content, None).await?;
        self.adopt(stored.operation.clone());
        self.keep(&stored.file, before.is_some());
        Ok(stored)
    }

    /// Stores files into one folder, in their order. Those that can be read again and are small
    /// share requests, up to the chunk size of the configuration; any other has its own.
    ///
    /// # Errors
    ///
    /// As [`Files::upload`](super::Files::upload), of the first file that fails. Those before it
    /// are stored; those of the same request may be.
    pub async fn upload_all<N: Into<Box<str>>>(
        &mut self,
        folder: &FolderId,
        files: impl IntoIterator<Item = (N, Content)>,
    ) -> Result<Vec<Stored>> {
        let mut stored = Vec::new();
        let mut waiting: Vec<Member> = Vec::new();
        for (name, content) in files {
            let name: Box<str> = name.into();
            let taken: u64 = waiting.iter().map(|member| member.size).sum();
            match self.small(&content) {
                Some(size) => {
                    let limit = self.client.config().chunk_size;
                    if taken + size > limit || waiting.len() >= MOST {
                        stored.extend(self.store(folder, std::mem::take(&mut waiting)).await?);
                    }
                    waiting.push(Member { name, size, content });
                }
                None => {
                    stored.extend(self.store(folder, std::mem::take(&mut waiting)).await?);
                    stored.push(self.upload(folder, &name, content).await?);
                }
            }
        }
        stored.extend(self.store(folder, waiting).await?);
        Ok(stored)
    }

    /// Takes away what this batch stored where nothing stood before: files, and folders that are
    /// empty then. What it replaced cannot be brought back.
    ///
    /// # Errors
    ///
    /// `NotEmpty` for a folder into which somebody else put something; what the service refuses.
    /// The rest is still there.
    pub async fn undo(mut self) -> Result<()> {
        while let Some(entry) = self.made.pop() {
            match entry {
                Entry::File(file) => upload::remove_stored(&self.client, &file).await?,
                Entry::Folder(folder) => self.remove_folder(&folder).await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The size of a content that may share a request.
    fn small(&self, content: &Content) -> Option<u64> {
        let config = self.client.config();
        let shares = config.upload == Pages::Extended && content.is_reopenable();
        content.size().filter(|size| shares && *size <= config.chunk_size)
    }

    async fn store(&mut self, folder: &FolderId, members: Vec<Member>) -> Result<Vec<Stored>> {
        if members.len() < 2 {
            let mut stored = Vec::new();
            for Member { name, content, .. } in members {
                stored.push(self.upload(folder, &name, content).await?);
            }
            return Ok(stored);
        }
        let mut there = Vec::new();
        for member in &members {
            let at = self.destination(folder, &member.name);
            there.push(upload::replaceable(&self.client, &at).await?.is_some());
        }
        let to = self.destination(folder, "");
        let Outcome { operation, stored } =
            several::store(&self.client, &to, &members, &there).await?;
        self.adopt(operation);
        let mut all = Vec::new();
        for ((member, stored), replaced) in members.into_iter().zip(stored).zip(there) {
            all.push(match stored {
                Some(stored) => {
                    self.keep(&stored.file, replaced);
                    stored
                }
                None => self.upload(folder, &member.name, member.content).await?,
            });
        }
        Ok(all)
    }

    async fn folder(&self, parent: &FolderId, name: &str) -> Result<Option<FolderInfo>> {
        match listing::look(&self.client, parent, name).await? {
            Lookup::Found(entry) => match *entry {
                Entry::Folder(folder) => Ok(Some(folder)),
                _ => Err(Error::new(ErrorKind::AlreadyExists, "a file stands there")),
            },
            Lookup::Near(other) => {
                let message = format!("nothing of that very name is there, but {other:?}");
                Err(Error::new(ErrorKind::Conflict, message))
            }
            Lookup::Nothing => Ok(None),
        }
    }

    async fn remove_folder(&self, folder: &FolderInfo) -> Result<()> {
        let mut entries = listing::children(&self.client, &folder.id, None, Some(1));
        if futures_util::TryStreamExt::try_next(&mut entries).await?.is_some() {
            let message = format!("somebody put something into the folder {:?}", folder.name);
            return Err(Error::new(ErrorKind::NotEmpty, message));
        }
        self.client.folders().delete(&folder.id).await
    }

    fn destination(&self, folder: &FolderId, name: &str) -> Destination {
        let to = Destination::new(folder.clone(), name).with_overwrite(self.overwrite);
        to.within(self.root.clone(), self.operation.clone())
    }

    /// The first answer names the operation.
    fn adopt(&mut self, operation: Option<Box<str>>) {
        self.operation = self.operation.take().or(operation);
    }

    fn keep(&mut self, file: &FileInfo, replaced: bool) {
        if !replaced {
            self.made.push(Entry::File(file.clone()));
        }
    }
}

/// The most files of one request: how many the service takes is not documented.
const MOST: usize = 100;
