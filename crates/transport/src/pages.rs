//! Lists that come in pages: one page at a time, or as a flat stream.

use std::collections::HashSet;
use std::fmt;
use std::future::Future;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryStreamExt};

use crate::error::{Error, Result};

/// Where the next page begins: a text that only the service understands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(Box<str>);

/// One page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// What is on the page; may be nothing, although there is a next page.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// A list that comes in pages, each fetched when it is asked for and not before.
///
/// It comes to an end whatever the service answers: a cursor that was there before is an error
/// (an empty page that points to itself is one case of that), and so is a list longer than
/// [`max_pages`](Self::max_pages). After an error the list ends.
///
/// ```
/// use futures_util::TryStreamExt;
/// use wharf_transport::{Cursor, Page, Pages};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> wharf_transport::Result<()> {
/// let pages = Pages::new(|cursor: Option<Cursor>| async move {
///     Ok(match cursor {
///         None => Page::new(vec![1, 2]).then(Cursor::new("c2")),
///         Some(_) => Page::new(vec![3]),
///     })
/// });
/// assert_eq!(pages.items().try_collect::<Vec<_>>().await?, [1, 2, 3]);
/// # Ok(()) }
/// ```
pub struct Pages<T> {
    fetch: Fetch<T>,
    next: Next,
    seen: HashSet<Cursor>,
    max_pages: usize,
}

type Fetch<T> = Box<dyn FnMut(Option<Cursor>) -> BoxFuture<'static, Result<Page<T>>> + Send>;

enum Next {
    First,
    At(Cursor),
    Done,
}

impl<T: Send + 'static> Pages<T> {
    /// A list whose pages `fetch` gets: the first one without a cursor.
    pub fn new<F, Fut>(mut fetch: F) -> Self
    where
        F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Page<T>>> + Send + 'static,
    {
        Self {
            fetch: Box::new(move |cursor| fetch(cursor).boxed()),
            next: Next::First,
            seen: HashSet::new(),
            max_pages: MAX_PAGES,
        }
    }

    /// The most pages there may be. Default 100,000.
    #[must_use]
    pub fn max_pages(mut self, count: usize) -> Self {
        self.max_pages = count;
        self
    }

    /// The next page, or none after the last or after an error.
    ///
    /// # Errors
    ///
    /// What fetching it answers; [`Protocol`](crate::ErrorKind::Protocol) if the list turns in a
    /// circle or does not end.
    // Not an iterator's `next`: it waits.
    #[allow(clippy::should_implement_trait)]
    pub async fn next(&mut self) -> Option<Result<Page<T>>> {
        let cursor = match std::mem::replace(&mut self.next, Next::Done) {
            Next::First => None,
            Next::At(cursor) => Some(cursor),
            Next::Done => return None,
        };
        let result = (self.fetch)(cursor).await.and_then(|page| {
            if let Some(cursor) = &page.next {
                self.check(cursor)?;
                self.next = Next::At(cursor.clone());
            }
            Ok(page)
        });
        Some(result)
    }

    /// All items as one flat stream, which does not borrow from anything.
    pub fn items(self) -> BoxStream<'static, Result<T>> {
        stream::unfold(
            self,
            |mut pages| async move { pages.next().await.map(|page| (page, pages)) },
        )
        .map_ok(|page| stream::iter(page.items.into_iter().map(Ok)))
        .try_flatten()
        .boxed()
    }

    fn check(&mut self, cursor: &Cursor) -> Result<()> {
        if cursor.0.len() > MAX_CURSOR {
            return Err(Error::protocol("the cursor of the next page is too long"));
        }
        if self.seen.len() + 1 >= self.max_pages {
            let message = format!("the list is longer than the {} pages allowed", self.max_pages);
            return Err(Error::protocol(message));
        }
        if !self.seen.insert(cursor.clone()) {
            return Err(Error::protocol("the list goes in a circle: its cursor was there before"));
        }
        Ok(())
    }
}

impl<T> Page<T> {
    /// A last page.
    pub fn new(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// The same page, followed by another.
    #[must_use]
    pub fn then(mut self, next: impl Into<Option<Cursor>>) -> Self {
        self.next = next.into();
        self
    }
}

impl Cursor {
    /// A cursor as the service gave it.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("cursors_seen", &self.seen.len())
            .field("max_pages", &self.max_pages)
            .finish_non_exhaustive()
    }
}

const MAX_PAGES: usize = 100_000;
const MAX_CURSOR: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages by script: items, and the cursor after them.
    fn pages(script: Vec<(Vec<u8>, Option<&'static str>)>) -> Pages<u8> {
        let mut script = script.into_iter();
        Pages::new(move |_| {
            let page =
                script.next().map(|(items, next)| Page::new(items).then(next.map(Cursor::new)));
            async move { page.ok_or_else(|| Error::protocol("script over")) }
        })
    }

    async fn items(pages: Pages<u8>) -> (Vec<u8>, Option<String>) {
        let results: Vec<_> = pages.items().collect().await;
        let mut items = Vec::new();
        for result in results {
            match result {
                Ok(item) => items.push(item),
                Err(error) => return (items, Some(error.message().to_owned())),
            }
        }
        (items, None)
    }

    #[tokio::test]
    async fn lists_end_whatever_the_cursors_are() {
        let circle = Some("the list goes in a circle: its cursor was there before".to_owned());
        for (script, expected) in [
            (vec![(vec![], None)], (vec![], None)),
            (
                vec![(vec![1], Some("a")), (vec![2], Some("b")), (vec![3], None)],
                (vec![1, 2, 3], None),
            ),
            (vec![(vec![], Some("a")), (vec![], Some("b")), (vec![3], None)], (vec![3], None)),
            (vec![(vec![1], Some("a")), (vec![], Some("a"))], (vec![1], circle.clone())),
            (
                vec![(vec![1], Some("a")), (vec![2], Some("b")), (vec![3], Some("a"))],
                (vec![1, 2], circle),
            ),
            (vec![(vec![1], Some("a"))], (vec![1], Some("script over".to_owned()))),
        ] {
            assert_eq!(items(pages(script)).await, expected);
        }
        let long: &'static str = "x".repeat(8193).leak();
        assert!(items(pages(vec![(vec![1], Some(long))])).await.1.unwrap().contains("too long"));
    }

    #[tokio::test]
    async fn the_number_of_pages_is_bounded() {
        let endless = || {
            let mut number = 0_u64;
            Pages::new(move |_| {
                number += 1;
                let page = Page::new(vec![1_u8]).then(Cursor::new(number.to_string()));
                async move { Ok(page) }
            })
        };
        let (found, error) = items(endless().max_pages(3)).await;
        assert_eq!(
            (found.len(), error.unwrap().as_str()),
            (2, "the list is longer than the 3 pages allowed")
        );
        let three =
            pages(vec![(vec![1], Some("a")), (vec![2], Some("b")), (vec![3], None)]).max_pages(3);
        assert_eq!(items(three).await, (vec![1, 2, 3], None));
    }

    #[tokio::test]
    async fn after_an_error_the_list_ends() {
        let mut pages = pages(vec![(vec![1], Some("a"))]);
        assert!(pages.next().await.unwrap().is_ok());
        assert!(pages.next().await.unwrap().is_err());
        assert!(pages.next().await.is_none());
    }
}
