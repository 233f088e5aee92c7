//! Reading files.

use futures_util::TryStreamExt;
use wharf_connector::{ByteRange, Capabilities, ConnectorExt, ErrorKind, ReadOptions};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn content_comes_back_whole(context: &Context) -> Verdict {
    if !can_read(context) {
        return Ok(());
    }
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    context.put("bytes.bin", &bytes).await?;
    context.require_content(&context.path("bytes.bin")?, &bytes).await
}

pub(super) async fn empty_file_reads_as_nothing(context: &Context) -> Verdict {
    if !can_read(context) {
        return Ok(());
    }
    context.put("empty.bin", b"").await?;
    context.require_content(&context.path("empty.bin")?, b"").await
}

pub(super) async fn large_file_comes_back_whole(context: &Context) -> Verdict {
    if !can_read(context) {
        return Ok(());
    }
    let bytes = large();
    context.put("large.bin", &bytes).await?;
    let path = context.path("large.bin")?;
    context.require_content(&path, &bytes).await?;
    if context.can(Capabilities::READ_RANGE) {
        let (start, end) = (5 * 1024 * 1024 - 3, 5 * 1024 * 1024 + 3);
        let range = ByteRange::of(start as u64..end as u64);
        let got = context.connector.read_range(&path, range, 100).await?;
        require!(bytes.get(start..end) == Some(&*got), "a range deep in a large file is wrong");
    }
    Ok(())
}

pub(super) async fn range_in_the_middle(context: &Context) -> Verdict {
    require_range(context, ByteRange::of(2..5), "cde").await
}

pub(super) async fn range_to_the_end(context: &Context) -> Verdict {
    require_range(context, ByteRange::from_offset(7), "hij").await
}

pub(super) async fn range_of_the_last_bytes(context: &Context) -> Verdict {
    require_range(context, ByteRange::last(4), "ghij").await?;
    require_range(context, ByteRange::last(40), "abcdefghij").await
}

pub(super) async fn range_is_cut_at_the_end(context: &Context) -> Verdict {
    require_range(context, ByteRange::of(8..500), "ij").await
}

pub(super) async fn range_past_the_end_is_invalid(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::READ | Capabilities::READ_RANGE) {
        return Ok(());
    }
    context.put("ten.txt", b"abcdefghij").await?;
    let path = context.path("ten.txt")?;
    for range in [ByteRange::from_offset(10), ByteRange::of(11..12), ByteRange::of(3..3)] {
        let answer = context.connector.read_range(&path, range.clone(), 100).await;
        require_kind(answer, &[ErrorKind::InvalidRange], &format!("{range} of 10"))?;
    }
    Ok(())
}

pub(super) async fn reading_a_folder_is_refused(context: &Context) -> Verdict {
    if !context.can(Capabilities::READ | Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let folder = context.folder("folder").await?;
    let answer = context.connector.read(&folder, ReadOptions::new()).await;
    require_kind(answer, &[ErrorKind::IsAFolder], "reading a folder")
}

pub(super) async fn reading_nothing_is_not_found(context: &Context) -> Verdict {
    if !context.can(Capabilities::READ) {
        return Ok(());
    }
    let answer = context.connector.read(&context.path("missing")?, ReadOptions::new()).await;
    require_kind(answer, &[ErrorKind::NotFound], "reading a missing file")
}

pub(super) async fn reading_stops_at_the_limit(context: &Context) -> Verdict {
    if !can_read(context) {
        return Ok(());
    }
    context.put("ten.txt", b"abcdefghij").await?;
    let path = context.path("ten.txt")?;
    let answer = context.connector.read_bytes(&path, 9).await;
    require_kind(answer, &[ErrorKind::TooLarge], "ten bytes under a limit of nine")
}

pub(super) async fn download_tells_entry_and_length(context: &Context) -> Verdict {
    if !can_read(context) {
        return Ok(());
    }
    context.put("ten.txt", b"abcdefghij").await?;
    let path = context.path("ten.txt")?;
    let download = context.connector.read(&path, ReadOptions::new()).await?;
    require!(download.entry.path == path, "the download is of {}", download.entry.path);
    require!(download.entry.is_file(), "the download is of a {}", download.entry.kind);
    require!(download.offset == 0, "a whole file begins at {}", download.offset);
    require!(matches!(download.length, None | Some(10)), "the length is {:?}", download.length);
    let blocks: Vec<_> = download.into_stream().try_collect().await?;
    require!(blocks.concat() == b"abcdefghij", "the stream yields other bytes");
    Ok(())
}

async fn require_range(context: &Context, range: ByteRange, want: &str) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::READ | Capabilities::READ_RANGE) {
        return Ok(());
    }
    context.put("ten.txt", b"abcdefghij").await?;
    let path = context.path("ten.txt")?;
    let options = ReadOptions::new().with_range(range.clone());
    let download = context.connector.read(&path, options).await?;
    let (offset, length) = (download.offset, download.length);
    let start = range.resolve(10).map(|range| range.start);
    require!(Some(offset) == start, "{range} of 10 begins at {offset}");
    let fits = length.is_none_or(|length| length == want.len() as u64);
    require!(fits, "{range} of 10 has the length {length:?}");
    let got = download.bytes(100).await?;
    require!(got == want, "{range} of abcdefghij is {got:?}, not {want:?}");
    Ok(())
}

fn can_read(context: &Context) -> bool {
    context.can(Capabilities::WRITE | Capabilities::READ)
}

/// More than one part of the usual five MiB, and not a multiple of anything.
pub(super) fn large() -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some(state as u8)
    };
    std::iter::from_fn(next).take(6 * 1024 * 1024 + 17).collect()
}
