//! The steps of a job, cut into shards, and what became of each.

use rusqlite::{Transaction, params};
use wharf_connector::{Error, ErrorKind, Result};

use super::{Ended, JobId, Journal};
use crate::Step;

impl Journal {
    /// Adds steps to a job that is being planned, in their order.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn add(&self, id: &JobId, steps: Vec<Step>) -> Result<()> {
        let id = id.clone();
        let texts = steps.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
        let texts = texts.map_err(|error| {
            Error::new(ErrorKind::Other, "a step cannot be written down").with_source(error)
        })?;
        self.write(move |journal| {
            let all = journal.transaction()?;
            let mut end = End::of(&all, &id)?;
            for (step, text) in steps.iter().zip(&texts) {
                end.make_room(&all, &id, step.is_delete())?;
                let bytes = step.bytes().cast_signed();
                all.prepare_cached(
                    "INSERT INTO steps (job, number, shard, step, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![id.as_str(), end.steps, end.shard, text, bytes])?;
                all.prepare_cached(
                    "UPDATE shards SET unsettled = unsettled + 1 WHERE job = ?1 AND shard = ?2",
                )?
                .execute(params![id.as_str(), end.shard])?;
                end.steps += 1;
                end.in_shard += 1;
            }
            all.commit()
        })
        .await
    }

    /// A step begins, for the first time or once more. It is known from here on that something
    /// may have come of it.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn begin_step(&self, id: &JobId, number: u64) -> Result<()> {
        let id = id.clone();
        self.write(move |journal| {
            journal
                .prepare_cached(
                    "UPDATE steps SET state = 1, tries = tries + 1 WHERE job = ?1 AND number = ?2",
                )?
                .execute(params![id.as_str(), number.cast_signed()])
        })
        .await
        .map(drop)
    }

    /// A step has ended, with its receipt if it carried a file. Of one that has ended before,
    /// nothing is changed.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn end_step(
        &self,
        id: &JobId,
        number: u64,
        ended: Ended,
        text: Option<String>,
    ) -> Result<()> {
        let (id, number) = (id.clone(), number.cast_signed());
        let (receipt, error) = match ended {
            Ended::Done => (text, None),
            _ => (None, text),
        };
        self.write(move |journal| {
            let all = journal.transaction()?;
            let changed = all
                .prepare_cached(
                    "UPDATE steps SET state = ?3, receipt = ?4, error = ?5 \
                     WHERE job = ?1 AND number = ?2 AND state < 2",
                )?
                .execute(params![id.as_str(), number, ended.number(), receipt, error])?;
            if changed == 0 {
                return Ok(());
            }
            all.prepare_cached(
                "UPDATE shards SET unsettled = unsettled - 1 WHERE job = ?1 AND shard = \
                 (SELECT shard FROM steps WHERE job = ?1 AND number = ?2)",
            )?
            .execute(params![id.as_str(), number])?;
            all.commit()
        })
        .await
    }

    /// Lets steps that failed or were skipped be tried once more.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn retry(&self, id: &JobId) -> Result<()> {
        let id = id.clone();
        self.write(move |journal| {
            let all = journal.transaction()?;
            all.execute(
                "UPDATE steps SET state = CASE WHEN tries > 0 THEN 1 ELSE 0 END, error = NULL \
                 WHERE job = ?1 AND state > 2",
                [id.as_str()],
            )?;
            all.execute(
                "UPDATE shards SET unsettled = (SELECT count(*) FROM steps INDEXED BY unsettled WHERE \
                 steps.job = shards.job AND steps.shard = shards.shard AND state < 2) \
                 WHERE job = ?1",
                [id.as_str()],
            )?;
            all.commit()
        })
        .await
    }

    /// Whether nothing may be deleted: a step failed or was skipped, or the job is gone.
    pub(crate) async fn has_failed(&self, id: &JobId) -> Result<bool> {
        let id = id.clone();
        self.write(move |journal| {
            journal
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM steps INDEXED BY failed WHERE job = ?1 AND state > 2) \
                     OR NOT EXISTS (SELECT 1 FROM jobs WHERE id = ?1)",
                )?
                .query_row([id.as_str()], |row| row.get(0))
        })
        .await
    }

    /// Receipts that nobody has said to be filed, in the order of their steps.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn unfiled(&self, id: &JobId) -> Result<Vec<(u64, String)>> {
        let id = id.clone();
        self.write(move |journal| {
            let mut rows = journal.prepare_cached(
                "SELECT number, receipt FROM steps INDEXED BY unfiled \
                 WHERE job = ?1 AND receipt IS NOT NULL AND filed = 0 ORDER BY number",
            )?;
            let row = |row: &rusqlite::Row<'_>| {
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, String>(1)?))
            };
            rows.query_map([id.as_str()], row)?.collect()
        })
        .await
    }

    /// The receipts of these steps stand in their file.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn filed(&self, id: &JobId, numbers: Vec<u64>) -> Result<()> {
        let id = id.clone();
        self.write(move |journal| {
            let all = journal.transaction()?;
            for number in numbers {
                all.prepare_cached("UPDATE steps SET filed = 1 WHERE job = ?1 AND number = ?2")?
                    .execute(params![id.as_str(), number.cast_signed()])?;
            }
            all.commit()
        })
        .await
    }

    /// What went wrong with steps, up to a limit: the step, and the words for it.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn failures(&self, id: &JobId, limit: u32) -> Result<Vec<(Step, String)>> {
        let id = id.clone();
        let rows: Vec<(String, String)> = self
            .write(move |journal| {
                let mut rows = journal.prepare(
                    "SELECT step, error FROM steps WHERE job = ?1 AND error IS NOT NULL \
                     ORDER BY number LIMIT ?2",
                )?;
                rows.query_map(params![id.as_str(), limit], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .await?;
        rows.into_iter().map(|(step, error)| Ok((super::read_step(&step)?, error))).collect()
    }

    /// The first steps, up to a limit.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn steps(&self, id: &JobId, limit: u32) -> Result<Vec<Step>> {
        let id = id.clone();
        let rows: Vec<String> = self
            .write(move |journal| {
                let mut rows = journal
                    .prepare("SELECT step FROM steps WHERE job = ?1 ORDER BY number LIMIT ?2")?;
                rows.query_map(params![id.as_str(), limit], |row| row.get(0))?.collect()
            })
            .await?;
        rows.iter().map(|step| super::read_step(step)).collect()
    }
}

