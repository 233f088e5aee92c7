//! The door for everything that nobody has typed yet.

use serde::de::DeserializeOwned;
use wharf_transport::{Answer, Request, Response};

use crate::api::Pages;
use crate::api::pages::pages_of;
use crate::client::Client;
use crate::error::Result;

/// Any request to the interface, with the key, the repeats and the errors of the typed calls.
///
/// Paths are those of the REST API reference of Files.com, without `/api/rest/v1`.
///
/// ```
/// use wharf_filescom::{Client, Config, Credentials};
/// use wharf_transport::Request;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
/// let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
/// #[derive(serde::Deserialize)]
/// struct Key { permission_set: String }
/// let key: Key = client.raw().json(Request::get("/api_key")).await?;
/// assert_eq!(key.permission_set, "full");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Raw {
    client: Client,
}

impl Raw {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Sends a request and reads the whole answer, at most 64 MiB of it.
    ///
    /// # Errors
    ///
    /// What the service refuses, and whatever can go wrong on the way.
    pub async fn fetch(&self, request: Request) -> Result<Answer> {
        self.client.fetch(request).await
    }

    /// Sends a request and reads the value in the answer's JSON.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch), and `Protocol` when the answer is something else.
    pub async fn json<T: DeserializeOwned + Send>(&self, request: Request) -> Result<T> {
        self.client.json(request).await
    }

    /// Sends a request; the body of the answer is for the caller to read.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn send(&self, request: Request) -> Result<Response> {
        self.client.send(request).await
    }

    /// A list that comes in pages, as most lists of the service do: `request` is repeated with
    /// each cursor.
    pub fn pages<T>(&self, request: Request) -> Pages<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        pages_of(self.client.clone(), request)
    }
}
