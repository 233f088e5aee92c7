//! Content in: whole files, chunks, folders, and what is left when an upload breaks off.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{ADMIN_DOCUMENTS, Answer, Api, BOUNDARY, escaped, multipart};

const COMMON: &str = "FOLDERS/COMMON";

struct Uploads {
    api: Api,
    folder: String,
}

impl Uploads {
    async fn start() -> Self {
        let api = Api::start().await;
        let folder = api.id(COMMON);
        Self { api, folder }
    }

    async fn act(&self, action: &str, more: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut fields = vec![
            ("Upload action", action),
            ("RootFolderID", self.folder.as_str()),
            ("ImmediateParentFolderID", self.folder.as_str()),
            ("DeletePartiallyUploadedFile", "0"),
        ];
        fields.extend(more);
        self.api.upload(&fields, files).await
    }
}

/// The printed example of several files: three files, a folder, files into that folder.
#[tokio::test]
async fn several_files_and_a_folder_make_one_operation() {
    let up = Uploads::start().await;
    let files: [(&str, &[u8]); 3] =
        [("one.txt", b"1"), ("Ζωή & +%.txt", b"22"), ("three.txt", b"")];
    let first = up.act("Upload file", &[], &files).await;
    assert_eq!(first.page_code(), None);
    let operation = first.header("X-FileSystemLogOpID").unwrap();
    assert_eq!(first.header("X-FolderID"), Some(up.folder.as_str()));
    assert_eq!(first.header("X-FileID").unwrap(), up.api.id(&format!("{COMMON}/three.txt")));
    assert_eq!(up.api.stored(&format!("{COMMON}/Ζωή & +%.txt")).await, "22");
    let more = [("FolderName", "sub"), ("FileSystemLogOpID", operation)];
    let made = up.act("create folder", &more, &[]).await;
    let sub = made.header("x-folderid").unwrap();
    assert_eq!(sub, up.api.id(&format!("{COMMON}/sub")));
    let again = up.act("Create Folder", &more, &[]).await;
    assert_eq!(again.header("x-folderid"), Some(sub));
    let fields = [
        ("upload_action", "UPLOAD FILE"),
        ("ImmediateParentFolderID", sub),
        ("FileSystemLogOpID", operation),
    ];
    let third = up.api.upload(&fields, &[("deep.txt", b"deep")]).await;
    assert_eq!(third.header("x-filesystemlogopid"), Some(operation));
    assert_eq!(up.api.stored(&format!("{COMMON}/sub/deep.txt")).await, "deep");
    assert_eq!(up.act("Operation completed", &[], &[]).await.page_code(), None);
}

#[tokio::test]
async fn chunks_are_appended_in_order_and_checked() {
    let up = Uploads::start().await;
    let content: Bytes = (0..900_000_u32).map(|at| (at % 253) as u8).collect();
    let path = format!("{COMMON}/large.bin");
    let part = |from: usize, to: usize| [("large.bin", content[from..to].to_vec())];
    let send = async |action: &str, more: &[(&str, &str)], part: [(&str, Vec<u8>); 1]| {
        let files = part.each_ref().map(|(name, bytes)| (*name, bytes.as_slice()));
        up.act(action, more, &files).await
    };
    let first = send("Upload file first chunk", &[], part(0, 300_000)).await;
    assert_eq!(first.page_code(), None);
    let (id, operation) =
        (first.header("x-fileid").unwrap(), first.header("x-filesystemlogopid").unwrap());
    let info = format!("/REST/1.0/FileSystem/File/{id}");
    let partial = up.api.get(&info).await.good();
    assert_eq!(
        (&partial["IsPartiallyUploaded"], &partial["Size"]),
        (&true.into(), &300_000.into())
    );
    let next = |expected| {
        [
            ("FileID", id),
            ("FileSystemLogOpID", operation),
            ("ExpectedSizeBeforeAppendChunk", expected),
        ]
    };
    let twice = send("Upload file middle chunk", &next("0"), part(0, 300_000)).await;
    assert_eq!(twice.page_code(), Some(990_012));
    assert!(twice.header("x-fth-error").unwrap().ends_with("has 300000 bytes."));
    let middle = send("Upload file middle chunk", &next("300000"), part(300_000, 650_000)).await;
    assert_eq!(middle.header("x-fileid"), Some(id));
    let last = send("Upload file last chunk", &next("650000"), part(650_000, 900_000)).await;
    assert_eq!(last.page_code(), None);
    assert_eq!(up.api.get(&info).await.good()["IsPartiallyUploaded"], false);
    assert_eq!(up.api.stored(&path).await, content);
    let more = send("Upload file last chunk", &next("900000"), part(0, 1)).await;
    assert_eq!(more.page_code(), Some(990_012));
}

