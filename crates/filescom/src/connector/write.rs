//! Writing a file, with everything that has to be looked at before and after.

use wharf_connector::{
    Content, Entry, Error, ErrorKind, Operation, Reached, RemotePath, Result, WriteOptions,
};

use super::FilesCom;
use crate::api::FileUpdate;
use crate::convert::{self, wire_path};
use crate::upload::Upload;

impl FilesCom {
    pub(super) async fn do_write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.need(options.needs(&content), Operation::Write)?;
        let wire = wire_path(file)?;
        if file.is_root() {
            return Err(
                Error::new(ErrorKind::IsAFolder, "the root is a folder").with_reached(Reached::No)
            );
        }
        if !options.parents {
            self.need_parent(file).await?;
        }
        let small = content.size().is_some_and(|size| size <= self.client.config().part_size);
        if !small {
            // Only the end of an upload says that a folder is in the way: too late for a large one.
            self.need_no_folder(file).await?;
        }
        let mut upload = Upload::new()
            .with_mkdir_parents(options.parents)
            .with_expected(options.expected)
            .with_verify(options.verify)
            .with_checkpoint(options.checkpoint);
        upload.provided_mtime = options.modified;
        let uploaded = match self.client.files().upload(wire, content, &upload).await {
            Ok(uploaded) => uploaded,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.need_no_folder(file).await?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        let stored = convert::entry(file, uploaded.file)?;
        if options.properties.is_empty() {
            return Ok(stored);
        }
        let changes = FileUpdate::new().with_custom_metadata(options.properties);
        let updated = self.client.files().update(stored.path.relative(), &changes).await;
        let updated = updated.map_err(|error| {
            let message =
                format!("the file is stored, its properties are not: {}", error.message());
            error.with_message(message).with_reached(Reached::Yes)
        });
        Ok(convert::entry(&stored.path, updated?)?)
    }

    async fn need_no_folder(&self, path: &RemotePath) -> Result<()> {
        match self.look(path).await {
            Ok(entry) if entry.is_folder() => {
                Err(Error::new(ErrorKind::IsAFolder, "a folder stands there")
                    .with_reached(Reached::No))
            }
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}
