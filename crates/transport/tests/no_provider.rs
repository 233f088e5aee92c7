//! TLS by rustls without a crypto provider: a clear error until the application installs one.
#![cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::error::Error;

use wharf_transport::{ErrorKind, Request, RetryPolicy, Transport};

#[tokio::test]
async fn the_application_is_asked_to_install_one_and_may_do_so_late() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let secure = Transport::builder(format!("https://{closed}")).retry(RetryPolicy::none());
    let secure = secure.build().unwrap();
    let plain = Transport::builder(format!("http://{closed}")).exchange(secure.exchange().clone());
    let plain = plain.retry(RetryPolicy::none()).build().unwrap();
    for transport in [&secure, &plain] {
        let error = transport.send(Request::get("/")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains("installed no rustls crypto provider"), "{error}");
    }
    rustls::crypto::ring::default_provider().install_default().unwrap();
    for transport in [&secure, &plain] {
        let error = transport.send(Request::get("/")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{:?}", error.source());
    }
}
