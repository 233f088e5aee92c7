//! Listing folders, page by page.

use serde_json::{Value, json};
use wharf_sandbox::Sandbox;

use crate::client::{Client, Reply};

async fn with_files(names: &[&str]) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed_tree(false).start().await.unwrap();
    for name in names {
        match name.strip_suffix('/') {
            Some(folder) => sandbox.filescom().put_folder(&format!("box/{folder}")),
            None => sandbox.filescom().put(&format!("box/{name}"), *name),
        }
    }
    let client = Client::new(&sandbox);
    (sandbox, client)
}

fn next(reply: &Reply) -> Option<String> {
    let cursor = reply.header("x-files-cursor").map(str::to_owned);
    assert_eq!(reply.header("x-files-cursor-next"), cursor.as_deref());
    cursor.map(|cursor| cursor.replace(':', "%3A"))
}

fn previous(reply: &Reply) -> Option<String> {
    let cursor = reply.header("x-files-cursor-prev")?;
    Some(cursor.replace(':', "%3A"))
}

/// Follows the cursors from the first page to the last.
async fn pages(client: &Client, path: &str, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let reply = client.get(&format!("{path}?{query}{cursor}")).await;
        pages.push(reply.paths());
        match next(&reply) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn the_root_is_listed_however_it_is_written() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let expected = ["archive", "inbound", "outbound", "vendor", "readme.md"];
    for path in ["/folders", "/folders/", "/folders/%2F", "/folders?path=", "/folders/?path=%2F"] {
        assert_eq!(client.get(path).await.paths(), expected, "{path}");
    }
}

#[tokio::test]
async fn paths_are_accepted_in_every_form() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let expected = client.get("/folders/vendor/acme").await.paths();
    assert_eq!(expected.len(), 4);
    for path in [
        "/folders/vendor%2Facme",
        "/folders/vendor/acme/",
        "/folders//vendor//acme",
        "/folders/%2Fvendor%2Facme%2F",
        "/folders/VENDOR/Acme",
        "/folders/vendor/acme?path=vendor%2Facme&unknown=1",
    ] {
        assert_eq!(client.get(path).await.paths(), expected, "{path}");
    }
    let other = client.get("/folders/vendor/acme?path=vendor").await;
    other.refused(422, "bad-request/request-params-invalid");
}

#[tokio::test]
async fn folders_come_first_and_names_sort_as_the_service_has_it() {
    let names = ["b.txt", "a-1", "a_1", "a 1", "A.1", "\u{c4}2", "z/", "Y/", "a1"];
    let (_sandbox, client) = with_files(&names).await;
    let listed = client.get("/folders/box").await.paths();
    let expected = ["Y", "z", "a 1", "a_1", "a-1", "A.1", "a1", "\u{c4}2", "b.txt"];
    assert_eq!(listed, expected.map(|name| format!("box/{name}")));
}

#[tokio::test]
async fn pages_cover_everything_once() {
    let (_sandbox, client) = with_files(&["a", "b", "c", "d/", "e/", "f", "g"]).await;
    let whole = client.get("/folders/box").await;
    assert_eq!((next(&whole), previous(&whole)), (None, None));
    for size in 1..=8 {
        for sort in ["", "&sort_by[size]=desc", "&sort_by%5Bpath%5D=desc"] {
            let pages = pages(&client, "/folders/box", &format!("per_page={size}{sort}")).await;
            assert!(pages.iter().all(|page| page.len() <= size));
            assert_eq!(pages.len(), 7_usize.div_ceil(size).max(1), "{size} {sort}");
            let mut all = pages.concat();
            if sort.is_empty() {
                assert_eq!(all, whole.paths());
            }
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 7, "{size} {sort}");
        }
    }
}

#[tokio::test]
async fn a_page_leads_back_to_the_one_before() {
    let (_sandbox, client) = with_files(&["a", "b", "c", "d", "e"]).await;
    let first = client.get("/folders/box?per_page=2").await;
    let cursor = next(&first).unwrap();
    let second = client.get(&format!("/folders/box?per_page=2&cursor={cursor}")).await;
    assert_eq!(second.paths(), ["box/c", "box/d"]);
    let cursor = previous(&second).unwrap();
    let back = client.get(&format!("/folders/box?per_page=2&cursor={cursor}")).await;
    assert_eq!(back.paths(), first.paths());
    assert!(next(&back).is_some() && previous(&back).is_none());
}

#[tokio::test]
async fn pages_survive_changes_between_them() {
    let (sandbox, client) = with_files(&["a", "b", "c", "d"]).await;
    let first = client.get("/folders/box?per_page=2").await;
    let cursor = next(&first).unwrap();
    sandbox.filescom().remove("box/b");
    sandbox.filescom().put("box/aa", "new");
    let second = client.get(&format!("/folders/box?per_page=2&cursor={cursor}")).await;
    assert_eq!(second.paths(), ["box/c", "box/d"]);
}

