//! What the commands for trees understand.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use wharf::connector::chrono::{DateTime, TimeDelta, Utc};
use wharf::connector::quantity::{self, NotAQuantity};
use wharf::transfer::{By, Compare, Filter};

use super::rules::{HEADING, Rules};
use crate::failure::Result;

/// What a tree operation is about.
#[derive(Debug, Clone, Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    pub(super) rules: Rules,

    /// Files of at least so many bytes, as 1M
    #[arg(long, value_name = "SIZE", value_parser = quantity::bytes, help_heading = HEADING)]
    min_size: Option<u64>,

    /// Files of at most so many bytes
    #[arg(long, value_name = "SIZE", value_parser = quantity::bytes, help_heading = HEADING)]
    max_size: Option<u64>,

    /// Files that were changed so long ago or earlier, as 12h
    #[arg(long, value_name = "AGE", value_parser = age, help_heading = HEADING)]
    min_age: Option<Duration>,

    /// Files that were changed within that time, as 7d
    #[arg(long, value_name = "AGE", value_parser = age, help_heading = HEADING)]
    max_age: Option<Duration>,

    /// What becomes of symbolic links of this machine
    #[arg(long, value_enum, value_name = "HOW", default_value = "skip", help_heading = HEADING)]
    pub(super) links: Links,
}

/// An age has a unit: who writes 7 means hardly seconds.
fn age(text: &str) -> std::result::Result<Duration, NotAQuantity> {
    let text = if text.ends_with(|last: char| last.is_ascii_digit()) { "" } else { text };
    quantity::time(text)
}

/// What becomes of symbolic links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Links {
    /// They are left out, and reported
    Skip,
    /// They stand for what they lead to
    Follow,
    /// Nothing is done where there is one
    Refuse,
}

impl Selection {
    pub(crate) fn links(&self) -> Links {
        self.links
    }

    /// Whether anything was said.
    pub(crate) fn is_empty(&self) -> bool {
        let bounds = self.min_size.is_none() && self.max_size.is_none();
        let ages = self.min_age.is_none() && self.max_age.is_none();
        bounds && ages && self.rules.text().is_empty() && self.links == Links::Skip
    }

    pub(crate) fn filter(&self, now: DateTime<Utc>) -> Result<Filter> {
        let mut filter = self.rules.filter()?;
        let ago = |age: Duration| now - TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
        if let Some(bytes) = self.min_size {
            filter = filter.with_min_size(bytes);
        }
        if let Some(bytes) = self.max_size {
            filter = filter.with_max_size(bytes);
        }
        if let Some(age) = self.min_age {
            filter = filter.with_older_than(ago(age));
        }
        if let Some(age) = self.max_age {
            filter = filter.with_newer_than(ago(age));
        }
        Ok(filter)
    }
}

/// By what files are compared.
#[derive(Debug, Clone, Args)]
pub(crate) struct Comparison {
    /// Compare by checksum instead of by size and time
    #[arg(long)]
    pub(crate) checksum: bool,

    /// With --checksum: read files of which the services tell no checksum in common
    #[arg(long, requires = "checksum")]
    read: bool,

    /// Compare by size alone. Changes that keep the size are not seen
    #[arg(long, conflicts_with = "checksum")]
    size_only: bool,

    /// By how much two times may differ and count as one. By default the coarser of what both
    /// services keep
    #[arg(long, value_name = "TIME", value_parser = quantity::time)]
    tolerance: Option<Duration>,
}

impl Comparison {
    pub(crate) fn options(&self, filter: Filter, always_read: bool) -> Compare {
        let by = match (self.checksum, self.size_only) {
            (true, _) => By::Checksum,
            (_, true) => By::SizeOnly,
            _ => By::Time,
        };
        let mut options = Compare::new().with_filter(filter).with_by(by);
        options.read = self.checksum && (self.read || always_read);
        options.tolerance = self.tolerance;
        options
    }

    pub(super) fn text(&self) -> &'static str {
        match (self.checksum, self.size_only, self.read) {
            (true, _, true) => "checksum, reading",
            (true, ..) => "checksum",
            (_, true, _) => "size only",
            _ => "size and time",
        }
    }
}

/// Whether to do it, or only to plan.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PlanWishes {
    /// Show what would be done, and do nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Write what would be done to this file, for `wharf apply`, and do nothing
    #[arg(long, value_name = "FILE", value_parser = plan_file)]
    pub(crate) plan: Option<PathBuf>,

    /// Leave out what has no place at the destination (names that collide, that are too long or
    /// not allowed), and carry the rest
    #[arg(long)]
    pub(crate) skip_misfits: bool,
}

/// A plan is written beside its place first, which no stream has.
fn plan_file(text: &str) -> std::result::Result<PathBuf, &'static str> {
    match text {
        "-" => Err("name a file; --dry-run --json prints the steps"),
        text => Ok(text.into()),
    }
}
