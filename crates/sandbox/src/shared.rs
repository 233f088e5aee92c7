//! What all faces of one sandbox share.

use crate::accounts::Accounts;
use crate::blob::Store;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::filescom::Signer;
use crate::ids::Ids;
use crate::options::Options;
use crate::seen::Seen;
use crate::server::Addresses;

/// The common ground of the faces; each holds it behind an `Arc`.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) accounts: Accounts,
    pub(crate) addresses: Addresses,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) ids: Ids,
    pub(crate) options: Options,
    pub(crate) seen: Seen,
    pub(crate) signer: Signer,
    pub(crate) store: Store,
}

impl Shared {
    pub(crate) fn new(options: Options, addresses: Addresses) -> Self {
        let ids = Ids::from_seed(options.seed);
        let signer = Signer::new(ids.hex(32));
        Self {
            accounts: Accounts::default(),
            addresses,
            clock: Clock::default(),
            faults: Faults::default(),
            ids,
            options,
            seen: Seen::default(),
            signer,
            store: Store::default(),
        }
    }
}
