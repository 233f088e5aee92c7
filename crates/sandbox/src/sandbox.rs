//! A running sandbox, and how it is set up.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::accounts::{Keys, User};
use crate::clock::Clock;
use crate::control::Control;
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
}

/// Sets up a [`Sandbox`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    filescom: SocketAddr,
    storage: SocketAddr,
    mft: SocketAddr,
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
    pub fn reset(&self) {
        self.control.reset();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for face in &self.faces {
            face.abort();
        }
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

    /// Starts it.
    ///
    /// # Errors
    /// When an address is not on loopback ([`io::ErrorKind::InvalidInput`]) or cannot be opened.
    pub async fn start(self) -> io::Result<Sandbox> {
        let filescom_listener = listen(self.filescom).await?;
        let storage_listener = listen(self.storage).await?;
        let mft_listener = listen(self.mft).await?;
        let addresses = Addresses {
            filescom: filescom_listener.local_addr()?,
            storage: storage_listener.local_addr()?,
            mft: mft_listener.local_addr()?,
        };
        let shared = Arc::new(Shared::new(self.options, addresses));
        let filescom = FilesCom::new(shared.clone());
        let mft = Mft::new(shared.clone());
        let control = Control::new(shared.clone(), filescom.clone(), mft.clone());
        let face = |listener: TcpListener, name, router| {
            let (control, shared) = (control.clone(), shared.clone());
            let face = Face {
                name,
                router,
                control,
                shared,
            };
            serve(listener, face)
        };
        let faces = vec![
            face(filescom_listener, "filescom", filescom.router()),
            face(storage_listener, "storage", filescom.storage_router()),
            face(mft_listener, "mft", mft.router()),
        ];
        Ok(Sandbox {
            shared,
            filescom,
            mft,
            control,
            faces,
        })
    }
}

impl Default for Builder {
    fn default() -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            filescom: free,
            storage: free,
            mft: free,
            options: Options::default(),
        }
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}
