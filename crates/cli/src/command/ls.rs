//! `wharf ls`: list a folder.

use wharf::connector::futures_util::StreamExt;
use wharf::connector::{EntryState, ListOptions};
use wharf::{Connector, Entry, Error, ErrorKind};

use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::place::Place;
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::time::time;
use crate::progress::Busy;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder, or a file
    #[arg(default_value = ".")]
    target: String,

    /// Tell checksums and permissions too
    #[arg(short, long)]
    long: bool,

    /// Print entries as they come, unsorted: for folders too large for memory
    #[arg(short = 'U', long)]
    unsorted: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let place = context.place(&arguments.target)?;
    let account = context.accounts.open(&place)?;
    let busy = context.busy("listing");
    let mut listing = Listing {
        json: context.json,
        long: arguments.long,
        count: 0,
        errors: Vec::new(),
        out: &mut context.out,
        busy,
    };
    listing.begin(&place)?;
    if arguments.unsorted {
        listing.print_as_it_comes(&*account, &place).await?;
    } else {
        listing.print_sorted(&*account, &place).await?;
    }
    listing.end()
}

/// A listing on its way to the output. The JSON document is written piece by piece, so that
/// its size does not matter. An error in the place of an entry does not end it.
struct Listing<'a> {
    json: bool,
    long: bool,
    count: u64,
    errors: Vec<Error>,
    out: &'a mut Output,
    /// Until the first line is printed.
    busy: Busy,
}

impl Listing<'_> {
    fn begin(&mut self, place: &Place) -> Result<()> {
        if !self.json {
            return Ok(());
        }
        self.out.text("{\"target\":")?;
        self.out.value(&place.to_string())?;
        self.out.text(",\"entries\":[")
    }

    async fn print_as_it_comes(&mut self, account: &dyn Connector, place: &Place) -> Result<()> {
        let mut entries = account.list(place.path(), ListOptions::new());
        while let Some(entry) = entries.next().await {
            match entry {
                Ok(entry) => self.print(&self.shown(&entry)?)?,
                Err(error) => self.errors.push(error),
            }
        }
        self.print_a_file(account, place).await
    }

    async fn print_sorted(&mut self, account: &dyn Connector, place: &Place) -> Result<()> {
        let mut entries = account.list(place.path(), ListOptions::new());
        // What is printed takes a fraction of an entry's memory.
        let mut rows: Vec<(Box<str>, Box<str>)> = Vec::new();
        while let Some(entry) = entries.next().await {
            match entry {
                Ok(entry) => rows.push((entry.name().into(), self.shown(&entry)?.into())),
                Err(error) => self.errors.push(error),
            }
        }
        rows.sort_unstable();
        rows.iter().try_for_each(|(_, text)| self.print(text))?;
        self.print_a_file(account, place).await
    }

    /// What turned out to be no folder is listed as the file that it is.
    async fn print_a_file(&mut self, account: &dyn Connector, place: &Place) -> Result<()> {
        let [error] = self.errors.as_slice() else {
            return Ok(());
        };
        if self.count > 0 || error.kind() != ErrorKind::NotAFolder {
            return Ok(());
        }
        match account.stat(place.path()).await {
            Ok(entry) => {
                self.errors.clear();
                self.print(&self.shown(&entry)?)
            }
            Err(error) => {
                self.errors = vec![error];
                Ok(())
            }
        }
    }

    fn shown(&self, entry: &Entry) -> Result<String> {
        if !self.json {
            return Ok(line(entry, self.long));
        }
        let document = serde_json::to_string(&EntryDocument::from(entry));
        document.map_err(|error| Failure::writing(error.into()))
    }

    fn print(&mut self, text: &str) -> Result<()> {
        self.count += 1;
        self.busy.end();
        if !self.json {
            return self.out.line(text);
        }
        if self.count > 1 {
            self.out.text(",")?;
        }
        self.out.text(text)
    }

    fn end(mut self) -> Result<()> {
        self.busy.end();
        let complete = self.errors.is_empty();
        if self.json {
            self.out.text(&format!("],\"complete\":{complete}}}\n"))?;
        }
        self.out.flush()?;
        if complete {
            return Ok(());
        }
        Err(Failure::Several(self.errors))
    }
}

/// Size, time, name; the columns have fixed widths, so that no line waits for another.
pub(super) fn line(entry: &Entry, long: bool) -> String {
    let bytes = entry.size.map_or("-".to_owned(), size);
    let modified = entry.modified.map_or("-".to_owned(), time);
    let mut line = format!("{bytes:>10}  {modified:<20}  ");
    if long {
        let checksum = entry.checksums.iter().next();
        let checksum = checksum.map_or("-".to_owned(), |(name, sum)| format!("{name}:{sum}"));
        let rights = entry.permissions.map_or("-".to_owned(), letters);
        line.push_str(&format!("{rights:<8}  {checksum:<14}  "));
    }
    line.push_str(&Shown(entry.name()).to_string());
    if entry.is_folder() {
        line.push('/');
    }
    if entry.state != EntryState::Ready {
        line.push_str(&format!("  ({})", entry.state));
    }
    line
}

/// One letter a right, in the order of the contract: `srcdimwx`, `-` for a missing one.
fn letters(rights: wharf::Permissions) -> String {
    LETTERS
        .iter()
        .map(|(right, letter)| if rights.contains(*right) { *letter } else { '-' })
        .collect()
}

const LETTERS: [(wharf::Permissions, char); 8] = [
    (wharf::Permissions::SHOW, 's'),
    (wharf::Permissions::READ, 'r'),
    (wharf::Permissions::CREATE, 'c'),
    (wharf::Permissions::DOWNLOAD, 'd'),
    (wharf::Permissions::DISTRIBUTE, 'i'),
    (wharf::Permissions::MANAGE, 'm'),
    (wharf::Permissions::MODIFY, 'w'),
    (wharf::Permissions::DELETE, 'x'),
];

const EXAMPLES: &str = "\
Examples:
  wharf ls filescom://acme.files.com/vendor
  wharf ls --json mft://anna@mft.acme.com/ | jq -r '.entries[].name'

With --long, the rights are: s show, r read, c create, d download, i distribute, m manage, \
w modify, x delete.";

#[cfg(test)]
mod tests {
    use super::*;
    use wharf::RemotePath;

    #[test]
    fn a_line_is_aligned_and_harmless() {
        let mut entry = Entry::file(RemotePath::new("/a\u{1b}b").unwrap());
        entry.size = Some(198);
        assert_eq!(line(&entry, false), "     198 B  -                     a\\u{1b}b");
        entry.permissions = Some(wharf::Permissions::all() - wharf::Permissions::SHOW);
        entry.checksums.crc32 = Some(0x2b);
        entry.state = EntryState::Quarantined;
        assert_eq!(
            line(&entry, true),
            "     198 B  -                     -rcdimwx  crc32:0000002b  a\\u{1b}b  (quarantined)"
        );
        let folder = Entry::folder(RemotePath::new("/in").unwrap());
        assert_eq!(line(&folder, false), "         -  -                     in/");
    }
}
