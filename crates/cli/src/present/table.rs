//! Aligned columns.

use unicode_width::UnicodeWidthStr;

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

    /// The same without these columns, the first first, until a line has at most `width` columns;
    /// columns that have nothing but a heading go before.
    pub(crate) fn fitted(mut self, least_wanted: &[&str], width: usize) -> Self {
        let count = self.rows.first().map_or(0, Vec::len);
        for column in (0..count).rev() {
            let cells = self.rows.iter().skip(1).filter_map(|row| row.get(column));
            if cells.clone().count() > 0 && cells.clone().all(|cell| cell.is_empty() || cell == "-")
            {
                self.remove(column);
            }
        }
        for name in least_wanted {
            let heading = self.rows.first();
            let found = heading.and_then(|row| row.iter().position(|cell| cell == name));
            if let Some(column) = found.filter(|_| self.widest() > width) {
                self.remove(column);
            }
        }
        self
    }

    fn remove(&mut self, column: usize) {
        for row in self.rows.iter_mut().filter(|row| column < row.len()) {
            row.remove(column);
        }
    }

    fn widest(&self) -> usize {
        self.lines(0).iter().map(|line| line.width()).max().unwrap_or_default()
    }

    /// The lines, each after `indent` blanks.
    pub(crate) fn lines(&self, indent: usize) -> Vec<String> {
        let widths = self.widths();
        self.rows
            .iter()
            .map(|row| {
                let mut line = " ".repeat(indent);
                for (cell, width) in row.iter().zip(&widths) {
                    line.push_str(cell);
                    line.push_str(&" ".repeat(width.saturating_sub(cell.width())));
                    line.push_str(GAP);
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
                *width = (*width).max(cell.width());
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

    #[test]
    fn what_has_no_room_or_nothing_to_say_is_left_out() {
        let table = || {
            let mut table = Table::new();
            table.row(["NAME", "HOST", "END", "TEXT"]);
            table.row(["a", "a.example", "-", "b"]);
            table.row(["b", "b.example", "", ""]);
            table
        };
        let heads = |width| table().fitted(&["HOST", "NAME"], width).lines(0)[0].clone();
        assert_eq!(heads(80), "NAME  HOST       TEXT");
        assert_eq!(heads(20), "NAME  TEXT");
        assert_eq!(heads(3), "TEXT");
        assert_eq!(Table::new().fitted(&["HOST"], 3).lines(0), [""; 0]);
    }

    #[test]
    fn a_column_is_as_wide_as_a_terminal_draws_it() {
        let mut table = Table::new();
        table.row(["文件", "x"]);
        table.row(["e\u{301}te", "x"]);
        table.row(["abcd", "x"]);
        assert_eq!(table.lines(0), ["文件  x", "e\u{301}te   x", "abcd  x"]);
    }
}
