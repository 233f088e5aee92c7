//! Files.com as a connector: the typed client, put behind the contract.

mod cost;
mod list;
mod relocate;
mod test;
mod write;

use std::borrow::Cow;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use wharf_connector::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryStream, Error, ErrorKind, Info, Limits, ListOptions,
    NameCase, Operation, Reached, ReadOptions, RemotePath, RenameOptions, Result, WriteOptions,
};

use crate::api::{FileUpdate, Listing};
use crate::client::Client;
use crate::convert::{self, wire_path};
use relocate::{Relocated, Verb};

/// One site of Files.com as a [`Connector`].
///
/// What it can is in [`capabilities`](Connector::capabilities); two things it cannot, since the
/// service has no way to: writing only where nothing stands, and descriptions and tags.
///
/// - A path keeps the spelling it was asked for by; the service compares without regard to case
///   and accents.
/// - `stat` of the root answers without asking: it is always a folder.
/// - An empty listing is followed by a look, for the service does not say whether it lists an empty
///   folder or a file.
/// - Writing with `parents` off looks at the parent first, since sites may create parents always.
///
/// ```
/// use wharf_connector::{Connector, ListOptions, RemotePath};
/// use wharf_connector::futures_util::TryStreamExt;
/// use wharf_filescom::{Client, Config, Credentials, FilesCom};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
/// let filescom = FilesCom::new(Client::new(Config::new(site, Credentials::api_key(key)?))?);
/// let report = filescom.test_connection().await?;
/// assert!(report.passed());
/// let entries: Vec<_> =
///     filescom.list(&RemotePath::root(), ListOptions::new()).try_collect().await?;
/// assert!(entries.iter().all(|entry| entry.path.parent() == Some(RemotePath::root())));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct FilesCom {
    client: Client,
    info: Info,
}

impl FilesCom {
    /// A connector on this client.
    pub fn new(client: Client) -> Self {
        let limits = Limits::default()
            .with_name_case(NameCase::InsensitiveToAccents)
            .with_max_path(convert::MAX_PATH)
            .with_max_name(convert::MAX_NAME)
            .with_max_file(MAX_FILE)
            .with_time_resolution(TIME_STEP);
        let base = client.transport().base();
        let host = match base.url().port() {
            Some(port) => format!("{}:{port}", base.host()),
            None => base.host().to_owned(),
        };
        let info = Info::new(crate::SCHEME, "Files.com").with_host(host).with_limits(limits);
        Self { client, info }
    }

    /// The typed client: everything that the contract has no word for.
    pub fn client(&self) -> &Client {
        &self.client
    }

    fn need(&self, needs: Capabilities, operation: Operation) -> Result<()> {
        CAPABILITIES.require(needs, &self.info, operation)
    }

    async fn look(&self, path: &RemotePath) -> Result<Entry> {
        let wire = wire_path(path)?;
        if path.is_root() {
            return Ok(Entry::folder(RemotePath::root()));
        }
        Ok(convert::entry(path, self.client.files().find(wire).await?)?)
    }

    /// That the parent of `path` is a folder, for calls that are not to create it.
    async fn need_parent(&self, path: &RemotePath) -> Result<()> {
        let Some(parent) = path.parent() else {
            return Ok(());
        };
        match self.look(&parent).await? {
            entry if entry.is_folder() => Ok(()),
            _ => {
                Err(Error::new(ErrorKind::NotAFolder, "the parent is a file")
                    .with_reached(Reached::No))
            }
        }
    }

