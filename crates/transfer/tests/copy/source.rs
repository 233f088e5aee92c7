//! A source that breaks, changes or lies leaves nothing at the destination.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use wharf_connector::{
    Capabilities, ConnectorExt, Error, ErrorKind, Memory, OnConflict, Operation, Rooted,
};
use wharf_transfer::{CopyFile, Place, Verdict, copy_file};

use crate::twisted::{Counted, Take, Twisted, carry, file, now, path, source};

/// Breaks at one block, counted over all reads.
fn breaks_at(block: usize) -> impl Fn(usize, Bytes) -> wharf_connector::Result<Bytes> {
    move |number, bytes| match number == block {
        true => Err(Error::new(ErrorKind::Interrupted, "the line went dead")
            .with_retry_after(Duration::ZERO)
            .with_document("<dead/>")),
        false => Ok(bytes),
    }
}

#[tokio::test]
async fn a_source_that_breaks_is_named_whatever_the_destination_says() {
    for ranges in [true, false] {
        let from = source().on_block(breaks_at(5));
        let from = if ranges { from } else { from.without(Capabilities::READ_RANGE) };
        let to = Arc::new(Twisted::new().put("/to.bin", "old"));
        let error = carry(&Arc::new(from), &to, CopyFile::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        assert_eq!(error.operation(), Some(Operation::Read));
        assert_eq!(error.path(), Some(&path("/from.bin")));
        assert_eq!(error.message(), "the line went dead");
        assert_eq!(
            (error.document(), error.retry_after()),
            (Some("<dead/>"), Some(Duration::ZERO))
        );
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("upload failed"), "what the destination said is kept: {cause}");
        assert_eq!(to.held("/to.bin").unwrap(), "old");
    }
}

#[tokio::test]
async fn an_error_that_comes_through_unchanged_keeps_the_path_of_the_source() {
    let from = Arc::new(source().put("/inbox/from.bin", file()).on_block(breaks_at(5)));
    // A confined destination changes the paths of the errors that come out of it.
    let to = Arc::new(Rooted::new(Arc::new(Memory::new()), path("/inbox")));
    let from = Place::new(from, path("/inbox/from.bin"));
    let to = Place::new(to, path("/to.bin"));
    let error = copy_file(&from, &to, &CopyFile::new(), &()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(error.path(), Some(&path("/inbox/from.bin")));
}

#[tokio::test]
async fn a_part_that_broke_and_was_read_again_does_not_matter() {
    // The destination of this test does not try again by itself: the copy does.
    let from = Arc::new(source().on_block(move |number, bytes| match number {
        5 => Err(Error::new(ErrorKind::Interrupted, "the line went dead")),
        _ => Ok(bytes),
    }));
    let (to, counted) = (Arc::new(Twisted::new().summing()), Counted::default());
    let (from, to_place) =
        (Place::new(from, path("/from.bin")), Place::new(to.clone(), path("/to.bin")));
    let options = CopyFile::new().with_tries(2);
    let receipt = copy_file(&from, &to_place, &options, &counted).await.unwrap();
    assert_eq!(receipt.tries, 2);
    assert!(receipt.verdict.is_verified());
    assert_eq!(counted.numbers(), (10_500 + 5000, 5000, 0));
    assert_eq!(to.held("/to.bin").unwrap(), file());
}

#[tokio::test]
async fn a_try_is_not_repeated_when_that_could_do_harm_or_help_nobody() {
    for (kind, on_conflict, wait, tries) in [
        (ErrorKind::Interrupted, OnConflict::Replace, None, 3),
        (ErrorKind::Interrupted, OnConflict::Fail, None, 1),
        (ErrorKind::NotFound, OnConflict::Replace, None, 1),
        (ErrorKind::RateLimited, OnConflict::Replace, Some(Duration::from_secs(9)), 1),
    ] {
        let from = Arc::new(source().on_block(move |_, _| {
            let error = Error::new(kind, "as planned");
            Err(wait.into_iter().fold(error, Error::with_retry_after))
        }));
        let options = CopyFile::new().with_tries(3).with_on_conflict(on_conflict);
        let error = carry(&from, &Arc::new(Twisted::new()), options).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(from.seen.reads.load(Ordering::Relaxed), tries, "{kind:?} {on_conflict:?}");
    }
}

#[tokio::test]
async fn a_source_that_does_not_hold_what_its_checksum_says_is_not_written() {
    for (what, from) in [
        (
            "crc32",
            source().on_entry(|mut entry| {
                entry.checksums.crc32 = Some(1);
                entry
            }),
        ),
        (
            "md5 alone",
            source().on_entry(|mut entry| {
                entry.checksums.md5 = Some([1; 16]);
                entry
            }),
        ),
    ] {
        let (from, to) = (Arc::new(from), Arc::new(Twisted::new().put("/to.bin", "old")));
        let error = carry(&from, &to, CopyFile::new()).await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Corrupted, "{what}: {error}");
        assert_eq!(error.path(), Some(&path("/from.bin")), "{what}");
        assert_eq!(to.held("/to.bin").unwrap(), "old", "{what}: it never got that far");
        // This one sums up what it is given, and is trusted to refuse it.
        let memory = Memory::new();
        memory.write_bytes(&path("/to.bin"), "old").await.unwrap();
        let to = Place::new(Arc::new(memory.clone()), path("/to.bin"));
        let from = Place::new(from, path("/from.bin"));
        let error = copy_file(&from, &to, &CopyFile::new(), &()).await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Corrupted, "{what}: {error}");
        assert_eq!(error.operation(), Some(Operation::Read), "{what}: {error}");
        assert_eq!(error.path(), Some(&path("/from.bin")), "{what}");
        assert_eq!(memory.read_bytes(&path("/to.bin"), 10).await.unwrap(), "old", "{what}");
    }
}

