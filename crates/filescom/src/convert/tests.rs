//! Conversions, by table.

use wharf_connector::chrono::DateTime;

use super::*;

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

fn file(json: &str) -> File {
    serde_json::from_str(json).unwrap()
}

#[test]
fn names_that_mean_something_else_are_refused() {
    for good in [
        "/",
        "/a b/100%/e\u{301}.txt",
        "/...",
        "/..two",
        "/trailing.dot.",
        "/ leading",
        "/👩‍🚀",
        "/a:b*?\"<>|",
    ] {
        assert_eq!(wire_path(&path(good)).unwrap(), good.trim_start_matches('/'));
    }
    for bad in
        ["/a\\b", "/..\\etc", "/a\u{200b}b", "/\u{ff0e}\u{ff0e}", "/\u{ff0f}", "/a\u{ff0f}b", "/ "]
    {
        assert_eq!(wire_path(&path(bad)).unwrap_err().kind(), ErrorKind::Invalid, "{bad:?}");
    }
    assert!(wire_path(&path(&"n".repeat(512))).is_ok());
    assert!(wire_path(&path(&"n".repeat(513))).is_err());
    assert!(wire_path(&path(&"é".repeat(512))).is_ok());
    assert!(wire_path(&path(&"abc/".repeat(1251))).is_err());
}

#[test]
fn paths_are_compared_as_the_service_does() {
    for (a, b, same) in [
        ("/A/É.txt", "/a/e.TXT", true),
        ("/a", "/b", false),
        ("/a/b", "/a/bc", false),
        ("/groß", "/GROSS", true),
    ] {
        assert_eq!(is_same(&path(a), &path(b)), same, "{a} {b}");
    }
    for (below, folder, is) in [
        ("/a/b", "/A", true),
        ("/a", "/a", false),
        ("/ab", "/a", false),
        ("/a", "/", true),
        ("/É/x", "/e", true),
    ] {
        assert_eq!(is_below(&path(below), &path(folder)), is, "{below} {folder}");
    }
}

#[test]
fn a_file_is_described_whole() {
    let json = r#"{"path":"Docs/Report.TXT","type":"file","size":9,"crc32":"2ba685",
        "md5":"15E081c59a53cf6aadd83c7dc0e831d3","mime_type":"text/plain","permissions":"rlw",
        "created_at":"2022-07-16T23:35:58Z","mtime":"2022-07-16T23:35:59Z",
        "provided_mtime":"2020-01-01T00:00:00Z","custom_metadata":{"a":"1","b":null}}"#;
    let entry = entry(&path("/docs/report.txt"), file(json)).unwrap();
    assert_eq!(entry.path, path("/docs/report.txt"));
    assert_eq!((entry.kind, entry.size), (EntryKind::File, Some(9)));
    assert_eq!(entry.checksums.crc32, Some(0x002b_a685));
    assert_eq!(entry.checksums.md5.unwrap()[..3], [0x15, 0xe0, 0x81]);
    assert_eq!(entry.modified, DateTime::from_timestamp(1_577_836_800, 0));
    assert_eq!(entry.permissions.unwrap().to_string(), "show read create download modify");
    assert_eq!(entry.properties, BTreeMap::from([("a".to_owned(), "1".to_owned())]));
    assert_eq!(entry.content_type.as_deref(), Some("text/plain"));
}

#[test]
fn what_makes_no_sense_is_nothing() {
    let json = r#"{"type":"directory","size":-1,"crc32":null,"md5":"xyz"}"#;
    let folder = entry(&path("/a"), file(json)).unwrap();
    assert_eq!((folder.kind, folder.size), (EntryKind::Folder, None));
    assert!(folder.checksums.is_empty());
    let file = entry(&path("/a"), file(r#"{"type":"file","size":-1}"#)).unwrap();
    assert_eq!(file.size, None);
}

#[test]
fn the_path_told_counts_when_it_is_another() {
    let told = |told: &str| {
        entry(&path("/in/a.txt"), file(&format!(r#"{{"path":"{told}","type":"file"}}"#)))
            .map(|entry| entry.path.to_string())
    };
    assert_eq!(told("in/a.txt").unwrap(), "/in/a.txt");
    assert_eq!(told("IN/A.txt").unwrap(), "/in/a.txt");
    assert_eq!(told("vendor/in/a.txt").unwrap(), "/in/a.txt");
    assert_eq!(told("in/a_2.txt").unwrap(), "/in/a_2.txt");
    assert_eq!(told("../../etc/passwd").unwrap(), "/etc/passwd");
}

#[test]
fn only_children_are_children() {
    let child_of = |folder: &str, told: &str| {
        let folder = path(folder);
        let key = comparison_key(folder.relative());
        let file = file(&format!(r#"{{"path":"{told}","type":"file"}}"#));
        child(&folder, &key, file)
    };
    for (folder, told, name) in [
        ("/in", "in/a.txt", "/in/a.txt"),
        ("/in", "IN/a.txt", "/in/a.txt"),
        ("/", "a.txt", "/a.txt"),
    ] {
        let child = child_of(folder, told).unwrap().unwrap();
        assert_eq!(child.path.as_str(), name, "{told}");
    }
    assert!(child_of("/in", "in").is_none());
    for told in [
        "in/b/a.txt",
        "out/a.txt",
        "in/..",
        "in/../in/a",
        "in/../../etc/passwd",
        "in/C:\\\\x",
        "",
        "..",
    ] {
        let error = child_of("/in", told).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{told}: {error}");
    }
}

#[test]
fn digests() {
    assert_eq!(digest::<2>("0aFf"), Some([0x0a, 0xff]));
    for bad in ["", "0aF", "0aFf0", "0aFg", "+aFf", "0aé"] {
        assert_eq!(digest::<2>(bad), None, "{bad}");
    }
}
