//! A listing on its way to the caller: children alone, and a file told from an empty folder.

use futures_util::stream::{self, BoxStream, StreamExt};
use wharf_connector::{Entry, EntryStream, Error, ErrorKind, ListOptions, RemotePath, Result};

use super::FilesCom;
use crate::api::Listing;
use crate::convert::{self, wire_path};

impl FilesCom {
    pub(super) fn do_list(&self, folder: &RemotePath, options: ListOptions) -> Result<EntryStream> {
        let wire = wire_path(folder)?.to_owned();
        let mut listing = Listing::new();
        listing.per_page = options.page_size.map(|size| size.clamp(1, MAX_PAGE));
        let files = self.client.folders().list(&wire, listing);
        let state = Children {
            connector: self.clone(),
            key: convert::key(folder),
            folder: folder.clone(),
            files: Some(files),
            any: false,
            impossible: 0,
        };
        let next = |mut state: Children| async move {
            let item = state.next().await?;
            Some((item, state))
        };
        Ok(stream::unfold(state, next).boxed())
    }
}

/// A listing on its way to the caller.
struct Children {
    connector: FilesCom,
    folder: RemotePath,
    key: String,
    files: Option<BoxStream<'static, crate::Result<convert::Told>>>,
    any: bool,
    /// How many entries cannot be children.
    impossible: usize,
}

impl Children {
    async fn next(&mut self) -> Option<Result<Entry>> {
        while let Some(file) = self.files.as_mut()?.next().await {
            match file {
                Ok(file) => {
                    if let Some(entry) = convert::child(&self.folder, &self.key, file) {
                        self.any = true;
                        return Some(entry.map_err(|error| self.passed_over(error.into())));
                    }
                }
                Err(error) => {
                    self.files = None;
                    return Some(Err(self.explained(error.into()).await));
                }
            }
        }
        self.files = None;
        if self.any || self.folder.is_root() {
            return None;
        }
        // The service may list a file as a folder without entries.
        match self.connector.look(&self.folder).await {
            Ok(entry) if entry.is_folder() => None,
            Ok(_) => Some(Err(not_a_folder())),
            Err(error) => Some(Err(error)),
        }
    }

    /// An entry that cannot be one is an error in its place, and the listing goes on; not for ever.
    fn passed_over(&mut self, error: Error) -> Error {
        self.impossible += 1;
        if self.impossible > MAX_IMPOSSIBLE {
            self.files = None;
        }
        error
    }

    /// What the service answers to the listing of a file is not documented: a look tells.
    async fn explained(&mut self, error: Error) -> Error {
        let told =
            [ErrorKind::NotFound, ErrorKind::Invalid, ErrorKind::Other, ErrorKind::NotAFolder];
        if self.any || !told.contains(&error.kind()) {
            return error;
        }
        match self.connector.look(&self.folder).await {
            Ok(entry) if entry.is_file() => not_a_folder(),
            _ => error,
        }
    }
}

fn not_a_folder() -> Error {
    Error::new(ErrorKind::NotAFolder, "it is a file")
}

const MAX_IMPOSSIBLE: usize = 100;
const MAX_PAGE: u32 = 10_000;
