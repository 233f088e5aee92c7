//! Uploads: begun, fed part by part at storage, completed.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::FilesCom;
use super::answer::Answer;
use super::ask::Ask;
use super::entity::{hex, time};
use super::params::{Params, integer_of};
use super::path::SitePath;
use super::problem::Problem;
use super::site::{FolderError, Making, Site, multipart_etag};
use super::storage::part_address;
use super::tree::{FileContent, Node, NodeId};
use crate::blob::Blob;
use crate::shared::Shared;

/// An upload that was begun and not yet completed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// Where the file will be.
    pub(crate) path: SitePath,
    /// The size told at the beginning.
    size: Option<u64>,
    /// Written down one by one.
    #[serde(skip)]
    pub(crate) parts: BTreeMap<u32, Blob>,
}

/// `POST /file_actions/begin_upload/{path}`: part addresses, as an array.
pub(crate) fn begin(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let (reference, parts) = addresses(site, ask)?;
    let parts: Vec<Value> = parts.map(|part| grant(site, ask.shared, &reference, part)).collect();
    Ok(Answer::ok(&Value::Array(parts)))
}

/// `POST /files/{path}` with `action=put`: one part address, not in an array.
pub(crate) fn put(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let (reference, mut parts) = addresses(site, ask)?;
    let part = parts.next().unwrap_or(1);
    Ok(Answer::ok(&grant(site, ask.shared, &reference, part)))
}

/// Which parts of which upload are asked for; begins it if it is new.
fn addresses(
    site: &mut Site,
    ask: &Ask<'_>,
) -> Result<(String, impl Iterator<Item = u32> + use<>), Problem> {
    let params = &ask.params;
    let count = params.integer("parts")?.unwrap_or(1).clamp(1, MOST_AT_ONCE);
    let part = params.integer("part")?.unwrap_or(1);
    ask.path.check(false)?;
    ask.caller.must_write(&ask.path)?;
    let (reference, first) = match params.text("ref")? {
        Some(reference) => {
            let known = site.uploads.get(reference);
            known
                .filter(|upload| upload.path.is_same(&ask.path))
                .ok_or_else(|| no_upload(reference))?;
            (reference.to_owned(), part)
        }
        // Without a reference the number of the part is ignored.
        None => (start(site, ask)?, 1),
    };
    let first = u32::try_from(first).ok().filter(|part| *part >= 1);
    let Some(first) = first.filter(|part| *part <= MOST_PARTS) else {
        let text = "Part number too large";
        return Err(Problem::new("bad-request/part-number-too-large", text));
    };
    let last = first.saturating_add(count as u32 - 1).min(MOST_PARTS);
    Ok((reference, first..=last))
}

fn start(site: &mut Site, ask: &Ask<'_>) -> Result<String, Problem> {
    let params = &ask.params;
    if ask.path.is_root() {
        return Err(Problem::destination_exists());
    }
    let making = ask.making();
    let make = makes_parents(ask)?.then_some(&making);
    let parent = site.folder(&ask.path.parent(), make).map_err(FolderError::as_destination)?;
    let with_rename = params.flag("with_rename")?;
    let path = match with_rename {
        true => free_name(site, parent, &ask.path),
        false => ask.path.clone(),
    };
    let size = params.integer("size")?;
    let size = size.map(|size| u64::try_from(size).map_err(|_| Problem::invalid("size")));
    let reference = format!("put-{}", ask.shared.ids.number());
    let upload = Upload { path, size: size.transpose()?, parts: BTreeMap::new() };
    site.uploads.insert(reference.clone(), upload);
    Ok(reference)
}

/// What tells a client how to send one part.
fn grant(site: &Site, shared: &Shared, reference: &str, part: u32) -> Value {
    let expires = shared.clock.now() + TimeDelta::minutes(PART_LIFE);
    let path = site.uploads.get(reference).map(|upload| upload.path.to_string());
    json!({
        "send": {"partsize": "required-header Content-Length", "partdata": "body"},
        "action": "put/write",
        "ask_about_overwrites": false,
        "available_parts": MOST_PARTS,
        "expires": time(expires),
        "headers": {},
        "http_method": "PUT",
        "next_partsize": part_size(shared, part + 1),
        "parallel_parts": shared.options.parallel_parts,
        "retry_parts": true,
        "parameters": {},
        "part_number": part,
        "partsize": part_size(shared, part),
        "ref": reference,
        "upload_uri": part_address(shared, reference, part),
        "path": path,
    })
}

