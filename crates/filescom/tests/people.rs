//! Users, groups and share links, typed, against the sandbox.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "common/site.rs"]
mod site;

use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::json;
use site::Site;
use wharf_connector::{ErrorKind, Reached};
use wharf_filescom::api::{
    Filter, GroupFields, Query, ShareLinkFields, ShareNotificationFields, ShareRecipientFields,
    UserFields,
};
use wharf_filescom::partner::{Answered, StepOptions};
use wharf_filescom::{Client, Config, Credentials};
use wharf_transport::Request;
use wharf_transport::testing::{Reply, Script};

#[tokio::test]
async fn a_user_lives_and_goes() {
    let site = Site::start().await;
    let client = site.filescom.client();
    let fields = UserFields::new()
        .with_email("anna@acme.example")
        .with_group_ids([2001])
        .with("header_text", "Hello");
    let anna = client.users().create("anna", &fields).await.unwrap();
    let id = anna.id.unwrap();
    assert_eq!(anna.group_ids.unwrap().ids().collect::<Vec<_>>(), [2001]);
    let changed = UserFields::new().with_company("Globex");
    let anna = client.users().update(id, &changed).await.unwrap();
    assert_eq!(anna.company.as_deref(), Some("Globex"));
    let anna = client.users().find(id).await.unwrap();
    assert_eq!(
        anna.header_text.as_deref(),
        Some("Hello"),
        "an update touched what it was not told"
    );
    assert_eq!(anna.email.as_deref(), Some("anna@acme.example"));
    client.users().unlock(id).await.unwrap();
    client.users().resend_welcome_email(id).await.unwrap();
    let query = Query::new().with_filter(Filter::Prefix, "username", "an");
    let found: Vec<_> = client.users().list(query, None).try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
    let twice = client.users().create("anna", &UserFields::new()).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Invalid, "{twice}");
    client.users().delete(id, None).await.unwrap();
    assert_eq!(client.users().find(id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn groups_hold_users() {
    let site = Site::start().await;
    let client = site.filescom.client();
    let fields = GroupFields::new().with_user_ids([1001, 1002]).with_admin_ids([1001]);
    let group = client.groups().create("New", &fields).await.unwrap();
    let names = group.usernames.unwrap();
    assert_eq!(names.items().collect::<Vec<_>>(), ["Admin", "Partner"]);
    let id = group.id.unwrap();
    let fields = GroupFields::new().with_user_ids([]).with_notes("empty");
    let group = client.groups().update(id, &fields).await.unwrap();
    assert!(group.user_ids.unwrap().is_empty());
    assert_eq!(group.admin_ids.unwrap().joined(), "1001");
    client.groups().delete(id).await.unwrap();
    assert_eq!(client.groups().find(id).await.unwrap_err().kind(), ErrorKind::NotFound);

    let partner = Site::connector(&site.sandbox, &site.sandbox.keys().restricted);
    let groups: Vec<_> =
        partner.client().groups().list(Query::new(), None).try_collect().await.unwrap();
    assert_eq!(groups.len(), 1, "only the groups that the user is in");
    let refused = partner.client().groups().delete(2001).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn a_share_link_is_sent_watched_and_ended() {
    let site = Site::start().await;
    let client = site.filescom.client();
    let fields = ShareLinkFields::new().with_description("d").with_max_uses(3);
    let paths = ["vendor/acme/orders".to_owned(), "readme.md".to_owned()];
    let link = client.share_links().create(&paths, &fields).await.unwrap();
    let id = link.id.unwrap();
    assert_eq!(link.paths.unwrap().items().collect::<Vec<_>>(), paths);
    let notifications = client.share_notifications();
    let fields =
        ShareNotificationFields::new().with_notify_user_id(1002).with_notify_on_upload(true);
    let told = notifications.create(id, &fields).await.unwrap();
    assert_eq!((told.bundle_id, told.notify_user_id), (Some(id), Some(1002)));
    let fields = ShareNotificationFields::new().with_notify_on_upload(false);
    let told = notifications.update(told.id.unwrap(), &fields).await.unwrap();
    assert_eq!((told.notify_on_upload, told.notify_on_registration), (Some(false), Some(false)));
    assert!(notifications.find(told.id.unwrap()).await.is_ok());
    let of_it = Query::new().with("bundle_id", id);
    assert_eq!(notifications.list(of_it, None).try_collect::<Vec<_>>().await.unwrap().len(), 1);
    notifications.delete(told.id.unwrap()).await.unwrap();

    let visitors = client.share_visitors(id);
    let fields = ShareRecipientFields::new().with_name("Bo").with_share_after_create(true);
    assert!(visitors.add_recipient("bo@x.example", &fields).await.unwrap().sent_at.is_some());
    client.share_links().share(id, &["cy@x.example".to_owned()], Some("look")).await.unwrap();
    let sent: Vec<_> = visitors.recipients(Query::new(), None).try_collect().await.unwrap();
    assert_eq!(sent.len(), 2);
    for number in 0..5 {
        let name = format!("Visitor {number}");
        assert!(site.sandbox.filescom().visit(id, &name, "v@x.example", Some("readme.md")));
    }
    let query = Query::new().with_per_page(2);
    let came: Vec<_> = visitors.registrations(query.clone(), Some(3)).try_collect().await.unwrap();
    assert_eq!(came[2].name.as_deref(), Some("Visitor 2"));
    let loads: Vec<_> = visitors.downloads(query, None).try_collect().await.unwrap();
    let who = loads[4].bundle_registration.as_ref().unwrap();
    assert_eq!((loads.len(), who.name.as_deref()), (5, Some("Visitor 4")));

    let past = chrono::DateTime::from_timestamp(0, 0).unwrap();
    let ended = ShareLinkFields::new().with_expires_at(past);
    let link = client.share_links().update(id, &ended).await.unwrap();
    assert_eq!((link.expires_at, link.description.as_deref()), (Some(past), Some("d")));
    client.share_links().delete(id).await.unwrap();
    assert_eq!(client.share_links().find(id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

/// Whichever call a password went by, and by whatever setter: a refusal that repeats it is masked.
#[tokio::test]
async fn a_password_that_a_refusal_repeats_is_not_printed() {
    let password = SecretString::from("planted-password");
    let repeated = r#"{"type":"bad-request","error":"Invalid: planted-password is too weak."}"#;
    let script = Script::new().respond(move |_| Reply::json(422, repeated));
    let config = Config::new("acme", Credentials::api_key("0123456789abcdef").unwrap());
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let user = UserFields::new().with_password(&password);
    let link = ShareLinkFields::new().with_password(&password);
    let inputs = json!({"username": "anna", "password": "planted-password"});
    let step = client.partner().step("Create", Some("User")).unwrap();
    let errors = [
        client.users().create("anna", &user).await.unwrap_err(),
        client.users().update(7, &user).await.unwrap_err(),
        client.share_links().create(&["a".to_owned()], &link).await.unwrap_err(),
        client.share_links().update(7, &link).await.unwrap_err(),
        step.run(inputs, None).await.map(drop).unwrap_err(),
    ];
    assert_eq!(script.requests().len(), errors.len());
    for error in errors {
        let printed = format!("{error} {error:?} {:?}", error.document());
        assert!(printed.contains("Invalid"), "{printed}");
        assert!(!printed.contains("planted-password"), "{printed}");
    }
}

/// A service that names the folder among its entries, and what lies deeper, is listed to its end.
#[tokio::test]
async fn a_recursive_list_ends() {
    let script = Script::new().respond(|request| {
        let folder = request.path().rsplit("/folders/").next().unwrap_or_default().to_owned();
        let entry = |path: &str, kind: &str| json!({"path": path, "type": kind});
        let entries = match folder.as_str() {
            "a" => vec![entry("A", "directory"), entry("a/b", "directory"), entry("a/f", "file")],
            "a/b" => vec![entry("a", "directory"), entry("a/b", "directory")],
            other => panic!("{other}"),
        };
        Reply::json(200, json!(entries).to_string())
    });
    let config = Config::new("acme", Credentials::api_key("planted").unwrap());
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let mut options = StepOptions::default();
    (options.recursive, options.limit) = (true, Some(100));
    let step = client.partner().step("List", Some("Folder")).unwrap().with_options(options);
    let Answered::Documents(documents) = step.run(json!({"ID": "a"}), None).await.unwrap() else {
        panic!("documents");
    };
    let documents: Vec<_> = documents.try_collect().await.unwrap();
    let paths: Vec<_> = documents.iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["a/b", "a/f", "a"]);
}

/// The work goes on, although this key may not ask about it: nothing is missing.
#[tokio::test(start_paused = true)]
async fn work_that_cannot_be_asked_about_is_pending() {
    let missing = r#"{"type": "not-found", "error": "Not Found.", "http-code": 404}"#;
    let script = Script::new().respond(move |_| Reply::json(404, missing));
    let config = Config::new("acme", Credentials::api_key("planted").unwrap());
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let mut work = client.migrations().handle(4711);
    let error = work.wait(std::time::Duration::from_secs(60)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::Pending, Reached::Maybe), "{error}");
    assert!(error.message().contains("migration 4711"), "{error}");
    assert!(error.document().is_some());
}

/// What the service knows and nobody here ever heard of is neither lost nor sent back.
#[tokio::test]
async fn unknown_members_survive_an_update() {
    let user = json!({"id": 7, "username": "anna", "shoe_size": {"left": 39}}).to_string();
    let script =
        Script::new().answer(Reply::json(200, user.clone())).answer(Reply::json(200, user));
    let config = Config::new("acme", Credentials::api_key("planted").unwrap());
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let anna = client.users().find(7).await.unwrap();
    let changes = UserFields::new().with_name("Anna");
    let changed = client.users().update(7, &changes).await.unwrap();
    for user in [anna, changed] {
        assert_eq!(user.unknown.get("shoe_size"), Some(&json!({"left": 39})));
        assert_eq!(serde_json::to_value(&user).unwrap()["shoe_size"], json!({"left": 39}));
    }
    assert_eq!(script.requests()[1].body(), r#"{"name":"Anna"}"#);
}

/// The raw door reaches what has no types, pages and all.
#[tokio::test]
async fn the_raw_door_pages_through_what_has_no_types() {
    let site = Site::start().await;
    let request = Request::get("/history").query("per_page", 10);
    let mut pages = site.filescom.client().raw().pages::<serde_json::Value>(request);
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().items.len());
    }
    assert_eq!(sizes, [10, 10, 5]);
}
