//! The connector.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cap_fs_ext::{DirExt, SystemTimeSpec};
use wharf_connector::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryStream, Error, ErrorKind, Info, Limits, ListOptions,
    NameCase, Operation, ReadOptions, RemotePath, RenameOptions, Result, StageOutcome,
    WriteOptions, async_trait,
};

use crate::blocking::{Stop, blocking};
use crate::error::{from_io, link_refused, unwritable};
use crate::root::{Missing, Root};
use crate::write::sync_folder;
use crate::{convert, delete, list, name, read, relocate, write};

/// A folder of this machine as a backend. See the [crate's page](crate) for its policies.
///
/// It needs a `tokio` runtime: blocking work goes to the runtime's threads for it.
#[derive(Debug, Clone)]
pub struct Local {
    root: Arc<Root>,
    info: Info,
}

impl Local {
    /// The folder `root` of this machine. Nothing is looked at yet, so the folder need not
    /// exist before the first call. A relative path is taken from the current directory
    /// as it is now. Links on the way to the root are followed: it is the caller's choice.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let path = root.into();
        let path = std::path::absolute(&path).unwrap_or(path);
        let info =
            Info::new(SCHEME, "Local files").with_root(shown_root(&path)).with_limits(limits());
        let root = Root { path, follow_symlinks: false, skip_special: false, fsync: false };
        Self { root: Arc::new(root), info }
    }

    /// Sets whether symbolic links are followed, within the root. Off by default.
    #[must_use]
    pub fn with_follow_symlinks(mut self, follow: bool) -> Self {
        Arc::make_mut(&mut self.root).follow_symlinks = follow;
        self
    }

    /// Sets whether listings leave out what is neither file nor folder (links that are
    /// not followed, devices, pipes, sockets) instead of telling it as an error. Off by
    /// default.
    #[must_use]
    pub fn with_skip_special(mut self, skip: bool) -> Self {
        Arc::make_mut(&mut self.root).skip_special = skip;
        self
    }

    /// Sets whether a file is on the disk, and not only in the system's memory of it,
    /// before it gets its name. Off by default.
    #[must_use]
    pub fn with_fsync(mut self, fsync: bool) -> Self {
        Arc::make_mut(&mut self.root).fsync = fsync;
        self
    }

    /// The folder that is the root, as an absolute path of this machine.
    pub fn root(&self) -> &Path {
        &self.root.path
    }

    async fn run<T, F>(&self, operation: Operation, path: &RemotePath, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Root, &RemotePath, &Stop) -> Result<T> + Send + 'static,
    {
        let (root, at) = (self.root.clone(), path.clone());
        let done = blocking(move |stop| work(&root, &at, stop)).await;
        done.map_err(|error| error.of(SCHEME).during(operation, path))
    }

    fn need(&self, needs: Capabilities, operation: Operation) -> Result<()> {
        ABILITIES.require(needs, &self.info, operation)
    }
}

#[async_trait]
impl Connector for Local {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        ABILITIES
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let shown = self.root.path.display().to_string();
        self.run(Operation::TestConnection, &RemotePath::root(), move |root, _, _| {
            let (mut report, begun) = (ConnectionReport::new(), Instant::now());
            let readable = root.open().and_then(|folder| folder.entries().map_err(from_io));
            match readable {
                Ok(_) => {
                    report.stage("root folder", StageOutcome::Passed, shown, begun.elapsed());
                    Ok(report)
                }
                Err(error) => {
                    let detail = format!("{shown}: {}", error.message());
                    report.stage("root folder", StageOutcome::Failed, detail, begun.elapsed());
                    Err(error.with_report(report))
                }
            }
        })
        .await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.run(Operation::Stat, path, |root, path, _| root.entry(path)).await
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        list::list(self.root.clone(), folder, &options, SCHEME)
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        let download = read::read(self.root.clone(), &self.info, file, options).await;
        download.map_err(|error| error.of(SCHEME).during(Operation::Read, file))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let write = async {
            self.need(options.needs(&content), Operation::Write)?;
            write::write(self.root.clone(), file, content, options).await
        };
        write
            .await
            .map_err(|error| unwritable(error, file).of(SCHEME).during(Operation::Write, file))
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        let create = move |root: &Root, path: &RemotePath, _: &Stop| {
            create_folder(root, path, options.parents.into())
        };
        self.run(Operation::CreateFolder, folder, create).await
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        let delete = move |root: &Root, path: &RemotePath, stop: &Stop| {
            delete::delete(root, path, &options, stop)
        };
        self.run(Operation::Delete, path, delete).await
    }

    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        let to = to.clone();
        let copy = move |root: &Root, from: &RemotePath, stop: &Stop| {
            relocate::copy(root, from, &to, &options, stop)
        };
        self.run(Operation::Copy, from, copy).await
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        let to = to.clone();
        let rename = move |root: &Root, from: &RemotePath, _: &Stop| {
            relocate::rename(root, from, &to, &options)
        };
        self.run(Operation::Rename, from, rename).await
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        let possible = self.need(changes.needs(), Operation::Update);
        possible.map_err(|error| error.during(Operation::Update, path))?;
        self.run(Operation::Update, path, move |root, path, _| update(root, path, &changes)).await
    }

    fn check_name(&self, name: &str) -> Result<()> {
        name::check(name).map_err(|error| error.of(SCHEME))?;
        if name.len() > LONGEST_NAME {
            let message = format!("the name has more than {LONGEST_NAME} bytes");
            return Err(Error::new(ErrorKind::Invalid, message).of(SCHEME));
        }
        Ok(())
    }

    fn calls(&self, _: Operation, _: u64) -> Option<u64> {
        Some(0)
    }
}

