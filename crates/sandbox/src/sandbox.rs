//! A running sandbox, and how it is set up.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::{Keys, User};
use crate::clock::Clock;
use crate::control::Control;
use crate::data::Data;
use crate::faults::Faults;
use crate::filescom::FilesCom;
use crate::mft::Mft;
use crate::options::Options;
use crate::seen::Seen;
use crate::server::{Addresses, Face, listen, serve};
use crate::shared::Shared;

/// Files.com, its storage and Boomi MFT, each on a loopback address of its own, until dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    filescom: FilesCom,
    mft: Mft,
    control: Control,
    faces: Vec<JoinHandle<()>>,
    hashing: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Sets up a [`Sandbox`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    filescom: SocketAddr,
    storage: SocketAddr,
    mft: SocketAddr,
    data: Option<PathBuf>,
    pub(crate) options: Options,
}

impl Sandbox {
    /// Starts a sandbox on free loopback ports, with the sample tree and patient behaviour.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A sandbox with other choices.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where Files.com is: `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn filescom_url(&self) -> String {
        url(self.shared.addresses.filescom)
    }

    /// Where the storage behind Files.com is: another origin, reached by pre-signed addresses.
    #[must_use]
    pub fn storage_url(&self) -> String {
        url(self.shared.addresses.storage)
    }

    /// Where Boomi MFT is.
    #[must_use]
    pub fn mft_url(&self) -> String {
        url(self.shared.addresses.mft)
    }

    /// The Files.com API keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        self.shared.accounts.keys()
    }

    /// The users, with whose passwords one signs in to Boomi MFT and to Files.com sessions.
    #[must_use]
    pub fn users(&self) -> &[User] {
        self.shared.accounts.users()
    }

    /// The clock that everything in the sandbox asks.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The faults still to come.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// What clients sent.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.shared.seen
    }

    /// The content of Files.com.
    #[must_use]
    pub fn filescom(&self) -> &FilesCom {
        &self.filescom
    }

    /// The content of Boomi MFT.
    #[must_use]
    pub fn mft(&self) -> &Mft {
        &self.mft
    }

    /// Puts everything back as it was at the start: content, sessions, faults, log and clock.
    /// State on disk begins anew too.
    pub fn reset(&self) {
        self.control.reset();
    }

    /// Stops it, and waits until it has stopped; what is being answered is broken off. The folder
    /// of [`Builder::data`] is free after it.
    ///
    /// Dropping a sandbox does the same without waiting.
    ///
    /// # Errors
    /// When state on disk cannot be written.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.send_replace(true);
        self.hashing.abort();
        for face in self.faces.drain(..) {
            // It ends in order, or was broken off by the end of the runtime.
            let _ = face.await;
        }
        self.close()
    }

    fn close(&self) -> io::Result<()> {
        self.shared.data.as_ref().map_or(Ok(()), |data| data.close())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.hashing.abort();
        for face in &self.faces {
            face.abort();
        }
        // All that was answered is written already.
        let _ = self.close();
    }
}

impl Builder {
    /// Where Files.com listens. Port 0, the default, takes any free port.
    pub fn filescom_address(mut self, address: SocketAddr) -> Self {
        self.filescom = address;
        self
    }

    /// Where the storage behind Files.com listens.
    pub fn storage_address(mut self, address: SocketAddr) -> Self {
        self.storage = address;
        self
    }

    /// Where Boomi MFT listens.
    pub fn mft_address(mut self, address: SocketAddr) -> Self {
        self.mft = address;
        self
    }

    /// Entries of a Files.com listing page where the client does not say; 1000 if it is not set.
    pub fn page_size(mut self, entries: usize) -> Self {
        self.options.page_size = entries.max(1);
        self
    }

    /// No Files.com page is larger than this, whatever the client asks for.
    pub fn page_limit(mut self, entries: usize) -> Self {
        self.options.page_limit = entries.max(1);
        self
    }

    /// Looks at a Files.com migration until it has ended; 2 if it is not set.
    ///
    /// A migration that nobody looks at ends by itself 5 seconds later.
    pub fn migration_polls(mut self, polls: u32) -> Self {
        self.options.migration_polls = polls;
        self
    }

    /// Whether copies and moves of single files run as migrations too, as those of folders do.
    pub fn all_actions_pending(mut self, pending: bool) -> Self {
        self.options.all_actions_pending = pending;
        self
    }

    /// Looks at a newly uploaded file that show no checksums yet; none if it is not set.
    pub fn late_checksums(mut self, looks: u32) -> Self {
        self.options.late_checksums = looks;
        self
    }

    /// Whether files show checksums at all. Sites may have them switched off.
    pub fn checksums(mut self, shown: bool) -> Self {
        self.options.checksums = shown;
        self
    }

    /// Whether part addresses allow parallel use. If not, parts must come strictly in order,
    /// as on many remote mounts.
    pub fn parallel_parts(mut self, allowed: bool) -> Self {
        self.options.parallel_parts = allowed;
        self
    }

