//! The test of a connection: step by step, so that a failure says how far it came.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use wharf_connector::{ConnectionReport, Error, ErrorKind, RemotePath, Result, StageOutcome};
use wharf_model::filescom::{ApiKey, File};
use wharf_transport::{Answer, Request};

use crate::api::{api_key, folders, folders::Listing};
use crate::client::Client;
use crate::config::Credentials;
use crate::convert::{Key, described_key};

/// Asks who we are, and whether the root can be listed.
///
/// The order is that of the vendor's own connectors: the key first; a key that may not ask about
/// itself is good if it may list.
pub(super) async fn run(client: &Client) -> Result<ConnectionReport> {
    let mut test = Test { client, report: ConnectionReport::new() };
    match test.stages().await {
        Ok(()) => Ok(test.report),
        Err(error) => Err(error.with_report(test.report)),
    }
}

struct Test<'a> {
    client: &'a Client,
    report: ConnectionReport,
}

impl Test<'_> {
    async fn stages(&mut self) -> Result<()> {
        let base = self.client.transport().base();
        self.pass("settings", format!("the site is {}", base.origin().ascii_serialization()), ZERO);
        let begun = Instant::now();
        let answer = self.ask::<ApiKey>(api_key::find()).await;
        let took = begun.elapsed();
        let answer = match answer {
            Err(error) if error.status().is_none() => return Err(self.unreachable(error, took)),
            answer => answer,
        };
        self.reached(took);
        self.credentials(answer, took)?;
        self.root().await
    }

    /// What is answered, and when, by the service's clock.
    async fn ask<T>(&self, request: Request) -> crate::Result<(T, Option<DateTime<Utc>>)>
    where
        T: DeserializeOwned + Send,
    {
        let read = |answer: &Answer| {
            let date =
                answer.header("date").and_then(|text| DateTime::parse_from_rfc2822(text).ok());
            Ok((answer.json()?, date.map(|date| date.to_utc())))
        };
        Ok(self.client.transport().fetch_with(request, read).await?)
    }

    /// Nothing answered, or not safely.
    fn unreachable(&mut self, error: crate::Error, took: Duration) -> Error {
        let tls = error.is_tls();
        if tls {
            self.pass("reach", format!("{} answers", self.host()), took);
        }
        self.fail(if tls { "tls" } else { "reach" }, error.message().to_owned(), took);
        let remedy = "Check the host's name, the network, and whether a proxy is needed.";
        let known = error.remedy().is_some();
        let error = Error::from(error);
        if known { error } else { error.with_remedy(remedy) }
    }

    fn reached(&mut self, took: Duration) {
        self.pass("reach", format!("{} answers", self.host()), took);
        if self.client.transport().base().url().scheme() == "https" {
            self.pass("tls", "the certificate is good".to_owned(), ZERO);
        } else {
            let detail = "plain HTTP";
            self.report.stage("tls", StageOutcome::Skipped, detail, ZERO);
        }
    }

    fn host(&self) -> String {
        self.client.transport().base().host().to_owned()
    }

    fn credentials(
        &mut self,
        answer: crate::Result<(ApiKey, Option<DateTime<Utc>>)>,
        took: Duration,
    ) -> Result<()> {
        match answer {
            Ok((key, _)) if key.id.is_none() => {
                let message = "the answer describes no key";
                self.fail("credentials", message.to_owned(), took);
                Err(crate::Error::protocol(message).into())
            }
            Ok((key, date)) => {
                self.clock(date);
                self.describe(described_key(key), took);
                Ok(())
            }
            // It is known and may not ask about itself: whether it is good shows in the next stage.
            Err(error) if may_be_good(&error) => {
                let credential = match self.client.config().credentials {
                    Credentials::Session(_) => "session",
                    _ => "API key that may not ask about itself",
                };
                self.report.credential = Some(credential.to_owned());
                let detail = error.message().to_owned();
                self.report.stage("credentials", StageOutcome::Skipped, detail, took);
                Ok(())
            }
            Err(error) => {
                self.fail("credentials", error.message().to_owned(), took);
                Err(error.into())
            }
        }
    }

    fn describe(&mut self, key: Key, took: Duration) {
        let now = Utc::now();
        if let Some(end) = key.expires
            && end - now < chrono::TimeDelta::days(SOON)
        {
            self.report.warnings.push(format!("the key expires at {end}"));
        }
        self.pass("credentials", format!("{} is accepted", key.credential), took);
        let report = &mut self.report;
        report.account = key.account;
        report.credential = Some(key.credential);
        report.permissions = key.permissions;
        report.expires = key.expires;
        report.confined_to = key.confined_to.and_then(|path| RemotePath::new(&path).ok());
    }

    async fn root(&mut self) -> Result<()> {
        let begun = Instant::now();
        let listing = Listing::new().with_per_page(1);
        let request: Request = folders::list("", &listing, None);
        let answer = self.ask::<Vec<File>>(request).await;
        let took = begun.elapsed();
        match answer {
            Ok((_, date)) => {
                self.clock(date);
                self.pass("root", "the root can be listed".to_owned(), took);
                Ok(())
            }
            Err(error) if self.is_confined() && is_hidden(&error) => {
                let detail = "the key is confined to a folder below it".to_owned();
                self.report.stage("root", StageOutcome::Skipped, detail, took);
                Ok(())
            }
            Err(error) => {
                self.fail("root", error.message().to_owned(), took);
                Err(error.into())
            }
        }
    }

    fn is_confined(&self) -> bool {
        self.report.confined_to.is_some()
    }

    /// How far this machine's clock is from the service's: signed addresses depend on it.
    fn clock(&mut self, theirs: Option<DateTime<Utc>>) {
        let Some(theirs) = theirs else {
            return;
        };
        let skew = (Utc::now() - theirs).num_seconds();
        if self.report.clock_skew.is_none() && skew.abs() > MAX_SKEW {
            let warning = format!("this machine's clock is {skew} s ahead of the service's");
            self.report.warnings.push(warning);
        }
        self.report.clock_skew.get_or_insert(skew);
    }

    fn pass(&mut self, name: &'static str, detail: String, took: Duration) {
        self.report.stage(name, StageOutcome::Passed, detail, took);
    }

    fn fail(&mut self, name: &'static str, detail: String, took: Duration) {
        self.report.stage(name, StageOutcome::Failed, detail, took);
    }
}

/// Refusals that say nothing against the key.
fn may_be_good(error: &crate::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
        && !error.is_type("not-authorized/api-key-is-disabled")
}

fn is_hidden(error: &crate::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
}

const ZERO: Duration = Duration::ZERO;
/// More than this is worth a warning, in seconds: addresses for downloading last a minute.
const MAX_SKEW: i64 = 30;
/// A key that ends within so many days is worth a warning.
const SOON: i64 = 14;
