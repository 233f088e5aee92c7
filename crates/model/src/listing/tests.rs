//! Tests of the listing parser.

use proptest::prelude::*;

use super::*;
use crate::filescom::File;
use crate::mft::{Entry, FileInfo, FolderInfo};

type Outcome = Result<Vec<String>, ListingErrorKind>;

/// Feeds the pieces and takes out what there is after each. The error, if any, comes last.
fn read<'p, T: Listed + fmt::Debug>(
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> (Vec<String>, Option<ListingError>) {
    let mut parser = ListingParser::<T>::new();
    let mut entries = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        loop {
            match parser.next_entry() {
                Ok(Some(entry)) => entries.push(format!("{entry:?}")),
                Ok(None) => break,
                Err(error) => return (entries, Some(error)),
            }
        }
    }
    (entries, parser.finish().err())
}

fn outcome<T: Listed + fmt::Debug>(body: &[u8], piece: usize) -> Outcome {
    match read::<T>(body.chunks(piece)) {
        (entries, None) => Ok(entries),
        (_, Some(error)) => Err(error.kind()),
    }
}

fn mft(body: &str) -> Outcome {
    let whole = outcome::<Entry>(body.as_bytes(), usize::MAX);
    assert_eq!(outcome::<Entry>(body.as_bytes(), 1), whole, "{body}");
    whole
}

fn filescom(body: &str) -> Outcome {
    let whole = outcome::<File>(body.as_bytes(), usize::MAX);
    assert_eq!(outcome::<File>(body.as_bytes(), 1), whole, "{body}");
    whole
}

fn folder(id: &str) -> String {
    format!("{:?}", Entry::Folder(FolderInfo::new(id.into(), "n")))
}

fn file(id: &str) -> String {
    format!("{:?}", Entry::File(FileInfo::new(id.into(), "n")))
}

