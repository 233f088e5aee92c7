//! Copying one file for `get`, `put` and `cp`: progress on the way, a verdict at the end.

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::Value;
use wharf::connector::OnConflict;
use wharf::transfer::{CopyFile, Place, Receipt, Verdict, Verify, copy_file, resolve_destination};
use wharf::{Capabilities, ConnectorExt, Error, ErrorKind, Operation};

use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::time::{duration, seconds};
use crate::progress::Progress;

/// What every copy understands.
#[derive(Debug, Args)]
pub(crate) struct Wishes {
    /// How sure it must be that the file arrived whole
    #[arg(long, value_enum, value_name = "HOW", default_value = "when-possible")]
    verify: How,

    /// Leave a file alone that stands at the destination, and fail. Where the service has no
    /// such write, it is looked for first
    #[arg(long)]
    no_clobber: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    /// Compare a checksum if both ends know one, else sizes
    WhenPossible,
    /// Anything less than a checksum that agrees is a failure
    Required,
    /// Read the file back and compare
    ReadBack,
}

/// A file that was copied.
#[derive(Debug)]
pub(crate) struct Carried {
    from: String,
    to: String,
    receipt: Receipt,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    from: &'a str,
    to: &'a str,
    bytes: u64,
    verdict: &'static str,
    checksum: Option<Value>,
    seconds: f64,
    receipt: &'a Receipt,
}

/// Copies a file to a place, or into it if it is a folder. The names are those that people
/// are shown.
pub(crate) async fn carry(
    (from, from_name): (&Place, String),
    (to, to_name): (&Place, impl Fn(&Place) -> String),
    wishes: &Wishes,
    context: &Context,
) -> Result<Carried> {
    let to = resolve_destination(from, to).await?;
    let options = wishes.options(&to).await?;
    let progress = Progress::new(!context.quiet && !context.json);
    let copied = copy_file(from, &to, &options, &progress).await;
    let receipt = copied.map_err(|error| Failure::copying(advised(error)))?;
    Ok(Carried { from: from_name, to: to_name(&to), receipt })
}

impl Wishes {
    /// Nothing in particular.
    pub(crate) const NONE: Self = Self { verify: How::WhenPossible, no_clobber: false };

    async fn options(&self, to: &Place) -> Result<CopyFile> {
        let options = CopyFile::new().with_verify(match self.verify {
            How::WhenPossible => Verify::WhenPossible,
            How::Required => Verify::Required,
            How::ReadBack => Verify::ReadBack,
        });
        if !self.no_clobber {
            return Ok(options);
        }
        if to.connector.capabilities().contains(Capabilities::WRITE_IF_ABSENT) {
            return Ok(options.with_on_conflict(OnConflict::Fail));
        }
        if to.connector.exists(&to.path).await? {
            return Err(in_the_way(to).into());
        }
        Ok(options)
    }
}

impl Carried {
    /// Shows what was done, as it is wanted.
    pub(crate) fn show(&self, context: &mut Context) -> Result<()> {
        if context.json {
            return context.out.document(&self.document());
        }
        context.say(self.line())
    }

    fn line(&self) -> String {
        format!(
            "copied {} to {}: {} in {}, {}",
            Shown(&self.from),
            Shown(&self.to),
            size(self.receipt.bytes),
            duration(self.took()),
            verdict(&self.receipt)
        )
    }

    fn document(&self) -> Document<'_> {
        let checksum = checksum(&self.receipt);
        Document {
            from: &self.from,
            to: &self.to,
            bytes: self.receipt.bytes,
            verdict: self.receipt.verdict.as_str(),
            checksum: checksum.map(|(name, sum)| [(name, sum)].into_iter().collect()),
            seconds: seconds(self.took()),
            receipt: &self.receipt,
        }
    }

    fn took(&self) -> std::time::Duration {
        (self.receipt.finished - self.receipt.started).to_std().unwrap_or_default()
    }
}

/// `verified crc32 70976923`, `size only` or `unverifiable`.
pub(crate) fn verdict(receipt: &Receipt) -> String {
    match (receipt.verdict, checksum(receipt)) {
        (Verdict::Verified { .. }, Some((name, sum))) => format!("verified {name} {sum}"),
        (Verdict::SizeOnly, _) => "size only".to_owned(),
        (verdict, _) => verdict.as_str().to_owned(),
    }
}

/// The checksum that agreed.
pub(crate) fn checksum(receipt: &Receipt) -> Option<(&'static str, String)> {
    let Verdict::Verified { algorithm, .. } = receipt.verdict else {
        return None;
    };
    let known = [&receipt.checksums, &receipt.to.checksums, &receipt.from.checksums];
    known.into_iter().flat_map(wharf::Checksums::iter).find(|(name, _)| *name == algorithm.as_str())
}

fn in_the_way(to: &Place) -> Error {
    let error = Error::new(ErrorKind::AlreadyExists, "something stands there already")
        .of(to.connector.info().scheme)
        .during(Operation::Write, &to.path);
    advised(error)
}

/// Says what to do in the words of this program, where nothing has been said.
fn advised(error: Error) -> Error {
    match error.kind() {
        ErrorKind::AlreadyExists if error.remedy().is_none() => {
            error.with_remedy("Choose another name, or leave out --no-clobber.")
        }
        _ => error,
    }
}
