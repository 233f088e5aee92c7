//! Folders and files made, changed, moved and deleted.

use axum::http::Method;
use wharf_sandbox::UpdateBodies;

use crate::client::{ADMIN_DOCUMENTS, Api};

fn folder(id: &str) -> String {
    format!("/REST/1.16/FileSystem/Folder/{id}")
}

fn file(id: &str) -> String {
    format!("/REST/1.16/FileSystem/File/{id}")
}

#[tokio::test]
async fn the_printed_body_creates_a_folder() {
    let api = Api::start().await;
    let bodies = include_str!("../../fixtures/mft/form_bodies.json");
    let bodies: serde_json::Value = serde_json::from_str(bodies).unwrap();
    let body = bodies["folder_create"].as_str().unwrap();
    let answer = api.post("/REST/1.0/FileSystem/Folder", body).await;
    assert_eq!(answer.status, 201);
    let made = answer.json();
    assert_eq!(made["Path"], "FOLDERS/HOME/Admin/My Documents/New Folder");
    assert_eq!(made["Description"], "Description");
    assert_eq!(made["Tags"], serde_json::json!(["567", "897"]));
    assert_eq!(made["FolderType"], 0);
    let id = made["FolderID"].as_str().unwrap();
    assert_eq!(api.get(&folder(id)).await.good(), made);
    assert_eq!(api.post("/REST/1.0/FileSystem/Folder", body).await.code(), 990_007);
}

#[tokio::test]
async fn creating_needs_a_name_and_a_parent() {
    let api = Api::start().await;
    for (body, code) in [
        ("Name=x", 990_003),
        ("ParentFolderID=1UTXM50KW0ISP", 990_003),
        ("Name=x&ParentFolderID=2OMFYXLA6BP9D", 990_005),
        ("Name=a%2Fb&ParentFolderID=1UTXM50KW0ISP", 990_008),
        ("Name=2.HTML&ParentFolderID=1UTXM50KW0ISP", 990_007),
    ] {
        let answer = api.post("/REST/1.0/FileSystem/Folder", body).await;
        assert_eq!(answer.code(), code, "{body}");
    }
}

#[tokio::test]
async fn an_update_renames_moves_describes_and_tags() {
    let api = Api::start().await;
    let mft = api.sandbox.mft();
    let id = mft.put("FOLDERS/COMMON/a.txt", "a").unwrap();
    let home = api.id("FOLDERS/HOME/Admin");
    let body = format!("Name=b.txt&parentfolderid={home}&Description=d&Tags[]=t&Size=99&FileID=X");
    let changed = api.put(&file(&id), &body).await.good();
    assert_eq!(changed["Path"], "FOLDERS/HOME/Admin/b.txt");
    assert_eq!(changed["FileID"], id.as_str());
    assert_eq!((&changed["Size"], &changed["Description"]), (&1.into(), &"d".into()));
    let kept = api.put(&file(&id), "Description=e").await.good();
    assert_eq!((&kept["Name"], &kept["Tags"][0]), (&"b.txt".into(), &"t".into()));
    assert_eq!(mft.id("FOLDERS/COMMON/a.txt"), None);

    let inner = mft.make_folder("FOLDERS/COMMON/outer/inner").unwrap();
    let outer = api.id("FOLDERS/COMMON/outer");
    let moved = api.put(&folder(&inner), "ParentFolderID=1UTXM50KW0ISP").await.good();
    assert_eq!(moved["Path"], format!("{ADMIN_DOCUMENTS}/inner"));
    let back = format!("ParentFolderID={outer}");
    api.put(&folder(&inner), &back).await.good();
    let cycle = format!("ParentFolderID={inner}");
    assert_eq!(api.put(&folder(&outer), &cycle).await.code(), 990_010);
}