#[test]
fn members_in_any_order_absent_null_or_repeated() {
    let a = r#"{"FileID":"A","Name":"n"}"#;
    let b = r#"{"FolderID":"B","Name":"n"}"#;
    for (body, expected) in [
        (format!(r#"{{"Files":[{a}],"Folders":[{b}]}}"#), vec![file("A"), folder("B")]),
        (
            format!(r#" {{ "folders" : [ {b} , {b} ] , "FILES" : [ ] }} "#),
            vec![folder("B"), folder("B")],
        ),
        (format!(r#"{{"Files":null,"Folders":[{b}]}}"#), vec![folder("B")]),
        (format!(r#"{{"Files":[{a}],"Files":[{a}]}}"#), vec![file("A"), file("A")]),
        (
            format!(r#"{{"Count":2,"Note":"]}}","Files":[{a}],"More":{{"a":[1.5]}}}}"#),
            vec![file("A")],
        ),
        (r#"{"Files":null,"Folders":null}"#.into(), vec![]),
        ("\u{feff}{}\r\n".into(), vec![]),
        (r#"{"\u0046iles":[]}"#.into(), vec![]),
    ] {
        assert_eq!(mft(&body), Ok(expected), "{body}");
    }
}

#[test]
fn arrays() {
    assert_eq!(filescom(" [ ] "), Ok(vec![]));
    let two = filescom(r#"[{"type":"file","path":"é"},{"type":"directory"}]"#).unwrap();
    assert_eq!(two.len(), 2);
    assert!(two[0].contains("é"));
}

#[test]
fn what_is_no_listing_is_refused() {
    use ListingErrorKind::*;
    for (body, kind) in [
        ("", Truncated),
        ("  ", Truncated),
        ("{", Truncated),
        (r#"{"Files":[{"FileID":"A","Name":"n"}"#, Truncated),
        (r#"{"Files":[{"FileID":"A","#, Truncated),
        (r#"{"Files":[],"Fol"#, Truncated),
        (r#"{"Count":1"#, Truncated),
        ("[]", NotAListing),
        ("null", NotAListing),
        ("<html>", NotAListing),
        (r#"{"Files":7}"#, NotAListing),
        (r#"{"Files":{}}"#, NotAListing),
        (r#"{"Count":1}"#, NotAListing),
        (r#"{"Files":[1]}"#, Unexpected),
        (r#"{"Files":[null]}"#, Unexpected),
        (r#"{"Files":[,]}"#, Unexpected),
        (r#"{"Files":[]]"#, Unexpected),
        (r#"{"Files" []}"#, Unexpected),
        (r#"{"Files":[],}"#, Unexpected),
        (r#"{Files:[]}"#, Unexpected),
        (r#"{"Files":[{"FileID":"A","Name":"n"},]}"#, Unexpected),
        (r#"{"Files":[{"FileID":"A","Name":"n"} {"#, Unexpected),
        (r#"{"Files":[{"Name":"n"}]}"#, Entry),
        (r#"{"Files":[{"FileID":"A","Name":"n",}]}"#, Entry),
        (r#"{"Files":[{"FileID":"A","Name":"n","Size":"x"}]}"#, Entry),
        (r#"{"Count":1x}"#, Entry),
        (r#"{"Count":,"Files":[]}"#, Entry),
        (r#"{"\x":[]}"#, Entry),
        (r#"{"Files":[]} x"#, Trailing),
        (r#"{"Files":[]}{}"#, Trailing),
    ] {
        assert_eq!(mft(body), Err(kind), "{body}");
    }
    for (body, kind) in [
        ("{}", NotAListing),
        (r#"{"error":"Not Found"}"#, NotAListing),
        (r#"[{"type":"file"}"#, Truncated),
        (r#"[{"path":"a"}]"#, Entry),
        ("[] ]", Trailing),
    ] {
        assert_eq!(filescom(body), Err(kind), "{body}");
    }
}

#[test]
fn a_document_of_another_kind_is_kept() {
    let body = r#"{ "Message" : "Session no longer exists.", "ErrorCode":101, "A\"":[ 1 ] }"#;
    for piece in [1, 7, 1000] {
        let (entries, error) = read::<Entry>(body.as_bytes().chunks(piece));
        let error = error.unwrap();
        assert!(entries.is_empty());
        assert_eq!(
            error.document(),
            Some(r#"{"Message":"Session no longer exists.","ErrorCode":101,"A\"":[ 1 ]}"#)
        );
        let info = crate::mft::ErrorInfo::from_body(error.document().unwrap().as_bytes());
        assert_eq!(info.unwrap().code, Some(crate::mft::ErrorCode::SESSION_GONE));
        assert!(!format!("{error:?} {error}").contains("Session"));
    }
    let long = format!(r#"{{"Pad":"{}","ErrorCode":101}}"#, "x".repeat(others::KEPT));
    let (_, error) = read::<Entry>([long.as_bytes()]);
    assert_eq!(error.unwrap().document(), Some(r#"{"ErrorCode":101}"#));
    let long = format!(r#"{{"Pad":"{}"}}"#, "x".repeat(others::KEPT));
    let (_, error) = read::<Entry>([long.as_bytes()]);
    assert_eq!(error.unwrap().document(), Some("{}"));
}

#[test]
fn the_place_of_an_error_is_told() {
    let body = r#"[{"type":"file"}, {"type":"file","size":"x"}]"#;
    for piece in [1, 1000] {
        let (entries, error) = read::<File>(body.as_bytes().chunks(piece));
        let error = error.unwrap();
        assert_eq!((entries.len(), error.offset()), (1, 18));
        assert_eq!(
            error.to_string(),
            "an entry of the listing cannot be read, at byte 18: \
             invalid value: string \"x\", expected a whole number"
        );
    }
}

#[test]
fn an_entry_is_given_out_with_its_last_byte() {
    let mut parser = ListingParser::<File>::new();
    let entry = r#"{"type":"file","path":"a}"}"#;
    parser.feed(b"[");
    for byte in entry.bytes() {
        assert!(parser.next_entry().unwrap().is_none());
        parser.feed(&[byte]);
    }
    assert!(parser.next_entry().unwrap().is_some());
    assert!(format!("{parser:?}").contains("waiting: 0"), "{parser:?}");
}

#[test]
fn bytes_that_are_no_text_come_after_what_stands_before() {
    let mut body = br#"[{"type":"file","path":"a"},{"type":"file","path":""#.to_vec();
    let good = body.len();
    body.extend(b"\xff\"}]");
    for piece in [1, 3, 1000] {
        let (entries, error) = read::<File>(body.chunks(piece));
        let error = error.unwrap();
        assert_eq!((entries.len(), error.kind()), (1, ListingErrorKind::NotUtf8));
        assert_eq!(error.offset(), good as u64);
    }
    let half = outcome::<File>("[] é".as_bytes().split_last().unwrap().1, 1000);
    assert_eq!(half, Err(ListingErrorKind::Truncated));
}

#[test]
fn entries_have_a_size_and_a_depth() {
    let max = ListingParser::<File>::MAX_ENTRY;
    for (extra, expected) in [(0, Ok(1)), (1, Err(ListingErrorKind::TooLong))] {
        let frame = r#"{"type":"file","path":""}"#.len();
        let entry = format!(r#"{{"type":"file","path":"{}"}}"#, "x".repeat(max - frame + extra));
        for piece in [64 * 1024, usize::MAX] {
            let found = outcome::<File>(format!("[{entry}]").as_bytes(), piece);
            assert_eq!(found.map(|entries| entries.len()), expected);
        }
    }
    let endless = format!("[{{\"path\":\"{}", "x".repeat(2 * max));
    assert_eq!(outcome::<File>(endless.as_bytes(), 4096), Err(ListingErrorKind::TooLong));
    let member = format!("{{\"{}", "x".repeat(2 * max));
    assert_eq!(outcome::<Entry>(member.as_bytes(), 4096), Err(ListingErrorKind::TooLong));
    for (depth, good) in [(100, true), (200, false)] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let file = format!(r#"[{{"type":"file","new":{deep}}}]"#);
        assert_eq!(filescom(&file).is_ok(), good);
        let entry = format!(r#"{{"Files":[{{"FileID":"A","Name":"n","New":{deep}}}]}}"#);
        assert_eq!(mft(&entry).is_ok(), good);
        let member = format!(r#"{{"New":{deep},"Files":[]}}"#);
        assert_eq!(mft(&member).is_ok(), good);
    }
}

#[test]
fn after_an_error_there_is_nothing_but_errors() {
    let mut parser = ListingParser::<File>::new();
    parser.feed(b"[1]");
    assert_eq!(parser.next_entry().unwrap_err().kind(), ListingErrorKind::Unexpected);
    assert_eq!(parser.next_entry().unwrap_err().kind(), ListingErrorKind::Failed);
    parser.feed(b"[]");
    assert_eq!(parser.next_entry().unwrap_err().kind(), ListingErrorKind::Failed);
    assert!(parser.finish().is_err());
}

#[test]
fn entries_left_in_it_are_not_lost_quietly() {
    let mut parser = ListingParser::<File>::new();
    parser.feed(br#"[{"type":"file"}]"#);
    assert_eq!(parser.finish().unwrap_err().kind(), ListingErrorKind::Unread);
}

fn json_text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,12}", r#"["\\{}\[\],:\n]{0,8}"#, "[a-zé😀]{0,20}"]
}

prop_compose! {
    fn listing()(
        files in proptest::collection::vec((json_text(), json_text()), 0..6),
        folders in proptest::collection::vec((json_text(), json_text()), 0..6),
        files_first in any::<bool>(),
        pretty in any::<bool>(),
    ) -> (Vec<String>, Vec<u8>) {
        let quote = |text: &str| serde_json::to_string(text).unwrap();
        let entries = |kind: &str, list: &[(String, String)]| {
            let list = list.iter().map(|(id, name)| {
                format!(r#"{{"{kind}ID":{},"Name":{}}}"#, quote(id), quote(name))
            });
            format!(r#""{kind}s":[{}]"#, list.collect::<Vec<_>>().join(","))
        };
        let mut parts = [entries("File", &files), entries("Folder", &folders)];
        let files = files.into_iter().map(|(id, name)| Entry::File(FileInfo::new(id.into(), name)));
        let folders = folders.into_iter().map(|(id, name)| Entry::Folder(FolderInfo::new(id.into(), name)));
        let expected: Vec<Entry> = if files_first {
            files.chain(folders).collect()
        } else {
            parts.swap(0, 1);
            folders.chain(files).collect()
        };
        let mut body = format!("{{{}}}", parts.join(","));
        if pretty {
            body = format!(" \n{body}\t\r\n");
        }
        (expected.iter().map(|entry| format!("{entry:?}")).collect(), body.into_bytes())
    }
}

fn cut(body: &[u8], at: &[prop::sample::Index]) -> Vec<Vec<u8>> {
    let mut ends: Vec<usize> = at.iter().map(|index| index.index(body.len() + 1)).collect();
    ends.extend([0, body.len()]);
    ends.sort_unstable();
    ends.windows(2).map(|pair| body[pair[0]..pair[1]].to_vec()).collect()
}

proptest! {
    #[test]
    fn cutting_it_anywhere_changes_nothing(
        (expected, body) in listing(),
        at in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let pieces = cut(&body, &at);
        let (entries, error) = read::<Entry>(pieces.iter().map(Vec::as_slice));
        prop_assert!(error.is_none(), "{:?}", error);
        prop_assert_eq!(&entries, &expected);
        prop_assert_eq!(outcome::<Entry>(&body, 1), Ok(expected));
    }

    #[test]
    fn a_spoilt_listing_is_as_bad_however_it_is_cut(
        (_, mut body) in listing(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        at in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let place = place.index(body.len());
        body[place] = byte;
        let pieces = cut(&body, &at);
        let (whole, whole_error) = read::<Entry>([body.as_slice()]);
        let (entries, error) = read::<Entry>(pieces.iter().map(Vec::as_slice));
        prop_assert_eq!(entries, whole);
        prop_assert_eq!(error.is_some(), whole_error.is_some());
    }

    #[test]
    fn a_truncated_listing_is_an_error((_, body) in listing(), at in any::<prop::sample::Index>()) {
        let body = body.trim_ascii();
        let end = at.index(body.len());
        prop_assert!(outcome::<Entry>(&body[..end], 5).is_err());
    }

    #[test]
    fn never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), piece in 1..20_usize) {
        let _ = outcome::<Entry>(&body, piece);
        let _ = outcome::<File>(&body, piece);
        let mut listing = b"{\"Files\":[{".to_vec();
        listing.extend(&body);
        let _ = outcome::<Entry>(&listing, piece);
    }
}
