//! Deleting.

use wharf_connector::{Capabilities, DeleteOptions, ErrorKind, RemotePath};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn deleted_file_is_gone(context: &Context) -> Verdict {
    if !context.can(Capabilities::DELETE | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("gone.txt", b"x").await?;
    context.put("stays.txt", b"x").await?;
    let path = context.path("gone.txt")?;
    context.connector.delete(&path, DeleteOptions::new()).await?;
    context.require_absent(&path).await?;
    let names = context.names(context.scratch()).await?;
    require!(names == ["stays.txt"], "one of two files was deleted, left are {names:?}");
    Ok(())
}

pub(super) async fn deleted_folder_is_gone(context: &Context) -> Verdict {
    if !context.can(Capabilities::DELETE | Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let path = context.folder("gone").await?;
    context.connector.delete(&path, DeleteOptions::new()).await?;
    context.require_absent(&path).await
}

pub(super) async fn deleting_nothing_is_not_found(context: &Context) -> Verdict {
    if !context.can(Capabilities::DELETE) {
        return Ok(());
    }
    let answer = context.connector.delete(&context.path("missing")?, DeleteOptions::new()).await;
    require_kind(answer, &[ErrorKind::NotFound], "deleting nothing")
}

pub(super) async fn deleting_a_full_folder_is_refused(context: &Context) -> Verdict {
    if !context.can(Capabilities::DELETE | Capabilities::WRITE | Capabilities::READ) {
        return Ok(());
    }
    context.put("full/file.txt", b"x").await?;
    let answer = context.connector.delete(&context.path("full")?, DeleteOptions::new()).await;
    require_kind(answer, &[ErrorKind::NotEmpty], "deleting a folder with content")?;
    context.require_content(&context.path("full/file.txt")?, b"x").await
}

pub(super) async fn deleting_recursively_takes_all(context: &Context) -> Verdict {
    if !context.can(Capabilities::DELETE | Capabilities::DELETE_RECURSIVE | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("full/file.txt", b"x").await?;
    context.put("full/deep/file.txt", b"x").await?;
    context.put("fuller.txt", b"x").await?;
    let options = DeleteOptions::new().with_recursive(true);
    context.connector.delete(&context.path("full")?, options).await?;
    context.require_absent(&context.path("full")?).await?;
    context.require_absent(&context.path("full/deep/file.txt")?).await?;
    let names = context.names(context.scratch()).await?;
    require!(names == ["fuller.txt"], "beside the deleted folder stands {names:?}");
    Ok(())
}

pub(super) async fn deleting_the_root_is_invalid(context: &Context) -> Verdict {
    if !context.can(Capabilities::DELETE) {
        return Ok(());
    }
    let recursive = context.can(Capabilities::DELETE_RECURSIVE);
    let options = DeleteOptions::new().with_recursive(recursive);
    let answer = context.connector.delete(&RemotePath::root(), options).await;
    require_kind(answer, &[ErrorKind::Invalid], "deleting the root")
}