#[tokio::test]
async fn what_waits_for_chunks_can_be_looked_up_and_finished() {
    let up = Uploads::start().await;
    up.act("Upload file first chunk", &[], &[("half.txt", b"half ")]).await;
    up.act("Upload file first chunk", &[], &[("other.txt", b"x")]).await;
    let message = |names: &str| {
        format!(
            "<FTHAppletUploadData><SessionID>{}</SessionID><ParentFolderID>{}</ParentFolderID>\
             <UserID/><FileUploadData>{names}</FileUploadData></FTHAppletUploadData>",
            up.api.session, up.folder
        )
    };
    let name = "<FTHFileUploadData><FileID/><Name>HALF.txt</Name></FTHFileUploadData>";
    let query = |message: &str| {
        let message = escaped(message);
        format!("Operation=GetInternalResumableUploadFiles&Message={message}")
    };
    let page = "/WS4/FTHAppletService.ashx";
    let by_get = up.api.get(&format!("{page}?{}", query(&message(name)))).await;
    let by_post = up.api.post(page, &query(&escaped(&message(name)))).await;
    assert_eq!(by_get.body, by_post.body);
    let text = std::str::from_utf8(&by_get.body).unwrap();
    let text = percent_encoding::percent_decode_str(text).decode_utf8().unwrap();
    assert!(text.contains("<Name>half.txt</Name>"), "{text}");
    assert!(text.contains("<Size>5</Size><PartialUpload>true</PartialUpload>"), "{text}");
    assert!(!text.contains("other.txt"), "{text}");
    let id = up.api.id(&format!("{COMMON}/half.txt"));
    let fields = [("FileID", id.as_str()), ("ExpectedSizeBeforeAppendChunk", "5")];
    let done = up.act("Upload file last chunk", &fields, &[("half.txt", b"done")]).await;
    assert_eq!(done.page_code(), None);
    assert_eq!(up.api.stored(&format!("{COMMON}/half.txt")).await, "half done");
}

#[tokio::test]
async fn overwriting_is_asked_for() {
    let up = Uploads::start().await;
    let path = format!("{COMMON}/same.txt");
    up.act("Upload file", &[], &[("same.txt", b"old")]).await;
    let id = up.api.id(&path);
    for (more, code, content) in [
        (&[][..], Some(990_007), "old"),
        (&[("Overwrite", "0")][..], Some(990_007), "old"),
        (&[("overwrite", "1")][..], None, "new"),
    ] {
        let answer = up.act("Upload file", more, &[("SAME.txt", b"new")]).await;
        assert_eq!(answer.page_code(), code);
        assert_eq!(up.api.stored(&path).await, content);
    }
    assert_eq!(up.api.id(&path), id);
    let folder = up.act("Upload file", &[("Overwrite", "1")], &[("Policies", b"x")]).await;
    assert_eq!(folder.page_code(), Some(990_007));
    // All or nothing: the second file cannot be stored, so the first is not.
    let both: [(&str, &[u8]); 2] = [("fresh.txt", b"1"), ("same.txt", b"2")];
    assert_eq!(up.act("Upload file", &[], &both).await.page_code(), Some(990_007));
    assert_eq!(up.api.sandbox.mft().id(&format!("{COMMON}/fresh.txt")), None);
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let up = Uploads::start().await;
    let html = up.api.id(&format!("{ADMIN_DOCUMENTS}/2.html"));
    let file: &[(&str, &[u8])] = &[("a.txt", b"a")];
    for (action, more, files, code) in [
        ("Upload everything", &[][..], file, 990_014),
        ("", &[], file, 990_003),
        ("Upload file", &[], &[][..], 990_003),
        ("Upload file", &[("FileSystemLogOpID", "X")], file, 990_017),
        ("Upload file", &[("Overwrite", "perhaps")], file, 990_004),
        ("Upload file first chunk", &[], &[("a", b"1"), ("b", b"2")], 990_012),
        ("Upload file last chunk", &[], file, 990_003),
        ("Upload file last chunk", &[("FileID", "12345")], file, 7001),
        ("Upload file last chunk", &[("FileID", html.as_str())], file, 990_012),
        ("Create folder", &[], &[], 990_003),
        ("Upload file", &[], &[("a/b.txt", b"x")], 990_008),
    ] {
        let answer = up.act(action, more, files).await;
        assert_eq!(answer.page_code(), Some(code), "{action} {more:?}: {answer:?}");
    }
    let outsider = [("Upload operation", "External upload"), ("Upload action", "Upload file")];
    let path = "/UploadMgrLanding.aspx";
    assert_eq!(up.api.multipart(path, &outsider, file).await.page_code(), Some(101));
    let dead = [("SessionID", "dead"), outsider[0]];
    assert_eq!(up.api.multipart(path, &dead, file).await.page_code(), Some(101));
    let signed = [("SessionID", up.api.session.as_str()), outsider[0], outsider[1]];
    assert_eq!(up.api.multipart(path, &signed, file).await.page_code(), Some(990_014));
    up.api.sandbox.mft().configure(|options| options.request_limit = 1000);
    let large = up.act("Upload file", &[], &[("large", &[0; 1001])]).await;
    assert_eq!(large.page_code(), Some(990_019));
}

