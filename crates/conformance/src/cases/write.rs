//! Writing files: whole or not at all.

use std::io;

use super::update::moment;
use bytes::Bytes;
use futures_util::{StreamExt, future, stream};
use wharf_connector::{
    Capabilities, Checksums, ConnectorExt, Content, ErrorKind, OnConflict, WriteOptions,
};

use super::read::large;
use crate::context::{require_error, require_kind};
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn written_entry_is_told(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("told.txt")?;
    let entry = context.connector.write_bytes(&path, "abc").await?;
    require!(entry.path == path, "written was {path}, told is {}", entry.path);
    require!(entry.is_file(), "a file was written, told is a {}", entry.kind);
    require!(entry.size == Some(3), "3 bytes were written, told are {:?}", entry.size);
    Ok(())
}

pub(super) async fn written_empty_file_exists(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("empty.txt", b"").await?;
    let entry = context.connector.stat(&context.path("empty.txt")?).await?;
    require!(entry.size == Some(0), "an empty file has the size {:?}", entry.size);
    Ok(())
}

pub(super) async fn writing_replaces(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    for bytes in [&b"a longer first content"[..], b"short", b""] {
        context.put("same.txt", bytes).await?;
        context.require_content(&context.path("same.txt")?, bytes).await?;
    }
    Ok(())
}

pub(super) async fn writing_creates_parents(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    context.put("new/newer/newest.txt", b"x").await?;
    context.require_content(&context.path("new/newer/newest.txt")?, b"x").await?;
    let folder = context.connector.stat(&context.path("new/newer")?).await?;
    require!(folder.is_folder(), "the parent is a {}", folder.kind);
    Ok(())
}

pub(super) async fn writing_without_parents_is_not_found(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("missing/file.txt")?;
    let options = WriteOptions::new().with_parents(false);
    let answer = context.connector.write(&path, "x".into(), options).await;
    require_kind(answer, &[ErrorKind::NotFound], "writing below a missing folder")?;
    context.require_absent(&context.path("missing")?).await
}

pub(super) async fn writing_onto_a_folder_is_refused(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let folder = context.folder("folder").await?;
    let answer = context.connector.write_bytes(&folder, "x").await;
    require_kind(answer, &[ErrorKind::IsAFolder], "writing onto a folder")?;
    let entry = context.connector.stat(&folder).await?;
    require!(entry.is_folder(), "the folder became a {}", entry.kind);
    Ok(())
}

pub(super) async fn writing_below_a_file_is_refused(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    context.put("file.txt", b"file").await?;
    let below = context.path("file.txt/below.txt")?;
    for parents in [true, false] {
        let options = WriteOptions::new().with_parents(parents);
        let answer = context.connector.write(&below, "x".into(), options).await;
        require_error(answer, "writing below a file")?;
    }
    context.require_content(&context.path("file.txt")?, b"file").await
}

pub(super) async fn writing_if_absent_keeps_what_is_there(context: &Context) -> Verdict {
    if !can_check(context) || !context.can(Capabilities::WRITE_IF_ABSENT) {
        return Ok(());
    }
    let path = context.path("once.txt")?;
    let options = WriteOptions::new().with_on_conflict(OnConflict::Fail);
    context.connector.write(&path, "first".into(), options.clone()).await?;
    let answer = context.connector.write(&path, "second".into(), options).await;
    require_kind(answer, &[ErrorKind::AlreadyExists], "writing where a file stands")?;
    context.require_content(&path, b"first").await
}

pub(super) async fn content_of_unknown_size_is_stored(context: &Context) -> Verdict {
    if !can_check(context) || !context.can(Capabilities::WRITE_UNKNOWN_SIZE) {
        return Ok(());
    }
    for (name, bytes) in [("none", Vec::new()), ("small", b"small".to_vec()), ("large", large())] {
        let path = context.path(name)?;
        let content = Content::stream(pieces(bytes.clone()), None);
        context.connector.write(&path, content, WriteOptions::new()).await?;
        context.require_content(&path, &bytes).await?;
    }
    Ok(())
}

pub(super) async fn content_read_again_is_stored(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    let bytes = Bytes::from(large());
    let size = Some(bytes.len() as u64);
    let source = bytes.clone();
    let open = move |offset: u64| {
        let rest = source.slice((offset as usize).min(source.len())..);
        future::ready(Ok(pieces(rest.to_vec())))
    };
    let path = context.path("again.bin")?;
    context.connector.write(&path, Content::reopenable(open, size), WriteOptions::new()).await?;
    context.require_content(&path, &bytes).await
}

