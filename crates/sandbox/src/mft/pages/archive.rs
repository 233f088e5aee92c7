//! ZIP archives, stored without compression, put together without copying the content.

use bytes::Bytes;
use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::blob::Blob;

/// One folder or file of an archive.
#[derive(Debug)]
pub(super) struct Member {
    /// Relative to the archive, `/`-separated.
    pub(super) path: String,
    pub(super) modified: DateTime<Utc>,
    /// None for a folder.
    pub(super) content: Option<Blob>,
}

/// The archive of these members; with the ZIP64 forms where the old ones are too small.
pub(super) fn zip(members: impl Iterator<Item = Member>) -> Blob {
    let mut parts = Vec::new();
    let mut directory = Vec::new();
    let (mut offset, mut count) = (0_u64, 0_u64);
    for member in members {
        let entry = Entry::new(&member, offset);
        let header = Blob::from(Bytes::from(entry.local_header()));
        offset += header.len() + entry.size;
        count += 1;
        directory.extend(entry.central_header());
        parts.push(header);
        parts.extend(member.content);
    }
    let size = directory.len() as u64;
    directory.extend(ending(count, size, offset));
    parts.push(Blob::from(Bytes::from(directory)));
    Blob::concat(&parts)
}

struct Entry {
    name: Vec<u8>,
    time: u16,
    date: u16,
    crc: u32,
    size: u64,
    offset: u64,
    is_folder: bool,
}

impl Entry {
    fn new(member: &Member, offset: u64) -> Self {
        let (time, date) = dos_time(member.modified);
        let is_folder = member.content.is_none();
        let mut name = member.path.clone().into_bytes();
        if is_folder {
            name.push(b'/');
        }
        Self {
            name,
            time,
            date,
            crc: member.content.as_ref().map_or(0, Blob::crc32),
            size: member.content.as_ref().map_or(0, Blob::len),
            offset,
            is_folder,
        }
    }

    fn local_header(&self) -> Vec<u8> {
        let extra = if narrow(self.size).is_none() {
            wide_field(&[self.size, self.size])
        } else {
            Vec::new()
        };
        let mut out = LOCAL_HEADER.to_vec();
        self.common(&mut out, extra.len());
        out.extend(&self.name);
        out.extend(extra);
        out
    }

    fn central_header(&self) -> Vec<u8> {
        let mut wide = Vec::new();
        if narrow(self.size).is_none() {
            wide.extend([self.size, self.size]);
        }
        let offset = narrow(self.offset).unwrap_or_else(|| {
            wide.push(self.offset);
            u32::MAX
        });
        let extra = if wide.is_empty() { Vec::new() } else { wide_field(&wide) };
        let mut out = CENTRAL_HEADER.to_vec();
        out.extend((MADE_ON_UNIX | VERSION).to_le_bytes());
        self.common(&mut out, extra.len());
        // Comment length, disk number, internal attributes.
        out.extend([0; 6]);
        let mode: u32 = if self.is_folder { 0o040_755 } else { 0o100_644 };
        let attributes = (mode << 16) | if self.is_folder { 0x10 } else { 0 };
        out.extend(attributes.to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend(&self.name);
        out.extend(extra);
        out
    }

    /// What both headers hold, from the version needed to the lengths of name and extra field.
    fn common(&self, out: &mut Vec<u8>, extra: usize) {
        let size = narrow(self.size).unwrap_or(u32::MAX);
        for short in [VERSION, NAMES_ARE_UTF8, STORED, self.time, self.date] {
            out.extend(short.to_le_bytes());
        }
        for long in [self.crc, size, size] {
            out.extend(long.to_le_bytes());
        }
        for length in [self.name.len(), extra] {
            // Names are limited by the tree, extra fields are short.
            out.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
        }
    }
}

/// The end of the archive: the wide records first, if they are needed.
fn ending(count: u64, size: u64, offset: u64) -> Vec<u8> {
    let short_count = u16::try_from(count).ok().filter(|count| *count != u16::MAX);
    let (narrow_size, narrow_offset) = (narrow(size), narrow(offset));
    let mut out = Vec::new();
    if short_count.is_none() || narrow_size.is_none() || narrow_offset.is_none() {
        out.extend(WIDE_END);
        out.extend(44_u64.to_le_bytes());
        out.extend([VERSION, VERSION].map(u16::to_le_bytes).concat());
        out.extend([0; 8]);
        for wide in [count, count, size, offset] {
            out.extend(wide.to_le_bytes());
        }
        out.extend(WIDE_LOCATOR);
        out.extend([0; 4]);
        out.extend((offset + size).to_le_bytes());
        out.extend(1_u32.to_le_bytes());
    }
    out.extend(END);
    out.extend([0; 4]);
    let count = short_count.unwrap_or(u16::MAX);
    out.extend([count, count].map(u16::to_le_bytes).concat());
    for long in [narrow_size, narrow_offset] {
        out.extend(long.unwrap_or(u32::MAX).to_le_bytes());
    }
    out.extend([0; 2]);
    out
}

/// The extra field that carries numbers too large for their places.
fn wide_field(numbers: &[u64]) -> Vec<u8> {
    let length = u16::try_from(numbers.len() * 8).unwrap_or(0);
    let mut out = [1_u16, length].map(u16::to_le_bytes).concat();
    for number in numbers {
        out.extend(number.to_le_bytes());
    }
    out
}

/// The number, unless it needs the wide form.
fn narrow(number: u64) -> Option<u32> {
    u32::try_from(number).ok().filter(|small| *small != u32::MAX)
}

/// Time and date as DOS has them: two-second steps from 1980 on.
fn dos_time(at: DateTime<Utc>) -> (u16, u16) {
    let time = (at.hour() << 11) | (at.minute() << 5) | (at.second() / 2);
    let year = u32::try_from((at.year() - 1980).clamp(0, 127)).unwrap_or(0);
    let date = (year << 9) | (at.month() << 5) | at.day();
    let short = |number: u32| u16::try_from(number).unwrap_or(0);
    (short(time), short(date))
}

const LOCAL_HEADER: [u8; 4] = *b"PK\x03\x04";
const CENTRAL_HEADER: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const WIDE_END: [u8; 4] = *b"PK\x06\x06";
const WIDE_LOCATOR: [u8; 4] = *b"PK\x06\x07";
/// 4.5: what understands ZIP64.
const VERSION: u16 = 45;
/// Else names are taken for those of DOS, whatever their flag says.
const MADE_ON_UNIX: u16 = 3 << 8;
const NAMES_ARE_UTF8: u16 = 1 << 11;
const STORED: u16 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    /// One MiB, again and again: content of gigabytes that takes no room.
    fn gigabytes(count: usize) -> Blob {
        let part = Blob::from(Bytes::from(vec![7; 1024 * 1024]));
        let gigabyte = Blob::concat(std::iter::repeat_n(&part, 1024));
        Blob::concat(std::iter::repeat_n(&gigabyte, count))
    }

