//! Listing a folder by its path.

use std::sync::Arc;

use futures_util::TryStreamExt;
use futures_util::stream::{self, StreamExt};
use wharf_connector::{Entry, EntryStream, Error, ErrorKind, ListOptions, RemotePath, Result};
use wharf_model::mft::{self, EffectivePermission};

use crate::client::Client;
use crate::convert;
use crate::listing;
use crate::resolve::{Folder, Resolver};

pub(super) fn entries(
    resolver: Arc<Resolver>,
    client: Client,
    path: RemotePath,
    options: ListOptions,
) -> EntryStream {
    let opened = async move {
        let (first, rest) = open(&resolver, &client, &path, &options).await?;
        let entries = stream::iter(first).chain(rest);
        Ok::<_, Error>(entries.map(move |entry| converted(&resolver, &path, entry)))
    };
    stream::once(opened).try_flatten().boxed()
}

type First = Option<crate::Result<mft::Entry>>;

/// The listing and its first entry, by which a remembered id that went stale shows.
async fn open(
    resolver: &Resolver,
    client: &Client,
    path: &RemotePath,
    options: &ListOptions,
) -> Result<(First, listing::EntryStream)> {
    let mut folder = resolver.folder(path).await?;
    let mut again = true;
    loop {
        let mut entries = listing::children(client, &folder.id, None, options.page_size);
        let first = entries.next().await;
        let stale = std::mem::take(&mut again)
            && folder.remembered
            && match &first {
                Some(Ok(entry)) => !folder.holds(entry),
                Some(Err(error)) => error.is_refusal(),
                None => false,
            };
        if !stale {
            let first = first.map(|entry| entry.map_err(|error| of_right(error, &folder)));
            return Ok((first, entries));
        }
        folder = resolver.folder_afresh(path).await?;
    }
}

/// Folders on the way to others can be looked through without the right to read, so that is not
/// asked for beforehand. Where the service refuses by a code that is not published, it is the reason.
fn of_right(error: crate::Error, folder: &Folder) -> crate::Error {
    let lacks = folder.rights.is_some_and(|rights| !rights.contains(EffectivePermission::READ));
    match lacks && error.is_unexplained() {
        true => error.with_kind(ErrorKind::PermissionDenied),
        false => error,
    }
}

fn converted(
    resolver: &Resolver,
    folder: &RemotePath,
    entry: crate::Result<mft::Entry>,
) -> Result<Entry> {
    let entry = entry?;
    let path = folder.join(entry.name()).map_err(|error| {
        let message = format!("the folder holds an entry that has no proper name: {error}");
        Error::new(ErrorKind::Protocol, message)
    })?;
    if let mft::Entry::Folder(info) = &entry {
        resolver.remember(path.clone(), Folder::of(info));
    }
    Ok(convert::entry(path, entry))
}
