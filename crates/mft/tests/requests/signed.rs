//! Signing in, and how the session travels.

use wharf_mft::api::{Destination, server, transfers};
use wharf_mft::{Client, Config, Login, SessionKind};
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{Body, Request};

use crate::{REST, endpoints, file, folder};

/// What is sent on the wire, sign-in first.
async fn sent(config: Config, request: Request) -> (String, String) {
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": "s+1/=", "UserID": "U"}"#))
        // What a download must have to be taken for one.
        .answer(
            Reply::json(200, "{}")
                .header("x-filesystemlogopid", "L1")
                .header("content-disposition", "attachment"),
        );
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    client.raw().fetch(request).await.unwrap();
    let requests = script.requests();
    let shown = |index: usize| {
        let request = &requests[index];
        let header =
            |name| request.header(name).map_or(String::new(), |v| format!("\n{name}: {v}"));
        let body = String::from_utf8_lossy(request.body()).into_owned();
        format!(
            "{} {}{}{}{}\n{body}",
            request.method(),
            request.path_and_query(),
            header("authorization"),
            header("x-thru-sessionid"),
            header("device_uuid")
        )
    };
    (shown(0), shown(1))
}

fn config() -> Config {
    Config::new("mft.example", "anna", Login::password("p w"))
}

#[tokio::test]
async fn the_session_travels_as_each_page_wants_it() {
    let e = endpoints();
    let (_, request) = sent(config(), server::info(&e)).await;
    assert_eq!(request, "GET /REST/1.16/Server/Info\nauthorization: s+1/=\n");
    let (_, request) = sent(config(), transfers::download_basic(&e, &file())).await;
    assert_eq!(request, "GET /download.aspx?fileid=2OMFYXLA6BP9D&sessionid=s%2B1%2F%3D\n");
    let (_, request) = sent(config(), transfers::download(&e, &file(), 0, None)).await;
    assert!(request.ends_with("&InternalUpload_AppletUID=s%2B1%2F%3D\n"), "{request}");
    assert!(!request.contains("authorization"), "{request}");

    let to = Destination::new(folder(), "ü\".txt");
    let (_, request) = sent(config(), transfers::upload(&e, &to, Body::from("hello"))).await;
    let first = request.find("name=\"InternalUpload_SessionID\"\r\n\r\ns+1/=").unwrap();
    assert!(first < request.find("Upload operation").unwrap(), "the session comes first");
    assert!(request.contains("name=\"File\"; filename=\"%C3%BC%22.txt\""), "{request}");
    assert!(request.ends_with("hello\r\n") || request.contains("\r\n\r\nhello\r\n--"), "{request}");
    let (_, request) = sent(config(), transfers::upload_basic(&e, &to, Body::from("hello"))).await;
    assert!(request.contains("name=\"SessionID\"\r\n\r\ns+1/="), "{request}");
}

#[tokio::test]
async fn signing_in() {
    let version = env!("CARGO_PKG_VERSION");
    let tail = format!("ClientVersion={version}&ApplicationId=1000&Device_UUID=wharf");
    let ticket = || Login::ticket("t/1");
    for (login, kind, path, form, header) in [
        (None, SessionKind::Immutable, "ImmutableSession", "UserName=anna&Password=p%20w", ""),
        (None, SessionKind::Regular, "Session", "UserName=anna&Password=p%20w", ""),
        (
            Some(ticket()),
            SessionKind::Immutable,
            "ImmutableSessionByTicket",
            "Ticket=t%2F1",
            "\ndevice_uuid: wharf",
        ),
        (
            Some(ticket()),
            SessionKind::Regular,
            "SessionByTicket",
            "Ticket=t%2F1",
            "\ndevice_uuid: wharf",
        ),
    ] {
        let mut config = config();
        config.session_kind = kind;
        config.login = login.unwrap_or(config.login);
        let (sign_in, _) = sent(config, server::info(&endpoints())).await;
        assert_eq!(sign_in, format!("POST {REST}/{path}{header}\n{form}&{tail}"));
    }
    let mut named = config();
    named.application_id = "25674".into();
    named.device_uuid = "00:11:22:33:44:55".into();
    named.user_string = Some("job 7".into());
    let (sign_in, _) = sent(named, server::info(&endpoints())).await;
    let tail = "ApplicationId=25674&Device_UUID=00%3A11%3A22%3A33%3A44%3A55&UserString=job%207";
    assert!(sign_in.ends_with(tail), "{sign_in}");
}

#[tokio::test]
async fn acting_as_somebody_else() {
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": "admin", "UserID": "A"}"#))
        .answer(Reply::json(200, r#"{"SessionId": "other", "UserId": "U2"}"#))
        .answer(Reply::json(200, r#"{"Name": "site"}"#));
    let client = Client::builder(config()).exchange(script.exchange()).build().unwrap();
    let other = client.impersonate(&"U2".into()).unwrap();
    other.server().info().await.unwrap();
    let requests = script.requests();
    let (path, form) = ("/REST/1.16/ImmutableImpersonateSession", "UserID=U2&ApplicationID=1000");
    assert_eq!((requests[1].path(), requests[1].body().as_ref()), (path, form.as_bytes()));
    assert_eq!(requests[1].header("authorization"), Some("admin"));
    assert_eq!(requests[1].header("x-thru-sessionid"), Some("admin"));
    assert_eq!(requests[2].header("authorization"), Some("other"));
}
