//! Several small files in one request, and what became of each.

use wharf_connector::{Content, ErrorKind, Reached};
use wharf_model::mft::FileInfo;

use super::source::{Failure, Parts};
use super::{Stored, find, receipt, size_of};
use crate::api::transfers::{self, Destination, Receipt};
use crate::client::Client;
use crate::endpoints::Place;
use crate::error::{Error, Result};

/// A file of the request, whose content can be read again.
pub(crate) struct Member {
    pub(crate) name: Box<str>,
    pub(crate) size: u64,
    pub(crate) content: Content,
}

/// What the request came to. A file that is `None` has to be stored by itself: the answer was lost,
/// and nothing shows that it is there.
pub(crate) struct Outcome {
    pub(crate) operation: Option<Box<str>>,
    pub(crate) stored: Vec<Option<Stored>>,
}

/// Stores files into one folder by one request; each needs a name of its own. `replaced` says of
/// each whether something stood there before.
pub(crate) async fn store(
    client: &Client,
    to: &Destination,
    members: &[Member],
    replaced: &[bool],
) -> Result<Outcome> {
    let receipt = match send(client, to, members).await {
        Ok(receipt) => Some(receipt),
        Err(error) if error.is_lost() => None,
        // Whether the files before a refused one are kept is not documented.
        Err(error) => return Err(error.with_reached(Reached::Maybe)),
    };
    let mut stored = Vec::new();
    for (member, replaced) in members.iter().zip(replaced) {
        let at = to.beside(member.name.clone());
        let there = find(client, &at, None).await.map_err(Error::after_work)?;
        let settled = match (&receipt, there) {
            (Some(_), Some(file)) => Some(member.checked(file)?),
            (Some(_), None) => {
                let name = &member.name;
                let message =
                    format!("the service confirmed the upload, and {name:?} is not there");
                return Err(Error::protocol(message).with_reached(Reached::Yes));
            }
            // What stands there may be what is to be replaced.
            (None, Some(file)) if !replaced && member.fits(&file) => Some(file),
            (None, _) => None,
        };
        stored.push(settled.map(|file| Stored { file, bytes: member.size, operation: None }));
    }
    Ok(Outcome { operation: receipt.and_then(|receipt| receipt.operation), stored })
}

async fn send(client: &Client, to: &Destination, members: &[Member]) -> Result<Receipt> {
    let mut failures: Vec<Failure> = Vec::new();
    let mut files = Vec::new();
    for member in members {
        let Some(content) = member.content.try_clone() else {
            return Err(Error::new(ErrorKind::Unsupported, "the content can be read once only"));
        };
        let mut parts = Parts::new(client, content);
        let (body, _) = parts.next().await?.split();
        failures.push(parts.failure());
        files.push((&*member.name, body));
    }
    let request = transfers::upload_several(client.endpoints(), to, files);
    let sent = receipt(client, Place::extended_upload_page, request).await;
    sent.map_err(|error| failures.iter().fold(error, |error, failure| failure.explain(error)))
}

impl Member {
    fn fits(&self, file: &FileInfo) -> bool {
        size_of(file).is_none_or(|size| size == self.size)
            && file.is_partially_uploaded != Some(true)
    }

    fn checked(&self, file: FileInfo) -> Result<FileInfo> {
        if self.fits(&file) {
            return Ok(file);
        }
        let (name, sent, stored) = (&self.name, self.size, size_of(&file).unwrap_or_default());
        let message = format!("{sent} bytes of {name:?} were sent, {stored} are stored");
        Err(Error::new(ErrorKind::Corrupted, message).with_reached(Reached::Yes))
    }
}
