//! Testing the connection: stage by stage, each with what was found.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};
use wharf_connector::{ConnectionReport, Error, ErrorKind, Result, StageOutcome};
use wharf_model::mft::ServerInfo;
use wharf_transport::Answer;

use super::Mft;
use crate::api::server;
use crate::config::{Login, Root, SessionKind};
use crate::endpoints::Place;

/// Signs in, asks the server what it is, and lists the root.
pub(super) async fn run(mft: &Mft) -> Result<ConnectionReport> {
    let mut test = Test { mft, report: ConnectionReport::new() };
    match test.run().await {
        Ok(()) => Ok(test.report),
        Err(error) => Err(error.with_report(test.report)),
    }
}

struct Test<'a> {
    mft: &'a Mft,
    report: ConnectionReport,
}

impl Test<'_> {
    async fn run(&mut self) -> Result<()> {
        let config = self.mft.client.config();
        let (kind, proof) = (config.session_kind, &config.login);
        let proof = match proof {
            Login::Password(_) => "password",
            Login::Ticket(_) => "ticket",
        };
        let session = match kind {
            SessionKind::Immutable => "immutable",
            SessionKind::Regular => "regular",
        };
        self.report.credential = Some(format!("{proof}, {session} session"));
        if kind == SessionKind::Regular {
            self.report.warnings.push(REGULAR.to_owned());
        }
        let origin = self.mft.client.transport().base().origin().ascii_serialization();
        self.pass("settings", format!("the server is {origin}"), Duration::ZERO);
        self.sign_in().await?;
        self.server().await?;
        self.root().await
    }

    async fn sign_in(&mut self) -> Result<()> {
        let client = &self.mft.client;
        let begun = Instant::now();
        let signed_in = client.sign_in().await;
        let took = begun.elapsed();
        match signed_in {
            Ok(id) => {
                self.reached(took);
                let user = client.config().user.clone();
                let account = Some(user).filter(|user| !user.is_empty());
                self.report.account = account.or_else(|| id.map(|id| id.to_string()));
                let account = self.report.account.as_deref().unwrap_or("somebody");
                self.pass("credentials", format!("signed in as {account}"), Duration::ZERO);
                Ok(())
            }
            Err(error) => {
                let (stage, remedy) = match error.status() {
                    Some(_) => {
                        self.reached(took);
                        ("credentials", None)
                    }
                    None if error.is_tls() => {
                        self.pass("reach", format!("{} answers", self.host()), took);
                        ("tls", Some(UNPROVEN))
                    }
                    None => ("reach", Some(UNREACHABLE)),
                };
                self.fail(stage, error.message().to_owned(), took);
                let remedy = remedy.filter(|_| error.remedy().is_none());
                let error = Error::from(error);
                Err(match remedy {
                    Some(remedy) => error.with_remedy(remedy),
                    None => error,
                })
            }
        }
    }

    fn reached(&mut self, took: Duration) {
        self.pass("reach", format!("{} answers", self.host()), took);
        match self.mft.client.transport().base().url().scheme() {
            "https" => self.pass("tls", "the certificate is good".to_owned(), Duration::ZERO),
            _ => self.report.stage("tls", StageOutcome::Skipped, "plain HTTP", Duration::ZERO),
        }
    }

    fn host(&self) -> String {
        self.mft.client.transport().base().host().to_owned()
    }

    async fn server(&mut self) -> Result<()> {
        let client = &self.mft.client;
        let begun = Instant::now();
        let request = server::info(client.endpoints());
        let read = |answer: &Answer| Ok((answer.json::<ServerInfo>()?, skew(answer)));
        let answer = client.read(Place::server_info, request, read).await;
        let took = begun.elapsed();
        let (info, skew) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.fail("server", error.message().to_owned(), took);
                return Err(error.into());
            }
        };
        self.report.clock_skew = skew;
        if let Some(skew) = skew.filter(|skew| skew.abs() > MAX_SKEW) {
            let warning = format!("this machine's clock is {skew} s ahead of the service's");
            self.report.warnings.push(warning);
        }
        let name = info.title.or(info.name).unwrap_or_else(|| "a server without a name".into());
        if info.enabled == Some(false) {
            let message = format!("{name} is out of service");
            self.fail("server", message.clone(), took);
            return Err(Error::new(ErrorKind::Unavailable, message)
                .with_remedy("Ask the server's administrator."));
        }
        self.pass("server", name.into(), took);
        Ok(())
    }

    async fn root(&mut self) -> Result<()> {
        let mft = self.mft;
        let begun = Instant::now();
        let listed = async {
            let root = mft.resolver.root().await?;
            let mut entries = crate::listing::children(&mft.client, &root.id, None, Some(1));
            futures_util::TryStreamExt::try_next(&mut entries).await?;
            Ok::<_, crate::Error>(root)
        };
        let listed = listed.await;
        let took = begun.elapsed();
        match listed {
            Ok(root) => {
                let rights = root.effective_permission.map(|rights| rights.to_string());
                self.report.permissions = rights.map(|rights| format!("on /: {rights}"));
                let what = match mft.client.config().root {
                    Root::Root => "root",
                    Root::Home => "home",
                    Root::Folder(_) => "folder",
                };
                let name = root.path.as_deref().unwrap_or(&root.name);
                self.pass("root", format!("the {what} {name} can be listed"), took);
                Ok(())
            }
            Err(error) => {
                self.fail("root", error.message().to_owned(), took);
                Err(error.into())
            }
        }
    }

    fn pass(&mut self, name: &'static str, detail: String, took: Duration) {
        self.report.stage(name, StageOutcome::Passed, detail, took);
    }

    fn fail(&mut self, name: &'static str, detail: String, took: Duration) {
        self.report.stage(name, StageOutcome::Failed, detail, took);
    }
}

/// How far this machine's clock is ahead of the server's, in seconds.
fn skew(answer: &Answer) -> Option<i64> {
    let date = answer.header("date")?;
    let theirs = DateTime::parse_from_rfc2822(date).ok()?.to_utc();
    let ours = DateTime::<Utc>::from(SystemTime::now());
    Some((ours - theirs).num_seconds())
}

const REGULAR: &str = "a regular session ends every other regular session of the account, and is \
                       ended by the next; `session_kind = immutable` is kinder";
/// More than this is worth a warning, in seconds.
const MAX_SKEW: i64 = 30;
const UNPROVEN: &str = "Check the host's name, this machine's clock, and what stands between.";
const UNREACHABLE: &str = "Check the server's name, the network, and whether a proxy is needed.";
