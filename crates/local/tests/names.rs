//! Names never lead out of the root, whatever stands in it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use futures_util::StreamExt;
use tempfile::TempDir;
use wharf_connector::{
    Capabilities, Changes, Connector, ConnectorExt, CopyOptions, CreateFolderOptions,
    DeleteOptions, ErrorKind, ListOptions, OnConflict, RemotePath, RenameOptions, Result,
    WalkOptions,
};
use wharf_local::Local;

/// `inbox` is the root; beside it lies what must not be reached.
///
/// ```text
/// secret.txt
/// outside/file.txt
/// inbox/file.txt
/// inbox/folder/in.txt
/// inbox/out         -> ../outside
/// inbox/out-file    -> ../secret.txt
/// inbox/absolute    -> /…/outside
/// inbox/within      -> folder
/// inbox/within-file -> folder/in.txt
/// inbox/nowhere     -> missing
/// ```
fn world() -> (TempDir, Local) {
    let world = tempfile::tempdir().unwrap();
    let at = |below: &str| world.path().join(below);
    fs::create_dir_all(at("inbox/folder")).unwrap();
    fs::create_dir(at("outside")).unwrap();
    for file in ["secret.txt", "outside/file.txt", "inbox/file.txt", "inbox/folder/in.txt"] {
        fs::write(at(file), file).unwrap();
    }
    symlink("../outside", at("inbox/out")).unwrap();
    symlink("../secret.txt", at("inbox/out-file")).unwrap();
    symlink(at("outside"), at("inbox/absolute")).unwrap();
    symlink("folder", at("inbox/within")).unwrap();
    symlink("folder/in.txt", at("inbox/within-file")).unwrap();
    symlink("missing", at("inbox/nowhere")).unwrap();
    let local = Local::new(at("inbox"));
    (world, local)
}

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

/// Every verb that takes a path, on that path.
async fn every_verb(local: &Local, at: &RemotePath) -> Vec<(&'static str, Result<()>)> {
    let file = path("/file.txt");
    let replace = CopyOptions::new().with_on_conflict(OnConflict::Replace);
    let moment = Changes::new().with_modified(Default::default());
    let first = |item: Option<Result<_>>| item.expect("an item").map(drop);
    vec![
        ("stat", local.stat(at).await.map(drop)),
        ("read", local.read_bytes(at, 100).await.map(drop)),
        ("list", first(local.list(at, ListOptions::new()).next().await)),
        ("write", local.write_bytes(at, "overwritten").await.map(drop)),
        ("create_folder", local.create_folders(at).await.map(drop)),
        ("copy from", local.copy(at, &path("/copied"), CopyOptions::new()).await.map(drop)),
        ("copy to", local.copy(&file, at, replace).await.map(drop)),
        ("rename", local.rename(at, &path("/moved"), RenameOptions::new()).await.map(drop)),
        ("update", local.update(at, moment).await.map(drop)),
    ]
}

