//! What was carried, as it is told.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use wharf::Checksums;
use wharf::transfer::{Receipt, Verdict};

use crate::context::Context;
use crate::failure::Result;
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::time::{duration, seconds};

/// A file that was copied.
#[derive(Debug)]
pub(crate) struct Carried {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) receipt: Receipt,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    from: &'a str,
    to: &'a str,
    bytes: u64,
    verdict: &'static str,
    checksum: Option<BTreeMap<&'static str, String>>,
    seconds: f64,
    api_calls: u64,
    receipt: &'a Receipt,
}

impl Carried {
    /// Shows what was done, as it is wanted.
    pub(crate) fn show(&self, context: &mut Context) -> Result<()> {
        let calls = context.calls.made();
        if context.json {
            return context.conclude(&self.document(calls));
        }
        context.say(self.line(calls))
    }

    fn line(&self, calls: u64) -> String {
        format!(
            "copied {} to {}: {} in {}, {}{}",
            Shown(&self.from),
            Shown(&self.to),
            size(self.receipt.bytes),
            duration(self.took()),
            verdict(&self.receipt),
            and_calls(calls)
        )
    }

    fn document(&self, api_calls: u64) -> Document<'_> {
        let checksum = checksum(&self.receipt);
        Document {
            from: &self.from,
            to: &self.to,
            bytes: self.receipt.bytes,
            verdict: self.receipt.verdict.as_str(),
            checksum: checksum.map(|(name, sum)| [(name, sum)].into()),
            seconds: seconds(self.took()),
            api_calls,
            receipt: &self.receipt,
        }
    }

    fn took(&self) -> Duration {
        (self.receipt.finished - self.receipt.started).to_std().unwrap_or_default()
    }
}

/// `verified crc32 70976923 at both ends`, `size only` or `unverifiable`.
///
/// Not every service tells a checksum of what it hands out: then it is the destination that is
/// known to hold what was received.
pub(crate) fn verdict(receipt: &Receipt) -> String {
    match (receipt.verdict, checksum(receipt)) {
        (Verdict::Verified { .. }, Some((name, sum))) => {
            let told_by_source = receipt.from.state.checksums.iter().any(|(told, _)| told == name);
            let ends = if told_by_source { "both ends" } else { "the destination" };
            format!("verified {name} {sum} at {ends}")
        }
        (Verdict::SizeOnly, _) => "size only".to_owned(),
        (verdict, _) => verdict.as_str().to_owned(),
    }
}

/// `; 7 calls`, where any were made.
pub(crate) fn and_calls(calls: u64) -> String {
    match calls {
        0 => String::new(),
        1 => "; 1 call".to_owned(),
        calls => format!("; {calls} calls"),
    }
}

/// The checksum that agreed.
pub(crate) fn checksum(receipt: &Receipt) -> Option<(&'static str, String)> {
    let Verdict::Verified { algorithm, .. } = receipt.verdict else {
        return None;
    };
    let known = [&receipt.checksums, &receipt.to.state.checksums, &receipt.from.state.checksums];
    known.into_iter().flat_map(Checksums::iter).find(|(name, _)| *name == algorithm.as_str())
}
