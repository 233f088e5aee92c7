//! Options of a copy.

use wharf_connector::{Checkpoint, OnConflict};

use crate::{Pace, Verify};

/// Options of [`copy_file`](crate::copy_file).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyFile {
    /// How sure it must be that the file arrived.
    pub verify: Verify,
    /// What to do when a file stands at the destination. By default it is replaced.
    pub on_conflict: OnConflict,
    /// Create missing parent folders. On by default.
    pub parents: bool,
    /// Keep the modification time, where the destination can. On by default.
    pub keep_modified: bool,
    /// Let a service copy within itself when both places are on one connector, and
    /// nothing more than [`Verify::WhenPossible`] is asked. On by default.
    pub native: bool,
    /// Compute MD5 beside CRC-32, for destinations that know nothing else. It takes
    /// nearly three times the work, and the source is then read in one pass. Off by
    /// default.
    pub md5: bool,
    /// Look at the source again at the end, to see whether it changed meanwhile, also
    /// when that costs a call to another machine. Off by default: a source of this machine
    /// is looked at anyway.
    pub recheck: bool,
    /// How many tries there are at most, at least one. A try is repeated at once, and only
    /// when the error is transient, asks for no wait, and the repetition cannot do
    /// harm. 1 by default: connectors repeat their requests by themselves.
    pub tries: u32,
    /// Where to keep how far the copy has come, so that another with the same options can go on
    /// with it. The source's identity is bound in here: whatever the checkpoint says of it does
    /// not count. None by default.
    pub checkpoint: Option<Checkpoint>,
    /// How fast the source is read at most. Without a bound by default.
    pub pace: Pace,
}

impl Default for CopyFile {
    fn default() -> Self {
        Self {
            verify: Verify::WhenPossible,
            on_conflict: OnConflict::Replace,
            parents: true,
            keep_modified: true,
            native: true,
            md5: false,
            recheck: false,
            tries: 1,
            checkpoint: None,
            pace: Pace::default(),
        }
    }
}

macro_rules! setters {
    ($( $(#[$doc:meta])* $setter:ident => $field:ident : $type:ty, )*) => {
        impl CopyFile {
            /// The defaults, to be changed with the setters.
            pub fn new() -> Self {
                Self::default()
            }
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $setter(mut self, $field: $type) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}

setters! {
    /// Sets how sure it must be that the file arrived.
    with_verify => verify: Verify,
    /// Sets what to do when a file stands at the destination.
    with_on_conflict => on_conflict: OnConflict,
    /// Sets whether missing parent folders are created.
    with_parents => parents: bool,
    /// Sets whether the modification time is kept.
    with_keep_modified => keep_modified: bool,
    /// Sets whether a service may copy within itself.
    with_native => native: bool,
    /// Sets whether MD5 is computed.
    with_md5 => md5: bool,
    /// Sets whether a source on another machine is looked at again at the end.
    with_recheck => recheck: bool,
    /// Sets how many tries there are at most.
    with_tries => tries: u32,
    /// Sets where to keep how far the copy has come.
    with_checkpoint => checkpoint: Option<Checkpoint>,
    /// Sets how fast the source is read at most.
    with_pace => pace: Pace,
}
