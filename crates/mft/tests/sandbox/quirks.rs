//! Where the documents contradict each other: each contradiction has a test that bears the number
//! it has in `docs/services/mft.md`.

mod complete;

use futures_util::TryStreamExt;
use wharf_connector::{Connector, ConnectorExt};
use wharf_mft::api::{
    Criteria, Destination, NewFolder, Update, Wanted, folders, search, transfers,
};
use wharf_mft::{Client, Config, Endpoints, Login, SessionKind, UpdateBody};
use wharf_model::mft::{FolderType, SyncInterval};
use wharf_sandbox::{DateForm, Replaces, Route, UpdateBodies};
use wharf_transport::testing::{Reply, Script};

use crate::bench::{Bench, open, path};

/// A client that gets these answers, after its sign-in.
fn scripted(answers: &[&str]) -> (Client, Script) {
    let signed_in = Reply::json(201, r#"{"SessionID": "s", "UserID": "U"}"#);
    let script = Script::new().answer(signed_in);
    let script = answers
        .iter()
        .fold(script, |script, answer| script.answer(Reply::json(200, (*answer).to_owned())));
    let config = Config::new("h.example", "anna", Login::password("p"));
    (Client::builder(config).exchange(script.exchange()).build().unwrap(), script)
}

#[tokio::test]
async fn quirk_01_ids_are_text_and_numbers_are_read_too() {
    let (client, script) = scripted(&[r#"{"FolderID": 18270, "Name": "a"}"#, "{}"]);
    let folder = client.root().info().await.unwrap();
    assert_eq!(folder.id, "18270");
    client.folders().delete(&folder.id).await.unwrap();
    assert!(script.requests()[2].path().ends_with("/Folder/18270"));
}

#[tokio::test]
async fn quirk_02_dates_in_either_form() {
    let mut times = Vec::new();
    for dates in [DateForm::Slash, DateForm::Rfc3339] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.dates = dates);
        times
            .push(bench.mft.stat(&path("/HOME/Admin/My Documents/2.html")).await.unwrap().modified);
    }
    assert_eq!(times[0], times[1]);
    assert_eq!(times[0].unwrap().timestamp_millis(), 1_346_072_694_480);
}

#[tokio::test]
async fn quirk_03_and_04_the_device_is_always_named_and_by_its_right_name() {
    let bench = Bench::new().await;
    bench.sandbox.mft().configure(|options| options.strict_device = true);
    bench.mft.stat(&path("/")).await.unwrap();
    let sign_in = bench.sandbox.seen().of(Route::MftSignIn).remove(0);
    assert!(String::from_utf8_lossy(sign_in.body()).contains("&Device_UUID=wharf"));
}

#[tokio::test]
async fn quirk_05_06_07_tickets_are_sent_as_tickets() {
    for kind in [SessionKind::Immutable, SessionKind::Regular] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.strict_device = true);
        let ticket = bench.sandbox.mft().ticket("Admin").unwrap();
        let by_ticket = open(&bench.sandbox, "Admin", |config| {
            config.login = Login::ticket(ticket);
            config.session_kind = kind;
        });
        by_ticket.stat(&path("/")).await.unwrap();
        let sign_in = bench.sandbox.seen().of(Route::MftSignIn).remove(0);
        let body = String::from_utf8_lossy(sign_in.body()).into_owned();
        assert!(body.starts_with("Ticket=") && !body.contains("Password"), "{kind:?}");
        assert_eq!(sign_in.header("device_uuid"), Some("wharf"));
    }
}

#[tokio::test]
async fn quirk_08_names_of_properties_in_any_case() {
    let (client, _) = scripted(&[
        r#"{"folderId": "1", "parentfolderid": "2", "NAME": "a", "CreatedByUserId": "3"}"#,
    ]);
    let folder = client.home().info().await.unwrap();
    assert_eq!(folder.parent_folder_id.unwrap(), "2");
    assert_eq!(folder.created_by_user_id.unwrap(), "3");
}