/// A completion that has been judged and found good.
struct Completion {
    reference: String,
    path: SitePath,
    file: Blob,
    etag: String,
    provided_mtime: Option<DateTime<Utc>>,
    make_parents: bool,
}

impl FilesCom {
    /// `POST /files/{path}` with `action=end`.
    ///
    /// Nothing is changed before the last step, so that a client that goes away on the way
    /// leaves the upload as it was.
    pub(crate) async fn complete(&self, ask: &Ask<'_>) -> Result<Answer, Problem> {
        let judged = Completion::read(&self.site(), ask)?;
        // Large content is hashed later: its checksums appear when they are known.
        let file = judged.file.clone();
        let hashing = async move { drop(file.hash().await) };
        match judged.file.len() <= HASHED_AT_ONCE {
            _ if !ask.shared.options.md5 => {}
            true => hashing.await,
            false => drop(tokio::spawn(hashing)),
        }
        let mut site = self.site();
        let mut completion = Completion::read(&site, ask)?;
        if completion.etag == judged.etag {
            completion.file = judged.file;
        }
        completion.commit(&mut site, ask)
    }
}

impl Completion {
    fn read(site: &Site, ask: &Ask<'_>) -> Result<Self, Problem> {
        let params = &ask.params;
        let reference = params.required_text("ref")?.to_owned();
        ask.path.check(false)?;
        ask.caller.must_write(&ask.path)?;
        let upload = site.uploads.get(&reference);
        let upload = upload
            .filter(|upload| upload.path.is_same(&ask.path))
            .ok_or_else(|| no_upload(&reference))?;
        check_etags(params, upload)?;
        check_parts(upload, ask)?;
        let digests: Vec<[u8; 16]> = upload.parts.values().filter_map(Blob::md5).collect();
        Ok(Self {
            path: upload.path.clone(),
            file: Blob::concat(upload.parts.values()),
            etag: multipart_etag(&digests),
            provided_mtime: params.time("provided_mtime")?,
            make_parents: makes_parents(ask)?,
            reference,
        })
    }

    fn commit(self, site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
        let late = ask.shared.options.late_checksums;
        // If this fails the upload stays open.
        let (id, replaced) = self.place(site, &ask.making(), late)?;
        site.uploads.remove(&self.reference);
        let path = site.tree.path_of(id);
        let node = site.tree.node(id).ok_or_else(Problem::not_found)?;
        let mut entity = ask.view()?.entity(node, &path).into_fields();
        forget_checksums(&mut entity);
        let entity = Value::Object(entity);
        Ok(match replaced {
            true => Answer::ok(&entity),
            false => Answer::created(&entity),
        })
    }

    fn place(
        &self,
        site: &mut Site,
        making: &Making<'_>,
        looks_left: u32,
    ) -> Result<(NodeId, bool), Problem> {
        let path = &self.path;
        if site.tree.find(path).is_some_and(Node::is_folder) {
            return Err(Problem::destination_exists());
        }
        let parent = site
            .folder(&path.parent(), self.make_parents.then_some(making))
            .map_err(FolderError::as_destination)?;
        let file = FileContent { blob: self.file.clone(), etag: self.etag.clone(), looks_left };
        let (id, replaced) = site.put_file(parent, path.name(), file, making);
        if let Some(node) = site.tree.node_mut(id) {
            node.stamp.provided_mtime = self.provided_mtime;
        }
        Ok((id, replaced))
    }
}

