//! `wharf check`: compare two trees, and change nothing.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use serde::Serialize;
use wharf::connector::futures_util::StreamExt;
use wharf::transfer::{Compare, Difference, Tally, Trouble, Why, compare};
use wharf::{Error, ErrorKind};

use crate::bound::{self, CallBound};
use crate::carry::and_calls;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, on_this_machine};
use crate::present::escape::Shown;
use crate::sync::{Comparison, Ends, EndsArguments, Selection, TroubleDocument, tell_troubles};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The one folder
    source: String,

    /// The other
    destination: String,

    /// What stands in the second folder alone is no difference
    #[arg(long)]
    one_way: bool,

    #[command(flatten)]
    comparison: Comparison,

    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    ends: EndsArguments,

    #[command(flatten)]
    bound: CallBound,
}

#[derive(Debug, Serialize)]
struct Document {
    from: String,
    to: String,
    agrees: bool,
    same: u64,
    differ: u64,
    missing: u64,
    extra: u64,
    folders: u64,
    troubles: Vec<TroubleDocument>,
    api_calls: u64,
}

/// One difference.
#[derive(Debug, Serialize)]
struct Line {
    state: &'static str,
    kind: &'static str,
    path: String,
    why: Option<Why>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    arguments.bound.set(context);
    let links = arguments.selection.links();
    let ends = (arguments.source.as_str(), arguments.destination.as_str());
    let ends = Ends::open(ends, &arguments.ends, links, context)?;
    for end in [&ends.from, &ends.to] {
        if !end.connector.stat(&end.path).await?.is_folder() {
            let error = Error::new(ErrorKind::NotAFolder, "only trees are compared");
            return Err(error.of(end.connector.info().scheme).into());
        }
    }
    let filter = arguments.selection.filter(wharf::connector::chrono::Utc::now())?;
    // To check by checksum is to read where nobody tells one: there is nothing else to do.
    let options = arguments.comparison.options(filter, true).with_extras(!arguments.one_way);
    let mut draft = context.json.then(Draft::new).transpose()?;
    let (tally, troubles) = look(&ends, &options, draft.as_mut(), context).await?;
    // A link that was left out was not compared.
    let agrees = tally.agrees() && troubles.is_empty();
    if let Some(draft) = draft {
        let head = Document {
            from: ends.shown_from(),
            to: ends.shown_to(),
            agrees,
            same: tally.same,
            differ: tally.differ,
            missing: tally.missing,
            extra: tally.extra,
            folders: tally.folders,
            troubles: troubles.iter().map(Into::into).collect(),
            api_calls: context.calls.made(),
        };
        context.out.document_with(&head, "differences", draft.lines()?)?;
    } else {
        context.out.flush()?;
        tell_troubles(&troubles, links);
        context.say(summary(&tally) + &and_calls(context.calls.made()))?;
    }
    context.out.flush()?;
    if agrees { Ok(()) } else { Err(Failure::Shown(exit::DIFFERS)) }
}

async fn look(
    ends: &Ends,
    options: &Compare,
    mut draft: Option<&mut Draft>,
    context: &mut Context,
) -> Result<(Tally, Vec<Trouble>)> {
    let mut differences = compare(&ends.from, &ends.to, options);
    let (mut tally, mut troubles) = (Tally::default(), Vec::new());
    let mut busy = context.busy("comparing");
    while let Some(difference) = differences.next().await {
        tally.add(&difference);
        let line = match difference {
            Difference::Trouble(Trouble { error: Some(error), .. })
                if error.kind() == ErrorKind::CallLimit =>
            {
                return Err(bound::advised(error, TOO_FEW).into());
            }
            Difference::Trouble(trouble) => {
                troubles.push(trouble);
                continue;
            }
            other => Line::of(other),
        };
        match (line, draft.as_mut()) {
            (Some(line), Some(draft)) => draft.add(&line)?,
            (Some(line), None) => {
                busy.end();
                context.out.line(line)?;
            }
            (None, _) => {}
        }
    }
    Ok((tally, troubles))
}

/// The differences on their way to a document that begins with how many they are: in an unnamed
/// file, for they may be millions.
struct Draft(BufWriter<File>);

impl Draft {
    fn new() -> Result<Self> {
        Ok(Self(BufWriter::new(tempfile::tempfile().map_err(unusable)?)))
    }

    fn add(&mut self, line: &Line) -> Result<()> {
        serde_json::to_writer(&mut self.0, line).map_err(|error| unusable(error.into()))?;
        Ok(self.0.write_all(b"\n").map_err(unusable)?)
    }

    fn lines(self) -> Result<impl Iterator<Item = Result<String>>> {
        let mut file = self.0.into_inner().map_err(|error| unusable(error.into_error()))?;
        file.rewind().map_err(unusable)?;
        Ok(BufReader::new(file).lines().map(|line| Ok(line.map_err(unusable)?)))
    }
}

fn unusable(error: io::Error) -> Error {
    on_this_machine("a file for the differences", error)
}

impl Line {
    fn of(difference: Difference) -> Option<Self> {
        let (state, entry, why) = match difference {
            Difference::Differs(pair, why) => ("differs", pair.from, Some(why)),
            Difference::Missing(entry, _) => ("missing", entry, None),
            Difference::Extra(entry) => ("extra", entry, None),
            _ => return None,
        };
        let path = entry.path.as_str().to_owned();
        Some(Self { state, kind: entry.kind.as_str(), path, why })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.kind == "folder" { "/" } else { "" };
        let name = self.path.trim_start_matches('/');
        write!(f, "{:<8} {}{slash}", self.state, Shown(name))?;
        match self.why {
            Some(why) => write!(f, "  ({why})"),
            None => Ok(()),
        }
    }
}

/// Every file counted once.
fn summary(tally: &Tally) -> String {
    let mut text = format!(
        "{} agree, {} differ, {} missing, {} extra",
        tally.same, tally.differ, tally.missing, tally.extra
    );
    for (number, words) in [
        (tally.folders, "on one side alone (folders)"),
        (tally.time, "that agree with another time"),
        (tally.troubles, "not compared"),
    ] {
        if number > 0 {
            text.push_str(&format!(", {number} {words}"));
        }
    }
    text
}

const TOO_FEW: &str = "The comparison is not complete, and cannot be gone on with. Allow more by \
                       --max-api-calls.";

const EXAMPLES: &str = "\
Examples:
  wharf check reports/ filescom://acme.files.com/reports
  wharf check --checksum globex:/Out acme:/Out

A line for each difference: `differs`, `missing` (in the second folder), `extra` (in the second \
folder alone). Ends with 0 when all agree, and with 40 when anything differs or could not be \
compared. With --checksum, files of which the services tell no checksum in common are read.";
