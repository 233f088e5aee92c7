//! Summing up a file that stands somewhere.

use futures_util::TryStreamExt;
use wharf_connector::{Checksums, ReadOptions, Result};

use crate::Place;

/// Reads a file, and tells its length and its CRC-32.
pub(crate) async fn crc32_of(place: &Place, mut read: impl FnMut(u64)) -> Result<(u64, Checksums)> {
    let download = place.connector.read(&place.path, ReadOptions::new()).await?;
    let (mut stream, mut sum) = (download.into_stream(), crc32fast::Hasher::new());
    let mut length = 0;
    while let Some(block) = stream.try_next().await? {
        sum.update(&block);
        length += block.len() as u64;
        read(block.len() as u64);
    }
    let mut sums = Checksums::default();
    sums.crc32 = Some(sum.finalize());
    Ok((length, sums))
}
