//! Listing a folder, some entries at a time.

use std::io;
use std::sync::Arc;

use cap_std::fs::{Dir, DirEntry, Metadata, ReadDir};
use futures_util::{StreamExt, stream};
use wharf_connector::{
    Entry, EntryStream, Error, ErrorKind, ListOptions, Operation, RemotePath, Result,
};

use crate::blocking::blocking;
use crate::convert;
use crate::error::{from_io, in_it};
use crate::root::{Missing, Root, nothing_below_a_file};

/// The entries of `folder`. Nothing is opened before the stream is polled.
///
/// What cannot be an entry is told as an error in its place, and the listing goes on.
pub(crate) fn list(
    root: Arc<Root>,
    folder: &RemotePath,
    options: &ListOptions,
    scheme: &'static str,
) -> EntryStream {
    let page = options.page_size.map_or(PAGE, |size| size.clamp(1, LARGEST_PAGE)) as usize;
    let listing = Listing { root, folder: folder.clone(), page, open: None };
    let named = {
        let folder = folder.clone();
        move |error: Error| error.of(scheme).during(Operation::List, &folder)
    };
    stream::unfold(Some(listing), |listing| async {
        let listing = listing?;
        Some(match blocking(move |_| Ok(listing.next_page())).await {
            Ok((page, rest)) => (page, rest),
            Err(error) => (vec![Err(error)], None),
        })
    })
    .flat_map(stream::iter)
    .map(move |item| item.map_err(&named))
    .boxed()
}

struct Listing {
    root: Arc<Root>,
    folder: RemotePath,
    page: usize,
    open: Option<(Dir, ReadDir)>,
}

impl Listing {
    /// The next entries, and what is left to list if anything may be.
    fn next_page(mut self) -> (Vec<Result<Entry>>, Option<Self>) {
        let mut page = Vec::new();
        if self.open.is_none() {
            match self.begin() {
                Ok(open) => self.open = Some(open),
                Err(error) => return (vec![Err(error)], None),
            }
        }
        let Some((folder, mut entries)) = self.open.take() else {
            return (page, None);
        };
        while page.len() < self.page {
            match entries.next() {
                Some(Ok(child)) => page.extend(self.child(&folder, &child)),
                Some(Err(error)) => {
                    page.push(Err(from_io(error)));
                    return (page, None);
                }
                None => return (page, None),
            }
        }
        self.open = Some((folder, entries));
        (page, Some(self))
    }

    fn begin(&self) -> Result<(Dir, ReadDir)> {
        let folder = match self.root.folder(&self.folder, Missing::Refuse) {
            // A file is no folder; below a file there is nothing.
            Err(error) if error.kind() == ErrorKind::NotAFolder => {
                return Err(match self.root.existing(&self.folder) {
                    Ok(_) => Error::new(ErrorKind::NotAFolder, "it is a file").with_source(error),
                    Err(_) => nothing_below_a_file(error),
                });
            }
            opened => opened?,
        };
        let entries = folder.entries().map_err(from_io)?;
        Ok((folder, entries))
    }

    /// None for what is gone meanwhile, and for what is left out by policy.
    fn child(&self, folder: &Dir, child: &DirEntry) -> Option<Result<Entry>> {
        let name = child.file_name();
        let Some(name) = name.to_str() else {
            let message = format!("the name {name:?} in it is not UTF-8, so no path leads there");
            return Some(Err(Error::new(ErrorKind::Invalid, message)));
        };
        let described = self.folder.join(name).map_err(Error::from).and_then(|path| {
            let metadata = self.metadata(folder, child, &path)?;
            convert::entry(path, &metadata)
        });
        match described {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) if error.kind() == ErrorKind::Unsupported && self.root.skip_special => None,
            Err(error) => Some(Err(in_it(name, error))),
            Ok(entry) => Some(Ok(entry)),
        }
    }

    fn metadata(&self, folder: &Dir, child: &DirEntry, path: &RemotePath) -> Result<Metadata> {
        let metadata = child.metadata().map_err(from_io)?;
        if !metadata.is_symlink() || !self.root.follow_symlinks {
            return Ok(metadata);
        }
        let (_, behind) = match self.root.find(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(dangling(folder, child).unwrap_or(error));
            }
            found => found?,
        };
        if behind.is_dir() && self.root.leads_back(path)? {
            let message = "it is a link to a folder above it: a walk would go round for ever";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        Ok(behind)
    }
}

/// A link that is still there and leads to nothing is told; one that is gone is not.
fn dangling(folder: &Dir, child: &DirEntry) -> Option<Error> {
    let there = folder.symlink_metadata(child.file_name());
    if matches!(&there, Err(error) if error.kind() == io::ErrorKind::NotFound) {
        return None;
    }
    Some(Error::new(ErrorKind::Invalid, "it is a link that leads to nothing"))
}

/// So many entries are looked at in one go, off the threads that run futures.
const PAGE: u32 = 512;
const LARGEST_PAGE: u32 = 10_000;
