//! The listing of a folder, read as it comes.

use std::hash::{DefaultHasher, Hash, Hasher};

use futures_util::{StreamExt, stream};
use wharf_connector::ErrorKind;
use wharf_model::mft::{Entry, ErrorCode, ErrorInfo, FolderId, ListingParser};
use wharf_transport::{self as transport, ByteStream, Bytes, HeaderMap, Refusal, StatusCode};

use super::EntryStream;
use super::recent::Recent;
use crate::api::folders;
use crate::client::Client;
use crate::dialect::{error_info, is_page};
use crate::endpoints::Place;
use crate::error::{Error, Result};

pub(super) fn entries(client: Client, folder: FolderId) -> EntryStream {
    let listing = Streamed::new(client, folder);
    stream::unfold(listing, |mut listing| async move {
        let item = listing.next().await.transpose()?;
        listing.done |= item.is_err();
        Some((item, listing))
    })
    .fuse()
    .boxed()
}

struct Streamed {
    client: Client,
    folder: FolderId,
    source: Option<Source>,
    /// Whether the answer had begun.
    opened: bool,
    /// Of the session that it was asked for with.
    generation: u64,
    recent: Recent,
    /// What was read of this answer.
    read: Prefix,
    /// What was read of the one before, which broke off, where that is too much to be remembered.
    before: Option<Prefix>,
    breaks: u32,
    renewed: bool,
    done: bool,
}

/// So many entries, and a sum of what they were, in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Prefix {
    entries: usize,
    sum: u64,
}

/// One answer on its way in.
struct Source {
    body: ByteStream,
    parser: ListingParser,
}

/// What reading on led to.
enum Step {
    Entry(Box<Entry>),
    End,
    /// An answer that calls itself a success and is something else.
    Disguised(Bytes),
}

impl Streamed {
    fn new(client: Client, folder: FolderId) -> Self {
        Self {
            client,
            folder,
            source: None,
            opened: false,
            generation: 0,
            recent: Recent::default(),
            read: Prefix::default(),
            before: None,
            breaks: 0,
            renewed: false,
            done: false,
        }
    }

    async fn next(&mut self) -> Result<Option<Entry>> {
        while !self.done {
            match self.step().await {
                Ok(Step::Entry(entry)) => {
                    if self.is_new(&entry)? {
                        return Ok(Some(*entry));
                    }
                }
                Ok(Step::End) => {
                    if self.before.is_some_and(|before| self.read.entries < before.entries) {
                        return Err(changed());
                    }
                    self.done = true;
                }
                Ok(Step::Disguised(body)) => self.refused(body).await?,
                Err(error) => self.broken(error)?,
            }
        }
        Ok(None)
    }

    async fn step(&mut self) -> Result<Step> {
        let place = Place::folder_content;
        let source = match &mut self.source {
            Some(source) => source,
            empty => {
                self.generation = self.client.generation().await?;
                let request = folders::content(self.client.endpoints(), &self.folder);
                let body = self.client.send(place, request).await?.into_stream();
                self.opened = true;
                let (body, start) = begun(body).await?;
                if start.iter().find(|byte| !is_blank(**byte)).is_some_and(|byte| *byte != b'{') {
                    return Ok(Step::Disguised(collected(body).await));
                }
                empty.insert(Source { body, parser: ListingParser::new() })
            }
        };
        source.step().await
    }

    /// Whether an entry was not handed on yet.
    fn is_new(&mut self, entry: &Entry) -> Result<bool> {
        self.read.add(entry);
        match self.before {
            Some(before) if self.read.entries < before.entries => Ok(false),
            Some(before) if self.read.entries == before.entries => match self.read == before {
                true => Ok(false),
                false => Err(changed()),
            },
            _ => Ok(self.recent.is_new(entry)),
        }
    }

    /// Goes on from the beginning. What was handed on is remembered; where that is too much, the
    /// same entries have to come in the same order.
    fn broken(&mut self, error: Error) -> Result<()> {
        self.breaks += 1;
        let attempts = self.client.transport().retry_policy().attempts;
        // What keeps a request from being answered was repeated by the transport.
        let passing = std::mem::take(&mut self.opened) && error.is_transient();
        if !passing || self.breaks >= attempts {
            return Err(error);
        }
        let furthest = self.before.filter(|before| before.entries > self.read.entries);
        let furthest = furthest.unwrap_or(self.read);
        self.before = (furthest.entries > Recent::CAPACITY).then_some(furthest);
        (self.source, self.read) = (None, Prefix::default());
        Ok(())
    }

