//! Lists and details of things that have fields: users, groups, share links.

use std::io::Write;

use serde::Serialize;
use serde_json::{Map, Value};
use wharf::connector::futures_util::stream::{BoxStream, StreamExt};
use wharf::filescom as service;

use crate::context::Context;
use crate::failure::Result;
use crate::output::Output;
use crate::present::escape::Shown;
use crate::present::table::Table;

/// What of a list is wanted, and in which form.
#[derive(Debug, clap::Args)]
pub(crate) struct Listing {
    /// At most so many
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<usize>,

    /// Lines of values separated by commas (RFC 4180), the names first
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// These fields only, in this order; a.b is the field b within a
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', conflicts_with = "json")]
    columns: Vec<String>,
}

impl Listing {
    /// Prints a list as it comes. `name` is what the JSON document calls it.
    pub(crate) async fn print<T: Serialize>(
        &self,
        name: &str,
        columns: &[&str],
        mut entries: BoxStream<'static, service::Result<T>>,
        context: &mut Context,
    ) -> Result<()> {
        let given: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let columns = if given.is_empty() { columns } else { given.as_slice() };
        let mut form = Form::of(self.csv, context.json);
        form.begin(name, columns, &mut context.out)?;
        let mut broken = None;
        let mut unseen: Vec<&str> = given.clone();
        let mut count = 0_usize;
        while let Some(entry) = entries.next().await {
            match entry {
                Ok(entry) => {
                    let fields = fields(&entry)?;
                    unseen.retain(|name| find(&fields, name).is_none());
                    count += 1;
                    form.entry(columns, &fields, &mut context.out)?;
                }
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        form.end(broken.is_none(), !given.is_empty(), &mut context.out)?;
        if count > 0 && !unseen.is_empty() {
            note_unseen(&unseen, context)?;
        }
        match broken {
            Some(error) => Err(wharf::Error::from(error).into()),
            None => Ok(()),
        }
    }
}

/// The three forms of a list.
enum Form {
    /// How many rows wait to be printed, and whether none was.
    Table(Table, usize, bool),
    Csv,
    Json {
        first: bool,
    },
}

impl Form {
    fn of(csv: bool, json: bool) -> Self {
        match (csv, json) {
            (true, _) => Self::Csv,
            (_, true) => Self::Json { first: true },
            _ => Self::Table(Table::new(), 0, true),
        }
    }

    fn begin(&mut self, name: &str, columns: &[&str], out: &mut Output) -> Result<()> {
        match self {
            Self::Table(table, ..) => {
                table.cells(columns.iter().map(|name| name.to_uppercase()).collect());
                Ok(())
            }
            Self::Csv => out.line(csv(columns.iter().copied())),
            Self::Json { .. } => out.text(&format!("{{{}:[", Value::from(name))),
        }
    }

    fn entry(
        &mut self,
        columns: &[&str],
        fields: &Map<String, Value>,
        out: &mut Output,
    ) -> Result<()> {
        let cells = || columns.iter().map(|name| cell(find(fields, name)));
        match self {
            Self::Table(table, waiting, whole) => {
                table.cells(cells().map(|text| Shown(&text).to_string()).collect());
                *waiting += 1;
                // Columns line up within a screenful or two: a long list is not held.
                if *waiting >= MOST_WAITING {
                    (*waiting, *whole) = (0, false);
                    return std::mem::take(table)
                        .lines(0)
                        .iter()
                        .try_for_each(|line| out.line(line));
                }
                Ok(())
            }
            Self::Csv => {
                let cells: Vec<String> = cells().collect();
                out.line(csv(cells.iter().map(String::as_str)))
            }
            Self::Json { first } => {
                if !std::mem::replace(first, false) {
                    out.text(",")?;
                }
                out.value(fields)
            }
        }
    }

    /// Columns that nobody asked for are left out where a person would see nothing in them.
    fn end(self, complete: bool, asked: bool, out: &mut Output) -> Result<()> {
        match self {
            Self::Table(table, _, whole) => {
                let table = match out.columns().filter(|_| whole && !asked) {
                    Some(columns) => table.fitted(&[], columns),
                    None => table,
                };
                table.lines(0).iter().try_for_each(|line| out.line(line))
            }
            Self::Csv => Ok(()),
            Self::Json { .. } => out.text(&format!("],\"complete\":{complete}}}\n")),
        }
    }
}

/// Prints one thing: its fields that have a value, or a document.
pub(crate) fn print_one<T: Serialize>(name: &str, entry: &T, context: &mut Context) -> Result<()> {
    let fields = fields(entry)?;
    if context.json {
        let mut document = Map::new();
        document.insert(name.to_owned(), Value::Object(fields));
        return context.out.document(&document);
    }
    let mut table = Table::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        table.row([name, &Shown(&cell(Some(value))).to_string()]);
    }
    table.lines(0).iter().try_for_each(|line| context.out.line(line))
}

/// Says that something was deleted.
pub(crate) fn deleted(what: &str, id: i64, context: &mut Context) -> Result<()> {
    if context.json {
        return context.out.document(&serde_json::json!({ "deleted": id }));
    }
    context.say(format!("deleted {what} {id}"))
}

fn fields<T: Serialize>(entry: &T) -> Result<Map<String, Value>> {
    match serde_json::to_value(entry) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(wharf::Error::new(wharf::ErrorKind::Protocol, "the answer is no object").into()),
    }
}

/// A field, or one within another as in `bundle_registration.email`.
fn find<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    match fields.get(name) {
        Some(value) => Some(value),
        None => {
            let (outer, inner) = name.split_once('.')?;
            find(fields.get(outer)?.as_object()?, inner)
        }
    }
}

/// The id of a user, group, share link or notification, from the command line.
pub(crate) fn number(text: &str) -> Result<i64, &'static str> {
    let number = text.parse().ok().filter(|number: &i64| *number > 0);
    number.ok_or("ids are numbers above 0; `list` shows them")
}

/// What is null is left out, so a column that is empty throughout may be a mistake or not: it is
/// told, and no error.
fn note_unseen(unseen: &[&str], context: &mut Context) -> Result<()> {
    context.out.flush()?;
    if !context.quiet {
        let names = unseen.join(", ");
        // Nowhere is left to report a failure of this.
        let _ =
            writeln!(std::io::stderr(), "note: nothing listed has a value in {}", Shown(&names));
    }
    Ok(())
}

/// A value in one cell: lists with commas, nothing for null.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => {
            list.iter().map(|one| cell(Some(one))).collect::<Vec<_>>().join(",")
        }
        Some(value) => value.to_string(),
    }
}

/// A line of values, each in quotation marks where it must be (RFC 4180).
fn csv<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let quoted = |cell: &str| match cell.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    };
    cells.map(quoted).collect::<Vec<_>>().join(",")
}

const MOST_WAITING: usize = 500;

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn cells_and_lines() {
        for (value, text) in [
            (json!(null), ""),
            (json!("a"), "a"),
            (json!([1, "b"]), "1,b"),
            (json!({"a": 1}), r#"{"a":1}"#),
            (json!(true), "true"),
        ] {
            assert_eq!(super::cell(Some(&value)), text);
        }
        let cells = ["a", "b,c", "say \"x\"", "two\nlines", ""];
        let line = super::csv(cells.into_iter());
        assert_eq!(line, "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",");
    }
}
