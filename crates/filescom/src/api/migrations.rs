//! Work that goes on in the background (Files.com REST API reference, File Migrations).

use std::time::Duration;

use wharf_connector::{ErrorKind, Reached};
use wharf_model::filescom::{FileAction, FileMigration, FileMigrationLogEntry, MigrationStatus};
use wharf_transport::Request;

use super::pages::{Pages, pages_of};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::poll::Poll;

/// `GET /file_migrations/{id}`: how far some work is.
pub fn find(id: i64) -> Request {
    Request::get("/file_migrations").segment(&id.to_string())
}

/// `GET /file_migration_logs`: what happened during some work.
pub fn log(id: i64) -> Request {
    Request::get("/file_migration_logs").query("filter[file_migration_id]", id)
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Migrations {
    client: Client,
}

impl Migrations {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// How far some work is.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that is unknown.
    pub async fn find(&self, id: i64) -> Result<FileMigration> {
        self.client.json(find(id)).await
    }

    /// What happened during some work.
    pub fn log(&self, id: i64) -> Pages<FileMigrationLogEntry> {
        pages_of(self.client.clone(), log(id))
    }

    /// A handle on work of which only the id is known.
    pub fn handle(&self, id: i64) -> Migration {
        let status = MigrationStatus::from("pending");
        Migration { client: self.client.clone(), id: Some(id), status }
    }
}

/// A copy or move that may go on in the background.
#[derive(Debug, Clone)]
pub struct Migration {
    client: Client,
    id: Option<i64>,
    status: MigrationStatus,
}

impl Migration {
    pub(crate) fn begun(client: Client, action: FileAction) -> Self {
        Self { client, id: action.file_migration_id, status: action.status }
    }

    /// What to ask about it; none when the work was done at once.
    pub fn id(&self) -> Option<i64> {
        self.id
    }

    /// How far it was when it was last asked about.
    pub fn status(&self) -> &MigrationStatus {
        &self.status
    }

    /// Waits until it has ended, at most so long.
    ///
    /// # Errors
    ///
    /// `Pending`, with the id in the message, when the time is over first; `Other` when the work
    /// failed, with the reason that the service gives.
    pub async fn wait(&mut self, limit: Duration) -> Result<()> {
        let mut poll = Poll::new(limit, self.client.config().poll_interval);
        let mut reason = None;
        while self.status.is_running() {
            let Some(id) = self.id else {
                let message =
                    format!("the service says {} and names no work to ask about", self.status);
                return Err(Error::protocol(message));
            };
            if !poll.wait().await {
                return Err(self.pending(id, limit));
            }
            let asked = self.client.migrations().find(id).await;
            let migration = asked.map_err(|error| unasked(id, error))?;
            self.status = migration.status;
            reason = migration.failure_message;
        }
        match self.status.is_success() {
            true => Ok(()),
            false => Err(self.failed(reason.as_deref()).await),
        }
    }

    fn pending(&self, id: i64, limit: Duration) -> Error {
        let seconds = limit.as_secs_f64();
        let message = format!(
            "the service works on it as migration {id}, which was {} after {seconds:.0} s",
            self.status
        );
        Error::new(ErrorKind::Pending, message)
            .with_reached(Reached::Maybe)
            .with_remedy("Look again later, or allow more time by the setting `migration_timeout`.")
    }

    /// Newer answers give the reason; otherwise the log may.
    async fn failed(&self, reason: Option<&str>) -> Error {
        let reason = match (reason.filter(|reason| !reason.trim().is_empty()), self.id) {
            (Some(reason), _) => Some(reason.trim().to_owned()),
            (None, Some(id)) => self.logged(id).await,
            (None, None) => None,
        };
        let what = self.id.map_or_else(|| "the work".to_owned(), |id| format!("migration {id}"));
        let reason = reason.map_or_else(
            || "the service gives no reason".to_owned(),
            |reason| reason.trim_end_matches('.').to_owned(),
        );
        let message = format!("{what} failed: {reason}");
        Error::new(ErrorKind::Other, message).with_reached(Reached::Maybe)
    }

    async fn logged(&self, id: i64) -> Option<String> {
        let page = self.client.migrations().log(id).next().await?.ok()?;
        let told = page.items.into_iter().find_map(|line| line.message);
        told.map(|message| message.trim().to_owned()).filter(|message| !message.is_empty())
    }
}

/// Whatever became of the question, the work goes on. What may not be asked about is told as missing,
/// and that is not about what is copied or moved.
fn unasked(id: i64, error: Error) -> Error {
    let error = error.with_reached(Reached::Maybe);
    if error.kind() != ErrorKind::NotFound {
        return error;
    }
    let message = format!(
        "the service works on it as migration {id}, and cannot be asked about that: {}",
        error.message()
    );
    let error = error.with_kind(ErrorKind::Pending).with_message(message);
    error.with_remedy("Look later whether it was done.")
}