    /// The size in bytes suggested for every part. Without it parts grow from 5 MiB. Smaller
    /// sizes also lower the least size a part may have, so that little content makes many parts.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.options.part_size = Some(bytes.max(1));
        self
    }

    /// Whether downloads are given an identity when a client asks for one.
    pub fn download_identity(mut self, given: bool) -> Self {
        self.options.download_identity = given;
        self
    }

    /// Whether Files.com compresses answers of 1 KiB and more for clients that accept gzip; it
    /// does if it is not set. Storage never compresses.
    pub fn gzip(mut self, compressed: bool) -> Self {
        self.options.gzip = compressed;
        self
    }

    /// Whether Files.com tells errors as it did until 2023: 400 for `bad-request`, `http-code`
    /// as a text, two request ids of which the first, a UUID, is the `instance`.
    pub fn older_errors(mut self, older: bool) -> Self {
        self.options.older_errors = older;
        self
    }

    /// Whether storage refuses requests that bring credentials; it does if it is not set.
    pub fn strict_storage(mut self, strict: bool) -> Self {
        self.options.strict_storage = strict;
        self
    }

    /// Whether missing parents are made even when a client does not ask for it: a site setting.
    pub fn always_create_parents(mut self, always: bool) -> Self {
        self.options.always_create_parents = always;
        self
    }

    /// Whether the sample tree is there at the start; it is if it is not set.
    pub fn seed_tree(mut self, planted: bool) -> Self {
        self.options.seed_tree = planted;
        self
    }

    /// Keeps the state on disk, in this folder, so that it survives a restart; it is made if it
    /// is not there. Without it everything is gone when the sandbox stops.
    ///
    /// Kept are the folders and files of both services with their content and ids, keys, users
    /// and passwords, favourites, rights, tickets, messages, locks, file migrations and their
    /// log, unfinished uploads and their parts. Gone after a restart are sessions and download
    /// addresses, as those of the services would be, and what belongs to the trial and not to
    /// the services: faults, the log of requests, the clock, and how the sandbox behaves, which
    /// the builder says anew. An upload goes on if the storage address is the same as before.
    /// The sample tree is planted, and [`Builder::seed`] heeded, only when nothing is kept yet.
    ///
    /// What was answered survives the end of the process, however it comes, `kill -9` at any
    /// moment included: before an answer goes out its changes are with the operating system,
    /// content whole. Of what was not answered each change is there whole or not at all. When
    /// the power goes, the last changes may be lost, or the state be damaged.
    ///
    /// The folder is for one sandbox at a time. Content longer than 1 KiB lies in files below
    /// `blobs`, each written once and removed when nothing refers to it; all else is in
    /// `state.jsonl`. Both hold passwords and content as they are, for the eyes of the owner.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Where made-up numbers and ids come from.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// As awkward as the services are allowed to be: pages of two entries, every copy and move
    /// a slow migration, checksums that appear at the third look.
    pub fn awkward(self) -> Self {
        self.page_size(2)
            .page_limit(2)
            .all_actions_pending(true)
            .migration_polls(4)
            .late_checksums(2)
    }

    /// Starts it.
    ///
    /// # Errors
    /// When an address is not on loopback ([`io::ErrorKind::InvalidInput`]) or cannot be opened;
    /// when another sandbox has the folder of [`Builder::data`]
    /// ([`io::ErrorKind::ResourceBusy`]), something else is in it
    /// ([`io::ErrorKind::InvalidInput`]), or the state there is damaged
    /// ([`io::ErrorKind::InvalidData`]). A damaged state is left as it is.
    pub async fn start(self) -> io::Result<Sandbox> {
        let filescom_listener = listen(self.filescom).await?;
        let storage_listener = listen(self.storage).await?;
        let mft_listener = listen(self.mft).await?;
        let addresses = Addresses {
            filescom: filescom_listener.local_addr()?,
            storage: storage_listener.local_addr()?,
            mft: mft_listener.local_addr()?,
        };
        let (data, mut rows) = match &self.data {
            Some(folder) => Data::open(folder).map(|(data, rows)| (Some(data), rows))?,
            None => (None, None),
        };
        let shared = Shared::new(self.options, addresses, data.clone(), rows.as_mut())?;
        let shared = Arc::new(shared);
        let filescom = FilesCom::new(shared.clone(), rows.as_mut())?;
        let mft = Mft::new(shared.clone(), rows.as_mut())?;
        if let Some(data) = data {
            data.begin(vec![filescom.part(), mft.part(), shared.part()], rows)?;
        }
        let control = Control::new(shared.clone(), filescom.clone(), mft.clone());
        let (stop, stopped) = watch::channel(false);
        let face = |listener: TcpListener, name, router| {
            let (control, shared) = (control.clone(), shared.clone());
            let face = Face { name, router, control, shared };
            serve(listener, face, stopped.clone())
        };
        let faces = vec![
            face(filescom_listener, "filescom", filescom.router()),
            face(storage_listener, "storage", filescom.storage_router()),
            face(mft_listener, "mft", mft.router()),
        ];
        let hashing = tokio::spawn(filescom.clone().finish_hashing());
        Ok(Sandbox { shared, filescom, mft, control, faces, hashing, stop })
    }
}

impl Default for Builder {
    fn default() -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { filescom: free, storage: free, mft: free, data: None, options: Options::default() }
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}
