//! The raw door: any operation of Files.com, by its method and path.

use serde_json::{Value, json};

use crate::harness::{Outcome, Services, fed, wharf};

/// The program on one site.
struct Api {
    services: Services,
}

impl Api {
    fn start() -> Self {
        Self { services: Services::start() }
    }

    fn call(&self, arguments: &[&str], document: Option<&Value>) -> Outcome {
        let mut command = self.services.program();
        command.env("WHARF_ON", self.services.filescom("/")).arg("api").args(arguments);
        let text = document.map(Value::to_string);
        if text.is_some() {
            command.args(["--json-in", "-"]);
        }
        fed(&mut command, text.unwrap_or_default().as_bytes())
    }

    fn json(&self, arguments: &[&str], document: Option<&Value>) -> Value {
        self.call(arguments, document).good().json()
    }
}

/// Thirteen kinds of things that have no types here: made, listed over pages, shown, changed and
/// deleted.
#[test]
fn what_nobody_typed_is_reached_with_paging() {
    let api = Api::start();
    for (place, document, change) in [
        ("automations", json!({"automation": "copy_file"}), json!({"name": "new"})),
        ("notifications", json!({"path": "inbound"}), json!({"message": "new"})),
        ("public_keys", json!({"title": "k", "public_key": "ssh-rsa A"}), json!({"title": "new"})),
        ("remote_servers", json!({"name": "r", "server_type": "sftp"}), json!({"name": "new"})),
        ("behaviors", json!({"path": "in", "behavior": "webhook"}), json!({"name": "new"})),
        ("clickwraps", json!({"name": "c"}), json!({"body": "new"})),
        ("form_field_sets", json!({"title": "f"}), json!({"title": "new"})),
        ("gpg_keys", json!({"name": "g"}), json!({"name": "new"})),
        ("workspaces", json!({"name": "w"}), json!({"name": "new"})),
        ("projects", json!({"global_access": "none"}), json!({"global_access": "anyone_read"})),
        ("sftp_host_keys", json!({"name": "s"}), json!({"name": "new"})),
        ("partners", json!({"name": "p", "root_folder": "inbound"}), json!({"notes": "new"})),
        ("syncs", json!({"name": "s"}), json!({"description": "new"})),
    ] {
        let list = format!("/{place}");
        let ids: Vec<Value> =
            (0..5).map(|_| api.json(&["POST", &list], Some(&document))["id"].clone()).collect();
        let pages = ["GET", &list, "--query", "per_page=2", "--paginate"];
        let listed = api.json(&pages, None);
        let found: Vec<Value> =
            listed.as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(found, ids, "{place}");
        let limited = api.json(&["GET", &list, "--paginate", "--limit", "3"], None);
        assert_eq!(limited.as_array().unwrap().len(), 3, "{place}");
        let one = format!("/{place}/{}", ids[0]);
        let changed = api.json(&["PATCH", &one], Some(&change));
        for (name, value) in change.as_object().unwrap() {
            assert_eq!(&changed[name], value, "{place}");
        }
        assert_eq!(api.json(&["GET", &one], None), changed, "{place}");
        api.call(&["DELETE", &one], None).good();
        assert_eq!(api.call(&["GET", &one], None).code, 3, "{place}");
    }
    let history = ["GET", "/history", "--query", "per_page=10", "--paginate"];
    assert_eq!(api.json(&history, None).as_array().unwrap().len(), 25);
    let mut wanted = vec!["GET", "/history", "--query", "filter[user_id]=1002"];
    assert_eq!(api.json(&wanted, None).as_array().unwrap().len(), 5);
    wanted.push("--json");
    assert_eq!(api.json(&wanted, None).as_array().unwrap().len(), 5);
    assert_eq!(api.json(&["GET", "/site"], None)["name"], "sandbox");
    let key = api.json(&["get", "/api_key"], None);
    assert_eq!(key["permission_set"], "full");
}

#[test]
fn the_table_of_operations_is_printed() {
    let all = wharf(["api", "list", "--json"]).good().json();
    assert_eq!(all["operations"].as_array().unwrap().len(), 421);
    let some = wharf(["api", "list", "History_Export"]).good().out;
    for part in ["POST  /history_exports ", "/history_exports/{id}", " of 421 operations"] {
        assert!(some.contains(part), "{part} is not in\n{some}");
    }
    assert!(wharf(["api", "list", "bundle_recipients"]).good().out.contains("recipient!"));
    let none = wharf(["api", "list", "nothing-of-that-name"]).good().out;
    assert_eq!(none, "0 of 421 operations\n");
}

#[test]
fn refusals_and_mistakes_are_told() {
    let api = Api::start();
    let missing = api.call(&["GET", "/users/7", "--json"], None);
    assert_eq!((missing.code, &missing.error()["document"]["type"]), (3, &json!("not-found")));
    let unmodelled =
        api.call(&["POST", "/file_actions/zip"], Some(&json!({"paths": [], "destination": "z"})));
    assert_ne!(unmodelled.code, 0);
    for (arguments, told) in [
        (&["FETCH", "/users"][..], "there is no method"),
        (&["GET", "users"], "must begin with a slash"),
        (&["GET"], "must begin with a slash"),
        (&["GET", "/users?per_page=1"], "question mark"),
        (&["GET", "/users", "--query", "x"], "--query cannot be read"),
        (&["POST", "/users", "--paginate"], "--paginate is for GET"),
        (&["GET", "/users/.."], "path segment"),
    ] {
        let outcome = api.call(arguments, None);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:#?}");
        assert!(outcome.err.contains(told), "{arguments:?}: {outcome:#?}");
    }
    let bad = fed(
        api.services.program().args(["api", "POST", "/users", "--json-in", "-"]),
        br#"{"password": "planted-secret"#,
    );
    assert_eq!(bad.code, 2, "{bad:#?}");
    assert!(bad.err.contains("line 1") && !bad.err.contains("planted"), "{bad:#?}");
}
