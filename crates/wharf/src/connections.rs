//! Named connections: what was saved under a name, opened by it.

use std::sync::Arc;

pub use wharf_connections::*;
use wharf_connector::{Connector, Result};

/// Opens a connection of this person, or of the environment, by its name.
///
/// It reads files, and may run a command or ask a keyring: in an asynchronous program call it
/// where blocking is allowed. The vault is opened by what the environment says
/// ([`VAULT_PASSPHRASE_FILE`], [`VAULT_IDENTITY`]); nobody is asked. Each call makes a registry
/// of its own: to open several, make one, and use [`Connections::open`].
///
/// # Errors
///
/// `Invalid` for an unknown name, `Unauthenticated` where a secret is not, and the others of
/// [`Connections::open`].
pub fn open(name: &str) -> Result<Arc<dyn Connector>> {
    Connections::of_this_person()?.open(name, &crate::registry())
}
