//! Aligned columns.

use std::fmt::Write;

/// Rows whose columns line up. The last column is never padded, so that what may be long or
/// wide stands there.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.rows.push(cells.map(str::to_owned).to_vec());
    }

    /// A row of as many cells as there are columns.
    pub(crate) fn cells(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The lines, each after `indent` blanks.
    pub(crate) fn lines(&self, indent: usize) -> Vec<String> {
        let widths = self.widths();
        self.rows
            .iter()
            .map(|row| {
                let mut line = " ".repeat(indent);
                for (cell, width) in row.iter().zip(&widths) {
                    // Writing to a String cannot fail.
                    let _ = write!(line, "{cell:<width$}{GAP}");
                }
                line.trim_end().to_owned()
            })
            .collect()
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

const GAP: &str = "  ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let mut table = Table::new();
        table.row(["a", "bb", "c"]);
        table.row(["aaa", "", "long"]);
        table.row(["a", "b", ""]);
        assert_eq!(table.lines(1), [" a    bb  c", " aaa      long", " a    b"]);
    }
}
