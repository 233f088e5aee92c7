//! Users, groups, share links, and what else is kept by the table of operations.

use serde_json::{Value, json};
use wharf_sandbox::Sandbox;

use crate::client::{Client, Reply};

#[track_caller]
fn good(reply: Reply, status: u16) -> Value {
    assert_eq!(reply.status, status, "{:?}", reply.body);
    serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
}

#[track_caller]
fn refused(reply: Reply, status: u16, kind: &str) {
    let body = good(reply, status);
    assert_eq!(body["type"], kind, "{body}");
}

async fn ids(client: &Client, path: &str) -> Vec<i64> {
    let rows = good(client.get(path).await, 200);
    rows.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn users_and_groups_name_each_other() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let anna = json!({"username": "anna", "email": "a@x.example", "password": "Planted9",
        "group_ids": "2001", "created_by_nobody": 1});
    let user = good(client.post("/users", anna.clone()).await, 201);
    let id = user["id"].as_i64().unwrap();
    assert_eq!((&user["group_ids"], &user["admin_group_ids"]), (&json!("2001"), &json!([])));
    assert!(user.get("password").is_none() && user.get("created_by_nobody").is_none(), "{user}");
    assert!(user["created_at"].as_str().unwrap().ends_with("-04:00"), "{user}");
    let group = good(client.get("/groups/2001").await, 200);
    assert_eq!(group["user_ids"], format!("1002,{id}"));
    assert_eq!(group["usernames"], "Partner,anna");
    refused(client.post("/users", anna).await, 422, "processing-failure/model-save-error");
    refused(client.post("/users", json!({})).await, 422, "bad-request");
    let nobody = json!({"name": "g", "user_ids": "7"});
    refused(client.post("/groups", nobody).await, 422, "processing-failure/model-save-error");

    let changed = good(client.patch(&format!("/users/{id}"), json!({"company": "X"})).await, 200);
    assert_eq!((&changed["company"], &changed["email"]), (&json!("X"), &json!("a@x.example")));
    let group = json!({"name": "New", "admin_ids": format!("{id}"), "ftp_permission": "true"});
    let group = good(client.post("/groups", group).await, 201);
    assert_eq!(group["ftp_permission"], true);
    let user = good(client.get(&format!("/users/{id}")).await, 200);
    assert_eq!(user["admin_group_ids"], json!([group["id"]]));

    let session = json!({"username": "ANNA", "password": "Planted9"});
    let url = format!("{}/api/rest/v1/sessions", sandbox.filescom_url());
    let signed_in = client.send(hyper::Method::POST, &url, &[], session.to_string()).await.unwrap();
    assert_eq!(signed_in.status, 201, "{signed_in:?}");
    good(client.delete(&format!("/users/{id}")).await, 204);
    let again = client.send(hyper::Method::POST, &url, &[], session.to_string()).await.unwrap();
    refused(again, 401, "not-authenticated/invalid-username-or-password");
    refused(client.get(&format!("/users/{id}")).await, 404, "not-found");
    let group = good(client.get("/groups/2001").await, 200);
    assert_eq!(group["user_ids"], "1002");
}

#[tokio::test]
async fn who_is_no_administrator_sees_what_is_their_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let admin = Client::new(&sandbox);
    let partner = Client::with_key(&sandbox, &sandbox.keys().restricted);
    let reader = Client::with_key(&sandbox, &sandbox.keys().read_only);
    assert_eq!(ids(&admin, "/users").await, [1001, 1002]);
    for client in [&partner, &reader] {
        assert_eq!(ids(client, "/users").await, [1002]);
        assert_eq!(ids(client, "/groups").await, [2001]);
        assert_eq!(ids(client, "/bundles").await, [3002]);
        assert_eq!(ids(client, "/history").await.len(), 5);
        for path in ["/users/1001", "/groups/2002", "/bundles/3001"] {
            refused(client.get(path).await, 404, "not-found");
        }
        refused(client.get("/bundle_registrations?bundle_id=3001").await, 404, "not-found");
    }
    let only_admins = "not-authorized/site-admin-required";
    refused(partner.post("/users", json!({"username": "x"})).await, 403, only_admins);
    refused(partner.delete("/groups/2001").await, 403, only_admins);
    refused(partner.patch("/users/1002", json!({"site_admin": true})).await, 403, only_admins);
    refused(partner.post("/automations", json!({"automation": "x"})).await, 403, only_admins);
    good(partner.patch("/users/1002", json!({"company": "Acme"})).await, 200);
    refused(partner.patch("/users/1001", json!({"company": "Acme"})).await, 404, "not-found");
    let other = "not-authorized/user-id-without-site-admin";
    refused(partner.get("/bundles?user_id=1001").await, 403, other);

    let own = json!({"paths": ["vendor/acme/orders"]});
    let link = good(partner.post("/bundles", own.clone()).await, 201);
    assert_eq!((&link["user_id"], &link["username"]), (&json!(1002), &json!("Partner")));
    let foreign = json!({"paths": ["vendor/globex/orders"]});
    let kind = "processing-failure/model-save-error";
    refused(partner.post("/bundles", foreign).await, 422, kind);
    let kind = "not-authorized/full-permission-required";
    refused(reader.post("/bundles", own).await, 403, kind);
    refused(partner.delete("/bundles/3001").await, 404, "not-found");
}

