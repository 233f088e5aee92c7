//! A folder as an archive, which the contract has no word for.

use futures_util::StreamExt;
use wharf_connector::{ByteStream, Error, ErrorKind, Operation, RemotePath, Result};
use wharf_model::mft::{self, EffectivePermission};

use super::{Mft, named};

impl Mft {
    /// A folder with everything in it that the account may read, as a ZIP archive.
    ///
    /// The service makes it for each request anew and tells no checksum of it, so it does not go on
    /// after a break. For large trees the files are better fetched one by one (Thru REST API
    /// manual, 7.1).
    ///
    /// # Errors
    ///
    /// `NotFound` and `NotAFolder`; `PermissionDenied` without the right to download; in the stream
    /// `Interrupted` when it breaks off.
    pub async fn archive(&self, folder: &RemotePath) -> Result<ByteStream> {
        let at = folder.clone();
        let opened = self.open_archive(folder).await;
        let body = opened.map_err(|error| named(error, Operation::Read, folder))?;
        Ok(body.map(move |block| block.map_err(|error| named(error, Operation::Read, &at))).boxed())
    }

    async fn open_archive(&self, folder: &RemotePath) -> Result<ByteStream> {
        let mft::Entry::Folder(info) = self.resolver.find(folder).await? else {
            return Err(Error::new(ErrorKind::NotAFolder, "a file stands there"));
        };
        self.permit(info.effective_permission, EffectivePermission::DOWNLOAD)?;
        let body = self.client.folders().archive(&info.id).await?;
        Ok(body.map(|block| block.map_err(Error::from)).boxed())
    }
}
