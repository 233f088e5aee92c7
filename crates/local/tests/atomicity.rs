//! A file appears whole or not at all, and nothing stays behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::fs;
use std::io;

use bytes::Bytes;
use chrono::DateTime;
use futures_util::{StreamExt, TryStreamExt, future, stream};
use tempfile::TempDir;
use wharf_connector::{
    ByteRange, Changes, Checksums, Connector, ConnectorExt, Content, CopyOptions, DeleteOptions,
    EntryState, Error, ErrorKind, OnConflict, ReadOptions, RemotePath, RenameOptions, WriteOptions,
};
use wharf_local::Local;

fn inbox() -> (TempDir, Local) {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::new(folder.path());
    (folder, local)
}

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// So many bytes, then an error.
fn failing(bytes: usize, error: io::Error) -> Content {
    let piece = |_| Ok(Bytes::from(vec![7; 100_000]));
    let good = stream::iter((0..bytes / 100_000).map(piece));
    Content::stream(good.chain(stream::iter([Err(error)])), None)
}

#[tokio::test]
async fn a_failing_content_leaves_the_old_file_and_nothing_else() {
    for size in [0, 100_000, 5_000_000] {
        let (folder, local) = inbox();
        local.write_bytes(&path("/kept.txt"), "kept").await.unwrap();
        for name in ["/kept.txt", "/new.txt"] {
            let content = failing(size, io::Error::other("as planned"));
            let error = local.write(&path(name), content, WriteOptions::new()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        }
        assert_eq!(names(&folder), ["kept.txt"]);
        assert_eq!(fs::read(folder.path().join("kept.txt")).unwrap(), b"kept");
    }
}

#[tokio::test]
async fn an_error_of_a_source_keeps_its_kind() {
    let (folder, local) = inbox();
    let lost = Error::new(ErrorKind::Interrupted, "the line is dead").of("mft");
    let content = failing(100_000, io::Error::other(lost));
    let error = local.write(&path("/new.txt"), content, WriteOptions::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.scheme()), (ErrorKind::Interrupted, Some("mft")));
    assert!(names(&folder).is_empty());
}

