//! One connection: a name for one account, and all that is known about it but its secrets.

use std::collections::BTreeMap;

use wharf_connector::chrono::{DateTime, TimeDelta, Utc};
use wharf_connector::{ConnectionReport, Result, Target};

use crate::name::check_name;
use crate::reference::Reference;

/// A name for one account of one service.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Connection {
    /// The name.
    pub name: String,
    /// What it is for. A key says nothing about itself, so that this is what people go by.
    pub description: Option<String>,
    /// The service, host and user; a path in it is the root of the connection.
    pub target: Target,
    /// Settings that may be shown.
    pub settings: BTreeMap<String, String>,
    /// Where the secrets are, by the setting that each is for.
    pub secrets: BTreeMap<String, Reference>,
    /// Whether it was saved without a test, and none has passed since.
    pub untested: bool,
    /// What the last test found.
    pub last_test: Option<LastTest>,
    /// Whether it stands in the environment instead of the file.
    pub from_environment: bool,
}

impl Connection {
    /// A connection without settings and secrets.
    ///
    /// # Errors
    ///
    /// `Invalid` for a text that can be no name, or is no target.
    pub fn new(name: impl Into<String>, target: &str) -> Result<Self> {
        let name = name.into();
        check_name(&name)?;
        Ok(Self {
            name,
            description: None,
            target: target.parse()?,
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            untested: false,
            last_test: None,
            from_environment: false,
        })
    }

    /// What to warn of before this account is used: a credential that has expired, or will
    /// within two weeks, as far as the last test knew.
    pub fn expiry_warning(&self, now: DateTime<Utc>) -> Option<String> {
        let expires = self.last_test.as_ref()?.expires?;
        let left = expires - now;
        let name = &self.name;
        let date = expires.format("%Y-%m-%d %H:%M UTC");
        if left <= TimeDelta::zero() {
            return Some(format!("the credential of {name} expired at {date}"));
        }
        let days = left.num_days();
        (days < SOON).then(|| match days {
            0 => format!("the credential of {name} expires within a day, at {date}"),
            1 => format!("the credential of {name} expires in 1 day, at {date}"),
            days => format!("the credential of {name} expires in {days} days, at {date}"),
        })
    }
}

/// What a test of a connection found, kept so that it can be told without asking again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LastTest {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it passed. When it did not, what follows is from the last one that did.
    pub passed: bool,
    /// The account as the service names it.
    pub account: Option<String>,
    /// What kind of credential it is.
    pub credential: Option<String>,
    /// What the credential may do.
    pub permissions: Option<String>,
    /// The folder that the credential is confined to.
    pub confined_to: Option<String>,
    /// When the credential expires.
    pub expires: Option<DateTime<Utc>>,
    /// How far this machine's clock was from the service's, in seconds.
    pub clock_skew: Option<i64>,
}

impl LastTest {
    /// A test that passed.
    pub fn passed(at: DateTime<Utc>, report: &ConnectionReport) -> Self {
        Self {
            at,
            passed: true,
            account: report.account.clone(),
            credential: report.credential.clone(),
            permissions: report.permissions.clone(),
            confined_to: report.confined_to.as_ref().map(ToString::to_string),
            expires: report.expires,
            clock_skew: report.clock_skew,
        }
    }

    /// A test that failed: what an earlier one found stands.
    pub fn failed(at: DateTime<Utc>, earlier: Option<&Self>) -> Self {
        let empty = Self::passed(at, &ConnectionReport::new());
        Self { at, passed: false, ..earlier.cloned().unwrap_or(empty) }
    }
}

/// A credential that ends within so many days is worth a warning.
const SOON: i64 = 14;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_in_sight_is_told_ahead() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut connection = Connection::new("acme", "memory:").unwrap();
        assert_eq!(connection.expiry_warning(now), None);
        for (hours, part) in [
            (-1, Some("expired at")),
            (5, Some("within a day")),
            (30, Some("in 1 day,")),
            (24 * 13 + 1, Some("in 13 days")),
            (24 * 14 + 1, None),
        ] {
            let mut report = ConnectionReport::new();
            report.expires = Some(now + TimeDelta::hours(hours));
            connection.last_test = Some(LastTest::passed(now, &report));
            let warning = connection.expiry_warning(now);
            match part {
                Some(part) => assert!(warning.as_ref().unwrap().contains(part), "{warning:?}"),
                None => assert_eq!(warning, None),
            }
        }
    }

    #[test]
    fn a_failed_test_keeps_what_was_known() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut report = ConnectionReport::new();
        report.account = Some("anna".to_owned());
        let good = LastTest::passed(now, &report);
        let bad = LastTest::failed(now + TimeDelta::days(1), Some(&good));
        assert!(!bad.passed && bad.account.as_deref() == Some("anna") && bad.at > now);
        assert_eq!(LastTest::failed(now, None).account, None);
    }
}