pub(super) async fn failing_source_leaves_nothing(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("failing.bin")?;
    let content = Content::stream(failing(), Some(1000));
    let answer = context.connector.write(&path, content, WriteOptions::new()).await;
    require_error(answer, "a source that fails")?;
    context.require_absent(&path).await
}

pub(super) async fn failing_source_leaves_what_was_there(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    context.put("kept.txt", b"kept").await?;
    let path = context.path("kept.txt")?;
    let content = Content::stream(failing(), Some(1000));
    let answer = context.connector.write(&path, content, WriteOptions::new()).await;
    require_error(answer, "a source that fails")?;
    context.require_content(&path, b"kept").await
}

pub(super) async fn short_source_leaves_nothing(context: &Context) -> Verdict {
    require_wrong_size_refused(context, 5).await
}

pub(super) async fn long_source_leaves_nothing(context: &Context) -> Verdict {
    require_wrong_size_refused(context, 3).await
}

pub(super) async fn dropped_write_leaves_nothing(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("dropped.bin")?;
    let first = stream::once(future::ready(Ok(Bytes::from_static(b"first"))));
    let (asked, wait) = futures_util::future::abortable(future::pending::<()>());
    let endless = stream::once(async move {
        wait.abort();
        future::pending().await
    });
    let content = Content::stream(first.chain(endless), Some(1000));
    let write = context.connector.write(&path, content, WriteOptions::new());
    // Whichever ends first, the write is dropped: as soon as it asked for more bytes.
    future::select(write, Box::pin(asked)).await;
    context.require_absent(&path).await
}

pub(super) async fn modification_time_is_kept(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::WRITE_MODIFIED) {
        return Ok(());
    }
    let path = context.path("dated.txt")?;
    let options = WriteOptions::new().with_modified(moment());
    context.connector.write(&path, "x".into(), options).await?;
    let entry = context.connector.stat(&path).await?;
    let kept = entry.modified == Some(moment());
    require!(kept, "the time given was {}, kept is {:?}", moment(), entry.modified);
    Ok(())
}

pub(super) async fn wrong_expected_checksum_leaves_nothing(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::CHECKSUMS) {
        return Ok(());
    }
    let path = context.path("checked.txt")?;
    let mut wrong = Checksums::default();
    wrong.crc32 = Some(0x1234_5678);
    let options = WriteOptions::new().with_expected(wrong);
    let answer = context.connector.write(&path, "abc".into(), options).await;
    require_kind(answer, &[ErrorKind::Corrupted], "content with another checksum")?;
    context.require_absent(&path).await?;
    let mut right = Checksums::default();
    right.crc32 = Some(0x3524_41c2);
    let options = WriteOptions::new().with_expected(right).with_verify(true);
    context.connector.write(&path, "abc".into(), options).await?;
    Ok(())
}

pub(super) async fn writers_side_by_side_do_not_mix(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    let path = context.path("contended.bin")?;
    let contents: Vec<Vec<u8>> = (0..4u8).map(|n| vec![n; 50_000 + usize::from(n)]).collect();
    let writes = contents.iter().map(|bytes| context.connector.write_bytes(&path, bytes.clone()));
    let answers = future::join_all(writes).await;
    let stored = answers.iter().any(Result::is_ok);
    require!(stored, "of four writers at once none succeeded");
    let left = context.content(&path).await?;
    let whole = contents.iter().any(|bytes| *bytes == *left);
    require!(whole, "four writers at once left a mixture of {} bytes", left.len());
    Ok(())
}

async fn require_wrong_size_refused(context: &Context, declared: u64) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("wrong-size.bin")?;
    let content = Content::stream(pieces(b"four".to_vec()), Some(declared));
    let answer = context.connector.write(&path, content, WriteOptions::new()).await;
    require_error(answer, &format!("four bytes declared as {declared}"))?;
    context.require_absent(&path).await
}

fn can_check(context: &Context) -> bool {
    context.can(Capabilities::WRITE | Capabilities::READ)
}

fn pieces(bytes: Vec<u8>) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static {
    let mut rest = Bytes::from(bytes);
    let take = move || {
        let piece = rest.split_to(rest.len().min(100_003));
        (!piece.is_empty()).then_some(Ok(piece))
    };
    stream::iter(std::iter::from_fn(take))
}

fn failing() -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static {
    let broken = Err(io::Error::other("the source broke, as planned"));
    stream::iter([Ok(Bytes::from_static(b"some bytes")), broken])
}