/// A name of more bytes than this no usual file system takes; those of Windows and of Apple count
/// characters of another width, so that a name may be too long for them before.
const LONGEST_NAME: usize = 255;

fn limits() -> Limits {
    let step = if cfg!(windows) { Duration::from_nanos(100) } else { Duration::from_nanos(1) };
    Limits::default().with_name_case(NAME_CASE).with_time_resolution(step)
}

fn create_folder(root: &Root, path: &RemotePath, missing: Missing) -> Result<Entry> {
    if path.is_root() {
        return root.entry(path);
    }
    let spot = root.spot(path, missing)?;
    let there = match spot.look()? {
        Some(there) => Some(there),
        None => match spot.folder.create_dir(&spot.name) {
            Ok(()) => {
                if root.fsync {
                    sync_folder(&spot.folder)?;
                }
                None
            }
            // Another caller was quicker; what it made may be a folder or a file.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => spot.look()?,
            Err(error) => return Err(from_io(error)),
        },
    };
    match there {
        Some(there) if there.is_symlink() && !root.follow_symlinks => Err(link_refused()),
        Some(there) if !there.is_dir() && !there.is_symlink() => {
            Err(Error::new(ErrorKind::AlreadyExists, "a file stands there"))
        }
        _ => match root.entry(path)? {
            entry if entry.is_folder() => Ok(entry),
            _ => Err(Error::new(ErrorKind::AlreadyExists, "a file stands there")),
        },
    }
}

fn update(root: &Root, path: &RemotePath, changes: &Changes) -> Result<Entry> {
    if path.is_root() {
        return Err(Error::new(ErrorKind::Invalid, "the root cannot be changed"));
    }
    let (spot, metadata) = root.find(path)?;
    convert::kind(&metadata)?;
    if let Some(modified) = changes.modified {
        let before = metadata.modified().map_err(from_io)?;
        let set = |time| {
            let time = Some(SystemTimeSpec::from(time));
            spot.folder.set_symlink_times(&spot.name, None, time).map_err(from_io)
        };
        set(cap_time(convert::to_system(modified)?))?;
        let kept = spot.folder.symlink_metadata(&spot.name).and_then(|there| there.modified());
        if let Err(unkept) = convert::check_kept(modified, kept.map_err(from_io)?.into_std()) {
            set(before)?;
            return Err(unkept);
        }
    }
    root.entry(path)
}

fn cap_time(time: std::time::SystemTime) -> cap_std::time::SystemTime {
    cap_std::time::SystemTime::from_std(time)
}

/// The root for people and for logs; what is not UTF-8 in it is replaced.
fn shown_root(path: &Path) -> RemotePath {
    RemotePath::new(&path.to_string_lossy()).unwrap_or_default()
}

/// The scheme.
pub(crate) const SCHEME: &str = "file";

const ABILITIES: Capabilities = Capabilities::READ
    .union(Capabilities::READ_RANGE)
    .union(Capabilities::WRITE)
    .union(Capabilities::WRITE_UNKNOWN_SIZE)
    .union(Capabilities::WRITE_IF_ABSENT)
    .union(Capabilities::WRITE_MODIFIED)
    .union(Capabilities::CREATE_FOLDER)
    .union(Capabilities::DELETE)
    .union(Capabilities::DELETE_RECURSIVE)
    .union(Capabilities::COPY_FILE)
    .union(Capabilities::COPY_FOLDER)
    .union(Capabilities::RENAME_FILE)
    .union(Capabilities::RENAME_FOLDER)
    .union(Capabilities::UPDATE_MODIFIED)
    .union(Capabilities::CHECKSUMS)
    .union(Capabilities::WRITE_RESUME);

/// What is usual on the system; single file systems may differ.
const NAME_CASE: NameCase = if cfg!(any(windows, target_vendor = "apple")) {
    NameCase::Insensitive
} else {
    NameCase::Sensitive
};