#[tokio::test]
async fn a_dropped_write_leaves_nothing() {
    let (folder, local) = inbox();
    let (ask, asked) = tokio::sync::oneshot::channel();
    let good = stream::iter((0..20).map(|_| Ok(Bytes::from(vec![7; 100_000]))));
    let endless = stream::once(async move {
        ask.send(()).unwrap();
        future::pending().await
    });
    let content = Content::stream(good.chain(endless), None);
    let file = path("/sub/dropped.bin");
    let write = local.write(&file, content, WriteOptions::new());
    let mid_way = async {
        asked.await.unwrap();
        let parts = fs::read_dir(folder.path().join("sub")).unwrap().count();
        assert_eq!(parts, 1, "the temporary file stands beside the final name");
    };
    future::select(write, Box::pin(mid_way)).await;
    assert_eq!(fs::read_dir(folder.path().join("sub")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_wrong_checksum_leaves_the_old_file() {
    let (folder, local) = inbox();
    local.write_bytes(&path("/f"), "old").await.unwrap();
    let right = {
        let mut sums = Checksums::default();
        sums.crc32 = Some(0x3524_41c2);
        sums.md5 = Some(*b"\x90\x01\x50\x98\x3c\xd2\x4f\xb0\xd6\x96\x3f\x7d\x28\xe1\x7f\x72");
        sums
    };
    let mut wrong_md5 = right;
    wrong_md5.md5 = Some([1; 16]);
    let mut wrong_sha = right;
    wrong_sha.sha256 = Some([1; 32]);
    for wrong in [wrong_md5, wrong_sha] {
        let options = WriteOptions::new().with_expected(wrong).with_verify(true);
        let error = local.write(&path("/f"), "abc".into(), options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
        assert_eq!(fs::read(folder.path().join("f")).unwrap(), b"old");
        assert_eq!(names(&folder), ["f"]);
    }
    let options = WriteOptions::new().with_expected(right).with_verify(true);
    let entry = local.write(&path("/f"), "abc".into(), options).await.unwrap();
    assert_eq!(entry.checksums, right);
}

#[tokio::test]
async fn two_writers_if_absent_and_one_wins() {
    let (folder, local) = inbox();
    let options = WriteOptions::new().with_on_conflict(OnConflict::Fail);
    let file = path("/once.bin");
    let writers = (0..8u8).map(|n| {
        let pieces = stream::iter((0..4).map(move |_| Ok(Bytes::from(vec![n; 200_000]))));
        local.write(&file, Content::stream(pieces, Some(800_000)), options.clone())
    });
    let answers = future::join_all(writers).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 7));
    assert!(lost.iter().all(|e| e.as_ref().unwrap_err().kind() == ErrorKind::AlreadyExists));
    assert_eq!(names(&folder), ["once.bin"]);
    let bytes = fs::read(folder.path().join("once.bin")).unwrap();
    assert!(bytes.len() == 800_000 && bytes.iter().all(|byte| *byte == bytes[0]));
}

#[tokio::test]
async fn an_entry_says_the_same_before_and_after() {
    let (_folder, local) = inbox();
    let moment = DateTime::from_timestamp(1_000_000_000, 123_456_000).unwrap();
    let options = WriteOptions::new().with_modified(moment);
    let written = local.write(&path("/f"), "abc".into(), options).await.unwrap();
    assert_eq!(written.modified, Some(moment));
    assert_eq!(written.checksums.crc32, Some(0x3524_41c2));
    let mut looked = local.stat(&path("/f")).await.unwrap();
    assert!(looked.checksums.is_empty());
    looked.checksums = written.checksums;
    assert_eq!(looked, written);

    let later = DateTime::from_timestamp(1_500_000_000, 0).unwrap();
    let changed = local.update(&path("/f"), Changes::new().with_modified(later)).await.unwrap();
    assert_eq!(changed.modified, Some(later));
    assert_ne!(changed.version, written.version);
}

#[tokio::test]
async fn a_file_left_by_a_killed_writer_is_told_and_can_be_deleted() {
    let (folder, local) = inbox();
    let name = ".wharf-0123456789abcdef.part";
    fs::write(folder.path().join(name), "half").unwrap();
    let entries = local.list_all(&RemotePath::root()).await.unwrap();
    assert_eq!(entries[0].state, EntryState::Partial);
    let left = path(name);
    let error = local.read(&left, ReadOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked);
    local.delete(&left, DeleteOptions::new()).await.unwrap();
    assert!(names(&folder).is_empty());
}

#[tokio::test]
async fn large_files_come_back_in_any_range() {
    let (_folder, local) = inbox();
    let all: Vec<u8> = (0..3_000_001u32).map(|n| (n * 31 % 253) as u8).collect();
    local.write_bytes(&path("/f"), all.clone()).await.unwrap();
    let size = all.len() as u64;
    for (start, end) in
        [(0, size), (1, size), (262_143, 262_145), (262_144, 600_000), (size - 1, size)]
    {
        let range = ByteRange::of(start..end);
        let got = local.read_range(&path("/f"), range, size).await.unwrap();
        assert_eq!(got, all[start as usize..end as usize], "{start}..{end}");
    }
}

#[tokio::test]
async fn a_file_that_shrinks_while_it_is_read_is_not_taken_for_whole() {
    let (folder, local) = inbox();
    local.write_bytes(&path("/f"), vec![7; 2_000_000]).await.unwrap();
    let download = local.read(&path("/f"), ReadOptions::new()).await.unwrap();
    fs::File::options().write(true).open(folder.path().join("f")).unwrap().set_len(10).unwrap();
    let error = download.into_stream().try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
}

#[cfg(unix)]
#[tokio::test]
async fn rights_outlive_a_replaced_content() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, local) = inbox();
    let at = folder.path().join("f");
    local.write_bytes(&path("/f"), "old").await.unwrap();
    for (mode, want) in [(0o600, 0o600), (0o755, 0o755), (0o666, 0o666), (0o4755, 0o755)] {
        fs::set_permissions(&at, fs::Permissions::from_mode(mode)).unwrap();
        local.write_bytes(&path("/f"), "new").await.unwrap();
        let kept = fs::metadata(&at).unwrap().permissions().mode() & 0o7777;
        assert_eq!(kept, want, "{mode:o}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_copied_folder_is_as_closed_as_its_original() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, local) = inbox();
    let mode = |at: &str| fs::metadata(folder.path().join(at)).unwrap().permissions().mode();
    let close = |at: &str, mode| {
        let rights = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.path().join(at), rights).unwrap();
    };
    for file in ["/keys/id", "/keys/deep/run"] {
        local.write_bytes(&path(file), "secret").await.unwrap();
    }
    for (at, mode) in
        [("keys", 0o700), ("keys/id", 0o600), ("keys/deep", 0o550), ("keys/deep/run", 0o500)]
    {
        close(at, mode);
    }
    local.copy(&path("/keys"), &path("/copy"), CopyOptions::new()).await.unwrap();
    for (at, want) in
        [("copy", 0o700), ("copy/id", 0o600), ("copy/deep", 0o750), ("copy/deep/run", 0o500)]
    {
        assert_eq!(mode(at) & 0o777, want, "{at}");
    }
    close("keys/deep", 0o700);
}

#[tokio::test]
async fn what_is_being_written_is_neither_copied_nor_moved() {
    let (folder, local) = inbox();
    let partial = ".wharf-0123456789abcdef.part";
    fs::create_dir_all(folder.path().join("in").join(partial)).unwrap();
    fs::write(folder.path().join("in/whole"), "x").unwrap();
    local.copy(&path("/in"), &path("/out"), CopyOptions::new()).await.unwrap();
    let copied: Vec<_> = fs::read_dir(folder.path().join("out")).unwrap().collect();
    assert_eq!(copied.len(), 1, "{copied:?}");
    let busy = path(&format!("/in/{partial}"));
    assert_eq!(local.stat(&busy).await.unwrap().state, EntryState::Partial);
    for answer in [
        local.copy(&busy, &path("/x"), CopyOptions::new()).await,
        local.rename(&busy, &path("/x"), RenameOptions::new()).await,
    ] {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Blocked);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_is_not_copied_into_itself_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("a/x")).unwrap();
    std::os::unix::fs::symlink("a", folder.path().join("l")).unwrap();
    let local = Local::new(folder.path()).with_follow_symlinks(true);
    let copied = local.copy(&path("/a"), &path("/l/x/c"), CopyOptions::new()).await;
    assert_eq!(copied.unwrap_err().kind(), ErrorKind::Invalid);
    assert!(fs::read_dir(folder.path().join("a/x")).unwrap().next().is_none());
}

#[tokio::test]
async fn a_time_that_cannot_be_kept_leaves_nothing() {
    let (folder, local) = inbox();
    let far = DateTime::from_timestamp(8_000_000_000_000, 0).unwrap();
    let options = WriteOptions::new().with_modified(far);
    match local.write(&path("/f"), "x".into(), options).await {
        Ok(entry) => assert_eq!(entry.modified, Some(far), "this file system can keep it"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(names(&folder).is_empty());
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn two_names_of_one_file_are_the_file_itself() {
    let (folder, local) = inbox();
    local.write_bytes(&path("/one"), "same").await.unwrap();
    fs::hard_link(folder.path().join("one"), folder.path().join("two")).unwrap();
    let copy = CopyOptions::new().with_on_conflict(OnConflict::Replace);
    let rename = RenameOptions::new().with_on_conflict(OnConflict::Replace);
    for answer in [
        local.copy(&path("/one"), &path("/two"), copy).await,
        local.rename(&path("/one"), &path("/two"), rename).await,
    ] {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert_eq!(names(&folder), ["one", "two"]);
}
