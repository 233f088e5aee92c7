//! The extended upload protocol: whole files, chunks, folders, clean-up.

use axum::extract::Request;
use chrono::{DateTime, Utc};

use super::form::{Form, Sent};
use super::{letters, session};
use crate::blob::Blob;
use crate::mft::Face;
use crate::mft::fields::Fields;
use crate::mft::id::Id;
use crate::mft::node::Node;
use crate::mft::refusal::{self, Refusal};
use crate::mft::rights::Rights;
use crate::mft::tree::{check_name, name_taken};
use crate::mft::world::{Caller, World};

/// What the answer's headers tell.
#[derive(Debug, Default)]
pub(crate) struct Receipt {
    pub(crate) operation: Option<String>,
    pub(crate) file: Option<Id>,
    pub(crate) folder: Option<Id>,
}

/// What one request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    UploadFile,
    CreateFolder,
    FirstChunk,
    MiddleChunk,
    LastChunk,
    DeleteFile,
    Completed,
}

impl Face {
    /// Takes one request of the extended protocol.
    ///
    /// # Errors
    /// With what becomes the `X-FTH-Error` header.
    pub(crate) async fn landing(&self, request: Request) -> Result<Receipt, Refusal> {
        let limit = self.with(|world| world.options.request_limit);
        let mut cleanup = Cleanup { face: self, file: None };
        let form = Form::read(request, self.store(), limit, |fields| cleanup.watch(fields)).await?;
        let now = self.now();
        let receipt = self.with(|world| {
            let caller = world.caller(session(&form.fields), now)?;
            world.land(form, &caller)
        })?;
        cleanup.file = None;
        Ok(receipt)
    }
}

impl World {
    fn land(&mut self, form: Form, caller: &Caller) -> Result<Receipt, Refusal> {
        let fields = &form.fields;
        let operation = letters(fields.required("UploadOperation")?);
        if operation != "internalupload" {
            // Uploads of outsiders into drop boxes are documented by field names only.
            let text = "Only internal uploads are offered.";
            return Err(Refusal::new(refusal::ACTION, text));
        }
        let action = Action::read(fields.required("UploadAction")?)?;
        let named = fields.filled("FileSystemLogOpID").map(str::to_owned);
        let operation = self.operation(caller, named.as_deref(), None)?;
        let mut receipt = match action {
            Action::UploadFile => self.take_files(form, caller)?,
            Action::CreateFolder => self.make_folder(fields, caller)?,
            Action::FirstChunk => self.first_chunk(form, caller)?,
            Action::MiddleChunk => self.next_chunk(form, caller, true)?,
            Action::LastChunk => self.next_chunk(form, caller, false)?,
            Action::DeleteFile => self.delete_uploaded(fields, caller)?,
            Action::Completed => Receipt::default(),
        };
        receipt.operation = Some(operation);
        Ok(receipt)
    }

    fn take_files(&mut self, form: Form, caller: &Caller) -> Result<Receipt, Refusal> {
        let folder = self.target(&form.fields, caller)?;
        let overwrite = form.fields.flag("Overwrite")?.unwrap_or(false);
        if form.files.is_empty() {
            return Err(Refusal::missing("File"));
        }
        for (at, file) in form.files.iter().enumerate() {
            let again = form.files.iter().take(at).any(|other| other.name == file.name);
            if again {
                return Err(name_taken(&file.name));
            }
            self.check_room(folder, &file.name, overwrite, caller)?;
        }
        let mut last = None;
        for file in form.files {
            last = Some(self.store_file(folder, file, false, caller)?);
        }
        Ok(Receipt { file: last, folder: Some(folder), ..Receipt::default() })
    }

    fn first_chunk(&mut self, form: Form, caller: &Caller) -> Result<Receipt, Refusal> {
        let folder = self.target(&form.fields, caller)?;
        let overwrite = form.fields.flag("Overwrite")?.unwrap_or(false);
        let chunk = only_file(form.files)?;
        self.check_room(folder, &chunk.name, overwrite, caller)?;
        let file = self.store_file(folder, chunk, true, caller)?;
        Ok(Receipt { file: Some(file), folder: Some(folder), ..Receipt::default() })
    }

