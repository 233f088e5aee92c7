//! Folders made, files and folders changed and deleted.

use axum::http::Method;

use super::{Answer, Call, FILE, FOLDER, NoAnswer};
use crate::mft::access::Access;
use crate::mft::document::Document;
use crate::mft::fields::Fields;
use crate::mft::id::Id;
use crate::mft::node::{Kind, Node};
use crate::mft::refusal::{self, Refusal};
use crate::mft::rights::Rights;
use crate::mft::world::{Caller, World};

impl World {
    /// # Errors
    /// When the parent is not visible, lacks the right to create, or has the name already.
    pub(super) fn create_folder(
        &mut self,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, Refusal> {
        let name = call.body.required("Name")?;
        let access = self.access(caller)?;
        let parent = access.folder(call.body.required("ParentFolderID")?)?;
        access.require(parent, Rights::CREATE)?;
        let parent = parent.id;
        let id = self.add_folder(caller, parent, name)?;
        self.describe(id, &call.body);
        Ok(Answer::created(FOLDER, self.written(id, caller)?))
    }

    /// # Errors
    /// When the folder is not visible, belongs to the system, or a right is missing.
    pub(super) fn update_folder(
        &mut self,
        id: &str,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, Refusal> {
        let id = self.access(caller)?.folder(id)?.id;
        self.update(id, call, caller)?;
        Ok(Answer::ok(FOLDER, self.written(id, caller)?))
    }

    /// Deletes a folder with all it holds.
    ///
    /// # Errors
    /// When the folder is not visible, belongs to the system, or anything in it may not be
    /// deleted.
    pub(super) fn delete_folder(&mut self, id: &str, caller: &Caller) -> Result<Answer, Refusal> {
        let access = self.access(caller)?;
        let node = access.folder(id)?;
        may_leave(node)?;
        access.require(node, Rights::DELETE)?;
        for below in self.tree.below(node.id) {
            access.require(below, Rights::DELETE)?;
            may_leave(below)?;
        }
        let id = node.id;
        self.remove(id);
        Ok(Answer::empty())
    }

    pub(super) fn file_call(
        &mut self,
        id: &str,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        let access = self.access(caller)?;
        let file = access.file(id)?;
        let id = file.id;
        match call.method {
            Method::GET => {}
            Method::PUT => {
                call.body_for_update(self.options.update_bodies)?;
                self.update(id, call, caller)?;
            }
            Method::DELETE => {
                access.require(file, Rights::DELETE)?;
                self.remove(id);
                return Ok(Answer::empty());
            }
            _ => return Err(NoAnswer::MethodNotAllowed),
        }
        Ok(Answer::ok(FILE, self.written(id, caller)?))
    }

    /// Renames, moves, describes and tags; whatever else is sent is ignored, as documented.
    fn update(&mut self, id: Id, call: &Call, caller: &Caller) -> Result<(), Refusal> {
        let access = self.access(caller)?;
        let node = self.tree.node(id).ok_or_else(|| Refusal::invalid_file(&id.to_string()))?;
        access.require(node, Rights::MODIFY)?;
        let (name, parent) = self.wanted_place(node, &access, &call.body)?;
        if name != node.name || parent != node.parent.unwrap_or(id) {
            may_leave(node)?;
            self.tree.relocate(id, parent, &name)?;
        }
        self.describe(id, &call.body);
        if let Some(node) = self.tree.node_mut(id) {
            node.modified = caller.now;
            node.modified_by = caller.user;
        }
        Ok(())
    }

    fn wanted_place(
        &self,
        node: &Node,
        access: &Access<'_>,
        body: &Fields,
    ) -> Result<(String, Id), Refusal> {
        let name = body.filled("Name").unwrap_or(&node.name).to_owned();
        let here = node.parent.unwrap_or(node.id);
        let Some(wanted) = body.filled("ParentFolderID") else {
            return Ok((name, here));
        };
        let parent = access.folder(wanted)?;
        if parent.id != here {
            access.require(parent, Rights::CREATE)?;
        }
        Ok((name, parent.id))
    }

    fn describe(&mut self, id: Id, body: &Fields) {
        let Some(node) = self.tree.node_mut(id) else {
            return;
        };
        if let Some(description) = body.text("Description") {
            description.clone_into(&mut node.description);
        }
        if let Some(tags) = body.list("Tags").or_else(|| body.list("Keywords")) {
            node.tags = tags;
        }
    }

    fn written(&self, id: Id, caller: &Caller) -> Result<Document<'_>, Refusal> {
        let node = self.tree.node(id).ok_or_else(|| Refusal::invalid_file(&id.to_string()))?;
        Ok(self.scribe(caller)?.entry(node))
    }
}

/// # Errors
/// When the entry is a folder of the system.
fn may_leave(node: &Node) -> Result<(), Refusal> {
    match &node.kind {
        Kind::Folder(folder) if folder.folder_type.is_fixed() => Err(Refusal::new(
            refusal::FIXED,
            format!("The folder '{}' belongs to the system.", node.name),
        )),
        _ => Ok(()),
    }
}