/// The etags may be left out; if they are there they must be those of all stored parts.
fn check_etags(params: &Params, upload: &Upload) -> Result<(), Problem> {
    let Some(given) = params.list("etags")? else {
        return Ok(());
    };
    let mut seen = BTreeMap::new();
    for entry in given {
        let part = entry.get("part").and_then(integer_of);
        let part = part.and_then(|part| u32::try_from(part).ok());
        let part = part.ok_or_else(invalid_etags)?;
        let etag = entry.get("etag").and_then(Value::as_str);
        if seen.insert(part, etag.unwrap_or_default()).is_some() {
            return Err(invalid_etags());
        }
    }
    for (part, etag) in &seen {
        let stored = upload.parts.get(part).and_then(Blob::md5);
        let stored = stored.ok_or_else(not_uploaded)?;
        let etag = etag.trim_matches('"');
        // Clients that saw no ETag write the word null, or nothing.
        if !matches!(etag, "" | "null") && !etag.eq_ignore_ascii_case(&hex(&stored)) {
            return Err(not_uploaded());
        }
    }
    match seen.keys().eq(upload.parts.keys()) {
        true => Ok(()),
        false => Err(invalid_etags()),
    }
}

fn check_parts(upload: &Upload, ask: &Ask<'_>) -> Result<(), Problem> {
    let size = ask.params.integer("size")?;
    let total: u64 = upload.parts.values().map(Blob::len).sum();
    let told_empty = size.or(upload.size.map(|size| size as i64)) == Some(0);
    if upload.parts.is_empty() && !told_empty {
        return Err(not_uploaded());
    }
    if !upload.parts.keys().copied().eq((1..).take(upload.parts.len())) {
        return Err(Problem::new(
            "bad-request/invalid-upload-part-gap",
            "The parts of the upload leave a gap.",
        ));
    }
    if size.is_some_and(|size| u64::try_from(size) != Ok(total)) {
        let text = "size does not match the uploaded parts";
        return Err(Problem::bad_params(text));
    }
    let least = part_size(ask.shared, 1).min(LEAST_PART);
    let all_but_last = upload.parts.len().saturating_sub(1);
    let small = |part: &Blob| part.len() < least;
    if upload.parts.values().take(all_but_last).any(small) {
        return Err(Problem::new(
            "bad-request/invalid-upload-part-size",
            "A part other than the last is smaller than allowed.",
        ));
    }
    Ok(())
}

/// Checksums are not known at the moment of completion.
fn forget_checksums(entity: &mut Map<String, Value>) {
    for name in ["crc32", "md5"] {
        entity.insert(name.to_owned(), Value::Null);
    }
}

fn makes_parents(ask: &Ask<'_>) -> Result<bool, Problem> {
    Ok(ask.params.flag("mkdir_parents")? || ask.shared.options.always_create_parents)
}

/// `NAME_2.ext`, `NAME_3.ext` and so on, if the name is taken.
fn free_name(site: &Site, parent: NodeId, path: &SitePath) -> SitePath {
    let name = path.name();
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let taken = |name: &str| site.tree.child(parent, name).is_some();
    let mut free = name.to_owned();
    let mut number = 1;
    while taken(&free) {
        number += 1;
        free = format!("{stem}_{number}{extension}");
    }
    path.with_name(&free)
}

/// The size suggested for a part: it grows, so that files of terabytes fit.
fn part_size(shared: &Shared, part: u32) -> u64 {
    let grown = (4 + u64::from(part)).min(525) * 1024 * 1024;
    shared.options.part_size.unwrap_or(grown)
}

fn no_upload(reference: &str) -> Problem {
    let text = format!("File Upload for id {reference} not found.");
    Problem::new("not-found/file-upload-not-found", text)
}

fn not_uploaded() -> Problem {
    Problem::new("processing-failure/file-not-uploaded", "File not uploaded")
}

fn invalid_etags() -> Problem {
    Problem::new("bad-request/invalid-etags", "Invalid etags")
}

/// Minutes until the address of a part expires.
pub(crate) const PART_LIFE: i64 = 15;
const MOST_PARTS: u32 = 10_000;
const MOST_AT_ONCE: i64 = 1000;
/// Parts but the last must have this many bytes, as storage has it.
const LEAST_PART: u64 = 5 * 1024 * 1024;
const HASHED_AT_ONCE: u64 = 64 * 1024 * 1024;
