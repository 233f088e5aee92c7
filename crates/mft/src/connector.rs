//! MFT as a connector: the typed client, put behind the contract.

mod archive;
mod change;
mod cost;
mod list;
mod relocate;
mod test;
mod write;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::StreamExt;
use wharf_connector::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryState, EntryStream, Error, ErrorKind, Info, Limits,
    ListOptions, Operation, Reached, ReadOptions, RemotePath, RenameOptions, Result, WriteOptions,
};
use wharf_model::mft::{self, EffectivePermission};

use crate::client::Client;
use crate::config::Pages;
use crate::convert;
use crate::resolve::{Resolver, permitted};

/// One account of Boomi MFT as a [`Connector`].
///
/// The service works by ids; this finds them by looking through one folder at a time, and
/// remembers those of folders (see [`ListingWay`](crate::ListingWay) for how folders are looked
/// through). Paths begin at the account's root or home, as [`Root`](crate::Root) says.
///
/// - **Names** are compared letter by letter. Whether the service does so is not documented;
///   so nothing is written beside a name that differs in case alone, until
///   [`Config::name_case`](crate::Config::name_case) says which it is.
/// - **Rights** are those that the service tells with every entry. What they forbid is refused
///   without asking. A missing right to `show` hides nothing: all printed samples lack it.
/// - **Reading** holds back the footer that the extended page puts after the content, goes on
///   after a break, and hands out neither quarantined nor unfinished files.
/// - **Writing** sends up to [`Config::chunk_size`](crate::Config::chunk_size) in one request.
///   Larger contents go in chunks to a name of their own (`.wharf-upload-…`), which is changed to
///   the true one when everything is there; a file that is replaced so steps aside for the length
///   of one request, and gets another id. A write that is dropped in between leaves the unfinished
///   file there, marked as such. Afterwards the stored size is compared with the bytes sent: the
///   service tells no checksum, so more cannot be known.
/// - **Replacing** by a small file relies on the service to take the new content whole or not at
///   all; that is not documented, only likely, since it is one request.
///
/// ```
/// use wharf_connector::{Connector, ConnectorExt, RemotePath};
/// use wharf_mft::{Client, Config, Login, Mft};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (server, user) = (sandbox.mft_url(), sandbox.mft().users().remove(0));
/// let login = Login::password(user.password);
/// let mft = Mft::new(Client::new(Config::new(server, user.name, login))?);
/// assert!(mft.test_connection().await?.passed());
///
/// let report = RemotePath::new("/COMMON/reports/2026.csv")?;
/// mft.write_bytes(&report, "a;b\n1;2\n").await?;
/// assert_eq!(mft.read_bytes(&report, 1024).await?, "a;b\n1;2\n");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Mft {
    client: Client,
    info: Info,
    resolver: Arc<Resolver>,
}

impl Mft {
    /// A connector on this client.
    pub fn new(client: Client) -> Self {
        let limits = Limits::default()
            .with_name_case(client.config().name_case)
            .with_time_resolution(TIME_STEP);
        let base = client.transport().base();
        let host = match base.url().port() {
            Some(port) => format!("{}:{port}", base.host()),
            None => base.host().to_owned(),
        };
        let info = Info::new(crate::SCHEME, "Boomi MFT").with_host(host).with_limits(limits);
        let info = match client.config().user.as_str() {
            "" => info,
            user => info.with_user(user),
        };
        let resolver = Arc::new(Resolver::new(client.clone()));
        Self { client, info, resolver }
    }

    /// The typed client: everything that the contract has no word for.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What stands at a path, in the service's own words: its id, above all.
    ///
    /// # Errors
    ///
    /// As [`stat`](Connector::stat).
    pub async fn find(&self, path: &RemotePath) -> Result<mft::Entry> {
        let found = self.resolver.find(path).await;
        found.map_err(|error| named(error.into(), Operation::Stat, path))
    }

    fn need(&self, needs: Capabilities, operation: Operation) -> Result<()> {
        self.capabilities().require(needs, &self.info, operation)
    }

    fn permit(
        &self,
        rights: Option<EffectivePermission>,
        right: EffectivePermission,
    ) -> Result<()> {
        Ok(permitted(self.client.config().check_permissions, rights, right)?)
    }

    async fn do_stat(&self, path: &RemotePath) -> Result<Entry> {
        Ok(convert::entry(path.clone(), self.resolver.find(path).await?))
    }

