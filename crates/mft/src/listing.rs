//! Listings: one function, two ways.
//!
//! By the listing of a folder, one document of any length, read as it comes; or by a search that
//! does not descend, page by page. Neither is certain (see [`Endpoints`](crate::Endpoints)).

mod recent;
mod streamed;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use wharf_connector::{ErrorKind, NameCase};
use wharf_model::mft::{Entry, FolderId, Listing, ListingParser};
use wharf_transport::{self as transport, Answer, Request};

use crate::api::folders;
use crate::api::search::{self, Criteria, Wanted};
use crate::client::Client;
use crate::config::ListingWay;
use crate::endpoints::{Endpoints, Place};
use crate::error::{Error, Result};
use recent::Recent;

/// Files and folders as they come. Nothing is asked of the service before it is polled.
pub type EntryStream = BoxStream<'static, Result<Entry>>;

/// The direct children of a folder, each once.
///
/// With a name, those it can be among are enough: a search is narrowed, a listing is not.
pub(crate) fn children(
    client: &Client,
    folder: &FolderId,
    name: Option<&str>,
    page_size: Option<u32>,
) -> EntryStream {
    match client.config().listing {
        ListingWay::Folder if client.endpoints().folder_content.contains("{take}") => {
            let (take, folder) = (page_size.unwrap_or(client.config().page_size), folder.clone());
            let request =
                move |endpoints: &Endpoints, page| folders::page(endpoints, &folder, page);
            Pages::new(client, Place::folder_content, take, request).entries()
        }
        ListingWay::Folder => streamed::entries(client.clone(), folder.clone()),
        ListingWay::Search => {
            let pattern = name.map_or_else(|| ANYTHING.to_owned(), narrowed);
            let criteria = Criteria::below(folder.clone()).with_name(pattern);
            let folder = folder.clone();
            let within = move |entry: &Entry| parent(entry).is_none_or(|parent| *parent == folder);
            let found = found(client, Wanted::Both, criteria, page_size);
            found.try_filter(move |entry| std::future::ready(within(entry))).fuse().boxed()
        }
    }
}

/// What stands under a name in a folder.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// This.
    Found(Box<Entry>),
    /// Nothing of that very name, but something whose name differs in case alone; whether that is
    /// the same name to the service is not known.
    Near(Box<str>),
    /// Nothing.
    Nothing,
}

/// Looks for a name in a folder. It stops as soon as the name was found.
pub(crate) async fn look(client: &Client, folder: &FolderId, name: &str) -> Result<Lookup> {
    let case = client.config().name_case;
    let mut near = None;
    let mut entries = children(client, folder, Some(name), None);
    while let Some(entry) = entries.try_next().await? {
        if entry.name() == name {
            return Ok(Lookup::Found(Box::new(entry)));
        }
        if case != NameCase::Sensitive && entry.name().to_lowercase() == name.to_lowercase() {
            near = Some(entry);
        }
    }
    Ok(match near {
        Some(entry) if case == NameCase::Unknown => Lookup::Near(entry.name().into()),
        Some(entry) => Lookup::Found(Box::new(entry)),
        None => Lookup::Nothing,
    })
}

/// Everything that fits, page by page.
pub(crate) fn found(
    client: &Client,
    wanted: Wanted,
    criteria: Criteria,
    page_size: Option<u32>,
) -> EntryStream {
    let take = page_size.unwrap_or(client.config().page_size);
    let request =
        move |endpoints: &Endpoints, page| search::find(endpoints, wanted, &criteria, page);
    Pages::new(client, wanted.place(), take, request).entries()
}

/// One listing in one piece.
pub(crate) async fn whole(client: &Client, place: Place, request: Request) -> Result<Listing> {
    client.read(place, request, read).await
}