    fn next_chunk(
        &mut self,
        form: Form,
        caller: &Caller,
        goes_on: bool,
    ) -> Result<Receipt, Refusal> {
        let fields = &form.fields;
        let expected = fields.number("ExpectedSizeBeforeAppendChunk")?;
        let (id, folder) = self.unfinished(fields.required("FileID")?, caller)?;
        let chunk = only_file(form.files)?;
        let stored = self.tree.file(id).map(|(_, file)| file.content.clone());
        let stored = stored.unwrap_or_else(Blob::empty);
        if expected.is_some_and(|expected| expected != stored.len()) {
            let text = format!("The stored part has {} bytes.", stored.len());
            return Err(Refusal::new(refusal::CHUNK, text));
        }
        let whole = Blob::concat([&stored, &chunk.content]);
        self.tree.replace(id, whole, caller.stamp());
        if let Some(file) = self.tree.file_mut(id) {
            file.partial = goes_on;
        }
        Ok(Receipt { file: Some(id), folder, ..Receipt::default() })
    }

    /// The file that a chunk is for: partially uploaded, and the caller's to go on with.
    fn unfinished(&self, id: &str, caller: &Caller) -> Result<(Id, Option<Id>), Refusal> {
        let access = self.access(caller)?;
        let node = access.file(id)?;
        let partial = self.tree.file(node.id).is_some_and(|(_, file)| file.partial);
        if !partial {
            let text = format!("The file '{}' is not partially uploaded.", node.name);
            return Err(Refusal::new(refusal::CHUNK, text));
        }
        if node.created_by != caller.user {
            access.require(node, Rights::MODIFY)?;
        }
        if let Some(parent) = node.parent.and_then(|parent| self.tree.node(parent)) {
            access.require(parent, Rights::CREATE)?;
        }
        Ok((node.id, node.parent))
    }

    fn make_folder(&mut self, fields: &Fields, caller: &Caller) -> Result<Receipt, Refusal> {
        let parent = self.target(fields, caller)?;
        let name = fields.required("FolderName")?;
        let there = self.tree.child(parent, name).map(|node| (node.id, node.is_folder()));
        let folder = match there {
            Some((id, true)) => id,
            Some((_, false)) => return Err(name_taken(name)),
            None => {
                self.check_room(parent, name, false, caller)?;
                self.add_folder(caller, parent, name)?
            }
        };
        Ok(Receipt { folder: Some(folder), ..Receipt::default() })
    }

    fn delete_uploaded(&mut self, fields: &Fields, caller: &Caller) -> Result<Receipt, Refusal> {
        let access = self.access(caller)?;
        let node = access.file(fields.required("FileID")?)?;
        let partial = self.tree.file(node.id).is_some_and(|(_, file)| file.partial);
        // Whoever began an upload may clean up after it.
        if !(partial && node.created_by == caller.user) {
            access.require(node, Rights::DELETE)?;
        }
        let (file, folder) = (node.id, node.parent);
        self.remove(file);
        Ok(Receipt { file: Some(file), folder, ..Receipt::default() })
    }

    /// The folder that receives this request's files.
    fn target(&self, fields: &Fields, caller: &Caller) -> Result<Id, Refusal> {
        let access = self.access(caller)?;
        let root = fields.filled("RootFolderID").map(|id| access.folder(id));
        let root = root.transpose()?;
        let parent = fields.filled("ImmediateParentFolderID");
        let parent = parent.map(|id| access.folder(id)).transpose()?;
        parent
            .or(root)
            .map(|node| node.id)
            .ok_or_else(|| Refusal::missing("ImmediateParentFolderID"))
    }

