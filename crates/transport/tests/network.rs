//! The exchange with real sockets on this machine: what goes on the wire, and bodies that are cut.
// Where the application is to bring the crypto, `no_provider.rs` speaks for it.
#![cfg(any(feature = "rustls", not(feature = "rustls-no-provider")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::Write;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wharf_transport::{
    Body, Bytes, Error, ErrorKind, HttpExchange, Multipart, Reached, Request, Result, RetryPolicy,
    Transport,
};

/// What a server does with one request: writes these bytes, then keeps or closes the connection.
enum Answer {
    Keep(Vec<u8>),
    Close(Vec<u8>),
}

fn keep(text: impl Into<Vec<u8>>) -> Answer {
    Answer::Keep(text.into())
}

fn close(text: impl Into<Vec<u8>>) -> Answer {
    Answer::Close(text.into())
}

/// A server that reads whole requests and answers them in order, on one connection after another.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<(usize, String)>>>,
}

impl Server {
    async fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            for connection in 0.. {
                let (mut socket, _) = listener.accept().await.unwrap();
                while let Some(request) = read_request(&mut socket).await {
                    seen.lock().unwrap().push((connection, request));
                    match answers.next() {
                        Some(Answer::Keep(bytes)) => socket.write_all(&bytes).await.unwrap(),
                        Some(Answer::Close(bytes)) => {
                            socket.write_all(&bytes).await.unwrap();
                            break;
                        }
                        None => return,
                    }
                }
            }
        });
        Self { address, requests }
    }

    fn transport(&self) -> Transport {
        Transport::builder(format!("http://{}", self.address))
            .retry(RetryPolicy::none())
            .build()
            .unwrap()
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|(_, request)| request.clone()).collect()
    }

    fn connections(&self) -> Vec<usize> {
        self.requests.lock().unwrap().iter().map(|(connection, _)| *connection).collect()
    }
}

/// Head and body of a request, by its length or its chunks; none at the end of the connection.
async fn read_request(socket: &mut TcpStream) -> Option<String> {
    let (mut bytes, mut block) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| {
                head.lines()
                    .find_map(|line| line.strip_prefix(name))
                    .map(|value| value.trim().to_owned())
            };
            let whole = match header("content-length:") {
                Some(length) => body.len() >= length.parse::<usize>().unwrap(),
                None => header("transfer-encoding:").is_none() || body.ends_with("0\r\n\r\n"),
            };
            if whole {
                return Some(text);
            }
        }
        match socket.read(&mut block).await {
            Ok(0) | Err(_) => return None,
            Ok(size) => bytes.extend_from_slice(&block[..size]),
        }
    }
}

