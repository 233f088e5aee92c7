//! Writes that are broken off, and gone on with.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, future, stream};
use wharf_connector::{
    Capabilities, Checkpoint, CheckpointStore, Content, ContentStream, DeleteOptions, Error,
    ErrorKind, RemotePath, Result, Unfinished, WriteOptions,
};

use super::read::large;
use crate::context::require_error;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn broken_write_goes_on(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    let (path, bytes, desk) = (context.path("resumed.bin")?, larger(1), Arc::<Desk>::default());
    let kept = break_off(context, &path, &bytes, &desk, "one").await?;
    context.require_absent(&path).await?;
    let read = finish(context, &path, &bytes, &desk, "one").await?;
    require!(desk.kept().is_none(), "what was kept of a write that is done is not forgotten");
    let (all, known) = (bytes.len() as u64, desk.known());
    require!(read + known >= all, "{read} bytes were read and {known} known, of {all}");
    let went_on = kept.is_none() || known > 0;
    require!(went_on, "a write that kept its state began anew");
    Ok(())
}

pub(super) async fn changed_source_begins_anew(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    let (path, desk) = (context.path("changed.bin")?, Arc::<Desk>::default());
    break_off(context, &path, &larger(1), &desk, "one").await?;
    let other = larger(2);
    let read = finish(context, &path, &other, &desk, "two").await?;
    require!(read >= other.len() as u64, "only {read} bytes of a source that changed were read");
    require!(desk.kept().is_none(), "what was kept of a write that is done is not forgotten");
    let names = context.names(context.scratch()).await?;
    require!(names == ["changed.bin"], "beside the file there is something left: {names:?}");
    Ok(())
}

pub(super) async fn lost_remains_begin_anew(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    let (path, bytes, desk) = (context.path("lost.bin")?, larger(1), Arc::<Desk>::default());
    let kept = break_off(context, &path, &bytes, &desk, "one").await?;
    if let Some(partial) = kept.and_then(|kept| kept.partial) {
        context.connector.delete(&partial, DeleteOptions::new()).await?;
        finish(context, &path, &bytes, &desk, "one").await?;
    }
    *desk.0.lock().unwrap_or_else(PoisonError::into_inner) =
        State { kept: Some(Unfinished::new("one", "no token of yours")), known: 0 };
    finish(context, &path, &bytes, &desk, "one").await?;
    Ok(())
}

pub(super) async fn kept_state_holds_no_secret(context: &Context) -> Verdict {
    if !can_check(context) {
        return Ok(());
    }
    let (path, desk) = (context.path("secret.bin")?, Arc::<Desk>::default());
    let kept = break_off(context, &path, &larger(1), &desk, "one").await?;
    let Some(Unfinished { token, .. }) = kept else {
        return Ok(());
    };
    let told = context.secrets().iter().any(|secret| token.contains(secret));
    require!(!told, "what is kept of an unfinished write holds a secret");
    Ok(())
}

/// Writes until all bytes but some were handed over, then the source is gone. What was kept.
async fn break_off(
    context: &Context,
    path: &RemotePath,
    bytes: &Bytes,
    desk: &Arc<Desk>,
    source: &str,
) -> Verdict<Option<Unfinished>> {
    let content = counted(bytes, bytes.len() - LACKING, Arc::default());
    let options = WriteOptions::new().with_checkpoint(Checkpoint::new(desk.clone(), source));
    let answer = context.connector.write(path, content, options).await;
    require_error(answer, "a source that is gone")?;
    Ok(desk.kept())
}

/// Writes the whole, looks at it, and says how many bytes were read.
async fn finish(
    context: &Context,
    path: &RemotePath,
    bytes: &Bytes,
    desk: &Arc<Desk>,
    source: &str,
) -> Verdict<u64> {
    let read = Arc::<AtomicU64>::default();
    let content = counted(bytes, usize::MAX, read.clone());
    let options = WriteOptions::new().with_checkpoint(Checkpoint::new(desk.clone(), source));
    context.connector.write(path, content, options).await?;
    context.require_content(path, bytes).await?;
    Ok(read.load(Ordering::Relaxed))
}

/// A content of these bytes that counts what is read, and fails beyond `last`.
fn counted(bytes: &Bytes, last: usize, read: Arc<AtomicU64>) -> Content {
    let size = Some(bytes.len() as u64);
    let bytes = bytes.clone();
    let open = move |offset: u64, end: Option<u64>| {
        let end = end.map_or(bytes.len(), |end| bytes.len().min(end as usize));
        let start = end.min(offset as usize);
        future::ready(Ok(pieces(bytes.slice(start..end), start, last, read.clone())))
    };
    Content::reopenable_ranges(open, size)
}

fn pieces(bytes: Bytes, start: usize, last: usize, read: Arc<AtomicU64>) -> ContentStream {
    let next = move |(mut rest, at): (Bytes, usize)| {
        let read = read.clone();
        async move {
            let piece = rest.split_to(rest.len().min(PIECE));
            if piece.is_empty() {
                return Ok(None);
            }
            let at = at + piece.len();
            if at > last {
                let gone = Error::new(ErrorKind::Interrupted, "the source is gone, as planned");
                return Err(io::Error::other(gone));
            }
            read.fetch_add(piece.len() as u64, Ordering::Relaxed);
            Ok(Some((piece, (rest, at))))
        }
    };
    stream::try_unfold((bytes, start), next).boxed()
}

/// Some parts of the usual five MiB.
fn larger(first: u8) -> Bytes {
    let part = large();
    Bytes::from([vec![first], part.clone(), part].concat())
}

fn can_check(context: &Context) -> bool {
    context.can(Capabilities::WRITE_RESUME | Capabilities::WRITE | Capabilities::READ)
}

/// Keeps what it is told, as long as the case runs.
#[derive(Debug, Default)]
pub(super) struct Desk(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    kept: Option<Unfinished>,
    known: u64,
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> Option<Unfinished> {
        self.state().kept.clone()
    }

    /// How many bytes are said to be there already.
    fn known(&self) -> u64 {
        self.state().known
    }
}

#[async_trait]
impl CheckpointStore for Desk {
    async fn load(&self) -> Result<Option<Unfinished>> {
        Ok(self.kept())
    }

    async fn keep(&self, unfinished: Unfinished) -> Result<()> {
        self.state().kept = Some(unfinished);
        Ok(())
    }

    async fn forget(&self) -> Result<()> {
        self.state().kept = None;
        Ok(())
    }

    fn resumed(&self, range: std::ops::Range<u64>, _: u32) {
        self.state().known += range.end - range.start;
    }
}

/// Not read before the source is gone.
const LACKING: usize = 300_000;
const PIECE: usize = 100_003;
