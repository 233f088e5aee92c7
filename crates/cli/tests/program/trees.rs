//! Trees: `cp -r`, `sync`, `check` and `apply`, between all that there is.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Services, fed, finish, program, wharf};

/// Files by path below a folder of this machine.
fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

const FILES: &[(&str, &str)] = &[
    ("orders/2026/a.csv", "order;amount\n1;2\n"),
    ("orders/2026/empty.csv", ""),
    ("orders/b c (1) 50%.txt", "blanks and signs\n"),
    ("Rechnung März.txt", "umlauts\n"),
    ("top.bin", "x"),
];

#[test]
fn trees_go_round_every_service_and_come_back_the_same() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("here");
    write(&here, FILES);
    let large: Vec<u8> = (0..3_000_000u32).map(|n| (n ^ (n >> 7)) as u8).collect();
    fs::write(here.join("orders/large.bin"), large).unwrap();
    let local = |name: &str| text(&folder.path().join(name)).to_owned();
    let (filescom, mft) = (services.filescom("/trip"), services.mft("/HOME/Admin/trip"));
    for (from, to) in [
        (local("here"), filescom.clone()),
        (filescom.clone(), mft.clone()),
        (mft.clone(), services.filescom("/trip2")),
        (services.filescom("/trip2"), local("back")),
        (local("here"), services.mft("/HOME/Admin/trip2")),
        (services.mft("/HOME/Admin/trip2"), local("back2")),
    ] {
        let done = services.wharf(["sync", "--json", &from, &to]).good().json();
        assert_eq!(done["copied"], FILES.len() + 1, "{from} {to}: {done}");
        let checked = services.wharf(["check", "--json", "--checksum", &from, &to]).good().json();
        assert_eq!(checked["same"], FILES.len() + 1, "{from} {to}: {checked}");
        assert_eq!(checked["agrees"], true);
    }
    let home = services.wharf(["check", "--checksum", text(&here), &local("back")]).good();
    assert!(home.out.contains("6 agree, 0 differ"), "{}", home.out);
    services.wharf(["check", "--checksum", text(&here), &local("back2")]).good();
    // A tree that nobody touched costs no copy, where times are kept.
    let again = services.wharf(["sync", "--json", text(&here), &filescom]).good().json();
    assert_eq!((&again["copied"], &again["unchanged"]), (&Value::from(0), &Value::from(6)));
}

#[test]
fn a_plan_shows_does_and_counts() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("here");
    write(&here, FILES);
    let (source, there) = (text(&here), services.filescom("/plan"));
    let dry = services.wharf(["sync", "--json", "--dry-run", source, &there]).good().json();
    assert_eq!((&dry["plan"]["copies"], &dry["plan"]["folders"]), (&5.into(), &2.into()));
    assert_eq!((&dry["plan"]["calls"], &dry["plan"]["calls_known"]), (&17.into(), &true.into()));
    assert_eq!(dry["steps"].as_array().unwrap().len(), 7);
    assert_eq!(services.wharf(["ls", &there]).code, 3, "a dry run does nothing");

    let plan = folder.path().join("plan.jsonl");
    services.wharf(["sync", "--plan", text(&plan), source, &there]).good();
    assert_eq!(services.wharf(["ls", &there]).code, 3, "a plan does nothing");
    let done = services.wharf(["apply", "--json", text(&plan)]).good().json();
    assert_eq!((&done["copied"], &done["complete"]), (&5.into(), &true.into()));
    services.wharf(["check", "--checksum", source, &there]).good();

    // The same plan once more: everything stands there by now.
    let again = services.wharf(["apply", "--json", text(&plan)]);
    assert_eq!(again.code, 41, "{again:?}");
    assert_eq!(again.json()["changed"].as_array().unwrap().len(), 5);

    let whole = fs::read_to_string(&plan).unwrap();
    assert!(!whole.contains(services.key("full")), "no secret in a plan");
    let cut = whole.lines().take(3).map(|line| format!("{line}\n")).collect::<String>();
    fs::write(&plan, cut).unwrap();
    let refused = services.wharf(["apply", "--json", text(&plan)]);
    assert!(refused.error()["message"].as_str().unwrap().contains("cut short"));
}

#[test]
fn sync_deletes_only_as_much_as_is_allowed_and_keeps_what_it_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), &[("same", "1"), ("new", "22")]);
    write(&at("b"), &[("same", "1"), ("new", "1"), ("old", "1"), ("tmp/x.tmp", "1")]);
    let (a, b) = (at("a"), at("b"));
    let (a, b) = (text(&a), text(&b));
    let refused = wharf(["sync", "--delete", "--max-delete", "10%", "--json", a, b]);
    assert_eq!(refused.error()["kind"], "conflict");
    assert!(at("b/old").exists());
    let kept = at("kept");
    let sync = ["sync", "--delete", "--exclude", "*.tmp", "--backup-dir", text(&kept), a, b];
    wharf(sync).good();
    assert!(!at("b/old").exists() && at("b/tmp/x.tmp").exists());
    assert_eq!(fs::read_to_string(at("kept/new")).unwrap(), "1");
    assert_eq!(fs::read_to_string(at("kept/old")).unwrap(), "1");
    assert_eq!(fs::read_to_string(at("b/new")).unwrap(), "22");
    fs::remove_dir_all(at("a")).unwrap();
    fs::create_dir(at("a")).unwrap();
    let empty = wharf(["sync", "--delete", a, b]);
    assert!(empty.code == 10 && empty.err.contains("no file"), "{empty:?}");
}

