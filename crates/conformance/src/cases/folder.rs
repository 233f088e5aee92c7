//! Creating folders.

use wharf_connector::{Capabilities, CreateFolderOptions, ErrorKind};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn folder_is_created(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let path = context.path("made")?;
    let entry = context.connector.create_folder(&path, CreateFolderOptions::new()).await?;
    require!(entry.is_folder() && entry.path == path, "made was {path}, told is {entry:?}");
    let entry = context.connector.stat(&path).await?;
    require!(entry.is_folder(), "a folder was made, there is a {}", entry.kind);
    Ok(())
}

pub(super) async fn existing_folder_is_a_success(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("there/file.txt", b"x").await?;
    let path = context.path("there")?;
    let entry = context.connector.create_folder(&path, CreateFolderOptions::new()).await?;
    require!(entry.is_folder(), "an existing folder is told as a {}", entry.kind);
    let names = context.names(&path).await?;
    require!(names == ["file.txt"], "making a folder again changed its content to {names:?}");
    Ok(())
}

pub(super) async fn folder_where_a_file_stands_is_refused(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER | Capabilities::WRITE | Capabilities::READ) {
        return Ok(());
    }
    context.put("file", b"x").await?;
    let path = context.path("file")?;
    let answer = context.connector.create_folder(&path, CreateFolderOptions::new()).await;
    require_kind(answer, &[ErrorKind::AlreadyExists], "a folder where a file stands")?;
    context.require_content(&path, b"x").await
}

pub(super) async fn folder_creates_parents(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let path = context.path("one/two/three")?;
    context.connector.create_folder(&path, CreateFolderOptions::new()).await?;
    for below in ["one", "one/two", "one/two/three"] {
        let entry = context.connector.stat(&context.path(below)?).await?;
        require!(entry.is_folder(), "{below} is a {}", entry.kind);
    }
    Ok(())
}

pub(super) async fn folder_without_parents_is_not_found(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let options = CreateFolderOptions::new().with_parents(false);
    let answer = context.connector.create_folder(&context.path("no/where")?, options).await;
    require_kind(answer, &[ErrorKind::NotFound], "a folder below a missing one")?;
    context.require_absent(&context.path("no")?).await
}
