//! A whole file in one request, and what became of it.

use futures_util::StreamExt;
use wharf_connector::{ErrorKind, Reached};
use wharf_model::mft::FileInfo;
use wharf_transport::{Body, Bytes};

use super::remove::remove_file;
use super::source::{Failure, Sent};
use super::{Stored, find, look, receipt, size_of};
use crate::api::transfers::{self, Destination, Receipt};
use crate::client::Client;
use crate::config::{MAX_REQUEST, Pages};
use crate::download;
use crate::endpoints::Place;
use crate::error::{Error, Result};

/// A file to be stored in one request.
pub(super) struct Whole<'a> {
    pub(super) client: &'a Client,
    pub(super) to: &'a Destination,
    /// What stood there.
    pub(super) before: Option<&'a FileInfo>,
    pub(super) sent: Sent,
    /// What is sent, and read again if need be.
    pub(super) body: Body,
    /// Why it could not be read.
    pub(super) failure: Failure,
}

impl Whole<'_> {
    /// Sends it, and looks what became of it: an answer may be lost, a request spoilt on the way,
    /// and no checksum is told. What was not stored is sent once more.
    pub(super) async fn store(&self) -> Result<Stored> {
        let mut again = true;
        loop {
            let Some(body) = self.body.replay() else {
                return Err(Error::protocol("the content cannot be read a second time"));
            };
            let doubt = match self.send(body).await.map_err(|error| self.failure.explain(error)) {
                Ok(receipt) if self.confirms(&receipt) => return self.confirmed(receipt).await,
                Ok(_) => Error::protocol("the service confirmed the upload, and names no file"),
                Err(error) if error.is_lost() || error.is_unexplained() => error,
                Err(error) if error.is_refusal() => return Err(error),
                Err(error) => return Err(self.tidied(error).await),
            };
            if doubt.is_lost()
                && let Some(file) = look(self.client, self.to).await.map_err(Error::after_work)?
                && self.is_other(&file)
                && self.fits(&file)
            {
                return self.stored(file);
            }
            let once_more = std::mem::take(&mut again) && doubt.retry_after().is_none();
            if !once_more || !self.body.can_replay() {
                return Err(self.tidied(doubt).await);
            }
        }
    }

    async fn send(&self, body: Body) -> Result<Receipt> {
        let (client, to) = (self.client, self.to);
        if self.sent.length.is_some_and(|bytes| bytes > MAX_REQUEST) {
            let message = format!("more than {MAX_REQUEST} bytes do not go in one request");
            return Err(Error::new(ErrorKind::TooLarge, message)
                .with_remedy("Set `upload` to `extended`, which sends large files in chunks."));
        }
        let endpoints = client.endpoints();
        let (place, request) = match client.config().upload {
            Pages::Extended => {
                (Place::extended_upload_page, transfers::upload(endpoints, to, body))
            }
            Pages::Basic => (Place::upload_page, transfers::upload_basic(endpoints, to, body)),
        };
        receipt(client, place, request).await
    }

    /// What was stored by the extended page bears an id (Boomi: Uploading multiple files); what the
    /// basic page answers is not documented.
    fn confirms(&self, receipt: &Receipt) -> bool {
        receipt.file.is_some() || self.client.config().upload == Pages::Basic
    }

    async fn confirmed(&self, receipt: Receipt) -> Result<Stored> {
        let found = find(self.client, self.to, receipt.file.as_ref()).await;
        let operation = receipt.operation;
        let found = found.map_err(|error| {
            let message =
                format!("the file is stored, and a look at it failed: {}", error.message());
            error.with_message(message).with_reached(Reached::Yes)
        });
        match found? {
            Some(file) => Ok(Stored { operation, ..self.checked(file).await? }),
            None => {
                let message = "the service confirmed the upload, and the file is not there";
                Err(Error::protocol(message).with_reached(Reached::Yes))
            }
        }
    }

    /// Whether this is not what stood there before.
    fn is_other(&self, now: &FileInfo) -> bool {
        self.before.is_none_or(|before| {
            before.id != now.id
                || before.size != now.size
                || before.date_modified != now.date_modified
        })
    }

    /// Whether as many bytes are stored as were sent, as far as both are known.
    fn fits(&self, now: &FileInfo) -> bool {
        let same = size_of(now).zip(self.sent.length).is_none_or(|(stored, sent)| stored == sent);
        same && now.is_partially_uploaded != Some(true)
    }

    fn stored(&self, file: FileInfo) -> Result<Stored> {
        let bytes = self.sent.length.or(size_of(&file)).unwrap_or_default();
        Ok(Stored { file, bytes, operation: None })
    }

    /// That what is stored is what was sent. If it is not, and is the beginning of it, it is
    /// removed; if it is something else, somebody else stored it meanwhile, and it stays.
    async fn checked(&self, file: FileInfo) -> Result<Stored> {
        if self.fits(&file) {
            return self.stored(file);
        }
        let (sent, stored) = (self.sent.length(), size_of(&file).unwrap_or_default());
        let message = format!("{sent} bytes were sent, {stored} are stored");
        if !self.is_beginning(&file).await {
            let message = format!("{message}: somebody else stored a file there meanwhile");
            return Err(Error::new(ErrorKind::Conflict, message).with_reached(Reached::Yes));
        }
        match remove_file(self.client, &file, self.to).await {
            Ok(()) => Err(Error::new(ErrorKind::Corrupted, message)),
            Err(error) => {
                let why = error.message();
                let message = format!("{message}, and could not be removed: {why}");
                Err(Error::new(ErrorKind::Corrupted, message).with_reached(Reached::Yes))
            }
        }
    }

    async fn is_beginning(&self, file: &FileInfo) -> bool {
        let (Some(copy), Some(size)) = (self.body.replay(), size_of(file)) else {
            return false;
        };
        if self.sent.length.is_none_or(|sent| size > sent) {
            return false;
        }
        let Ok(stored) = download::file(self.client, file, 0..size).await else {
            return false;
        };
        let sent = copy.into_stream().map(Result::ok).boxed();
        begins_with(sent, stored.map(Result::ok).boxed()).await
    }

    /// Removes what a request that broke off may have left, where nothing stood before.
    async fn tidied(&self, error: Error) -> Error {
        if self.before.is_none()
            && let Ok(Some(left)) = look(self.client, self.to).await
            && left.is_partially_uploaded == Some(true)
        {
            // If that fails, the file is still marked as what it is.
            let _ = remove_file(self.client, &left, self.to).await;
        }
        error
    }
}