    async fn do_read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.need(options.needs(), Operation::Read)?;
        let wire = wire_path(file)?;
        if file.is_root() {
            return Err(
                Error::new(ErrorKind::IsAFolder, "the root is a folder").with_reached(Reached::No)
            );
        }
        let download = self.client.files().read_with(wire, options).await?;
        let (offset, length) = (download.offset, download.length);
        let entry = convert::entry(file, download.file.clone())?;
        let path = file.clone();
        let named =
            move |error| Error::from(error).of(crate::SCHEME).during(Operation::Read, &path);
        let body = download.into_stream().map(move |block| block.map_err(&named)).boxed();
        Ok(Download::new(&self.info, entry, offset, length, body))
    }

    async fn do_create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        let wire = wire_path(folder)?;
        if folder.is_root() {
            return Ok(Entry::folder(RemotePath::root()));
        }
        if !options.parents {
            self.need_parent(folder).await?;
        }
        let folders = self.client.folders();
        let created = match options.parents {
            true => folders.create(wire).await,
            false => folders.create_without_parents(wire).await,
        };
        match created {
            Ok(file) => Ok(convert::entry(folder, file)?),
            // The service says so of a folder, too.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                match self.look(folder).await? {
                    entry if entry.is_folder() => Ok(entry),
                    _ => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn do_delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        let wire = wire_path(path)?;
        if path.is_root() {
            return Err(Error::new(ErrorKind::Invalid, "the root cannot be deleted")
                .with_reached(Reached::No));
        }
        let files = self.client.files();
        let mut looks = 0;
        loop {
            let deleted = match options.recursive {
                true => files.delete_recursively(wire).await,
                false => files.delete(wire).await,
            };
            let error = match deleted {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            // A folder counts as full for a moment after its content was deleted.
            let passing = error.kind() == ErrorKind::NotEmpty && looks < MAX_LOOKS;
            if !passing || (!options.recursive && !self.is_empty(wire).await) {
                return Err(error.into());
            }
            looks += 1;
        }
    }

    async fn is_empty(&self, folder: &str) -> bool {
        let listing = Listing::new().with_per_page(1);
        self.client.folders().list(folder, listing).next().await.is_none()
    }

    fn named<T>(&self, result: Result<T>, operation: Operation, path: &RemotePath) -> Result<T> {
        result.map_err(|error| error.of(crate::SCHEME).during(operation, path))
    }
}

#[async_trait]
impl Connector for FilesCom {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let result = test::run(&self.client).await;
        self.named(result, Operation::TestConnection, &RemotePath::root())
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.named(self.look(path).await, Operation::Stat, path)
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        let path = folder.clone();
        let named = move |error: Error| error.of(crate::SCHEME).during(Operation::List, &path);
        match self.do_list(folder, options) {
            Ok(entries) => entries.map(move |entry| entry.map_err(&named)).boxed(),
            Err(error) => stream::iter([Err(named(error))]).boxed(),
        }
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.named(self.do_read(file, options).await, Operation::Read, file)
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let written = Box::pin(self.do_write(file, content, options)).await;
        self.named(written, Operation::Write, file)
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        let created = self.do_create_folder(folder, options).await;
        self.named(created, Operation::CreateFolder, folder)
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        self.named(self.do_delete(path, options).await, Operation::Delete, path)
    }

    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        let CopyOptions { on_conflict, parents, .. } = options;
        let verb = Verb::Copy;
        let copied = Relocated { filescom: self, verb, from, to, on_conflict, parents }.run().await;
        self.named(copied, Operation::Copy, from)
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        let RenameOptions { on_conflict, parents, .. } = options;
        let verb = Verb::Move;
        let moved = Relocated { filescom: self, verb, from, to, on_conflict, parents }.run().await;
        self.named(moved, Operation::Rename, from)
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        let update = async {
            self.need(changes.needs(), Operation::Update)?;
            let wire = wire_path(path)?;
            if path.is_root() {
                return Err(Error::new(ErrorKind::Invalid, "the root cannot be changed")
                    .with_reached(Reached::No));
            }
            if changes.is_empty() {
                return self.look(path).await;
            }
            let mut update = FileUpdate::new();
            update.provided_mtime = changes.modified;
            update.custom_metadata = changes.properties;
            Ok(convert::entry(path, self.client.files().update(wire, &update).await?)?)
        };
        self.named(update.await, Operation::Update, path)
    }

    fn name_key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        Cow::Owned(convert::name_key(name))
    }

    fn check_name(&self, name: &str) -> Result<()> {
        let path = RemotePath::root().join(name)?;
        wire_path(&path).map(drop).map_err(|error| Error::from(error).of(crate::SCHEME))
    }

    fn calls(&self, operation: Operation, bytes: u64) -> Option<u64> {
        Some(cost::calls(operation, bytes, self.client.config().part_size))
    }
}

const CAPABILITIES: Capabilities = Capabilities::all()
    .difference(Capabilities::WRITE_IF_ABSENT)
    .difference(Capabilities::UPDATE_DESCRIPTION)
    .difference(Capabilities::UPDATE_TAGS);

/// The largest object that the storage takes: 5 TiB (Amazon S3 User Guide).
const MAX_FILE: u64 = 5 * 1024 * 1024 * 1024 * 1024;
/// Times are stored in whole seconds (measured against the service by the authors of rclone).
const TIME_STEP: Duration = Duration::from_secs(1);
/// How often a folder whose content is gone is deleted again.
const MAX_LOOKS: u32 = 4;
