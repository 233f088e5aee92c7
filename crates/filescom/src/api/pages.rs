//! Lists of the service, page by page.

use futures_util::TryStreamExt;
use futures_util::stream::{BoxStream, StreamExt};
use serde::de::DeserializeOwned;
use wharf_transport::{Answer, Cursor, Request};

use crate::client::Client;
use crate::error::Result;

/// One page of a list.
pub type Page<T> = wharf_transport::Page<T>;

/// A list that comes in pages, each fetched when it is asked for and not before.
///
/// It comes to an end whatever the service answers: a cursor that was there before is an error.
#[derive(Debug)]
pub struct Pages<T>(wharf_transport::Pages<T>);

impl<T: Send + 'static> Pages<T> {
    /// The next page, or none after the last or after an error.
    ///
    /// # Errors
    ///
    /// What fetching it answers; `Protocol` for a list that goes in a circle.
    #[allow(clippy::should_implement_trait, reason = "it waits, so it is no iterator's")]
    pub async fn next(&mut self) -> Option<Result<Page<T>>> {
        self.0.next().await.map(|page| Ok(page?))
    }

    /// All items as one flat stream.
    pub fn items(self) -> BoxStream<'static, Result<T>> {
        self.0.items().err_into().boxed()
    }
}

/// The pages of a list that begins with `request`.
pub(crate) fn pages_of<T>(client: Client, request: Request) -> Pages<T>
where
    T: DeserializeOwned + Send + 'static,
{
    let pages = wharf_transport::Pages::new(move |cursor: Option<Cursor>| {
        let (client, request) = (client.clone(), request.replay());
        async move {
            let spent = || wharf_transport::Error::invalid("the request of a list has a stream");
            let request = request.ok_or_else(spent)?.query_if("cursor", cursor);
            let read = |answer: &Answer| {
                let next = next_cursor(|name| answer.header(name));
                Ok(Page::new(answer.json()?).then(next))
            };
            client.transport().fetch_with(request, read).await
        }
    });
    Pages(pages)
}

/// Where the next page begins. The reference names one header, recorded answers have the other.
pub(crate) fn next_cursor<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Option<Cursor> {
    let text = header("x-files-cursor").or_else(|| header("x-files-cursor-next"));
    text.filter(|text| !text.is_empty()).map(Cursor::new)
}
