//! Whether what a receipt says is still so.

use std::fmt;

use wharf_connector::{Checksums, Entry, ErrorKind, Result};

use crate::receipt::End;
use crate::source::{are_apart, crc32_of};
use crate::{Algorithm, Place};

/// What stands at one end of a transfer now, beside what its receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// A checksum of what stands there is that of the bytes that were carried.
    Proven(Algorithm),
    /// Size and version, or size and time, are as they were. No checksum could be compared.
    Unchanged,
    /// The size is as it was. Nothing else could be compared.
    SizeOnly,
    /// Something else stands there now.
    Changed(String),
    /// Nothing stands there, or the account may not see it.
    Gone,
}

impl Held {
    /// Whether nothing speaks against the receipt.
    pub fn agrees(&self) -> bool {
        !matches!(self, Self::Changed(_) | Self::Gone)
    }

    /// The word for it: `proven`, `unchanged`, `size_only`, `changed` or `gone`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Proven(_) => "proven",
            Self::Unchanged => "unchanged",
            Self::SizeOnly => "size_only",
            Self::Changed(_) => "changed",
            Self::Gone => "gone",
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proven(algorithm) => write!(f, "proven by {algorithm}"),
            Self::SizeOnly => f.write_str("of the same size"),
            Self::Changed(what) => write!(f, "changed: {what}"),
            other => f.write_str(other.as_str()),
        }
    }
}

/// Looks at one end of a transfer again: `end` is what its receipt says, `sums` are those of the
/// bytes that were carried. With `read`, a file of which the service tells no checksum in common
/// is read.
///
/// # Errors
///
/// As [`Connector::stat`](wharf_connector::Connector::stat), except `NotFound`, and
/// [`Connector::read`](wharf_connector::Connector::read).
pub async fn check_end(end: &End, sums: &Checksums, place: &Place, read: bool) -> Result<Held> {
    let now = match place.connector.stat(&place.path).await {
        Ok(now) => now,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Held::Gone),
        Err(error) => return Err(error),
    };
    if now.is_folder() {
        return Ok(Held::Changed("it is a folder".to_owned()));
    }
    if let Some((was, is)) = end.state.size.zip(now.size).filter(|(was, is)| was != is) {
        return Ok(Held::Changed(format!("{is} bytes, and {was} were carried")));
    }
    let known = if sums.is_empty() { &end.state.checksums } else { sums };
    if let Some(held) = compare(known, &now.checksums) {
        return Ok(held);
    }
    if read && known.crc32.is_some() {
        let (_, held) = crc32_of(place, |_| ()).await?;
        return Ok(compare(known, &held).unwrap_or(Held::SizeOnly));
    }
    Ok(by_signs(end, &now))
}

fn compare(known: &Checksums, now: &Checksums) -> Option<Held> {
    match known.agree(now)? {
        true => Algorithm::common(known, now).map(Held::Proven),
        false => Some(Held::Changed("its checksum is another".to_owned())),
    }
}

fn by_signs(end: &End, now: &Entry) -> Held {
    let versions = end.state.version.as_deref().zip(now.version.as_deref());
    let times = end.state.modified.zip(now.modified);
    match (versions, times) {
        (Some((was, is)), _) if was == is => Held::Unchanged,
        (_, Some((was, is))) if !are_apart(was, is) => Held::Unchanged,
        (_, Some(_)) => Held::Changed("its modification time is another".to_owned()),
        (Some(_), None) => Held::Changed("its version is another".to_owned()),
        (None, None) => Held::SizeOnly,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use wharf_connector::{Connector, ConnectorExt, DeleteOptions, Memory, RemotePath};

    use super::*;

    #[tokio::test]
    async fn each_change_is_seen() {
        let memory = Arc::new(Memory::new());
        let path = RemotePath::new("/a").unwrap();
        let place = Place::new(memory.clone(), path.clone());
        let entry = memory.write_bytes(&path, "first").await.unwrap();
        let end = End::new(&place, &entry);
        let mut sums = Checksums::default();
        sums.crc32 = Some(crc32fast::hash(b"first"));
        let check = |read| check_end(&end, &sums, &place, read);

        assert_eq!(check(false).await.unwrap(), Held::Unchanged);
        assert_eq!(check(true).await.unwrap(), Held::Proven(Algorithm::Crc32));
        memory.write_bytes(&path, "other").await.unwrap();
        assert_eq!(check(false).await.unwrap().as_str(), "changed");
        assert_eq!(check(true).await.unwrap().to_string(), "changed: its checksum is another");
        memory.write_bytes(&path, "longer").await.unwrap();
        let held = check(false).await.unwrap();
        assert_eq!(held.to_string(), "changed: 6 bytes, and 5 were carried");
        memory.delete(&path, DeleteOptions::new()).await.unwrap();
        assert_eq!(check(true).await.unwrap(), Held::Gone);
    }
}
