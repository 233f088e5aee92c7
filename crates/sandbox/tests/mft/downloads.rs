//! Content out: whole, resumed, with a footer, as an archive.

use bytes::Bytes;
use wharf_sandbox::{Fault, Route};

use crate::client::{ADMIN_DOCUMENTS, Answer, Api};

/// One request of the extended protocol.
async fn extended(api: &Api, id: &str, rest: &str) -> Answer {
    let session = api.escaped_session();
    api.get(&format!(
        "/DownloadEx.aspx?mode=applet&appletAction=download+file&top=1&FileIDList={id}\
         &InternalUpload_AppletUID={session}{rest}"
    ))
    .await
}

#[tokio::test]
async fn the_basic_page_sends_the_file_and_nothing_else() {
    let api = Api::start().await;
    let path = format!("{ADMIN_DOCUMENTS}/cargo.bin");
    let (id, session) = (api.id(&path), api.escaped_session());
    let answer = api.get(&format!("/download.aspx?FileID={id}&sessionid={session}")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, api.stored(&path).await);
    assert_eq!(answer.header("content-length").unwrap(), answer.body.len().to_string());
    assert_eq!(answer.header("x-file-content-length"), None);
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"cargo.bin\""), "{disposition}");
}

/// The worked example of the protocol's page on downloads: 84,700 bytes and a footer of 200.
#[tokio::test]
async fn the_printed_example_of_a_resumed_download_comes_out() {
    let api = Api::start().await;
    let content: Bytes = (0..84_700_u32).map(|at| (at % 251) as u8).collect();
    let id = api.sandbox.mft().put("FOLDERS/COMMON/example.bin", content.clone()).unwrap();
    let first = extended(&api, &id, "&offset=0").await;
    assert_eq!(first.header("x-file-content-length"), Some("84900"));
    assert_eq!(first.header("x-file-footer-length"), Some("200"));
    assert_eq!(first.body.len(), 84_900);
    let operation = first.header("x-filesystemlogopid").unwrap();
    let second = extended(&api, &id, &format!("&offset=49900&logOpID={operation}")).await;
    assert_eq!(second.header("x-file-content-length"), Some("35000"));
    assert_eq!(second.header("x-filesystemlogopid"), Some(operation));
    let whole = [&first.body[..49_900], &second.body[..]].concat();
    assert_eq!(whole[..84_700], content);
    assert_eq!(whole.len(), 84_900);
    let last = extended(&api, &id, &format!("&offset=84899&logOpID={operation}")).await;
    assert_eq!(last.body.len(), 1);
    assert_eq!(extended(&api, &id, "&offset=84900").await.body.len(), 0);
}

