//! Names that are awkward in URLs, forms and shells.

use wharf_connector::{Capabilities, ConnectorExt, DeleteOptions, ErrorKind};

use crate::violation::require;
use crate::{Context, Verdict, Violation};

pub(super) async fn awkward_file_names_survive(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::READ | Capabilities::DELETE) {
        return Ok(());
    }
    for name in AWKWARD {
        survives(context, name).await.map_err(|why| Violation::new(format!("{name:?}: {why}")))?;
    }
    Ok(())
}

pub(super) async fn awkward_folder_names_survive(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::READ | Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    for name in AWKWARD {
        let file = format!("{name}/in it.txt");
        context.put(&file, name.as_bytes()).await?;
        context.require_content(&context.path(&file)?, name.as_bytes()).await?;
        let names = context.names(&context.path(name)?).await?;
        require!(names == ["in it.txt"], "the folder {name:?} lists {names:?}");
    }
    let mut want: Vec<_> = AWKWARD.to_vec();
    want.sort_unstable();
    let names = context.names(context.scratch()).await?;
    require!(names == want, "the folders made are {want:?}, listed are {names:?}");
    Ok(())
}

pub(super) async fn long_names_survive_or_are_refused(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::READ) {
        return Ok(());
    }
    for length in [200, 5000] {
        let path = context.path(&"n".repeat(length))?;
        match context.connector.write_bytes(&path, "x").await {
            Ok(_) => context.require_content(&path, b"x").await?,
            Err(error) => {
                let limit = context.connector.info().limits.max_name.unwrap_or(255);
                require!(length > limit, "a name of {length} is refused: {error}");
                let plain = matches!(error.kind(), ErrorKind::Invalid | ErrorKind::TooLarge);
                require!(plain, "a name of {length} is refused as {:?}", error.kind());
            }
        }
    }
    Ok(())
}

async fn survives(context: &Context, name: &str) -> Verdict {
    context.put(name, name.as_bytes()).await?;
    let path = context.path(name)?;
    context.require_content(&path, name.as_bytes()).await?;
    let names = context.names(context.scratch()).await?;
    require!(names == [name], "it is listed as {names:?}");
    let entry = context.connector.stat(&path).await?;
    require!(entry.path == path, "it is found as {}", entry.path);
    context.connector.delete(&path, DeleteOptions::new()).await?;
    context.require_absent(&path).await
}

const AWKWARD: &[&str] = &[
    "two words.txt",
    " leading blank",
    "100%.txt",
    "%41.txt",
    "%2F.txt",
    "a+b.txt",
    "a&b=c;d.txt",
    "what?.txt",
    "#1.txt",
    "[brackets] (parens) {braces}.txt",
    "'single' `back`.txt",
    "comma,colon:at@dollar$.txt",
    "exclamation!tilde~caret^.txt",
    ".hidden",
    "..two dots",
    "trailing.dot.",
    "größe.txt",
    "文件.txt",
    "файл.txt",
    "👩‍🚀.txt",
    "e\u{301}-combining.txt",
];
