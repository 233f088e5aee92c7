//! Users, groups, messages, upload marks and metadata.

use crate::client::{ADMIN_DOCUMENTS, Api};

#[tokio::test]
async fn users_are_listed_to_managers_only() {
    let mut api = Api::start().await;
    for (query, count) in [
        ("", 4),
        ("?name=aud", 1),
        ("?roles=3", 1),
        ("?roles=3,4", 2),
        ("?company=acme", 1),
        ("?active=false", 0),
        ("?email=nobody", 0),
    ] {
        let users = api.get(&format!("/REST/1.16/Users{query}")).await.good();
        assert_eq!(users["Count"], count, "{query}");
        assert_eq!(users["Items"].as_array().unwrap().len(), count, "{query}");
    }
    api.sign_in("clerk").await;
    assert_eq!(api.get("/REST/1.16/Users").await.code(), 990_016);
    assert_eq!(api.get("/REST/1.16/User").await.good()["Role"], 3);
}

#[tokio::test]
async fn a_password_can_be_changed() {
    let mut api = Api::start().await;
    api.sign_in("clerk").await;
    let path = "/REST/1.16/User/Password";
    assert_eq!(api.put(path, "OldPassword=x&NewPassword=y").await.code(), 990_001);
    assert_eq!(api.put(path, "OldPassword=ClerkPassword60b9&NewPassword=y").await.status, 200);
    let body = "UserName=clerk&Password=y&ApplicationId=12";
    assert_eq!(api.post("/REST/1.16/Session", body).await.status, 201);
}

#[tokio::test]
async fn groups_change_and_gain_members() {
    let mut api = Api::start().await;
    let groups = api.get("/REST/1.16/UserGroups").await.good();
    assert_eq!(groups["Count"], 2);
    let builtin = groups["Items"][0]["Id"].as_str().unwrap().to_owned();
    let crew = groups["Items"][1]["Id"].as_str().unwrap().to_owned();
    let printed =
        "Description=Cust1+Group&Id=1Q1OBQWVHTROE&ModifyRole=4&Name=Group1&UserGroupType=16";
    let path = format!("/REST/1.16/UserGroups/{crew}");
    let changed = api.put(&path, printed).await.good();
    assert_eq!(changed["Id"], crew.as_str());
    assert_eq!((&changed["Name"], &changed["UserGroupType"]), (&"Group1".into(), &"16".into()));
    assert_eq!(api.put(&path, "ModifyRole=3").await.code(), 990_004);
    let users = api.sandbox.mft().users();
    let clerk = &users.iter().find(|user| user.name == "clerk").unwrap().id;
    let member = format!("/REST/1.16/UserGroups/{builtin}/Users/{clerk}");
    assert_eq!(api.put(&member, "").await.good()["Count"], 2);
    assert_eq!(api.delete(&member).await.good()["Count"], 1);
    api.sign_in("auditor").await;
    assert_eq!(api.put(&member, "").await.code(), 990_016);
    assert_eq!(api.put(&path, "Description=by+a+manager").await.status, 200);
}

#[tokio::test]
async fn messages_are_made_completed_and_discarded() {
    let mut api = Api::start().await;
    let file = api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    let body = format!(
        "ToRecipients[]=a%40example.com&Subject=Hi&SendByClient=true&Priority=1\
         &FilesAttached[]={file}&DateExpired=2030-01-01T00:00:00Z"
    );
    let answer = api.post("/REST/1.0/Message", &body).await;
    assert_eq!(answer.status, 201);
    let made = answer.json();
    assert!(made["DateSent"].is_null());
    assert_eq!(made["FilesAttached"][0]["Name"], "2.html");
    assert_eq!(made["ToRecipients"][0]["Email"], "a@example.com");
    let path = format!("/REST/1.0/Message/{}", made["MessageID"].as_str().unwrap());
    assert_eq!(api.put(&path, "Subject=Hello").await.good()["Subject"], "Hello");
    assert!(api.post(&format!("{path}/Complete"), "").await.good()["DateSent"].is_string());
    api.sandbox.clock().set("2031-01-01T00:00:00Z".parse().unwrap());
    api.sign_in("Admin").await;
    assert_eq!(api.get(&path).await.good()["IsExpired"], true);
    assert_eq!(api.post(&format!("{path}/Discard"), "").await.status, 200);
    assert_eq!(api.get(&path).await.code(), 990_015);
    assert_eq!(api.post("/REST/1.0/Message", "Subject=to+nobody").await.code(), 990_003);
    api.sign_in("auditor").await;
    let body = format!("ToRecipients[]=a&FilesAttached[]={file}");
    assert_eq!(api.post("/REST/1.0/Message", &body).await.code(), 990_006);
}

#[tokio::test]
async fn marks_and_metadata_stick_to_what_the_session_uploads() {
    let api = Api::start().await;
    let folder = api.id("FOLDERS/COMMON");
    let fields = [("Upload action", "Upload file"), ("RootFolderID", folder.as_str())];
    api.upload(&fields, &[("before.txt", b"1")]).await;
    let mark = api.post("/REST/1.16/Upload/MarkGuid", "").await.good();
    let mark = mark["MarkForRetrieval"].as_str().unwrap().to_owned();
    let pairs = "metadataobjects[0].Key=key1&metadataobjects[0].Value=value1\
                 &metadataobjects[1].Key=key2&metadataobjects[1].Value=value2";
    assert_eq!(api.post("/REST/1.16/Upload/MetadataStore", pairs).await.status, 200);
    api.upload(&fields, &[("after.txt", b"2")]).await;
    let path = format!("/REST/1.16/Upload/RetrieveUploadInfoCleanUp/{mark}");
    assert_eq!(api.get(&path).await.names("Files"), ["after.txt"]);
    assert_eq!(api.get(&path).await.code(), 990_015);
    let metadata = api.sandbox.mft().metadata("FOLDERS/COMMON/after.txt");
    assert_eq!(metadata, [("key1".into(), "value1".into()), ("key2".into(), "value2".into())]);
    assert_eq!(api.sandbox.mft().metadata("FOLDERS/COMMON/before.txt"), []);
    assert_eq!(api.post("/REST/1.16/Upload/MetadataClear", "").await.status, 200);
    api.upload(&fields, &[("last.txt", b"3")]).await;
    assert_eq!(api.sandbox.mft().metadata("FOLDERS/COMMON/last.txt"), []);
}
