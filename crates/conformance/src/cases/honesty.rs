//! What is not declared answers `Unsupported` and changes nothing.

use std::sync::Arc;

use wharf_connector::{
    ByteRange, Capabilities, Changes, Checkpoint, Checksums, ConnectorExt, Content, CopyOptions,
    CreateFolderOptions, DeleteOptions, ErrorKind, OnConflict, ReadOptions, RenameOptions, Result,
    WriteOptions,
};

use super::resume::Desk;
use super::update::{every_change, moment};
use crate::context::require_kind;
use crate::{Context, Verdict};

pub(super) async fn undeclared_read_is_unsupported(context: &Context) -> Verdict {
    if context.can(Capabilities::READ) {
        return Ok(());
    }
    let answer = context.connector.read(&context.path("any")?, ReadOptions::new()).await;
    unsupported(answer, "read")
}

pub(super) async fn undeclared_range_is_unsupported(context: &Context) -> Verdict {
    if context.can(Capabilities::READ_RANGE) || !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("file.txt", b"abcdef").await?;
    let options = ReadOptions::new().with_range(ByteRange::of(1..2));
    unsupported(context.connector.read(&context.path("file.txt")?, options).await, "a range")
}

pub(super) async fn undeclared_write_is_unsupported(context: &Context) -> Verdict {
    if context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("any.txt")?;
    unsupported(context.connector.write_bytes(&path, "x").await, "write")?;
    context.require_absent(&path).await
}

pub(super) async fn undeclared_unknown_size_is_unsupported(context: &Context) -> Verdict {
    let content = Content::stream(futures_util::stream::empty(), None);
    let ability = Capabilities::WRITE_UNKNOWN_SIZE;
    refused_write(context, ability, content, WriteOptions::new()).await
}

pub(super) async fn undeclared_if_absent_is_unsupported(context: &Context) -> Verdict {
    let options = WriteOptions::new().with_on_conflict(OnConflict::Fail);
    refused_write(context, Capabilities::WRITE_IF_ABSENT, "x".into(), options).await
}

pub(super) async fn undeclared_time_is_unsupported(context: &Context) -> Verdict {
    let options = WriteOptions::new().with_modified(moment());
    refused_write(context, Capabilities::WRITE_MODIFIED, "x".into(), options).await
}

pub(super) async fn undeclared_expectation_is_unsupported(context: &Context) -> Verdict {
    let mut sums = Checksums::default();
    sums.crc32 = Some(1);
    let expected = WriteOptions::new().with_expected(sums);
    refused_write(context, Capabilities::CHECKSUMS, "x".into(), expected).await?;
    let verify = WriteOptions::new().with_verify(true);
    refused_write(context, Capabilities::CHECKSUMS, "x".into(), verify).await
}

pub(super) async fn undeclared_checkpoint_is_unsupported(context: &Context) -> Verdict {
    let checkpoint = Checkpoint::new(Arc::<Desk>::default(), "any");
    let options = WriteOptions::new().with_checkpoint(checkpoint);
    refused_write(context, Capabilities::WRITE_RESUME, "x".into(), options).await
}

pub(super) async fn undeclared_folder_is_unsupported(context: &Context) -> Verdict {
    if context.can(Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let path = context.path("folder")?;
    let answer = context.connector.create_folder(&path, CreateFolderOptions::new()).await;
    unsupported(answer, "create_folder")?;
    context.require_absent(&path).await
}

pub(super) async fn undeclared_delete_is_unsupported(context: &Context) -> Verdict {
    if context.can(Capabilities::DELETE) || !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("kept.txt", b"kept").await?;
    let path = context.path("kept.txt")?;
    unsupported(context.connector.delete(&path, DeleteOptions::new()).await, "delete")?;
    context.connector.stat(&path).await?;
    Ok(())
}

pub(super) async fn undeclared_recursion_is_unsupported(context: &Context) -> Verdict {
    let without = !context.can(Capabilities::DELETE_RECURSIVE);
    if !without || !context.can(Capabilities::DELETE | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("full/kept.txt", b"kept").await?;
    let options = DeleteOptions::new().with_recursive(true);
    let answer = context.connector.delete(&context.path("full")?, options).await;
    unsupported(answer, "a recursive delete")?;
    context.connector.stat(&context.path("full/kept.txt")?).await?;
    Ok(())
}

pub(super) async fn undeclared_copy_is_unsupported(context: &Context) -> Verdict {
    let (file, folder) = (Capabilities::COPY_FILE, Capabilities::COPY_FOLDER);
    for (ability, from) in [(file, "from.txt"), (folder, "from")] {
        if context.can(ability) || !prepared(context).await? {
            continue;
        }
        let (from, to) = (context.path(from)?, context.path("to")?);
        unsupported(context.connector.copy(&from, &to, CopyOptions::new()).await, "copy")?;
        context.require_absent(&to).await?;
    }
    Ok(())
}

pub(super) async fn undeclared_rename_is_unsupported(context: &Context) -> Verdict {
    let (file, folder) = (Capabilities::RENAME_FILE, Capabilities::RENAME_FOLDER);
    for (ability, from) in [(file, "from.txt"), (folder, "from")] {
        if context.can(ability) || !prepared(context).await? {
            continue;
        }
        let (from, to) = (context.path(from)?, context.path("to")?);
        unsupported(context.connector.rename(&from, &to, RenameOptions::new()).await, "rename")?;
        context.connector.stat(&from).await?;
        context.require_absent(&to).await?;
    }
    Ok(())
}

pub(super) async fn undeclared_update_is_unsupported(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("file.txt", b"x").await?;
    let path = context.path("file.txt")?;
    for changes in single_changes() {
        if !context.can(changes.needs()) {
            let what = format!("the change {changes:?}");
            unsupported(context.connector.update(&path, changes).await, &what)?;
        }
    }
    Ok(())
}

fn single_changes() -> [Changes; 4] {
    let Changes { modified, properties, description, tags, .. } = every_change();
    [
        modified.map(|modified| Changes::new().with_modified(modified)),
        properties.map(|properties| Changes::new().with_properties(properties)),
        description.map(|description| Changes::new().with_description(description)),
        tags.map(|tags| Changes::new().with_tags(tags)),
    ]
    .map(Option::unwrap_or_default)
}

async fn prepared(context: &Context) -> Verdict<bool> {
    if !context.can(Capabilities::WRITE) {
        return Ok(false);
    }
    context.put("from.txt", b"x").await?;
    context.put("from/file.txt", b"x").await?;
    Ok(true)
}

async fn refused_write(
    context: &Context,
    ability: Capabilities,
    content: Content,
    options: WriteOptions,
) -> Verdict {
    if context.can(ability) || !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let path = context.path("refused.txt")?;
    unsupported(context.connector.write(&path, content, options).await, "this way of writing")?;
    context.require_absent(&path).await
}

fn unsupported<T>(answer: Result<T>, what: &str) -> Verdict {
    require_kind(answer, &[ErrorKind::Unsupported], &format!("undeclared: {what}"))
}
