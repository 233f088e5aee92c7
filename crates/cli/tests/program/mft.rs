//! Boomi MFT, played by a sandbox that is itself run by the program; and both services at once.

use std::fs;

use serde_json::json;

use crate::harness::{Services, fed, finish, program};

const SAMPLE: &str = "/HOME/Admin/My Documents/2.html";

#[test]
fn a_tree_of_ids_looks_like_any_other() {
    let services = Services::start();
    let entry = services.wharf(["stat", "--json", &services.mft(SAMPLE)]).good().json();
    let entry = &entry["entry"];
    assert_eq!(entry["id"], "2OMFYXLA6BP9D");
    assert_eq!(entry["size"], 198);
    assert_eq!(entry["tags"][0], "sample");
    let rights = ["read", "create", "download", "distribute", "manage", "modify", "delete"];
    assert_eq!(entry["permissions"], serde_json::json!(rights));

    let tree = services.wharf(["tree", &services.mft("/HOME/Admin")]).good().out;
    assert!(tree.contains("2.html  (198 B)"), "{tree}");
    let listing = services.wharf(["ls", &services.mft("/HOME/Admin/My Documents")]).good().out;
    assert!(listing.contains("infected.doc  (quarantined)"), "{listing}");
    let report = services.wharf(["test", &services.mft("/")]).good().out;
    assert!(report.contains("signed in as Admin"), "{report}");
}

#[test]
fn files_go_up_come_down_move_and_go() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("page.html");
    let local = local.to_str().unwrap();
    services.wharf(["get", &services.mft(SAMPLE), local]).good();
    assert_eq!(fs::read(local).unwrap().len(), 198);

    let put = services.wharf(["put", local, &services.mft("/COMMON/")]).good().out;
    assert!(put.contains(", size only; "), "this service tells no checksum: {put}");
    let up = services.mft("/COMMON/page.html");
    let again = services.wharf(["put", "--verify", "read-back", local, &up]).good().out;
    assert!(again.contains(", verified crc32 "), "{again}");
    assert_eq!(services.wharf(["put", "--verify", "required", local, &up]).code, 12);

    services.wharf(["mkdir", &services.mft("/COMMON/new/deep")]).good();
    services.wharf(["mv", &up, &services.mft("/COMMON/new/")]).good();
    let moved = services.wharf(["cat", &services.mft("/COMMON/new/page.html")]).good().out;
    assert_eq!(moved.as_bytes(), fs::read(local).unwrap());
    let refused = services.wharf(["rm", &services.mft("/COMMON/new")]);
    assert_eq!(refused.code, 7);
    assert!(!refused.err.contains("may have been done"), "nothing was sent: {refused:#?}");
    services.wharf(["rm", "-r", &services.mft("/COMMON/new")]).good();

    let stream = services.mft("/COMMON/stream.txt");
    fed(services.program().args(["put", "-", &stream]), b"ahoy").good();
    assert_eq!(services.wharf(["cat", &stream]).good().out, "ahoy");
}

#[test]
fn tags_and_a_description_are_set_and_removed() {
    let services = Services::start();
    let target = services.mft(SAMPLE);
    let look = || services.wharf(["stat", "--json", &target]).good().json()["entry"].clone();
    let set = ["set", "--tag", "invoices", "--tag", "of 2026", "--description", "From Acme"];
    let said = services.wharf(set.iter().chain(&[target.as_str()])).good().out;
    assert!(said.ends_with("2.html: \"From Acme\"; tags invoices, of 2026\n"), "{said}");
    let entry = look();
    assert_eq!(entry["tags"], serde_json::json!(["invoices", "of 2026"]));
    assert_eq!(entry["description"], "From Acme");

    let document = services.wharf(["set", "--json", "--no-tags", &target]).good().json();
    assert_eq!((&document["target"], &document["entry"]), (&target.as_str().into(), &look()));
    assert_eq!(look()["tags"], serde_json::json!([]));
    assert_eq!(look()["description"], "From Acme", "what is not named stays");

    let before = look();
    let refused = services.wharf(["set", "--json", "--tag", "x", "--modified", "now", &target]);
    let error = refused.error();
    assert_eq!((refused.code, &error["kind"]), (12, &"unsupported".into()), "{error:#}");
    assert_eq!(error["message"], "a time cannot be set there");
    assert_eq!(look(), before);
}

