//! Between the words of the service and those of the contract.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use wharf_connector::{Checksums, Entry, EntryKind, ErrorKind, Permissions, Reached, RemotePath};
use wharf_model::filescom::{
    ApiKey, File, FileKind, PathPermissions, comparison_key, is_same_spelling, normalize,
};

use crate::error::{Error, Result};

/// A path as the service takes it, refused if the service would take it for another one.
///
/// The service reads `\` as a slash and folds some characters together (compatibility forms of
/// Unicode, zero-width spaces), so that a name may mean something else than it says.
pub(crate) fn wire_path(path: &RemotePath) -> Result<&str> {
    let text = path.relative();
    if text.chars().count() > MAX_PATH {
        return Err(refused(format!("the path is longer than {MAX_PATH} characters")));
    }
    for name in path.segments() {
        if name.chars().count() > MAX_NAME {
            return Err(refused(format!("a name is longer than {MAX_NAME} characters")));
        }
        if name.contains('\\') {
            return Err(refused("a name has a backslash, which Files.com takes for a slash"));
        }
        if name.contains('\u{200b}') {
            return Err(refused("a name has a zero-width space, which Files.com refuses"));
        }
        let key = comparison_key(name);
        if matches!(key.as_str(), "" | "." | "..") || key.contains('/') {
            return Err(refused("a name means something else to Files.com than it says"));
        }
    }
    Ok(text)
}

/// An entry as the service tells it.
pub(crate) type Told = File;

/// What the service compares a path by.
pub(crate) fn key(path: &RemotePath) -> String {
    comparison_key(path.relative())
}

/// What the service compares a name by.
pub(crate) fn name_key(name: &str) -> String {
    comparison_key(name)
}

/// Whether the service takes two paths for one.
pub(crate) fn is_same(a: &RemotePath, b: &RemotePath) -> bool {
    a == b || comparison_key(a.relative()) == comparison_key(b.relative())
}

/// Whether `path` lies below `folder`, as the service compares paths.
pub(crate) fn is_below(path: &RemotePath, folder: &RemotePath) -> bool {
    let (path, folder) = (comparison_key(path.relative()), comparison_key(folder.relative()));
    folder.is_empty() || path.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'))
}

/// What was asked for by `path`. It keeps that spelling, unless the service says that it is
/// somewhere else.
pub(crate) fn entry(path: &RemotePath, file: File) -> Result<Entry> {
    let place = match file.path.as_deref() {
        Some(told) if !is_told(path.relative(), told) => RemotePath::new(&normalize(told))
            .map_err(|_| Error::protocol("the answer is about a path that cannot be one"))?,
        _ => path.clone(),
    };
    let kept = kept_name(&place, &file);
    let mut entry = described(place, file);
    entry.kept_name = kept;
    Ok(entry)
}

/// Where a file lies that was asked to be stored at `path`: a site may give it another name.
pub(crate) fn place<'a>(path: &'a str, file: &'a File) -> &'a str {
    match file.path.as_deref() {
        Some(told) if !told.is_empty() && !is_told(path, told) => told,
        _ => path,
    }
}

/// The name that the service keeps, if a person would say that it is another.
fn kept_name(path: &RemotePath, file: &File) -> Option<Box<str>> {
    let (name, told) = (path.name()?, normalize(file.path.as_deref()?));
    let told = told.rsplit('/').next()?;
    (!is_same_spelling(name, told)).then(|| told.into())
}

/// A child of `folder`; none for the folder itself.
///
/// What lies elsewhere, or bears a name that no entry can have, is an error: the service has sent
/// such entries (the official Go SDK drops them), and whoever copies a folder must not take a part
/// of it for the whole.
pub(crate) fn child(folder: &RemotePath, folder_key: &str, file: File) -> Option<Result<Entry>> {
    let told = file.path.as_deref().unwrap_or_default();
    let path = normalize(told);
    // The service itself takes `..` out of a path: here it would name the folder, or worse.
    let climbs = told.split(['/', '\\']).any(|name| name == "..");
    if !climbs && !told.is_empty() && comparison_key(&path) == folder_key {
        return None;
    }
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_child = !climbs && (parent == folder.relative() || comparison_key(parent) == folder_key);
    let child = is_child.then(|| folder.join(name).ok()).flatten();
    Some(match child {
        Some(path) => Ok(described(path, file)),
        None => {
            let told: String = told.chars().take(LONGEST_TOLD).collect();
            let message = format!("an entry of the listing cannot lie there: {told:?}");
            Err(Error::protocol(message).with_reached(Reached::No))
        }
    })
}

