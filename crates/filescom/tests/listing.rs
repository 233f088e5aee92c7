//! Listings by script: pages, cursors, breaks, and entries that are none.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use futures_util::{StreamExt, TryStreamExt};
use wharf_connector::{Connector, ErrorKind, ListOptions, RemotePath};
use wharf_filescom::api::Listing;
use wharf_filescom::{Client, Config, Credentials, FilesCom};
use wharf_transport::testing::{Reply, Script};

fn client(script: &Script) -> Client {
    let config = Config::new("acme", Credentials::api_key("planted").unwrap()).with_page_size(3);
    Client::builder(config).exchange(script.exchange()).build().unwrap()
}

/// A page of the files with these names in the folder `in`.
fn page(names: &[&str]) -> String {
    let entries = names.iter().map(|name| {
        format!(r#"{{"path":"in/{name}","type":"file","size":1,"mtime":"2026-01-01T00:00:00Z"}}"#)
    });
    format!("[{}]", entries.collect::<Vec<_>>().join(","))
}

fn then(reply: Reply, cursor: &str) -> Reply {
    reply.header("x-files-cursor", cursor)
}

/// The names that a listing gives, and the kind of the error it ends in.
async fn names(script: &Script) -> (Vec<String>, Option<ErrorKind>) {
    let mut entries = client(script).folders().list("in", Listing::new());
    let mut names = Vec::new();
    while let Some(entry) = entries.next().await {
        match entry {
            Ok(file) => names.push(file.path.unwrap().trim_start_matches("in/").to_owned()),
            Err(error) => {
                assert!(entries.next().await.is_none(), "something follows after an error");
                return (names, Some(error.kind()));
            }
        }
    }
    (names, None)
}

#[track_caller]
fn check(found: (Vec<String>, Option<ErrorKind>), names: &str, error: Option<ErrorKind>) {
    assert_eq!((found.0.concat().as_str(), found.1), (names, error));
}

#[tokio::test(start_paused = true)]
async fn pages_follow_whichever_header_names_them() {
    let script = Script::new()
        .answer(then(Reply::json(200, page(&["a", "b"])), "c2:next:1"))
        .answer(then(Reply::json(200, "[]"), "c2:next:2"))
        .answer(Reply::json(200, page(&["c"])).header("x-files-cursor-next", "c2:next:3"))
        .answer(Reply::json(200, page(&["d"])).header("x-files-cursor-prev", "c2:prev:3"));
    check(names(&script).await, "abcd", None);
    let asked: Vec<_> = script.requests().iter().map(|r| r.path_and_query().to_owned()).collect();
    assert_eq!(
        asked,
        [
            "/api/rest/v1/folders/in?per_page=3",
            "/api/rest/v1/folders/in?cursor=c2%3Anext%3A1&per_page=3",
            "/api/rest/v1/folders/in?cursor=c2%3Anext%3A2&per_page=3",
            "/api/rest/v1/folders/in?cursor=c2%3Anext%3A3&per_page=3",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn circles_end() {
    for (second, third) in [("x", "x"), ("y", "x")] {
        let script = Script::new()
            .answer(then(Reply::json(200, page(&["a"])), "x"))
            .answer(then(Reply::json(200, page(&["b"])), second))
            .answer(then(Reply::json(200, page(&["c"])), third));
        let found = names(&script).await;
        assert_eq!(found.1, Some(ErrorKind::Protocol));
    }
}

#[tokio::test(start_paused = true)]
async fn what_slips_over_the_border_of_a_page_comes_once() {
    let script = Script::new()
        .answer(then(Reply::json(200, page(&["a", "b", "b"])), "x"))
        .answer(Reply::json(200, page(&["b", "c"])));
    check(names(&script).await, "abc", None);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_breaks_off_goes_on_where_it_broke() {
    let whole = page(&["a", "b", "c"]);
    let two = whole.find("in/c").unwrap();
    let broken = || Reply::new(200).body(whole[..two].to_owned()).then_reset();
    let script = Script::new()
        .answer(then(broken(), "x"))
        .answer(then(broken(), "x"))
        .answer(then(Reply::json(200, whole.clone()), "x"))
        .answer(Reply::json(200, page(&["d"])));
    check(names(&script).await, "abcd", None);

    // A break before the first entry.
    let script = Script::new()
        .answer(Reply::new(200).body("[").then_reset())
        .answer(Reply::json(200, whole.clone()));
    check(names(&script).await, "abc", None);

    // It breaks again before it is where it was.
    let one = whole.find("in/b").unwrap();
    let script = Script::new()
        .answer(broken())
        .answer(Reply::new(200).body(whole[..one].to_owned()).then_reset())
        .answer(Reply::json(200, whole.clone()));
    check(names(&script).await, "abc", None);

    // Another folder than before.
    for changed in [page(&["a", "x", "c"]), page(&["a"])] {
        let script = Script::new().answer(broken()).answer(Reply::json(200, changed));
        check(names(&script).await, "ab", Some(ErrorKind::Interrupted));
    }

    // It breaks more often than a broken one may, and comes further each time.
    let names_of_many: Vec<String> = (0..20).map(|number| format!("{number:02}")).collect();
    let many = page(&names_of_many.iter().map(String::as_str).collect::<Vec<_>>());
    let script = (1..20).fold(Script::new(), |script, number| {
        let cut = many.find(&format!("in/{number:02}")).unwrap();
        script.answer(Reply::new(200).body(many[..cut].to_owned()).then_reset())
    });
    let script = script.answer(Reply::json(200, many));
    check(names(&script).await, &names_of_many.concat(), None);

    // It breaks for ever.
    let script = Script::new().respond(move |_| Reply::new(200).body("[").then_reset());
    check(names(&script).await, "", Some(ErrorKind::Interrupted));
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_entries_before_something_wrong_are_given() {
    let wrong = r#"[{"path":"in/a","type":"file"},{"path":"in/b","type":7}]"#;
    let script = Script::new().answer(Reply::json(200, wrong));
    check(names(&script).await, "a", Some(ErrorKind::Protocol));
    // What is no listing at all is asked for again, and not for ever.
    let script = Script::new().respond(|_| Reply::json(200, r#"{"error":"no list"}"#));
    check(names(&script).await, "", Some(ErrorKind::Protocol));
    assert!((2..=5).contains(&script.requests().len()));
}

async fn listed(script: &Script, folder: &str) -> (Vec<String>, Option<ErrorKind>) {
    let filescom = FilesCom::new(client(script));
    let folder = RemotePath::new(folder).unwrap();
    let mut entries = filescom.list(&folder, ListOptions::new());
    let mut paths = Vec::new();
    while let Some(entry) = entries.next().await {
        match entry {
            Ok(entry) => paths.push(entry.path.to_string()),
            Err(error) => return (paths, Some(error.kind())),
        }
    }
    (paths, None)
}

#[tokio::test(start_paused = true)]
async fn the_connector_gives_children_alone() {
    let strange = r#"[{"path":"in","type":"directory"},{"path":"in/a/b","type":"file"},
        {"path":"out/c","type":"file"},{"path":"IN/d","type":"file"},{"path":"in/..","type":"file"},
        {"path":"in/C:\\x","type":"file"},{"type":"file"}]"#;
    let script = Script::new().answer(Reply::json(200, strange));
    let filescom = FilesCom::new(client(&script));
    let folder = RemotePath::new("/in").unwrap();
    let entries: Vec<_> = filescom.list(&folder, ListOptions::new()).collect().await;
    let told = entries.iter().map(|entry| entry.as_ref().map(|entry| entry.path.as_str()));
    let told: Vec<_> = told.map(|told| told.map_err(wharf_connector::Error::kind)).collect();
    // The folder itself is none; what cannot be a child is told in its place.
    let wrong = Err(ErrorKind::Protocol);
    assert_eq!(told, [wrong, wrong, Ok("/in/d"), wrong, wrong, wrong]);

    let elsewhere: Vec<String> = (0..200).map(|number| format!("../{number}")).collect();
    let endless = page(&elsewhere.iter().map(String::as_str).collect::<Vec<_>>());
    let script = Script::new().answer(Reply::json(200, endless));
    let filescom = FilesCom::new(client(&script));
    let entries: Vec<_> = filescom.list(&folder, ListOptions::new()).collect().await;
    assert_eq!(entries.iter().filter(|entry| entry.is_err()).count(), 101);
}

/// What the service answers to the listing of a file is not documented: whatever it is, a look
/// settles it.
#[tokio::test(start_paused = true)]
async fn a_file_is_no_folder_however_the_service_lists_it() {
    let file = r#"{"path":"in","type":"file","size":1}"#;
    let folder = r#"{"path":"in","type":"directory"}"#;
    let missing = r#"{"type":"not-found","error":"Not Found."}"#;
    let refused = r#"{"type":"bad-request/folder-must-not-be-a-file","error":"No."}"#;
    let odd = r#"{"type":"processing-failure","error":"No."}"#;
    let not_a_folder = Some(ErrorKind::NotAFolder);
    for (listing, looked, error) in [
        (Reply::json(200, "[]"), Reply::json(200, file), not_a_folder),
        (Reply::json(200, format!("[{file}]")), Reply::json(200, file), not_a_folder),
        (Reply::json(404, missing), Reply::json(200, file), not_a_folder),
        (Reply::json(422, refused), Reply::json(200, file), not_a_folder),
        (Reply::json(422, odd), Reply::json(200, file), not_a_folder),
        (Reply::json(200, "[]"), Reply::json(200, folder), None),
        (Reply::json(200, "[]"), Reply::json(404, missing), Some(ErrorKind::NotFound)),
        (Reply::json(404, missing), Reply::json(404, missing), Some(ErrorKind::NotFound)),
        (Reply::json(422, odd), Reply::json(200, folder), Some(ErrorKind::Other)),
    ] {
        let script = Script::new().answer(listing).answer(looked);
        assert_eq!(listed(&script, "/in").await, (vec![], error));
    }
    // The root is a folder, and nobody has to be asked.
    let script = Script::new().answer(Reply::json(200, "[]"));
    assert_eq!(listed(&script, "/").await, (vec![], None));
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn pages_of_anything_come_by_the_raw_door() {
    let script = Script::new()
        .answer(then(Reply::json(200, r#"[{"id":1}]"#), "x"))
        .answer(Reply::json(200, r#"[{"id":2}]"#));
    let request = wharf_transport::Request::get("/users").query("per_page", 1);
    let users = client(&script).raw().pages::<serde_json::Value>(request);
    let users: Vec<_> = users.items().try_collect().await.unwrap();
    assert_eq!(users.len(), 2);
    assert_eq!(script.requests()[1].path_and_query(), "/api/rest/v1/users?per_page=1&cursor=x");
    let script = Script::new().answer(then(Reply::json(200, page(&["a"])), "x"));
    let mut pages = client(&script).folders().pages("in", Listing::new());
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.items.len(), first.next.unwrap().as_str()), (1, "x"));
}

#[tokio::test(start_paused = true)]
async fn a_name_without_end_is_refused_and_a_long_one_is_text() {
    let long = "n".repeat(10_000);
    let script = Script::new().answer(Reply::json(200, page(&[&long])));
    check(names(&script).await, &long, None);
    let endless = page(&[&"n".repeat(2 << 20)]);
    let script = Script::new().respond(move |_| Reply::json(200, endless.clone()));
    let (found, error) = names(&script).await;
    assert!(found.is_empty());
    assert!(matches!(error, Some(ErrorKind::TooLarge | ErrorKind::Protocol)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_nested_without_bottom_is_refused() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for document in [
        deep.clone(),
        format!(r#"[{{"path":{deep}}}]"#),
        format!(r#"[{{"path":"in/a","type":"file","unknown":{deep}}}]"#),
    ] {
        let script = Script::new().respond(move |_| Reply::json(200, document.clone()));
        check(names(&script).await, "", Some(ErrorKind::Protocol));
    }
}