#[tokio::test]
async fn share_links_are_sent_and_visited() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let link = json!({"paths": ["vendor/acme/orders"], "password": "Planted9", "max_uses": "3",
        "expires_at": "2030-01-01T01:00:00+01:00"});
    let link = good(client.post("/bundles", link).await, 201);
    let id = link["id"].as_i64().unwrap();
    assert_eq!((&link["password_protected"], &link["max_uses"]), (&json!(true), &json!(3)));
    assert_eq!(link["expires_at"], "2030-01-01T00:00:00Z");
    let (url, code) = (link["url"].as_str().unwrap(), link["code"].as_str().unwrap());
    assert!(url.ends_with(&format!("/f/{code}")) && !link.to_string().contains("Planted9"));

    let told = json!({"bundle_id": id, "notify_user_id": 1002, "notify_on_upload": true});
    let told = good(client.post("/bundle_notifications", told).await, 201);
    let path = format!("/bundle_notifications/{}", told["id"]);
    let changed = good(client.patch(&path, json!({"notify_on_upload": false})).await, 200);
    assert_eq!(changed["bundle_id"], id);
    let recipient =
        json!({"bundle_id": id, "recipient": "a@x.example", "share_after_create": true});
    let sent = good(client.post("/bundle_recipients", recipient.clone()).await, 201);
    assert!(sent["sent_at"].is_string() && sent.get("bundle_id").is_none(), "{sent}");
    let kind = "processing-failure/recipient-already-shared";
    refused(client.post("/bundle_recipients", recipient).await, 422, kind);
    let share = json!({"to": ["b@x.example"], "note": "look"});
    good(client.post(&format!("/bundles/{id}/share"), share).await, 204);
    let recipients = format!("/bundle_recipients?bundle_id={id}");
    let recipients = good(client.get(&recipients).await, 200);
    assert_eq!(recipients[1]["note"], "look");
    refused(client.get("/bundle_recipients").await, 422, "bad-request");

    assert!(sandbox.filescom().visit(id, "Ann", "ann@x.example", Some("a.csv")));
    assert!(!sandbox.filescom().visit(7, "Ann", "ann@x.example", None));
    let visits = good(client.get(&format!("/bundle_registrations?bundle_id={id}")).await, 200);
    assert_eq!((&visits[0]["name"], &visits[0]["bundle_code"]), (&json!("Ann"), &json!(code)));
    let loads = good(client.get(&format!("/bundle_downloads?bundle_id={id}")).await, 200);
    assert_eq!(loads[0]["bundle_registration"]["email"], "ann@x.example");
    good(client.delete(&format!("/bundles/{id}")).await, 204);
    assert_eq!(ids(&client, "/bundle_notifications").await, [3301]);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/history?per_page=10&sort_by%5Bcreated_at%5D=desc{cursor}");
        let page = client.get(&path).await;
        let next = page.headers.get("x-files-cursor").map(|next| next.to_str().unwrap().to_owned());
        let rows = good(page, 200);
        seen.extend(rows.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
        match next {
            Some(next) => cursor = format!("&cursor={}", next.replace(':', "%3A")),
            None => break,
        }
    }
    assert_eq!(seen.len(), 25);
    seen.dedup();
    assert_eq!(seen.len(), 25);
    assert_eq!(ids(&client, "/users?filter%5Busername%5D=partner").await, [1002]);
    assert_eq!(ids(&client, "/users?filter_prefix%5Busername%5D=adm").await, [1001]);
    assert_eq!(ids(&client, "/users?sort_by%5Busername%5D=desc").await, [1002, 1001]);
    assert_eq!(ids(&client, "/history/users/1002").await.len(), 5);
    assert_eq!(ids(&client, "/history?filter%5Buser_id%5D=1002").await.len(), 5);
    let path = "/history/files/vendor%2Facme%2Forders%2F0003.csv";
    assert_eq!(ids(&client, path).await, [5003]);
    for (path, kind) in [
        ("/users?filter%5Bshoe_size%5D=1", "bad-request/invalid-filter-field"),
        ("/users?sort_by%5Bnotes%5D=asc", "bad-request/invalid-sort-field"),
        ("/users?cursor=c2%3Anext%3Axx", "bad-request/invalid-cursor"),
        ("/users?per_page=0", "bad-request/request-params-invalid"),
        ("/users/abc", "bad-request"),
    ] {
        refused(client.get(path).await, 422, kind);
    }
}

#[tokio::test]
async fn what_nobody_typed_is_kept_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let rule = json!({"name": "nightly", "automation": "copy_file", "disabled": true,
        "path": "inbound", "destinations": ["archive"]});
    let rule = good(client.post("/automations", rule).await, 201);
    let path = format!("/automations/{}", rule["id"]);
    assert_eq!((&rule["path"], &rule["destinations"]), (&json!("inbound"), &json!(["archive"])));
    good(client.patch(&path, json!({"disabled": false})).await, 200);
    good(client.post(&format!("{path}/manual_run"), json!({})).await, 204);
    let rule = good(client.get(&path).await, 200);
    assert_eq!((&rule["disabled"], &rule["name"]), (&json!(false), &json!("nightly")));
    good(client.delete(&path).await, 204);
    refused(client.get(&path).await, 404, "not-found");
    refused(client.post(&format!("{path}/manual_run"), json!({})).await, 404, "not-found");
    assert_eq!(good(client.get("/site").await, 200)["name"], "sandbox");
    let style =
        good(client.patch("/styles/vendor/acme", json!({"logo_click_href": "x"})).await, 200);
    assert_eq!(style["path"], "vendor/acme");
    good(client.delete("/styles/vendor/acme").await, 204);
    let body = json!({"paths": [], "destination": "x.zip"});
    refused(client.post("/file_actions/zip", body).await, 501, "sandbox/not-modelled");
    refused(
        client.call(hyper::Method::PUT, "/users", None).await,
        422,
        "bad-request/method-not-allowed",
    );
}
