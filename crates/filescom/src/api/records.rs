//! What all things with an id have in common: how they are asked for, made, changed and deleted.

use futures_util::stream::{BoxStream, StreamExt};
use serde::de::DeserializeOwned;
use wharf_transport::Request;

use super::fields::Fields;
use super::pages::{Pages, pages_of};
use super::query::Query;
use crate::client::Client;
use crate::error::Result;

/// `GET` of one of them.
pub(crate) fn find(path: &str, id: i64) -> Request {
    Request::get(path).segment(&id.to_string())
}

/// `POST` of a new one. A repeat would make another one.
pub(crate) fn create(path: &str, fields: &impl Fields) -> Request {
    hiding(fields, Request::post(path).json(fields).once())
}

/// `PATCH` of one of them. A repeat sets the same once more.
pub(crate) fn update(path: &str, id: i64, fields: &impl Fields) -> Request {
    hiding(fields, Request::patch(path).segment(&id.to_string()).json(fields).idempotent())
}

/// A refusal that repeats a password is not printed with it.
fn hiding(fields: &impl Fields, request: Request) -> Request {
    fields.secrets().iter().fold(request, |request, secret| request.with_secret(secret))
}

/// `DELETE` of one of them.
pub(crate) fn delete(path: &str, id: i64) -> Request {
    Request::delete(path).segment(&id.to_string())
}

/// A list, page by page.
pub(crate) fn pages<T>(client: &Client, mut query: Query, list: fn(&Query) -> Request) -> Pages<T>
where
    T: DeserializeOwned + Send + 'static,
{
    query.per_page.get_or_insert(client.config().page_size);
    pages_of(client.clone(), list(&query))
}

/// A list as one flat stream, which ends after `limit` entries if there is one. No page is asked
/// for beyond the limit, and none is larger than it.
pub(crate) fn stream<T>(
    client: &Client,
    mut query: Query,
    limit: Option<usize>,
    list: fn(&Query) -> Request,
) -> BoxStream<'static, Result<T>>
where
    T: DeserializeOwned + Send + 'static,
{
    let Some(limit) = limit else {
        return pages(client, query, list).items();
    };
    if limit == 0 {
        return futures_util::stream::empty().boxed();
    }
    let size = query.per_page.unwrap_or(client.config().page_size);
    query.per_page = Some(size.min(u32::try_from(limit).unwrap_or(u32::MAX)));
    pages(client, query, list).items().take(limit).boxed()
}

/// Sends what has no answer but that it was done. A repeat of a deletion that finds nothing is a
/// success, too.
pub(crate) async fn done(client: &Client, request: Request) -> Result<()> {
    client.fetch(request).await.map(drop)
}
