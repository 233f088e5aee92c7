//! The basic upload protocol, deprecated: one file in one form.

use axum::extract::Request;

use super::form::Form;
use super::session;
use super::upload::Receipt;
use crate::mft::Face;
use crate::mft::refusal::Refusal;
use crate::mft::world::{Caller, World};

/// What a basic upload is answered with.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) receipt: Receipt,
    /// Whether the browser is sent on to another page.
    pub(crate) redirect: bool,
}

impl Face {
    /// Takes one file.
    ///
    /// # Errors
    /// With what becomes the `X-FTH-Error` header.
    pub(crate) async fn basic_upload(&self, request: Request) -> Result<Stored, Refusal> {
        let limit = self.with(|world| world.options.request_limit);
        let form = Form::read(request, self.store(), limit, |_| {}).await?;
        let now = self.now();
        let redirect = !form.fields.has("NoRedirect");
        let receipt = self.with(|world| {
            let caller = world.caller(session(&form.fields), now)?;
            world.store_basic(form, &caller)
        })?;
        Ok(Stored { receipt, redirect })
    }
}

impl World {
    fn store_basic(&mut self, form: Form, caller: &Caller) -> Result<Receipt, Refusal> {
        let fields = form.fields;
        let folder = self.access(caller)?.folder(fields.required("folderID")?)?.id;
        let overwrite = fields.flag("overwrite")?.unwrap_or(false);
        if fields.number("EntityCount")?.is_some_and(|count| count != 1) {
            return Err(Refusal::value("EntityCount"));
        }
        let file = form.files.into_iter().next();
        let mut file = file.ok_or_else(|| Refusal::missing("file"))?;
        if let Some(name) = fields.filled("filename0") {
            name.clone_into(&mut file.name);
        }
        self.check_room(folder, &file.name, overwrite, caller)?;
        let id = self.store_file(folder, file, false, caller)?;
        if let (Some(node), Some(text)) = (self.tree.node_mut(id), fields.text("Description0")) {
            text.clone_into(&mut node.description);
        }
        Ok(Receipt {
            operation: Some(self.operation(caller, None, None)?),
            file: Some(id),
            folder: Some(folder),
        })
    }
}
