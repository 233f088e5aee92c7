//! From paths to ids, also where others change the tree.

use futures_util::future;
use wharf_connector::{Connector, ConnectorExt, ErrorKind, NameCase, RenameOptions};
use wharf_mft::{ListingWay, Root};
use wharf_sandbox::{Fault, Route};

use crate::bench::{Bench, open, path};

#[tokio::test]
async fn folders_are_looked_for_once() {
    let bench = Bench::new().await;
    let file = path("/HOME/Admin/My Documents/2.html");
    bench.mft.stat(&file).await.unwrap();
    let first = bench.count(Route::MftList);
    bench.mft.stat(&file).await.unwrap();
    assert_eq!(bench.count(Route::MftList) - first, 1, "only the file itself is looked for");
    assert_eq!(bench.count(Route::MftFolderInfo), 1, "the root is asked for once");
}

#[tokio::test]
async fn a_folder_that_was_made_anew_is_found_anew() {
    for way in [ListingWay::Search, ListingWay::Folder] {
        let bench = Bench::with(|config| config.listing = way).await;
        let sandbox = bench.sandbox.mft();
        sandbox.put("FOLDERS/COMMON/a/b/old.txt", "old").unwrap();
        bench.mft.list_all(&path("/COMMON/a/b")).await.unwrap();
        sandbox.remove("FOLDERS/COMMON/a");
        sandbox.put("FOLDERS/COMMON/a/b/new.txt", "new").unwrap();
        let entries = bench.mft.list_all(&path("/COMMON/a/b")).await.unwrap();
        assert_eq!(entries[0].name(), "new.txt", "{way:?}");
        assert_eq!(bench.mft.read_bytes(&path("/COMMON/a/b/new.txt"), 9).await.unwrap(), "new");
        bench.mft.write_bytes(&path("/COMMON/a/b/more.txt"), "more").await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_that_was_moved_away_is_noticed_by_what_it_holds() {
    for way in [ListingWay::Search, ListingWay::Folder] {
        let bench = Bench::with(|config| config.listing = way).await;
        let sandbox = bench.sandbox.mft();
        sandbox.put("FOLDERS/COMMON/in/same.txt", "first").unwrap();
        bench.mft.list_all(&path("/COMMON/in")).await.unwrap();
        let other = open(&bench.sandbox, "Admin", |_| {});
        let (from, to) = (path("/COMMON/in"), path("/COMMON/done"));
        other.rename(&from, &to, RenameOptions::new()).await.unwrap();
        sandbox.put("FOLDERS/COMMON/in/same.txt", "second").unwrap();
        let file = path("/COMMON/in/same.txt");
        assert_eq!(bench.mft.read_bytes(&file, 9).await.unwrap(), "second", "{way:?}");
    }
}

#[tokio::test]
async fn nothing_is_stored_in_a_folder_that_was_moved_away() {
    let bench = Bench::new().await;
    let file = path("/COMMON/in/new.txt");
    bench.sandbox.mft().make_folder("FOLDERS/COMMON/in").unwrap();
    bench.mft.stat(&path("/COMMON/in")).await.unwrap();
    let other = open(&bench.sandbox, "Admin", |_| {});
    let (from, to) = (path("/COMMON/in"), path("/COMMON/done"));
    other.rename(&from, &to, RenameOptions::new()).await.unwrap();
    bench.sandbox.mft().make_folder("FOLDERS/COMMON/in").unwrap();
    // An empty folder tells nothing of its place; what is stored in it does.
    let error = bench.mft.write_bytes(&file, "x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(error.is_transient(), "the next time it is right");
    assert!(bench.sandbox.mft().id("FOLDERS/COMMON/done/new.txt").is_none());
    bench.mft.write_bytes(&file, "x").await.unwrap();
    assert!(bench.sandbox.mft().id("FOLDERS/COMMON/in/new.txt").is_some());
}

#[tokio::test]
async fn own_changes_are_known() {
    let bench = Bench::new().await;
    let mft = &bench.mft;
    mft.write_bytes(&path("/COMMON/a/b/f.txt"), "f").await.unwrap();
    let (from, to) = (path("/COMMON/a"), path("/COMMON/c/d"));
    mft.rename(&from, &to, RenameOptions::new()).await.unwrap();
    assert_eq!(mft.read_bytes(&path("/COMMON/c/d/b/f.txt"), 9).await.unwrap(), "f");
    assert_eq!(mft.stat(&path("/COMMON/a/b")).await.unwrap_err().kind(), ErrorKind::NotFound);
    mft.write_bytes(&path("/COMMON/a/b/g.txt"), "g").await.unwrap();
    let recursive = wharf_connector::DeleteOptions::new().with_recursive(true);
    mft.delete(&path("/COMMON/c"), recursive).await.unwrap();
    mft.write_bytes(&path("/COMMON/c/d/b/h.txt"), "h").await.unwrap();
}

#[tokio::test]
async fn writers_side_by_side_make_each_folder_once() {
    let bench = Bench::new().await;
    let files: Vec<_> = (0..8).map(|n| path(&format!("/COMMON/new/deep/{n}.txt"))).collect();
    future::try_join_all(files.iter().map(|file| bench.mft.write_bytes(file, "x"))).await.unwrap();
    assert_eq!(bench.count(Route::MftCreateFolder), 2);
    assert_eq!(bench.mft.list_all(&path("/COMMON/new/deep")).await.unwrap().len(), 8);
}

#[tokio::test]
async fn a_folder_whose_creation_was_not_heard_of_is_there_once() {
    for fault in [Fault::LoseAnswer, Fault::StatusAfter { code: 503 }, Fault::ResetBefore] {
        let bench = Bench::new().await;
        bench.mft.stat(&path("/COMMON")).await.unwrap();
        bench.sandbox.faults().next(Route::MftCreateFolder, fault.clone());
        bench.mft.create_folders(&path("/COMMON/made")).await.unwrap();
        assert!(bench.sandbox.mft().id("FOLDERS/COMMON/made").is_some(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_is_lost_is_a_success() {
    let bench = Bench::new().await;
    let sandbox = bench.sandbox.mft();
    sandbox.put("FOLDERS/COMMON/gone/f.txt", "x").unwrap();
    for gone in ["/COMMON/gone/f.txt", "/COMMON/gone"] {
        bench.sandbox.faults().next(Route::MftDelete, Fault::LoseAnswer);
        bench.mft.delete(&path(gone), Default::default()).await.unwrap();
        assert!(sandbox.id(&format!("FOLDERS{gone}")).is_none());
    }
}

#[tokio::test]
async fn a_name_that_differs_in_case_alone_is_not_taken_for_another() {
    let bench = Bench::new().await;
    bench.sandbox.mft().put("FOLDERS/COMMON/Report.txt", "first").unwrap();
    let other = path("/COMMON/REPORT.TXT");
    let error = bench.mft.write_bytes(&other, "second").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("Report.txt"), "{error}");
    assert!(error.remedy().unwrap().contains("name_case"), "{error}");
    let error = bench.mft.stat(&other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("Report.txt"), "{error}");
    let read = bench.mft.read_bytes(&path("/COMMON/Report.txt"), 9).await;
    assert_eq!(read.unwrap(), "first");
    // Another spelling of its own name is no other entry.
    let from = path("/COMMON/Report.txt");
    bench.mft.rename(&from, &other, RenameOptions::new()).await.unwrap();
    assert_eq!(bench.mft.read_bytes(&other, 9).await.unwrap(), "first");

    let knowing = open(&bench.sandbox, "Admin", |config| config.name_case = NameCase::Insensitive);
    knowing.write_bytes(&path("/COMMON/report.txt"), "second").await.unwrap();
    assert_eq!(knowing.read_bytes(&other, 9).await.unwrap(), "second");
    assert_eq!(knowing.info().limits.name_case, NameCase::Insensitive);

    bench.sandbox.mft().configure(|options| options.names_by_case = true);
    let knowing = open(&bench.sandbox, "Admin", |config| config.name_case = NameCase::Sensitive);
    knowing.write_bytes(&path("/COMMON/report.txt"), "third").await.unwrap();
    assert_eq!(knowing.read_bytes(&other, 9).await.unwrap(), "second");
}

#[tokio::test]
async fn the_root_lies_where_it_is_said_to() {
    let bench = Bench::with(|config| config.root = Root::Home).await;
    assert!(bench.mft.stat(&path("/My Documents/2.html")).await.unwrap().is_file());
    let id = bench.sandbox.mft().id("FOLDERS/COMMON/Policies").unwrap();
    let by_id = open(&bench.sandbox, "Admin", |config| {
        config.root = Root::Folder(id.as_str().into());
    });
    assert!(by_id.stat(&path("/handbook.txt")).await.unwrap().is_file());
    let report = by_id.test_connection().await.unwrap();
    assert!(report.passed(), "{report:?}");
}

#[tokio::test]
async fn a_move_replaces_a_file_and_keeps_either_content() {
    let bench = Bench::new().await;
    let sandbox = bench.sandbox.mft();
    sandbox.put("FOLDERS/COMMON/from.txt", "from").unwrap();
    sandbox.put("FOLDERS/COMMON/Policies/to.txt", "to").unwrap();
    let (from, to) = (path("/COMMON/from.txt"), path("/COMMON/Policies/to.txt"));
    let replace = RenameOptions::new().with_on_conflict(wharf_connector::OnConflict::Replace);
    bench
        .sandbox
        .faults()
        .add(wharf_sandbox::Rule::new(Route::MftUpdate, Fault::status(403)).skip(1));
    bench.mft.rename(&from, &to, replace.clone()).await.unwrap_err();
    assert_eq!(bench.mft.read_bytes(&from, 9).await.unwrap(), "from");
    assert_eq!(bench.mft.read_bytes(&to, 9).await.unwrap(), "to", "it came back");
    bench.mft.rename(&from, &to, replace).await.unwrap();
    assert_eq!(bench.mft.read_bytes(&to, 9).await.unwrap(), "from");
    let names: Vec<_> = sandbox.paths().into_iter().filter(|p| p.contains("wharf")).collect();
    assert!(names.is_empty(), "{names:?}");
}
