//! Users, groups and share links, as people and scripts meet them.

use serde_json::json;

use crate::harness::{Outcome, Services, finish};

fn run(services: &Services, key: &str, arguments: &[&str]) -> Outcome {
    let mut command = services.program();
    command
        .env("FILES_API_KEY", services.key(key))
        .env("WHARF_ON", services.filescom("/"))
        .env("SECRET", "planted-password")
        .args(arguments);
    let outcome = finish(&mut command);
    assert!(!format!("{outcome:?}").contains("planted-password"), "{outcome:?}");
    outcome
}

#[test]
fn lists_come_as_tables_csv_and_json() {
    let services = Services::start();
    let table = run(&services, "full", &["user", "list"]).good().out;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("ID    USERNAME"), "{table}");
    assert!(lines[1].starts_with("1001  Admin") && lines.len() == 3, "{table}");
    let csv = ["group", "list", "--csv", "--columns", "id,name,usernames"];
    let csv = run(&services, "full", &csv).good().out;
    assert_eq!(csv, "id,name,usernames\n2001,Vendors,Partner\n2002,Operators,Admin\n");
    let json = run(&services, "full", &["share", "list", "--json", "--limit", "1"]).good().json();
    assert_eq!(json["complete"], true);
    assert_eq!(json["share_links"].as_array().unwrap().len(), 1);
    let empty = run(&services, "full", &["user", "list", "--prefix", "zz", "--json"]).good().json();
    assert_eq!(empty, json!({"users": [], "complete": true}));
    let both = run(&services, "full", &["user", "list", "--csv", "--json"]);
    assert_eq!(both.code, 2, "{both:#?}");
    let odd = run(&services, "full", &["user", "list", "--columns", "id,shoe_size"]).good();
    assert!(odd.err.contains("nothing listed has a value in shoe_size"), "{odd:#?}");
    let within = ["share", "downloads", "3002", "--csv", "--columns", "bundle_registration.name"];
    let within = run(&services, "full", &within).good().out;
    assert_eq!(within.lines().nth(1), Some("Wile E. Coyote"));
    for kind in [&["user"][..], &["group"], &["share"], &["share", "notify"]] {
        let arguments: Vec<&str> = kind.iter().copied().chain(["update", "2001"]).collect();
        let nothing = run(&services, "full", &arguments);
        assert!(nothing.code == 2 && nothing.err.contains("nothing to change"), "{nothing:#?}");
    }
}

#[test]
fn a_user_is_made_changed_and_deleted() {
    let services = Services::start();
    let create = ["user", "create", "anna", "--groups", "2001", "--password", "@env:SECRET"];
    let create: Vec<&str> =
        create.into_iter().chain(["--field", "header_text=Hello", "--json"]).collect();
    let user = run(&services, "full", &create).good().json()["user"].clone();
    assert_eq!((&user["group_ids"], &user["header_text"]), (&json!("2001"), &json!("Hello")));
    let id = user["id"].to_string();
    let update = [
        "user",
        "update",
        &id,
        "--company",
        "Acme",
        "--disabled",
        "true",
        "--field",
        "header_text=null",
    ];
    let shown = run(&services, "full", &update).good().out;
    assert!(shown.contains("company") && !shown.contains("Hello"), "{shown}");
    let twice = run(&services, "full", &["user", "create", "anna", "--json"]);
    assert_eq!(twice.error()["document"]["type"], "processing-failure/model-save-error");
    run(&services, "full", &["user", "delete", &id]).good();
    assert_eq!(run(&services, "full", &["user", "show", &id]).code, 3);
    for wrong in [["--password", "open"], ["--field", "password=open"], ["--field", "open"]] {
        let refused = run(&services, "full", &["user", "create", "bo", wrong[0], wrong[1]]);
        assert_eq!(refused.code, 2, "{refused:#?}");
        assert!(!refused.err.contains("open"), "{refused:#?}");
    }
}

#[test]
fn a_key_sees_and_changes_what_is_its_own() {
    let services = Services::start();
    let own =
        run(&services, "restricted", &["share", "list", "--csv", "--columns", "id"]).good().out;
    assert_eq!(own, "id\n3002\n");
    assert_eq!(run(&services, "restricted", &["group", "create", "x"]).code, 5);
    assert_eq!(run(&services, "restricted", &["share", "show", "3001"]).code, 3);
    for odd in ["abc", "0", "-1"] {
        let refused = run(&services, "restricted", &["share", "show", "--", odd]);
        assert!(refused.code == 2 && refused.err.contains("ids are numbers"), "{refused:?}");
    }
    let link = ["share", "create", "vendor/acme/orders", "--expires", "2030-01-01", "--json"];
    let link = run(&services, "restricted", &link).good().json()["share_link"].clone();
    assert_eq!(
        (&link["username"], &link["expires_at"]),
        (&json!("Partner"), &json!("2030-01-01T00:00:00Z"))
    );
    let foreign = run(&services, "restricted", &["share", "create", "vendor/globex/orders"]);
    assert_eq!(foreign.code, 2, "{foreign:#?}");
    assert_eq!(run(&services, "read_only", &["share", "create", "readme.md"]).code, 5);
}

#[test]
fn another_service_is_refused() {
    let outcome = finish(crate::harness::program().args(["user", "list", "--on", "memory:/"]));
    assert_eq!(outcome.code, 2, "{outcome:#?}");
    assert!(outcome.err.contains("no account on Files.com"), "{outcome:#?}");
}
