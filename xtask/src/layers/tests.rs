//! The rules hold here, and each of them can fail.

use std::fs;

use serde_json::{Value, json};

use super::table::{LAYERS, Layer};
use super::{check, declared, metadata, printed, reached};
use crate::cargo;
use crate::scratch::Scratch;
use crate::workspace::Workspace;

#[test]
fn this_workspace_is_straight() {
    if let Err(failure) = check(&Workspace::find()) {
        panic!("{failure}");
    }
}

/// Our own metadata, with one line put into one manifest.
#[track_caller]
fn check_added(package: &str, dependency: &Value, expected: &[&str]) {
    let mut document = own_metadata();
    let name = dependency["name"].as_str().unwrap();
    let dependencies = package_in(&mut document, package)["dependencies"].as_array_mut().unwrap();
    dependencies.retain(|each| each["name"] != name || each["kind"] != dependency["kind"]);
    dependencies.push(dependency.clone());
    check_document(&document, &format!("{package} -> {name} "), expected);
}

#[track_caller]
fn check_document(document: &Value, subject: &str, expected: &[&str]) {
    let packages = metadata::parse(&document.to_string()).unwrap();
    let findings = declared::strays(LAYERS, &packages);
    let hit = findings.iter().find(|finding| finding.starts_with(subject));
    let Some(hit) = hit else {
        panic!("nothing found about `{subject}` in {findings:#?}");
    };
    for part in expected {
        assert!(hit.contains(part), "`{part}` is not in: {hit}");
    }
}

fn own_metadata() -> Value {
    let text = cargo::capture(
        Workspace::find().root(),
        &["metadata", "--no-deps", "--format-version", "1"],
    );
    serde_json::from_str(&text.unwrap()).unwrap()
}

fn package_in<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    document["packages"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|each| each["name"] == name)
        .unwrap()
}

fn normal(name: &str) -> Value {
    json!({ "name": name, "kind": null, "optional": false })
}

fn optional(name: &str) -> Value {
    json!({ "name": name, "kind": null, "optional": true })
}

fn dev(name: &str) -> Value {
    json!({ "name": name, "kind": "dev", "optional": false })
}

fn build(name: &str) -> Value {
    json!({ "name": name, "kind": "build", "optional": false })
}

#[test]
fn model_takes_no_http_no_runtime_no_url() {
    let why = &["it may name: bitflags", "saved listing", "crates/model/Cargo.toml"];
    for name in ["http", "hyper", "tokio", "futures-util", "url"] {
        check_added("wharf-model", &normal(name), why);
        check_added("wharf-model", &optional(name), why);
        check_added("wharf-model", &build(name), why);
    }
    check_added("wharf-model", &normal("reqwest"), &["only wharf-transport may name reqwest"]);
    check_added("wharf-model", &dev("tokio"), &["it may name in tests: bitflags", "proptest"]);
}

#[test]
fn connector_takes_tokio_only_by_its_feature() {
    let rule = &["tokio (optional, by the feature `fs` alone)"];
    check_added("wharf-connector", &normal("tokio"), rule);
    check_added("wharf-connector", &normal("http"), rule);
    check_added("wharf-connector", &optional("hyper"), rule);
    check_added("wharf-connector", &normal("serde"), rule);
    check_added("wharf-connector", &normal("url"), rule);
    check_added("wharf-connector", &normal("reqwest"), &["only wharf-transport"]);
}

#[test]
fn tokio_in_connector_stays_off_by_default() {
    for (feature, on) in [
        ("default", json!(["fs"])),
        ("default", json!(["dep:tokio"])),
        ("handy", json!(["tokio/rt"])),
        ("handy", json!(["tokio"])),
    ] {
        let mut document = own_metadata();
        package_in(&mut document, "wharf-connector")["features"][feature] = on;
        check_document(&document, "wharf-connector -> tokio: ", &["`fs`", feature]);
    }
}

#[test]
fn the_foundations_do_not_know_each_other() {
    check_added("wharf-transport", &normal("wharf-model"), &["of ours it may name: nothing"]);
    check_added("wharf-transport", &normal("wharf-connector"), &["of ours"]);
    check_added("wharf-model", &normal("wharf-connector"), &["of ours"]);
    check_added("wharf-connector", &normal("wharf-model"), &["of ours"]);
}

#[test]
fn services_never_meet_and_never_send_by_themselves() {
    check_added("wharf-filescom", &normal("wharf-mft"), &["never meets the other service"]);
    check_added("wharf-mft", &dev("wharf-filescom"), &["of ours it may name in tests"]);
    check_added("wharf-filescom", &normal("reqwest"), &["only wharf-transport", "credentials"]);
    check_added("wharf-mft", &dev("reqwest"), &["only wharf-transport"]);
    check_added("wharf-mft", &normal("wharf-sandbox"), &["of ours it may name:"]);
}

#[test]
fn the_sandbox_stands_alone() {
    for name in ["wharf-model", "wharf-connector", "wharf-transport", "wharf-filescom", "wharf"] {
        check_added("wharf-sandbox", &normal(name), &["of ours it may name: nothing", "witness"]);
        check_added("wharf-sandbox", &dev(name), &["of ours it may name in tests: nothing"]);
    }
}

#[test]
fn the_front_door_holds_no_logic_and_the_program_goes_through_it() {
    check_added("wharf", &normal("serde_json"), &["it may name: nothing"]);
    check_added("wharf-cli", &normal("wharf-filescom"), &["of ours it may name: wharf"]);
    check_added("wharf-transfer", &normal("wharf-transport"), &["between any two backends"]);
    check_added("xtask", &normal("wharf-model"), &["the judge stands outside"]);
}

