//! HTTPS: whom clients must trust, and that all else is as without it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use wharf_sandbox::{Builder, Fault, Route, Sandbox};

async fn connect(
    url: &str,
    name: &str,
    ca: &[u8],
    alpn: &[&str],
) -> Result<TlsStream<TcpStream>, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let address = url.strip_prefix("https://").unwrap().split('/').next().unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = name.to_owned().try_into().unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await.map_err(|error| error.to_string())
}

/// One request on a connection of its own; an error is a broken connection.
async fn send(
    ca: &str,
    method: Method,
    url: &str,
    key: Option<&str>,
    body: impl Into<Bytes>,
) -> Result<(StatusCode, Bytes), String> {
    let stream = connect(url, "127.0.0.1", ca.as_bytes(), &["h2", "http/1.1"]).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let told = |error: hyper::Error| format!("{error:?}");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(told)?;
    let connection = tokio::spawn(connection);
    let (host, path) = url[8..].split_once('/').unwrap();
    let mut request =
        Request::builder().method(method).uri(format!("/{path}")).header("host", host);
    if let Some(key) = key {
        request = request.header("x-filesapi-key", key).header("content-type", "application/json");
    }
    let request = request.body(Full::new(body.into())).unwrap();
    let answer = sender.send_request(request).await.map_err(told)?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(told)?.to_bytes();
    connection.abort();
    Ok((status, body))
}

async fn call(sandbox: &Sandbox, method: Method, path: &str, body: Value) -> Value {
    let url = format!("{}/api/rest/v1{path}", sandbox.filescom_url());
    let (ca, key) = (sandbox.ca_pem().unwrap(), Some(sandbox.keys().full.as_str()));
    let (status, body) = send(ca, method, &url, key, body.to_string()).await.unwrap();
    assert!(status.is_success(), "{status} {body:?}");
    serde_json::from_slice(&body).unwrap()
}

async fn start(change: impl FnOnce(Builder) -> Builder) -> Sandbox {
    change(Sandbox::builder().tls(true)).start().await.unwrap()
}

#[tokio::test]
async fn every_address_speaks_tls_and_links_lead_on_in_it() {
    let sandbox = start(|builder| builder).await;
    let ca = sandbox.ca_pem().unwrap();
    for url in [sandbox.filescom_url(), sandbox.storage_url(), sandbox.mft_url()] {
        let ready = format!("{url}/_sandbox/ready");
        let (status, _) = send(ca, Method::GET, &ready, None, "").await.unwrap();
        assert_eq!(status, 200, "{url}");
        let plain = TcpStream::connect(&url[8..]).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(plain)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get("/").header("host", "x").body(Full::<Bytes>::default());
        assert!(sender.send_request(request.unwrap()).await.is_err(), "{url} takes no plain HTTP");
    }
    let content: Vec<u8> = (0..700_000_u32).map(|at| (at % 251) as u8).collect();
    let grants = call(&sandbox, Method::POST, "/file_actions/begin_upload/a.bin", json!({})).await;
    let address = grants[0]["upload_uri"].as_str().unwrap();
    let (status, body) = send(ca, Method::PUT, address, None, content.clone()).await.unwrap();
    assert_eq!(status, 200, "{body:?}");
    let end = json!({"action": "end", "ref": grants[0]["ref"]});
    call(&sandbox, Method::POST, "/files/a.bin", end).await;
    let file = call(&sandbox, Method::GET, "/files/a.bin", json!({})).await;
    let link = file["download_uri"].as_str().unwrap();
    assert!(link.starts_with(&sandbox.storage_url()), "{link}");
    let (status, body) = send(ca, Method::GET, link, None, "").await.unwrap();
    assert_eq!((status, &body[..]), (StatusCode::OK, &content[..]));
    let key = call(&sandbox, Method::GET, "/api_key", json!({})).await;
    assert_eq!(key["url"], format!("{}/", sandbox.filescom_url()));
}

