//! Content on its way up: one request, or chunks in strict order.
//!
//! What the extended protocol says: a whole file goes in one request; of a larger one the first
//! chunk makes a file that is marked as partially uploaded, further ones are appended, and the
//! last takes the mark off (Boomi: Upload Action; Uploading a very large file). What it does not
//! say is what becomes of a file that the first chunk takes the place of. So chunks go to a name
//! of their own in the same folder, which is changed when everything is there: nobody sees half
//! a file under the true name, and a file that is to be replaced stands until the new one does.

mod carry;
mod chunks;
mod kept;
mod place;
mod remove;
pub(crate) mod several;
mod source;
mod whole;

use wharf_connector::{Content, ErrorKind, Reached};
use wharf_model::mft::{self, EffectivePermission, ErrorInfo, FileId, FileInfo};
use wharf_transport::{Answer, Request, Unreadable};

use crate::api::transfers::{Destination, FILE_ID, FOLDER_ID, Receipt, Unfinished};
use crate::client::Client;
use crate::config::Pages;
use crate::dialect::{LONGEST_ERROR, OPERATION_ID, is_page};
use crate::endpoints::Place;
use crate::error::{Error, Result};
use crate::listing::{self, Lookup};
use crate::resolve::permitted;
use carry::put_staged;
use chunks::Chunked;
pub(crate) use kept::Keeping;
use kept::{Keeper, Kept};
pub(crate) use place::{Placement, put_in_place};
use source::Parts;
use whole::Whole;

/// What was stored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stored {
    /// The file, as the service tells it afterwards.
    pub file: FileInfo,
    /// How many bytes were sent.
    pub bytes: u64,
    /// What the service called the operation, if its answer arrived.
    pub operation: Option<Box<str>>,
}

impl Stored {
    /// What was found stored: of the operation nothing is known.
    fn known(file: FileInfo, bytes: u64) -> Self {
        Self { file, bytes, operation: None }
    }
}

/// Stores a content under a name in a folder, where `before` stands; where going on later is wanted
/// and worth it, so that it can be.
pub(crate) async fn store(
    client: &Client,
    to: &Destination,
    before: Option<&FileInfo>,
    content: Content,
    keeping: Option<Keeping<'_>>,
) -> Result<Stored> {
    let Some(keeping) = keeping else {
        return store_anew(client, to, before, content, None).await;
    };
    let chunked = content.size().is_some_and(|size| size > client.config().chunk_size);
    let chunked = chunked && client.config().upload == Pages::Extended;
    if !(chunked && content.is_reopenable()) {
        kept::give_up(&keeping, client, to).await?;
        return store_anew(client, to, before, content, None).await;
    }
    let stored = match go_on(client, to, before, &content, &keeping).await {
        Ok(None) => store_anew(client, to, before, content, Some(keeping.clone())).await,
        Ok(Some(stored)) => Ok(stored),
        Err(error) => Err(error),
    };
    if stored.as_ref().is_err_and(Error::leaves_the_rest_for_later) {
        return stored;
    }
    match keeping.checkpoint.forget().await {
        Err(error) if stored.is_ok() => {
            let why = error.message();
            let message = format!("it is stored, and what was kept of it is not removed: {why}");
            let error = Error::of_content(error).with_message(message);
            Err(error.with_reached(Reached::Yes))
        }
        // What went wrong first counts.
        _ => stored,
    }
}

async fn store_anew(
    client: &Client,
    to: &Destination,
    before: Option<&FileInfo>,
    content: Content,
    keeping: Option<Keeping<'_>>,
) -> Result<Stored> {
    let size = content.size().unwrap_or_default();
    let mut parts = Parts::new(client, content).with_sums(keeping.is_some());
    let first = parts.next().await?;
    if first.is_last {
        let (body, sent) = first.split();
        let failure = parts.failure();
        return Whole { client, to, before, sent, body, failure }.store().await;
    }
    may_step_aside(client, before)?;
    let staged = to.beside(temporary_name());
    let keeper = match keeping {
        Some(keeping) => Some(Keeper::begin(keeping, to, &staged, size).await?),
        None => None,
    };
    let mut chunked = Chunked::new(client, staged).with_keeper(keeper);
    let file = match chunked.send_all(&mut parts, first).await {
        Ok(file) => file,
        Err(error) => {
            let error = parts.explain(error);
            return Err(chunked.abandon(error).await);
        }
    };
    let (bytes, operation) = (chunked.sent(), chunked.operation());
    Ok(Stored { file: put_staged(client, to, before, &file).await?, bytes, operation })
}

