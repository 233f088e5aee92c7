//! Content written down: its checksums and where its bytes lie.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::folder::{Folder, name_of, number_in};
use super::store::{Extent, Volume};
use super::{Blob, Piece, Source};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    len: u64,
    crc32: u32,
    md5: Option<String>,
    pieces: Vec<PieceRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PieceRecord {
    Stored { file: String, from: u64, to: u64 },
    Here { base64: String },
}

/// Looks up the files of content that was read from its written form.
///
/// Content that shares a file shares it again: it goes when the last one is gone.
#[derive(Debug)]
pub(crate) struct Adoption {
    folder: Arc<Folder>,
    found: HashMap<u64, (Arc<Volume>, u64)>,
}

impl Adoption {
    pub(crate) fn new(folder: Arc<Folder>) -> Self {
        Self { folder, found: HashMap::new() }
    }

    /// Gives the content its files.
    ///
    /// # Errors
    /// When one is missing, or shorter than it was.
    pub(crate) fn adopt(&mut self, blob: &mut Blob) -> io::Result<()> {
        let pieces = blob.inner.pieces.iter().map(|piece| match &piece.source {
            Source::Stored(extent) => {
                let extent = self.claim(extent)?;
                Ok(Piece { start: piece.start, source: Source::Stored(extent) })
            }
            Source::Memory(_) => Ok(piece.clone()),
        });
        *blob = blob.with_pieces(pieces.collect::<io::Result<_>>()?);
        Ok(())
    }

    /// Removes the files that no content has claimed.
    pub(crate) fn sweep(self) -> io::Result<()> {
        self.folder.sweep(|number| self.found.contains_key(&number))
    }

    fn claim(&mut self, extent: &Extent) -> io::Result<Extent> {
        let Volume::Claimed(number) = *extent.volume else {
            return Ok(extent.clone());
        };
        let (volume, len) = match self.found.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let path = self.folder.file(number);
                let file = fs::metadata(&path).map_err(|error| {
                    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
                })?;
                let volume = Arc::new(Volume::Named(number, self.folder.clone()));
                place.insert((volume, file.len()))
            }
        };
        if *len < extent.range.end {
            let path = self.folder.file(number);
            let text = format!(
                "{}: {} bytes are needed, {len} are there",
                path.display(),
                extent.range.end
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(Extent { volume: volume.clone(), range: extent.range.clone() })
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pieces = self.inner.pieces.iter().map(|piece| {
            PieceRecord::of(&piece.source)
                .ok_or_else(|| S::Error::custom("content in a nameless file cannot be kept"))
        });
        let record = Record {
            len: self.len(),
            crc32: self.crc32(),
            md5: self.md5().map(|md5| BASE64_STANDARD.encode(md5)),
            pieces: pieces.collect::<Result<_, _>>()?,
        };
        record.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Blob {
    /// What is in files must be adopted before it can be read.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        record.blob().ok_or_else(|| D::Error::custom("the content is not described as it should"))
    }
}

impl Record {
    fn blob(self) -> Option<Blob> {
        let md5 = match self.md5 {
            None => OnceLock::new(),
            Some(text) => {
                let md5: [u8; 16] = BASE64_STANDARD.decode(text).ok()?.try_into().ok()?;
                OnceLock::from(md5)
            }
        };
        let mut pieces = Vec::new();
        let mut start: u64 = 0;
        for record in self.pieces {
            let piece = Piece { start, source: record.source()? };
            start = start.checked_add(piece.len())?;
            pieces.push(piece);
        }
        (start == self.len).then(|| Blob::assembled(pieces, self.len, self.crc32, md5))
    }
}

impl PieceRecord {
    fn of(source: &Source) -> Option<Self> {
        match source {
            Source::Memory(bytes) => Some(Self::Here { base64: BASE64_STANDARD.encode(bytes) }),
            Source::Stored(extent) => match *extent.volume {
                Volume::Nameless(_) => None,
                Volume::Named(number, _) | Volume::Claimed(number) => Some(Self::Stored {
                    file: name_of(number),
                    from: extent.range.start,
                    to: extent.range.end,
                }),
            },
        }
    }

    fn source(self) -> Option<Source> {
        match self {
            Self::Here { base64 } => {
                Some(Source::Memory(BASE64_STANDARD.decode(base64).ok()?.into()))
            }
            Self::Stored { file, from, to } if from < to => {
                let volume = Arc::new(Volume::Claimed(number_in(&file)?));
                Some(Source::Stored(Extent { volume, range: from..to }))
            }
            Self::Stored { .. } => None,
        }
    }
}
