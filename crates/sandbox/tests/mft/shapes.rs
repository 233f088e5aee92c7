//! Answers have the names, order and types of the printed samples.

use serde_json::Value;

use crate::client::Api;

/// The four calls of the page on root folders, and the shapes it prints.
#[tokio::test]
async fn the_root_calls_answer_in_the_printed_shape() {
    let api = Api::start().await;
    let base = "/REST/1.16/FileSystem/Root";
    let folder = api.get(base).await.good();
    assert_same_shape(&folder, &sample("root_folder"));
    assert_eq!(folder["FolderType"], 1);
    assert_eq!(folder["Path"], "FOLDERS");
    assert!(folder["ParentFolderID"].is_null());
    assert_eq!(folder["EffectivePermission"], 254);

    let files = api.get(&format!("{base}/Files")).await.good();
    assert_eq!(files["Folders"], serde_json::json!([]));
    assert_eq!(keys(&files), keys(&sample("root_files")));
    assert_same_shape(&files["Files"][0], &sample("root_files")["Files"][0]);

    let folders = api.get(&format!("{base}/Folders")).await;
    assert_eq!(folders.names("Folders"), ["COMMON", "HOME"]);
    let folders = folders.good();
    assert_eq!(folders["Files"], serde_json::json!([]));
    assert_same_shape(&folders["Folders"][0], &sample("root_folders")["Folders"][0]);

    let both = api.get(&format!("{base}/Content")).await.good();
    assert_eq!(both["Files"], files["Files"]);
    assert_eq!(both["Folders"], folders["Folders"]);
}

#[tokio::test]
async fn the_sample_file_and_folder_are_there_as_printed() {
    let api = Api::start().await;
    let home = api.get("/REST/1.0/FileSystem/Home").await.good();
    for member in ["FolderID", "ParentFolderID", "Name", "Path", "EffectivePermission"] {
        assert_eq!(home[member], sample("root_folder")[member], "{member}");
    }
    assert_eq!(home["DateCreated"], sample("root_folder")["DateCreated"]);
    assert_eq!(home["FolderType"], 2);
    let printed = &sample("root_files")["Files"][0];
    let id = printed["FileID"].as_str().unwrap();
    let file = api.get(&format!("/REST/1.16/FileSystem/File/{id}")).await.good();
    for member in [
        "FileID",
        "ParentFolderID",
        "Name",
        "Path",
        "Size",
        "EffectivePermission",
        "DateCreated",
        "DateModified",
        "CreatedByUserID",
        "ModifiedByUserID",
        "IsQuarantined",
        "InFavorite",
        "IsPartiallyUploaded",
    ] {
        assert_eq!(&file[member], &printed[member], "{member}");
    }
}

#[tokio::test]
async fn every_other_sample_has_its_like() {
    let api = Api::start().await;
    let id = api.id("FOLDERS/HOME/Admin/My Documents/2.html");
    api.put(&format!("/REST/1.16/FileSystem/Favorites/File/{id}"), "").await.good();
    let tool = "ErrorReportingUrl=a&FilePublicId=b&SessionId=c&SuccessUrl=d";
    for (name, answer) in [
        ("server_info", api.get("/REST/1.0/Server/Info").await),
        ("server_sync_policy", api.get("/REST/1.1/Server/SyncPolicy").await),
        ("servertool_short_url", api.post("/REST/1.0/ServerTool/ViewerRequest", tool).await),
        ("upload_mark_guid", api.post("/REST/1.16/Upload/MarkGuid", "").await),
        ("user_info", api.get("/REST/1.16/User").await),
        ("session_created", api.post("/REST/1.0/Session", &api.credentials("clerk")).await),
    ] {
        let expected = match name {
            "servertool_short_url" | "session_created" => 201,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{name}");
        assert_same_shape(&answer.json(), &sample(name));
    }
    let users = api.get("/REST/1.16/Users").await.good();
    assert_eq!(keys(&users), keys(&sample("users_list")));
    assert_eq!(users["Count"], 4);
    assert_same_shape(&users["Items"][1], &sample("users_list")["Items"][0]);
    let marked = api.get("/REST/1.16/FileSystem/Favorites/Files").await.good();
    assert_same_shape(&marked["Files"][0], &sample("favorites_all")["Files"][0]);
    assert_eq!(marked["Files"][0]["InFavorite"], true);
}

#[tokio::test]
async fn other_readings_of_the_documentation_can_be_chosen() {
    let api = Api::awkward(|options| {
        options.null_arrays = true;
        options.dates = wharf_sandbox::DateForm::Rfc3339;
        options.sync_interval_as_number = true;
        options.groups_as_users = true;
    })
    .await;
    let files = api.get("/REST/1.16/FileSystem/Root/Files").await.good();
    assert!(files["Folders"].is_null());
    assert_eq!(files["Files"][0]["DateCreated"], "2012-05-16T13:27:48.623Z");
    assert_eq!(api.get("/REST/1.1/Server/SyncPolicy").await.good()["FullSyncIntervalMinutes"], 60);
    let groups = api.get("/REST/1.16/UserGroups").await.good();
    assert!(groups["Items"][0]["UserId"].is_string());
}

#[tokio::test]
async fn every_documented_settings_path_answers() {
    let mut api = Api::start().await;
    for path in [
        "AllowedBandwidth",
        "AllowedBandwidth/Interval",
        "MessageSettings",
        "PasswordSettings",
        "UploadSettings",
        "MobileSettings",
    ] {
        assert!(api.get(&format!("/REST/1.16/Server/{path}")).await.good().is_object(), "{path}");
    }
    api.session.clear();
    assert!(api.get("/REST/ServiceVersions").await.good().is_array());
}

fn sample(name: &str) -> Value {
    let path = format!("{}/fixtures/mft/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The same names in the same order, each of the same kind; null is the like of any text.
#[track_caller]
fn assert_same_shape(ours: &Value, sample: &Value) {
    assert_eq!(keys(ours), keys(sample));
    for (key, theirs) in sample.as_object().unwrap() {
        let own = &ours[key];
        let kind = |value: &Value| std::mem::discriminant(value);
        let optional = matches!(key.as_str(), "ParentFolderID" | "CreatedByUserId");
        assert!(kind(own) == kind(theirs) || (optional && own.is_null()), "{key}: {own}");
        if let (Some(own), Some(theirs)) = (own.as_str(), theirs.as_str()) {
            // Where the print has "string", its author had nothing to show.
            assert!(is_id(own) == is_id(theirs) || theirs == "string", "{key}: {own}");
            assert_eq!(own.starts_with("/Date("), theirs.starts_with("/Date("), "{key}: {own}");
        }
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 13 && text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}
