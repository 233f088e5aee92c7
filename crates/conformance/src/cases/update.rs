//! Changing what is known about an entry.

use std::collections::BTreeMap;

use wharf_connector::chrono::{DateTime, Utc};
use wharf_connector::{Capabilities, Changes, ErrorKind};

use crate::context::require_kind;
use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn modification_time_is_changed(context: &Context) -> Verdict {
    if !context.can(Capabilities::UPDATE_MODIFIED | Capabilities::WRITE | Capabilities::READ) {
        return Ok(());
    }
    context.put("dated.txt", b"x").await?;
    let path = context.path("dated.txt")?;
    let told = context.connector.update(&path, Changes::new().with_modified(moment())).await?;
    let looked = context.connector.stat(&path).await?;
    for entry in [told, looked] {
        let changed = entry.modified == Some(moment());
        require!(changed, "set to {}, it is {:?}", moment(), entry.modified);
    }
    context.require_content(&path, b"x").await
}

pub(super) async fn properties_are_replaced(context: &Context) -> Verdict {
    if !context.can(Capabilities::UPDATE_PROPERTIES | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("known.txt", b"x").await?;
    let path = context.path("known.txt")?;
    for pairs in [&[("order", "4711"), ("Größe", "ü b")][..], &[("other", "")], &[]] {
        let owned = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let want: BTreeMap<String, String> = owned.collect();
        let changes = Changes::new().with_properties(want.clone());
        context.connector.update(&path, changes).await?;
        let got = context.connector.stat(&path).await?.properties;
        require!(got == want, "set to {want:?}, they are {got:?}");
    }
    Ok(())
}

pub(super) async fn description_is_changed(context: &Context) -> Verdict {
    if !context.can(Capabilities::UPDATE_DESCRIPTION | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("told.txt", b"x").await?;
    let path = context.path("told.txt")?;
    for text in ["first & second = third", ""] {
        context.connector.update(&path, Changes::new().with_description(text)).await?;
        let entry = context.connector.stat(&path).await?;
        let got = entry.description.as_deref().unwrap_or_default();
        require!(got == text, "set to {text:?}, it is {got:?}");
    }
    Ok(())
}

pub(super) async fn tags_are_changed(context: &Context) -> Verdict {
    if !context.can(Capabilities::UPDATE_TAGS | Capabilities::WRITE) {
        return Ok(());
    }
    context.put("tagged.txt", b"x").await?;
    let path = context.path("tagged.txt")?;
    for tags in [&["one", "two words"][..], &["three"], &[]] {
        let owned = tags.iter().map(|tag| (*tag).to_owned()).collect();
        context.connector.update(&path, Changes::new().with_tags(owned)).await?;
        let entry = context.connector.stat(&path).await?;
        let mut got: Vec<&str> = entry.tags.iter().map(|tag| &**tag).collect();
        got.sort_unstable();
        let mut want = tags.to_vec();
        want.sort_unstable();
        require!(got == want, "set to {want:?}, they are {got:?}");
    }
    Ok(())
}

pub(super) async fn updating_nothing_is_not_found(context: &Context) -> Verdict {
    let Some(changes) = possible_changes(context) else {
        return Ok(());
    };
    let answer = context.connector.update(&context.path("missing")?, changes).await;
    require_kind(answer, &[ErrorKind::NotFound], "updating nothing")
}

pub(super) async fn update_is_whole_or_nothing(context: &Context) -> Verdict {
    let needed = every_change().needs();
    if context.can(needed) || !context.can(Capabilities::WRITE) {
        return Ok(());
    }
    context.put("whole.txt", b"x").await?;
    let path = context.path("whole.txt")?;
    let before = context.connector.stat(&path).await?;
    let answer = context.connector.update(&path, every_change()).await;
    require_kind(answer, &[ErrorKind::Unsupported], "a change that is partly unsupported")?;
    let after = context.connector.stat(&path).await?;
    let same = (before.modified, &before.properties, &before.description, &before.tags)
        == (after.modified, &after.properties, &after.description, &after.tags);
    require!(same, "a refused change changed {before:?} to {after:?}");
    Ok(())
}

/// A second long past, for services that keep whole seconds.
pub(super) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_337_174_868, 0).unwrap_or_default()
}

pub(super) fn every_change() -> Changes {
    Changes::new()
        .with_modified(moment())
        .with_properties(BTreeMap::from([("key".to_owned(), "value".to_owned())]))
        .with_description("described")
        .with_tags(vec!["tagged".to_owned()])
}

fn possible_changes(context: &Context) -> Option<Changes> {
    let candidates = [
        Changes::new().with_modified(moment()),
        Changes::new().with_description("described"),
        Changes::new().with_tags(vec!["tagged".to_owned()]),
        Changes::new().with_properties(BTreeMap::new()),
    ];
    candidates.into_iter().find(|changes| context.can(changes.needs()))
}