/// Whether a file may be renamed and removed once the chunks are there, as far as that is told.
fn may_step_aside(client: &Client, before: Option<&FileInfo>) -> Result<()> {
    let rights = before.and_then(|before| before.effective_permission);
    permitted(client.config().check_permissions, rights, EffectivePermission::DELETE)
}

/// Goes on with what was kept, if the service still has it. What it has shown to be of no use is
/// removed.
async fn go_on(
    client: &Client,
    to: &Destination,
    before: Option<&FileInfo>,
    content: &Content,
    keeping: &Keeping<'_>,
) -> Result<Option<Stored>> {
    may_step_aside(client, before)?;
    let size = content.size().unwrap_or_default();
    let Some(kept) = Kept::load(keeping, to, size).await? else {
        return Ok(None);
    };
    let Some(there) = kept.look(client).await? else {
        return Ok(None);
    };
    let (whole, staged) = (kept::is_whole(&there, size), kept.staged());
    if is_at(&there, to) {
        // It has got its name, and nobody heard of it.
        return Ok(whole.then(|| Stored::known(there, size)));
    }
    if !is_at(&there, &staged) {
        return Ok(None);
    }
    let stored = size_of(&there).unwrap_or_default();
    let usable = whole || (there.is_partially_uploaded == Some(true) && stored < size);
    if !usable || stored < kept.stored {
        remove::remove_file(client, &there, &staged).await?;
        return Ok(None);
    }
    let (unfinished, crc32) = (kept.unfinished(&there), kept.sum_up(content, stored).await?);
    let keeper = Keeper::after(keeping.clone(), kept, stored, crc32);
    if whole {
        let file = put_staged(client, to, before, &there).await?;
        return Ok(Some(Stored::known(file, size)));
    }
    let again = content.try_clone().unwrap_or_else(Content::empty);
    let Some(parts) = Parts::after(client, again, stored) else {
        return Ok(None);
    };
    let mut parts = parts.with_sums(true);
    let chunked = Chunked::resumed(client, staged, unfinished, stored);
    let mut chunked = chunked.with_keeper(Some(keeper));
    let next = parts.next().await?;
    let file = match chunked.send_rest(&mut parts, next).await {
        Ok(file) => file,
        Err(error) => {
            let error = parts.explain(error);
            return Err(chunked.abandon(error).await);
        }
    };
    Ok(Some(Stored::known(put_staged(client, to, before, &file).await?, size)))
}