#[tokio::test]
async fn only_who_trusts_the_authority_gets_in() {
    let (sandbox, other) = (start(|builder| builder).await, start(|builder| builder).await);
    let (url, ca) = (sandbox.filescom_url(), sandbox.ca_pem().unwrap());
    for (name, ca, alpn, good) in [
        ("127.0.0.1", ca, &["http/1.1"][..], true),
        ("localhost", ca, &[], true),
        ("::1", ca, &[], true),
        ("127.0.0.2", ca, &[], false),
        ("app.files.com", ca, &[], false),
        ("127.0.0.1", ca, &["h2"], false),
        ("127.0.0.1", other.ca_pem().unwrap(), &[], false),
    ] {
        let connected = connect(&url, name, ca.as_bytes(), alpn).await;
        assert_eq!(connected.is_ok(), good, "{name} {alpn:?}: {:?}", connected.err());
    }
    assert!(sandbox.seen().requests().is_empty());
    let plain = Sandbox::start().await.unwrap();
    assert_eq!((plain.ca_pem(), plain.ca_file()), (None, None));
    assert!(plain.filescom_url().starts_with("http://"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_of_ones_own_is_vouched_for() {
    let address = "127.0.0.2:0".parse().unwrap();
    let sandbox = start(|builder| builder.mft_address(address)).await;
    let (url, ca) = (sandbox.mft_url(), sandbox.ca_pem().unwrap());
    connect(&url, "127.0.0.2", ca.as_bytes(), &[]).await.unwrap();
}

#[tokio::test]
async fn faults_happen_below_the_encryption_too() {
    let sandbox = start(|builder| builder).await;
    let ca = sandbox.ca_pem().unwrap();
    let url = format!("{}/api/rest/v1/folders/", sandbox.filescom_url());
    let key = Some(sandbox.keys().full.as_str());
    for fault in [Fault::ResetBefore, Fault::LoseAnswer, Fault::CutAfter(40), Fault::ResetAfter(40)]
    {
        sandbox.faults().next(Route::List, fault.clone());
        let broken = send(ca, Method::GET, &url, key, "").await;
        assert!(broken.is_err(), "{fault:?}: {broken:?}");
        let good = send(ca, Method::GET, &url, key, "").await;
        assert_eq!(good.unwrap().0, 200, "{fault:?}");
    }
}

#[tokio::test]
async fn the_authority_of_a_folder_stays_and_that_of_a_trial_goes() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("data");
    let sandbox = start(|builder| builder.data(&home)).await;
    let ca = sandbox.ca_pem().unwrap().to_owned();
    assert_eq!(sandbox.ca_file(), Some(home.join("ca.pem").as_path()));
    assert_eq!(read(sandbox.ca_file()), ca);
    sandbox.stop().await.unwrap();
    let sandbox = start(|builder| builder.data(&home)).await;
    assert_eq!(sandbox.ca_pem(), Some(ca.as_str()));
    connect(&sandbox.mft_url(), "localhost", ca.as_bytes(), &[]).await.unwrap();
    sandbox.stop().await.unwrap();
    // A key that does not fit is noticed, not used.
    let other = dir.path().join("other");
    start(|builder| builder.data(&other)).await.stop().await.unwrap();
    std::fs::copy(other.join("ca.key"), home.join("ca.key")).unwrap();
    let error = Sandbox::builder().tls(true).data(&home).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("ca.key"), "{error}");
    assert_eq!(read(Some(&home.join("ca.pem"))), ca);

    let trial = start(|builder| builder).await;
    let file = trial.ca_file().unwrap().to_owned();
    assert_eq!(read(Some(&file)), trial.ca_pem().unwrap());
    assert!(!format!("{trial:?}").contains("PRIVATE"));
    drop(trial);
    assert!(!file.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let _sandbox = start(|builder| builder.data(dir.path())).await;
    let mode = std::fs::metadata(dir.path().join("ca.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

fn read(path: Option<&Path>) -> String {
    std::fs::read_to_string(path.unwrap()).unwrap()
}
