//! Rows on their way to the journal.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Takes the rows that are to be written.
///
/// What changed becomes one batch, a single line, so that it is read again whole or not at all.
/// When everything is written, each row has a line.
pub(crate) struct Lines<'a> {
    out: &'a mut dyn Write,
    /// The last text of each small row.
    small: &'a mut HashMap<String, String>,
    whole: bool,
    bytes: u64,
}

/// One row. Without a value it is gone.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row<V = Box<RawValue>> {
    pub(super) table: String,
    pub(super) key: String,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<V>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(
        out: &'a mut dyn Write,
        small: &'a mut HashMap<String, String>,
        whole: bool,
    ) -> Self {
        Self { out, small, whole, bytes: 0 }
    }

    /// Whether everything is to be written, not what changed alone.
    pub(crate) fn are_whole(&self) -> bool {
        self.whole
    }

    /// Writes a row, in the place of the one of this key.
    pub(crate) fn put(
        &mut self,
        table: &str,
        key: &impl Display,
        value: &impl Serialize,
    ) -> io::Result<()> {
        let text = text(table, key, Some(value))?;
        self.row(&text)
    }

    /// Tells that the row of this key is gone.
    pub(crate) fn gone(&mut self, table: &str, key: &impl Display) -> io::Result<()> {
        let text = text::<()>(table, key, None)?;
        self.row(&text)
    }

    /// Writes a row that never changes.
    pub(crate) fn fixed(
        &mut self,
        table: &str,
        key: &impl Display,
        value: &impl Serialize,
    ) -> io::Result<()> {
        if self.whole { self.put(table, key, value) } else { Ok(()) }
    }

    /// Writes a row if it is not as it was written last. For rows that are few and short: it is
    /// found out by comparing.
    pub(crate) fn small(
        &mut self,
        table: &str,
        key: &impl Display,
        value: &impl Serialize,
    ) -> io::Result<()> {
        let text = text(table, key, Some(value))?;
        let name = format!("{table} {key}");
        if !self.whole && self.small.get(&name) == Some(&text) {
            return Ok(());
        }
        self.row(&text)?;
        self.small.insert(name, text);
        Ok(())
    }

    /// Ends the batch; answers how many bytes were written.
    pub(super) fn end(mut self) -> io::Result<u64> {
        if !self.whole && self.bytes > 0 {
            self.text("]\n")?;
        }
        Ok(self.bytes)
    }

    fn row(&mut self, row: &str) -> io::Result<()> {
        self.text(if self.whole || self.bytes == 0 { "[" } else { "," })?;
        self.text(row)?;
        self.text(if self.whole { "]\n" } else { "" })
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.bytes += text.len() as u64;
        self.out.write_all(text.as_bytes())
    }
}

impl std::fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").field("whole", &self.whole).finish_non_exhaustive()
    }
}

fn text<V: Serialize>(table: &str, key: &impl Display, value: Option<&V>) -> io::Result<String> {
    let row = Row { table: table.to_owned(), key: key.to_string(), value };
    serde_json::to_string(&row).map_err(io::Error::other)
}
