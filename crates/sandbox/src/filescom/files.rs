//! Looking at, downloading, changing and deleting what is there.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::problem::Problem;
use super::site::Site;
use super::storage::Link;
use super::tree::{FileContent, Node, NodeId};

/// `GET /file_actions/metadata/{path}`.
pub(crate) fn find(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    ask.path.check(false)?;
    ask.caller.must_see(&ask.path)?;
    let id = existing(site, ask)?.id;
    let entity = ask.view()?.look(&mut site.tree, id);
    Ok(Answer::ok(&entity.unwrap_or_default()))
}

/// `GET /files/{path}`: the entity with an address to download from, or what `action` says.
pub(crate) fn download(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let action = ask.params.text("action")?.unwrap_or_default();
    if action == "stat" {
        return find(site, ask);
    }
    if !matches!(action, "" | "redirect") {
        return Err(Problem::bad_params("action does not have a valid value"));
    }
    ask.path.check(false)?;
    ask.caller.must_see(&ask.path)?;
    let node = existing(site, ask)?;
    let (id, Some(file)) = (node.id, node.file()) else {
        let text = "cannot download folder";
        return Err(Problem::new("bad-request/cannot-download-directory", text));
    };
    ask.caller.must_read(&ask.path)?;
    let identity = identity(ask, id, file)?;
    let link = Link::to(node, file, ask.shared);
    let address = site.publish(link, ask.shared);
    if action == "redirect" {
        return Ok(Answer::found(&address));
    }
    let entity = ask.view()?.look(&mut site.tree, id).unwrap_or_default();
    let mut entity = entity.into_fields();
    entity.insert("download_uri".to_owned(), json!(address));
    if let Some(identity) = identity {
        entity.insert("download_identity".to_owned(), identity);
    }
    Ok(Answer::ok(&Value::Object(entity)))
}

/// `PATCH /files/{path}`.
pub(crate) fn update(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    ask.path.check(false)?;
    ask.caller.must_see(&ask.path)?;
    let id = existing(site, ask)?.id;
    ask.caller.must_write(&ask.path)?;
    let params = &ask.params;
    let provided_mtime = params.time("provided_mtime")?;
    let metadata = match params.has("custom_metadata") {
        true => Some(metadata(params.object("custom_metadata")?)?),
        false => None,
    };
    let color = match params.has("priority_color") {
        true => Some(color(params.text("priority_color")?)?),
        false => None,
    };
    let making = ask.making();
    if let Some(node) = site.tree.node_mut(id) {
        let stamp = &mut node.stamp;
        stamp.provided_mtime = provided_mtime.or(stamp.provided_mtime);
        stamp.custom_metadata = metadata.unwrap_or_else(|| stamp.custom_metadata.clone());
        stamp.priority_color = color.unwrap_or_else(|| stamp.priority_color.clone());
        stamp.modified_by = Some(making.author);
    }
    let entity = ask.view()?.look(&mut site.tree, id).unwrap_or_default();
    Ok(Answer::ok(&entity))
}

/// `DELETE /files/{path}`.
pub(crate) fn delete(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let recursive = ask.params.flag("recursive")?;
    ask.path.check(false)?;
    ask.caller.must_see(&ask.path)?;
    let node = existing(site, ask)?;
    let (id, name) = (node.id, node.name.clone());
    let filled = node.children().is_some_and(|children| !children.is_empty());
    if ask.path.is_root() {
        let text = "The root folder cannot be deleted.";
        return Err(Problem::new("bad-request/invalid-path", text));
    }
    ask.caller.must_remove(&ask.path)?;
    if filled && !recursive {
        let text = format!("Folder {name} not empty");
        return Err(Problem::new("processing-failure/folder-not-empty", text));
    }
    site.tree.remove(id);
    Ok(Answer::empty())
}

fn existing<'a>(site: &'a Site, ask: &Ask<'_>) -> Result<&'a Node, Problem> {
    site.tree.find(&ask.path).ok_or_else(Problem::not_found)
}

/// What a client needs to notice that a file changed between two requests, if it asks.
fn identity(ask: &Ask<'_>, id: NodeId, file: &FileContent) -> Result<Option<Value>, Problem> {
    let token = BASE64_URL_SAFE_NO_PAD.encode(format!("{id}//{}", file.etag));
    let token = format!("fdi1.{token}");
    let expected = ask.params.text("expected_download_identity")?;
    if expected.is_some_and(|expected| expected != token) {
        return Err(Problem::new(
            "processing-failure/download-identity-unavailable",
            "The requested version of the file is no longer available.",
        ));
    }
    let asked = ask.params.flag("with_download_identity")? || expected.is_some();
    Ok((asked && ask.shared.options.download_identity).then(|| {
        json!({
            "version": 1,
            "token": token,
            "size": file.blob.len(),
            "required_headers": {"If-Match": format!("\"{}\"", file.etag)},
        })
    }))
}

/// The map that replaces the old one. Null clears it.
fn metadata(given: Option<&Map<String, Value>>) -> Result<Map<String, Value>, Problem> {
    let given = given.cloned().unwrap_or_default();
    if given.len() > MOST_METADATA {
        let message = "has too many keys (maximum is 32)";
        return Err(Problem::model("custom_metadata", message));
    }
    for (key, value) in &given {
        let length = match value {
            Value::Null => 0,
            Value::String(text) => text.chars().count(),
            _ => return Err(Problem::invalid("custom_metadata")),
        };
        if key.chars().count() > LONGEST_KEY || length > LONGEST_VALUE {
            return Err(Problem::model("custom_metadata", "is too long"));
        }
    }
    Ok(given)
}

/// Only `red` is documented; the others are guesses at the usual marks.
fn color(given: Option<&str>) -> Result<Option<String>, Problem> {
    match given {
        None | Some("") => Ok(None),
        Some("red" | "orange" | "yellow" | "green" | "blue" | "purple" | "gray") => {
            Ok(given.map(str::to_owned))
        }
        Some(_) => Err(Problem::new(
            "processing-failure/invalid-priority-color",
            "Invalid priority color.",
        )),
    }
}

const MOST_METADATA: usize = 32;
const LONGEST_KEY: usize = 256;
const LONGEST_VALUE: usize = 1024;