#[tokio::test]
async fn the_basic_page_stores_one_file() {
    let up = Uploads::start().await;
    let mut fields = vec![
        ("SessionID", up.api.session.as_str()),
        ("folderID", up.folder.as_str()),
        ("filename0", "basic.txt"),
        ("Description0", "by the old page"),
        ("EntityCount", "1"),
        ("overwrite", "0"),
    ];
    let redirected = up.api.multipart("/upload.aspx", &fields, &[("local.txt", b"b")]).await;
    assert_eq!(redirected.status, 302);
    fields.push(("NoRedirect", "1"));
    let again = up.api.multipart("/Upload.aspx", &fields, &[("local.txt", b"b")]).await;
    assert_eq!(again.page_code(), Some(990_007));
    fields[5].1 = "1";
    let stored = up.api.multipart("/upload.aspx", &fields, &[("local.txt", b"bb")]).await;
    assert_eq!((stored.status.as_u16(), stored.page_code()), (200, None));
    let id = stored.header("x-fileid").unwrap();
    let info = up.api.get(&format!("/REST/1.0/FileSystem/File/{id}")).await.good();
    assert_eq!((&info["Name"], &info["Size"]), (&"basic.txt".into(), &2.into()));
    assert_eq!(info["Description"], "by the old page");
}

#[tokio::test]
async fn a_broken_chunk_leaves_what_was_there_or_nothing_if_so_wished() {
    for (wish, kept) in [("0", true), ("1", false)] {
        let up = Uploads::start().await;
        let path = format!("{COMMON}/broken.bin");
        let first = up.act("Upload file first chunk", &[], &[("broken.bin", b"first")]).await;
        let id = first.header("x-fileid").unwrap();
        let fields = [
            ("Upload operation", "Internal upload"),
            ("Upload action", "Upload file last chunk"),
            ("InternalUpload_SessionID", up.api.session.as_str()),
            ("FileID", id),
            ("DeletePartiallyUploadedFile", wish),
        ];
        break_off(&up.api, &multipart(&fields, &[("broken.bin", &[7; 100_000])])).await;
        // The request is over when its answer, or its loss, stands in the log.
        tokio::time::timeout(Duration::from_secs(20), async {
            while up.api.sandbox.mft().id(&path).is_some() != kept {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
        if kept {
            up.api.get("/REST/1.0/Server/Info").await.good();
            assert_eq!(up.api.stored(&path).await, "first");
        }
    }
}

/// Sends half of an upload request, then closes the connection.
async fn break_off(api: &Api, body: &[u8]) {
    let address = api.sandbox.mft_url();
    let address = address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /UploadMgrLandingEx.aspx HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body[..body.len() / 2]).await.unwrap();
    stream.shutdown().await.unwrap();
}
