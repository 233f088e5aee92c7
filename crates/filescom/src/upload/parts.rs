//! Sending the parts: as many at a time as the service allows, each again where it fails.

use std::collections::BTreeMap;

use futures_util::future::{BoxFuture, Either, FutureExt, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use wharf_connector::{Content, ErrorKind, Reached};
use wharf_transport::{Answer, StatusCode};

use super::Upload;
use super::address::{Address, Addresses, Begun};
use super::kept::{Keeper, Kept};
use super::meter::PartSums;
use super::plan::{Hint, Plan, TooLarge};
use super::source::{PartBody, Source, together};
use super::total::{Arrived, Sent, Total};
use crate::api::BeginUpload;
use crate::client::Client;
use crate::convert::digest;
use crate::error::{Error, Result};
use crate::sums::Wanted;

/// An upload whose parts are to be sent.
pub(super) struct Parts<'a> {
    client: Client,
    path: &'a str,
    options: &'a Upload,
    wanted: Wanted,
}

/// Why the parts could not be sent.
pub(super) enum Broken {
    /// The upload is lost, and another may succeed.
    Restart(Error),
    Final(Error),
}

/// What hands out one part after another.
struct Feed {
    addresses: Addresses,
    plan: Plan,
    source: Source,
    ordered: bool,
    parallel: usize,
    /// What the service said about the part before.
    hint: Hint,
    /// Parts that have arrived in an upload before: where each begins, and how long it is.
    finished: BTreeMap<u64, (u64, u64)>,
}

/// A part that is ready to be sent.
struct Ready {
    number: u64,
    offset: u64,
    address: Address,
    body: PartBody,
}

impl<'a> Parts<'a> {
    pub(super) fn new(client: Client, path: &'a str, options: &'a Upload, wanted: Wanted) -> Self {
        Self { client, path, options, wanted }
    }

    pub(super) async fn send(self, content: Content) -> Result<Sent, Broken> {
        let size = content.size();
        let source = Source::new(content, &self.client, self.wanted);
        let windows = matches!(source, Source::Windows { .. });
        // Sums of a content that is read here and there can only be put together if they allow it.
        let ordered = windows && self.wanted.needs_order();
        let several = size.filter(|size| *size > self.client.config().part_size);
        let several = several.filter(|_| windows && !ordered);
        let kept = match several {
            Some(size) => Kept::load(self.options, self.path, size).await?,
            None => None,
        };
        let addresses = self.addresses(kept.as_ref(), size).await?;
        let begun = addresses.begun.clone();
        let plan = source.plan(size, &self.client);
        let parallel = self.client.config().parallel;
        let finished = kept.as_ref().map(Kept::spans).unwrap_or_default();
        let feed =
            Feed { addresses, plan, source, ordered, parallel, hint: Hint::default(), finished };
        let total = Total::new(self.wanted, ordered);
        let total = kept.into_iter().fold(total, |total, kept| total.after(self.options, kept));
        let keeper = Keeper::new(self.options, self.path, several, self.wanted, &begun.reference);
        self.run(feed, begun, total, keeper).await
    }

    async fn addresses(&self, kept: Option<&Kept>, size: Option<u64>) -> Result<Addresses> {
        let parents = self.options.mkdir_parents;
        if let Some(kept) = kept {
            return Ok(Addresses::of(&self.client, self.path, parents, &kept.reference));
        }
        let begin = BeginUpload::new().with_mkdir_parents(parents).with_size(size);
        Addresses::begin(&self.client, self.path, &begin).await
    }