    fn member(path: &str, content: Option<Blob>) -> Member {
        Member { path: path.to_owned(), modified: DateTime::UNIX_EPOCH, content }
    }

    async fn tail(archive: &Blob, length: u64) -> Vec<u8> {
        use futures_util::TryStreamExt;

        let from = archive.len() - length;
        let chunks: Vec<Bytes> = archive.read(from..archive.len()).try_collect().await.unwrap();
        chunks.concat()
    }

    #[tokio::test]
    async fn an_empty_archive_is_its_end_alone() {
        let archive = zip(std::iter::empty());
        assert_eq!(archive.bytes().await.unwrap(), [b"PK\x05\x06".as_slice(), &[0; 18]].concat());
    }

    #[tokio::test]
    async fn what_is_too_large_for_the_old_form_takes_the_new() {
        let members = [member("large", Some(gigabytes(5))), member("after", Some(Blob::empty()))];
        let archive = zip(members.into_iter());
        let size = 5_u64 << 30;
        let after = 30 + 5 + 20 + size;
        let central = (46 + 5 + 20) + (46 + 5 + 12);
        assert_eq!(archive.len(), after + 30 + 5 + central + 56 + 20 + 22);
        let tail = tail(&archive, central + 98).await;
        let wide = |at: usize| u64::from_le_bytes(tail[at..at + 8].try_into().unwrap());
        assert_eq!(&tail[46..51], b"large");
        assert_eq!((wide(55), wide(63)), (size, size));
        assert_eq!(&tail[117..122], b"after");
        assert_eq!(wide(126), after);
        assert_eq!(&tail[134..138], b"PK\x06\x06");
        assert_eq!((wide(158), wide(174), wide(182)), (2, central, after + 35));
        assert_eq!(&tail[190..194], b"PK\x06\x07");
        assert_eq!(wide(198), after + 35 + central);
        assert_eq!(
            tail[214..],
            [
                [0; 2],
                [0; 2],
                [2, 0],
                [2, 0],
                [central as u8, 0],
                [0; 2],
                [0xff; 2],
                [0xff; 2],
                [0; 2]
            ]
            .concat()
        );
    }

    #[tokio::test]
    async fn many_members_are_counted_in_the_new_form() {
        let archive = zip((0..70_000).map(|at| member(&at.to_string(), None)));
        let tail = tail(&archive, 98).await;
        assert_eq!(tail[24..32], 70_000_u64.to_le_bytes());
        assert_eq!(tail[84..88], [0xff; 4]);
    }
}
