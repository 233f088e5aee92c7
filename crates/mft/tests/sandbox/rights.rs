//! Rights: told with every entry, and checked before they are broken.

use wharf_connector::{Changes, Connector, ConnectorExt, ErrorKind, Permissions, RenameOptions};
use wharf_sandbox::{Rights, Route};

use crate::bench::{Bench, open, path};

#[tokio::test]
async fn rights_stand_on_every_entry() {
    let bench = Bench::new().await;
    let all_but_show = Permissions::all() - Permissions::SHOW;
    for entry in bench.mft.list_all(&path("/")).await.unwrap() {
        assert_eq!(entry.permissions, Some(all_but_show), "{}", entry.path);
    }
    let report = bench.mft.test_connection().await.unwrap();
    let told = report.permissions.unwrap();
    assert_eq!(told, "on /: read create download distribute manage modify delete");
}

#[tokio::test]
async fn what_rights_forbid_is_not_asked() {
    let bench = Bench::of("auditor", |_| {}).await;
    let mft = &bench.mft;
    let (file, new) = (path("/COMMON/Policies/handbook.txt"), path("/COMMON/new.txt"));
    mft.read_bytes(&file, 100).await.unwrap();
    let denied = [
        mft.write_bytes(&new, "x").await.unwrap_err(),
        mft.write_bytes(&file, "x").await.unwrap_err(),
        mft.create_folders(&path("/COMMON/new")).await.unwrap_err(),
        mft.delete(&file, Default::default()).await.unwrap_err(),
        mft.rename(&file, &new, RenameOptions::new()).await.unwrap_err(),
        mft.update(&file, Changes::new().with_description("x")).await.unwrap_err(),
    ];
    for (error, right) in denied.iter().zip(["create", "modify", "create", "delete", "modify"]) {
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
        let told = format!("lacks the right to {right}; it has: show read download");
        assert!(error.message().contains(&told), "{error}");
    }
    for route in [Route::MftUpload, Route::MftCreateFolder, Route::MftDelete, Route::MftUpdate] {
        assert_eq!(bench.count(route), 0, "{route:?}");
    }
}

#[tokio::test]
async fn the_service_decides_if_that_is_wanted() {
    let bench = Bench::of("auditor", |config| config.check_permissions = false).await;
    let error = bench.mft.write_bytes(&path("/COMMON/new.txt"), "x").await.unwrap_err();
    assert!(error.message().contains("right"), "the service's own words: {error}");
    // Why it is refused is told by a code that is not published: it may have been spoilt on the way.
    assert_eq!(bench.count(Route::MftUpload), 2);
}

#[tokio::test]
async fn a_right_given_meanwhile_counts() {
    let bench = Bench::of("auditor", |_| {}).await;
    let new = path("/COMMON/new.txt");
    bench.mft.write_bytes(&new, "x").await.unwrap_err();
    bench.sandbox.mft().grant("auditor", "FOLDERS/COMMON", Rights::FULL);
    bench.mft.write_bytes(&new, "x").await.unwrap();
}

#[tokio::test]
async fn folders_on_the_way_are_passed_through() {
    let bench = Bench::of("Partner", |_| {}).await;
    let order = path("/COMMON/Partner Exchange/Inbound/order-4711.xml");
    assert_eq!(bench.mft.read_bytes(&order, 99).await.unwrap(), "<order number=\"4711\"/>\n");
    let names: Vec<_> =
        bench.mft.list_all(&path("/")).await.unwrap().iter().map(|e| e.path.to_string()).collect();
    assert_eq!(names, ["/COMMON"], "what is not shown is not there");
    bench.mft.write_bytes(&path("/COMMON/Partner Exchange/Inbound/a.txt"), "a").await.unwrap();
}

#[tokio::test]
async fn a_drop_box_takes_and_does_not_tell() {
    let bench = Bench::of("clerk", |_| {}).await;
    let folder = path("/HOME/Admin/Drop Box");
    let error = bench.mft.list_all(&folder).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert!(error.message().contains("the read right"), "the service's own words: {error}");
    let entry = bench.mft.stat(&folder).await.unwrap();
    assert_eq!(entry.permissions, Some(Permissions::SHOW | Permissions::CREATE));
    // Whoever cannot look into a folder cannot know what a write would replace.
    bench.mft.write_bytes(&path("/HOME/Admin/Drop Box/for you.txt"), "x").await.unwrap_err();
    let admin = open(&bench.sandbox, "Admin", |_| {});
    let names = admin.list_all(&folder).await.unwrap();
    assert_eq!(names.len(), 1);
}
