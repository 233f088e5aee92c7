//! What all faces of one sandbox share.

use std::io;
use std::sync::{Arc, Mutex};

use crate::accounts::Accounts;
use crate::blob::Store;
use crate::clock::Clock;
use crate::data::{Data, Kept, Lines, Part, Rows};
use crate::faults::Faults;
use crate::filescom::Signer;
use crate::ids::Ids;
use crate::latency::Latency;
use crate::options::Options;
use crate::seen::Seen;
use crate::server::Addresses;

/// The common ground of the faces; each holds it behind an `Arc`.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) accounts: Accounts,
    pub(crate) addresses: Addresses,
    pub(crate) clock: Clock,
    /// Where the state is kept, if it is.
    pub(crate) data: Option<Arc<Data>>,
    pub(crate) faults: Faults,
    pub(crate) ids: Arc<Ids>,
    pub(crate) latency: Latency,
    pub(crate) options: Options,
    pub(crate) seen: Seen,
    pub(crate) signer: Signer,
    pub(crate) store: Store,
}

impl Shared {
    /// # Errors
    /// When what was written before cannot be used.
    pub(crate) fn new(
        options: Options,
        addresses: Addresses,
        data: Option<Arc<Data>>,
        rows: Option<&mut Rows>,
    ) -> io::Result<Self> {
        let (ids, signer, accounts) = match rows {
            None => {
                let ids = Ids::from_seed(options.seed);
                let signer = Signer::new(ids.hex(32));
                (ids, signer, Accounts::default())
            }
            Some(rows) => (
                Ids::after(rows.one(TABLE, IDS)?),
                Signer::new(rows.one(TABLE, SIGNER)?),
                rows.one(TABLE, ACCOUNTS)?,
            ),
        };
        Ok(Self {
            accounts,
            addresses,
            clock: Clock::default(),
            faults: Faults::default(),
            ids: Arc::new(ids),
            latency: Latency::new(options.latency),
            options,
            seen: Seen::default(),
            signer,
            store: data.as_ref().map(|data| data.store()).unwrap_or_default(),
            data,
        })
    }

    /// What is kept of all this.
    pub(crate) fn part(&self) -> Part {
        let (ids, signer) = (self.ids.clone(), self.signer.clone());
        Arc::new(Mutex::new(Common { ids, signer, accounts: self.accounts.clone() }))
    }

    /// Writes down what changed, if the state is kept. Whoever changed it without a request need
    /// not hear that it failed: the next request will.
    pub(crate) fn save(&self) {
        if let Some(data) = &self.data {
            let _ = data.commit_now();
        }
    }

    /// The same when everything was changed at once.
    pub(crate) fn save_all(&self) {
        if let Some(data) = &self.data {
            data.forget();
        }
        self.save();
    }
}

struct Common {
    ids: Arc<Ids>,
    signer: Signer,
    accounts: Accounts,
}

impl Kept for Common {
    fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        lines.small(TABLE, &IDS, &self.ids.progress())?;
        lines.fixed(TABLE, &SIGNER, &self.signer.key())?;
        lines.fixed(TABLE, &ACCOUNTS, &self.accounts)
    }
}

const TABLE: &str = "sandbox";
const IDS: &str = "ids";
const SIGNER: &str = "signer";
const ACCOUNTS: &str = "accounts";