fn untouched(world: &Path) {
    assert_eq!(fs::read(world.join("secret.txt")).unwrap(), b"secret.txt");
    let left: Vec<_> = fs::read_dir(world.join("outside")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(fs::read(world.join("outside/file.txt")).unwrap(), b"outside/file.txt");
}

#[tokio::test]
async fn links_are_not_followed_by_any_verb() {
    for link in ["/out/file.txt", "/out/new.txt", "/absolute/file.txt", "/within/in.txt"] {
        let (world, local) = world();
        for (verb, answer) in every_verb(&local, &path(link)).await {
            let error = answer.expect_err(&format!("{verb} {link}"));
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{verb} {link}: {error}");
            assert!(error.to_string().contains("link"), "{verb} {link}: {error}");
        }
        let delete = local.delete(&path(link), DeleteOptions::new().with_recursive(true)).await;
        assert_eq!(delete.unwrap_err().kind(), ErrorKind::Unsupported, "{link}");
        untouched(world.path());
    }
}

#[tokio::test]
async fn a_link_itself_is_not_followed_by_any_verb() {
    for link in ["/out", "/out-file", "/within", "/within-file", "/nowhere"] {
        let (world, local) = world();
        for (verb, answer) in every_verb(&local, &path(link)).await {
            let error = answer.expect_err(&format!("{verb} {link}"));
            let kinds = [ErrorKind::Unsupported, ErrorKind::AlreadyExists];
            assert!(kinds.contains(&error.kind()), "{verb} {link}: {error}");
        }
        untouched(world.path());
        assert!(fs::symlink_metadata(world.path().join(format!("inbox{link}"))).is_ok(), "{link}");
    }
}

/// Names as a hostile service sends them: each is refused, or is one file in the folder.
#[tokio::test]
async fn whatever_a_name_is_it_stays_within() {
    let hostile = [
        r"C:\x",
        r"..\..\secret.txt",
        r"\\server\share",
        "a:b",
        "CON",
        "..%2f..%2fsecret.txt",
        "a\nb",
        "\u{1b}[2J",
        "\u{202e}fdp.exe",
        " ",
        "...",
    ];
    for name in hostile {
        let (world, local) = world();
        let folder = path("/folder");
        let below = folder.join(name).unwrap();
        if local.write_bytes(&below, "hostile").await.is_ok() {
            let file = world.path().join("inbox/folder").join(OsStr::new(name));
            assert_eq!(fs::read(file).unwrap(), b"hostile", "{name:?}");
        }
        untouched(world.path());
        assert_eq!(fs::read_dir(world.path()).unwrap().count(), 3, "{name:?}");
    }
    for name in ["../../etc/passwd", "..", "/etc/passwd", "a/../../b", "a\0b", ""] {
        assert!(path("/folder").join(name).is_err(), "{name:?}");
    }
}

#[tokio::test]
async fn followed_links_stay_within() {
    for link in ["/out/file.txt", "/out/new.txt", "/absolute/file.txt", "/out", "/out-file"] {
        let (world, local) = world();
        let local = local.with_follow_symlinks(true);
        for (verb, answer) in every_verb(&local, &path(link)).await {
            let error = answer.expect_err(&format!("{verb} {link}"));
            let kinds = [ErrorKind::PermissionDenied, ErrorKind::AlreadyExists];
            assert!(kinds.contains(&error.kind()), "{verb} {link}: {error}");
        }
        untouched(world.path());
    }
}

#[tokio::test]
async fn followed_links_lead_to_what_is_within() {
    let (world, local) = world();
    let local = local.with_follow_symlinks(true);
    assert_eq!(
        local.read_bytes(&path("/within/in.txt"), 100).await.unwrap(),
        "inbox/folder/in.txt"
    );
    let entry = local.stat(&path("/within-file")).await.unwrap();
    assert_eq!((entry.is_file(), entry.size), (true, Some(19)));
    assert!(local.stat(&path("/within")).await.unwrap().is_folder());

    local.write_bytes(&path("/within/new/deep.txt"), "deep").await.unwrap();
    local.write_bytes(&path("/within-file"), "through").await.unwrap();
    let at = |below: &str| world.path().join("inbox").join(below);
    assert_eq!(fs::read(at("folder/new/deep.txt")).unwrap(), b"deep");
    assert_eq!(fs::read(at("folder/in.txt")).unwrap(), b"through");
    assert!(fs::symlink_metadata(at("within-file")).unwrap().is_symlink());

    let missing = local.stat(&path("/nowhere")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn deleting_a_link_leaves_what_it_leads_to() {
    for follow in [false, true] {
        let (world, local) = world();
        let local = local.with_follow_symlinks(follow);
        let recursive = DeleteOptions::new().with_recursive(true);
        for link in ["/out", "/out-file", "/within", "/nowhere"] {
            local.delete(&path(link), recursive.clone()).await.unwrap();
            let gone = fs::symlink_metadata(world.path().join(format!("inbox{link}")));
            assert!(gone.is_err(), "{link}");
        }
        symlink("../../outside", world.path().join("inbox/folder/out")).unwrap();
        local.delete(&path("/folder"), recursive).await.unwrap();
        untouched(world.path());
        assert!(!world.path().join("inbox/folder").exists());
    }
}

#[tokio::test]
async fn a_walk_through_links_that_lead_back_has_an_end() {
    let (world, local) = world();
    let local = local.with_follow_symlinks(true);
    symlink("..", world.path().join("inbox/folder/up")).unwrap();
    symlink(".", world.path().join("inbox/folder/here")).unwrap();
    let items: Vec<_> = local.walk(&RemotePath::root(), WalkOptions::new()).collect().await;
    let found: Vec<_> = items.iter().flatten().map(|entry| entry.path.to_string()).collect();
    assert!(found.contains(&"/within/in.txt".to_owned()), "{found:?}");
    let told: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    let round = told.iter().filter(|error| error.to_string().contains("round")).count();
    assert_eq!(round, 4, "two in the folder, and two in the link to it: {told:?}");
}

#[tokio::test]
async fn what_is_no_entry_is_told_and_the_listing_goes_on() {
    let (world, local) = world();
    let odd = OsStr::from_bytes(b"caf\xe9.txt");
    fs::write(world.path().join("inbox").join(odd), "x").unwrap();
    make_pipe(&world.path().join("inbox/pipe"));

    let items: Vec<_> = local.list(&RemotePath::root(), ListOptions::new()).collect().await;
    let names: Vec<_> = items.iter().flatten().map(|entry| entry.name().to_owned()).collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(sorted, ["file.txt", "folder"]);
    let told: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    let count = |kind| told.iter().filter(|error| error.kind() == kind).count();
    assert_eq!((count(ErrorKind::Unsupported), count(ErrorKind::Invalid)), (7, 1), "{told:?}");
    assert!(told.iter().any(|error| error.to_string().contains("caf\\xE9.txt")), "{told:?}");
    assert!(told.iter().all(|error| error.path() == Some(&RemotePath::root())), "{told:?}");

    let local = local.with_skip_special(true);
    let items: Vec<_> = local.list(&RemotePath::root(), ListOptions::new()).collect().await;
    let told: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    assert_eq!((items.len(), told.len()), (3, 1), "a name is never left out: {items:?}");
}

#[tokio::test]
async fn a_pipe_is_refused_and_not_waited_for() {
    let (world, local) = world();
    make_pipe(&world.path().join("inbox/pipe"));
    let pipe = path("/pipe");
    for (verb, answer) in [
        ("stat", local.stat(&pipe).await.map(drop)),
        ("read", local.read_bytes(&pipe, 1).await.map(drop)),
        ("write", local.write_bytes(&pipe, "x").await.map(drop)),
        ("copy", local.copy(&pipe, &path("/c"), CopyOptions::new()).await.map(drop)),
    ] {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unsupported, "{verb}");
    }
}

#[tokio::test]
async fn the_root_may_be_reached_by_a_link_and_may_be_missing() {
    let (world, _) = world();
    symlink("inbox", world.path().join("link-to-inbox")).unwrap();
    let by_link = Local::new(world.path().join("link-to-inbox"));
    assert!(by_link.exists(&path("/file.txt")).await.unwrap());

    let missing = Local::new(world.path().join("missing"));
    let error = missing.stat(&RemotePath::root()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("missing"), "{error}");
    let error = missing.test_connection().await.unwrap_err();
    assert!(error.report().is_some_and(|report| !report.passed()), "{error}");
}

#[tokio::test]
async fn a_folder_that_may_be_entered_but_not_read_is_passed_through() {
    use std::os::unix::fs::PermissionsExt;
    let (world, local) = world();
    let closed = world.path().join("inbox/folder");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o300)).unwrap();
    let entry = local.stat(&path("/folder/in.txt")).await;
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(entry.unwrap().size, Some(19));
}

