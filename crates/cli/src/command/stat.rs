//! `wharf stat`: all that is known about a file or folder.

use serde::Serialize;
use wharf::Entry;

use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::Result;
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::table::Table;
use crate::present::time::time;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file or folder
    target: String,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    target: String,
    entry: EntryDocument<'a>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let place = context.place(&arguments.target)?;
    let account = context.accounts.open(&place)?;
    let entry = account.stat(place.path()).await?;
    if context.json {
        return context
            .out
            .document(&Document { target: place.to_string(), entry: (&entry).into() });
    }
    for line in fields(&entry).lines(0) {
        context.out.line(line)?;
    }
    Ok(())
}

fn fields(entry: &Entry) -> Table {
    let mut table = Table::new();
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row([name, &Shown(&value).to_string()]);
        }
    };
    field("path", Some(entry.path.to_string()));
    field("kind", Some(entry.kind.to_string()));
    field("size", entry.size.map(both));
    field("state", Some(entry.state.to_string()));
    field("modified", entry.modified.map(time));
    field("created", entry.created.map(time));
    for (name, sum) in entry.checksums.iter() {
        field(name, Some(sum));
    }
    field("permissions", entry.permissions.map(|rights| rights.to_string()));
    field("type", entry.content_type.as_deref().map(str::to_owned));
    field("description", entry.description.as_deref().map(str::to_owned));
    field("tags", (!entry.tags.is_empty()).then(|| entry.tags.join(", ")));
    field("id", entry.id.as_deref().map(str::to_owned));
    field("version", entry.version.as_deref().map(str::to_owned));
    for (name, value) in &entry.properties {
        field("property", Some(format!("{name} = {value}")));
    }
    table
}

/// As people write it, and exactly.
fn both(bytes: u64) -> String {
    match size(bytes) {
        short if short == format!("{bytes} B") => short,
        short => format!("{short} ({bytes} bytes)"),
    }
}

const EXAMPLES: &str = "\
Examples:
  wharf stat mft://anna@mft.acme.com/In/a.csv";

#[cfg(test)]
mod tests {
    use super::*;
    use wharf::{Permissions, RemotePath};

    #[test]
    fn rights_and_checksums_are_spelled_out() {
        let mut entry = Entry::file(RemotePath::new("/In/a.csv").unwrap());
        entry.size = Some(1536);
        entry.checksums.crc32 = Some(0x7097_6923);
        entry.permissions = Some(Permissions::all());
        let text = fields(&entry).lines(0).join("\n");
        for line in [
            "size         1.5 KiB (1536 bytes)",
            "crc32        70976923",
            "permissions  show read create download distribute manage modify delete",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
