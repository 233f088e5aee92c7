//! What reqwest does alone.

use std::time::Duration;

use reqwest::Client;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};

use crate::Result;
use crate::plain;

/// A client with ring; of certificates it trusts those in SSL_CERT_FILE.
pub(crate) fn client(gzip: bool) -> Result<Client> {
    let mut roots = RootCertStore::empty();
    if let Ok(file) = std::env::var("SSL_CERT_FILE") {
        for certificate in CertificateDer::pem_file_iter(file)? {
            roots.add(certificate?)?;
        }
    }
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = Client::builder().tls_backend_preconfigured(config).gzip(gzip).no_proxy();
    Ok(builder.connect_timeout(Duration::from_secs(10)).build()?)
}

/// Reads an address to nowhere.
pub(crate) async fn get(url: &str) -> Result<Value> {
    let mut response = client(false)?.get(url).send().await?.error_for_status()?;
    let mut bytes = 0;
    while let Some(chunk) = response.chunk().await? {
        bytes += chunk.len();
    }
    Ok(json!({"bytes": bytes}))
}

/// Reads a page of a listing, compressed or not, and parses it, forty times.
pub(crate) async fn listing(url: &str, gzip: bool) -> Result<Value> {
    let (client, key) = (client(gzip)?, std::env::var("FILES_API_KEY")?);
    let mut entries = 0;
    for _ in 0..40 {
        let request = client.get(url).header("x-filesapi-key", &key);
        let body = request.send().await?.error_for_status()?.bytes().await?;
        entries += plain::files(&body)?;
    }
    Ok(json!({"entries": entries}))
}
