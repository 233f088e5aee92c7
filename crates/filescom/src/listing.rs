//! A folder's entries as one stream: parsed as they arrive, page after page.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use wharf_connector::{ErrorKind, Reached};
use wharf_model::ListingErrorKind;
use wharf_model::filescom::{File, ListingParser};
use wharf_transport::{ByteStream, Cursor};

use crate::api::folders::{self, Listing};
use crate::api::pages::next_cursor;
use crate::client::Client;
use crate::error::{Error, Result};

/// The entries of a folder, each as soon as its last byte is there.
pub(crate) fn entries(
    client: Client,
    path: String,
    mut listing: Listing,
) -> BoxStream<'static, Result<File>> {
    let size = *listing.per_page.get_or_insert(client.config().page_size);
    let reader = Reader {
        client,
        path,
        listing,
        cursor: None,
        page: None,
        cursors: HashSet::new(),
        recent: Recent::new(size),
        state: State::Going,
    };
    let next = |mut reader: Reader| async move {
        match reader.next().await {
            Ok(Some(file)) => Some((Ok(file), reader)),
            Ok(None) => None,
            Err(error) => {
                reader.state = State::Ended;
                Some((Err(error), reader))
            }
        }
    };
    stream::unfold(reader, next).boxed()
}

struct Reader {
    client: Client,
    path: String,
    listing: Listing,
    /// Where the page in hand began.
    cursor: Option<Cursor>,
    page: Option<Page>,
    cursors: HashSet<Cursor>,
    recent: Recent,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Going,
    Ended,
}

/// A page that is being read.
struct Page {
    body: ByteStream,
    parser: ListingParser,
    next: Option<Cursor>,
    /// Entries taken out of it, this time and before it broke off.
    taken: usize,
    /// What was the last of them before it broke off, which must be there again.
    resumed_after: Option<(usize, u64)>,
    /// The last entry taken.
    last: u64,
    /// How often it broke off without having come further.
    breaks: u32,
    /// Bytes read since the last entry.
    barren: usize,
}

impl Reader {
    async fn next(&mut self) -> Result<Option<File>> {
        while self.state == State::Going {
            let Some(page) = &mut self.page else {
                let opening = self.open(0, None);
                self.page = Some(opening.await?);
                continue;
            };
            let next = match page.parser.next_entry() {
                // A page for people, as whatever stands between sends one in passing.
                Err(error) if error.kind() == ListingErrorKind::NotAListing && page.taken == 0 => {
                    self.reopen(error.into()).await?;
                    continue;
                }
                next => next?,
            };
            if let Some(file) = next {
                if page.take(&file)? && self.recent.is_new(page.last) {
                    return Ok(Some(file));
                }
                continue;
            }
            match page.body.next().await {
                Some(Ok(block)) => {
                    page.barren += block.len();
                    if page.barren > MAX_BARREN {
                        let message = "the listing goes on without entries";
                        return Err(Error::new(ErrorKind::TooLarge, message));
                    }
                    page.parser.feed(&block);
                }
                Some(Err(error)) => {
                    let error = Error::from(error);
                    match error.kind() {
                        ErrorKind::Interrupted | ErrorKind::Timeout => self.reopen(error).await?,
                        _ => return Err(error),
                    }
                }
                None => match std::mem::take(&mut page.parser).finish() {
                    Ok(()) => self.turn()?,
                    Err(error) if error.kind() == ListingErrorKind::Truncated => {
                        self.reopen(Error::from(error).with_kind(ErrorKind::Interrupted)).await?;
                    }
                    Err(error) => return Err(error.into()),
                },
            }
        }
        Ok(None)
    }

    fn open(
        &self,
        breaks: u32,
        resumed_after: Option<(usize, u64)>,
    ) -> impl Future<Output = Result<Page>> + use<> {
        let request = folders::list(&self.path, &self.listing, self.cursor.as_ref());
        let client = self.client.clone();
        async move {
            let response = client.send(request).await?;
            let next = next_cursor(|name| response.header(name));
            Ok(Page {
                body: response.into_stream(),
                parser: ListingParser::new(),
                next,
                taken: 0,
                resumed_after,
                last: 0,
                breaks,
                barren: 0,
            })
        }
    }

    /// Asks for the page in hand once more, after it broke off.
    async fn reopen(&mut self, error: Error) -> Result<()> {
        let Some(page) = self.page.take() else {
            return Err(error);
        };
        // One that comes further each time is slow, and not broken.
        let further = page.taken > page.resumed_after.map_or(0, |(taken, _)| taken);
        let breaks = if further { 1 } else { page.breaks + 1 };
        if breaks > MAX_BREAKS {
            return Err(error);
        }
        // What broke off again before it came to where it had been is remembered from then.
        let place = match page.resumed_after {
            Some((taken, last)) if page.taken < taken => Some((taken, last)),
            _ => (page.taken > 0).then_some((page.taken, page.last)),
        };
        let opening = self.open(breaks, place);
        self.page = Some(opening.await?);
        Ok(())
    }

    /// Turns to the next page, if there is one.
    fn turn(&mut self) -> Result<()> {
        let Some(page) = self.page.take() else {
            return Ok(());
        };
        if page.resumed_after.is_some_and(|(taken, _)| page.taken < taken) {
            return Err(changed());
        }
        let Some(cursor) = page.next else {
            self.state = State::Ended;
            return Ok(());
        };
        if cursor.as_str().len() > MAX_CURSOR || self.cursors.len() >= MAX_PAGES {
            return Err(Error::protocol("the listing does not come to an end"));
        }
        if !self.cursors.insert(cursor.clone()) {
            return Err(Error::protocol(
                "the listing goes in a circle: its cursor was there before",
            ));
        }
        self.cursor = Some(cursor);
        Ok(())
    }
}

impl Page {
    /// Counts an entry; whether it was not given out before the page broke off.
    fn take(&mut self, file: &File) -> Result<bool> {
        let mut hasher = DefaultHasher::new();
        file.path.hash(&mut hasher);
        self.last = hasher.finish();
        self.taken += 1;
        self.barren = 0;
        match self.resumed_after {
            Some((taken, _)) if self.taken < taken => Ok(false),
            Some((taken, last)) if self.taken == taken => match self.last == last {
                true => Ok(false),
                false => Err(changed()),
            },
            _ => Ok(true),
        }
    }
}

fn changed() -> Error {
    let message = "the folder changed while a page of it was read a second time";
    Error::new(ErrorKind::Interrupted, message).with_reached(Reached::No)
}

/// The entries given out last, so that one that slipped over the border of a page is not given out
/// twice.
struct Recent {
    known: HashSet<u64>,
    order: VecDeque<u64>,
    most: usize,
}

impl Recent {
    fn new(page_size: u32) -> Self {
        let most = usize::try_from(page_size).unwrap_or(usize::MAX).clamp(1_000, 10_000) * 2;
        Self { known: HashSet::new(), order: VecDeque::new(), most }
    }

    fn is_new(&mut self, entry: u64) -> bool {
        if !self.known.insert(entry) {
            return false;
        }
        self.order.push_back(entry);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

/// How often one page may break off where it did before.
const MAX_BREAKS: u32 = 4;
const MAX_PAGES: usize = 1_000_000;
/// More bytes than this between two entries are no listing: an entry has at most 1 MiB.
const MAX_BARREN: usize = 4 * 1024 * 1024;
const MAX_CURSOR: usize = 8 * 1024;