    async fn run(
        &self,
        feed: Feed,
        begun: Begun,
        mut total: Total,
        mut keeper: Option<Keeper<'_>>,
    ) -> Result<Sent, Broken> {
        let ordered = feed.ordered;
        let mut sending = FuturesUnordered::new();
        let mut preparing: Option<BoxFuture<'_, (Feed, Result<Option<Ready>>)>> = None;
        let mut idle = Some(feed);
        let mut limit = 1;
        loop {
            if let Some(feed) = idle.take_if(|_| sending.len() < limit && !total.complete) {
                preparing = Some(feed.next().boxed());
            }
            let (feed, ready) = match preparing.take() {
                None => match sending.next().await {
                    Some(arrived) => {
                        total.take(arrived?, &mut keeper).await?;
                        continue;
                    }
                    None => break,
                },
                Some(next) if sending.is_empty() => next.await,
                Some(next) => match select(next, sending.next()).await {
                    Either::Left((ready, _)) => ready,
                    Either::Right((arrived, next)) => {
                        preparing = Some(next);
                        if let Some(arrived) = arrived {
                            total.take(arrived?, &mut keeper).await?;
                        }
                        continue;
                    }
                },
            };
            match ready? {
                Some(ready) => {
                    total.native |= ready.address.hint.parallel;
                    limit = together(ready.address.hint, ordered, feed.parallel);
                    let sums = total.begin(self.options.checks_parts());
                    sending.push(self.send_part(begun.clone(), ready, sums));
                }
                None => total.complete = true,
            }
            idle = Some(feed);
        }
        total.keep(&mut keeper).await?;
        let sums = idle.and_then(|feed| feed.source.into_sums());
        Ok(total.finish(begun.reference, sums))
    }

    /// Sends one part until it has arrived as it should.
    async fn send_part(
        &self,
        begun: Begun,
        part: Ready,
        sums: PartSums,
    ) -> Result<Arrived, Broken> {
        let Ready { number, offset, mut address, body } = part;
        let (mut renewals, mut repeats) = (0, 0);
        loop {
            let (content, reading) = body.open(sums.clone());
            let answer = self.client.transport().fetch(address.request(content)).await;
            if let Some(failure) = reading.take_failure() {
                let error = wharf_connector::Error::unreadable_content(failure);
                return Err(Broken::Final(error.into()));
            }
            let error = match answer {
                Ok(answer) => {
                    let sums = reading.take_sums().unwrap_or_default();
                    let wrong = self.wrong_tag(&answer, &sums, number);
                    let Some(wrong) = wrong.or_else(|| no_storage(&answer, number)) else {
                        let etag = answer.header("etag").map(bare_tag);
                        let etag = etag.filter(|tag| !tag.is_empty()).map(str::to_owned);
                        let crc32 = sums.part.clone().finish().crc32;
                        let length = body.length();
                        return Ok(Arrived { number, offset, length, etag, crc32, sums });
                    };
                    repeats += 1;
                    if repeats > MAX_REPEATS || !address.may_repeat {
                        return Err(Broken::of(wrong, address.may_repeat));
                    }
                    continue;
                }
                Err(error) => error,
            };
            let ended = matches!(error.status(), Some(StatusCode::FORBIDDEN | StatusCode::GONE));
            let lost = error.status() == Some(StatusCode::NOT_FOUND);
            let error = Error::from(error).with_reached(Reached::No);
            if lost {
                return Err(Broken::Restart(error.with_kind(ErrorKind::Interrupted)));
            }
            if !address.may_repeat {
                return Err(Broken::of(error, false));
            }
            if !ended || renewals >= MAX_RENEWALS {
                return Err(Broken::Final(error));
            }
            renewals += 1;
            address = begun.renew(number).await?;
        }
    }

    /// What is wrong with the tag of a part, where that can be told: storages of Amazon give a part
    /// its MD5 for a tag, unless it is stored with a key of the customer.
    fn wrong_tag(&self, answer: &Answer, sums: &PartSums, number: u64) -> Option<Error> {
        let ours = sums.part.clone().finish().md5.filter(|_| self.options.checks_parts())?;
        let theirs: [u8; 16] = digest(bare_tag(answer.header("etag")?))?;
        let encryption = answer.header("x-amz-server-side-encryption").unwrap_or_default();
        let with_a_key = encryption.starts_with("aws:kms")
            || answer.headers().contains_key("x-amz-server-side-encryption-customer-algorithm");
        if with_a_key || ours == theirs {
            return None;
        }
        let message = format!("the storage got other bytes for part {number} than were sent");
        Some(Error::new(ErrorKind::Corrupted, message))
    }
}