/// Where the next step goes.
struct End {
    steps: i64,
    /// The last shard, and how much is in it.
    shard: i64,
    in_shard: i64,
    deletes: bool,
}

impl End {
    fn of(all: &Transaction<'_>, id: &JobId) -> rusqlite::Result<Self> {
        let steps = all.query_row(
            "SELECT coalesce(max(number) + 1, 0) FROM steps WHERE job = ?1",
            [id.as_str()],
            |row| row.get(0),
        )?;
        let (shard, deletes) = all.query_row(
            "SELECT coalesce(max(shard), -1), coalesce(max(deletes), 0) FROM shards WHERE job = ?1",
            [id.as_str()],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)),
        )?;
        let in_shard = all.query_row(
            "SELECT coalesce(max(unsettled), 0) FROM shards WHERE job = ?1 AND shard = ?2",
            params![id.as_str(), shard],
            |row| row.get(0),
        )?;
        Ok(Self { steps, shard, in_shard, deletes })
    }

    /// Begins another shard where the last is full, or the deletions begin.
    fn make_room(
        &mut self,
        all: &Transaction<'_>,
        id: &JobId,
        is_delete: bool,
    ) -> rusqlite::Result<()> {
        let fits = self.shard >= 0 && self.in_shard < IN_SHARD && self.deletes == is_delete;
        if fits {
            return Ok(());
        }
        (self.shard, self.in_shard, self.deletes) = (self.shard + 1, 0, is_delete);
        all.execute(
            "INSERT INTO shards (job, shard, deletes, unsettled) VALUES (?1, ?2, ?3, 0)",
            params![id.as_str(), self.shard, is_delete],
        )?;
        Ok(())
    }
}

/// How many steps one worker takes at a time.
const IN_SHARD: i64 = 256;