#[test]
fn crates_and_table_know_the_same_names() {
    let mut document = own_metadata();
    package_in(&mut document, "wharf-local")["name"] = json!("wharf-lokal");
    check_document(&document, "wharf-lokal ", &["not in the table of layers"]);
    check_document(&document, "wharf-local ", &["there is no such crate"]);
}

#[test]
fn a_crate_stays_in_its_folder() {
    let mut document = own_metadata();
    package_in(&mut document, "wharf-local")["manifest_path"] = json!("/x/crates/disk/Cargo.toml");
    check_document(
        &document,
        "wharf-local lives in ",
        &["crates/disk", "the table says crates/local"],
    );
}

#[track_caller]
fn check_reached(package: &str, tree: &str, excused: &[&str], expected: &[&str]) {
    let findings = reached::forbidden(layer(package), tree, excused);
    assert_eq!(findings.len(), expected.len(), "{findings:#?}");
    for (finding, part) in findings.iter().zip(expected) {
        assert!(finding.contains(part), "`{part}` is not in: {finding}");
    }
}

fn layer(package: &str) -> &'static Layer {
    LAYERS.iter().find(|each| each.package == package).unwrap()
}

#[test]
fn a_runtime_far_below_is_found_with_the_way_to_it() {
    let tree = "0 wharf-connector v0.1.0 (/x)\n1 bytes v1.0.0\n1 innocent v1.0.0\n\
                2 tokio v1.0.0\n3 mio v1.0.0\n1 late v1.0.0\n2 tokio v1.0.0 (*)\n";
    let way = "wharf-connector reaches tokio: wharf-connector -> innocent -> tokio\n";
    let below = "wharf-connector -> innocent -> tokio -> mio\n";
    check_reached("wharf-connector", tree, &[], &[way, below]);
    check_reached("wharf-connector", tree, &["tokio"], &[below]);
    check_reached(
        "wharf-model",
        "0 wharf-model v0.1.0\n1 hyper v1.0.0 (proc-macro)\n",
        &[],
        &["free of HTTP"],
    );
    check_reached("wharf-model", "0 wharf-model v0.1.0\n1 serde v1.0.0\n", &[], &[]);
    check_reached("wharf-model", "a line of another shape\n", &[], &["cannot read"]);
}

/// The same with the real cargo, on a workspace of three crates.
#[test]
fn cargo_itself_shows_what_hides_below() {
    let scratch = Scratch::new();
    let member = |name: &str, rest: &str| {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n{rest}"
        );
        scratch.write(&format!("crates/{name}/Cargo.toml"), &manifest);
        scratch.write(&format!("crates/{name}/src/lib.rs"), "//! Nothing.\n");
    };
    scratch.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n");
    member("wharf-connector", "[dependencies]\ninnocent = { path = \"../innocent\" }\n");
    member("innocent", "[target.'cfg(windows)'.dependencies]\nhyper = { path = \"../hyper\" }\n");
    member("hyper", "");

    let only = std::slice::from_ref(layer("wharf-connector"));
    let findings = reached::strays(only, &scratch.workspace()).unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let way = "wharf-connector -> innocent -> hyper\n    rule: it stays free of HTTP";
    assert!(findings[0].contains(way), "{findings:#?}");
}

/// A copy of our manifests with one careless line, judged from cargo's reading to the verdict.
#[test]
fn a_careless_line_in_a_manifest_fails_the_task() {
    for (folder, line, expected) in [
        ("model", "reqwest.workspace = true", "wharf-model -> reqwest (dependency)"),
        ("connector", "hyper.workspace = true", "wharf-connector -> hyper (dependency)"),
    ] {
        let scratch = copy_of_manifests();
        let path = format!("crates/{folder}/Cargo.toml");
        let manifest = scratch.workspace().read(&path).unwrap();
        let careless = manifest.replace("[dependencies]", &format!("[dependencies]\n{line}"));
        scratch.write(&path, &careless);
        let packages = super::packages(&scratch.workspace()).unwrap();
        let findings = declared::strays(LAYERS, &packages);
        let hit = findings.iter().any(|finding| finding.starts_with(expected));
        assert!(hit, "{findings:#?}");
    }
}

fn copy_of_manifests() -> Scratch {
    let scratch = Scratch::new();
    let own = Workspace::find();
    for path in own.paths_below("").unwrap() {
        if path.ends_with("Cargo.toml") {
            scratch.write(&path, &own.read(&path).unwrap());
            let folder = path.trim_end_matches("Cargo.toml");
            if !folder.is_empty() {
                fs::create_dir_all(scratch.root().join(folder).join("src")).unwrap();
                scratch.write(&format!("{folder}src/lib.rs"), "");
                scratch.write(&format!("{folder}src/main.rs"), "");
            }
        }
    }
    scratch
}

#[test]
fn the_printed_table_has_a_row_for_each_crate() {
    let table = printed::table(LAYERS);
    assert_eq!(table.lines().count(), LAYERS.len() + 2);
    assert!(table.contains("tokio (feature `fs`)"), "{table}");
}

#[test]
fn a_table_that_drifted_is_found() {
    let scratch = Scratch::new();
    let shown = printed::table(LAYERS);
    scratch.write("docs/architecture.md", &format!("# Rules\n\n{shown}\nMore.\n"));
    assert_eq!(printed::strays(LAYERS, &scratch.workspace()).unwrap(), None);
    scratch.write("docs/architecture.md", &shown.replace("reqwest", "curl"));
    assert!(printed::strays(LAYERS, &scratch.workspace()).unwrap().is_some());
}
