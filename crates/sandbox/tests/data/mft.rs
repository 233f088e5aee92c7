//! What Boomi MFT holds survives a restart.

use serde_json::{Value, json};
use wharf_sandbox::{MftOptions, Rights};

use crate::mft_client::{ADMIN_DOCUMENTS, Api};
use crate::witness::{bytes, everything, kept};

/// What the service tells at these addresses, and of all that belongs to no single entry.
async fn documents(api: &Api, more: &[&str]) -> Vec<Value> {
    let mut documents = Vec::new();
    for path in ["FileSystem/Favorites", "FileSystem/Root", "Users", "UserGroups", "Server/Info"] {
        documents.push(api.get(&format!("/REST/1.16/{path}")).await.good());
    }
    for path in more {
        documents.push(api.get(path).await.good());
    }
    documents
}

#[tokio::test]
async fn entries_users_and_what_belongs_to_them() {
    let dir = tempfile::tempdir().unwrap();
    let api = Api::on(kept(dir.path()).start().await.unwrap()).await;
    let mft = api.sandbox.mft();
    let page = api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    let reports = api.id(&format!("{ADMIN_DOCUMENTS}/Reports"));
    let info = format!("/REST/1.16/FileSystem/File/{page}");
    let form = format!("Name=two.html&ParentFolderID={reports}&Description=d&Tags=a,b");
    api.put(&info, &form).await.good();
    api.put(&format!("/REST/1.16/FileSystem/Favorites/File/{page}"), "").await.good();
    let new = "OldPassword=AdminPassword51c7&NewPassword=Other99";
    assert_eq!(api.put("/REST/1.16/User/Password", new).await.status, 200);
    assert!(mft.grant("clerk", "FOLDERS/COMMON/Partner Exchange", Rights::FULL));
    assert!(mft.quarantine(&format!("{ADMIN_DOCUMENTS}/cargo.bin"), true));
    assert!(mft.put("FOLDERS/COMMON/deep/er/file.bin", bytes(3, 300_000)).is_some());
    assert!(mft.remove("FOLDERS/COMMON/Policies/Confidential"));
    let ticket = mft.ticket("auditor").unwrap();
    let message = "ToRecipients=a@example.com&Subject=Hello&SendByClient=true";
    let message = api.post("/REST/1.16/Message", message).await.good();
    let message = format!("/REST/1.16/Message/{}", message["MessageID"].as_str().unwrap());
    let told = documents(&api, &[&info, &message]).await;
    let before = everything(&api.sandbox).await;
    let old = api.session.clone();
    drop(api);

    let mut api = Api::on(kept(dir.path()).start().await.unwrap()).await;
    assert_eq!(everything(&api.sandbox).await, before);
    let again = documents(&api, &[&info, &message]).await;
    assert_eq!(again, told);
    assert_ne!(api.session, old, "names of sessions are not given twice");
    let new = std::mem::replace(&mut api.session, old);
    assert_eq!(api.get("/REST/1.16/User").await.code(), 101, "sessions end with a restart");
    let by_ticket = format!("Ticket={ticket}&ApplicationId=12");
    assert_eq!(api.post("/REST/1.16/SessionByTicket", &by_ticket).await.status, 201);
    api.session = new;
    api.sign_in("clerk").await;
    let exchange = api.id("FOLDERS/COMMON/Partner Exchange");
    let folder = api.get(&format!("/REST/1.16/FileSystem/Folder/{exchange}")).await.good();
    assert_eq!(folder["EffectivePermission"], json!(255));
}

#[tokio::test]
async fn an_upload_in_chunks_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let content = bytes(5, 600_000);
    let chunk = |at: usize| &content[at * 200_000..(at + 1) * 200_000];
    let mut api = Api::on(kept(dir.path()).start().await.unwrap()).await;
    let folder = api.id("FOLDERS/COMMON");
    let fields = [("Upload action", "Upload file first chunk"), ("RootFolderID", &folder)];
    let first = api.upload(&fields, &[("large.bin", chunk(0))]).await;
    assert_eq!(first.page_code(), None);
    let file = first.header("x-fileid").unwrap().to_owned();
    let operation = first.header("x-filesystemlogopid").unwrap().to_owned();
    for (at, action, expected) in
        [(1, "Upload file middle chunk", "200000"), (2, "Upload file last chunk", "400000")]
    {
        drop(api);
        api = Api::on(kept(dir.path()).start().await.unwrap()).await;
        let fields = [
            ("Upload action", action),
            ("FileID", file.as_str()),
            ("FileSystemLogOpID", operation.as_str()),
            ("ExpectedSizeBeforeAppendChunk", expected),
        ];
        let sent = api.upload(&fields, &[("large.bin", chunk(at))]).await;
        assert_eq!(sent.page_code(), None, "{sent:?}");
    }
    drop(api);
    let api = Api::on(kept(dir.path()).start().await.unwrap()).await;
    assert_eq!(api.stored("FOLDERS/COMMON/large.bin").await, content);
    let info = api.get(&format!("/REST/1.16/FileSystem/File/{file}")).await.good();
    assert_eq!(info["IsPartiallyUploaded"], false);
}

#[tokio::test]
async fn names_that_differ_in_case_alone_both_survive() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = MftOptions::default();
    options.names_by_case = true;
    let by_case = kept(dir.path()).mft_options(options.clone());
    let sandbox = by_case.clone().start().await.unwrap();
    for name in ["case", "Case", "CASE"] {
        sandbox.mft().put(&format!("FOLDERS/COMMON/{name}"), name).unwrap();
    }
    let before = everything(&sandbox).await;
    drop(sandbox);
    // A start with the other reading loses none of them.
    let sandbox = kept(dir.path()).start().await.unwrap();
    assert_eq!(sandbox.mft().paths().iter().filter(|path| path.ends_with("ase")).count(), 2);
    drop(sandbox);
    assert_eq!(everything(&by_case.start().await.unwrap()).await, before);
}