type Pieces = futures_util::stream::BoxStream<'static, Option<Bytes>>;

/// Whether all of the second stands at the beginning of the first. A failure is a no.
async fn begins_with(mut whole: Pieces, mut beginning: Pieces) -> bool {
    let (mut a, mut b) = (Bytes::new(), Bytes::new());
    loop {
        while b.is_empty() {
            match beginning.next().await {
                Some(Some(piece)) => b = piece,
                Some(None) => return false,
                None => return true,
            }
        }
        while a.is_empty() {
            match whole.next().await {
                Some(Some(piece)) => a = piece,
                _ => return false,
            }
        }
        let length = a.len().min(b.len());
        if a.split_to(length) != b.split_to(length) {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn pieces(pieces: &'static [&'static str]) -> Pieces {
        stream::iter(pieces.iter().map(|piece| Some(Bytes::from_static(piece.as_bytes())))).boxed()
    }

    #[tokio::test]
    async fn a_beginning_is_told_from_something_else() {
        for (whole, beginning, is) in [
            (&["abc", "def"][..], &["ab", "cd"][..], true),
            (&["abc", "def"], &["abcdef"], true),
            (&["abc"], &[], true),
            (&["abc"], &["abd"], false),
            (&["abc"], &["abcd"], false),
            (&["", "a", "", "b"], &["", "ab", ""], true),
        ] {
            assert_eq!(begins_with(pieces(whole), pieces(beginning)).await, is, "{whole:?}");
        }
        let failing = stream::iter([None]).boxed();
        assert!(!begins_with(pieces(&["a"]), failing).await);
    }
}
