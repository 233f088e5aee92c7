//! What a user may do with an entry: the bits of `EffectivePermission`.

use std::fmt;
use std::ops::BitOr;

use serde::{Deserialize, Serialize};

/// A set of rights, bit for bit as documented for `EffectivePermission`
/// (Boomi: File Sharing API reference 1.16, Root).
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rights(u32);

impl Rights {
    /// No right at all.
    pub const NONE: Self = Self(0x00);
    /// The entry is listed.
    pub const SHOW: Self = Self(0x01);
    /// Its information and a folder's content may be read.
    pub const READ: Self = Self(0x02);
    /// Files and folders may be created in it.
    pub const CREATE: Self = Self(0x04);
    /// File content may be fetched.
    pub const DOWNLOAD: Self = Self(0x08);
    /// It may be sent with a message.
    pub const DISTRIBUTE: Self = Self(0x10);
    /// Rights on it may be given.
    pub const MANAGE: Self = Self(0x20);
    /// Its name, place, description and content may be changed.
    pub const MODIFY: Self = Self(0x40);
    /// It may be deleted.
    pub const DELETE: Self = Self(0x80);
    /// Everything but [`Rights::SHOW`]: 254, the value of every printed sample.
    pub const SAMPLE: Self = Self(0xfe);
    /// Either of these makes an entry visible.
    pub const VISIBLE: Self = Self(0x03);
    /// All eight.
    pub const FULL: Self = Self(0xff);

    /// The number on the wire.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Whether every right of `other` is among these.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether at least one right of `other` is among these.
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The lower-case names, in the order of their bits.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |(right, _)| self.contains(*right)).map(|(_, name)| *name)
    }
}

impl BitOr for Rights {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

const NAMES: [(Rights, &str); 8] = [
    (Rights::SHOW, "show"),
    (Rights::READ, "read"),
    (Rights::CREATE, "create"),
    (Rights::DOWNLOAD, "download"),
    (Rights::DISTRIBUTE, "distribute"),
    (Rights::MANAGE, "manage"),
    (Rights::MODIFY, "modify"),
    (Rights::DELETE, "delete"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_value_lacks_show_alone() {
        assert_eq!(Rights::SAMPLE.bits(), 254);
        assert_eq!(Rights::SAMPLE | Rights::SHOW, Rights::FULL);
        assert!(!Rights::SAMPLE.contains(Rights::SHOW));
        assert_eq!(Rights::SAMPLE.names().count(), 7);
    }
}
