//! Shards of a job, lent to workers for a while.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use wharf_connector::Result;

use super::{JobId, Journal, read_step};
use crate::Step;

/// A shard that is lent to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// Its number in the job.
    pub shard: u64,
    /// The steps in it that are not settled.
    pub items: Vec<Item>,
}

/// A step that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// Its number in the job.
    pub number: u64,
    /// What is to be done.
    pub step: Step,
    /// How often it was begun before. If it was, something may have come of it.
    pub tries: u32,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// It is done, and never touched again.
    Done,
    /// It failed.
    Failed,
    /// It was left alone.
    Skipped,
}

impl Ended {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Done => 2,
            Self::Failed => 3,
            Self::Skipped => 4,
        }
    }
}

impl Journal {
    /// Lends the first shard that nobody has, or whose lease has run out, to `owner` until then.
    /// Shards of deletions are lent one at a time, and when all before them are settled.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn lease(
        &self,
        id: &JobId,
        owner: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Lease>> {
        let (id, owner) = (id.clone(), owner.to_owned());
        let (now, until) = (now.timestamp_millis(), until.timestamp_millis());
        let rows = self
            .write(move |journal| {
                let all = journal.transaction()?;
                let free = "SELECT shard FROM shards AS this WHERE job = ?1 AND unsettled > 0 \
                            AND (owner IS NULL OR expires <= ?2) AND (deletes = 0 OR NOT EXISTS \
                            (SELECT 1 FROM shards WHERE job = ?1 AND shard < this.shard \
                            AND unsettled > 0)) ORDER BY shard LIMIT 1";
                let shard: Option<i64> =
                    all.query_row(free, params![id.as_str(), now], |row| row.get(0)).optional()?;
                let Some(shard) = shard else {
                    return Ok(None);
                };
                all.execute(
                    "UPDATE shards SET owner = ?3, expires = ?4 WHERE job = ?1 AND shard = ?2",
                    params![id.as_str(), shard, owner, until],
                )?;
                let mut steps = all.prepare(
                    "SELECT number, step, tries FROM steps INDEXED BY unsettled \
                     WHERE job = ?1 AND shard = ?2 AND state < 2 ORDER BY number",
                )?;
                let row = |row: &rusqlite::Row<'_>| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, u32>(2)?))
                };
                let rows = steps
                    .query_map(params![id.as_str(), shard], row)?
                    .collect::<rusqlite::Result<Vec<_>>>()?;
                drop(steps);
                all.commit()?;
                Ok(Some((shard, rows)))
            })
            .await?;
        let Some((shard, rows)) = rows else {
            return Ok(None);
        };
        let item = |(number, step, tries): (i64, String, u32)| {
            Ok(Item { number: number.cast_unsigned(), step: read_step(&step)?, tries })
        };
        let items = rows.into_iter().map(item).collect::<Result<_>>()?;
        Ok(Some(Lease { shard: shard.cast_unsigned(), items }))
    }

    /// Keeps what `owner` has been lent until then, and says how many shards that are: fewer than
    /// it was lent, if a lease had run out and somebody else has them now.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn renew(&self, id: &JobId, owner: &str, until: DateTime<Utc>) -> Result<u64> {
        let (id, owner, until) = (id.clone(), owner.to_owned(), until.timestamp_millis());
        self.write(move |journal| {
            journal.execute(
                "UPDATE shards SET expires = ?3 WHERE job = ?1 AND owner = ?2",
                params![id.as_str(), owner, until],
            )
        })
        .await
        .map(|shards| shards as u64)
    }

    /// Who has been lent something of this job at the moment.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn owners(&self, id: &JobId, now: DateTime<Utc>) -> Result<Vec<String>> {
        let (id, now) = (id.clone(), now.timestamp_millis());
        self.write(move |journal| {
            let mut owners = journal.prepare(
                "SELECT DISTINCT owner FROM shards WHERE job = ?1 AND unsettled > 0 \
                 AND owner IS NOT NULL AND expires > ?2",
            )?;
            owners.query_map(params![id.as_str(), now], |row| row.get(0))?.collect()
        })
        .await
    }

    /// Takes back what was lent to `owner`.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn release(&self, id: &JobId, owner: &str) -> Result<()> {
        let (id, owner) = (id.clone(), owner.to_owned());
        self.write(move |journal| {
            journal.execute(
                "UPDATE shards SET owner = NULL, expires = NULL WHERE job = ?1 AND owner = ?2",
                params![id.as_str(), owner],
            )
        })
        .await
        .map(drop)
    }
}
