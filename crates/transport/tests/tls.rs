//! TLS with a server whose certificate nobody vouches for: it must be refused, clearly and once.
#![cfg(feature = "rustls")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::LazyConfigAcceptor;
use wharf_transport::{ErrorKind, HttpExchange, Reached, Request, RetryPolicy, Transport};

type Offers = Arc<Mutex<Vec<Vec<String>>>>;

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(include_bytes!("throwaway/cert.pem")).unwrap()
}

/// A server for any number of connections; it notes which protocols each client offers.
async fn server() -> (String, Offers) {
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("throwaway/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let offers = Offers::default();
    let seen = Arc::clone(&offers);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let Ok(start) = LazyConfigAcceptor::new(Default::default(), socket).await else {
                continue;
            };
            let offered = start.client_hello().alpn().into_iter().flatten();
            let offered = offered.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            seen.lock().unwrap().push(offered);
            if let Ok(mut stream) = start.into_stream(Arc::clone(&config)).await {
                let mut request = [0; 4096];
                if stream.read(&mut request).await.is_ok_and(|size| size > 0) {
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nsafe";
                    stream.write_all(answer).await.unwrap();
                    stream.shutdown().await.unwrap();
                }
            }
        }
    });
    (base, offers)
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused_and_not_asked_again() {
    let (base, offers) = server().await;
    let transport = Transport::builder(base).retry(RetryPolicy::default()).build().unwrap();
    for request in [Request::get("/planted"), Request::get("/planted").data()] {
        let error = transport.send(request).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.reached()),
            (ErrorKind::Tls, 1, Reached::No)
        );
        let mut source = std::error::Error::source(&error);
        let mut causes = Vec::new();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        assert!(causes.concat().contains("certificate"), "{causes:?}");
    }
    let offers = offers.lock().unwrap();
    assert_eq!(offers[0], ["h2", "http/1.1"], "calls take HTTP/2 where it is offered");
    assert_eq!(offers[1], ["http/1.1"], "content never does");
    assert!(
        rustls::crypto::CryptoProvider::get_default().is_none(),
        "nothing is installed for the process"
    );
}

#[tokio::test]
async fn an_application_may_bring_its_own_roots() {
    let (base, _) = server().await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let exchange = HttpExchange::builder()
        .configure_reqwest(move |builder| builder.tls_backend_preconfigured(config.clone()))
        .build();
    let transport = Transport::builder(base).exchange(Arc::new(exchange)).build().unwrap();
    assert_eq!(transport.fetch(Request::get("/a")).await.unwrap().body(), "safe");
}

/// A server that speaks no TLS at all.
#[tokio::test]
async fn nonsense_instead_of_tls_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error =
        Transport::builder(base).build().unwrap().send(Request::get("/a")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
}
