//! Looking at one path.

use wharf_connector::{Capabilities, EntryKind, ErrorKind, RemotePath};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn root_is_a_folder(context: &Context) -> Verdict {
    let root = context.connector.stat(&RemotePath::root()).await?;
    require!(root.is_folder(), "the root is a {}", root.kind);
    require!(root.path.is_root(), "the root calls itself {}", root.path);
    Ok(())
}

pub(super) async fn missing_path_is_not_found(context: &Context) -> Verdict {
    for below in ["missing.txt", "missing/deeper.txt"] {
        let answer = context.connector.stat(&context.path(below)?).await;
        require_kind(answer, &[ErrorKind::NotFound], "a missing path")?;
    }
    Ok(())
}

pub(super) async fn file_tells_kind_and_size(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("file.txt", b"twelve bytes").await?;
    let path = context.path("file.txt")?;
    let entry = context.connector.stat(&path).await?;
    require!(entry.kind == EntryKind::File, "the file is a {}", entry.kind);
    require!(entry.size == Some(12), "12 bytes were written, the size is {:?}", entry.size);
    require!(entry.path == path, "asked for {path}, got {}", entry.path);
    Ok(())
}

pub(super) async fn folder_tells_kind(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let path = context.folder("folder").await?;
    let entry = context.connector.stat(&path).await?;
    require!(entry.is_folder(), "the folder is a {}", entry.kind);
    require!(entry.size.is_none(), "a folder has no size, this one has {:?}", entry.size);
    require!(entry.path == path, "asked for {path}, got {}", entry.path);
    Ok(())
}
