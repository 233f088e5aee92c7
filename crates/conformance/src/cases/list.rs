//! Listing folders.

use futures_util::{StreamExt, TryStreamExt};
use wharf_connector::{
    Capabilities, ConnectorExt, Entry, ErrorKind, ListOptions, RemotePath, Result, WalkOptions,
};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn empty_folder_lists_nothing(context: &Context) -> Verdict {
    if !context.can(Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    let folder = context.folder("empty").await?;
    let names = context.names(&folder).await?;
    require!(names.is_empty(), "an empty folder lists {names:?}");
    Ok(())
}

pub(super) async fn children_are_listed_once_and_only_they(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    context.put("tree/a.txt", b"a").await?;
    context.put("tree/sub/b.txt", b"b").await?;
    context.put("tree/sub/deep/c.txt", b"c").await?;
    context.put("tree-like.txt", b"d").await?;
    let folder = context.path("tree")?;
    let names = context.names(&folder).await?;
    require!(names == ["a.txt", "sub"], "the folder holds a.txt and sub, it lists {names:?}");
    Ok(())
}

pub(super) async fn missing_folder_lists_one_not_found(context: &Context) -> Verdict {
    let missing = context.path("missing")?;
    let items: Vec<Result<Entry>> =
        context.connector.list(&missing, ListOptions::new()).collect().await;
    require!(items.len() == 1, "a missing folder yields {} items, not one error", items.len());
    for item in items {
        require_kind(item, &[ErrorKind::NotFound], "listing a missing folder")?;
    }
    Ok(())
}

pub(super) async fn file_lists_not_a_folder(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("file.txt", b"x").await?;
    let file = context.path("file.txt")?;
    let items: Vec<Result<Entry>> =
        context.connector.list(&file, ListOptions::new()).collect().await;
    require!(items.len() == 1, "listing a file yields {} items, not one error", items.len());
    for item in items {
        require_kind(item, &[ErrorKind::NotAFolder], "listing a file")?;
    }
    Ok(())
}

pub(super) async fn long_folder_lists_every_entry(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    let mut want = Vec::new();
    for number in 0..23 {
        let name = format!("{number:03}.txt");
        context.put(&format!("long/{name}"), b"x").await?;
        want.push(name);
    }
    let options = ListOptions::new().with_page_size(3u32);
    let entries: Vec<Entry> =
        context.connector.list(&context.path("long")?, options).try_collect().await?;
    let mut names: Vec<_> = entries.iter().map(|entry| entry.name().to_owned()).collect();
    names.sort();
    require!(names == want, "23 files were written, listed are {names:?}");
    Ok(())
}

pub(super) async fn root_can_be_listed(context: &Context) -> Verdict {
    let root = RemotePath::root();
    let entries: Vec<Entry> =
        context.connector.list(&root, ListOptions::new()).try_collect().await?;
    for entry in entries {
        let parent = entry.path.parent();
        require!(parent.as_ref() == Some(&root), "{} is no child of the root", entry.path);
    }
    Ok(())
}

pub(super) async fn listing_agrees_with_stat(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE | Capabilities::CREATE_FOLDER) {
        return Ok(());
    }
    context.put("both/file.txt", b"12345").await?;
    context.folder("both/folder").await?;
    let entries = context.connector.list_all(&context.path("both")?).await?;
    require!(entries.len() == 2, "two entries were made, {} are listed", entries.len());
    for listed in entries {
        let looked = context.connector.stat(&listed.path).await?;
        let same = (listed.kind, listed.size, listed.modified, &listed.path)
            == (looked.kind, looked.size, looked.modified, &looked.path);
        require!(same, "the listing says {listed:?}, a look says {looked:?}");
    }
    Ok(())
}

pub(super) async fn walk_finds_every_entry(context: &Context) -> Verdict {
    if !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    for below in ["walk/a.txt", "walk/b/c.txt", "walk/b/d/e.txt", "walk/f/g.txt"] {
        context.put(below, b"x").await?;
    }
    let folder = context.path("walk")?;
    let entries: Vec<Entry> =
        context.connector.walk(&folder, WalkOptions::new()).try_collect().await?;
    let mut found: Vec<_> =
        entries.iter().filter_map(|e| Some(e.path.below(&folder)?.to_string())).collect();
    found.sort();
    let want = ["/a.txt", "/b", "/b/c.txt", "/b/d", "/b/d/e.txt", "/f", "/f/g.txt"];
    require!(found == want, "the walk should find {want:?}, it finds {found:?}");
    Ok(())
}
