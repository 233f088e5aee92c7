//! What each user sees and may do.

use wharf_sandbox::Rights;

use crate::client::{ADMIN_DOCUMENTS, Api};

const ROOT: &str = "/REST/1.16/FileSystem/Root";

fn content(id: &str) -> String {
    format!("/REST/1.16/FileSystem/Folder/{id}/Content")
}

#[tokio::test]
async fn the_auditor_looks_and_touches_nothing() {
    let mut api = Api::start().await;
    api.sign_in("auditor").await;
    let documents = api.id(ADMIN_DOCUMENTS);
    let listing = api.get(&content(&documents)).await.good();
    assert_eq!(listing["Files"][0]["EffectivePermission"], 0x0b);
    let file = api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    let path = format!("/REST/1.16/FileSystem/File/{file}");
    assert_eq!(api.put(&path, "Name=3.html").await.code(), 990_006);
    assert_eq!(api.delete(&path).await.code(), 990_006);
    let body = format!("Name=x&ParentFolderID={documents}");
    let refused = api.post("/REST/1.16/FileSystem/Folder", &body).await;
    assert_eq!(refused.code(), 990_006);
    let message = refused.json()["Message"].as_str().unwrap().to_owned();
    assert_eq!(message, format!("You do not have the create right on '{ADMIN_DOCUMENTS}'."));
    let session = api.escaped_session();
    let fetched = api.get(&format!("/download.aspx?fileid={file}&sessionid={session}")).await;
    assert_eq!(fetched.body.len(), 198);
    let upload =
        [("Upload action", "Upload file"), ("ImmediateParentFolderID", documents.as_str())];
    assert_eq!(api.upload(&upload, &[("a", b"x")]).await.page_code(), Some(990_006));
}

#[tokio::test]
async fn the_partner_sees_one_folder_and_the_way_there() {
    let mut api = Api::start().await;
    let hidden =
        [api.id(ADMIN_DOCUMENTS), api.id("FOLDERS/COMMON/Policies"), api.id("FOLDERS/HOME")];
    let welcome = api.id("FOLDERS/Welcome.txt");
    api.sign_in("Partner").await;
    let root = api.get(ROOT).await.good();
    assert_eq!((&root["FolderType"], &root["EffectivePermission"]), (&1.into(), &1.into()));
    let listing = api.get(&format!("{ROOT}/Content")).await;
    assert_eq!(listing.names("Folders"), ["COMMON"]);
    assert_eq!(listing.names("Files"), [""; 0]);
    let common = api.id("FOLDERS/COMMON");
    assert_eq!(api.get(&content(&common)).await.names("Folders"), ["Partner Exchange"]);
    for id in hidden {
        assert_eq!(api.get(&content(&id)).await.code(), 990_005);
    }
    assert_eq!(api.get(&format!("/REST/1.0/FileSystem/File/{welcome}")).await.code(), 7001);
    assert_eq!(api.get("/REST/1.0/FileSystem/Home").await.code(), 990_013);
    let found = api.post("/REST/1.0/Search", "NameCriteria=*&Recursive=true").await;
    assert_eq!(found.names("Files"), ["order-4711.xml", "invoice-0815.csv"]);
    let exchange = api.id("FOLDERS/COMMON/Partner Exchange");
    let body = format!("Name=x&ParentFolderID={exchange}");
    assert_eq!(api.post("/REST/1.0/FileSystem/Folder", &body).await.status, 201);
    let body = format!("Name=x&ParentFolderID={common}");
    assert_eq!(api.post("/REST/1.0/FileSystem/Folder", &body).await.code(), 990_006);
}

#[tokio::test]
async fn a_drop_box_takes_and_does_not_show() {
    let mut api = Api::start().await;
    api.sign_in("clerk").await;
    let drop_box = api.id("FOLDERS/HOME/Admin/Drop Box");
    let info = api.get(&format!("/REST/1.0/FileSystem/Folder/{drop_box}")).await.good();
    assert_eq!((&info["FolderType"], &info["EffectivePermission"]), (&4.into(), &5.into()));
    assert_eq!(api.get(&content(&drop_box)).await.code(), 990_006);
    let fields = [("Upload action", "Upload file"), ("RootFolderID", drop_box.as_str())];
    let taken = api.upload(&fields, &[("letter.txt", b"dear admin")]).await;
    assert_eq!(taken.page_code(), None);
    assert_eq!(api.stored("FOLDERS/HOME/Admin/Drop Box/letter.txt").await, "dear admin");
    let id = taken.header("x-fileid").unwrap();
    let session = api.escaped_session();
    let fetched = api.get(&format!("/download.aspx?fileid={id}&sessionid={session}")).await;
    assert_eq!(fetched.page_code(), Some(990_006));
}

#[tokio::test]
async fn a_folder_with_something_undeletable_stays_whole() {
    let mut api = Api::start().await;
    let mft = api.sandbox.mft();
    mft.put("FOLDERS/HOME/clerk/My Documents/box/kept/note.txt", "n").unwrap();
    let kept = "FOLDERS/HOME/clerk/My Documents/box/kept";
    assert!(mft.grant("clerk", kept, Rights::SHOW | Rights::READ));
    let id = api.id("FOLDERS/HOME/clerk/My Documents/box");
    api.sign_in("clerk").await;
    let path = format!("/REST/1.0/FileSystem/Folder/{id}");
    assert_eq!(api.delete(&path).await.code(), 990_006);
    assert!(api.sandbox.mft().grant("clerk", kept, Rights::FULL));
    assert_eq!(api.delete(&path).await.status, 200);
    assert_eq!(api.sandbox.mft().id(kept), None);
}

#[tokio::test]
async fn homes_are_the_users_own() {
    let mut api = Api::start().await;
    api.sign_in("clerk").await;
    let home = api.get("/REST/1.0/FileSystem/Home").await.good();
    assert_eq!(home["Path"], "FOLDERS/HOME/clerk");
    assert_eq!(home["EffectivePermission"], 255);
    let folders = api.get("/REST/1.0/FileSystem/Home/Folders").await.names("Folders");
    assert_eq!(folders, ["Drop Box", "My Documents"]);
}
