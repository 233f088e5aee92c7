//! What stood there before, and what must not be taken for ours.

use bytes::Bytes;
use wharf_connector::{
    Connector, ConnectorExt, Content, ErrorKind, Reached, RenameOptions, WriteOptions,
};
use wharf_mft::api::Destination;
use wharf_mft::{Client, Config, Login, Mft};
use wharf_sandbox::{Fault, Rights, Route, Rule};
use wharf_transport::testing::{Reply, Script};

use crate::bench::{Bench, path, pattern, stored};

async fn small_chunks() -> Bench {
    Bench::with(|config| config.chunk_size = 64 * 1024).await
}

fn again(bytes: &[u8]) -> Content {
    Bytes::copy_from_slice(bytes).into()
}

fn ours(bench: &Bench) -> Vec<String> {
    let paths = bench.sandbox.mft().paths();
    paths.into_iter().filter(|path| path.contains(".wharf-")).collect()
}

#[tokio::test]
async fn the_new_file_stands_although_the_old_one_cannot_be_removed() {
    let bench = small_chunks().await;
    bench.sandbox.mft().put(F, "old").unwrap();
    let bytes = pattern(200_000);
    // The removal of the old one fails by either way; every later one would work.
    bench.sandbox.faults().next(Route::MftDelete, Fault::status(403));
    bench.sandbox.faults().add(Rule::new(Route::MftUpload, Fault::status(403)).skip(4));
    let written = bench.mft.write(&path("/COMMON/f.bin"), again(&bytes), WriteOptions::new()).await;
    let error = written.unwrap_err();
    assert!(error.message().contains("the new file stands"), "{error}");
    assert_eq!(error.reached(), Reached::Yes);
    assert!(stored(&bench, F).await == bytes, "and so it does");
    let left = ours(&bench);
    assert!(matches!(&*left, [old] if old.contains(".wharf-replaced-")), "{left:?}");
    assert_eq!(stored(&bench, &left[0]).await, b"old");

    // The only copy of the old content is no upload that nobody goes on with.
    let files = bench.client().files();
    let folder = bench.sandbox.mft().id("FOLDERS/COMMON").unwrap().as_str().into();
    assert_eq!(files.unfinished(&folder).await.unwrap(), []);
    let old = files.info(&bench.sandbox.mft().id(&left[0]).unwrap().as_str().into()).await.unwrap();
    assert_eq!(files.discard_upload(&old).await.unwrap_err().kind(), ErrorKind::Conflict);
}

/// The name was changed, and nobody heard of it: neither the answer came nor a look at it.
#[tokio::test]
async fn a_file_that_has_got_its_name_unheard_is_not_removed() {
    let bytes = pattern(200_000);
    let file = path("/COMMON/f.bin");
    let bench = small_chunks().await;
    bench.mft.write(&file, again(&bytes), WriteOptions::new()).await.unwrap();
    let seen = bench.sandbox.seen().requests();
    let before = seen.iter().take_while(|request| request.method() != "PUT");
    let lists = before.filter(|request| request.path().contains("/Search/")).count();

    let bench = small_chunks().await;
    let faults = bench.sandbox.faults();
    faults.always(Route::MftUpdate, Fault::StatusAfter { code: 503 });
    faults.add(Rule::new(Route::MftList, Fault::status(403)).skip(lists as u32).always());
    faults.add(Rule::new(Route::MftFileInfo, Fault::status(403)).times(2));
    let entry = bench.mft.write(&file, again(&bytes), WriteOptions::new()).await.unwrap();
    assert_eq!(entry.size, Some(200_000));
    assert!(stored(&bench, F).await == bytes);
    assert_eq!(bench.count(Route::MftDelete), 0);
}

#[tokio::test]
async fn a_large_file_replaces_only_what_may_be_deleted() {
    for size in [Some(200_000), None] {
        let bench = small_chunks().await;
        bench.sandbox.mft().put(F, "old").unwrap();
        let rights = Rights::VISIBLE | Rights::CREATE | Rights::DOWNLOAD | Rights::MODIFY;
        bench.sandbox.mft().grant("Admin", "FOLDERS/COMMON", rights);
        let content = match size {
            Some(_) => again(&pattern(200_000)),
            None => {
                let blocks = [Ok(Bytes::from(pattern(200_000)))];
                Content::stream(futures_util::stream::iter(blocks), None)
            }
        };
        let written = bench.mft.write(&path("/COMMON/f.bin"), content, WriteOptions::new()).await;
        assert_eq!(written.unwrap_err().kind(), ErrorKind::PermissionDenied);
        assert_eq!(bench.count(Route::MftUpload), 0, "nothing was sent");
        bench.mft.write_bytes(&path("/COMMON/f.bin"), "small").await.unwrap();
    }
}

/// The file that stands there has as many bytes as the one that was never stored.
#[tokio::test]
async fn what_stood_there_is_not_taken_for_what_was_sent() {
    let bench = small_chunks().await;
    bench.sandbox.mft().put("FOLDERS/COMMON/a.csv", "their").unwrap();
    bench.sandbox.faults().always(Route::MftUpload, Fault::ResetBefore);
    let top: wharf_model::mft::FolderId =
        bench.sandbox.mft().id("FOLDERS/COMMON").unwrap().as_str().into();
    let to = Destination::new(top.clone(), "a.csv");
    let error = bench.client().files().upload(&to, "mine!".into()).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::AlreadyExists, Reached::No));

    let mut batch = bench.client().batch(top.clone());
    let error = batch.upload(&top, "a.csv", "mine!".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    let files = [("a.csv", again(b"mine!")), ("b.csv", again(b"mine!"))];
    let error = batch.upload_all(&top, files).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    batch.undo().await.unwrap();
    assert_eq!(stored(&bench, "FOLDERS/COMMON/a.csv").await, b"their");
    assert_eq!(bench.count(Route::MftUpload), 0, "nothing was sent");
}

#[tokio::test]
async fn a_folder_that_was_not_moved_is_an_error() {
    let script = Script::new().respond(|request| match request.path() {
        path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
        path if path.ends_with("/FileSystem/Root") => {
            Reply::json(200, r#"{"FolderID": "R", "Name": "ROOT"}"#)
        }
        path if path.contains("/Search/0/") => {
            let body = String::from_utf8_lossy(request.body());
            let folders = match body.contains("StartFolderID=R") || body.contains("=R&") {
                true => {
                    r#"{"FolderID": "A", "Name": "a", "ParentFolderID": "R"},
                       {"FolderID": "B", "Name": "b", "ParentFolderID": "R"}"#
                }
                false => "",
            };
            Reply::json(200, format!(r#"{{"Folders": [{folders}]}}"#))
        }
        path if path.contains("/Search/") => Reply::json(200, r#"{"Folders": []}"#),
        // The name is as it was wanted, and the folder where it was.
        _ => Reply::json(200, r#"{"FolderID": "A", "Name": "a", "ParentFolderID": "R"}"#),
    });
    let config = Config::new("h.example", "anna", Login::password("p"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let moved = Mft::new(client).rename(&path("/a"), &path("/b/a"), RenameOptions::new()).await;
    let error = moved.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::Protocol, Reached::Maybe), "{error}");
    assert!(error.message().contains("another folder"), "{error}");
}

const F: &str = "FOLDERS/COMMON/f.bin";
