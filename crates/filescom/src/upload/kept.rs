//! What is kept of an upload, so that a later one goes on at the next part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wharf_connector::Checkpoint;

use super::Upload;
use super::total::Arrived;
use crate::error::Result;
use crate::sums::Wanted;

/// An upload that was begun, and the parts of it that the storage has. As text it is a token.
///
/// The reference names the upload to those who have the key; the addresses of its parts, which
/// need none, are not kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    path: String,
    size: u64,
    pub(super) reference: String,
    pub(super) parts: Vec<KeptPart>,
}

/// A part that has arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptPart {
    #[serde(rename = "n")]
    pub(super) number: u64,
    #[serde(rename = "at")]
    pub(super) offset: u64,
    #[serde(rename = "len")]
    pub(super) length: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(rename = "crc")]
    pub(super) crc32: u32,
}

/// Where the state of one upload is kept.
pub(super) struct Keeper<'a> {
    checkpoint: &'a Checkpoint,
    path: &'a str,
    size: u64,
    reference: String,
    /// So many parts were kept last.
    last: usize,
}

impl Kept {
    /// What an upload of this size to this path can go on with.
    pub(super) async fn load(options: &Upload, path: &str, size: u64) -> Result<Option<Self>> {
        let Some(checkpoint) = &options.checkpoint else {
            return Ok(None);
        };
        let Some(token) = checkpoint.load().await? else {
            return Ok(None);
        };
        let kept = serde_json::from_str::<Self>(&token).ok();
        Ok(kept.filter(|kept| kept.path == path && kept.size == size && kept.is_sound()))
    }

    /// Whether the parts follow one another, and leave room for those between.
    fn is_sound(&self) -> bool {
        let (mut number, mut end) = (0, 0_u64);
        let follow = self.parts.iter().all(|part| {
            let fits = part.number > number
                && part.length > 0
                && part.offset >= end.saturating_add(part.number - number - 1)
                && (part.number > number + 1 || part.offset == end);
            (number, end) = (part.number, part.offset.saturating_add(part.length));
            fits
        });
        follow && end <= self.size
    }

    /// Whether the last byte of each part has arrived: then it may have become a file.
    pub(super) fn is_whole(&self) -> bool {
        let sum: u64 = self.parts.iter().map(|part| part.length).sum();
        sum == self.size
    }

    /// The parts by number: where each begins, and how long it is.
    pub(super) fn spans(&self) -> BTreeMap<u64, (u64, u64)> {
        self.parts.iter().map(|part| (part.number, (part.offset, part.length))).collect()
    }
}

impl<'a> Keeper<'a> {
    /// None where going on is not worth it, or not possible: sums that need all bytes in order
    /// cannot leave any out.
    pub(super) fn new(
        options: &'a Upload,
        path: &'a str,
        size: Option<u64>,
        wanted: Wanted,
        reference: &str,
    ) -> Option<Self> {
        let checkpoint = options.checkpoint.as_ref().filter(|_| !wanted.needs_order())?;
        Some(Self { checkpoint, path, size: size?, reference: reference.to_owned(), last: 0 })
    }

    /// Keeps what has arrived: at first after each part, of many after each hundredth of them.
    pub(super) async fn keep(&mut self, arrived: &[Arrived], complete: bool) -> Result<()> {
        let step = if arrived.len() < MANY { 1 } else { arrived.len() / 100 };
        let due = arrived.len() >= self.last + step || (complete && arrived.len() > self.last);
        if !due {
            return Ok(());
        }
        let part = |part: &Arrived| {
            let (number, offset, length) = (part.number, part.offset, part.length);
            Some(KeptPart { number, offset, length, etag: part.etag.clone(), crc32: part.crc32? })
        };
        let Some(mut parts) = arrived.iter().map(part).collect::<Option<Vec<_>>>() else {
            return Ok(());
        };
        parts.sort_by_key(|part| part.number);
        let kept = Kept {
            path: self.path.to_owned(),
            size: self.size,
            reference: self.reference.clone(),
            parts,
        };
        let token = serde_json::to_string(&kept).unwrap_or_default();
        self.checkpoint.keep(token, None).await?;
        self.last = arrived.len();
        Ok(())
    }
}

/// From here on not every part is worth writing all of them down.
const MANY: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(size: u64, parts: &[(u64, u64, u64)]) -> Kept {
        let part = |(number, offset, length): &(u64, u64, u64)| KeptPart {
            number: *number,
            offset: *offset,
            length: *length,
            etag: None,
            crc32: 0,
        };
        let parts = parts.iter().map(part).collect();
        Kept { path: "a".into(), size, reference: "r".into(), parts }
    }

    #[test]
    fn only_parts_that_fit_together_are_gone_on_with() {
        for (parts, sound) in [
            (&[][..], true),
            (&[(1, 0, 5), (2, 5, 5)], true),
            (&[(1, 0, 5), (3, 10, 4)], true),
            (&[(2, 5, 5)], true),
            (&[(1, 1, 5)], false),
            (&[(1, 0, 5), (2, 6, 4)], false),
            (&[(2, 5, 5), (1, 0, 5)], false),
            (&[(1, 0, 5), (1, 0, 5)], false),
            (&[(1, 0, 5), (2, 5, 10)], false),
            (&[(1, 0, 5), (5, 6, 4)], false),
        ] {
            assert_eq!(kept(14, parts).is_sound(), sound, "{parts:?}");
        }
        assert!(kept(10, &[(1, 0, 5), (2, 5, 5)]).is_whole());
        assert!(!kept(10, &[(2, 5, 5)]).is_whole());
    }
}
