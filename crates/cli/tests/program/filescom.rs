//! Files.com, played by a sandbox that is itself run by the program.

use std::fs;

use crate::harness::{Services, fed, finish, program};

#[test]
fn files_go_up_and_come_down_proved() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("up.bin");
    let content: Vec<u8> = (0..300_000u32).map(|n| (n * 7 + n / 251) as u8).collect();
    fs::write(&local, &content).unwrap();
    let local = local.to_str().unwrap();

    let put =
        services.wharf(["put", "--json", local, &services.filescom("/inbound/")]).good().json();
    assert_eq!(put["to"], services.filescom("/inbound/up.bin"));
    assert_eq!((&put["bytes"], &put["verdict"]), (&300_000.into(), &"verified".into()), "{put:#}");
    let sum = put["checksum"]["crc32"].as_str().unwrap().to_owned();

    let down = folder.path().join("down.bin");
    let target = services.filescom("/inbound/up.bin");
    let get =
        services.wharf(["get", "--verify", "read-back", &target, down.to_str().unwrap()]).good();
    assert!(get.out.contains(&format!("verified crc32 {sum} at both ends")), "{get:#?}");
    assert_eq!(fs::read(&down).unwrap(), content);

    let entry = services.wharf(["stat", "--json", &target]).good().json();
    assert_eq!(entry["entry"]["checksums"]["crc32"], sum);
    services.wharf(["cp", &target, &services.filescom("/vendor/copy.bin")]).good();
    services
        .wharf(["mv", &services.filescom("/vendor/copy.bin"), &services.filescom("/moved.bin")])
        .good();
    let listing = services.wharf(["ls", "--json", &services.filescom("/")]).good().json();
    let names: Vec<_> = listing["entries"].as_array().unwrap().iter().map(|e| &e["name"]).collect();
    assert!(names.contains(&&"moved.bin".into()), "{names:?}");
    services.wharf(["rm", &services.filescom("/moved.bin")]).good();
    assert_eq!(services.wharf(["stat", &services.filescom("/moved.bin")]).code, 3);
}

#[test]
fn a_time_and_properties_are_set() {
    let services = Services::start();
    let target = services.filescom("/readme.md");
    let set = ["set", "--modified", "2001-02-03T04:05:06+01:00", "--property", "origin=acme"];
    let said = services.wharf(set.iter().chain(&["--property", "no=7", &target])).good().out;
    let end = "/readme.md: modified 2001-02-03 03:05:06Z; properties no=7, origin=acme\n";
    assert!(said.ends_with(end), "{said}");
    let entry = services.wharf(["stat", "--json", &target]).good().json()["entry"].clone();
    assert_eq!(entry["modified"], "2001-02-03T03:05:06Z");
    assert_eq!(entry["properties"], serde_json::json!({"no": "7", "origin": "acme"}));
    services.wharf(["set", "--quiet", "--no-properties", &target]).good();
    let entry = services.wharf(["stat", "--json", &target]).good().json()["entry"].clone();
    assert_eq!(entry["properties"], serde_json::json!({}));

    let missing = services.filescom("/none.md");
    assert_eq!(services.wharf(["set", "--modified", "now", &missing]).code, 3);
    let refused = services.wharf(["set", "--tag", "a", "--description", "", &target]);
    assert_eq!(refused.code, 12, "{refused:#?}");
    assert!(refused.err.contains("on Files.com: a description and tags cannot"), "{refused:#?}");
}

#[test]
fn standard_streams_are_ends_like_any_other() {
    let services = Services::start();
    let target = services.filescom("/deep/er/Käse 50% #1.txt");
    let put =
        fed(services.program().args(["put", "-", &target, "--json"]), b"ahoy\n").good().json();
    assert_eq!((&put["from"], &put["verdict"]), (&"-".into(), &"verified".into()));
    assert_eq!(services.wharf(["cat", &target]).good().out, "ahoy\n");
    assert_eq!(services.wharf(["get", &target, "-"]).good().out, "ahoy\n");
    let empty = services.filescom("/empty");
    fed(services.program().args(["put", "-", &empty]), b"").good();
    assert_eq!(services.wharf(["cat", &empty]).good().out, "");

    let nameless = fed(services.program().args(["put", "-", &services.filescom("/deep/")]), b"x");
    assert_eq!(nameless.code, 2, "{nameless:#?}");
    let both = services.wharf(["get", &target, "-", "--json"]);
    assert_eq!(both.error()["kind"], "invalid");
    let into_a_folder =
        fed(services.program().args(["put", "-", &services.filescom("/deep")]), b"x");
    assert_eq!(into_a_folder.code, 2, "{into_a_folder:#?}");
}

#[test]
fn what_stands_there_is_left_alone_when_asked() {
    let services = Services::start();
    let target = services.filescom("/readme.md");
    let before = services.wharf(["cat", &target]).good().out;
    let refused = fed(services.program().args(["put", "--no-clobber", "-", &target]), b"new");
    assert_eq!(refused.code, 6, "{refused:#?}");
    assert_eq!(services.wharf(["cat", &target]).good().out, before);
}

