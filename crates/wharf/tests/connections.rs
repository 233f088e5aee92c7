//! What was saved under a name, opened by an application.

#![cfg(feature = "connections")]
#![allow(clippy::unwrap_used)]

use wharf::connections::{Connection, Connections, Environment, open};
use wharf::connector::secrecy::ExposeSecret;
use wharf::{ConnectorExt, ErrorKind, RemotePath};

#[tokio::test]
async fn a_name_leads_to_an_account() {
    let sandbox = wharf_sandbox::Sandbox::start().await.unwrap();
    let target = sandbox.filescom_url().replacen("http:", "filescom+http:", 1);
    let folder = std::env::temp_dir().join(format!("wharf-{}", std::process::id()));
    let environment = Environment::made_of([
        ("ACME_KEY", sandbox.keys().full.clone()),
        ("WHARF_CONNECTION_OTHER", format!("{target}/vendor")),
        ("WHARF_CONNECTION_OTHER__API_KEY", "env:ACME_KEY".to_owned()),
    ]);
    let connections = Connections::at(&folder, environment);
    let registry = wharf::registry();
    let mut saved = Connection::new("acme", &target).unwrap();
    saved.secrets.insert("api_key".to_owned(), "env:ACME_KEY".parse().unwrap());
    connections.add(&saved, &registry).unwrap();

    let acme = connections.open("acme", &registry).unwrap();
    assert!(acme.exists(&RemotePath::new("/readme.md").unwrap()).await.unwrap());
    let other = connections.open("other", &registry).unwrap();
    assert!(!other.exists(&RemotePath::new("/readme.md").unwrap()).await.unwrap());
    let key = connections.secret(&"env:ACME_KEY".parse().unwrap()).unwrap();
    assert_eq!(key.expose_secret(), sandbox.keys().full);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_name_that_nobody_saved_is_told() {
    let error = open("nobody-has-saved-this").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("nobody-has-saved-this"), "{error}");
}
