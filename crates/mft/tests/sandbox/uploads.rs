//! Content up: lost answers, chunks, what is left behind.

use std::io;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future, stream};
use wharf_connector::{
    ByteRange, Connector, ConnectorExt, Content, EntryState, ErrorKind, ReadOptions, WriteOptions,
};
use wharf_mft::Pages;
use wharf_mft::api::{Destination, Unfinished};
use wharf_model::mft::Entry;
use wharf_sandbox::{Fault, Route, Rule};

use crate::bench::{Bench, path, pattern, stored};

/// A content that can be read again.
fn again(bytes: &[u8]) -> Content {
    Bytes::copy_from_slice(bytes).into()
}

/// A content that can be read once.
fn once(bytes: &[u8], size: Option<u64>) -> Content {
    let pieces: Vec<_> = bytes.chunks(10_007).map(Bytes::copy_from_slice).map(Ok).collect();
    Content::stream(stream::iter(pieces), size)
}

fn small_chunks(config: &mut wharf_mft::Config) {
    config.chunk_size = 64 * 1024;
}

/// What stands in a folder of the sandbox, by name.
fn names(bench: &Bench, folder: &str) -> Vec<String> {
    let paths = bench.sandbox.mft().paths();
    let names = paths.iter().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
    names.filter(|name| !name.contains('/')).map(str::to_owned).collect()
}

/// One fault on the n-th upload request, and the file is there, once, whole.
#[tokio::test]
async fn uploads_survive_a_fault_at_any_request() {
    let bytes = pattern(150_000);
    for fault in [
        Fault::LoseAnswer,
        Fault::ResetBefore,
        Fault::ResetDuring(5000),
        Fault::status(503),
        Fault::status(502),
        Fault::StatusAfter { code: 503 },
        Fault::StatusAfter { code: 500 },
        Fault::ExpiredSession,
    ] {
        for request in 0..3 {
            let bench = Bench::with(small_chunks).await;
            bench.mft.stat(&path("/COMMON")).await.unwrap();
            let rule = Rule::new(Route::MftUpload, fault.clone()).skip(request);
            bench.sandbox.faults().add(rule);
            for (name, content) in [("again.bin", again(&bytes)), ("once.bin", once(&bytes, None))]
            {
                let file = path("/COMMON").join(name).unwrap();
                let written = bench.mft.write(&file, content, WriteOptions::new()).await;
                let entry =
                    written.unwrap_or_else(|error| panic!("{fault:?} {request}: {error:?}"));
                assert_eq!(entry.size, Some(150_000));
                let at = format!("FOLDERS/COMMON/{name}");
                assert!(stored(&bench, &at).await == bytes, "{fault:?} at request {request}");
            }
            let left = names(&bench, "FOLDERS/COMMON");
            assert!(!left.iter().any(|name| name.contains("wharf")), "{fault:?}: {left:?}");
        }
    }
}

#[tokio::test]
async fn small_uploads_survive_too() {
    for fault in [
        Fault::LoseAnswer,
        Fault::ResetBefore,
        Fault::ResetDuring(100),
        Fault::status(503),
        Fault::StatusAfter { code: 500 },
        Fault::ExpiredSession,
    ] {
        for old in [None, Some("an older content")] {
            let bench = Bench::new().await;
            if let Some(old) = old {
                bench.sandbox.mft().put("FOLDERS/COMMON/small.txt", old).unwrap();
            }
            bench.sandbox.faults().next(Route::MftUpload, fault.clone());
            let file = path("/COMMON/small.txt");
            let entry = bench.mft.write_bytes(&file, "the new one").await.unwrap();
            assert_eq!(entry.size, Some(11));
            assert_eq!(stored(&bench, "FOLDERS/COMMON/small.txt").await, b"the new one");
        }
    }
}