#[test]
fn check_ends_with_a_code_for_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), &[("x", "1"), ("only", "1")]);
    write(&at("b"), &[("x", "22"), ("extra", "1")]);
    let (a, b) = (at("a"), at("b"));
    let (a, b) = (text(&a), text(&b));
    let found = wharf(["check", a, b]);
    assert_eq!(found.code, 40);
    for line in ["differs  x  (the sizes differ)", "missing  only", "extra    extra"] {
        assert!(found.out.lines().any(|told| told == line), "{line}: {}", found.out);
    }
    let document = wharf(["check", "--json", "--one-way", a, b]).json();
    assert_eq!((&document["extra"], &document["missing"]), (&0.into(), &1.into()));
    wharf(["check", "--exclude", "*", a, b]).good();
    assert_eq!(wharf(["check", a, text(&at("nothing"))]).code, 3);
    assert_eq!(wharf(["check", a, text(&at("a/x"))]).code, 9);
}

#[test]
#[cfg(unix)]
fn links_and_strange_names_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), &[("x", "1")]);
    std::os::unix::fs::symlink("x", at("a/link")).unwrap();
    let (a, b) = (at("a"), at("b"));
    let (a, b) = (text(&a), text(&b));
    let skipped = wharf(["sync", a, b]).good();
    assert!(skipped.err.contains("skipped") && skipped.err.contains("link"), "{skipped:?}");
    assert!(!at("b/link").exists());
    assert_eq!(wharf(["sync", "--links", "refuse", a, b]).code, 10);
    wharf(["sync", "--links", "follow", a, b]).good();
    assert_eq!(fs::read_to_string(at("b/link")).unwrap(), "1");

    let strange = at("a").join(std::ffi::OsStr::from_bytes(b"bad\xff"));
    fs::write(strange, "1").unwrap();
    let told = wharf(["sync", "--links", "follow", a, b]);
    assert_eq!(told.code, 41);
    assert!(told.err.contains("not UTF-8"), "{told:?}");
}

#[test]
fn names_that_are_one_at_the_destination_stop_it_before_the_first_byte() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("here");
    write(
        &here,
        &[("README", "1"), ("readme", "2"), ("caf\u{e9}", "1"), ("cafe", "2"), ("ok", "1")],
    );
    let there = services.filescom("/clash");
    let refused = services.wharf(["sync", text(&here), &there]);
    assert_eq!(refused.code, 10, "{refused:?}");
    assert_eq!(refused.err.lines().filter(|line| line.starts_with("problem")).count(), 2);
    assert_eq!(services.wharf(["ls", &there]).code, 3);
    let skipped = services.wharf(["sync", "--json", "--skip-misfits", text(&here), &there]);
    assert_eq!((skipped.code, &skipped.json()["copied"]), (41, &1.into()));
    let troubles = &skipped.json()["troubles"];
    assert_eq!(troubles.as_array().map(Vec::len), Some(2), "{troubles}");
    assert_eq!(troubles[0]["kind"], "collision", "{troubles}");
    let (extra, ok) = (format!("{there}/extra"), here.join("ok"));
    services.wharf(["put", text(&ok), &extra]).good();
    let unsure =
        ["sync", "--delete", "--max-delete", "100%", "--skip-misfits", text(&here), &there];
    let unsure = services.wharf(unsure);
    assert!(unsure.err.contains("nothing will be deleted (1 would be)"), "{unsure:?}");
    services.wharf(["stat", &extra]).good();
    // Of each pair one is left out: the others are carried.
    let chosen = ["--exclude", "README", "--exclude", "cafe", text(&here)];
    let to = services.filescom("/chosen");
    let chosen = [&["sync", "--json"][..], &chosen, &[to.as_str()]].concat();
    let chosen = services.wharf(chosen).good().json();
    assert_eq!(chosen["copied"], 3, "{chosen}");
}

