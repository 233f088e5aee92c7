//! What both ends of a pair of trees were when a file was made equal.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use wharf_connector::{Capabilities, Entry, RemotePath, Result};

use super::{Journal, now};
use crate::{Pair, Place, State};

/// What a journal knows of two trees: for each file that was carried from the one to the other, what
/// the two services told of it right afterwards.
///
/// A service that keeps times of its own tells nothing that could be compared with the source. But if
/// the source is what it was when it was carried, and the destination still what it became then, the
/// two are as equal as they were: nobody needs to carry or to read the file. See
/// [`Compare::baseline`](crate::Compare::baseline).
///
/// What is not in the journal is not known, and so compared by other means. Losing the journal costs
/// nothing but that.
#[derive(Debug, Clone)]
pub struct Baseline {
    journal: Journal,
    source: String,
    destination: String,
}

impl Journal {
    /// What is known of the tree at `to` as a likeness of that at `from`; none where nobody needs it,
    /// since the destination takes the times of files.
    pub fn baseline(&self, from: &Place, to: &Place) -> Option<Baseline> {
        if !Baseline::is_needed(to) {
            return None;
        }
        let (journal, source, destination) = (self.clone(), identity(from), identity(to));
        Some(Baseline { journal, source, destination })
    }
}

impl Baseline {
    /// Whether the destination keeps times of its own, which say nothing of the source.
    pub fn is_needed(to: &Place) -> bool {
        let keeping = Capabilities::WRITE_MODIFIED | Capabilities::UPDATE_MODIFIED;
        !to.connector.capabilities().intersects(keeping)
    }

    /// Of these pairs, in their order, those that are as they were when they were made equal.
    pub(crate) async fn unchanged(&self, pairs: Vec<Pair>) -> Result<Vec<Option<Pair>>> {
        let ends = (self.source.clone(), self.destination.clone());
        self.journal
            .write(move |journal| {
                let all = journal.transaction()?;
                let Some(trees) = trees(&all, &ends)? else {
                    return Ok(Vec::new());
                };
                let mut row = all.prepare_cached(
                    "SELECT size, from_modified, from_version, from_id, from_crc32, to_modified, \
                     to_version, to_id FROM baselines WHERE trees = ?1 AND path = ?2",
                )?;
                let judged = pairs.into_iter().map(|pair| {
                    let key = params![trees, pair.to.path.as_str()];
                    let known = row.query_row(key, read).optional()?;
                    let same = known.is_some_and(|(from, to)| {
                        is_as_it_was(&from, &pair.from) && is_as_it_was(&to, &pair.to)
                    });
                    Ok(same.then_some(pair))
                });
                judged.collect()
            })
            .await
    }

    /// Keeps what both ends of a file are now that it was made equal.
    pub(crate) async fn keep(&self, path: &RemotePath, from: &State, to: &State) -> Result<()> {
        let Some(size) = to.size.filter(|size| from.size == Some(*size)) else {
            return self.forget(path).await;
        };
        let ends = (self.source.clone(), self.destination.clone());
        let (path, from, to) = (path.clone(), from.clone(), to.clone());
        self.journal
            .write(move |journal| {
                let all = journal.transaction()?;
                let trees = match trees(&all, &ends)? {
                    Some(trees) => trees,
                    None => {
                        all.execute(
                            "INSERT INTO trees (source, destination, created) VALUES (?1, ?2, ?3)",
                            params![ends.0, ends.1, now()],
                        )?;
                        all.last_insert_rowid()
                    }
                };
                all.prepare_cached(
                    "INSERT OR REPLACE INTO baselines (trees, path, size, from_modified, \
                     from_version, from_id, from_crc32, to_modified, to_version, to_id) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![
                    trees,
                    path.as_str(),
                    size.cast_signed(),
                    from.modified.and_then(|time| time.timestamp_nanos_opt()),
                    from.version,
                    from.id,
                    from.checksums.crc32,
                    to.modified.and_then(|time| time.timestamp_nanos_opt()),
                    to.version,
                    to.id,
                ])?;
                all.commit()
            })
            .await
    }

    /// Forgets a file that is gone.
    pub(crate) async fn forget(&self, path: &RemotePath) -> Result<()> {
        let (ends, path) = ((self.source.clone(), self.destination.clone()), path.clone());
        self.journal
            .write(move |journal| {
                let all = journal.transaction()?;
                if let Some(trees) = trees(&all, &ends)? {
                    all.prepare_cached("DELETE FROM baselines WHERE trees = ?1 AND path = ?2")?
                        .execute(params![trees, path.as_str()])?;
                }
                all.commit()
            })
            .await
    }
}

/// An account and a folder on it, however a person wrote them.
fn identity(place: &Place) -> String {
    let info = place.connector.info();
    let (user, host) = (info.user.as_deref(), info.host.as_deref());
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    format!(
        "{}://{user}{}{}",
        info.scheme,
        host.unwrap_or_default(),
        info.root.join_path(&place.path)
    )
}

fn trees(all: &Transaction<'_>, ends: &(String, String)) -> rusqlite::Result<Option<i64>> {
    all.prepare_cached("SELECT id FROM trees WHERE source = ?1 AND destination = ?2")?
        .query_row(params![ends.0, ends.1], |row| row.get(0))
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<(State, State)> {
    let time = |index: usize| {
        let nanoseconds: rusqlite::Result<Option<i64>> = row.get(index);
        nanoseconds.map(|time| time.map(DateTime::<Utc>::from_timestamp_nanos))
    };
    let size = Some(row.get::<_, i64>(0)?.cast_unsigned());
    let mut from = State { size, modified: time(1)?, ..State::default() };
    (from.version, from.id, from.checksums.crc32) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let mut to = State { size, modified: time(5)?, ..State::default() };
    (to.version, to.id) = (row.get(6)?, row.get(7)?);
    Ok((from, to))
}

/// Whether nothing has changed, and more than the size says so.
fn is_as_it_was(was: &State, now: &Entry) -> bool {
    let told = was.modified.zip(now.modified).is_some()
        || was.version.as_deref().zip(now.version.as_deref()).is_some();
    told && now.size.is_some() && was.still(now).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let mut entry = Entry::file(RemotePath::root()).with_size(3);
        entry.modified = DateTime::from_timestamp_millis(5_250);
        entry.id = Some("x".into());
        entry
    }

    #[test]
    fn size_and_id_alone_are_not_enough() {
        let was = State::of(&entry());
        assert!(is_as_it_was(&was, &entry()));
        let changes: &[fn(&mut Entry)] = &[
            |now| now.modified = None,
            |now| now.size = None,
            |now| now.size = Some(4),
            |now| now.modified = DateTime::from_timestamp_millis(5_251),
            |now| now.id = Some("y".into()),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut now = entry();
            change(&mut now);
            assert!(!is_as_it_was(&was, &now), "change {number}");
        }
        let mut by_version = (entry(), entry());
        for entry in [&mut by_version.0, &mut by_version.1] {
            (entry.modified, entry.version) = (None, Some("7".into()));
        }
        assert!(is_as_it_was(&State::of(&by_version.0), &by_version.1));
    }
}
