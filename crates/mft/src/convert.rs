//! From the service's words to neutral ones.

use wharf_connector::{Entry, EntryState, Permissions, RemotePath};
use wharf_model::mft::{self, EffectivePermission, FileInfo, FolderInfo};

/// What stands at `path`.
pub(crate) fn entry(path: RemotePath, entry: mft::Entry) -> Entry {
    let kept = path.name().filter(|name| *name != entry.name()).map(|_| entry.name().into());
    let mut entry = match entry {
        mft::Entry::File(info) => file(path, info),
        mft::Entry::Folder(info) => folder(path, info),
        _ => Entry::file(path),
    };
    entry.kept_name = kept;
    entry
}

/// A file at `path`. Size and time are the service's own; it tells neither checksum nor version.
pub(crate) fn file(path: RemotePath, info: FileInfo) -> Entry {
    let mut entry = Entry::file(path);
    entry.size = info.size.and_then(|size| u64::try_from(size).ok());
    entry.modified = info.date_modified;
    entry.created = info.date_created;
    entry.permissions = info.effective_permission.map(permissions);
    entry.state = state(&info);
    entry.id = Some(info.id.as_str().into());
    entry.description = info.description.filter(|text| !text.is_empty());
    entry.tags = tags(info.tags);
    entry
}

/// A folder at `path`. The size that the service sums up is not told: folders have none.
pub(crate) fn folder(path: RemotePath, info: FolderInfo) -> Entry {
    let mut entry = Entry::folder(path);
    entry.modified = info.date_modified;
    entry.created = info.date_created;
    entry.permissions = info.effective_permission.map(permissions);
    entry.id = Some(info.id.as_str().into());
    entry.description = info.description.filter(|text| !text.is_empty());
    entry.tags = tags(info.tags);
    entry
}

/// The eight rights have the same names and bits; bits without a name are left out.
pub(crate) fn permissions(rights: EffectivePermission) -> Permissions {
    Permissions::from_bits_truncate(rights.bits())
}

fn state(info: &FileInfo) -> EntryState {
    if info.is_quarantined == Some(true) {
        EntryState::Quarantined
    } else if info.is_partially_uploaded == Some(true) {
        EntryState::Partial
    } else {
        EntryState::Ready
    }
}

fn tags(tags: Option<Box<[Box<str>]>>) -> Vec<Box<str>> {
    tags.unwrap_or_default().into_iter().filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Entry {
        file(RemotePath::root(), serde_json::from_str(json).unwrap())
    }

    #[test]
    fn rights_keep_their_names() {
        let ours: Vec<_> = Permissions::all().iter_names().map(|(name, _)| name).collect();
        for (bit, name) in ours.iter().enumerate() {
            let right = EffectivePermission::from_bits_retain(1 << bit);
            assert_eq!(right.to_string(), name.to_ascii_lowercase());
            assert_eq!(permissions(right).to_string(), name.to_ascii_lowercase());
        }
        let sample = permissions(EffectivePermission::from_bits_retain(0x1fe));
        assert_eq!(sample, Permissions::all() - Permissions::SHOW);
    }

    #[test]
    fn what_is_not_said_is_not_made_up() {
        let entry = read(r#"{"FileID": "1", "Name": "a", "Description": "", "Tags": [""]}"#);
        assert_eq!((entry.size, entry.modified, entry.permissions), (None, None, None));
        assert_eq!((entry.description, entry.tags.len()), (None, 0));
        assert_eq!(entry.state, EntryState::Ready);
        assert_eq!(read(r#"{"FileID": "1", "Name": "a", "Size": -1}"#).size, None);
    }

    #[test]
    fn held_back_is_told() {
        for (flags, state) in [
            (r#""IsQuarantined": true, "IsPartiallyUploaded": true"#, EntryState::Quarantined),
            (r#""IsQuarantined": false, "IsPartiallyUploaded": true"#, EntryState::Partial),
            (r#""IsQuarantined": null"#, EntryState::Ready),
        ] {
            assert_eq!(read(&format!(r#"{{"FileID": "1", "Name": "a", {flags}}}"#)).state, state);
        }
    }
}
