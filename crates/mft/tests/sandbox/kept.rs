//! What is kept of an upload, and what is said when something fails around it.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::stream;
use wharf_connector::{
    Checkpoint, CheckpointStore, Connector, Content, Error, ErrorKind, Reached, Unfinished,
    WriteOptions, async_trait,
};
use wharf_sandbox::{Fault, Route, Rule};

use crate::bench::{Bench, open, path, pattern, stored};

#[derive(Debug, Default)]
struct Kept {
    unfinished: Mutex<Option<Unfinished>>,
    /// Whether forgetting fails.
    stuck: AtomicBool,
}

#[async_trait]
impl CheckpointStore for Kept {
    async fn load(&self) -> wharf_connector::Result<Option<Unfinished>> {
        Ok(self.unfinished.lock().unwrap().clone())
    }

    async fn keep(&self, unfinished: Unfinished) -> wharf_connector::Result<()> {
        *self.unfinished.lock().unwrap() = Some(unfinished);
        Ok(())
    }

    async fn forget(&self) -> wharf_connector::Result<()> {
        if self.stuck.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Other, "the disk is full"));
        }
        *self.unfinished.lock().unwrap() = None;
        Ok(())
    }
}

fn options(kept: &Arc<Kept>) -> WriteOptions {
    WriteOptions::new().with_checkpoint(Checkpoint::new(kept.clone(), "version 1"))
}

async fn small_chunks() -> Bench {
    Bench::with(|config| config.chunk_size = 64 * 1024).await
}

#[tokio::test]
async fn what_nobody_goes_on_with_is_removed() {
    let (bench, kept) = (small_chunks().await, Arc::new(Kept::default()));
    let (bytes, file) = (Bytes::from(pattern(200_000)), path("/COMMON/f.bin"));
    bench.sandbox.faults().add(Rule::new(Route::MftUpload, Fault::status(503)).skip(2).always());
    bench.mft.write(&file, bytes.clone().into(), options(&kept)).await.unwrap_err();
    assert!(kept.unfinished.lock().unwrap().is_some());
    bench.sandbox.faults().clear();

    // Another process sends it in one request.
    let other = open(&bench.sandbox, "Admin", |config| config.chunk_size = 1 << 20);
    other.write(&file, bytes.clone().into(), options(&kept)).await.unwrap();
    assert!(stored(&bench, "FOLDERS/COMMON/f.bin").await == bytes);
    let paths = bench.sandbox.mft().paths();
    assert!(!paths.iter().any(|path| path.contains(".wharf-")), "{paths:?}");
    assert_eq!(*kept.unfinished.lock().unwrap(), None);
}

#[tokio::test]
async fn a_file_is_stored_although_what_was_kept_cannot_be_forgotten() {
    let (bench, kept) = (small_chunks().await, Arc::new(Kept::default()));
    kept.stuck.store(true, Ordering::SeqCst);
    let (bytes, file) = (Bytes::from(pattern(200_000)), path("/COMMON/f.bin"));
    let written = bench.mft.write(&file, bytes.clone().into(), options(&kept)).await;
    let error = written.unwrap_err();
    assert!(error.message().contains("it is stored"), "{error}");
    assert!(error.message().contains("the disk is full"), "{error}");
    assert_eq!(error.reached(), Reached::Yes);
    assert!(stored(&bench, "FOLDERS/COMMON/f.bin").await == bytes);

    // What went wrong first counts.
    bench.sandbox.faults().always(Route::MftUpload, Fault::status(403));
    let other = path("/COMMON/g.bin");
    let written = bench.mft.write(&other, bytes.into(), options(&kept)).await;
    assert_eq!(written.unwrap_err().kind(), ErrorKind::PermissionDenied);
}

/// The error of a source does not hide what is left of the upload.
#[tokio::test]
async fn an_unfinished_file_that_stays_is_told() {
    let bench = small_chunks().await;
    bench.sandbox.faults().always(Route::MftDelete, Fault::status(403));
    bench.sandbox.faults().add(Rule::new(Route::MftUpload, Fault::status(403)).skip(2).always());
    let lost = Error::new(ErrorKind::Interrupted, "the other side broke");
    let pieces = [Ok(Bytes::from(pattern(150_000))), Err(io::Error::other(lost))];
    let content = Content::stream(stream::iter(pieces), None);
    let written = bench.mft.write(&path("/COMMON/f.bin"), content, WriteOptions::new()).await;
    let error = written.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::Interrupted, Reached::Yes), "{error}");
    assert!(error.message().starts_with("the other side broke; an unfinished file"), "{error}");
}
