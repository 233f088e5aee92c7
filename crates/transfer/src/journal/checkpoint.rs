//! The state of an unfinished write, kept with its step.

use rusqlite::{OptionalExtension, params};
use wharf_connector::{Checkpoint, CheckpointStore, RemotePath, Result, Unfinished, async_trait};

use super::{JobId, Journal};

/// Where the state of one step's write is kept.
#[derive(Debug)]
struct OfStep {
    journal: Journal,
    job: JobId,
    number: u64,
    /// It was never begun before: there is nothing to look for.
    fresh: bool,
}

impl Journal {
    /// A place for the state of one step's write. For a step that was never begun before, nothing
    /// is looked for.
    pub fn checkpoint(&self, job: &JobId, number: u64, fresh: bool) -> Checkpoint {
        let (journal, job) = (self.clone(), job.clone());
        Checkpoint::new(std::sync::Arc::new(OfStep { journal, job, number, fresh }), "")
    }
}

#[async_trait]
impl CheckpointStore for OfStep {
    async fn load(&self) -> Result<Option<Unfinished>> {
        if self.fresh {
            return Ok(None);
        }
        let (job, number) = (self.job.clone(), self.number.cast_signed());
        let row: Option<(String, String, Option<String>)> = self
            .journal
            .write(move |journal| {
                journal
                    .query_row(
                        "SELECT source, token, partial FROM steps \
                         WHERE job = ?1 AND number = ?2 AND token IS NOT NULL",
                        params![job.as_str(), number],
                        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                    )
                    .optional()
            })
            .await?;
        Ok(row.map(|(source, token, partial)| {
            let mut unfinished = Unfinished::new(source, token);
            unfinished.partial = partial.and_then(|path| RemotePath::new(&path).ok());
            unfinished
        }))
    }

    async fn keep(&self, unfinished: Unfinished) -> Result<()> {
        let (job, number) = (self.job.clone(), self.number.cast_signed());
        self.journal
            .write(move |journal| {
                let partial = unfinished.partial.as_ref().map(RemotePath::as_str);
                journal
                    .prepare_cached(
                        "UPDATE steps SET source = ?3, token = ?4, partial = ?5 \
                         WHERE job = ?1 AND number = ?2",
                    )?
                    .execute(params![
                        job.as_str(),
                        number,
                        unfinished.source,
                        unfinished.token,
                        partial
                    ])
            })
            .await
            .map(drop)
    }

    async fn forget(&self) -> Result<()> {
        let (job, number) = (self.job.clone(), self.number.cast_signed());
        self.journal
            .write(move |journal| {
                journal
                    .prepare_cached(
                        "UPDATE steps SET source = NULL, token = NULL, partial = NULL \
                         WHERE job = ?1 AND number = ?2 AND token IS NOT NULL",
                    )?
                    .execute(params![job.as_str(), number])
            })
            .await
            .map(drop)
    }
}