#[tokio::test]
async fn updates_take_forms_json_and_xml_unless_told() {
    let api = Api::start().await;
    let id = api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    let bodies = [
        ("application/x-www-form-urlencoded", "Description=by form"),
        ("application/json", r#"{"Description": "by json", "Tags": ["x", "y"]}"#),
        (
            "application/xml",
            "<ThruPublicFileInfo><Description>by xml</Description></ThruPublicFileInfo>",
        ),
    ];
    for (choice, taken) in [
        (UpdateBodies::Any, [true, true, true]),
        (UpdateBodies::Form, [true, false, false]),
        (UpdateBodies::Document, [false, true, true]),
    ] {
        api.sandbox.mft().configure(|options| options.update_bodies = choice);
        for ((media, body), taken) in bodies.iter().zip(taken) {
            let headers = [("authorization", api.session.as_str()), ("content-type", *media)];
            let answer = api.send(Method::PUT, &file(&id), &headers, (*body).into()).await;
            let expected = if taken { 200 } else { 415 };
            assert_eq!(answer.status, expected, "{choice:?} {media}");
            if taken {
                assert!(body.contains(answer.json()["Description"].as_str().unwrap()));
            }
        }
    }
}

#[tokio::test]
async fn deletes_take_the_content_along() {
    let api = Api::start().await;
    let id = api.id("FOLDERS/COMMON/Partner Exchange");
    let inner = api.id("FOLDERS/COMMON/Partner Exchange/Inbound/order-4711.xml");
    let before = api.get("/REST/1.0/FileSystem/Root").await.good()["Size"].as_u64().unwrap();
    let answer = api.delete(&folder(&id)).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(api.delete(&folder(&id)).await.code(), 990_005);
    assert_eq!(api.delete(&file(&inner)).await.code(), 7001);
    let after = api.get("/REST/1.0/FileSystem/Root").await.good()["Size"].as_u64().unwrap();
    assert!(after < before);
    let welcome = api.id("FOLDERS/Welcome.txt");
    assert_eq!(api.delete(&file(&welcome)).await.status, 200);
    assert_eq!(api.get(&file(&welcome)).await.code(), 7001);
}

#[tokio::test]
async fn folders_of_the_system_stay() {
    let api = Api::start().await;
    for path in ["FOLDERS", "FOLDERS/HOME", "FOLDERS/HOME/Admin", ADMIN_DOCUMENTS] {
        let id = folder(&api.id(path));
        assert_eq!(api.delete(&id).await.code(), 990_009, "{path}");
        assert_eq!(api.put(&id, "Name=other").await.code(), 990_009, "{path}");
        assert_eq!(api.put(&id, "Description=may+change").await.status, 200, "{path}");
    }
    assert!(api.sandbox.mft().id(ADMIN_DOCUMENTS).is_some());
}

#[tokio::test]
async fn names_may_differ_by_case_alone_when_told() {
    let api = Api::awkward(|options| options.names_by_case = true).await;
    let body = "Name=2.HTML&ParentFolderID=1UTXM50KW0ISP";
    assert_eq!(api.post("/REST/1.0/FileSystem/Folder", body).await.status, 201);
}

#[tokio::test]
async fn listings_of_any_folder_page_by_path() {
    let api = Api::start().await;
    let base = folder(&api.id(ADMIN_DOCUMENTS));
    let files = api.get(&format!("{base}/Files")).await.names("Files");
    assert_eq!(files.len(), 5, "{files:?}");
    let page = api.get(&format!("{base}/Files/2/3")).await.names("Files");
    assert_eq!(page, files[2..5]);
    assert_eq!(api.get(&format!("{base}/Files/99/3")).await.names("Files"), [""; 0]);
    api.sandbox.mft().configure(|options| options.folder_listings = false);
    let gone = api.get(&format!("{base}/Files")).await;
    assert_eq!(gone.status, 404);
    assert!(gone.header("content-type").unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn favorites_are_the_users_own() {
    let mut api = Api::start().await;
    let file = api.id("FOLDERS/COMMON/Policies/handbook.txt");
    let folder = api.id("FOLDERS/COMMON/Policies");
    let base = "/REST/1.16/FileSystem/Favorites";
    assert_eq!(api.put(&format!("{base}/File/{file}"), "").await.good()["InFavorite"], true);
    api.put(&format!("{base}/Folder/{folder}"), "").await.good();
    assert_eq!(api.get(base).await.names("Folders"), ["Policies"]);
    assert_eq!(api.get(base).await.names("Files"), ["handbook.txt"]);
    assert_eq!(api.get(&format!("{base}/Folders")).await.names("Files"), [""; 0]);
    api.delete(&format!("{base}/File/{file}")).await.good();
    assert_eq!(api.get(base).await.names("Files"), [""; 0]);
    assert_eq!(api.put(&format!("{base}/File/{folder}"), "").await.code(), 7001);
    api.sign_in("auditor").await;
    assert_eq!(api.get(base).await.names("Folders"), [""; 0]);
}
