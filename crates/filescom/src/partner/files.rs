//! Files and folders.

use std::collections::VecDeque;

use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::json;
use wharf_connector::Content;
use wharf_model::filescom::{File, comparison_key, normalize};

use super::inputs::{Inputs, invalid};
use super::{Answered, Step};
use crate::api::{Listing, Migration, Relocation};
use crate::client::Client;
use crate::error::Result;
use crate::upload::Upload;

impl Step {
    pub(super) async fn on_files(
        &self,
        inputs: Inputs,
        content: Option<Content>,
    ) -> Result<Answered> {
        let (action, object) = self.key();
        match (action, object.as_str()) {
            ("Copy" | "Move", _) => self.relocate(&inputs).await,
            ("Create", _) => {
                self.document(&self.client.folders().create(&inputs.path("path")?).await?)
            }
            ("Delete", object) => {
                let (files, path) = (self.client.files(), inputs.path("id")?);
                match self.options.recursive && object == "folder" {
                    true => files.delete_recursively(&path).await?,
                    false => files.delete(&path).await?,
                }
                Ok(Answered::Nothing)
            }
            ("Download" | "Download a file", _) => {
                let path = inputs.path("ID")?;
                let range = self.options.range.clone();
                Ok(Answered::Content(Box::new(self.client.files().read(&path, range).await?)))
            }
            ("Show", _) => self.document(&self.client.files().find(&inputs.path("ID")?).await?),
            ("List", _) => {
                let folder = inputs.path("ID")?;
                let entries = walk(self.client.clone(), folder, self.options.recursive, None);
                Ok(self.documents(limited(entries, self.limit(&inputs)?)))
            }
            ("List folder items", _) => self.items(&inputs),
            _ => self.store(&inputs, content.unwrap_or_else(Content::empty)).await,
        }
    }

    async fn relocate(&self, inputs: &Inputs) -> Result<Answered> {
        let relocation =
            Relocation::to(inputs.path("destination")?).with_overwrite(self.options.overwrite);
        let (actions, path) = (self.client.actions(), inputs.path("path")?);
        let mut migration: Migration = match self.action.action.as_str() {
            "Copy" => actions.copy(&path, &relocation).await?,
            _ => actions.move_to(&path, &relocation).await?,
        };
        if let Some(limit) = self.options.wait {
            migration.wait(limit).await?;
        }
        let status = migration.status().to_string();
        self.document(&json!({"file_migration_id": migration.id(), "status": status}))
    }

    /// Upload, and its deprecated form with a folder and a name.
    async fn store(&self, inputs: &Inputs, content: Content) -> Result<Answered> {
        let path = match self.action.action.as_str() {
            "Upload" => inputs.path("Path")?,
            _ => {
                let (folder, name) = (inputs.path("Upload Path")?, inputs.path("Upload Filename")?);
                match (folder.is_empty(), name.is_empty()) {
                    (_, true) => return Err(invalid("the input Upload Filename is missing")),
                    (true, false) => name,
                    (false, false) => format!("{folder}/{name}"),
                }
            }
        };
        let options = Upload { verify: self.options.verify, ..Upload::new() };
        self.document(&self.client.files().upload(&path, content, &options).await?.file)
    }