/// A document without any of its members is no empty listing: it is something else.
fn read(answer: &Answer) -> transport::Result<Listing> {
    let listing: Listing = answer.json()?;
    if listing.files.is_none() && listing.folders.is_none() {
        let told = ListingParser::read_all(answer.body());
        told.map_err(|error| transport::Error::protocol(error.to_string()))?;
    }
    Ok(listing)
}

/// A listing by skipping and taking. It ends at the first empty page: a short one may be short
/// because the server gives no more at once.
struct Pages<F> {
    client: Client,
    place: Place,
    request: F,
    take: u32,
    skip: u64,
    recent: Recent,
    /// Pages in a row that had nothing new.
    stale: u32,
}

impl<F> Pages<F>
where
    F: Fn(&Endpoints, (u64, u32)) -> Request + Send + 'static,
{
    fn new(client: &Client, place: Place, take: u32, request: F) -> Self {
        Self {
            client: client.clone(),
            place,
            request,
            take: take.clamp(1, MAX_PAGE),
            skip: 0,
            recent: Recent::default(),
            stale: 0,
        }
    }

    fn entries(self) -> EntryStream {
        let pages = stream::try_unfold(self, |mut pages| async move {
            let page = pages.next().await?;
            Ok::<_, Error>(page.map(|page| (stream::iter(page.into_iter().map(Ok)), pages)))
        });
        pages.try_flatten().fuse().boxed()
    }

    /// The entries of the next page that did not come before; none at the end.
    async fn next(&mut self) -> Result<Option<Vec<Entry>>> {
        let request = (self.request)(self.client.endpoints(), (self.skip, self.take));
        let listing = whole(&self.client, self.place, request).await?;
        let files = listing.files.unwrap_or_default().into_iter().map(Entry::File);
        let folders = listing.folders.unwrap_or_default().into_iter().map(Entry::Folder);
        let mut entries: Vec<Entry> = files.chain(folders).collect();
        if entries.is_empty() {
            return Ok(None);
        }
        // An entry that stands twice on one page is one entry to skip.
        let mut page = Recent::default();
        entries.retain(|entry| page.is_new(entry));
        self.skip += entries.len() as u64;
        entries.retain(|entry| self.recent.is_new(entry));
        self.stale = if entries.is_empty() { self.stale + 1 } else { 0 };
        if self.stale > MAX_STALE {
            let message = "the listing goes in a circle: its pages have nothing new";
            return Err(Error::new(ErrorKind::Protocol, message));
        }
        Ok(Some(entries))
    }
}

fn parent(entry: &Entry) -> Option<&FolderId> {
    match entry {
        Entry::File(file) => file.parent_folder_id.as_ref(),
        Entry::Folder(folder) => folder.parent_folder_id.as_ref(),
        _ => None,
    }
}

/// A pattern that the name fits, whatever the service makes of signs that are not plain letters
/// and digits: `*my*2026*csv*`. What it finds is compared letter by letter afterwards.
fn narrowed(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut pattern = ANYTHING.to_owned();
    for word in words.filter(|word| !word.is_empty()) {
        if pattern.len() + word.len() > LONGEST_PATTERN {
            break;
        }
        pattern.push_str(word);
        pattern.push_str(ANYTHING);
    }
    pattern
}

const ANYTHING: &str = "*";
const MAX_PAGE: u32 = 10_000;
/// A server that filters after it cut the page may give several pages without anything new.
const MAX_STALE: u32 = 16;
const LONGEST_PATTERN: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrowed_pattern_holds_plain_letters_only() {
        for (name, pattern) in [
            ("2.html", "*2*html*"),
            ("my report (1).csv", "*my*report*1*csv*"),
            ("[a]*b%c_d", "*a*b*c*d*"),
            ("größe", "*gr*e*"),
            ("年度報告", "*"),
            (" a", "*a*"),
        ] {
            assert_eq!(narrowed(name), pattern, "{name}");
        }
        assert!(narrowed(&"long ".repeat(1000)).len() <= LONGEST_PATTERN + 1);
    }
}
