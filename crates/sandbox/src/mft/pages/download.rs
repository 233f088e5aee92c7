//! Downloads: a file as it is, a folder as an archive, with or without the protocol's footer.

use bytes::Bytes;

use super::archive::{self, Member};
use super::{letters, session};
use crate::blob::Blob;
use crate::mft::Face;
use crate::mft::fields::Fields;
use crate::mft::id::Id;
use crate::mft::node::{Kind, Node};
use crate::mft::refusal::{self, Refusal};
use crate::mft::rights::Rights;
use crate::mft::world::{Caller, World};

/// What is to be sent.
#[derive(Debug)]
pub(crate) struct Parcel {
    /// The name a browser would save it under.
    pub(crate) name: String,
    /// All of it, the footer included.
    pub(crate) content: Blob,
    /// Where to begin.
    pub(crate) offset: u64,
    /// What only the extended protocol has.
    pub(crate) extended: Option<Extended>,
}

#[derive(Debug)]
pub(crate) struct Extended {
    pub(crate) operation: String,
    /// The footer's length, if it is to be told.
    pub(crate) footer: Option<u64>,
}

/// What a query asks for.
enum Wanted<'a> {
    File(&'a str),
    Folder(&'a str),
}

impl Face {
    /// # Errors
    /// With what becomes the `X-FTH-Error` header.
    pub(crate) fn download(&self, query: &Fields) -> Result<Parcel, Refusal> {
        let now = self.now();
        self.with(|world| {
            let caller = world.caller(session(query), now)?;
            let extended = ["mode", "appletAction", "FileIDList", "FolderIDList"];
            if query.any_filled(&extended).is_some() {
                world.extended(query, &caller)
            } else {
                world.basic(query, &caller)
            }
        })
    }
}

impl World {
    fn basic(&self, query: &Fields, caller: &Caller) -> Result<Parcel, Refusal> {
        let wanted = match (query.filled("fileid"), query.filled("folderid")) {
            (Some(file), _) => Wanted::File(file),
            (None, Some(folder)) => Wanted::Folder(folder),
            (None, None) => return Err(Refusal::missing("fileid")),
        };
        let (_, name, content) = self.wanted(&wanted, caller)?;
        Ok(Parcel { name, content, offset: 0, extended: None })
    }

    fn extended(&mut self, query: &Fields, caller: &Caller) -> Result<Parcel, Refusal> {
        if query.filled("mode").is_some_and(|mode| letters(mode) != "applet") {
            return Err(Refusal::value("mode"));
        }
        if query.number("top")?.is_some_and(|top| top != 1) {
            return Err(Refusal::value("top"));
        }
        let wanted = asked_for(query)?;
        let (id, name, content) = self.wanted(&wanted, caller)?;
        let footer = self.options.footer_length;
        let content = Blob::concat([&content, &footer_of(footer)]);
        let offset = query.number("offset")?.unwrap_or(0);
        if offset > content.len() {
            let text = "The offset lies beyond the end.";
            return Err(Refusal::new(refusal::OFFSET, text));
        }
        let operation = self.operation(caller, query.filled("logOpID"), Some(id))?;
        let footer = self.options.footer_header.then_some(footer);
        Ok(Parcel { name, content, offset, extended: Some(Extended { operation, footer }) })
    }

    fn wanted(&self, wanted: &Wanted<'_>, caller: &Caller) -> Result<(Id, String, Blob), Refusal> {
        let access = self.access(caller)?;
        let node = match wanted {
            Wanted::File(id) => access.file(id)?,
            Wanted::Folder(id) => access.folder(id)?,
        };
        access.require(node, Rights::DOWNLOAD)?;
        match &node.kind {
            Kind::File(file) if file.quarantined => Err(Refusal::new(
                refusal::QUARANTINED,
                format!("The file '{}' is quarantined.", node.name),
            )),
            Kind::File(file) => Ok((node.id, node.name.clone(), file.content.clone())),
            Kind::Folder(_) => {
                let name = format!("{}.zip", node.name);
                Ok((node.id, name, self.archive(node, caller)?))
            }
        }
    }

    /// The folder as a ZIP archive, without what the user may not fetch.
    fn archive(&self, folder: &Node, caller: &Caller) -> Result<Blob, Refusal> {
        let access = self.access(caller)?;
        let top = self.tree.path(folder.id).len() + 1;
        let members = access.below(folder).into_iter().filter_map(|node| {
            let path = self.tree.path(node.id).get(top..)?.to_owned();
            let content = match &node.kind {
                Kind::Folder(_) => None,
                Kind::File(file) => {
                    let fit = !file.quarantined && !file.partial;
                    let rights = access.rights(node.id);
                    let may = fit && rights.contains(Rights::DOWNLOAD);
                    Some(may.then(|| file.content.clone())?)
                }
            };
            Some(Member { path, modified: node.modified, content })
        });
        Ok(archive::zip(members))
    }
}

fn asked_for(query: &Fields) -> Result<Wanted<'_>, Refusal> {
    let action = query.filled("appletAction").map(letters);
    let one = |list: &'_ str| !list.contains([',', ';']);
    let wanted = match (query.filled("FileIDList"), query.filled("FolderIDList")) {
        (Some(file), None) if one(file) => Wanted::File(file),
        (None, Some(folder)) if one(folder) => Wanted::Folder(folder),
        (None, None) => return Err(Refusal::missing("FileIDList")),
        // One file or one folder at a time is all that is supported.
        _ => return Err(Refusal::value("FileIDList")),
    };
    match (action.as_deref(), &wanted) {
        (None | Some("downloadfile"), Wanted::File(_))
        | (None | Some("downloadfolder"), Wanted::Folder(_)) => Ok(wanted),
        _ => Err(Refusal::new(refusal::ACTION, "Unknown download action.")),
    }
}

/// Service information whose meaning is not public: here, text that nobody would take for content.
fn footer_of(length: u64) -> Blob {
    let length = usize::try_from(length).unwrap_or(0);
    let bytes: Bytes = FOOTER.bytes().cycle().take(length).collect();
    Blob::from(bytes)
}

const FOOTER: &str = "[protocol footer, not content]\r\n";