    async fn do_read(&self, path: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.need(options.needs(), Operation::Read)?;
        let file = match self.resolver.find(path).await? {
            mft::Entry::File(file) => file,
            _ => return Err(Error::new(ErrorKind::IsAFolder, "a folder stands there")),
        };
        let entry = convert::file(path.clone(), file.clone());
        match entry.state {
            EntryState::Ready => {}
            EntryState::Partial => {
                let message = "its upload is not finished";
                return Err(Error::new(ErrorKind::Blocked, message)
                    .with_remedy("Wait until it is, or delete the file."));
            }
            _ => return Err(Error::new(ErrorKind::Blocked, "the service holds it in quarantine")),
        }
        self.permit(file.effective_permission, EffectivePermission::DOWNLOAD)?;
        let size = entry.size.unwrap_or_default();
        let range = options.range.resolve(size).ok_or_else(|| {
            let message = format!("{} of {size} bytes", options.range);
            Error::new(ErrorKind::InvalidRange, message)
        })?;
        let body = self.client.files().read(&file, range.clone()).await?;
        let at = path.clone();
        let body = body
            .map(move |block| block.map_err(|error| named(error.into(), Operation::Read, &at)))
            .boxed();
        let length = range.end - range.start;
        Ok(Download::new(&self.info, entry, range.start, Some(length), body))
    }

    async fn do_create_folder(
        &self,
        path: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        if path.is_root() {
            return self.do_stat(path).await;
        }
        let mut created = false;
        if let Some(parent) = path.parent().filter(|_| options.parents) {
            created = self.resolver.ensure(&parent).await?.1;
        }
        let made = self.resolver.make(path).await;
        let made = made.map_err(|error| if created { error.after_work() } else { error });
        Ok(convert::folder(path.clone(), made?))
    }
}

#[async_trait]
impl Connector for Mft {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        // The basic pages know no offset.
        let mut lacking = Capabilities::empty();
        let config = self.client.config();
        lacking.set(Capabilities::READ_RANGE, config.download == Pages::Basic);
        lacking.set(Capabilities::WRITE_RESUME, config.upload == Pages::Basic);
        CAPABILITIES - lacking
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let tested = test::run(self).await;
        tested.map_err(|error| named(error, Operation::TestConnection, &RemotePath::root()))
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.do_stat(path).await.map_err(|error| named(error, Operation::Stat, path))
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        let path = folder.clone();
        list::entries(self.resolver.clone(), self.client.clone(), folder.clone(), options)
            .map(move |entry| entry.map_err(|error| named(error, Operation::List, &path)))
            .boxed()
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.do_read(file, options).await.map_err(|error| named(error, Operation::Read, file))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let written = self.do_write(file, content, options).await;
        written.map_err(|error| named(error, Operation::Write, file))
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        let created = self.do_create_folder(folder, options).await;
        created.map_err(|error| named(error, Operation::CreateFolder, folder))
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        let deleted = self.do_delete(path, options).await;
        deleted.map_err(|error| named(error, Operation::Delete, path))
    }

    async fn copy(&self, from: &RemotePath, _: &RemotePath, _: CopyOptions) -> Result<Entry> {
        let error = Error::unsupported(&self.info, Operation::Copy);
        Err(named(error, Operation::Copy, from))
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        let renamed = self.do_rename(from, to, options).await;
        renamed.map_err(|error| named(error, Operation::Rename, from))
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        let updated = self.do_update(path, changes).await;
        updated.map_err(|error| named(error, Operation::Update, path))
    }

    fn calls(&self, operation: Operation, bytes: u64) -> Option<u64> {
        Some(cost::calls(operation, bytes, self.client.config().chunk_size))
    }
}

/// A refusal of ours, before anything was changed.
fn refused(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(kind, message).with_reached(Reached::No)
}

fn named(error: Error, operation: Operation, path: &RemotePath) -> Error {
    error.of(crate::SCHEME).during(operation, path)
}

/// Times are told in milliseconds (Boomi: File Sharing API reference 1.16, FileInfo).
const TIME_STEP: Duration = Duration::from_millis(1);

const CAPABILITIES: Capabilities = Capabilities::READ
    .union(Capabilities::READ_RANGE)
    .union(Capabilities::WRITE)
    .union(Capabilities::WRITE_UNKNOWN_SIZE)
    .union(Capabilities::CREATE_FOLDER)
    .union(Capabilities::DELETE)
    .union(Capabilities::DELETE_RECURSIVE)
    .union(Capabilities::RENAME_FILE)
    .union(Capabilities::RENAME_FOLDER)
    .union(Capabilities::UPDATE_DESCRIPTION)
    .union(Capabilities::UPDATE_TAGS)
    .union(Capabilities::PERMISSIONS)
    .union(Capabilities::WRITE_RESUME);
