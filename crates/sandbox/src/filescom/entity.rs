//! Folders and files as JSON, key for key as recorded answers have them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::path::SitePath;
use super::tree::{Author, FileContent, Node, NodeId, Tree};

/// How entities are to be shown to one caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) priority_color: bool,
    /// Whether the site calculates checksums at all.
    pub(crate) checksums: bool,
    /// Whether MD5 is one of them.
    pub(crate) md5: bool,
}

impl View<'_> {
    /// The entity of a node, after a look at it: late checksums come a step nearer.
    pub(crate) fn look(&self, tree: &mut Tree, id: NodeId) -> Option<Entity> {
        let path = tree.path_of(id);
        let node = tree.node(id)?;
        let entity = self.entity(node, &path);
        let late = node.file().is_some_and(|file| file.looks_left > 0);
        let file = if late { tree.node_mut(id).and_then(Node::file_mut) } else { None };
        if let Some(file) = file {
            file.looks_left -= 1;
        }
        Some(entity)
    }

    /// The entity of a node at `path`.
    pub(crate) fn entity(&self, node: &Node, path: &SitePath) -> Entity {
        let stamp = &node.stamp;
        let mut fields = Vec::with_capacity(MOST_FIELDS);
        let mut put = |name: &'static str, value: Value| fields.push((name, value));
        put("path", json!(path.to_string()));
        for (name, value) in authorship(&CREATED_BY, Some(stamp.created_by)) {
            put(name, value);
        }
        put("custom_metadata", json!(stamp.custom_metadata));
        put("display_name", json!(path.name()));
        put("type", json!(if node.is_folder() { "directory" } else { "file" }));
        put("size", json!(node.file().map(|file| file.blob.len())));
        put("created_at", json!(time(stamp.created_at)));
        for (name, value) in authorship(&LAST_MODIFIED_BY, stamp.modified_by) {
            put(name, value);
        }
        put("mtime", json!(time(stamp.modified_at)));
        put("provided_mtime", json!(stamp.provided_mtime.map(time)));
        let (crc32, md5) = self.checksums(node.file());
        put("crc32", json!(crc32));
        put("md5", json!(md5));
        put("sha1", Value::Null);
        put("sha256", Value::Null);
        if node.file().is_some() {
            put("mime_type", json!(mime_type(path.name())));
            put("region", json!("us-east-1"));
        }
        put("permissions", json!(self.caller.letters(path)));
        if node.is_folder() {
            put("subfolders_locked?", json!(false));
            put("is_locked", json!(false));
        }
        if self.priority_color {
            put("priority_color", json!(stamp.priority_color));
        }
        Entity(fields)
    }

    fn checksums(&self, file: Option<&FileContent>) -> (Option<String>, Option<String>) {
        let Some(file) = file.filter(|file| self.checksums && file.looks_left == 0) else {
            return (None, None);
        };
        let md5 = file.blob.md5().filter(|_| self.md5);
        if self.md5 && md5.is_none() {
            return (None, None);
        }
        // The service leaves the zeros in front of a CRC-32 out.
        (Some(format!("{:x}", file.blob.crc32())), md5.map(|md5| hex(&md5)))
    }
}

/// A file or folder as the interface shows it: its fields, in the order in which they are written.
#[derive(Debug, Default)]
pub(crate) struct Entity(Vec<(&'static str, Value)>);

impl Entity {
    /// The same as a document, to be added to.
    pub(crate) fn into_fields(self) -> Map<String, Value> {
        self.0.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A time stamp in whole seconds, in UTC.
pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The type of content, judged by the extension alone.
pub(crate) fn mime_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "csv" => "text/csv",
        "gif" => "image/gif",
        "gz" => "application/gzip",
        "htm" | "html" => "text/html",
        "jpeg" | "jpg" => "image/jpeg",
        "json" => "application/json",
        "md" => "text/markdown",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "txt" => "text/plain",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xml" => "application/xml",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

fn authorship(
    names: &'static [&'static str],
    author: Option<Author>,
) -> impl Iterator<Item = (&'static str, Value)> {
    let (user, key) = match author {
        Some(Author::User(id)) => (json!(id), Value::Null),
        Some(Author::Key(id)) => (Value::Null, json!(id)),
        None => (Value::Null, Value::Null),
    };
    // All others are of ways to store a file that there are not here.
    names.iter().copied().zip([user, key].into_iter().chain(std::iter::repeat(Value::Null)))
}

const CREATED_BY: [&str; 8] = [
    "created_by_id",
    "created_by_api_key_id",
    "created_by_as2_incoming_message_id",
    "created_by_automation_id",
    "created_by_bundle_registration_id",
    "created_by_inbox_id",
    "created_by_remote_server_id",
    "created_by_remote_server_sync_id",
];

const LAST_MODIFIED_BY: [&str; 6] = [
    "last_modified_by_id",
    "last_modified_by_api_key_id",
    "last_modified_by_automation_id",
    "last_modified_by_bundle_registration_id",
    "last_modified_by_remote_server_id",
    "last_modified_by_remote_server_sync_id",
];

const MOST_FIELDS: usize = 36;