/// Whether the path that the service tells is the one asked for, perhaps from another root.
fn is_told(path: &str, told: &str) -> bool {
    if told == path {
        return true;
    }
    let (asked, told) = (comparison_key(path), comparison_key(told));
    asked == told || told.strip_suffix(&asked).is_some_and(|rest| rest.ends_with('/'))
}

fn described(path: RemotePath, file: File) -> Entry {
    let kind = match &file.kind {
        FileKind::Directory => EntryKind::Folder,
        FileKind::Other(word) if &**word == "folder" => EntryKind::Folder,
        _ => EntryKind::File,
    };
    let mut entry = Entry::new(path, kind);
    if entry.is_file() {
        entry.size = size(&file);
    }
    entry.modified = file.modified();
    entry.created = file.created_at;
    entry.checksums = checksums(&file);
    entry.permissions = file.permissions.as_ref().map(permissions);
    entry.content_type = file.mime_type.as_deref().map(Into::into);
    entry.properties = properties(file.custom_metadata);
    entry
}

/// The size in bytes, if it makes sense.
pub(crate) fn size(file: &File) -> Option<u64> {
    file.size.and_then(|size| u64::try_from(size).ok())
}

/// Whether one of two answers about a path is of another content than the other, by what both tell.
pub(crate) fn is_another(then: &File, now: &File) -> bool {
    differ(then.size.as_ref(), now.size.as_ref())
        || differ(then.mtime.as_ref(), now.mtime.as_ref())
        || differ(then.crc32.as_ref(), now.crc32.as_ref())
        || differ(then.md5.as_ref(), now.md5.as_ref())
}

/// Whether one of two answers about a path bears another time than the other, by what both tell.
pub(crate) fn is_of_another_time(then: &File, now: &File) -> bool {
    differ(then.mtime.as_ref(), now.mtime.as_ref())
        || differ(then.provided_mtime.as_ref(), now.provided_mtime.as_ref())
}

fn differ<T: PartialEq>(then: Option<&T>, now: Option<&T>) -> bool {
    matches!((then, now), (Some(then), Some(now)) if then != now)
}

/// The checksums that the service vouches for. What is no checksum is none.
pub(crate) fn checksums(file: &File) -> Checksums {
    let told = file.checksums();
    let mut sums = Checksums::default();
    sums.crc32 = told.crc32.map(u32::from);
    sums.md5 = told.md5.and_then(digest);
    sums.sha1 = told.sha1.and_then(digest);
    sums.sha256 = told.sha256.and_then(digest);
    sums
}

/// Bytes out of hexadecimal digits, if they are as many as are wanted.
pub(crate) fn digest<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = digits.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else {
            return None;
        };
        let value = |digit: &u8| char::from(*digit).to_digit(16);
        *byte = u8::try_from(value(high)? * 16 + value(low)?).ok()?;
    }
    Some(bytes)
}

/// Four letters, each a few of the eight rights. Whatever is told of is shown.
fn permissions(letters: &PathPermissions) -> Permissions {
    let mut rights = Permissions::SHOW;
    rights.set(Permissions::READ, letters.can_list() || letters.can_read());
    rights.set(Permissions::DOWNLOAD, letters.can_read());
    rights.set(Permissions::CREATE | Permissions::MODIFY, letters.can_write());
    rights.set(Permissions::DELETE, letters.can_delete());
    rights
}

/// A pair without a value is none.
fn properties(pairs: Option<BTreeMap<Box<str>, Option<Box<str>>>>) -> BTreeMap<String, String> {
    let pairs = pairs.into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.into(), value?.into()))).collect()
}

/// Who asks, in neutral words.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) account: Option<String>,
    pub(crate) credential: String,
    pub(crate) permissions: Option<String>,
    pub(crate) confined_to: Option<String>,
    pub(crate) expires: Option<DateTime<Utc>>,
}

/// The key that the service describes.
pub(crate) fn described_key(key: ApiKey) -> Key {
    let credential = match key.user_id {
        Some(user) => format!("API key of user {user}"),
        None => "site-wide API key".to_owned(),
    };
    let filled = |text: Option<Box<str>>| text.map(String::from).filter(|text| !text.is_empty());
    let label = filled(key.descriptive_label);
    Key {
        account: filled(key.site_name).or_else(|| filled(key.name)).or(label),
        credential,
        permissions: filled(key.permission_set),
        confined_to: filled(key.path),
        expires: key.expires_at,
    }
}

fn refused(why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Invalid, why)
}

/// Longest path, in characters (Files.com REST API reference, File).
pub(crate) const MAX_PATH: usize = 5000;
/// Longest name, in characters (measured against the service by the authors of rclone).
pub(crate) const MAX_NAME: usize = 512;
/// So much of a path that cannot be one is shown.
const LONGEST_TOLD: usize = 200;

#[cfg(test)]
mod tests;
