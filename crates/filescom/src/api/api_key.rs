//! The key that asks (Files.com REST API reference, API Keys).

use wharf_model::filescom::ApiKey;
use wharf_transport::Request;

use crate::client::Client;
use crate::error::Result;

/// `GET /api_key`: what the service knows about the key that asks.
pub fn find() -> Request {
    Request::get("/api_key")
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct CurrentKey {
    client: Client,
}

impl CurrentKey {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What the service knows about the key that asks: whose it is, what it may do, when it ends.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` for a key that is wrong, expired or revoked; `PermissionDenied` for a
    /// session, and for some restricted keys.
    pub async fn find(&self) -> Result<ApiKey> {
        self.client.json(find()).await
    }
}