#[tokio::test]
async fn below_a_file_there_is_nothing() {
    let (_world, local) = world();
    let below = path("/file.txt/below");
    let list = local.list(&below, ListOptions::new()).next().await.unwrap().unwrap_err();
    assert_eq!(list.kind(), ErrorKind::NotFound, "{list}");
    let stat = local.stat(&below).await.unwrap_err();
    assert_eq!(stat.kind(), ErrorKind::NotFound, "{stat}");
    let delete = local.delete(&below, DeleteOptions::new()).await.unwrap_err();
    assert_eq!(delete.kind(), ErrorKind::NotFound, "{delete}");
    let write = local.write_bytes(&below, "x").await.unwrap_err();
    assert_eq!(write.kind(), ErrorKind::NotAFolder, "{write}");
    let options = CreateFolderOptions::new();
    let folder = local.create_folder(&below, options).await.unwrap_err();
    assert_eq!(folder.kind(), ErrorKind::NotAFolder, "{folder}");
}

#[tokio::test]
async fn a_folder_with_a_link_in_it_is_not_copied_in_part() {
    let (world, local) = world();
    symlink("in.txt", world.path().join("inbox/folder/link")).unwrap();
    let answer = local.copy(&path("/folder"), &path("/copied"), CopyOptions::new()).await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unsupported);
    let left: Vec<_> = fs::read_dir(world.path().join("inbox"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("copied") || name.contains("part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn abilities_are_declared_as_they_are() {
    let lacking = Capabilities::all() - Local::new("/").capabilities();
    let want = Capabilities::PERMISSIONS
        | Capabilities::UPDATE_PROPERTIES
        | Capabilities::UPDATE_DESCRIPTION
        | Capabilities::UPDATE_TAGS;
    assert_eq!(lacking, want);
}

fn make_pipe(at: &Path) {
    rustix::fs::mknodat(
        rustix::fs::CWD,
        at,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from(0o600),
        0,
    )
    .unwrap();
}
