//! Chunks in strict order, each settled before the next.

use wharf_connector::{ErrorKind, Reached};
use wharf_model::mft::FileInfo;
use wharf_transport::Body;

use super::kept::Keeper;
use super::remove::remove;
use super::source::{Part, Parts, Sent};
use super::{find, look, receipt, size_of};
use crate::api::transfers::{self, Destination, Unfinished};
use crate::client::Client;
use crate::endpoints::Place;
use crate::error::{Error, Result};

/// An upload in chunks to a name of its own.
pub(super) struct Chunked<'a> {
    client: &'a Client,
    to: Destination,
    unfinished: Option<Unfinished>,
    /// Bytes that the service has.
    stored: u64,
    keeper: Option<Keeper<'a>>,
}

/// What became of a chunk whose answer was lost.
enum Outcome {
    Stored(FileInfo),
    NotStored,
}

impl<'a> Chunked<'a> {
    pub(super) fn new(client: &'a Client, to: Destination) -> Self {
        Self { client, to, unfinished: None, stored: 0, keeper: None }
    }

    pub(super) fn resumed(
        client: &'a Client,
        to: Destination,
        unfinished: Unfinished,
        stored: u64,
    ) -> Self {
        Self { client, to, unfinished: Some(unfinished), stored, keeper: None }
    }

    /// Writes down what the service has.
    pub(super) fn with_keeper(mut self, keeper: Option<Keeper<'a>>) -> Self {
        self.keeper = keeper;
        self
    }

    /// How many bytes the service has.
    pub(super) fn sent(&self) -> u64 {
        self.stored
    }

    /// What the service called the operation.
    pub(super) fn operation(&self) -> Option<Box<str>> {
        self.unfinished.as_ref()?.operation.clone()
    }

    pub(super) async fn send_all(&mut self, parts: &mut Parts, first: Part) -> Result<FileInfo> {
        self.send(first).await?;
        let next = parts.next().await?;
        self.send_rest(parts, next).await
    }

    pub(super) async fn send_rest(&mut self, parts: &mut Parts, next: Part) -> Result<FileInfo> {
        let mut next = next;
        loop {
            let is_last = next.is_last;
            self.send(next).await?;
            if is_last {
                return self.complete().await;
            }
            next = parts.next().await?;
        }
    }

    /// Sends a chunk until it is known to be stored, once.
    async fn send(&mut self, part: Part) -> Result<()> {
        let (body, sent) = part.split();
        let mut attempts = self.client.transport().retry_policy().attempts.max(2);
        let mut spoilt = true;
        loop {
            let Some(body) = body.replay() else {
                return Err(Error::protocol("the chunk cannot be read a second time"));
            };
            let error = match self.send_once(body, &sent).await {
                Ok(()) => return self.count(&sent).await,
                Err(error) if error.is_lost() || error.is_unexplained() => error,
                Err(error) => return Err(error),
            };
            if let Outcome::Stored(file) = self.outcome(&sent, &error).await? {
                self.adopt(Unfinished::new(file.id));
                return self.count(&sent).await;
            }
            // A chunk that was spoilt on the way is refused for reasons that are not published.
            attempts -= 1;
            let once_more = error.is_lost() || std::mem::take(&mut spoilt);
            if attempts == 0 || !once_more {
                return Err(error);
            }
        }
    }

    async fn count(&mut self, sent: &Sent) -> Result<()> {
        self.stored += sent.length();
        match &mut self.keeper {
            Some(keeper) => keeper.keep(self.unfinished.as_ref(), sent.sum(), self.stored).await,
            None => Ok(()),
        }
    }

    async fn send_once(&mut self, body: Body, sent: &Sent) -> Result<()> {
        let endpoints = self.client.endpoints();
        let request = match &self.unfinished {
            None => transfers::first_chunk(endpoints, &self.to, body),
            Some(upload) => {
                let place = (self.stored, sent.is_last);
                transfers::next_chunk(endpoints, &self.to, upload, place, body)
            }
        };
        let receipt = receipt(self.client, Place::extended_upload_page, request).await?;
        // What was stored bears an id (Boomi: Uploading multiple files).
        let Some(file) = receipt.file else {
            return Err(Error::protocol("the service confirmed a chunk, and names no file"));
        };
        self.adopt(Unfinished::new(file).with_operation(receipt.operation));
        Ok(())
    }

    /// Looks how much is there: as much as before the chunk, or as after it.
    async fn outcome(&self, sent: &Sent, lost: &Error) -> Result<Outcome> {
        let now = self.look().await?;
        let size = now.as_ref().and_then(size_of);
        match (now, size) {
            (None, _) if self.unfinished.is_none() => Ok(Outcome::NotStored),
            (Some(file), Some(size))
                if size == self.stored + sent.length() && sent.length() > 0 =>
            {
                Ok(Outcome::Stored(file))
            }
            (Some(_), Some(size)) if size == self.stored && self.unfinished.is_some() => {
                Ok(Outcome::NotStored)
            }
            (now, size) => {
                let there = if now.is_some() { size.unwrap_or_default() } else { 0 };
                let message = format!(
                    "after a chunk of {} bytes was sent onto {}, {there} are stored: {}",
                    sent.length(),
                    self.stored,
                    lost.message()
                );
                Err(Error::new(ErrorKind::Interrupted, message).with_reached(Reached::Yes))
            }
        }
    }

    async fn look(&self) -> Result<Option<FileInfo>> {
        let id = self.unfinished.as_ref().map(|upload| &upload.file);
        find(self.client, &self.to, id).await
    }

    fn adopt(&mut self, upload: Unfinished) {
        self.unfinished.get_or_insert(upload);
    }

    /// That everything is there, and the mark of an unfinished upload is off.
    async fn complete(&self) -> Result<FileInfo> {
        let Some(file) = self.look().await? else {
            let message = "the service confirmed every chunk, and the file is not there";
            return Err(Error::protocol(message).with_reached(Reached::Yes));
        };
        let (stored, size) = (self.stored, size_of(&file));
        if size.is_some_and(|size| size != stored) {
            let size = size.unwrap_or_default();
            let message = format!("{stored} bytes were sent, {size} are stored");
            return Err(Error::new(ErrorKind::Corrupted, message));
        }
        if file.is_partially_uploaded == Some(true) {
            let message = "the service marks the file as unfinished after its last chunk";
            return Err(Error::protocol(message));
        }
        Ok(file)
    }

    /// Removes what is there of it, and says so if that fails.
    pub(super) async fn abandon(&self, error: Error) -> Error {
        if self.keeper.is_some() && error.leaves_the_rest_for_later() {
            return error; // somebody means to go on with it
        }
        let upload = match &self.unfinished {
            Some(upload) => upload.clone(),
            None => match look(self.client, &self.to).await {
                Ok(Some(file)) => Unfinished::new(file.id),
                _ => return error,
            },
        };
        match remove(self.client, &self.to, &upload).await {
            // Nothing is left of it, whatever became of the last request.
            Ok(()) => error.with_reached(Reached::No),
            Err(_) => {
                let (message, name) = (error.message(), &self.to.name);
                let message = format!("{message}; an unfinished file {name:?} may be left");
                error.with_message(message).with_reached(Reached::Yes)
            }
        }
    }
}
