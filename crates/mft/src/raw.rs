//! The door for everything that nobody has typed yet.

use serde::de::DeserializeOwned;
use wharf_transport::{Answer, Request, Response, Unreadable};

use crate::client::Client;
use crate::dialect::is_disguised;
use crate::error::{Error, Result};

/// Any request to the server, with the session, the repeats and the errors of the typed calls.
///
/// Paths are below the server's address, such as `/REST/1.16/Server/Info`.
///
/// ```
/// use wharf_mft::{Client, Config, Login};
/// use wharf_transport::Request;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (server, user) = (sandbox.mft_url(), sandbox.mft().users().remove(0));
/// let client = Client::new(Config::new(server, user.name, Login::password(user.password)))?;
/// #[derive(serde::Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct Site { title: String }
/// let site: Site = client.raw().json(Request::get("/REST/1.16/Server/Info")).await?;
/// assert!(!site.title.is_empty());
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
    /// What the service refuses, also in the body of a success, and whatever can go wrong on the
    /// way.
    pub async fn fetch(&self, request: Request) -> Result<Answer> {
        let transport = self.client.transport();
        transport.fetch_checked(request, is_disguised).await.map_err(Error::from)
    }

    /// Sends a request and reads the value in the answer's JSON.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch), and `Protocol` when the answer is something else.
    pub async fn json<T: DeserializeOwned + Send>(&self, request: Request) -> Result<T> {
        let read = |answer: &Answer| match is_disguised(answer) {
            true => Err(Unreadable::Refusal),
            false => Ok(answer.json()?),
        };
        Ok(self.client.transport().fetch_with(request, read).await?)
    }

    /// Sends a request; the body of the answer is for the caller to read, refusals in disguise
    /// included.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn send(&self, request: Request) -> Result<Response> {
        Ok(self.client.transport().send(request).await?)
    }
}
