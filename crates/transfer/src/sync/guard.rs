//! How much may be deleted before somebody is asked.

use std::fmt;
use std::str::FromStr;

use wharf_connector::{Error, ErrorKind, Result};

use super::Tally;
use crate::Totals;

/// How much a plan may delete: a number of files and folders, or a share of those that the
/// destination has within the filter. By default 50 %.
///
/// From a source without a single file nothing is deleted either, unless a number or 100 % is
/// allowed: more often than not, such a source was not mounted.
///
/// ```
/// use wharf_transfer::MaxDelete;
///
/// assert_eq!("25%".parse(), Ok(MaxDelete::Percent(25)));
/// assert_eq!("1000".parse(), Ok(MaxDelete::Count(1000)));
/// assert!("120%".parse::<MaxDelete>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MaxDelete {
    /// So many of a hundred.
    Percent(u8),
    /// So many in all.
    Count(u64),
}

impl Default for MaxDelete {
    fn default() -> Self {
        Self::Percent(50)
    }
}

impl MaxDelete {
    pub(super) fn check(self, totals: &Totals, tally: &Tally) -> Result<()> {
        let deletes = totals.deletes + totals.folder_deletes;
        if deletes == 0 {
            return Ok(());
        }
        let there = tally.at_destination;
        let refused = match self {
            Self::Percent(100) => false,
            Self::Percent(_) if tally.source_files == 0 => {
                let message = format!("the source has no file, and {deletes} would be deleted");
                return Err(refuse(message));
            }
            Self::Percent(share) => {
                u128::from(deletes) * 100 > u128::from(there) * u128::from(share)
            }
            Self::Count(most) => deletes > most,
        };
        if !refused {
            return Ok(());
        }
        let share = (u128::from(deletes) * 100).div_ceil(u128::from(there.max(1)));
        Err(refuse(format!(
            "{deletes} of {there} entries at the destination would be deleted ({share} %), and \
             {self} are allowed"
        )))
    }
}

fn refuse(message: String) -> Error {
    Error::new(ErrorKind::Conflict, message)
        .with_remedy("Look at the plan with --dry-run; if it is right, allow it by --max-delete.")
}

impl fmt::Display for MaxDelete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(share) => write!(f, "{share} %"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

impl FromStr for MaxDelete {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text.strip_suffix('%') {
            Some(share) => {
                let share = share.trim_end().parse().ok().filter(|share| *share <= 100);
                share.map(Self::Percent).ok_or("a share is a whole number from 0% to 100%")
            }
            None => text.parse().map(Self::Count).map_err(|_| "write a number, or a share as 25%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_share_is_refused() {
        for (limit, deletes, there, source_files, good) in [
            (MaxDelete::default(), 0, 0, 0, true),
            (MaxDelete::default(), 5, 10, 5, true),
            (MaxDelete::default(), 6, 10, 4, false),
            (MaxDelete::default(), 1, 10, 0, false),
            (MaxDelete::Percent(100), 10, 10, 0, true),
            (MaxDelete::Percent(0), 1, 1000, 9, false),
            (MaxDelete::Count(3), 3, 3, 0, true),
            (MaxDelete::Count(3), 4, 1000, 9, false),
        ] {
            let totals = Totals { deletes, ..Totals::default() };
            let tally = Tally { at_destination: there, source_files, ..Tally::default() };
            let checked = limit.check(&totals, &tally);
            assert_eq!(checked.is_ok(), good, "{limit} {deletes}/{there}: {checked:?}");
        }
    }
}