#[test]
fn a_name_that_the_service_takes_for_another_replaces_nothing() {
    let (services, folder) = (Services::start(), tempfile::tempdir().unwrap());
    let file = folder.path().join("REPORT É.txt");
    std::fs::write(&file, "new").unwrap();
    let (file, kept) = (file.to_str().unwrap(), services.filescom("/inbound/Report é.txt"));
    services.wharf(["put", file, &kept]).good();

    for destination in ["/inbound/", "/inbound", "/inbound/report E.txt"] {
        let refused = services.wharf(["put", file, &services.filescom(destination), "--json"]);
        assert_eq!(refused.error()["kind"], "already-exists", "{destination}");
        let message = refused.error()["message"].to_string();
        assert!(message.contains("`Report é.txt` stands there"), "{message}");
    }
    services.wharf(["put", file, &kept]).good();
    let renamed = services.filescom("/inbound/REPORT é.txt");
    let onto_itself = services.wharf(["mv", &kept, &renamed, "--json"]);
    assert_eq!(onto_itself.error()["kind"], "invalid", "{onto_itself:#?}");
    assert_eq!(onto_itself.error()["reached"], "no", "{onto_itself:#?}");
}

#[test]
fn refusals_bring_the_document_of_the_service() {
    let services = Services::start();
    let item = "/vendor/globex/orders/2026-11-01.csv";
    for (key, verb, path, code, status, kind) in [
        ("revoked", "ls", "/", 4, 401, "not-authenticated/invalid-credentials"),
        ("restricted", "stat", item, 3, 404, "not-found"),
        ("restricted", "cat", item, 3, 404, "not-found"),
    ] {
        let target = services.filescom(path);
        let mut command = program();
        command.env("FILES_API_KEY", services.key(key)).args([verb, &target, "--json"]);
        let outcome = finish(&mut command);
        assert_eq!(outcome.code, code, "{outcome:#?}");
        let error = outcome.error();
        let document = error["document"].as_object().unwrap();
        let names: Vec<_> = document.keys().map(String::as_str).collect();
        assert_eq!(names, ["error", "http-code", "instance", "title", "type"]);
        assert_eq!((&document["http-code"], &document["type"]), (&status.into(), &kind.into()));
        assert!(error["remedy"].as_str().unwrap().contains("key"), "{error:#}");
        assert!(!outcome.err.contains(services.key(key)), "{outcome:#?}");
    }
}

#[test]
fn a_failed_test_says_how_far_it_came() {
    let services = Services::start();
    let target = services.filescom("/");
    let passed = services.wharf(["test", "--json", &target]).good().json();
    assert_eq!(passed["report"]["passed"], true, "{passed:#}");
    let mut revoked = program();
    revoked.env("FILES_API_KEY", services.key("revoked")).args(["test", &target]);
    let text = finish(&mut revoked);
    assert_eq!(text.code, 4);
    for part in ["FAILED  credentials", "\"http-code\": 401", "What to do:"] {
        assert!(text.err.contains(part), "{part} is not in {text:#?}");
    }
    let error = finish(revoked.arg("--json")).error();
    let stages = error["report"]["stages"].as_array().unwrap();
    assert!(stages.iter().any(|stage| stage["outcome"] == "failed"), "{error:#}");
}

#[test]
fn secrets_come_from_a_variable_a_closed_file_or_not_at_all() {
    let services = Services::start();
    let target = services.filescom("/");
    let missing = finish(program().args(["ls", &target, "--json"]));
    let error = missing.error();
    assert_eq!(error["kind"], "unauthenticated");
    assert!(error["remedy"].as_str().unwrap().contains("FILES_API_KEY"), "{error:#}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, format!("{}\n", services.key("full"))).unwrap();
    let setting = format!("api_key=@{}", file.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let open = finish(program().args(["ls", &target, "--set", &setting]));
        assert_eq!(open.code, 2, "{open:#?}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }
    finish(program().args(["ls", &target, "--set", &setting])).good();
    let named = "api_key=@env:SOME_OTHER_NAME";
    let mut command = program();
    command.env("SOME_OTHER_NAME", services.key("full")).args(["ls", &target, "--set", named]);
    finish(&mut command).good();
}

#[test]
fn two_accounts_of_one_service_have_a_key_each() {
    let (here, there) = (Services::start(), Services::start());
    let (from, to) = (here.filescom("/readme.md"), there.filescom("/copied.md"));
    let mut command = program();
    command
        .env("ONE_KEY", here.key("full"))
        .env("OTHER_KEY", there.key("read_only"))
        .args(["cp", &from, &to])
        .args(["--from-set", "api_key=@env:ONE_KEY", "--to-set", "api_key=@env:OTHER_KEY"]);
    let refused = finish(&mut command);
    assert_eq!(refused.code, 5, "a key that may read only was used: {refused:#?}");
    finish(command.env("OTHER_KEY", there.key("full"))).good();
    let copied = there.wharf(["cat", &to]).good().out;
    assert_eq!(copied, here.wharf(["cat", &from]).good().out);
    let unknown = finish(command.args(["--to-set", "api_ky=@env:X"]));
    assert!(unknown.err.contains("Did you mean `api_key`?"), "{unknown:#?}");
}

#[test]
fn no_output_shows_a_key() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let file = file.to_str().unwrap();
    let target = services.filescom("/readme.md");
    for key in ["full", "revoked", "restricted"] {
        for arguments in [
            &["test", &target][..],
            &["ls", &target],
            &["get", &target, file],
            &["put", file, &target],
        ] {
            let mut command = program();
            command.env("FILES_API_KEY", services.key(key)).args(arguments).arg("-vvv");
            let outcome = finish(&mut command);
            assert!(outcome.err.contains("/api/rest/v1/"), "nothing was logged: {outcome:#?}");
            let all = format!("{outcome:?}");
            assert!(!all.contains(services.key(key)), "{all}");
            // A pre-signed address is a secret too: it ends in a signature.
            assert!(!all.contains("ignature="), "{all}");
        }
    }
}
