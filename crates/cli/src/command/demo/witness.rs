//! An independent look: the bytes as the sandbox holds them, not as our client tells them.

use std::path::Path;

use wharf::connector::bytes::Bytes;
use wharf::{Error, ErrorKind};
use wharf_sandbox::{Blob, Sandbox};

use crate::failure::{Result, on_this_machine};

/// What Files.com holds at a path.
pub(super) async fn filescom(sandbox: &Sandbox, path: &str) -> Result<Bytes> {
    bytes(sandbox.filescom().content(path), path).await
}

/// What Boomi MFT holds at a path from its root.
pub(super) async fn mft(sandbox: &Sandbox, path: &str) -> Result<Bytes> {
    let from_top = format!("{MFT_ROOT}{path}");
    bytes(sandbox.mft().content(&from_top), path).await
}

/// What a file of this machine holds.
pub(super) async fn here(path: &Path) -> Result<Bytes> {
    let read = tokio::fs::read(path).await;
    let read = read.map_err(|error| on_this_machine(path.display().to_string(), error))?;
    Ok(read.into())
}

/// Whether two are the same, byte by byte.
pub(super) fn compare(sent: &Bytes, arrived: &Bytes) -> Result<()> {
    if sent == arrived {
        return Ok(());
    }
    let differs = sent.iter().zip(arrived).position(|(a, b)| a != b);
    let at = differs.unwrap_or_else(|| sent.len().min(arrived.len()));
    let message = format!("byte {at} is not what the witness holds");
    Err(Error::new(ErrorKind::Corrupted, message).into())
}

async fn bytes(blob: Option<Blob>, path: &str) -> Result<Bytes> {
    let missing =
        || Error::new(ErrorKind::NotFound, format!("the witness holds nothing at {path}"));
    let bytes = blob.ok_or_else(missing)?.bytes().await;
    Ok(bytes.map_err(|error| on_this_machine("the content of the sandbox", error))?)
}

/// The folder that MFT's own paths begin with.
const MFT_ROOT: &str = "FOLDERS";
