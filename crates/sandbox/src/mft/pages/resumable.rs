//! The lookup of partially uploaded files, an XML message in a form field.

use super::letters;
use crate::mft::Face;
use crate::mft::fields::{Fields, url_decoded};
use crate::mft::refusal::{self, Refusal};
use crate::mft::world::{Caller, World};
use crate::mft::xml::{Element, escaped};

impl Face {
    /// Answers which files of a folder wait for more chunks, as URL-encoded XML.
    ///
    /// # Errors
    /// With what becomes the `X-FTH-Error` header.
    pub(crate) fn resumable(&self, fields: &Fields) -> Result<String, Refusal> {
        let operation = letters(fields.required("Operation")?);
        if operation != "getinternalresumableuploadfiles" {
            return Err(Refusal::new(refusal::ACTION, "Unknown operation."));
        }
        let message = fields.required("Message")?;
        // Encoded once by the form, and perhaps once more by the caller.
        let text = if message.trim_start().starts_with('<') {
            message.to_owned()
        } else {
            url_decoded(message)
        };
        let message = Element::parse(&text).ok_or_else(|| Refusal::value("Message"))?;
        let now = self.now();
        self.with(|world| {
            let caller = world.caller(Some(message.text_of("SessionID")), now)?;
            world.resumable(&message, &caller)
        })
    }
}

impl World {
    fn resumable(&self, message: &Element, caller: &Caller) -> Result<String, Refusal> {
        let access = self.access(caller)?;
        let folder = access.folder(message.text_of("ParentFolderID"))?;
        let names: Vec<String> = message
            .child("FileUploadData")
            .into_iter()
            .flat_map(|data| data.children_named("FTHFileUploadData"))
            .map(|file| file.text_of("Name").to_lowercase())
            .collect();
        let mut found = String::new();
        for node in access.children(folder)? {
            let Some((_, file)) = self.tree.file(node.id) else {
                continue;
            };
            let asked = names.is_empty() || names.contains(&node.name.to_lowercase());
            if file.partial && asked {
                found.push_str(&format!(
                    "<FTHFileUploadData><FileID>{}</FileID><Name>{}</Name><ServerFilePath>{}\
                     </ServerFilePath><Size>{}</Size><PartialUpload>true</PartialUpload>\
                     </FTHFileUploadData>",
                    node.id,
                    escaped(&node.name),
                    escaped(&self.tree.path(node.id)),
                    file.content.len(),
                ));
            }
        }
        let answer = format!(
            "<FTHAppletUploadData><SessionID>{}</SessionID><ParentFolderID>{}</ParentFolderID>\
             <UserID>{}</UserID><FileUploadData>{found}</FileUploadData></FTHAppletUploadData>",
            escaped(&caller.session.0),
            folder.id,
            caller.user,
        );
        let encoded =
            percent_encoding::utf8_percent_encode(&answer, percent_encoding::NON_ALPHANUMERIC);
        Ok(encoded.to_string())
    }
}
