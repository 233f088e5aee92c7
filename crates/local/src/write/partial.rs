//! A partial file that a later write goes on with.

use std::sync::Arc;

use wharf_connector::{Checkpoint, Content, ErrorKind, RemotePath, Result};

use crate::blocking::blocking;
use crate::error::from_io;
use crate::root::{Missing, Root};
use crate::temporary::{is_name, random_name};

/// The name of a partial file, kept before the file is made: whatever happens, whoever has the
/// checkpoint knows of it.
pub(super) struct Partial<'a> {
    checkpoint: &'a Checkpoint,
    name: String,
    path: RemotePath,
}

impl<'a> Partial<'a> {
    /// The name that an earlier write of this source has left, or a new one.
    pub(super) async fn reserve(
        root: &Arc<Root>,
        file: &RemotePath,
        checkpoint: &'a Checkpoint,
    ) -> Result<Self> {
        let folder = file.parent().unwrap_or_default();
        let left = checkpoint.load().await?.filter(|name| is_name(name));
        if let Some(name) = left {
            let path = folder.join(&name)?;
            return Ok(Self { checkpoint, name, path });
        }
        if let Some(outdated) = checkpoint.outdated().await? {
            remove(root.clone(), outdated).await?;
        }
        let name = random_name();
        let path = folder.join(&name)?;
        checkpoint.keep(&*name, Some(path.clone())).await?;
        Ok(Self { checkpoint, name, path })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// So many bytes are there already.
    pub(super) fn tell(&self, bytes: u64, crc32: u32) {
        self.checkpoint.resumed(0..bytes, crc32);
    }

    /// Removes it: nobody will go on with it.
    pub(super) async fn give_up(&self, root: Arc<Root>) -> Result<()> {
        let removed = remove(root, self.path.clone()).await;
        self.checkpoint.forget().await?;
        removed
    }
}

/// Whether going on is cheaper than to begin anew, and possible.
pub(super) fn is_worth_it(content: &Content) -> bool {
    content.is_reopenable() && content.size().is_some_and(|size| size >= WORTH_IT)
}

async fn remove(root: Arc<Root>, path: RemotePath) -> Result<()> {
    blocking(move |_| {
        let Some(name) = path.name().filter(|name| is_name(name)) else {
            return Ok(());
        };
        let folder = match root.spot(&path, Missing::Refuse) {
            Ok(spot) => spot.folder,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        match folder.remove_file(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(from_io(error)),
            _ => Ok(()),
        }
    })
    .await
}

/// What is smaller is written again sooner than it is summed up.
const WORTH_IT: u64 = 4 * 1024 * 1024;
