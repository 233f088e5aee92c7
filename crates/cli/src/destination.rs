//! Where something lands: at the name given, or in the folder given.

use wharf::{Connector, ErrorKind, RemotePath};

use crate::failure::{Result, invalid};
use crate::place::Place;

/// The path for something called `name` at a place that a person gave, in the manner of `cp`:
/// in the folder, if one stands there or the text ends in a slash; else at that very path.
pub(crate) async fn destination(
    account: &dyn Connector,
    place: &Place,
    name: Option<&str>,
) -> Result<RemotePath> {
    if !place.is_surely_a_folder() && !is_folder(account, place).await? {
        return Ok(place.path().clone());
    }
    let name = name.ok_or_else(|| {
        invalid(
            format!("{place} is a folder, and what comes has no name"),
            "Add the name of the file to the destination.",
        )
    })?;
    Ok(place.path().join(name).map_err(wharf::Error::from)?)
}

async fn is_folder(account: &dyn Connector, place: &Place) -> Result<bool> {
    match account.stat(place.path()).await {
        Ok(entry) => Ok(entry.is_folder()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
