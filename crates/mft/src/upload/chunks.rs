//! Chunks in strict order, each settled before the next.

use wharf_connector::{ErrorKind, Reached};
use wharf_model::mft::FileInfo;
use wharf_transport::Body;

use super::source::{Part, Parts, Sent};
use super::{look, receipt, size_of};
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
}

/// What became of a chunk whose answer was lost.
enum Outcome {
    Stored(FileInfo),
    NotStored,
}

impl<'a> Chunked<'a> {
    pub(super) fn new(client: &'a Client, to: Destination) -> Self {
        Self { client, to, unfinished: None, stored: 0 }
    }

    pub(super) fn resumed(
        client: &'a Client,
        to: Destination,
        unfinished: Unfinished,
        stored: u64,
    ) -> Self {
        Self { client, to, unfinished: Some(unfinished), stored }
    }

    /// How many bytes the service has.
    pub(super) fn sent(&self) -> u64 {
        self.stored
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
        let attempts = self.client.transport().retry_policy().attempts.max(1);
        let mut error = None;
        for _ in 0..attempts {
            let Some(body) = body.replay() else {
                break;
            };
            match self.send_once(body, &sent).await {
                Ok(()) => {
                    self.stored += sent.length();
                    return Ok(());
                }
                Err(lost) if lost.is_lost() || self.may_be_a_repeat(&lost) => {
                    match self.outcome(&sent, &lost).await? {
                        Outcome::Stored(file) => {
                            self.adopt(Unfinished::new(file.id));
                            self.stored += sent.length();
                            return Ok(());
                        }
                        Outcome::NotStored if lost.is_lost() => error = Some(lost),
                        Outcome::NotStored => return Err(lost),
                    }
                }
                Err(refused) => return Err(refused),
            }
        }
        Err(error.unwrap_or_else(|| Error::protocol("a chunk cannot be sent twice")))
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
        if self.unfinished.is_none() {
            let file = match receipt.file {
                Some(id) => id,
                None => match look(self.client, &self.to).await? {
                    Some(file) => file.id,
                    None => return Err(Error::protocol("the service names no file for the chunk")),
                },
            };
            self.adopt(Unfinished::new(file).with_operation(receipt.operation));
        }
        Ok(())
    }

    /// A repeat of a chunk that did arrive is refused, because the stored part is larger by then.
    fn may_be_a_repeat(&self, error: &Error) -> bool {
        error.is_refusal() && error.attempts() > 1
    }

    /// Looks how much is there: as much as before the chunk, or as after it.
    async fn outcome(&self, sent: &Sent, lost: &Error) -> Result<Outcome> {
        let now = look(self.client, &self.to).await?;
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

    fn adopt(&mut self, upload: Unfinished) {
        self.unfinished.get_or_insert(upload);
    }

    /// That everything is there, and the mark of an unfinished upload is off.
    async fn complete(&self) -> Result<FileInfo> {
        let Some(file) = look(self.client, &self.to).await? else {
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
        let file = match &self.unfinished {
            Some(upload) => Some(upload.clone()),
            None if !error.is_lost() => return error,
            None => match look(self.client, &self.to).await {
                Ok(file) => file.map(|file| Unfinished::new(file.id)),
                Err(_) => None,
            },
        };
        let Some(upload) = file else {
            return error;
        };
        let request = transfers::discard(self.client.endpoints(), &self.to, &upload);
        let discarded = receipt(self.client, Place::extended_upload_page, request).await;
        match discarded {
            Ok(_) => error,
            Err(_) => {
                let (message, name) = (error.message(), &self.to.name);
                let message = format!("{message}; an unfinished file {name:?} may be left");
                error.with_message(message).with_reached(Reached::Yes)
            }
        }
    }
}
