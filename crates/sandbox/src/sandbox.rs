//! A running sandbox.

mod builder;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::{Keys, User};
use crate::clock::Clock;
use crate::control::Control;
use crate::faults::Faults;
use crate::filescom::FilesCom;
use crate::mft::Mft;
use crate::seen::Seen;
use crate::shared::Shared;
use crate::tls::Tls;

pub use self::builder::Builder;

/// Files.com, its storage and Boomi MFT, each on a loopback address of its own, until dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    filescom: FilesCom,
    mft: Mft,
    control: Control,
    faces: Vec<JoinHandle<()>>,
    hashing: JoinHandle<()>,
    tls: Option<Tls>,
    stop: watch::Sender<bool>,
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

    /// Where Files.com is: `http://127.0.0.1:PORT`, without a slash at the end; `https:` if it
    /// speaks TLS.
    #[must_use]
    pub fn filescom_url(&self) -> String {
        self.url(self.shared.addresses.filescom)
    }

    /// Where the storage behind Files.com is: another origin, reached by pre-signed addresses.
    #[must_use]
    pub fn storage_url(&self) -> String {
        self.url(self.shared.addresses.storage)
    }

    /// Where Boomi MFT is.
    #[must_use]
    pub fn mft_url(&self) -> String {
        self.url(self.shared.addresses.mft)
    }

    /// The certificate of the authority to trust, in PEM, if the sandbox speaks TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(Tls::ca_pem)
    }

    /// The same as a file: `ca.pem` in the folder of [`Builder::data`], or a temporary one that
    /// goes with the sandbox.
    #[must_use]
    pub fn ca_file(&self) -> Option<&Path> {
        self.tls.as_ref().map(Tls::ca_file)
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

    fn url(&self, face: SocketAddr) -> String {
        self.shared.addresses.url(face)
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
