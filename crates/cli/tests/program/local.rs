//! Files of this machine, named as people name them.

use std::fs;

use crate::harness::{finish, program, wharf};

#[test]
fn a_folder_of_this_machine_is_a_place_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("in/deep")).unwrap();
    fs::write(root.join("in/a.txt"), "ahoy\n").unwrap();
    fs::write(root.join("in/deep/b%20 c.txt"), "b").unwrap();
    let at = |path: &str| root.join(path).to_str().unwrap().to_owned();

    let listing = wharf(["ls", "--json", &at("in")]).good().json();
    let names: Vec<_> = listing["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["a.txt", "deep"]);
    assert_eq!(listing["target"], at("in"));

    let same = wharf(["ls", "--json", &format!("file://{}", at("in"))]).good().json();
    assert_eq!(same, listing);
    let one = wharf(["ls", &at("in/a.txt")]).good().out;
    assert!(one.contains("5 B") && one.ends_with("  a.txt\n"), "{one}");
    let relative = finish(program().current_dir(&root).args(["ls", "--json", "in/deep/.."]));
    assert_eq!(relative.good().json(), listing);

    assert_eq!(wharf(["cat", &at("in/a.txt"), &at("in/deep/b%20 c.txt")]).good().out, "ahoy\nb");
    let document = wharf(["cat", "--json", &at("in/a.txt")]).good().json();
    assert_eq!(document["files"][0]["text"], "ahoy\n");

    let tree = wharf(["tree", &at("in")]).good().out;
    let want = "├── a.txt  (5 B)\n└── deep/\n    └── b%20 c.txt  (1 B)\n\n1 folder, 2 files, 6 B\n";
    assert_eq!(tree, format!("{}\n{want}", at("in")));
    let shallow = wharf(["tree", "--json", "-L", "1", &at("in")]).good().json();
    assert_eq!(shallow["entries"].as_array().map(Vec::len), Some(2));

    wharf(["mv", &at("in/a.txt"), &at("in/deep/")]).good();
    assert!(root.join("in/deep/a.txt").exists());
    assert_eq!(wharf(["rm", &at("in")]).code, 7);
    wharf(["rm", "-r", &at("in")]).good();
    assert!(!root.join("in").exists());
}

#[test]
#[cfg(unix)]
fn a_path_through_a_link_is_meant_as_the_system_means_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir(root.join("real")).unwrap();
    fs::write(root.join("real/a"), "a").unwrap();
    std::os::unix::fs::symlink("real", root.join("link")).unwrap();
    let through = root.join("link/a");
    assert_eq!(wharf(["cat", through.to_str().unwrap()]).good().out, "a");
}

#[test]
fn a_file_here_takes_a_time_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, "a").unwrap();
    let path = path.to_str().unwrap();
    let said = wharf(["set", "--modified", "2001-02-03", path]).good().out;
    assert!(said.ends_with("/a: modified 2001-02-03 00:00:00Z\n"), "{said}");
    let refused = wharf(["set", "--tag", "x", path]);
    assert_eq!(refused.code, 12);
    assert!(refused.err.contains(" on this machine: tags cannot be set"), "{refused:#?}");
    for slip in [&["set", path][..], &["set", path, "--modified", "soon"]] {
        assert_eq!(wharf(slip).code, 2, "{slip:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_no_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bytes");
    fs::write(&path, [0xff, 0xfe]).unwrap();
    let outcome = wharf(["cat", "--json", path.to_str().unwrap()]);
    assert_eq!(outcome.error()["kind"], "unsupported");
}

/// Root may write in any folder; the system's own keep it out all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_destination_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::write(root.join("a.txt"), "ahoy\n").unwrap();
    let from = root.join("a.txt").to_str().unwrap().to_owned();
    let in_a_file = format!("{from}/b.txt");
    fs::create_dir(root.join("b")).unwrap();
    let other = root.join("b/c.txt").to_str().unwrap().to_owned();
    fs::write(&other, "").unwrap();
    for (from, to, code) in
        [(&from, "/proc/nothing/a.txt", 3), (&from, "/proc/a.txt", 3), (&other, &*in_a_file, 9)]
    {
        let refused = wharf(["cp", "--json", from, to]);
        let error = refused.error();
        assert_eq!((refused.code, &error["path"]), (code, &to.into()), "{error}");
        assert_eq!(error["operation"], "write", "{error}");
        assert!(error["remedy"].as_str().is_some_and(|text| text.contains("choose another")));
        assert_eq!(error["reached"], "no", "{error}");
    }
}
