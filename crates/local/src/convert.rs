//! What the file system says of an entry, in the words of the contract.

use std::time::{Duration, SystemTime};

use cap_std::fs::Metadata;
use chrono::{DateTime, Utc};
use wharf_connector::{Entry, EntryKind, EntryState, Error, ErrorKind, RemotePath, Result};

use crate::error::{link_refused, special_refused};
use crate::temporary;

/// The entry at `path`.
///
/// # Errors
///
/// It is a link that is not followed, or no file and no folder.
pub(crate) fn entry(path: RemotePath, metadata: &Metadata) -> Result<Entry> {
    let mut entry = Entry::new(path, kind(metadata)?);
    entry.modified = metadata.modified().ok().and_then(|time| to_utc(time.into_std()));
    entry.created = metadata.created().ok().and_then(|time| to_utc(time.into_std()));
    if entry.is_file() {
        entry.size = Some(metadata.len());
        entry.version = Some(version(metadata).into());
    }
    if temporary::is_name(entry.name()) {
        entry.state = EntryState::Partial;
    }
    Ok(entry)
}

/// File or folder.
///
/// # Errors
///
/// As [`entry`].
pub(crate) fn kind(metadata: &Metadata) -> Result<EntryKind> {
    if metadata.is_file() {
        Ok(EntryKind::File)
    } else if metadata.is_dir() {
        Ok(EntryKind::Folder)
    } else if metadata.is_symlink() {
        Err(link_refused())
    } else {
        Err(special_refused())
    }
}

/// A change of content changes time or size, and a file put in place of another has
/// another number.
fn version(metadata: &Metadata) -> String {
    let nanoseconds = metadata.modified().ok().map(|time| match since_1970(time.into_std()) {
        Ok(after) => after.as_nanos().cast_signed(),
        Err(before) => -before.as_nanos().cast_signed(),
    });
    let modified = nanoseconds.unwrap_or_default();
    let number = identity(metadata).map_or(0, |(_, number)| number);
    format!("{modified:x}-{:x}-{number:x}", metadata.len())
}

/// Disk and number of what stands there: the same for two names of one file. Not known on
/// Windows without opening the file.
#[cfg(unix)]
pub(crate) fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use cap_fs_ext::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

fn since_1970(time: SystemTime) -> Result<Duration, Duration> {
    time.duration_since(SystemTime::UNIX_EPOCH).map_err(|before| before.duration())
}

/// `None` for a time that the calendar does not reach: a file system may hold any number.
pub(crate) fn to_utc(time: SystemTime) -> Option<DateTime<Utc>> {
    let (seconds, nanoseconds) = match since_1970(time) {
        Ok(after) => (i64::try_from(after.as_secs()).ok()?, after.subsec_nanos()),
        Err(before) => {
            let seconds = -i64::try_from(before.as_secs()).ok()?;
            match before.subsec_nanos() {
                0 => (seconds, 0),
                part => (seconds - 1, 1_000_000_000 - part),
            }
        }
    };
    DateTime::from_timestamp(seconds, nanoseconds)
}

/// The time as this system holds it.
///
/// # Errors
///
/// `Unsupported` for a time that this system cannot hold.
pub(crate) fn to_system(time: DateTime<Utc>) -> Result<SystemTime> {
    let part = Duration::from_nanos(time.timestamp_subsec_nanos().into());
    let whole = Duration::from_secs(time.timestamp().unsigned_abs());
    let seconds = if time.timestamp() < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(whole)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(whole)
    };
    seconds.and_then(|seconds| seconds.checked_add(part)).ok_or_else(|| unkept(time))
}

/// Whether the file system kept a time as well as it can: some hold even seconds only.
///
/// # Errors
///
/// `Unsupported` when what it holds is another time.
pub(crate) fn check_kept(time: DateTime<Utc>, kept: SystemTime) -> Result<()> {
    let apart = to_utc(kept).map(|kept| (kept - time).abs());
    match apart {
        Some(apart) if apart <= chrono::TimeDelta::seconds(2) => Ok(()),
        _ => Err(unkept(time)),
    }
}

fn unkept(time: DateTime<Utc>) -> Error {
    let message = format!("this file system cannot keep the time {time}");
    Error::new(ErrorKind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_on_both_sides_of_1970() {
        for (seconds, nanoseconds) in [
            (0, 0),
            (1_337_174_868, 623_000_000),
            (-1, 0),
            (-1, 999_999_999),
            (-11_644_473_600, 500_000_000),
        ] {
            let time = DateTime::from_timestamp(seconds, nanoseconds).unwrap();
            assert_eq!(to_utc(to_system(time).unwrap()), Some(time), "{time}");
        }
    }

    #[test]
    fn a_time_beyond_the_calendar_is_none() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(i64::MAX as u64);
        assert_eq!(to_utc(far), None);
    }

    #[test]
    fn another_time_than_asked_is_told() {
        let asked = DateTime::from_timestamp(1_000_000, 0).unwrap();
        assert!(check_kept(asked, SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_001)).is_ok());
        let error = check_kept(asked, SystemTime::UNIX_EPOCH).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