impl Feed {
    /// The next part, or none after the last.
    async fn next(mut self) -> (Self, Result<Option<Ready>>) {
        let ready = self.prepare().await;
        (self, ready)
    }

    async fn prepare(&mut self) -> Result<Option<Ready>> {
        let unreadable = |error| Error::from(wharf_connector::Error::unreadable_content(error));
        while let Some((_, length)) = self.finished.remove(&self.plan.number()) {
            self.plan.advance(length);
        }
        if !self.source.has_next(&self.plan).await.map_err(unreadable)? {
            return Ok(None);
        }
        let number = self.plan.number();
        let address = self.addresses.take(number, self.ahead()).await?;
        let size = match self.gap() {
            Some(size) => size,
            None => self.plan.size(address.hint).map_err(too_large)?,
        };
        let offset = self.plan.offset();
        let body = self.source.read(offset, size).await.map_err(unreadable)?;
        self.plan.advance(body.length());
        self.hint = address.hint;
        Ok(Some(Ready { number, offset, address, body }))
    }

    /// The size of a part that stands before one that has arrived.
    fn gap(&self) -> Option<u64> {
        let (next, (offset, _)) = self.finished.first_key_value()?;
        let (missing, bytes) = (next - self.plan.number(), offset - self.plan.offset());
        Some(bytes.div_ceil(missing))
    }

    /// How many addresses to ask for at once: no more than can be used at the same time.
    fn ahead(&self) -> u64 {
        let together = together(self.hint, self.ordered, self.parallel) as u64;
        self.plan.left(self.hint).map_or(together, |left| left.min(together)).max(1)
    }
}

fn too_large(large: TooLarge) -> Error {
    Error::new(ErrorKind::TooLarge, large.to_string())
        .with_remedy("Give the content in a form that can be read again, such as a file, or raise the setting `upload_buffer`.")
}

impl Broken {
    /// Parts are seen by nobody: what breaks off among them changed nothing.
    pub(super) fn before_the_end(self) -> Self {
        match self {
            Self::Final(error) => Self::Final(error.with_reached(Reached::No)),
            Self::Restart(error) => Self::Restart(error.with_reached(Reached::No)),
        }
    }

    /// A part that the service does not take twice ends its upload; another one may succeed.
    fn of(error: Error, may_repeat: bool) -> Self {
        let passing = matches!(
            error.kind(),
            ErrorKind::Interrupted
                | ErrorKind::Timeout
                | ErrorKind::Unavailable
                | ErrorKind::RateLimited
                | ErrorKind::Corrupted
        );
        match passing && !may_repeat {
            true => Self::Restart(error),
            false => Self::Final(error),
        }
    }
}

/// Also raised while the addresses of further parts are asked for: then the service has lost the
/// upload.
impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        match error.is_type("not-found/file-upload-not-found") {
            true => Self::Restart(error),
            false => Self::Final(error),
        }
    }
}

/// What is wrong with an answer that comes from something else than a storage, such as a proxy with a
/// page for people: then the part did not arrive. Storages answer with a tag, or with nothing.
fn no_storage(answer: &Answer, number: u64) -> Option<Error> {
    let page = answer.body().trim_ascii_start().first() == Some(&b'<');
    if !page || answer.header("etag").is_some() {
        return None;
    }
    let message = format!("part {number} was answered with a page instead of by the storage");
    Some(Error::protocol(message))
}

/// A tag without its quotation marks.
fn bare_tag(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/").trim_matches('"')
}

/// How often the address of one part is renewed.
const MAX_RENEWALS: u32 = 3;
/// How often one part is sent again because the storage got other bytes.
const MAX_REPEATS: u32 = 2;
