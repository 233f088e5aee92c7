//! `wharf ls`: list a folder.

use wharf::connector::futures_util::TryStreamExt;
use wharf::connector::{EntryState, ListOptions};
use wharf::{Connector, Entry, ErrorKind};

use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::Result;
use crate::output::Output;
use crate::place::Place;
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::time::time;

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
    let listing = Listing { json: context.json, long: arguments.long, count: 0 };
    listing.begin(&place, &mut context.out)?;
    let (listing, outcome) =
        listing.print_all(&*account, &place, arguments.unsorted, &mut context.out).await;
    listing.end(outcome.is_ok(), &mut context.out)?;
    outcome
}

/// A listing on its way to the output. The JSON document is written piece by piece, so that
/// its size does not matter.
struct Listing {
    json: bool,
    long: bool,
    count: u64,
}

impl Listing {
    fn begin(&self, place: &Place, out: &mut Output) -> Result<()> {
        if !self.json {
            return Ok(());
        }
        out.text("{\"target\":")?;
        out.value(&place.to_string())?;
        out.text(",\"entries\":[")
    }

    async fn print_all(
        mut self,
        account: &dyn Connector,
        place: &Place,
        unsorted: bool,
        out: &mut Output,
    ) -> (Self, Result<()>) {
        let outcome = if unsorted {
            self.print_as_it_comes(account, place, out).await
        } else {
            self.print_sorted(account, place, out).await
        };
        (self, outcome)
    }

    async fn print_as_it_comes(
        &mut self,
        account: &dyn Connector,
        place: &Place,
        out: &mut Output,
    ) -> Result<()> {
        let mut entries = account.list(place.path(), ListOptions::new());
        loop {
            match entries.try_next().await {
                Ok(Some(entry)) => self.print(&entry, out)?,
                Ok(None) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotAFolder => {
                    let entry = account.stat(place.path()).await?;
                    return self.print(&entry, out);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn print_sorted(
        &mut self,
        account: &dyn Connector,
        place: &Place,
        out: &mut Output,
    ) -> Result<()> {
        let entries = account.list(place.path(), ListOptions::new());
        let entries: Result<Vec<Entry>, _> = entries.try_collect().await;
        let mut entries = match entries {
            Err(error) if error.kind() == ErrorKind::NotAFolder => {
                vec![account.stat(place.path()).await?]
            }
            entries => entries?,
        };
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries.iter().try_for_each(|entry| self.print(entry, out))
    }

    fn print(&mut self, entry: &Entry, out: &mut Output) -> Result<()> {
        self.count += 1;
        if !self.json {
            return out.line(line(entry, self.long));
        }
        if self.count > 1 {
            out.text(",")?;
        }
        out.value(&EntryDocument::from(entry))
    }

    fn end(&self, complete: bool, out: &mut Output) -> Result<()> {
        if !self.json {
            return Ok(());
        }
        out.text(&format!("],\"complete\":{complete}}}\n"))?;
        out.flush()
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

With --long, the rights are: s show, r read, c create, d download, i distribute, m manage,
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