#[test]
fn a_folder_comes_as_an_archive() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    let documents = services.mft("/HOME/Admin/My Documents");
    let said = services.wharf(["get", "--zip", &documents, here]).good().out;
    assert!(said.contains("/My Documents.zip: ") && said.ends_with(", unverifiable\n"), "{said}");
    let archive = fs::read(folder.path().join("My Documents.zip")).unwrap();
    let has = |part: &[u8]| archive.windows(part.len()).any(|some| some == part);
    assert!(archive.starts_with(b"PK") && has(b"2.html"));
    // The end of the directory, and nothing of the footer after it.
    assert_eq!(archive[archive.len() - 22..][..4], *b"PK\x05\x06");
    assert!(!has(b"infected.doc"), "what is in quarantine stays there");

    let named = folder.path().join("named.zip");
    let named = named.to_str().unwrap();
    let document = services.wharf(["get", "--json", "--zip", &documents, named]).good().json();
    assert_eq!((&document["to"], &document["bytes"]), (&named.into(), &archive.len().into()));
    let taken = services.wharf(["get", "--json", "--zip", "--no-clobber", &documents, named]);
    assert_eq!(taken.error()["kind"], "already-exists");
    let streamed = services.program().args(["get", "--zip", &documents, "-"]).output().unwrap();
    assert_eq!(streamed.stdout, archive);

    for (target, kind, part) in [
        (services.mft(SAMPLE), "not-a-folder", "a file stands there"),
        (services.filescom("/"), "unsupported", "Files.com hands out no archives"),
    ] {
        let error = services.wharf(["get", "--json", "--zip", &target, here]).error();
        assert_eq!(error["kind"], kind, "{error:#}");
        assert!(error["message"].as_str().unwrap().contains(part), "{error:#}");
        assert!(error["remedy"].as_str().unwrap().contains("--zip"), "{error:#}");
    }
    services.fault(&json!({"route": "mft_download", "fault": {"cut_after": 500}}));
    let cut = folder.path().join("cut.zip");
    let broken = services.wharf(["get", "--json", "--zip", &documents, cut.to_str().unwrap()]);
    assert_eq!(broken.error()["kind"], "interrupted");
    assert!(!cut.exists(), "no half archive is left");
}

/// Twenty breaks, the footer included: what arrives is the file.
#[test]
fn a_download_cut_anywhere_is_whole() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("up.bin");
    let bytes: Vec<u8> = (0..30_000_u32).map(|at| ((at * 31) >> 5) as u8).collect();
    fs::write(&local, &bytes).unwrap();
    let target = services.mft("/COMMON/cut.bin");
    services.wharf(["put", local.to_str().unwrap(), &target]).good();
    // Whole numbers of a square generator: as good as random here, and said on failure.
    let seed = u64::from(std::process::id());
    let mut state = seed;
    for round in 0..20 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let anywhere = (state >> 33) % (bytes.len() as u64 + 200);
        let at = if round % 5 == 4 { bytes.len() as u64 + anywhere % 200 } else { anywhere };
        services.fault(&json!({"route": "mft_download", "fault": {"cut_after": at}}));
        let back = folder.path().join(format!("{round}.bin"));
        services.wharf(["get", &target, back.to_str().unwrap()]).good();
        assert!(fs::read(&back).unwrap() == bytes, "seed {seed}, cut at {at}");
    }
}

#[test]
fn what_the_service_holds_back_is_not_handed_out() {
    let services = Services::start();
    for (name, part) in [("infected.doc", "quarantine"), ("unfinished.iso", "not finished")] {
        let target = services.mft(&format!("/HOME/Admin/My Documents/{name}"));
        let blocked = services.wharf(["cat", "--json", &target]);
        let error = blocked.error();
        assert_eq!((blocked.code, &error["kind"]), (11, &"blocked".into()));
        assert!(error["message"].as_str().unwrap().contains(part), "{error:#}");
        assert!(blocked.out.is_empty(), "{blocked:#?}");
    }
}

#[test]
fn a_wrong_password_is_told_in_the_words_of_the_service() {
    let services = Services::start();
    let mut command = program();
    command.env("WHARF_MFT_PASSWORD", "planted").args(["ls", "--json", &services.mft("/")]);
    let refused = finish(&mut command);
    let error = refused.error();
    assert_eq!((refused.code, &error["kind"]), (4, &"unauthenticated".into()));
    assert!(error["document"]["ErrorCode"].is_number(), "{error:#}");
    assert!(!refused.err.contains("planted"), "{refused:#?}");
    let missing = finish(program().args(["ls", &services.mft("/"), "--json"])).error();
    assert!(missing["remedy"].as_str().unwrap().contains("WHARF_MFT_PASSWORD"), "{missing:#}");
}

#[test]
fn a_file_is_carried_between_the_services_both_ways() {
    let services = Services::start();
    let there = services.filescom("/inbound/");
    let over = services.wharf(["cp", "--json", &services.mft(SAMPLE), &there]).good().json();
    assert_eq!((&over["bytes"], &over["verdict"]), (&198.into(), &"verified".into()), "{over:#}");
    assert_eq!(over["to"], services.filescom("/inbound/2.html"));
    assert_eq!(over["receipt"]["from"]["scheme"], "mft");

    let back = services.mft("/COMMON/back.html");
    let from = services.filescom("/inbound/2.html");
    let back_again = services.wharf(["cp", "--json", &from, &back]).good().json();
    assert_eq!(back_again["verdict"], "size_only", "{back_again:#}");
    let page = |target: &str| services.wharf(["cat", target]).good().out;
    assert_eq!(page(&back), page(&services.mft(SAMPLE)));

    let two = services.wharf(["mv", &services.mft(SAMPLE), &there]);
    assert_eq!(two.code, 2, "{two:#?}");
    assert!(two.err.contains("wharf cp --verify required"), "{two:#?}");
}