    /// A dead session may be told in a document that calls itself a success.
    async fn refused(&mut self, body: Bytes) -> Result<()> {
        let refusal = Refusal::new(StatusCode::OK, HeaderMap::new(), body);
        let gone = error_info(&refusal).and_then(|info| info.code) == Some(ErrorCode::SESSION_GONE);
        if self.renewed || !(gone || is_page(refusal.body())) {
            let error = transport::Error::refused(self.client.transport().masked(refusal));
            return Err(self.client.explain(error, Place::folder_content));
        }
        self.renewed = true;
        (self.source, self.read) = (None, Prefix::default());
        self.client.renew_session(self.generation).await
    }
}

impl Prefix {
    fn add(&mut self, entry: &Entry) {
        let mut hasher = DefaultHasher::new();
        match entry {
            Entry::File(file) => (self.sum, &file.id, &file.name).hash(&mut hasher),
            Entry::Folder(folder) => (self.sum, &folder.id, &folder.name).hash(&mut hasher),
            _ => (self.sum, entry.name()).hash(&mut hasher),
        }
        (self.entries, self.sum) = (self.entries + 1, hasher.finish());
    }
}

fn changed() -> Error {
    let message = "the folder changed while its listing was read a second time";
    Error::new(ErrorKind::Interrupted, message)
}

impl Source {
    async fn step(&mut self) -> Result<Step> {
        loop {
            match self.parser.next_entry() {
                Ok(Some(entry)) => return Ok(Step::Entry(Box::new(entry))),
                Ok(None) => {}
                Err(error) => {
                    let document = error.document().map(|text| Bytes::from(text.to_owned()));
                    return match document.filter(|text| ErrorInfo::from_body(text).is_some()) {
                        Some(document) => Ok(Step::Disguised(document)),
                        None => Err(error.into()),
                    };
                }
            }
            match self.body.next().await {
                Some(piece) => self.parser.feed(&piece?),
                None => {
                    std::mem::take(&mut self.parser).finish()?;
                    return Ok(Step::End);
                }
            }
        }
    }
}

/// The body again, and its first bytes that are not blank.
async fn begun(mut body: ByteStream) -> Result<(ByteStream, Bytes)> {
    let mut pieces = Vec::new();
    let mut start = Bytes::new();
    while let Some(piece) = body.next().await {
        start = piece?;
        pieces.push(Ok(start.clone()));
        if pieces.len() > LEADING_PIECES || !start.iter().all(|byte| is_blank(*byte)) {
            break;
        }
    }
    Ok((stream::iter(pieces).chain(body).boxed(), start))
}

/// The beginning of what is no listing, as far as it comes.
async fn collected(mut body: ByteStream) -> Bytes {
    let mut start = Vec::new();
    while start.len() < LONGEST_REFUSAL
        && let Some(Ok(piece)) = body.next().await
    {
        start.extend_from_slice(&piece);
    }
    start.truncate(LONGEST_REFUSAL);
    start.into()
}

/// Blanks, and the mark of UTF-8 that may stand before everything.
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(&byte)
}

const LEADING_PIECES: usize = 8;
const LONGEST_REFUSAL: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use wharf_transport::testing::{Reply, Script};

    use super::*;
    use crate::config::{Config, Login};

    /// Two listings that were refused together need one session more, not one each: a regular one
    /// would end the other's.
    #[tokio::test]
    async fn the_session_of_another_is_not_renewed() {
        let sessions = AtomicU64::new(0);
        let script = Script::new().respond(move |request| match request.path() {
            path if path.ends_with("Session") => {
                let number = sessions.fetch_add(1, Ordering::SeqCst);
                Reply::json(201, format!(r#"{{"SessionID": "{number}"}}"#))
            }
            _ => Reply::json(200, r#"[{"Message": "Gone", "ErrorCode": 101}]"#),
        });
        let config = Config::new("h.example", "anna", Login::password("p"));
        let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
        let gone = Bytes::from_static(br#"{"Message": "Gone", "ErrorCode": 101}"#);
        let mut listings = [streamed(&client), streamed(&client)];
        for listing in &mut listings {
            assert!(matches!(listing.step().await, Ok(Step::Disguised(_))));
        }
        for listing in &mut listings {
            listing.refused(gone.clone()).await.unwrap();
        }
        let sign_ins = script.requests().into_iter();
        assert_eq!(sign_ins.filter(|request| request.path().ends_with("Session")).count(), 2);
    }

    fn streamed(client: &Client) -> Streamed {
        Streamed::new(client.clone(), "F".into())
    }
}