#[test]
fn copies_of_trees_go_where_those_of_files_would() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), &[("x.csv", "1"), ("y.txt", "1")]);
    let (a, new) = (at("a"), at("new"));
    let (a, new) = (text(&a), text(&new));
    wharf(["cp", "-r", a, new]).good();
    assert!(at("new/x.csv").exists(), "a folder that is not there gets the name");
    wharf(["cp", "-r", "--include", "*.csv", a, new]).good();
    assert!(at("new/a/x.csv").exists() && !at("new/a/y.txt").exists());
    fs::write(at("new/x.csv"), "mine").unwrap();
    let kept = wharf(["sync", "--json", "--no-clobber", a, new]).good().json();
    assert_eq!((&kept["kept"], &kept["copied"]), (&1.into(), &0.into()), "{kept}");
    assert_eq!(fs::read_to_string(at("new/x.csv")).unwrap(), "mine");
    assert_eq!(wharf(["cp", "--include", "*.csv", a, new]).code, 2, "a filter without -r");
    assert_eq!(
        wharf(["cp", "-r", "--bwlimit", "0.5", a, new]).code,
        2,
        "less than a byte a second"
    );
    wharf(["put", "-r", a, text(&at("p"))]).good();
    wharf(["get", "-r", a, text(&at("g"))]).good();
    assert!(at("p/y.txt").exists() && at("g/y.txt").exists());
    wharf(["cp", "-r", text(&at("a/x.csv")), text(&at("file"))]).good();
    assert_eq!(fs::read_to_string(at("file")).unwrap(), "1");
    let nested = wharf(["cp", "-r", a, text(&at("a/inside"))]);
    assert_eq!(nested.code, 2, "{nested:?}");
}

#[test]
fn trees_to_memory_are_carried() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FILES);
    let done = wharf(["sync", "--json", text(folder.path()), "memory:/x"]).good().json();
    assert_eq!((&done["copied"], &done["complete"]), (&5.into(), &true.into()));
}

#[test]
fn a_service_with_times_of_its_own_gets_nothing_twice() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let (here, state) = (folder.path().join("here"), folder.path().join("state"));
    write(&here, FILES);
    let there = services.mft("/HOME/Admin/again");
    let sync = |more: &[&str]| {
        let mut command = services.program();
        command.env("WHARF_STATE", &state).args(["sync", "--json"]).args(more);
        let told = finish(command.args([text(&here), &there])).good().json();
        (told["copied"].clone(), told["unchanged"].clone())
    };
    let counts = |copied: u64, unchanged: u64| (copied.into(), unchanged.into());
    let behind_its_back = |method: &str, text: &str| {
        services.control("POST", "clock", "{\"advance\": 5}");
        services.control(method, "content/mft/FOLDERS/HOME/Admin/again/top.bin", text);
    };
    assert_eq!(sync(&[]), counts(5, 0));
    assert_eq!(sync(&[]), counts(0, 5));
    fs::write(here.join("top.bin"), "y").unwrap();
    assert_eq!(sync(&[]), counts(1, 4), "the source has changed, and not its size");
    assert_eq!(sync(&[]), counts(0, 5));
    behind_its_back("PUT", "z");
    assert_eq!(sync(&[]), counts(1, 4), "the destination has changed, and not its size");
    behind_its_back("DELETE", "");
    assert_eq!(sync(&[]), counts(1, 4), "it is gone at the destination");
    assert_eq!(sync(&["--checksum"]), counts(5, 0), "nothing but checksums was asked for");
    fs::remove_dir_all(&state).unwrap();
    assert_eq!(sync(&[]), counts(5, 0), "nothing is known any more");
    fs::remove_dir_all(&state).unwrap();
    assert_eq!(sync(&["--checksum", "--read"]), counts(0, 5));
    assert_eq!(sync(&[]), counts(0, 5), "what was read is known");
}

#[test]
fn what_only_trees_understand_is_refused_for_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| text(&folder.path().join(name)).to_owned();
    write(folder.path(), &[("a", "new"), ("b", "old")]);
    let (a, b, plan) = (at("a"), at("b"), at("plan"));
    for options in [
        vec!["--dry-run"],
        vec!["--plan", &plan],
        vec!["--exclude", "a"],
        vec!["--max-size", "1"],
        vec!["--skip-misfits"],
    ] {
        for (command, from) in
            [("cp", &*a), ("cp", "-r"), ("get", "-r"), ("put", "-r"), ("put", "-"), ("get", "")]
        {
            let mut run = program();
            run.arg(command).args(&options);
            match from {
                "-r" => run.args(["-r", &a, &b]),
                "" => run.args([&*a, "-"]),
                from => run.args([from, &b]),
            };
            let refused = fed(&mut run, b"streamed");
            assert_eq!(refused.code, 2, "{command} {from} {options:?}: {refused:?}");
            assert!(refused.err.contains("are for trees"), "{refused:?}");
            assert_eq!(refused.out, "");
        }
    }
    assert_eq!(fs::read_to_string(&b).unwrap(), "old");
    assert!(!Path::new(&plan).exists());
    // How fast it is to be done has a meaning for whatever is found.
    wharf(["cp", "-r", "--parallel", "2", &a, &b]).good();
    assert_eq!(fs::read_to_string(&b).unwrap(), "new");
}

#[test]
#[cfg(unix)]
fn a_check_that_left_something_out_does_not_say_that_all_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), &[("x", "1")]);
    write(&at("b"), &[("x", "1")]);
    let (a, b) = (at("a"), at("b"));
    wharf(["check", "--checksum", text(&a), text(&b)]).good();
    std::os::unix::fs::symlink("x", at("a/link")).unwrap();
    let left_out = wharf(["check", "--json", "--checksum", text(&a), text(&b)]);
    assert_eq!((left_out.code, &left_out.json()["agrees"]), (40, &false.into()));
}