    /// The deprecated list: an exact folder, or one with a pattern for the names in it.
    fn items(&self, inputs: &Inputs) -> Result<Answered> {
        let path = inputs.path("path")?;
        let per_page = inputs.number("Per Page")?;
        let per_page = per_page.map(u32::try_from).transpose();
        let per_page = per_page.ok().filter(|size| *size != Some(0));
        let per_page = per_page.ok_or_else(|| invalid("Per Page must be 1 or more"))?;
        let (folder, last) = path.rsplit_once('/').unwrap_or(("", &path));
        if !last.contains(['*', '?']) {
            let entries = walk(self.client.clone(), path, self.options.recursive, per_page);
            return Ok(self.documents(limited(entries, self.options.limit)));
        }
        if folder.contains(['*', '?']) {
            return Err(invalid("a wildcard may stand in the last name of path only"));
        }
        let pattern: Vec<char> = last.chars().collect();
        let entries = walk(self.client.clone(), folder.to_owned(), false, per_page);
        let entries = entries.filter(move |entry| {
            let name = |file: &File| file.display_name.as_deref().unwrap_or_default().to_owned();
            let fits = entry
                .as_ref()
                .map_or(true, |file| matches(&pattern, &name(file).chars().collect::<Vec<_>>()));
            std::future::ready(fits)
        });
        Ok(self.documents(limited(entries.boxed(), self.options.limit)))
    }
}

/// What a folder holds; if recursive, with what the folders in it hold, each after its own. The
/// folder itself, which the service may name among its entries, is none of them; and only a folder
/// that lies directly in the one that is listed is looked into, so that it ends.
fn walk(
    client: Client,
    folder: String,
    recursive: bool,
    per_page: Option<u32>,
) -> BoxStream<'static, Result<File>> {
    let mut listing = Listing::new();
    listing.per_page = per_page;
    let current = client.folders().list(&folder, listing.clone());
    let key = comparison_key(&normalize(&folder));
    let walk = Walk { client, listing, recursive, current, key, waiting: VecDeque::new() };
    stream::unfold(walk, |mut walk| async move { walk.next().await.map(|file| (file, walk)) })
        .boxed()
}

struct Walk {
    client: Client,
    listing: Listing,
    recursive: bool,
    current: BoxStream<'static, Result<File>>,
    /// What the service compares the folder by that is listed now.
    key: String,
    /// Folders to be listed.
    waiting: VecDeque<String>,
}

impl Walk {
    async fn next(&mut self) -> Option<Result<File>> {
        loop {
            match self.current.next().await {
                Some(Ok(file)) => {
                    let Some(path) = file.path.as_deref().map(normalize) else {
                        return Some(Ok(file));
                    };
                    if comparison_key(&path) == self.key {
                        continue;
                    }
                    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
                    let inside = comparison_key(parent) == self.key;
                    if self.recursive && file.is_directory() && inside {
                        self.waiting.push_back(path);
                    }
                    return Some(Ok(file));
                }
                Some(Err(error)) => {
                    // Nothing follows an error.
                    self.current = stream::empty().boxed();
                    self.waiting.clear();
                    return Some(Err(error));
                }
                None => {
                    let folder = self.waiting.pop_front()?;
                    self.key = comparison_key(&folder);
                    self.current = self.client.folders().list(&folder, self.listing.clone());
                }
            }
        }
    }
}

fn limited<T: Send + 'static>(
    entries: BoxStream<'static, Result<T>>,
    limit: Option<usize>,
) -> BoxStream<'static, Result<T>> {
    match limit {
        Some(limit) => entries.take(limit).boxed(),
        None => entries,
    }
}

/// Whether a name fits a pattern of letters, `*` for any number of them and `?` for one. Case does
/// not count, as the service compares names.
fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match (pattern.get(at), name.get(from)) {
            (Some('*'), _) => {
                star = Some((at, from));
                at += 1;
            }
            (Some(wanted), Some(letter))
                if *wanted == '?' || wanted.to_lowercase().eq(letter.to_lowercase()) =>
            {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    (at, from) = (place + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    #[test]
    fn wildcards() {
        for (pattern, name, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("2026-??-*.CSV", "2026-11-01.csv", true),
            ("*", "", true),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbY", false),
            ("?", "", false),
            ("abc", "abcd", false),
        ] {
            let [pattern_, name_] = [pattern, name].map(|text| text.chars().collect::<Vec<_>>());
            assert_eq!(super::matches(&pattern_, &name_), fits, "{pattern} {name}");
        }
    }
}
