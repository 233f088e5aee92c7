//! Every public path of the front door, walked through once: an accidental removal does not
//! compile.

use std::sync::Arc;

use wharf::prelude;

/// The paved path: what a program needs at the root.
#[allow(unused_imports)]
mod root {
    pub(crate) use wharf::{
        ByteRange, Capabilities, Checksums, Connector, ConnectorExt, Content, Download, Entry,
        EntryKind, Error, ErrorKind, Operation, Permissions, Registry, RemotePath, Result,
        Settings, Target, registry,
    };
}

/// What is looked for in a module of its own.
#[allow(unused_imports)]
mod modules {
    pub(crate) use wharf::connector::{
        Changes, ConnectionReport, ContentStream, CopyOptions, CreateFolderOptions, DeleteOptions,
        EntryState, EntryStream, Factory, Info, Limits, ListOptions, Memory, NameCase, OnConflict,
        ReadOptions, RenameOptions, Rooted, SettingSpec, Stage, StageOutcome, WalkOptions,
        WriteOptions, bytes, chrono, futures_util, secrecy,
    };
    #[cfg(feature = "filescom")]
    pub(crate) use wharf::filescom::{Client, FilesCom, FilesComFactory};
    #[cfg(feature = "fs")]
    pub(crate) use wharf::local::{Local, LocalFactory};
    #[cfg(feature = "mft")]
    pub(crate) use wharf::mft::{Client as MftClient, Mft, MftFactory};
    pub(crate) use wharf::model::{filescom, mft};
    #[cfg(feature = "transfer")]
    pub(crate) use wharf::transfer::{
        CopyFile, Place, Progress, Receipt, Verdict, Verify, copy_file, resolve_destination,
    };
    pub(crate) use wharf::transport::{Exchange, HttpExchange, RetryPolicy, SafeUrl, Transport};
}

#[test]
fn the_registry_knows_every_service_of_the_build() {
    let registry = wharf::registry();
    let expected = [
        #[cfg(feature = "filescom")]
        "filescom",
        #[cfg(feature = "filescom")]
        "filescom+http",
        #[cfg(feature = "mft")]
        "mft",
        #[cfg(feature = "mft")]
        "mft+http",
        #[cfg(feature = "fs")]
        "file",
        "memory",
    ];
    assert_eq!(registry.schemes().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn the_prelude_is_enough_for_a_small_program() -> prelude::Result<()> {
    use wharf::prelude::*;

    let account: Arc<dyn Connector> = wharf::registry().open("memory:/in", &Settings::new())?;
    let path = RemotePath::new("/a.txt")?;
    account.write(&path, Content::from("ahoy"), WriteOptions::new()).await?;
    let download: Download = account.read(&path, ReadOptions::new()).await?;
    let chunks: Vec<_> = download.into_stream().try_collect().await?;
    assert_eq!(chunks.concat(), b"ahoy");
    account.delete(&path, DeleteOptions::new()).await?;
    let error: Error = account.stat(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn the_readme_tells_the_truth() -> prelude::Result<()> {
    use wharf::prelude::*;

    let account = wharf::registry().open("memory:", &Settings::new())?;
    let report = RemotePath::new("/reports/2026.csv")?;
    account.write_bytes(&report, "a;b\n1;2\n").await?;

    let entry = account.stat(&report).await?;
    assert_eq!(entry.size, Some(8));
    Ok(())
}