#[tokio::test]
async fn a_content_that_fails_between_chunks_leaves_everything_as_it_was() {
    for old in [None, Some("the old content")] {
        let bench = Bench::with(small_chunks).await;
        if let Some(old) = old {
            bench.sandbox.mft().put("FOLDERS/COMMON/f.bin", old).unwrap();
        }
        let before = names(&bench, "FOLDERS/COMMON");
        let pieces = [Ok(Bytes::from(pattern(150_000))), Err(io::Error::other("as planned"))];
        let content = Content::stream(stream::iter(pieces), None);
        let file = path("/COMMON/f.bin");
        let error = bench.mft.write(&file, content, WriteOptions::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        assert!(error.message().contains("as planned"), "{error}");
        assert!(bench.count(Route::MftUpload) >= 2, "chunks were on their way");
        assert_eq!(names(&bench, "FOLDERS/COMMON"), before);
        if let Some(old) = old {
            assert_eq!(stored(&bench, "FOLDERS/COMMON/f.bin").await, old.as_bytes());
        }
    }
}

#[tokio::test]
async fn a_content_that_is_not_what_it_declared_is_not_stored() {
    let bench = Bench::with(small_chunks).await;
    let file = path("/COMMON/f.bin");
    let actual = Bytes::from(pattern(150_000));
    for declared in [0, 65_536, 100_000, 149_999, 150_001, 200_000] {
        let bytes = actual.clone();
        // In blocks that end where the declared size does, so that nothing shows before.
        let open = move |offset: u64| {
            let rest = bytes.slice((offset as usize).min(bytes.len())..);
            let cut = (declared as usize).saturating_sub(offset as usize).min(rest.len());
            let blocks = [Ok(rest.slice(..cut)), Ok(rest.slice(cut..))];
            future::ready(Ok(stream::iter(blocks)))
        };
        let content = Content::reopenable(open, Some(declared));
        let error = bench.mft.write(&file, content, WriteOptions::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "declared {declared}: {error}");
        let left = names(&bench, "FOLDERS/COMMON");
        assert_eq!(left, ["Partner Exchange", "Policies"], "declared {declared}");
    }
}

#[tokio::test]
async fn the_error_of_a_content_that_is_a_connector_s_comes_back_as_it_was() {
    let bench = Bench::new().await;
    let lost = || wharf_connector::Error::new(ErrorKind::Interrupted, "the other side broke");
    let open = move |_| async move {
        let piece = Ok(Bytes::from_static(b"some bytes"));
        let pieces = [piece, Err(io::Error::other(lost()))];
        Ok(stream::iter(pieces))
    };
    let content = Content::reopenable(open, Some(100));
    let file = path("/COMMON/f.bin");
    let error = bench.mft.write(&file, content, WriteOptions::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Interrupted, "the other side broke"));
    assert!(bench.sandbox.mft().id("FOLDERS/COMMON/f.bin").is_none());
}