#[tokio::test]
async fn the_footer_can_be_silent_longer_or_absent() {
    let api = Api::start().await;
    let id = api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    for (length, told, expected) in
        [(200, false, None), (512, true, Some("512")), (0, true, Some("0"))]
    {
        api.sandbox.mft().configure(|options| {
            options.footer_length = length;
            options.footer_header = told;
        });
        let answer = extended(&api, &id, "").await;
        assert_eq!(answer.header("x-file-footer-length"), expected);
        assert_eq!(answer.body.len() as u64, 198 + length);
        assert_eq!(answer.header("x-file-content-length").unwrap(), (198 + length).to_string());
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    let api = Api::start().await;
    let html = api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    let infected = api.id(&format!("{ADMIN_DOCUMENTS}/infected.doc"));
    let session = api.escaped_session();
    for (query, code) in [
        (format!("fileid={infected}&sessionid={session}"), 990_011),
        (format!("fileid={html}"), 101),
        (format!("fileid={html}&sessionid=dead"), 101),
        (format!("fileid=&sessionid={session}"), 990_003),
        (format!("fileid=12345&sessionid={session}"), 7001),
        (format!("folderid={html}&sessionid={session}"), 990_005),
        (format!("mode=browser&FileIDList={html}&sessionid={session}"), 990_004),
        (format!("mode=applet&top=2&FileIDList={html}&sessionid={session}"), 990_004),
        (format!("mode=applet&FileIDList={html},{html}&sessionid={session}"), 990_004),
        (format!("mode=applet&sessionid={session}"), 990_003),
        (format!("appletAction=upload+file&FileIDList={html}&sessionid={session}"), 990_014),
        (format!("mode=applet&FileIDList={html}&offset=399&sessionid={session}"), 990_018),
        (format!("mode=applet&FileIDList={html}&logOpID=X&sessionid={session}"), 990_017),
    ] {
        let answer = api.get(&format!("/Download.aspx?{query}")).await;
        assert_eq!(answer.page_code(), Some(code), "{query}");
        assert!(answer.body.is_empty(), "{query}");
    }
    api.sandbox.mft().quarantine(&format!("{ADMIN_DOCUMENTS}/infected.doc"), false);
    let answer = api.get(&format!("/Download.aspx?fileid={infected}&sessionid={session}")).await;
    assert_eq!(answer.body, "not a real virus\n");
}

#[tokio::test]
async fn damage_and_cuts_can_be_ordered() {
    let api = Api::start().await;
    let path = format!("{ADMIN_DOCUMENTS}/2.html");
    let (id, sound) = (api.id(&path), api.stored(&path).await);
    assert!(api.sandbox.mft().corrupt(&path, 7).await);
    assert!(!api.sandbox.mft().corrupt(&path, 198).await);
    let answer = extended(&api, &id, "").await;
    let wrong: Vec<usize> = (0..198).filter(|at| answer.body[*at] != sound[*at]).collect();
    assert_eq!(wrong, [7]);
    api.sandbox.faults().next(Route::MftDownload, Fault::status(503));
    assert_eq!(extended(&api, &id, "").await.status, 503);
}

#[tokio::test]
async fn a_folder_comes_as_an_archive() {
    let api = Api::start().await;
    let (id, session) = (api.id(ADMIN_DOCUMENTS), api.escaped_session());
    let basic = api.get(&format!("/download.aspx?folderid={id}&sessionid={session}")).await;
    let disposition = basic.header("content-disposition").unwrap();
    assert!(disposition.ends_with("filename*=UTF-8''My%20Documents%2Ezip"), "{disposition}");
    let members = unzip(&basic.body);
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["2.html", "Empty folder/", "Reports/2026/first quarter.csv", "Ναῦς/年度報告.txt"]
    {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    for name in ["infected.doc", "unfinished.iso"] {
        assert!(!names.contains(&name), "{name} in {names:?}");
    }
    for (name, content) in members.iter().filter(|(name, _)| !name.ends_with('/')) {
        assert_eq!(content, &api.stored(&format!("{ADMIN_DOCUMENTS}/{name}")).await, "{name}");
    }
    let extended = api
        .get(&format!(
            "/DownloadEx.aspx?mode=applet&appletAction=download+folder&FolderIDList={id}\
             &offset=10&InternalUpload_AppletUID={session}"
        ))
        .await;
    let end = extended.body.len() - 200;
    assert_eq!(extended.body[..end], basic.body[10..]);
}

/// Reads an archive by its central directory.
fn unzip(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let short = |at: usize| u16::from_le_bytes(archive[at..at + 2].try_into().unwrap()) as usize;
    let long = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
    let end = archive.len() - 22;
    assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
    let mut at = long(end + 16);
    (0..short(end + 10))
        .map(|_| {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            let (crc, size, name_length) = (long(at + 16), long(at + 24), short(at + 28));
            let name = String::from_utf8(archive[at + 46..at + 46 + name_length].to_vec()).unwrap();
            let local = long(at + 42);
            assert_eq!(&archive[local..local + 4], b"PK\x03\x04");
            let from = local + 30 + short(local + 26) + short(local + 28);
            let content = archive[from..from + size].to_vec();
            assert_eq!(crc32fast::hash(&content) as usize, crc, "{name}");
            at += 46 + name_length + short(at + 30) + short(at + 32);
            (name, content)
        })
        .collect()
}
