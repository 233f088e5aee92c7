//! Several files and folders in one operation.

use bytes::Bytes;
use futures_util::stream;
use wharf_connector::{Content, ErrorKind};
use wharf_model::mft::FolderId;
use wharf_sandbox::{Fault, Route, Rule};

use crate::bench::{Bench, pattern, stored};

fn common(bench: &Bench) -> FolderId {
    bench.sandbox.mft().id("FOLDERS/COMMON").unwrap().as_str().into()
}

fn again(bytes: &[u8]) -> Content {
    Bytes::copy_from_slice(bytes).into()
}

fn once(bytes: &[u8]) -> Content {
    Content::stream(stream::iter([Ok(Bytes::copy_from_slice(bytes))]), None)
}

async fn small_chunks() -> Bench {
    Bench::with(|config| config.chunk_size = 64 * 1024).await
}

/// The whole of it: small files that share a request, one that cannot, a folder, a large file.
async fn run(bench: &Bench) -> wharf_mft::Result<wharf_mft::api::Batch> {
    let top = common(bench);
    let mut batch = bench.client().batch(top.clone());
    let files = [
        ("a.bin", again(&pattern(10))),
        ("ü b.bin", again(&pattern(30_000))),
        ("once.bin", once(&pattern(500))),
        ("empty", again(b"")),
        ("c.bin", again(&pattern(40_000))),
        ("d.bin", again(&pattern(40_000))),
    ];
    let stored = batch.upload_all(&top, files).await?;
    let sizes: Vec<_> = stored.iter().map(|stored| stored.bytes).collect();
    assert_eq!(sizes, [10, 30_000, 500, 0, 40_000, 40_000]);
    let sub = batch.create_folder(&top, "Sub").await?;
    assert_eq!(batch.create_folder(&top, "Sub").await?.id, sub.id, "it is there");
    let deep = batch.create_folder(&sub.id, "deep").await?;
    batch.upload(&deep.id, "large.bin", again(&pattern(150_000))).await?;
    Ok(batch)
}

const STORED: [(&str, usize); 7] = [
    ("a.bin", 10),
    ("ü b.bin", 30_000),
    ("once.bin", 500),
    ("empty", 0),
    ("c.bin", 40_000),
    ("d.bin", 40_000),
    ("Sub/deep/large.bin", 150_000),
];

async fn all_there(bench: &Bench) -> bool {
    for (name, size) in STORED {
        if stored(bench, &format!("FOLDERS/COMMON/{name}")).await != pattern(size) {
            return false;
        }
    }
    true
}

#[tokio::test]
async fn one_operation_for_files_folders_and_chunks() {
    let bench = small_chunks().await;
    let before = bench.sandbox.mft().paths().len();
    let batch = run(&bench).await.unwrap();
    assert!(all_there(&bench).await);
    assert_eq!(bench.sandbox.mft().paths().len(), before + STORED.len() + 2);
    let seen = bench.sandbox.seen().of(Route::MftUpload);
    // Two share the first request, one is alone; two and one by size; two folders; three chunks.
    assert_eq!(seen.len(), 1 + 1 + 1 + 1 + 2 + 3);
    // The service refuses an operation that it does not know, and logs each new one.
    assert!(batch.operation().is_some());
    assert_eq!(bench.sandbox.mft().operations(), 1);
}

/// One fault on the n-th upload request, and each file is there, once, whole.
#[tokio::test]
async fn a_batch_survives_a_fault_at_any_request() {
    for fault in [
        Fault::LoseAnswer,
        Fault::ResetBefore,
        Fault::ResetDuring(600),
        Fault::status(503),
        Fault::StatusAfter { code: 500 },
        Fault::ExpiredSession,
    ] {
        for request in 0..9 {
            let bench = small_chunks().await;
            bench.sandbox.faults().add(Rule::new(Route::MftUpload, fault.clone()).skip(request));
            let ran = run(&bench).await;
            ran.unwrap_or_else(|error| panic!("{fault:?} at {request}: {error:?}"));
            assert!(all_there(&bench).await, "{fault:?} at request {request}");
            let paths = bench.sandbox.mft().paths();
            assert!(!paths.iter().any(|path| path.contains("wharf")), "{fault:?}: {paths:?}");
        }
    }
}

#[tokio::test]
async fn undoing_takes_away_what_is_ours_and_nothing_else() {
    let bench = small_chunks().await;
    let before = bench.sandbox.mft().paths();
    run(&bench).await.unwrap().undo().await.unwrap();
    assert_eq!(bench.sandbox.mft().paths(), before);

    let batch = run(&bench).await.unwrap();
    bench.sandbox.mft().put("FOLDERS/COMMON/Sub/theirs", "x").unwrap();
    let error = batch.undo().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotEmpty, "{error}");
    assert_eq!(stored(&bench, "FOLDERS/COMMON/Sub/theirs").await, b"x");
}

/// Of the answer only the headers are documented: a page in its body is no refusal beside them.
#[tokio::test]
async fn a_folder_is_confirmed_by_any_documented_header() {
    use std::sync::atomic::{AtomicBool, Ordering};

    use wharf_mft::{Client, Config, Login};
    use wharf_transport::testing::{Reply, Script};
    for header in ["x-folderid", "x-filesystemlogopid"] {
        let made = AtomicBool::new(false);
        let script = Script::new().respond(move |request| match request.path() {
            path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
            path if path.contains("/Search/0/") && made.load(Ordering::SeqCst) => Reply::json(
                200,
                r#"{"Folders": [{"FolderID": "2", "Name": "a", "ParentFolderID": "F"}]}"#,
            ),
            path if path.contains("/Search/") => Reply::json(200, r#"{"Folders": []}"#),
            _ => {
                made.store(true, Ordering::SeqCst);
                Reply::new(200).header(header, "2").body("<html>done</html>")
            }
        });
        let config = Config::new("h.example", "anna", Login::password("p"));
        let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
        let folder = client.batch("F".into()).create_folder(&"F".into(), "a").await.unwrap();
        assert_eq!(folder.id, "2", "{header}");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_or_replaced() {
    for size in [5, 150_000] {
        let bench = small_chunks().await;
        let top = common(&bench);
        bench.sandbox.mft().put("FOLDERS/COMMON/b", "theirs").unwrap();
        let files = || [("a", again(b"1")), ("b", again(&pattern(size))), ("c", again(b"3"))];
        let mut batch = bench.client().batch(top.clone());
        let error = batch.upload_all(&top, files()).await.unwrap_err();
        assert!(error.code().is_some() || error.kind() == ErrorKind::AlreadyExists, "{error:?}");
        assert_eq!(stored(&bench, "FOLDERS/COMMON/b").await, b"theirs");
        batch.undo().await.unwrap();

        let mut batch = bench.client().batch(top.clone()).with_overwrite(true);
        let all = batch.upload_all(&top, files()).await.unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!(stored(&bench, "FOLDERS/COMMON/b").await, pattern(size));
        batch.undo().await.unwrap();
        let paths = bench.sandbox.mft().paths();
        let left = |name: &str| paths.iter().any(|path| path.ends_with(name));
        assert!(left("COMMON/b") && !left("COMMON/a") && !left("COMMON/c"), "{paths:?}");
        bench.client().batch(top.clone()).create_folder(&top, "b").await.unwrap_err();
    }
}