#[tokio::test]
async fn a_dropped_write_leaves_an_unfinished_file_under_another_name() {
    let bench = Bench::with(small_chunks).await;
    let first = stream::iter([Ok(Bytes::from(pattern(100_000)))]);
    let content = Content::stream(first.chain(stream::pending()), None);
    let file = path("/COMMON/dropped.bin");
    let write = bench.mft.write(&file, content, WriteOptions::new());
    let mut write = Box::pin(write);
    // As soon as the first chunk is there, the write is dropped.
    future::poll_fn(|cx| {
        let done = write.poll_unpin(cx).is_ready();
        let begun = names(&bench, "FOLDERS/COMMON").iter().any(|name| name.contains("wharf"));
        cx.waker().wake_by_ref();
        if begun || done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    drop(write);
    assert_eq!(bench.mft.stat(&file).await.unwrap_err().kind(), ErrorKind::NotFound);
    let entries = bench.mft.list_all(&path("/COMMON")).await.unwrap();
    let left = entries.iter().find(|entry| entry.name().contains("wharf")).unwrap();
    assert_eq!(left.state, EntryState::Partial);
    let error = bench.mft.read_bytes(&left.path, 1 << 20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked, "half a file is not handed out");
}

#[tokio::test]
async fn an_upload_that_was_begun_is_resumed() {
    let bench = Bench::with(small_chunks).await;
    let bytes = pattern(300_000);
    let folder = bench.sandbox.mft().id("FOLDERS/COMMON").unwrap();
    bench.sandbox.mft().put("FOLDERS/COMMON/begun", bytes[..100_000].to_vec()).unwrap();
    bench.sandbox.mft().set_partial("FOLDERS/COMMON/begun", true);
    let Entry::File(begun) = bench.mft.find(&path("/COMMON/begun")).await.unwrap() else {
        panic!("a file");
    };
    let to = Destination::new(folder.as_str().into(), "whole.bin");
    let files = bench.client().files();
    let unfinished = Unfinished::new(begun.id.clone());
    let resume = |stored| files.resume_upload(&to, unfinished.clone(), stored, again(&bytes));
    let error = resume(99_999).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    let stored_file = resume(100_000).await.unwrap();
    assert_eq!((stored_file.bytes, stored_file.file.id), (300_000, begun.id.clone()));
    assert!(stored(&bench, "FOLDERS/COMMON/whole.bin").await == bytes);
    assert_eq!(bench.count(Route::MftUpload), 4, "only what was missing was sent");
    let once = once(&bytes, Some(300_000));
    let error = files.resume_upload(&to, unfinished, 1, once).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}

#[tokio::test]
async fn unfinished_uploads_are_found_and_given_up() {
    let bench = Bench::with(small_chunks).await;
    let folder = bench.sandbox.mft().id("FOLDERS/COMMON").unwrap().as_str().into();
    let files = bench.client().files();
    assert!(files.unfinished(&folder).await.unwrap().is_empty());
    bench.sandbox.mft().put("FOLDERS/COMMON/begun", "abc").unwrap();
    bench.sandbox.mft().put("FOLDERS/COMMON/whole", "abc").unwrap();
    bench.sandbox.mft().set_partial("FOLDERS/COMMON/begun", true);
    let found = files.unfinished(&folder).await.unwrap();
    let [begun] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&*begun.name, begun.size), ("begun", Some(3)));
    let Entry::File(whole) = bench.mft.find(&path("/COMMON/whole")).await.unwrap() else {
        panic!("a file");
    };
    let error = files.discard_upload(&whole).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    files.discard_upload(begun).await.unwrap();
    let nameless = "FOLDERS/COMMON/.wharf-upload-0123456789abcdef";
    bench.sandbox.mft().put(nameless, "abc").unwrap();
    let found = files.unfinished(&folder).await.unwrap();
    assert_eq!(found.len(), 1, "whole, but for its name: {found:?}");
    files.discard_upload(&found[0]).await.unwrap();
    let left = names(&bench, "FOLDERS/COMMON");
    assert_eq!(left, ["Partner Exchange", "Policies", "whole"]);
}

#[tokio::test]
async fn a_large_file_takes_the_place_of_another() {
    let bench = Bench::with(small_chunks).await;
    bench.sandbox.mft().put("FOLDERS/COMMON/f.bin", "old").unwrap();
    let bytes = pattern(200_000);
    let file = path("/COMMON/f.bin");
    let options = || {
        let tags = vec!["a b".to_owned(), "c".to_owned()];
        WriteOptions::new().with_description("new one".to_owned()).with_tags(tags)
    };
    let entry = bench.mft.write(&file, again(&bytes), options()).await.unwrap();
    assert_eq!(entry.description.as_deref(), Some("new one"));
    assert_eq!(entry.tags.len(), 2);
    assert!(stored(&bench, "FOLDERS/COMMON/f.bin").await == bytes);
    let left = names(&bench, "FOLDERS/COMMON");
    assert!(!left.iter().any(|name| name.contains("wharf")), "{left:?}");
}