#[tokio::test]
async fn quirk_09_and_10_impersonation_brings_both_headers_and_digits() {
    let (client, script) = scripted(&[r#"{"SessionId": "t", "UserId": "V"}"#, "{}"]);
    let other = client.impersonate(&"V".into()).unwrap();
    other.server().info().await.unwrap();
    let asked = &script.requests()[1];
    assert_eq!(asked.header("authorization"), asked.header("x-thru-sessionid"));
    assert_eq!(asked.body().as_ref(), b"UserID=V&ApplicationID=1000");
    assert_eq!(script.requests()[2].header("authorization"), Some("t"));
}

#[tokio::test]
async fn quirk_11_and_13_the_root_has_no_parent_and_its_type_does_not_matter() {
    let bench = Bench::new().await;
    let root = bench.client().root().info().await.unwrap();
    assert_eq!((root.parent_folder_id, root.folder_type), (None, Some(FolderType::Root)));
    let sample = r#"{"FolderID": "0QN8H2VKTGIWE", "ParentFolderID": "11ETULS0966VI",
        "Name": "Admin", "Path": "FOLDERS/HOME/Admin", "FolderType": 0}"#;
    let (client, _) = scripted(&[sample]);
    assert!(wharf_mft::Mft::new(client).stat(&path("/")).await.unwrap().is_folder());
}

#[tokio::test]
async fn quirk_12_a_folder_needs_a_name_and_a_parent() {
    let request = folders::create(&Endpoints::default(), &NewFolder::new("P".into(), "a"));
    assert_eq!(request.body_ref().as_bytes().unwrap(), "Name=a&ParentFolderID=P");
}

#[tokio::test]
async fn quirk_14_either_array_may_be_absent_null_or_full() {
    let file = r#"[{"FileID": "1", "Name": "f"}]"#;
    let folder = r#"[{"FolderID": "2", "Name": "d"}]"#;
    for (answer, files, folders) in [
        (format!(r#"{{"Files": {file}, "Folders": {folder}}}"#), 1, 1),
        (format!(r#"{{"Files": {file}, "Folders": null}}"#), 1, 0),
        (format!(r#"{{"Folders": {folder}}}"#), 0, 1),
        (r#"{"Files": null, "Folders": null}"#.to_owned(), 0, 0),
    ] {
        let (client, _) = scripted(&[&answer]);
        let listing = client.root().files().await.unwrap();
        assert_eq!((listing.files().len(), listing.folders().len()), (files, folders), "{answer}");
    }
}

#[tokio::test]
async fn quirk_15_a_missing_right_to_show_hides_nothing() {
    let bench = Bench::new().await;
    let entries = bench.mft.list_all(&path("/")).await.unwrap();
    assert_eq!(entries.len(), 3);
    let show = wharf_connector::Permissions::SHOW;
    assert!(entries.iter().all(|entry| !entry.permissions.unwrap().contains(show)));
}

#[tokio::test]
async fn quirk_16_dates_and_users_of_a_folder_are_its_own() {
    let answer = r#"{"FolderID": "1", "Name": "a", "DateCreated": "/Date(1000)/",
        "DateModified": "/Date(2000)/", "CreatedByUserID": "2", "ModifiedByUserID": "3"}"#;
    let (client, _) = scripted(&[answer, answer]);
    let folder = client.folders().info(&"1".into()).await.unwrap();
    assert_eq!(folder.created_by_user_id.unwrap(), "2");
    assert_eq!(folder.modified_by_user_id.unwrap(), "3");
    let entry = wharf_mft::Mft::new(client).stat(&path("/")).await.unwrap();
    let millis = |time: Option<chrono::DateTime<_>>| time.map(|time| time.timestamp_millis());
    assert_eq!((millis(entry.created), millis(entry.modified)), (Some(1000), Some(2000)));
}

#[tokio::test]
async fn quirk_17_descriptions_and_tags_may_be_missing() {
    let (client, _) = scripted(&[r#"{"FileID": "1", "Name": "a", "Description": null}"#]);
    let file = client.files().info(&"1".into()).await.unwrap();
    let update = Update::of_file(&file);
    assert_eq!((&*update.description, update.tags.len()), ("", 0));
}

#[tokio::test]
async fn quirk_18_an_interval_is_a_flag_or_minutes() {
    for (as_number, interval) in
        [(false, SyncInterval::Flag(true)), (true, SyncInterval::Minutes(60))]
    {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.sync_interval_as_number = as_number);
        let policy = bench.client().server().sync_policy().await.unwrap();
        assert_eq!(policy.full_sync_interval, Some(interval));
    }
}

#[tokio::test]
async fn quirk_19_20_and_22_lists_of_groups_and_their_counts() {
    for as_users in [false, true] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.groups_as_users = as_users);
        let groups = bench.client().groups().list().await.unwrap();
        assert!(groups.items.as_ref().unwrap().len() >= 2, "{as_users}");
        assert_eq!(groups.groups().count() == 0, as_users);
        let role = groups.groups().next().map(|group| group.modify_role.is_some());
        assert_eq!(role, (!as_users).then_some(true), "a number in a string");
    }
    let (client, _) =
        scripted(&[r#"{"Count": 4, "Items": [{"UserId": "1", "Name": "a", "Role": "5"}]}"#]);
    let users = client.users().list(&Default::default()).await.unwrap();
    assert_eq!((users.count, users.items.unwrap().len()), (Some(4), 1));
}

#[tokio::test]
async fn quirk_21_the_names_of_the_two_texts_are_right_and_not_their_descriptions() {
    let bench = Bench::new().await;
    let mut message = wharf_mft::api::NewMessage::new("a@b.example", "s");
    (message.public_text, message.private_text) = ("for all".into(), "for few".into());
    let made = bench.client().messages().create(&message).await.unwrap();
    assert_eq!(made.public_message.as_deref(), Some("for all"));
    assert_eq!(made.private_message.as_deref(), Some("for few"));
}

#[tokio::test]
async fn quirk_23_normal_is_three() {
    let (client, script) = scripted(&[r#"{"MessageID": "1"}"#]);
    let mut message = wharf_mft::api::NewMessage::new("a@b.example", "s");
    message.priority = Some(wharf_mft::api::Priority::Normal);
    client.messages().create(&message).await.unwrap();
    assert!(String::from_utf8_lossy(script.requests()[1].body()).contains("&Priority=3&"));
}

#[tokio::test]
async fn quirk_24_a_pattern_brings_its_own_stars() {
    let request =
        search::find(&Endpoints::default(), Wanted::Both, &Criteria::below("F".into()), (0, 1));
    let form = String::from_utf8(request.body_ref().as_bytes().unwrap().to_vec()).unwrap();
    assert!(form.contains("NameCriteria=%2A&"), "{form}");
}

#[tokio::test]
async fn quirk_25_json_is_asked_for_and_xml_errors_are_read() {
    let bench = Bench::new().await;
    bench.sandbox.mft().configure(|options| options.errors_as_xml = true);
    let error = bench.client().files().info(&"1".into()).await.unwrap_err();
    assert_eq!(error.code().unwrap().number(), 7001);
    let asked = bench.sandbox.seen().of(Route::MftFileInfo).remove(0);
    assert_eq!(asked.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn quirk_26_a_change_goes_as_a_form_or_as_a_document() {
    for (first, taken) in
        [(UpdateBody::Form, UpdateBodies::Document), (UpdateBody::Json, UpdateBodies::Form)]
    {
        let bench = Bench::with(|config| config.update_body = first).await;
        bench.sandbox.mft().configure(|options| options.update_bodies = taken);
        let changes = wharf_connector::Changes::new().with_description("told");
        let file = path("/HOME/Admin/My Documents/2.html");
        let entry = bench.mft.update(&file, changes).await.unwrap();
        assert_eq!(entry.description.as_deref(), Some("told"));
        assert_eq!(bench.count(Route::MftUpdate), 2, "the other kind is tried once");
    }
}

#[tokio::test]
async fn quirk_27_an_error_by_status_alone() {
    for (status, kind) in [
        (400, wharf_connector::ErrorKind::Invalid),
        (403, wharf_connector::ErrorKind::PermissionDenied),
    ] {
        let script = Script::new()
            .answer(Reply::json(201, r#"{"SessionID": "s"}"#))
            .answer(Reply::new(status));
        let config = Config::new("h.example", "anna", Login::password("p"));
        let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
        assert_eq!(client.server().info().await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn quirk_28_and_29_the_page_for_downloads_is_a_setting() {
    let bench = Bench::with(|config| {
        config.endpoints.set("extended_download_page", "/Download.aspx").unwrap();
    })
    .await;
    let read = bench.mft.read_bytes(&path("/HOME/Admin/My Documents/2.html"), 1000).await;
    assert_eq!(read.unwrap().len(), 198);
    assert_eq!(bench.sandbox.seen().of(Route::MftDownload)[0].path(), "/Download.aspx");
}

#[tokio::test]
async fn quirk_30_the_announced_length_includes_the_footer() {
    // The worked example: 84,700 bytes, a break after 49,900, footers of 200.
    let content = "x".repeat(84_700);
    let file = r#"{"FileID": "1", "Name": "a", "Size": 84700}"#;
    let answer = |length: &str, body: String| {
        Reply::new(200)
            .header("x-filesystemlogopid", "L")
            .header("x-file-content-length", length)
            .header("x-file-footer-length", "200")
            .body(body)
    };
    let footer = "f".repeat(200);
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": "s"}"#))
        .answer(Reply::json(200, file))
        .answer(answer("84900", content[..49_900].to_owned()).then_reset())
        .answer(answer("35000", format!("{}{footer}", &content[49_900..])));
    let config = Config::new("h.example", "anna", Login::password("p"));
    let hasty = wharf_transport::RetryPolicy::default()
        .with_delays(std::time::Duration::ZERO, std::time::Duration::ZERO);
    let client = Client::builder(config).exchange(script.exchange()).retry(hasty).build().unwrap();
    let file = client.files().info(&"1".into()).await.unwrap();
    let body = client.files().read(&file, 0..84_700).await.unwrap();
    let read = body.try_collect::<Vec<_>>().await.unwrap().concat();
    assert_eq!(read, content.as_bytes());
    let again = &script.requests()[3];
    assert_eq!(
        (again.query("offset"), again.query("logOpID")),
        (Some("49900".into()), Some("L".into()))
    );
}

#[tokio::test]
async fn quirk_31_labels_with_blanks_are_settings() {
    let mut endpoints = Endpoints::default();
    for (name, value) in [
        ("upload_operation_field", "UploadOperation"),
        ("upload_action_field", "upload_action"),
        ("upload_session_field", "InternalUpload_AppletUID"),
    ] {
        endpoints.set(name, value).unwrap();
    }
    let to = Destination::new("F".into(), "a.txt");
    let request = transfers::upload(&endpoints, &to, "x".into());
    let form = request.body_ref().as_multipart().unwrap();
    assert_eq!(form.field("UploadOperation"), Some("Internal upload"));
    assert_eq!(form.field("upload_action"), Some("Upload file"));
    let bench = Bench::with(|config| config.endpoints = endpoints).await;
    bench.mft.write_bytes(&path("/COMMON/a.txt"), "x").await.unwrap();
}

#[tokio::test]
async fn quirk_32_parameters_are_spelt_in_any_case() {
    for name in ["sessionid", "SessionID", "ThruSessionId", "ThruSessionID"] {
        let bench = Bench::with(|config| {
            config.download = wharf_mft::Pages::Basic;
            config.endpoints.set("basic_download_session_parameter", name).unwrap();
        })
        .await;
        let read = bench.mft.read_bytes(&path("/HOME/Admin/My Documents/2.html"), 1000).await;
        assert_eq!(read.unwrap().len(), 198, "{name}");
        let asked = bench.sandbox.seen().of(Route::MftDownload).remove(0);
        assert!(asked.query().contains(&format!("&{name}=")), "{name}");
    }
}

#[tokio::test]
async fn quirk_33_a_session_is_opaque() {
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": " a b+/= c "}"#))
        .answer(Reply::json(200, "{}"));
    let config = Config::new("h.example", "anna", Login::password("p"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    client.server().info().await.unwrap();
    assert_eq!(script.requests()[1].header("authorization"), Some(" a b+/= c "));
}

#[tokio::test]
async fn quirk_34_searches_page_by_their_path() {
    let bench = Bench::with(|config| config.page_size = 3).await;
    let documents = path("/HOME/Admin/My Documents");
    assert_eq!(bench.mft.list_all(&documents).await.unwrap().len(), 8);
    let seen = bench.sandbox.seen().of(Route::MftList);
    let paths: Vec<_> = seen.iter().rev().take(4).rev().map(|request| request.path()).collect();
    let pages = [0, 3, 6, 8].map(|skip| format!("/REST/1.16/Search/{skip}/3"));
    assert_eq!(paths, pages);
}

#[tokio::test]
async fn quirk_35_rights_are_hexadecimal_whatever_sign_is_printed() {
    for (printed, bits, name) in [
        ("0×01", 0x01, "show"),
        ("0×02", 0x02, "read"),
        ("0×04", 0x04, "create"),
        ("0×08", 0x08, "download"),
        ("0×010", 0x10, "distribute"),
        ("0×020", 0x20, "manage"),
        ("0×040", 0x40, "modify"),
        ("0×080", 0x80, "delete"),
    ] {
        let answer = format!(r#"{{"FolderID": "1", "Name": "a", "EffectivePermission": {bits}}}"#);
        let (client, _) = scripted(&[&answer]);
        let entry = wharf_mft::Mft::new(client).stat(&path("/")).await.unwrap();
        assert_eq!(entry.permissions.unwrap().to_string(), name, "{printed}");
    }
}

#[tokio::test]
async fn quirk_36_whoever_ends_a_regular_session_it_is_opened_anew() {
    for replaces in [Replaces::SameUser, Replaces::SameUserAndApplication] {
        let regular = |config: &mut Config| config.session_kind = SessionKind::Regular;
        let bench = Bench::with(regular).await;
        bench.sandbox.mft().configure(|options| options.replaces = replaces);
        let other = open(&bench.sandbox, "Admin", |config| {
            regular(config);
            config.application_id = "2000".into();
        });
        for mft in [&bench.mft, &other, &bench.mft] {
            mft.stat(&path("/")).await.unwrap();
        }
        let kept = replaces == Replaces::SameUserAndApplication;
        assert_eq!(bench.count(Route::MftSignIn), if kept { 2 } else { 3 });
    }
}