#[tokio::test]
async fn bad_cursors_and_sizes_are_refused() {
    let (_sandbox, client) = with_files(&["a", "b", "c"]).await;
    let cursor = next(&client.get("/folders/box?per_page=1").await).unwrap();
    for query in [
        "per_page=1&cursor=nonsense",
        "per_page=1&cursor=c2%3Anext%3A%21%21",
        "per_page=1&cursor=c2%3Asideways%3AYQ",
        &format!("per_page=2&cursor={cursor}"),
    ] {
        let reply = client.get(&format!("/folders/box?{query}")).await;
        assert_eq!(reply.refused(422, "bad-request/invalid-cursor"), "Invalid cursor");
    }
    let elsewhere = client.get(&format!("/folders/?per_page=1&cursor={cursor}")).await;
    elsewhere.refused(422, "bad-request/invalid-cursor");
    for (size, text) in [
        ("0", "per_page must be greater than or equal to 1"),
        ("-5", "per_page must be greater than or equal to 1"),
        ("10001", "per_page must be less than or equal to 10000"),
    ] {
        let reply = client.get(&format!("/folders/box?per_page={size}")).await;
        let told = reply.refused(422, "bad-request/request-params-invalid");
        assert!(told.ends_with(text), "{told}");
    }
    client.get("/folders/box?per_page=x").await.refused(422, "bad-request");
    assert_eq!(client.get("/folders/box?per_page=10000").await.paths().len(), 3);
}

#[tokio::test]
async fn listings_are_sorted_and_filtered_as_asked() {
    let (_sandbox, client) = with_files(&["report.txt", "aa", "b/", "Rep\u{f6}rt-2.txt"]).await;
    let listed = async |query: &str| client.get(&format!("/folders/box?{query}")).await.paths();
    let by_size = listed("sort_by[size]=asc").await;
    assert_eq!(by_size, ["box/b", "box/aa", "box/report.txt", "box/Rep\u{f6}rt-2.txt"]);
    assert_eq!(listed("type=folder").await, ["box/b"]);
    assert_eq!(listed("type=file&search=REPORT").await.len(), 2);
    assert_eq!(listed("type=file&modified_at_datetime=2100-01-01T00:00:00Z").await.len(), 0);
    assert_eq!(listed("type=file&modified_at_datetime=2000-01-01T00:00:00Z").await.len(), 3);
    for (query, kind) in [
        ("type=link", "bad-request/request-params-invalid"),
        ("modified_at_datetime=2000-01-01T00:00:00Z", "bad-request/request-params-invalid"),
        ("sort_by[color]=asc", "bad-request/invalid-sort-field"),
        ("sort_by[size]=up", "bad-request/request-params-invalid"),
        ("sort_by[size]=asc&sort_by[path]=asc", "bad-request/multiple-sort-params-not-allowed"),
        ("search_all=true", "bad-request/search-all-on-child-path"),
    ] {
        client.get(&format!("/folders/box?{query}")).await.refused(422, kind);
    }
    let everywhere = client.get("/folders?search_all=True&search=report").await;
    assert_eq!(everywhere.paths().len(), 2);
}

#[tokio::test]
async fn metadata_can_be_searched() {
    let (_sandbox, client) = with_files(&["a", "b"]).await;
    let tags = json!({"custom_metadata": {"batch": "7"}});
    assert_eq!(client.patch("/files/box/b", tags).await.status, 200);
    for (query, found) in [
        ("search_custom_metadata_key=batch", 1),
        ("search_custom_metadata_key=*", 1),
        ("search_custom_metadata_key=*&search=7", 1),
        ("search_custom_metadata_key=batch&search=8", 0),
        ("search_custom_metadata_key=other", 0),
        ("search=7", 0),
        ("search=elsewhere/B", 1),
    ] {
        let reply = client.get(&format!("/folders/box?{query}")).await;
        assert_eq!(reply.paths().len(), found, "{query}");
    }
}

#[tokio::test]
async fn what_is_no_folder_is_not_listed() {
    let (_sandbox, client) = with_files(&["a"]).await;
    for path in ["/folders/none", "/folders/box/a", "/folders/box/a/b"] {
        client.get(path).await.refused(404, "not-found");
    }
    client
        .get("/folders/box%20")
        .await
        .refused(422, "bad-request/path-cannot-have-trailing-whitespace");
}

#[tokio::test]
async fn the_awkward_mode_pages_by_two() {
    let sandbox = Sandbox::builder().awkward().start().await.unwrap();
    let client = Client::new(&sandbox);
    let pages = pages(&client, "/folders/", "per_page=1000").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
}

#[tokio::test]
async fn entries_show_every_time_with_a_zone() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let listed = client.get("/folders/vendor/acme/orders").await.json();
    for entry in listed.as_array().unwrap() {
        for key in ["created_at", "mtime", "provided_mtime"] {
            if let Value::String(time) = &entry[key] {
                assert!(time.ends_with('Z') && time.len() == 20, "{time}");
            }
        }
    }
}