async fn body(answer: Answer) -> Result<String> {
    let server = Server::start(vec![answer]).await;
    server.transport().send(Request::get("/a")).await?.text(1000).await
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_cut_body_is_an_error_and_never_short() {
    assert_eq!(body(close(ok("abc"))).await.unwrap(), "abc");
    assert_eq!(
        body(close("HTTP/1.1 200 OK\r\n\r\nabc")).await.unwrap(),
        "abc",
        "the end is the end"
    );
    let head = "HTTP/1.1 200 OK\r\n";
    for answer in [
        format!("{head}content-length: 9\r\n\r\nabc"),
        format!("{head}content-length: 9\r\n\r\n"),
        format!("{head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        format!("{head}transfer-encoding: chunked\r\n\r\n9\r\nabc"),
    ] {
        let error = body(close(answer)).await.unwrap_err();
        assert_eq!((error.kind(), error.reached()), (ErrorKind::Interrupted, Reached::Yes));
        assert!(error.to_string().starts_with("GET http://127.0.0.1:"), "{error}");
        assert!(
            error.to_string().ends_with("/a: the connection broke before the body ended"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_cut_body_is_continued() {
    let server = Server::start(vec![
        close("HTTP/1.1 200 OK\r\ncontent-length: 10\r\netag: \"a\"\r\n\r\n01234"),
        keep("HTTP/1.1 206 Partial Content\r\ncontent-length: 5\r\ncontent-range: bytes 5-9/10\r\netag: \"a\"\r\n\r\n56789"),
    ])
    .await;
    let transport = server.transport();
    let first = transport.send(Request::get("/a").data()).await.unwrap();
    let resume = transport.resume(first).retry(RetryPolicy::default());
    let blocks: Vec<Bytes> = resume
        .into_stream(move |at| {
            let transport = transport.clone();
            async move { transport.send(Request::get("/a").range_from(at.offset())).await.map(Some) }
        })
        .map(|block| block.unwrap())
        .collect()
        .await;
    assert_eq!(blocks.concat(), b"0123456789");
    assert!(server.requests()[1].contains("\r\nrange: bytes=5-\r\n"));
}

#[tokio::test]
async fn broken_exchanges_say_whether_the_request_arrived() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let transport =
        Transport::builder(format!("http://{closed}")).retry(RetryPolicy::none()).build().unwrap();
    let error = transport.send(Request::get("/planted")).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::Connect, Reached::No));
    assert_eq!(error.message(), format!("no connection to {closed}"));

    let many = (0..101).map(|n| format!("x-{n}: 1\r\n")).collect::<String>();
    for answer in
        ["", "HTTP/1.1 200", "nonsense\r\n\r\n", &format!("HTTP/1.1 200 OK\r\n{many}\r\n")]
    {
        let error = body(close(answer)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.reached()),
            (ErrorKind::Interrupted, Reached::Maybe),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn lengths_are_exact_on_the_wire() {
    let content = |size: u64| {
        Body::replayable(size, |_| async {
            Ok(stream::repeat_with(|| Ok(Bytes::from_static(b"0123456789"))).boxed())
        })
    };
    let form = Multipart::with_boundary("b").text("k", "v").file("File", "f", content(12));
    let unknown = Body::stream(stream::iter([Ok(Bytes::from_static(b"abc"))]), None);
    for (request, length, end) in [
        (Request::put("/a"), Some(0), "\r\n\r\n"),
        (Request::post("/a"), Some(0), "\r\n\r\n"),
        (Request::put("/a").body("abc"), Some(3), "\r\n\r\nabc"),
        (Request::put("/a").body(content(25)), Some(25), "\r\n\r\n0123456789012345678901234"),
        (Request::put("/a").body(content(0)), Some(0), "\r\n\r\n"),
        (Request::put("/a").body(vec![b'x'; 600_000]).data(), Some(600_000), "xxx"),
        (Request::post("/a").multipart(form), Some(179), "\r\n\r\n012345678901\r\n--b--\r\n"),
        (Request::put("/a").body(unknown), None, "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        (Request::get("/a"), None, "\r\n\r\n"),
        (Request::delete("/a"), None, "\r\n\r\n"),
    ] {
        let server = Server::start(vec![keep(ok(""))]).await;
        server.transport().send(request).await.unwrap();
        let text = server.requests().remove(0);
        let found = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        assert_eq!(found.map(|length| length.parse().unwrap()), length, "{text:.300}");
        assert_eq!(text.contains("transfer-encoding"), text.contains("3\r\nabc"), "{text:.300}");
        assert!(text.ends_with(end), "{text:.300}");
    }
}

#[tokio::test]
async fn content_that_ends_too_early_is_not_a_request() {
    let server = Server::start(vec![keep(ok(""))]).await;
    let short = Body::window(0..9, |_| async {
        Ok(stream::iter([Ok(Bytes::from_static(b"abc"))]).boxed())
    });
    let error = server.transport().send(Request::put("/a").body(short)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Content);
    assert!(server.requests().is_empty(), "the server never had a whole request");
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn answers_are_unpacked_within_the_limit_and_content_never_is() {
    let json = gzip(b"[1,2,3]");
    let server = Server::start(vec![close(gzipped(&json)), keep(gzipped(&json))]).await;
    let transport = server.transport();
    assert_eq!(transport.json::<Vec<u8>>(Request::get("/a")).await.unwrap(), [1, 2, 3]);
    let content =
        transport.send(Request::get("/a").data()).await.unwrap().bytes(1000).await.unwrap();
    assert_eq!(content, json);
    let requests = server.requests();
    assert!(requests[0].contains("accept-encoding: gzip\r\n"), "{}", requests[0]);
    assert!(requests[1].contains("accept-encoding: identity\r\n"), "{}", requests[1]);

    let bomb = gzip(&vec![b' '; 10_000_000]);
    assert!(bomb.len() < 20_000);
    let fetch = |bytes: Vec<u8>| async move {
        let server = Server::start(vec![keep(bytes)]).await;
        let builder =
            Transport::builder(format!("http://{}", server.address)).answer_limit(1_000_000);
        builder
            .retry(RetryPolicy::none())
            .build()
            .unwrap()
            .fetch(Request::get("/a"))
            .await
            .map(drop)
    };
    let kind = |result: Result<()>| result.map_err(|error: Error| error.kind()).unwrap_err();
    assert_eq!(kind(fetch(gzipped(&bomb)).await), ErrorKind::TooLarge);
    assert_eq!(kind(fetch(gzipped(&json[..json.len() - 9])).await), ErrorKind::Interrupted);
    let mut damaged = json.clone();
    damaged[12] ^= 0xff;
    damaged[13] ^= 0xff;
    assert_eq!(kind(fetch(gzipped(&damaged)).await), ErrorKind::Protocol);
}

#[tokio::test]
async fn connections_are_kept_and_kinds_kept_apart() {
    let server = Server::start((0..3).map(|_| keep(ok(""))).collect()).await;
    let transport = server.transport();
    for request in [Request::get("/a"), Request::get("/b")] {
        transport.fetch(request).await.unwrap();
    }
    assert_eq!(server.connections(), [0, 0]);
    drop(transport);

    let server = Server::start(vec![close(ok("")), keep(ok(""))]).await;
    let exchange: Arc<HttpExchange> = Arc::new(HttpExchange::new());
    let base = format!("http://{}", server.address);
    let make = || Transport::builder(base.clone()).exchange(exchange.clone()).build().unwrap();
    make().fetch(Request::get("/a")).await.unwrap();
    make().fetch(Request::get("/b").data()).await.unwrap();
    assert_eq!(server.connections(), [0, 1], "content does not travel by the connection of calls");
}

#[tokio::test]
async fn redirects_are_not_followed_below_us() {
    let server = Server::start(vec![keep(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
    )])
    .await;
    let exchange = HttpExchange::builder()
        .configure_reqwest(|builder| builder.redirect(Default::default()))
        .build();
    let transport = Transport::builder(format!("http://{}", server.address))
        .exchange(Arc::new(exchange))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = transport.send(Request::get("/a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirected);
    assert!(error.message().contains("http://127.0.0.1:9/…"), "{error}");
}

/// The environment cannot be changed within a test, so the test is run again in one that names a
/// proxy which is not there.
#[test]
fn this_machine_is_never_spoken_to_by_a_proxy() {
    let child = |names: &[&str]| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "through_whatever_proxy_the_environment_names", "--ignored"]);
        for name in names {
            command.env(name, "http://127.0.0.1:1");
        }
        command.output().unwrap().status.success()
    };
    assert!(child(&["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"]));
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own whose environment names a proxy"]
async fn through_whatever_proxy_the_environment_names() {
    assert_eq!(body(keep(ok("direct"))).await.unwrap(), "direct");

    let remote = || Transport::builder("http://proxied.invalid").dangerous_allow_http(true);
    let error = remote().retry(RetryPolicy::none()).build().unwrap().send(Request::get("/")).await;
    let cause = format!("{:?}", error.unwrap_err());
    assert!(cause.contains("Connection refused"), "others go by the proxy: {cause}");

    let direct = Arc::new(HttpExchange::builder().no_proxy().build());
    let error = remote()
        .exchange(direct)
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
        .send(Request::get("/"))
        .await;
    let cause = format!("{:?}", error.unwrap_err());
    assert!(
        cause.contains("dns") || cause.contains("lookup"),
        "except where it is switched off: {cause}"
    );
}

#[tokio::test]
async fn a_head_without_end_is_an_error() {
    let long = format!("x-padding: {}\r\n", "a".repeat(1 << 20));
    let many: String = (0..500).map(|number| format!("x-{number}: a\r\n")).collect();
    for head in [long, many] {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}content-length: 2\r\n\r\nok");
        let kind = body(keep(answer)).await.unwrap_err().kind();
        // Where it is still being sent, the connection may be gone before the reason is known.
        assert!(matches!(kind, ErrorKind::Protocol | ErrorKind::Interrupted), "{kind:?}");
    }
}
