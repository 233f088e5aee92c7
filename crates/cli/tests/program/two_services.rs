//! Three connections to two services, each with what its own account may do.

use std::fs;

use crate::harness::{Services, finish};
use crate::person::Person;

/// A person with one account that may do all, one confined to a folder, and one of the other
/// service.
fn three(services: &Services) -> Person {
    let person = Person::new();
    person.add("acme", &services.filescom("/"), "api_key", services.key("full"));
    person.add("part", &services.filescom("/"), "api_key", services.key("restricted"));
    let password = services.document["users"][0]["password"].as_str().unwrap();
    person.add("globex", &services.mft("/HOME"), "password", password);
    person
}

#[test]
fn each_account_keeps_its_own_limits() {
    let services = Services::start();
    let person = three(&services);
    let listing = person.wharf(&["ls", "globex:Admin/My Documents", "--json"]).good().json();
    assert_eq!(listing["target"], "globex:/Admin/My Documents");
    let file = "globex:/Admin/My Documents/2.html";
    let copied = person.wharf(&["cp", file, "acme:/vendor/globex/2.html", "--json"]).good().json();
    assert_eq!(copied["from"], file);
    assert_eq!(
        (&copied["to"], &copied["verdict"]),
        (&"acme:/vendor/globex/2.html".into(), &"verified".into())
    );
    let hidden = person.wharf(&["cp", "part:/vendor/globex/2.html", "globex:/Admin/"]);
    assert_eq!(hidden.code, 3, "the confined key sees more than its folder: {hidden:#?}");
    let shown = person.wharf(&["connection", "show", "part", "--json"]).good().json();
    let own = shown["connections"][0]["confined_to"].as_str().unwrap();
    person.wharf(&["cp", "acme:/vendor/globex/2.html", &format!("part:{own}/2.html")]).good();
    person.wharf(&["cp", &format!("part:{own}/2.html"), "globex:/Admin/3.html"]).good();
    let all = [file, "acme:/vendor/globex/2.html", &format!("part:{own}/2.html")];
    let printed = person.wharf(&["cat", all[0], all[1], all[2]]).good().out;
    let one = person.wharf(&["cat", file]).good().out;
    assert_eq!(printed, one.repeat(3));
    let moved = person.wharf(&["mv", "acme:/vendor/globex/2.html", "part:/x.html"]);
    assert_eq!(moved.code, 2, "two keys are two accounts: {moved:#?}");
    person.wharf(&["connection", "test", "acme", "part", "globex"]).good();
}

#[test]
fn a_root_in_the_target_confines_the_connection() {
    let services = Services::start();
    let person = three(&services);
    person.add("in", &services.filescom("/vendor"), "api_key", services.key("full"));
    person.wharf(&["ls", "in:globex"]).good();
    assert_eq!(person.wharf(&["stat", "in:/readme.md"]).code, 3);
    assert_eq!(person.wharf(&["stat", "in:/../readme.md"]).code, 2);
    let moved = person.wharf(&["mkdir", "in:made", "acme:/vendor/too"]);
    moved.good();
    person.wharf(&["stat", "acme:/vendor/made"]).good();
}

#[test]
fn a_connection_is_complete_in_itself_and_arguments_come_before_it() {
    let services = Services::start();
    let person = three(&services);
    let mut command = person.unattended();
    command.env("FILES_API_KEY", services.key("revoked")).args(["ls", "acme:"]);
    finish(&mut command).good();
    let mut command = person.unattended();
    command.env("KEY", services.key("revoked")).args(["ls", "acme:", "--set", "api_key=@env:KEY"]);
    assert_eq!(finish(&mut command).code, 4);
}

#[test]
fn what_is_exported_is_imported_elsewhere() {
    let services = Services::start();
    let (here, there) = (three(&services), Person::new());
    let text = here.wharf(&["connection", "export"]).good().out;
    assert!(!text.contains(services.key("full")) && text.contains("api_key = \"ask:\""), "{text}");
    let file = there.home().join("export.toml");
    fs::write(&file, &text).unwrap();
    let path = file.to_str().unwrap();
    let nobody = there.wharf(&["connection", "import", path]);
    assert_eq!(nobody.code, 4, "there is nobody to ask: {nobody:#?}");
    assert!(!there.file().exists());
    let mut import = there.unattended();
    import.args(["connection", "import", path]);
    let password = services.document["users"][0]["password"].as_str().unwrap();
    let keys = [services.key("full"), services.key("restricted"), password];
    let session = crate::terminal::answering(&import, "(not shown): ", &keys, |_| ());
    session.outcome.good();
    there.wharf(&["connection", "test", "--all"]).good();
    let spy = "[connection.spy]\ntarget = 'filescom://evil.example/'\nsecrets.api_key = 'file:/etc/passwd'\n";
    fs::write(&file, spy).unwrap();
    let refused = there.wharf(&["connection", "import", path]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.err.contains("file:/etc/passwd for filescom://evil.example/"), "{refused:#?}");
}

#[test]
fn an_export_with_secrets_is_encrypted_and_needs_nobody_to_be_imported() {
    let services = Services::start();
    let (here, there) = (three(&services), Person::new());
    let file = here.home().join("all.age");
    let mut export = here.unattended();
    export.args(["connection", "export", "--with-secrets"]).arg(&file);
    let answers = ["correct horse", "correct horse"];
    let session = crate::terminal::answering(&export, "(not shown): ", &answers, |_| ());
    session.outcome.good();
    let password = services.document["users"][0]["password"].as_str().unwrap();
    for secret in [services.key("full"), services.key("restricted"), password] {
        assert_eq!(here.files_with(secret), Vec::<std::path::PathBuf>::new());
    }
    let passphrase = there.home().join("passphrase");
    let import = |text: &str| {
        there.write_closed(&passphrase, text);
        let mut import = there.unattended();
        import.args(["connection", "import"]).arg(&file).arg("--passphrase-file");
        finish(import.arg(&passphrase))
    };
    assert_eq!(import("wrong horse").code, 4);
    import("correct horse\n").good();
    there.wharf(&["connection", "test", "--all"]).good();
    assert_eq!(there.files_with(services.key("full")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn edits_keep_comments_and_are_tested() {
    let services = Services::start();
    let person = three(&services);
    let text = fs::read_to_string(person.file()).unwrap();
    let commented =
        text.replace("[connection.part]", "# mind this one\n[connection.part] # key of Bob");
    person.write_closed(&person.file(), &commented);
    person.wharf(&["connection", "edit", "part", "--description", "Bob's"]).good();
    person
        .wharf(&["connection", "edit", "acme", "--set", "page_size=7", "--rename", "acme-prod"])
        .good();
    let after = fs::read_to_string(person.file()).unwrap();
    for part in [
        "# mind this one\n[connection.part] # key of Bob",
        "Bob's",
        "page_size = \"7\"",
        "[connection.acme-prod]",
    ] {
        assert!(after.contains(part), "{part} is not in\n{after}");
    }
    person.wharf(&["ls", "acme-prod:"]).good();
    let bad =
        person.wharf(&["connection", "edit", "part", "--target", "filescom+http://127.0.0.1:9/"]);
    assert_eq!(bad.code, 21, "{bad:#?}");
    assert_eq!(fs::read_to_string(person.file()).unwrap(), after);
    assert_eq!(person.wharf(&["connection", "edit", "part"]).code, 2);
}