    /// # Errors
    /// When a file of this name may not be put into the folder.
    pub(super) fn check_room(
        &self,
        folder: Id,
        name: &str,
        overwrite: bool,
        caller: &Caller,
    ) -> Result<(), Refusal> {
        check_name(name)?;
        let access = self.access(caller)?;
        let folder_node = self.tree.node(folder);
        let folder_node =
            folder_node.ok_or_else(|| Refusal::invalid_folder(&folder.to_string()))?;
        access.require(folder_node, Rights::CREATE)?;
        match self.tree.child(folder, name) {
            None => Ok(()),
            Some(there) if overwrite && !there.is_folder() => self.may_replace(there, caller),
            Some(_) => Err(name_taken(name)),
        }
    }

    fn may_replace(&self, there: &Node, caller: &Caller) -> Result<(), Refusal> {
        self.access(caller)?.require(there, Rights::MODIFY)
    }

    /// Stores a file under its name, in place of the one that was there.
    pub(super) fn store_file(
        &mut self,
        folder: Id,
        sent: Sent,
        partial: bool,
        caller: &Caller,
    ) -> Result<Id, Refusal> {
        let there = self.tree.child(folder, &sent.name).map(|node| node.id);
        let id = match there {
            Some(id) => {
                self.tree.replace(id, sent.content, caller.stamp());
                self.put_marks(caller, id);
                id
            }
            None => self.add_file(caller, folder, &sent.name, sent.content)?,
        };
        if let Some(file) = self.tree.file_mut(id) {
            file.partial = partial;
            file.quarantined = false;
        }
        Ok(id)
    }

    /// Removes what remains of an upload that broke off, as its sender wished.
    fn clean_up(&mut self, cleanup: &Wish, now: DateTime<Utc>) {
        let Some(user) = self.sessions.live(&cleanup.session, now).map(|live| live.user) else {
            return;
        };
        let abandoned = Id::parse(&cleanup.file)
            .and_then(|id| self.tree.file(id))
            .filter(|(node, file)| file.partial && node.created_by == user)
            .map(|(node, _)| node.id);
        if let Some(id) = abandoned {
            self.remove(id);
        }
    }
}

impl Action {
    fn read(text: &str) -> Result<Self, Refusal> {
        match letters(text).as_str() {
            "uploadfile" => Ok(Self::UploadFile),
            "createfolder" => Ok(Self::CreateFolder),
            "uploadfilefirstchunk" => Ok(Self::FirstChunk),
            "uploadfilemiddlechunk" => Ok(Self::MiddleChunk),
            "uploadfilelastchunk" => Ok(Self::LastChunk),
            "deletefile" => Ok(Self::DeleteFile),
            "operationcompleted" => Ok(Self::Completed),
            _ => Err(Refusal::new(refusal::ACTION, "Unknown upload action.")),
        }
    }
}

/// Removes the partially uploaded file when a request breaks off that asked for it with
/// `DeletePartiallyUploadedFile`; whatever way it ends, this is dropped.
struct Cleanup<'a> {
    face: &'a Face,
    file: Option<Wish>,
}

struct Wish {
    session: String,
    file: String,
}

impl Cleanup<'_> {
    fn watch(&mut self, fields: &Fields) {
        let wished = matches!(fields.flag("DeletePartiallyUploadedFile"), Ok(Some(true)));
        if let (true, Some(file), Some(session)) =
            (wished, fields.filled("FileID"), session(fields))
        {
            self.file = Some(Wish { session: session.to_owned(), file: file.to_owned() });
        }
    }
}

impl Drop for Cleanup<'_> {
    fn drop(&mut self) {
        if let Some(wish) = self.file.take() {
            let now = self.face.now();
            self.face.with(|world| world.clean_up(&wish, now));
        }
    }
}

fn only_file(files: Vec<Sent>) -> Result<Sent, Refusal> {
    let mut files = files.into_iter();
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        (None, _) => Err(Refusal::missing("File")),
        _ => Err(Refusal::new(refusal::CHUNK, "A chunk is of one file only.")),
    }
}