#[tokio::test]
async fn a_source_that_changes_meanwhile_is_not_written() {
    let rewrite = |memory: &Memory| {
        let other: Vec<u8> = file().iter().map(|byte| !byte).collect();
        now(memory.write_bytes(&path("/from.bin"), other)).unwrap();
    };
    let parts = Take::Parts(vec![(5000, 10_500), (0, 5000)]);
    let elsewhere = || source().info(|info| info.with_host("far.example"));
    for (what, from, take, options) in [
        ("seen at the end", source(), Take::Whole, CopyFile::new()),
        ("seen when read from an offset", elsewhere(), parts, CopyFile::new()),
        (
            "seen at the end, elsewhere",
            elsewhere(),
            Take::Whole,
            CopyFile::new().with_recheck(true),
        ),
    ] {
        let to = Arc::new(Twisted::new().take(take).put("/to.bin", "old"));
        let error = carry(&Arc::new(from.on_reread(rewrite)), &to, options).await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Conflict, "{what}: {error}");
        assert_eq!(to.held("/to.bin").unwrap(), "old", "{what}");
    }
}

#[tokio::test]
async fn a_source_that_ends_early_is_interrupted() {
    let from = Arc::new(
        source().on_block(|number, bytes| Ok(if number < 5 { bytes } else { Bytes::new() })),
    );
    let to = Arc::new(Twisted::new());
    let error = carry(&from, &to, CopyFile::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert_eq!(to.held("/to.bin"), None);
}

#[tokio::test]
async fn a_size_that_is_not_known_beforehand_is_no_hindrance() {
    let unknown = source().on_entry(|mut entry| {
        entry.size = None;
        entry
    });
    let to = Arc::new(Twisted::new().summing());
    let receipt = carry(&Arc::new(unknown), &to, CopyFile::new()).await.unwrap();
    assert!(receipt.verdict.is_verified());
    assert_eq!((receipt.bytes, receipt.from.state.size), (10_500, None));
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    for to in [Twisted::new(), Twisted::new().take(Take::Parts(Vec::new()))] {
        let from = Arc::new(Twisted::new().put("/from.bin", ""));
        let to = Arc::new(to.summing());
        let receipt = carry(&from, &to, CopyFile::new()).await.unwrap();
        assert_eq!((receipt.bytes, receipt.verdict.is_verified()), (0, true));
        assert_eq!(to.held("/to.bin").unwrap(), "");
    }
}

#[tokio::test]
async fn the_source_is_read_no_faster_than_the_destination_takes() {
    // What the destination has not asked for must not have been read.
    let from = Arc::new(source());
    let blocks = from.seen.blocks.clone();
    let to = Pulling { blocks, at_most: 1 };
    let from = Place::new(from, path("/from.bin"));
    let to = Place::new(Arc::new(to), path("/to.bin"));
    let receipt = copy_file(&from, &to, &CopyFile::new(), &()).await.unwrap();
    assert_eq!(receipt.verdict, Verdict::SizeOnly);
}

/// A destination that looks, before it asks for more, how far the source has read.
#[derive(Debug)]
struct Pulling {
    blocks: Arc<std::sync::atomic::AtomicUsize>,
    at_most: usize,
}

#[wharf_connector::async_trait]
impl wharf_connector::Connector for Pulling {
    fn info(&self) -> &wharf_connector::Info {
        static INFO: std::sync::OnceLock<wharf_connector::Info> = std::sync::OnceLock::new();
        INFO.get_or_init(|| wharf_connector::Info::new("pulling", "Pulling"))
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::WRITE
    }
    async fn test_connection(&self) -> wharf_connector::Result<wharf_connector::ConnectionReport> {
        Ok(wharf_connector::ConnectionReport::new())
    }
    async fn stat(
        &self,
        path: &wharf_connector::RemotePath,
    ) -> wharf_connector::Result<wharf_connector::Entry> {
        Ok(wharf_connector::Entry::file(path.clone()))
    }
    fn list(
        &self,
        _: &wharf_connector::RemotePath,
        _: wharf_connector::ListOptions,
    ) -> wharf_connector::EntryStream {
        futures_util::stream::empty().boxed()
    }
    async fn read(
        &self,
        _: &wharf_connector::RemotePath,
        _: wharf_connector::ReadOptions,
    ) -> wharf_connector::Result<wharf_connector::Download> {
        Err(Error::unsupported(self.info(), Operation::Read))
    }
    async fn write(
        &self,
        file: &wharf_connector::RemotePath,
        content: wharf_connector::Content,
        _: wharf_connector::WriteOptions,
    ) -> wharf_connector::Result<wharf_connector::Entry> {
        let (mut stream, mut taken, mut size) = (content.into_stream(), 0, 0);
        while let Some(bytes) = stream.next().await {
            size += bytes.unwrap().len() as u64;
            taken += 1;
            let read = self.blocks.load(Ordering::Relaxed);
            assert!(read <= taken + self.at_most, "{read} blocks read, {taken} taken");
        }
        Ok(wharf_connector::Entry::file(file.clone()).with_size(size))
    }
    async fn create_folder(
        &self,
        folder: &wharf_connector::RemotePath,
        _: wharf_connector::CreateFolderOptions,
    ) -> wharf_connector::Result<wharf_connector::Entry> {
        Ok(wharf_connector::Entry::folder(folder.clone()))
    }
    async fn delete(
        &self,
        _: &wharf_connector::RemotePath,
        _: wharf_connector::DeleteOptions,
    ) -> wharf_connector::Result<()> {
        Ok(())
    }
}
