//! How the suite gets at a backend.

use std::sync::Arc;

use async_trait::async_trait;
use wharf_connector::{Connector, RemotePath};

/// How the suite gets at the backend under test.
///
/// A harness is made for every case. What the backend needs to live (a temporary folder,
/// a server) is kept in the harness and dropped with it.
#[async_trait]
pub trait Harness: Send + Sync {
    /// A connector, ready to use. Called once per case.
    async fn connector(&self) -> Arc<dyn Connector>;

    /// A folder that does not exist yet and may be filled; its parent exists.
    fn scratch(&self) -> RemotePath {
        RemotePath::root().join("conformance").unwrap_or_default()
    }

    /// Texts that must never be printed: keys, passwords, session ids.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}
