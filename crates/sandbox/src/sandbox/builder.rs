//! How a sandbox is set up.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Sandbox;
use crate::control::Control;
use crate::data::Data;
use crate::filescom::FilesCom;
use crate::mft::Mft;
use crate::options::Options;
use crate::server::{Acceptor, Addresses, Face, listen, serve};
use crate::shared::Shared;
use crate::tls::Tls;

/// Sets up a [`Sandbox`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    filescom: SocketAddr,
    storage: SocketAddr,
    mft: SocketAddr,
    data: Option<PathBuf>,
    tls: bool,
    pub(crate) options: Options,
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

    /// Whether MD5 is one of the checksums beside CRC-32. Sites choose which are calculated; that of
    /// a large file takes seconds.
    pub fn md5(mut self, calculated: bool) -> Self {
        self.options.md5 = calculated;
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
    ///
    /// ```
    /// use wharf_sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// let sandbox = Sandbox::builder().data(folder).start().await?;
    /// sandbox.filescom().put("note.txt", "still there");
    /// sandbox.stop().await?;
    ///
    /// let sandbox = Sandbox::builder().data(folder).start().await?;
    /// let note = sandbox.filescom().content("note.txt").unwrap();
    /// assert_eq!(note.bytes().await?, "still there");
    /// # Ok(()) }
    /// ```
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Whether all three addresses speak TLS, with a certificate that an authority of the
    /// sandbox's own vouches for: clients must be told to trust [`Sandbox::ca_file`].
    ///
    /// The authority vouches for `localhost` and the loopback addresses alone. With
    /// [`Builder::data`] it is kept and stays the same from start to start; without, each start
    /// has its own. TLS 1.2 and 1.3, and HTTP/1.1 alone, are offered.
    ///
    /// ```
    /// use wharf_sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let sandbox = Sandbox::builder().tls(true).start().await?;
    /// println!("curl --cacert {:?} {}", sandbox.ca_file(), sandbox.filescom_url());
    /// assert!(sandbox.filescom_url().starts_with("https://127.0.0.1:"));
    /// # Ok(()) }
    /// ```
    pub fn tls(mut self, encrypted: bool) -> Self {
        self.tls = encrypted;
        self
    }

    /// How long each request is on its way before it is looked at, as to a service far away;
    /// no time if it is not set. Time that tests pause does not pass.
    pub fn latency(mut self, time: Duration) -> Self {
        self.options.latency = time;
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
            tls: self.tls,
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
        let ips = [addresses.filescom, addresses.storage, addresses.mft].map(|face| face.ip());
        let tls = self.tls.then(|| Tls::new(self.data.as_deref(), &ips)).transpose()?;
        let control = Control::new(shared.clone(), filescom.clone(), mft.clone());
        let (stop, stopped) = watch::channel(false);
        let face = |listener: TcpListener, name, router| {
            let (control, shared) = (control.clone(), shared.clone());
            let tls = tls.as_ref().map(|tls| Acceptor(tls.acceptor()));
            let face = Face { name, router, control, shared, tls };
            serve(listener, face, stopped.clone())
        };
        let faces = vec![
            face(filescom_listener, "filescom", filescom.router()),
            face(storage_listener, "storage", filescom.storage_router()),
            face(mft_listener, "mft", mft.router()),
        ];
        let hashing = tokio::spawn(filescom.clone().finish_hashing());
        Ok(Sandbox { shared, filescom, mft, control, faces, hashing, tls, stop })
    }
}

impl Default for Builder {
    fn default() -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            filescom: free,
            storage: free,
            mft: free,
            data: None,
            tls: false,
            options: Options::default(),
        }
    }
}