#[tokio::test]
async fn where_files_cannot_be_renamed_a_large_one_is_stored_all_the_same() {
    let bytes = pattern(200_000);
    for (old, skip) in [(None, 0), (Some("old"), 0), (Some("old"), 1)] {
        for fault in [Fault::status(403), Fault::status(404), Fault::WrongJson, Fault::Html] {
            let bench = Bench::with(small_chunks).await;
            if let Some(old) = old {
                bench.sandbox.mft().put("FOLDERS/COMMON/f.bin", old).unwrap();
            }
            let rule = Rule::new(Route::MftUpdate, fault.clone()).skip(skip).always();
            bench.sandbox.faults().add(rule);
            let file = path("/COMMON/f.bin");
            let written = bench.mft.write(&file, once(&bytes, None), WriteOptions::new()).await;
            assert_eq!(written.unwrap().size, Some(200_000), "{fault:?} {old:?} {skip}");
            assert!(stored(&bench, "FOLDERS/COMMON/f.bin").await == bytes);
            let left = names(&bench, "FOLDERS/COMMON");
            assert_eq!(left, ["f.bin", "Partner Exchange", "Policies"], "{fault:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_put_in_its_place_is_taken_away_again() {
    for old in [None, Some("old")] {
        let bench = Bench::with(small_chunks).await;
        if let Some(old) = old {
            bench.sandbox.mft().put("FOLDERS/COMMON/f.bin", old).unwrap();
        }
        let before = names(&bench, "FOLDERS/COMMON");
        bench.sandbox.faults().always(Route::MftUpdate, Fault::status(503));
        let file = path("/COMMON/f.bin");
        let error = bench.mft.write_bytes(&file, pattern(200_000)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        assert_eq!(names(&bench, "FOLDERS/COMMON"), before);
        if let Some(old) = old {
            assert_eq!(stored(&bench, "FOLDERS/COMMON/f.bin").await, old.as_bytes());
        }
    }
}

#[tokio::test]
async fn bytes_that_were_lost_on_the_way_are_found_out() {
    use std::sync::atomic::{AtomicBool, Ordering};

    use wharf_mft::{Client, Config, Login};
    use wharf_transport::testing::{Reply, Script};
    // Of the five bytes sent, the service stored `stored`, and says that all is well.
    for (stored, kind, deleted) in [
        ("hel", ErrorKind::Corrupted, true),
        ("hxl", ErrorKind::Conflict, false),
        ("hello and more", ErrorKind::Conflict, false),
    ] {
        let length = stored.len() + 200;
        let content = format!("{stored}{}", "f".repeat(200));
        let sent = AtomicBool::new(false);
        let script = Script::new().respond(move |request| match request.path() {
            path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
            path if path.contains("/Search/0/") && sent.load(Ordering::SeqCst) => Reply::json(
                200,
                format!(
                    r#"{{"Files": [{{"FileID": "1", "Name": "a", "Size": {}}}]}}"#,
                    stored.len()
                ),
            ),
            path if path.contains("/Search/") => Reply::json(200, r#"{"Files": []}"#),
            "/UploadMgrLandingEx.aspx" => {
                sent.store(true, Ordering::SeqCst);
                Reply::new(200).header("x-fileid", "1")
            }
            "/DownloadEx.aspx" => Reply::new(200)
                .header("x-file-content-length", &length.to_string())
                .body(content.clone()),
            _ => Reply::new(200),
        });
        let config = Config::new("h.example", "anna", Login::password("p"));
        let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
        let to = Destination::new("F".into(), "a");
        let error = client.files().upload(&to, "hello".into()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{stored}: {error}");
        let gone = script.requests().iter().any(|request| request.method() == "DELETE");
        assert_eq!(gone, deleted, "only what is ours is removed: {stored}");
    }
}

#[tokio::test]
async fn the_basic_pages_do_too() {
    let bench = Bench::with(|config| {
        config.upload = Pages::Basic;
        config.download = Pages::Basic;
        small_chunks(config);
    })
    .await;
    let bytes = pattern(200_000);
    let file = path("/COMMON/by the basic pages.bin");
    for content in [again(&bytes), once(&bytes, Some(200_000)), once(&bytes, None)] {
        bench.mft.write(&file, content, WriteOptions::new()).await.unwrap();
        bench.sandbox.faults().next(Route::MftDownload, Fault::CutAfter(70_000));
        assert!(bench.mft.read_bytes(&file, 1 << 20).await.unwrap() == bytes);
    }
    let pages: Vec<_> = bench.sandbox.seen().of(Route::MftUpload);
    assert!(pages.iter().all(|request| request.path() == "/upload.aspx"));
    let range = ReadOptions::new().with_range(ByteRange::from_offset(1));
    let error = bench.mft.read(&file, range).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "the basic page knows no offset");
}
