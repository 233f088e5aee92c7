//! The ways to run the sandbox.

use std::fs;

use crate::harness::{Services, fed, finish, program, wharf};

#[test]
fn every_user_can_sign_in() {
    let services = Services::start();
    let users = services.document["users"].as_array().unwrap();
    assert!(users.len() >= 4, "{users:#?}");
    assert!(services.document.get("ca").is_none());
    let host = services.document["mft"].as_str().unwrap().replace("http://", "");
    for user in users {
        let name = user["name"].as_str().unwrap();
        let mut command = program();
        command.env("WHARF_MFT_PASSWORD", user["password"].as_str().unwrap());
        let report = finish(command.args(["test", &format!("mft+http://{name}@{host}/")])).good();
        assert!(report.out.contains(&format!("signed in as {name}")), "{report:#?}");
    }
}

#[test]
fn what_is_kept_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let key = {
        let services = Services::start_with(&["--data", data]);
        for target in [services.filescom("/kept.txt"), services.mft("/COMMON/kept.txt")] {
            fed(services.program().args(["put", "-", &target]), b"ahoy").good();
        }
        let second = wharf(["sandbox", "--json", "--data", data]);
        assert_eq!(second.error()["kind"], "conflict", "{second:#?}");
        services.key("full").to_owned()
    };
    let services = Services::start_with(&["--data", data]);
    assert_eq!(services.key("full"), key);
    for target in [services.filescom("/kept.txt"), services.mft("/COMMON/kept.txt")] {
        assert_eq!(services.wharf(["cat", &target]).good().out, "ahoy");
    }
}

#[test]
fn over_tls_the_certificate_must_be_trusted() {
    let services = Services::start_with(&["--tls"]);
    for target in [services.filescom("/"), services.mft("/")] {
        services.wharf(["ls", &target]).good();
    }
    let from = services.mft("/HOME/Admin/My Documents/2.html");
    services.wharf(["cp", &from, &services.filescom("/inbound/")]).good();

    for target in [services.filescom("/"), services.mft("/")] {
        let mut doubtful = services.program();
        doubtful.env_remove("SSL_CERT_FILE").args(["ls", "--json", &target]);
        let refused = finish(&mut doubtful);
        let error = refused.error();
        assert!(error["message"].as_str().unwrap().contains("no safe connection to"), "{error:#}");
        assert_eq!(error["transient"], false, "{error:#}");
        assert!(error["remedy"].as_str().unwrap().contains("SSL_CERT_FILE"), "{error:#}");
    }
}

#[test]
fn awkward_services_are_served_all_the_same() {
    let services = Services::start_with(&["--awkward"]);
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("file");
    fs::write(&local, vec![7; 100_000]).unwrap();
    let local = local.to_str().unwrap();
    for folder in [services.filescom("/awkward"), services.mft("/COMMON/awkward")] {
        for name in ["a", "b", "c"] {
            services.wharf(["put", local, &format!("{folder}/{name}")]).good();
        }
        services.wharf(["mv", &format!("{folder}/a"), &format!("{folder}/d")]).good();
        let listing = services.wharf(["ls", "--json", &folder]).good().json();
        let entries = listing["entries"].as_array().unwrap();
        let names: Vec<_> = entries.iter().map(|entry| &entry["name"]).collect();
        assert_eq!(names, ["b", "c", "d"]);
        assert_eq!(services.wharf(["cat", &format!("{folder}/none")]).code, 3);
    }
}

#[test]
fn addresses_of_other_machines_are_refused() {
    let refused = wharf(["sandbox", "--json", "--mft", "192.0.2.1:0"]);
    assert_eq!(refused.error()["kind"], "invalid", "{refused:#?}");
    assert_eq!(wharf(["sandbox", "--mft", "here"]).code, 2);
}
