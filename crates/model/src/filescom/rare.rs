//! What nearly every file lacks, kept apart so that it costs one pointer.

use std::fmt;

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde_json::{Map, Value};
use serde_with::de::DeserializeAsWrap;

use super::{DirectConnectionInfo, DownloadIdentity, Origin, Preview};
use crate::number::Whole;
use crate::object::Leftover;

/// The members of a file that are mostly null or absent, and those unknown to this crate. The
/// latter are kept and written back; only their names are printed, since nobody knows what is in
/// them.
#[derive(Clone, Default)]
pub(crate) struct Rare(Option<Box<Kept>>);

#[derive(Clone, Default)]
struct Kept {
    created_by: Origin,
    last_modified_by: Origin,
    sha1: Option<Box<str>>,
    sha256: Option<Box<str>>,
    priority_color: Option<Box<str>>,
    preview_id: Option<i64>,
    preview: Option<Box<Preview>>,
    direct_connection_info: Option<Box<DirectConnectionInfo>>,
    download_identity: Option<Box<DownloadIdentity>>,
    unknown: Map<String, Value>,
}

impl Rare {
    pub(super) fn created_by(&self) -> Origin {
        self.get(|kept| Some(kept.created_by)).unwrap_or_default()
    }

    pub(super) fn last_modified_by(&self) -> Origin {
        self.get(|kept| Some(kept.last_modified_by)).unwrap_or_default()
    }

    pub(super) fn sha1(&self) -> Option<&str> {
        self.get(|kept| kept.sha1.as_deref())
    }

    pub(super) fn sha256(&self) -> Option<&str> {
        self.get(|kept| kept.sha256.as_deref())
    }

    pub(super) fn priority_color(&self) -> Option<&str> {
        self.get(|kept| kept.priority_color.as_deref())
    }

    pub(super) fn preview_id(&self) -> Option<i64> {
        self.get(|kept| kept.preview_id)
    }

    pub(super) fn preview(&self) -> Option<&Preview> {
        self.get(|kept| kept.preview.as_deref())
    }

    pub(super) fn direct_connection_info(&self) -> Option<&DirectConnectionInfo> {
        self.get(|kept| kept.direct_connection_info.as_deref())
    }

    pub(super) fn download_identity(&self) -> Option<&DownloadIdentity> {
        self.get(|kept| kept.download_identity.as_deref())
    }

    pub(super) fn unknown(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|kept| &kept.unknown).map(|(name, value)| (name.as_str(), value))
    }

    fn get<'a, T>(&'a self, part: impl FnOnce(&'a Kept) -> Option<T>) -> Option<T> {
        self.0.as_deref().and_then(part)
    }

    fn kept(&mut self) -> &mut Kept {
        self.0.get_or_insert_default()
    }

    /// Takes one member if there is anything in it.
    fn set<'de, T, A>(
        &mut self,
        map: &mut A,
        part: impl FnOnce(&mut Kept) -> &mut Option<T>,
    ) -> Result<(), A::Error>
    where
        T: serde::Deserialize<'de>,
        A: MapAccess<'de>,
    {
        if let Some(value) = map.next_value::<Option<T>>()? {
            *part(self.kept()) = Some(value);
        }
        Ok(())
    }

    /// Takes an id that tells where a file came from.
    fn set_origin<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        origin: impl FnOnce(&mut Kept) -> &mut Origin,
        part: &str,
    ) -> Result<(), A::Error> {
        if Origin::default().slot(part).is_none() {
            return self.set_unknown(name, map);
        }
        let id: DeserializeAsWrap<Option<i64>, Whole> = map.next_value()?;
        if let Some(id) = id.into_inner()
            && let Some(slot) = origin(self.kept()).slot(part)
        {
            *slot = Some(id);
        }
        Ok(())
    }

    fn set_unknown<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let value = map.next_value()?;
        self.kept().unknown.insert(name.to_owned(), value);
        Ok(())
    }
}

impl fmt::Debug for Rare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(kept) = &self.0 else {
            return f.write_str("Rare");
        };
        f.debug_struct("Rare")
            .field("created_by", &kept.created_by)
            .field("last_modified_by", &kept.last_modified_by)
            .field("sha1", &kept.sha1)
            .field("sha256", &kept.sha256)
            .field("priority_color", &kept.priority_color)
            .field("preview_id", &kept.preview_id)
            .field("preview", &kept.preview)
            .field("direct_connection_info", &kept.direct_connection_info)
            .field("download_identity", &kept.download_identity)
            .field("unknown", &kept.unknown.keys())
            .finish()
    }
}

impl Leftover for Rare {
    const WANTED: bool = true;

    fn owns(name: &str) -> bool {
        name.starts_with(CREATED) || name.starts_with(MODIFIED)
    }

    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if let Some(part) = name.strip_prefix(CREATED) {
            return self.set_origin(name, map, |kept| &mut kept.created_by, part);
        }
        if let Some(part) = name.strip_prefix(MODIFIED) {
            return self.set_origin(name, map, |kept| &mut kept.last_modified_by, part);
        }
        match name {
            "sha1" => self.set(map, |kept| &mut kept.sha1),
            "sha256" => self.set(map, |kept| &mut kept.sha256),
            "priority_color" => self.set(map, |kept| &mut kept.priority_color),
            "preview_id" => self.set(map, |kept| &mut kept.preview_id),
            "preview" => self.set(map, |kept| &mut kept.preview),
            "direct_connection_info" => self.set(map, |kept| &mut kept.direct_connection_info),
            "download_identity" => self.set(map, |kept| &mut kept.download_identity),
            name => self.set_unknown(name, map),
        }
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Some(kept) = &self.0 else {
            return Ok(());
        };
        for (name, text) in [
            ("sha1", &kept.sha1),
            ("sha256", &kept.sha256),
            ("priority_color", &kept.priority_color),
        ] {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        if let Some(id) = kept.preview_id {
            map.serialize_entry("preview_id", &id)?;
        }
        if let Some(preview) = &kept.preview {
            map.serialize_entry("preview", preview)?;
        }
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
