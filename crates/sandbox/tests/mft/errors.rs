//! Errors in every form a client has to understand; no input brings the face down.

use axum::http::Method;
use wharf_sandbox::{Fault, PageErrors, Route};

use crate::client::Api;

#[tokio::test]
async fn an_unknown_file_answers_7001_in_json_or_xml() {
    let api = Api::start().await;
    let path = "/REST/1.16/FileSystem/File/12345";
    let sample = include_str!("../../fixtures/mft/derived_error_invalid_file_id.json");
    let sample: serde_json::Value = serde_json::from_str(sample).unwrap();
    assert_eq!(api.get(path).await.json(), sample);
    for (accept, media) in [
        ("application/xml", "application/xml"),
        ("application/json, application/xml", "application/json"),
        ("*/*", "application/json"),
    ] {
        let headers = [("authorization", api.session.as_str()), ("accept", accept)];
        let answer = api.send(Method::GET, path, &headers, "".into()).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.header("content-type"), Some(media), "{accept}");
    }
    api.sandbox.mft().configure(|options| options.errors_as_xml = true);
    let answer = api.get(path).await;
    assert!(answer.body.starts_with(b"<ErrorInfo xmlns:xsd"), "{answer:?}");
}

#[tokio::test]
async fn good_answers_come_as_xml_to_those_who_want_it() {
    let api = Api::start().await;
    let headers = [("authorization", api.session.as_str()), ("accept", "application/xml")];
    let answer =
        api.send(Method::GET, "/REST/1.16/FileSystem/Root/Content", &headers, "".into()).await;
    let text = std::str::from_utf8(&answer.body).unwrap();
    for part in [
        "<ThruPublicContentResult ",
        "<Files><ThruPublicFileInfo><FileId>",
        "<Name>Welcome.txt</Name>",
        "<Folders><ThruPublicFolderInfo><FolderId>",
        "/Date(1337174868623)/",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn transfer_pages_tell_errors_in_the_way_chosen() {
    let api = Api::start().await;
    let path = format!(
        "/DownloadEx.aspx?mode=applet&FileIDList=12345&InternalUpload_AppletUID={}",
        api.escaped_session()
    );
    for (mode, status, header, media) in [
        (PageErrors::Header, 200, Some("7001 / Invalid File ID: 12345"), None),
        (PageErrors::Status, 500, Some("7001 / Invalid File ID: 12345"), Some("application/json")),
        (PageErrors::Body, 200, None, Some("application/json")),
        (PageErrors::Html, 200, None, Some("text/html; charset=utf-8")),
    ] {
        api.sandbox.mft().configure(|options| options.page_errors = mode);
        let answer = api.get(&path).await;
        assert_eq!(answer.status, status, "{mode:?}");
        assert_eq!(answer.header("x-fth-error"), header, "{mode:?}");
        assert_eq!(answer.header("content-type"), media, "{mode:?}");
        if mode != PageErrors::Header {
            assert!(String::from_utf8_lossy(&answer.body).contains("Invalid File ID"), "{mode:?}");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_pages_of_the_web_server() {
    let api = Api::start().await;
    for (method, path, status) in [
        (Method::GET, "/", 404),
        (Method::GET, "/REST", 404),
        (Method::GET, "/REST/1.16/Nothing", 404),
        (Method::GET, "/nothing.aspx", 404),
        (Method::GET, "/UploadMgrLandingEx.aspx", 405),
        (Method::POST, "/DownloadEx.aspx", 405),
        (Method::POST, "/REST/1.16/FileSystem/Root", 405),
        (Method::DELETE, "/REST/1.16/FileSystem/Home", 405),
        (Method::PATCH, "/REST/1.16/FileSystem/File/2OMFYXLA6BP9D", 405),
        (Method::GET, "/REST/1.16/Session", 405),
        (Method::GET, "/REST/1.16/Search", 405),
    ] {
        let answer = api.call(method.clone(), path, "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn no_input_brings_the_face_down() {
    let api = Api::start().await;
    let bodies: [&[u8]; 7] = [
        b"\xff\xfe\x00",
        b"&&&===&%&%zz=%",
        b"Name[=]&[]=[0]&metadataobjects[0=1&metadataobjects[].=2",
        b"{\"a\":",
        b"<a><b></a>",
        b"------boundary7MA4YWxk\r\n\r\n",
        b"",
    ];
    let medias = [
        "",
        "application/json",
        "application/xml",
        "multipart/form-data; boundary=----boundary7MA4YWxk",
        "multipart/form-data",
        "\u{7f}",
    ];
    let paths = [
        "/REST/1.16/Session",
        "/REST/1.16/FileSystem/Folder",
        "/REST/1.16/FileSystem/Folder/%FF%00/Content/1/1",
        "/REST/1.16/Search/99999999999/99999999999",
        "/REST/1.16/Search/18446744073709551615/18446744073709551615",
        "/REST/1.16/Upload/MetadataStore",
        "/REST/1.16/Message",
        "/REST/1.16/UserGroups/x/Users/y",
        "/UploadMgrLandingEx.aspx",
        "/upload.aspx",
        "/WS4/FTHAppletService.ashx?Operation=x&Message=%3C",
        "/%2e%2e/%2e%2e//REST/",
    ];
    for path in paths {
        for media in medias {
            for body in bodies {
                let media = if media == "\u{7f}" { "weird/;;=" } else { media };
                let headers = [("authorization", api.session.as_str()), ("content-type", media)];
                for method in [Method::POST, Method::PUT] {
                    api.send(method, path, &headers, bytes::Bytes::from_static(body)).await;
                }
            }
        }
    }
    for offset in ["-1", "x", "18446744073709551615", "99999999999999999999999"] {
        let path = format!(
            "/DownloadEx.aspx?mode=applet&FileIDList=2OMFYXLA6BP9D&offset={offset}&InternalUpload_AppletUID={}",
            api.escaped_session()
        );
        assert!(api.get(&path).await.page_code().is_some(), "{offset}");
    }
    api.get("/REST/1.16/Server/Info").await.good();
}

#[tokio::test]
async fn faults_meet_the_requests_of_their_route() {
    let api = Api::start().await;
    let faults = api.sandbox.faults();
    faults.next(Route::MftList, Fault::status(503));
    faults.next(Route::MftServer, Fault::ExpiredSession);
    api.get("/REST/1.16/FileSystem/Root").await.good();
    assert_eq!(api.get("/REST/1.16/FileSystem/Root/Files").await.status, 503);
    assert_eq!(api.get("/REST/1.16/Server/Info").await.code(), 101);
    api.get("/REST/1.16/Server/Info").await.good();
    let seen = api.sandbox.seen().of(Route::MftList);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].status(), Some(503));
    let shown = format!("{:?}", api.sandbox.seen().requests());
    assert!(!shown.contains(&api.session), "a session is no secret in {shown}");
    assert!(!shown.contains("AdminPassword"), "a password is no secret in {shown}");
}

#[tokio::test]
async fn a_reset_brings_the_start_back() {
    let api = Api::start().await;
    let mft = api.sandbox.mft();
    let before = mft.paths();
    mft.put("FOLDERS/COMMON/new.txt", "x").unwrap();
    assert!(mft.remove("FOLDERS/HOME"));
    mft.configure(|options| options.null_arrays = true);
    assert_ne!(mft.paths(), before);
    mft.reset();
    assert_eq!(mft.paths(), before);
    assert!(!mft.options().null_arrays);
    assert_eq!(mft.put("elsewhere/a.txt", "x"), None);
    assert_eq!(mft.put("FOLDERS/Welcome.txt/a.txt", "x"), None);
}

#[tokio::test]
async fn the_face_can_be_steered_over_http() {
    let api = Api::start().await;
    let control = "/_sandbox/mft";
    let orders = r#"{"die_every": 2, "page_errors": "html", "kill_sessions": true}"#;
    let options = api.post(control, orders).await.good();
    assert_eq!((&options["die_every"], &options["page_errors"]), (&2.into(), &"html".into()));
    assert_eq!(options["footer_length"], 200);
    assert_eq!(api.get(control).await.good(), options);
    assert_eq!(api.get("/REST/1.16/Server/Info").await.code(), 101);
    for bad in [r#"{"die_sometimes": 2}"#, r#"{"page_errors": "loud"}"#, "[]", ""] {
        assert_eq!(api.post(control, bad).await.status, 422, "{bad}");
    }
    assert_eq!(api.get(control).await.good(), options);
    assert_eq!(api.sandbox.mft().options().immutable_life, chrono::TimeDelta::hours(48));
}
