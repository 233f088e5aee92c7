//! From a name of its own to the true one: by renaming, or where that does not work, by hand.

use std::io;

use futures_util::{StreamExt, TryFutureExt};
use wharf_connector::{ContentStream, ErrorKind, Reached};
use wharf_model::mft::FileInfo;
use wharf_transport::Body;

use super::place::{NotPlaced, Placement, left, put_in_place};
use super::remove::remove_file;
use super::source::{Failure, Sent};
use super::whole::Whole;
use super::{is_at, look, size_of, taken};
use crate::api::Destination;
use crate::client::Client;
use crate::config::MAX_REQUEST;
use crate::download;
use crate::error::{Error, Result};

/// Gives a staged file that is complete its true name, where `before` stands. Whatever goes wrong,
/// nothing of ours is left under another one, as far as the service lets us.
pub(super) async fn put_staged(
    client: &Client,
    to: &Destination,
    before: Option<&FileInfo>,
    staged: &FileInfo,
) -> Result<FileInfo> {
    let at = Destination::new(to.folder.clone(), &*staged.name);
    let placed = match before {
        Some(_) if !to.overwrite => Err(NotPlaced::unchanged(taken())),
        before => place(client, to, before, staged).await,
    };
    let NotPlaced { error, aside, stands } = match placed {
        Ok(file) => return Ok(file),
        Err(not_placed) => not_placed,
    };
    if stands {
        return Err(error);
    }
    let vacant = aside.is_some();
    // A service that cannot be reached will not take it by hand either.
    let by_hand = vacant || !(error.is_transient() || error.reached() == Reached::Yes);
    let carried = match by_hand && to.overwrite {
        true => carry(client, staged, to, before.filter(|_| !vacant)).await,
        false => Err(error),
    };
    if carried.is_err() && vacant {
        // Both contents are there, each under another name: neither may go.
        return carried.map_err(|error| kept(error, staged));
    }
    let removed = match there_now(client, staged).await {
        // A change whose answer was lost has come true since: by its id, the file itself would go.
        Ok(Some(now)) if !is_at(&now, &at) => match &carried {
            Err(_) if is_at(&now, to) => return Ok(now),
            _ => Ok(()),
        },
        Ok(_) => remove_file(client, staged, &at).await,
        Err(error) => Err(error),
    };
    match carried {
        Ok(file) => {
            removed.map_err(|error| left(&error, &at))?;
            if let Some(old) = aside {
                let at = Destination::new(to.folder.clone(), &*old.name);
                remove_file(client, &old, &at).await.map_err(|error| left(&error, &at))?;
            }
            Ok(file)
        }
        Err(error) if removed.is_ok() => Err(error),
        Err(error) => Err(kept(error, staged)),
    }
}

/// What the service calls by the id of a file; none if it knows no such id.
async fn there_now(client: &Client, file: &FileInfo) -> Result<Option<FileInfo>> {
    match client.files().info(&file.id).await {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// By renaming. What stands there may have been overlooked, or come meanwhile.
async fn place(
    client: &Client,
    to: &Destination,
    before: Option<&FileInfo>,
    staged: &FileInfo,
) -> Result<FileInfo, NotPlaced> {
    let placement = |existing| Placement { folder: &to.folder, name: &to.name, existing };
    let refused = match put_in_place(client, staged, &placement(before)).await {
        Err(refused) if before.is_none() && refused.error.is_unexplained() => refused,
        placed => return placed,
    };
    match look(client, to).await {
        Ok(Some(there)) if to.overwrite => {
            put_in_place(client, staged, &placement(Some(&there))).await
        }
        Ok(Some(_)) => Err(NotPlaced::unchanged(taken())),
        _ => Err(refused),
    }
}

/// By hand: the staged file comes down and goes up again under its true name, in one request.
/// Changing a file is inferred, so there may be servers on which it does not work.
async fn carry(
    client: &Client,
    staged: &FileInfo,
    to: &Destination,
    before: Option<&FileInfo>,
) -> Result<FileInfo> {
    let size = size_of(staged).unwrap_or(u64::MAX);
    if size > MAX_REQUEST {
        let message = format!("{size} bytes do not go in one request");
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    let source = (client.clone(), staged.clone());
    let body = Body::replayable(size, move |offset| {
        let (client, staged) = source.clone();
        async move {
            let stream = download::file(&client, &staged, offset..size).map_err(io::Error::other);
            let stream: ContentStream =
                stream.await?.map(|block| block.map_err(io::Error::other)).boxed();
            Ok(stream)
        }
    });
    let (sent, failure) = (Sent::whole(size), Failure::default());
    Ok(Whole { client, to, before, sent, body, failure }.store().await?.file)
}

fn kept(error: Error, staged: &FileInfo) -> Error {
    let (name, why) = (&staged.name, error.message());
    let message =
        format!("the content is stored as {name:?} and could not be given its true name: {why}");
    error.with_message(message).with_reached(Reached::Yes)
}