/// Goes on with an upload that was begun, from where `stored` bytes end.
pub(crate) async fn resume(
    client: &Client,
    to: &Destination,
    unfinished: Unfinished,
    stored: u64,
    content: Content,
) -> Result<Stored> {
    let whole = content.size();
    let Some(mut parts) = Parts::after(client, content, stored) else {
        let message = "only a content of known size that can be read again can be resumed";
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let there = client.files().info(&unfinished.file).await?;
    let partial = there.is_partially_uploaded == Some(true);
    let complete = !partial && whole == Some(stored);
    if size_of(&there) != Some(stored) || !(partial || complete) {
        let message = format!("the unfinished file is not one of {stored} bytes");
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    let is_named = there.name == to.name;
    let before = if is_named { None } else { replaceable(client, to).await? };
    let operation = unfinished.operation.clone();
    let file = match complete {
        // It broke off between the last chunk and the true name.
        true => there.clone(),
        false => {
            let staged = to.beside(&*there.name);
            let mut chunked = Chunked::resumed(client, staged, unfinished, stored);
            let next = parts.next().await?;
            let sent = chunked.send_rest(&mut parts, next).await;
            sent.map_err(|error| parts.explain(error))?
        }
    };
    let bytes = whole.unwrap_or(stored);
    if is_named {
        return Ok(Stored { file, bytes, operation });
    }
    let file = put_staged(client, to, before.as_ref(), &file).await?;
    Ok(Stored { file, bytes, operation })
}

/// Removes an upload that was begun and is not to be gone on with. A file that is whole and has its
/// true name is not touched.
pub(crate) async fn discard(client: &Client, unfinished: &FileInfo) -> Result<()> {
    let there = client.files().info(&unfinished.id).await?;
    if there.is_partially_uploaded != Some(true) && !is_temporary(&there.name) {
        let message = format!("{:?} is not an unfinished upload", there.name);
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    remove_stored(client, &there).await
}

/// Removes a file, by whatever way works.
pub(crate) async fn remove_stored(client: &Client, file: &FileInfo) -> Result<()> {
    let Some(folder) = &file.parent_folder_id else {
        return client.files().delete(&file.id).await;
    };
    remove::remove_file(client, file, &Destination::new(folder.clone(), &*file.name)).await
}

/// Sends a request to an upload page.
pub(crate) async fn receipt(client: &Client, place: Place, request: Request) -> Result<Receipt> {
    let read = |answer: &Answer| {
        let body = answer.body();
        let told = [FILE_ID, FOLDER_ID, OPERATION_ID];
        let named = told.iter().any(|name| answer.headers().contains_key(*name));
        let error = body.len() <= LONGEST_ERROR && ErrorInfo::from_body(body).is_some();
        // The body of a success is not documented: it may be a page.
        match error || (is_page(body) && !named) {
            true => Err(Unreadable::Refusal),
            false => Ok(Receipt::read(answer.headers())),
        }
    };
    let sent = client.transport().fetch_with(request, read).await;
    sent.map_err(|error| client.explain(error, place))
}

/// The file that stands at the destination.
pub(crate) async fn look(client: &Client, to: &Destination) -> Result<Option<FileInfo>> {
    match listing::look(client, &to.folder, &to.name).await? {
        Lookup::Found(entry) => match *entry {
            mft::Entry::File(file) => Ok(Some(file)),
            _ => Err(Error::new(ErrorKind::IsAFolder, "a folder stands there")),
        },
        Lookup::Near(_) | Lookup::Nothing => Ok(None),
    }
}

/// The file that is to be replaced: one that is not is in the way.
pub(crate) async fn replaceable(client: &Client, to: &Destination) -> Result<Option<FileInfo>> {
    match look(client, to).await? {
        Some(_) if !to.overwrite => Err(taken()),
        before => Ok(before),
    }
}

fn taken() -> Error {
    Error::new(ErrorKind::AlreadyExists, "a file stands there")
}

/// As [`look`], for a file whose id is known, too: what one way does not tell, the other may.
async fn find(client: &Client, to: &Destination, id: Option<&FileId>) -> Result<Option<FileInfo>> {
    let looked = look(client, to).await;
    let (Ok(None) | Err(_), Some(id)) = (&looked, id) else {
        return looked;
    };
    match client.files().info(id).await {
        Ok(file) if is_at(&file, to) => Ok(Some(file)),
        _ => looked,
    }
}

fn is_at(file: &FileInfo, to: &Destination) -> bool {
    let here = file.parent_folder_id.as_ref().is_none_or(|parent| *parent == to.folder);
    here && file.name.to_lowercase() == to.name.to_lowercase()
}

pub(crate) fn size_of(file: &FileInfo) -> Option<u64> {
    file.size.and_then(|size| u64::try_from(size).ok())
}

/// A name that nobody else uses, and that says where it comes from.
fn temporary_name() -> String {
    format!("{TEMPORARY}{:016x}", fastrand::u64(..))
}

/// A name for a file that steps aside, until the one that replaces it stands. It is whole, and may
/// be the only one: so it must not be taken for an upload that nobody goes on with.
fn replaced_name() -> String {
    format!("{REPLACED}{:016x}", fastrand::u64(..))
}

/// Whether a name is one that uploads get until they are whole.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY).is_some_and(|rest| rest.len() == 16)
}

const TEMPORARY: &str = ".wharf-upload-";
const REPLACED: &str = ".wharf-replaced-";
