//! Where a file came from: ids that are nearly always null, kept apart so that they cost little.

use std::fmt;

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde_json::{Map, Value};
use serde_with::de::DeserializeAsWrap;

use crate::number::Whole;
use crate::object::Leftover;

/// What created or changed a file: ids of the user and of whatever acted for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// User.
    pub user: Option<i64>,
    /// API key.
    pub api_key: Option<i64>,
    /// Incoming AS2 message. Only of a creation.
    pub as2_incoming_message: Option<i64>,
    /// Automation.
    pub automation: Option<i64>,
    /// Registration at a share link.
    pub bundle_registration: Option<i64>,
    /// Inbox. Only of a creation.
    pub inbox: Option<i64>,
    /// Remote server.
    pub remote_server: Option<i64>,
    /// Sync. Older answers call it `..._remote_server_sync_id`; it is written as `..._sync_id`.
    pub sync: Option<i64>,
}

impl Origin {
    /// Whether no id is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The place of an id by what its name has after `created_by_` or `last_modified_by_`.
    fn slot(&mut self, name: &str) -> Option<&mut Option<i64>> {
        Some(match name {
            "id" => &mut self.user,
            "api_key_id" => &mut self.api_key,
            "as2_incoming_message_id" => &mut self.as2_incoming_message,
            "automation_id" => &mut self.automation,
            "bundle_registration_id" => &mut self.bundle_registration,
            "inbox_id" => &mut self.inbox,
            "remote_server_id" => &mut self.remote_server,
            "sync_id" | "remote_server_sync_id" => &mut self.sync,
            _ => return None,
        })
    }

    fn named(&self) -> [(&'static str, Option<i64>); 8] {
        [
            ("id", self.user),
            ("api_key_id", self.api_key),
            ("as2_incoming_message_id", self.as2_incoming_message),
            ("automation_id", self.automation),
            ("bundle_registration_id", self.bundle_registration),
            ("inbox_id", self.inbox),
            ("remote_server_id", self.remote_server),
            ("sync_id", self.sync),
        ]
    }
}

/// What a file carries beyond its usual fields: its origins, and members unknown to this crate.
///
/// Costs one pointer where there is neither. Unknown members are kept and written back; only
/// their names are printed, since nobody knows what is in them.
#[derive(Clone, Default)]
pub struct Extra(Option<Box<Kept>>);

#[derive(Clone, Default)]
struct Kept {
    created_by: Origin,
    last_modified_by: Origin,
    unknown: Map<String, Value>,
}

impl Extra {
    /// What created the file.
    #[must_use]
    pub fn created_by(&self) -> Origin {
        self.0.as_ref().map(|kept| kept.created_by).unwrap_or_default()
    }

    /// What changed the file last.
    #[must_use]
    pub fn last_modified_by(&self) -> Origin {
        self.0.as_ref().map(|kept| kept.last_modified_by).unwrap_or_default()
    }

    /// The value of a member unknown to this crate.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.unknown.get(name)
    }

    /// The members unknown to this crate.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|kept| &kept.unknown).map(|(name, value)| (name.as_str(), value))
    }

    fn kept(&mut self) -> &mut Kept {
        self.0.get_or_insert_default()
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Extra");
        for (name, origin) in
            [("created_by", self.created_by()), ("last_modified_by", self.last_modified_by())]
        {
            if !origin.is_empty() {
                shown.field(name, &origin);
            }
        }
        let unknown: Vec<&str> = self.unknown().map(|(name, _)| name).collect();
        if !unknown.is_empty() {
            shown.field("unknown", &unknown);
        }
        shown.finish()
    }
}

impl Leftover for Extra {
    const WANTED: bool = true;

    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let (creation, part) = match name.strip_prefix(CREATED) {
            Some(part) => (true, part),
            None => (false, name.strip_prefix(MODIFIED).unwrap_or_default()),
        };
        if Origin::default().slot(part).is_none() {
            let value = map.next_value()?;
            self.kept().unknown.insert(name.to_owned(), value);
            return Ok(());
        }
        let read: DeserializeAsWrap<Option<i64>, Whole> = map.next_value()?;
        let Some(id) = read.into_inner() else {
            return Ok(());
        };
        let kept = self.kept();
        let origin = if creation { &mut kept.created_by } else { &mut kept.last_modified_by };
        if let Some(slot) = origin.slot(part) {
            *slot = Some(id);
        }
        Ok(())
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Some(kept) = &self.0 else {
            return Ok(());
        };
        for (prefix, origin) in [(CREATED, kept.created_by), (MODIFIED, kept.last_modified_by)] {
            for (part, id) in origin.named() {
                if let Some(id) = id {
                    map.serialize_entry(&format_args!("{prefix}{part}"), &id)?;
                }
            }
        }
        for (name, value) in &kept.unknown {
            map.serialize_entry(name, value)?;
        }
        Ok(())
    }
}

const CREATED: &str = "created_by_";
const MODIFIED: &str = "last_modified_by_";
