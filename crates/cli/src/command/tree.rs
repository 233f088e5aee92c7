//! `wharf tree`: a folder and everything below it.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::Serialize;
use wharf::connector::futures_util::StreamExt;
use wharf::connector::{Rooted, WalkOptions};
use wharf::{Connector, ConnectorExt, Entry, Error, ErrorKind, Operation, RemotePath};

use crate::context::Context;
use crate::document::{EntryDocument, ErrorBody};
use crate::failure::{Failure, Result};
use crate::present::escape::Shown;
use crate::present::size::size;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder
    #[arg(default_value = ".")]
    target: String,

    /// How many folders deep to go: 1 is the folder alone
    #[arg(short = 'L', long, value_parser = clap::value_parser!(u32).range(1..))]
    depth: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    target: String,
    entries: Vec<EntryDocument<'a>>,
    files: usize,
    folders: usize,
    bytes: u64,
    errors: Vec<ErrorBody>,
    complete: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let place = context.place(&arguments.target)?;
    let account = context.accounts.open(&place)?;
    let busy = context.busy("listing");
    let (tree, errors) = walk(account.clone(), place.path(), arguments.depth).await;
    drop(busy);
    let errors = match errors.as_slice() {
        [error] if tree.entries.is_empty() => {
            told(error, &*account, place.path()).await.map_or(errors, |error| vec![error])
        }
        _ => errors,
    };
    if context.json {
        context.out.document(&tree.document(place.to_string(), &errors))?;
    } else if !tree.entries.is_empty() || errors.is_empty() {
        context.out.line(Shown(&place.to_string()))?;
        for line in tree.lines(place.path()) {
            context.out.line(line)?;
        }
        context.say(format!("\n{}", tree.summary()))?;
    }
    if errors.is_empty() {
        return Ok(());
    }
    context.out.flush()?;
    Err(Failure::Several(errors))
}

/// A file in the place of the folder, of which a service may only say that it is no folder there.
async fn told(error: &Error, account: &dyn Connector, path: &RemotePath) -> Option<Error> {
    let is_missing = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotAFolder);
    let entry = if is_missing { account.stat(path).await.ok() } else { None };
    entry.filter(|entry| !entry.is_folder())?;
    let file = Error::new(ErrorKind::NotAFolder, "it is a file").of(account.info().scheme);
    Some(
        file.during(Operation::List, path).with_remedy("See it with ls or stat, or name a folder."),
    )
}

/// Everything below `root`, and what could not be listed.
///
/// The folder becomes the root of the walk, so that depths are counted from it.
async fn walk(
    account: Arc<dyn Connector>,
    root: &RemotePath,
    depth: Option<u32>,
) -> (Tree, Vec<Error>) {
    let mut options = WalkOptions::new();
    options.max_depth = depth.map(|depth| depth as usize);
    let below = Rooted::new(account, root.clone());
    let mut walk = below.walk(&RemotePath::root(), options);
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = walk.next().await {
        match item {
            Ok(mut entry) => {
                entry.path = root.join_path(&entry.path);
                entries.push(entry);
            }
            Err(error) => errors.push(error.map_path(|path| root.join_path(&path))),
        }
    }
    entries.sort_unstable_by(|a, b| by_segments(&a.path, &b.path));
    (Tree::new(entries), errors)
}

/// Entries in the order in which a tree is drawn.
struct Tree {
    entries: Vec<Entry>,
}

impl Tree {
    fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    fn document(&self, target: String, errors: &[Error]) -> Document<'_> {
        Document {
            target,
            entries: self.entries.iter().map(Into::into).collect(),
            files: self.files(),
            folders: self.entries.len() - self.files(),
            bytes: self.bytes(),
            errors: errors.iter().map(Into::into).collect(),
            complete: errors.is_empty(),
        }
    }

    fn files(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_file()).count()
    }

    fn bytes(&self) -> u64 {
        self.entries.iter().filter_map(|entry| entry.size).sum()
    }

    fn summary(&self) -> String {
        let (files, folders) = (self.files(), self.entries.len() - self.files());
        let count = |number: usize, word: &str| match number {
            1 => format!("1 {word}"),
            number => format!("{number} {word}s"),
        };
        format!("{}, {}, {}", count(folders, "folder"), count(files, "file"), size(self.bytes()))
    }

    /// The branches before a name say, from the root down, where more is to come.
    fn lines(&self, root: &RemotePath) -> Vec<String> {
        let above = root.segments().count();
        // Seen from below: whether more stands at each depth after the present line.
        let mut more: Vec<bool> = Vec::new();
        let mut lines: Vec<String> = Vec::with_capacity(self.entries.len());
        for entry in self.entries.iter().rev() {
            let depth = entry.path.segments().count().saturating_sub(above);
            let column = depth.saturating_sub(1);
            let mut line = String::new();
            for level in 0..column {
                let goes_on = more.get(level).copied().unwrap_or(false);
                line.push_str(if goes_on { "│   " } else { "    " });
            }
            let is_last = !more.get(column).copied().unwrap_or(false);
            line.push_str(if is_last { "└── " } else { "├── " });
            line.push_str(&label(entry));
            lines.push(line);
            more.resize(depth, false);
            if let Some(here) = more.get_mut(column) {
                *here = true;
            }
        }
        lines.reverse();
        lines
    }
}

fn label(entry: &Entry) -> String {
    let name = Shown(entry.name());
    match entry.size {
        _ if entry.is_folder() => format!("{name}/"),
        Some(bytes) => format!("{name}  ({})", size(bytes)),
        None => name.to_string(),
    }
}

/// Name by name, so that a folder is followed by what is in it.
fn by_segments(a: &RemotePath, b: &RemotePath) -> Ordering {
    a.segments().cmp(b.segments())
}

const EXAMPLES: &str = "\
Examples:
  wharf tree mft://anna@mft.acme.com/
  wharf tree -L 2 filescom://acme.files.com/vendor";

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        let mut entries: Vec<Entry> = paths
            .iter()
            .map(|path| match path.strip_suffix('/') {
                Some(folder) => Entry::folder(RemotePath::new(folder).unwrap()),
                None => Entry::file(RemotePath::new(path).unwrap()),
            })
            .collect();
        entries.sort_unstable_by(|a, b| by_segments(&a.path, &b.path));
        Tree::new(entries)
    }

    #[test]
    fn branches_end_where_nothing_follows() {
        let tree = tree(&["/r/a/", "/r/a b", "/r/a/x/", "/r/a/x/1", "/r/a/y", "/r/z/", "/r/z/2"]);
        let root = RemotePath::new("/r").unwrap();
        let want = "\
├── a/
│   ├── x/
│   │   └── 1
│   └── y
├── a b
└── z/
    └── 2";
        assert_eq!(tree.lines(&root).join("\n"), want);
        assert_eq!(tree.summary(), "3 folders, 4 files, 0 B");
    }
}
