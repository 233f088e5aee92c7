//! What is kept of an upload in chunks, so that a later one goes on at the next byte.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use crc32fast::Hasher;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use wharf_connector::{Checkpoint, Content, ContentStream, ErrorKind, RemotePath};
use wharf_model::mft::{FileId, FileInfo, FolderId};

use super::remove::remove_file;
use super::{is_at, is_temporary, look, size_of};
use crate::api::transfers::{Destination, Unfinished};
use crate::client::Client;
use crate::error::{Error, Result};

/// An upload that was begun, and how much of it the service has confirmed. As text it is a token;
/// the ids in it open nothing to those who have no session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    folder: String,
    /// The name of its own that it goes to.
    pub(super) name: String,
    /// The name that it gets.
    to: String,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    pub(super) stored: u64,
    #[serde(rename = "crc")]
    crc32: u32,
}

/// Where the state of one upload is kept.
#[derive(Debug, Clone)]
pub(crate) struct Keeping<'a> {
    pub(crate) checkpoint: &'a Checkpoint,
    /// The path of the folder, for those who look for what is left there.
    pub(crate) folder: RemotePath,
}

/// Writes down what the service has, chunk by chunk.
pub(super) struct Keeper<'a> {
    keeping: Keeping<'a>,
    kept: Kept,
    sum: Hasher,
}

impl Kept {
    /// What an upload of this size to this place can go on with.
    pub(super) async fn load(
        keeping: &Keeping<'_>,
        to: &Destination,
        size: u64,
    ) -> Result<Option<Self>> {
        let token = keeping.checkpoint.load().await.map_err(Error::of_content)?;
        let kept = token.and_then(|token| serde_json::from_str::<Self>(&token).ok());
        let kept =
            kept.filter(|kept| *kept.to == *to.name && kept.size == size && kept.stored <= size);
        // The folder may bear another id by now; a look tells whether the file lies in it.
        Ok(kept.map(|kept| Self { folder: to.folder.as_str().to_owned(), ..kept }))
    }

    /// Where it goes until it is whole.
    pub(super) fn staged(&self) -> Destination {
        Destination::new(FolderId::from(&*self.folder), &*self.name)
    }

    /// What the service has of it.
    pub(super) async fn look(&self, client: &Client) -> Result<Option<FileInfo>> {
        let Some(file) = &self.file else {
            return look(client, &self.staged()).await;
        };
        match client.files().info(&FileId::from(&**file)).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How the service calls it.
    pub(super) fn unfinished(&self, there: &FileInfo) -> Unfinished {
        Unfinished::new(there.id.clone()).with_operation(self.operation.as_deref())
    }

    /// The sum of all that the service has: what was confirmed, and what came in unheard, which
    /// is read from the source.
    pub(super) async fn sum_up(&self, content: &Content, stored: u64) -> Result<u32> {
        let mut sum = Hasher::new_with_initial_len(self.crc32, self.stored);
        if stored > self.stored {
            let unreadable =
                |error| Error::of_content(wharf_connector::Error::unreadable_content(error));
            let opened = content.open_range(self.stored..stored);
            let mut unheard = opened.await.map_err(unreadable)?;
            while let Some(block) = unheard.next().await {
                sum.update(&block.map_err(unreadable)?);
            }
        }
        Ok(sum.finalize())
    }
}

impl<'a> Keeper<'a> {
    /// For an upload that begins. Its name is kept before anything stands under it.
    pub(super) async fn begin(
        keeping: Keeping<'a>,
        to: &Destination,
        staged: &Destination,
        size: u64,
    ) -> Result<Self> {
        let kept = Kept {
            folder: to.folder.as_str().to_owned(),
            name: staged.name.to_string(),
            to: to.name.to_string(),
            size,
            file: None,
            operation: None,
            stored: 0,
            crc32: 0,
        };
        let keeper = Self { keeping, kept, sum: Hasher::new() };
        keeper.write_down().await?;
        Ok(keeper)
    }

    /// For one that goes on behind `stored` bytes.
    pub(super) fn after(keeping: Keeping<'a>, kept: Kept, stored: u64, crc32: u32) -> Self {
        keeping.checkpoint.resumed(0..stored, crc32);
        Self { keeping, kept, sum: Hasher::new_with_initial_len(crc32, stored) }
    }

    /// A chunk with this sum is stored.
    pub(super) async fn keep(
        &mut self,
        upload: Option<&Unfinished>,
        chunk: Option<Hasher>,
        stored: u64,
    ) -> Result<()> {
        let (Some(upload), Some(chunk)) = (upload, chunk) else {
            return Ok(());
        };
        self.sum.combine(&chunk);
        self.kept.file = Some(upload.file.as_str().to_owned());
        self.kept.operation = upload.operation.as_deref().map(str::to_owned);
        self.kept.crc32 = self.sum.clone().finalize();
        self.kept.stored = stored;
        self.write_down().await
    }

    async fn write_down(&self) -> Result<()> {
        let token = serde_json::to_string(&self.kept).unwrap_or_default();
        let partial = self.keeping.folder.join(&self.kept.name).ok();
        self.keeping.checkpoint.keep(token, partial).await.map_err(Error::of_content)
    }
}

/// Sums up a chunk while it is sent, whole each time that it is.
#[derive(Debug, Clone, Default)]
pub(super) struct ChunkSum(Arc<Mutex<Hasher>>);

impl ChunkSum {
    /// Begins anew with a stream of the whole chunk.
    pub(super) fn watch(&self, stream: ContentStream) -> ContentStream {
        let sum = self.0.clone();
        *sum.lock().unwrap_or_else(PoisonError::into_inner) = Hasher::new();
        let add = move |block: &Bytes| {
            sum.lock().unwrap_or_else(PoisonError::into_inner).update(block);
        };
        stream.inspect(move |block| block.iter().for_each(&add)).boxed()
    }

    pub(super) fn take(&self) -> Hasher {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Removes what an upload in chunks has left that nobody can go on with any more, and forgets it.
pub(super) async fn give_up(
    keeping: &Keeping<'_>,
    client: &Client,
    to: &Destination,
) -> Result<()> {
    let Some(token) = keeping.checkpoint.load().await.map_err(Error::of_content)? else {
        return Ok(());
    };
    let kept = serde_json::from_str::<Kept>(&token).ok();
    if let Some(kept) = kept.filter(|kept| is_temporary(&kept.name)) {
        let kept = Kept { folder: to.folder.as_str().to_owned(), ..kept };
        let (there, staged) = (kept.look(client).await?, kept.staged());
        if let Some(there) = there.filter(|there| is_at(there, &staged)) {
            remove_file(client, &there, &staged).await?;
        }
    }
    keeping.checkpoint.forget().await.map_err(Error::of_content)
}

/// Whether what stands there is the whole.
pub(super) fn is_whole(there: &FileInfo, size: u64) -> bool {
    there.is_partially_uploaded != Some(true) && size_of(there) == Some(size)
}
