//! Nothing printed holds a secret.

use std::io::Write;
use std::sync::{Arc, Mutex};

use wharf_transport::testing::{Reply, Script};
use wharf_transport::{Error, Method, Multipart, Request, Transport};

use crate::sessions::{login_then, transport};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every way in which a secret could come out, for every way in which a call can fail.
#[tokio::test(start_paused = true)]
async fn no_secret_in_logs_errors_or_debug_output() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole process: what the other tests log must be clean too.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mut printed = String::new();
    let mut print = |what: &dyn std::fmt::Debug| printed.push_str(&format!("{what:?} {what:#?}"));
    for reply in [
        Reply::new(200).header("set-cookie", "planted").body("planted"),
        Reply::new(500).header("x-secret", "planted").body("planted"),
        Reply::new(302).header("location", "https://evil.example/planted?planted"),
        Reply::reset(),
        Reply::json(200, r#""planted""#),
    ] {
        let script = login_then([]).respond(move |_| reply.clone());
        let (transport, _) = transport(&script);
        let link = "https://storage.example/planted?sig=planted".parse().unwrap();
        for request in [
            Request::get("/a").query("token", "planted").query("per_page", 7),
            Request::post("/a").form([("password", "planted")]),
            Request::post("/a").multipart(Multipart::new().text("password", "planted")),
            Request::bare(Method::GET, link).header("x-signature", "planted"),
        ] {
            print(&request);
            match transport.fetch_with(request, |answer| Ok(answer.json::<u8>()?)).await {
                Ok(number) => print(&number),
                Err(error) => print(&display(error)),
            }
        }
        print(&transport);
        print(&script.requests());
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!printed.contains("planted"), "{printed}");
    assert!(!log.contains("planted"), "{log}");
    let parts = [
        "DEBUG wharf_transport: ",
        "method=POST",
        "url=https://app.good.example/v1/a",
        "status=500",
        "attempt=1",
        "elapsed_ms=0",
    ];
    let told = log.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(told, "one event per attempt: {log}");
}

fn display(error: Error) -> (String, Error) {
    (error.to_string(), error)
}

/// A service may say which key was wrong, and a storage with which address it was asked.
#[tokio::test(start_paused = true)]
async fn what_an_answer_repeats_is_masked() {
    let link = "https://storage.example/o?sig=planted%2Fsignature-of-a-link";
    for (reply, request) in [
        (
            Reply::json(400, r#"{"error":"bad key planted-\"key\"","n":1}"#),
            Request::get("/a").query("a", 1).with_secret(&"planted-\"key\"".into()),
        ),
        (
            Reply::new(403).header("x-error", "planted/signature-of-a-link is over").body("no"),
            Request::bare(Method::GET, link.parse().unwrap()),
        ),
        (
            Reply::new(503).body("sig=planted%2Fsignature-of-a-link"),
            Request::bare(Method::GET, link.parse().unwrap()),
        ),
        (
            Reply::new(302).header("location", "https://planted-of-a-host.example/"),
            Request::get("/a").with_secret(&"planted-of-a-host".into()),
        ),
    ] {
        let transport = answering(reply);
        let error = transport.fetch(request).await.unwrap_err();
        let mut said = format!("{error} {error:?}");
        if let Some(refusal) = error.refusal() {
            let body = String::from_utf8_lossy(refusal.body()).into_owned();
            said.push_str(&format!(" {body} {:?}", refusal.headers()));
        }
        assert!(!said.contains("planted"), "{said}");
        assert!(said.contains("[secret]"), "{said}");
    }
    // What was sent before is known afterwards, too.
    let transport = answering(Reply::new(400).body("was it planted-before?"));
    let first = Request::get("/a").with_secret(&"planted-before".into());
    transport.fetch(first).await.unwrap_err();
    let error = transport.fetch(Request::get("/b")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().body().as_ref(), b"was it [secret]?");
}

fn answering(reply: Reply) -> Transport {
    let script = Script::new().respond(move |_| reply.clone());
    let builder = Transport::builder("https://app.good.example/v1");
    builder.exchange(script.exchange()).build().unwrap()
}
