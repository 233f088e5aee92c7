//! Copying and renaming within the service: the same promises for both.

use wharf_connector::{
    Capabilities, CopyOptions, Entry, ErrorKind, OnConflict, RemotePath, RenameOptions, Result,
};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

/// Which of the two.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Copy,
    Rename,
}

impl Verb {
    fn possible(self, context: &Context, folder: bool) -> bool {
        let ability = match (self, folder) {
            (Self::Copy, false) => Capabilities::COPY_FILE,
            (Self::Copy, true) => Capabilities::COPY_FOLDER,
            (Self::Rename, false) => Capabilities::RENAME_FILE,
            (Self::Rename, true) => Capabilities::RENAME_FOLDER,
        };
        context.can(ability | Capabilities::WRITE | Capabilities::READ)
    }

    async fn call(
        self,
        context: &Context,
        (from, to): (&RemotePath, &RemotePath),
        on_conflict: OnConflict,
    ) -> Result<Entry> {
        match self {
            Self::Copy => {
                let options = CopyOptions::new().with_on_conflict(on_conflict);
                context.connector.copy(from, to, options).await
            }
            Self::Rename => {
                let options = RenameOptions::new().with_on_conflict(on_conflict);
                context.connector.rename(from, to, options).await
            }
        }
    }

    async fn require_source(self, context: &Context, from: &RemotePath, bytes: &[u8]) -> Verdict {
        match self {
            Self::Copy => context.require_content(from, bytes).await,
            Self::Rename => context.require_absent(from).await,
        }
    }
}

pub(super) async fn copied_file_is_there_twice(context: &Context) -> Verdict {
    file_arrives(context, Verb::Copy).await
}

pub(super) async fn renamed_file_moves(context: &Context) -> Verdict {
    file_arrives(context, Verb::Rename).await
}

pub(super) async fn copied_folder_is_there_twice(context: &Context) -> Verdict {
    folder_arrives(context, Verb::Copy).await
}

pub(super) async fn renamed_folder_moves(context: &Context) -> Verdict {
    folder_arrives(context, Verb::Rename).await
}

pub(super) async fn copy_onto_itself_is_invalid(context: &Context) -> Verdict {
    onto_itself(context, Verb::Copy).await
}

pub(super) async fn rename_onto_itself_is_invalid(context: &Context) -> Verdict {
    onto_itself(context, Verb::Rename).await
}

pub(super) async fn copy_into_itself_is_invalid(context: &Context) -> Verdict {
    into_itself(context, Verb::Copy).await
}

pub(super) async fn rename_into_itself_is_invalid(context: &Context) -> Verdict {
    into_itself(context, Verb::Rename).await
}

pub(super) async fn copy_of_nothing_is_not_found(context: &Context) -> Verdict {
    of_nothing(context, Verb::Copy).await
}

pub(super) async fn rename_of_nothing_is_not_found(context: &Context) -> Verdict {
    of_nothing(context, Verb::Rename).await
}

pub(super) async fn copy_onto_a_file_is_refused(context: &Context) -> Verdict {
    onto_a_file(context, Verb::Copy).await
}

pub(super) async fn rename_onto_a_file_is_refused(context: &Context) -> Verdict {
    onto_a_file(context, Verb::Rename).await
}

pub(super) async fn copy_replaces_a_file(context: &Context) -> Verdict {
    replaces(context, Verb::Copy).await
}

pub(super) async fn rename_replaces_a_file(context: &Context) -> Verdict {
    replaces(context, Verb::Rename).await
}

pub(super) async fn copy_creates_parents(context: &Context) -> Verdict {
    creates_parents(context, Verb::Copy).await
}

pub(super) async fn rename_creates_parents(context: &Context) -> Verdict {
    creates_parents(context, Verb::Rename).await
}

async fn file_arrives(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, false) {
        return Ok(());
    }
    context.put("from.txt", b"content").await?;
    let (from, to) = (context.path("from.txt")?, context.path("other/to.txt")?);
    let entry = verb.call(context, (&from, &to), OnConflict::Fail).await?;
    require!(entry.path == to && entry.size == Some(7), "told is {entry:?}");
    context.require_content(&to, b"content").await?;
    verb.require_source(context, &from, b"content").await
}

async fn folder_arrives(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, true) {
        return Ok(());
    }
    context.put("from/a.txt", b"a").await?;
    context.put("from/sub/b.txt", b"b").await?;
    let (from, to) = (context.path("from")?, context.path("to")?);
    let entry = verb.call(context, (&from, &to), OnConflict::Fail).await?;
    require!(entry.is_folder() && entry.path == to, "told is {entry:?}");
    context.require_content(&context.path("to/a.txt")?, b"a").await?;
    context.require_content(&context.path("to/sub/b.txt")?, b"b").await?;
    verb.require_source(context, &context.path("from/sub/b.txt")?, b"b").await
}

async fn onto_itself(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, false) {
        return Ok(());
    }
    context.put("same.txt", b"same").await?;
    let path = context.path("same.txt")?;
    let answer = verb.call(context, (&path, &path), OnConflict::Replace).await;
    require_kind(answer, &[ErrorKind::Invalid], "source and destination the same")?;
    context.require_content(&path, b"same").await
}

async fn into_itself(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, true) {
        return Ok(());
    }
    context.put("folder/file.txt", b"x").await?;
    let (from, to) = (context.path("folder")?, context.path("folder/within")?);
    let answer = verb.call(context, (&from, &to), OnConflict::Fail).await;
    require_kind(answer, &[ErrorKind::Invalid], "a folder into itself")?;
    context.require_content(&context.path("folder/file.txt")?, b"x").await
}

async fn of_nothing(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, false) {
        return Ok(());
    }
    let (from, to) = (context.path("missing")?, context.path("to")?);
    let answer = verb.call(context, (&from, &to), OnConflict::Fail).await;
    require_kind(answer, &[ErrorKind::NotFound], "a missing source")?;
    context.require_absent(&to).await
}

async fn onto_a_file(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, false) {
        return Ok(());
    }
    context.put("from.txt", b"from").await?;
    context.put("to.txt", b"to").await?;
    let (from, to) = (context.path("from.txt")?, context.path("to.txt")?);
    let answer = verb.call(context, (&from, &to), OnConflict::Fail).await;
    require_kind(answer, &[ErrorKind::AlreadyExists], "an existing destination")?;
    context.require_content(&from, b"from").await?;
    context.require_content(&to, b"to").await
}

async fn replaces(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, false) {
        return Ok(());
    }
    context.put("from.txt", b"from").await?;
    context.put("to.txt", b"something else").await?;
    let (from, to) = (context.path("from.txt")?, context.path("to.txt")?);
    match verb.call(context, (&from, &to), OnConflict::Replace).await {
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            context.require_content(&from, b"from").await?;
            context.require_content(&to, b"something else").await
        }
        answer => {
            answer?;
            context.require_content(&to, b"from").await?;
            verb.require_source(context, &from, b"from").await
        }
    }
}

async fn creates_parents(context: &Context, verb: Verb) -> Verdict {
    if !verb.possible(context, false) {
        return Ok(());
    }
    context.put("from.txt", b"from").await?;
    let (from, to) = (context.path("from.txt")?, context.path("new/newer/to.txt")?);
    verb.call(context, (&from, &to), OnConflict::Fail).await?;
    context.require_content(&to, b"from").await
}
