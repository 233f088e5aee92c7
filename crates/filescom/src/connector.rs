//! Files.com as a connector: the typed client, put behind the contract.

mod relocate;
mod test;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use wharf_connector::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryStream, Error, ErrorKind, Info, Limits, ListOptions,
    NameCase, Operation, ReadOptions, RemotePath, RenameOptions, Result, WriteOptions,
};

use crate::api::{FileUpdate, Listing};
use crate::client::Client;
use crate::convert::{self, wire_path};
use crate::upload::Upload;
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
            .with_max_file(MAX_FILE);
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
            _ => Err(Error::new(ErrorKind::NotAFolder, "the parent is a file")),
        }
    }

    async fn do_read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.need(options.needs(), Operation::Read)?;
        let wire = wire_path(file)?;
        if file.is_root() {
            return Err(Error::new(ErrorKind::IsAFolder, "the root is a folder"));
        }
        let download = self.client.files().read(wire, options.range).await?;
        let (offset, length) = (download.offset, download.length);
        let entry = convert::entry(file, download.file.clone())?;
        let path = file.clone();
        let named =
            move |error| Error::from(error).of(crate::SCHEME).during(Operation::Read, &path);
        let body = download.into_stream().map(move |block| block.map_err(&named)).boxed();
        Ok(Download::new(&self.info, entry, offset, length, body))
    }

    async fn do_write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.need(options.needs(&content), Operation::Write)?;
        let wire = wire_path(file)?;
        if file.is_root() {
            return Err(Error::new(ErrorKind::IsAFolder, "the root is a folder"));
        }
        if !options.parents {
            self.need_parent(file).await?;
        }
        let small = content.size().is_some_and(|size| size <= self.client.config().part_size);
        if !small {
            // Only the end of an upload says that a folder is in the way: too late for a large one.
            self.need_no_folder(file).await?;
        }
        let mut upload = Upload::new()
            .with_mkdir_parents(options.parents)
            .with_expected(options.expected)
            .with_verify(options.verify);
        upload.provided_mtime = options.modified;
        let uploaded = match self.client.files().upload(wire, content, &upload).await {
            Ok(uploaded) => uploaded,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.need_no_folder(file).await?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        let stored = convert::entry(file, uploaded.file)?;
        if options.properties.is_empty() {
            return Ok(stored);
        }
        let changes = FileUpdate::new().with_custom_metadata(options.properties);
        let updated = self.client.files().update(stored.path.relative(), &changes).await;
        let updated = updated.map_err(|error| {
            let message =
                format!("the file is stored, its properties are not: {}", error.message());
            crate::Error::from(Error::from(error)).with_message(message)
        });
        Ok(convert::entry(&stored.path, updated?)?)
    }

    async fn need_no_folder(&self, path: &RemotePath) -> Result<()> {
        match self.look(path).await {
            Ok(entry) if entry.is_folder() => {
                Err(Error::new(ErrorKind::IsAFolder, "a folder stands there"))
            }
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
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
            return Err(Error::new(ErrorKind::Invalid, "the root cannot be deleted"));
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

    fn do_list(&self, folder: &RemotePath, options: ListOptions) -> Result<EntryStream> {
        let wire = wire_path(folder)?.to_owned();
        let mut listing = Listing::new();
        listing.per_page = options.page_size.map(|size| size.clamp(1, MAX_PAGE));
        let files = self.client.folders().list(&wire, listing);
        let state = Children {
            connector: self.clone(),
            key: convert::key(folder),
            folder: folder.clone(),
            files: Some(files),
            any: false,
        };
        let next = |mut state: Children| async move {
            let item = state.next().await?;
            if item.is_err() {
                state.files = None;
            }
            Some((item, state))
        };
        Ok(stream::unfold(state, next).boxed())
    }

    fn named<T>(&self, result: Result<T>, operation: Operation, path: &RemotePath) -> Result<T> {
        result.map_err(|error| error.of(crate::SCHEME).during(operation, path))
    }
}

/// A listing on its way to the caller.
struct Children {
    connector: FilesCom,
    folder: RemotePath,
    key: String,
    files: Option<stream::BoxStream<'static, crate::Result<convert::Told>>>,
    any: bool,
}

impl Children {
    async fn next(&mut self) -> Option<Result<Entry>> {
        while let Some(file) = self.files.as_mut()?.next().await {
            match file {
                Ok(file) => {
                    if let Some(entry) = convert::child(&self.folder, &self.key, file) {
                        self.any = true;
                        return Some(Ok(entry));
                    }
                }
                Err(error) => return Some(Err(self.explained(error.into()).await)),
            }
        }
        self.files = None;
        if self.any || self.folder.is_root() {
            return None;
        }
        // The service may list a file as a folder without entries.
        match self.connector.look(&self.folder).await {
            Ok(entry) if entry.is_folder() => None,
            Ok(_) => Some(Err(not_a_folder())),
            Err(error) => Some(Err(error)),
        }
    }

    /// What the service answers to the listing of a file is not documented: a look tells.
    async fn explained(&mut self, error: Error) -> Error {
        let told =
            [ErrorKind::NotFound, ErrorKind::Invalid, ErrorKind::Other, ErrorKind::NotAFolder];
        if self.any || !told.contains(&error.kind()) {
            return error;
        }
        match self.connector.look(&self.folder).await {
            Ok(entry) if entry.is_file() => not_a_folder(),
            _ => error,
        }
    }
}

fn not_a_folder() -> Error {
    Error::new(ErrorKind::NotAFolder, "it is a file")
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
                return Err(Error::new(ErrorKind::Invalid, "the root cannot be changed"));
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
}

const CAPABILITIES: Capabilities = Capabilities::all()
    .difference(Capabilities::WRITE_IF_ABSENT)
    .difference(Capabilities::UPDATE_DESCRIPTION)
    .difference(Capabilities::UPDATE_TAGS);

/// The largest object that the storage takes: 5 TiB (Amazon S3 User Guide).
const MAX_FILE: u64 = 5 * 1024 * 1024 * 1024 * 1024;
const MAX_PAGE: u32 = 10_000;
/// How often a folder whose content is gone is deleted again.
const MAX_LOOKS: u32 = 4;
