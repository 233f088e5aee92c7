//! The main job, step by step, with what any program has at hand: targets, settings and the
//! front door.

use std::sync::Arc;

use wharf::connector::WalkOptions;
use wharf::connector::futures_util::TryStreamExt;
use wharf::transfer::{CopyFile, Place, Receipt, Verify, copy_file};
use wharf::{Connector, ConnectorExt, Entry, Error, ErrorKind, Registry, RemotePath, Settings};
use wharf_sandbox::{Fault, Route, Sandbox};

use crate::carry::{checksum, verdict};
use crate::failure::{Failure, Result, on_this_machine};
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::stages;
use crate::present::style::Style;

use super::Damage;
use super::folder::Folder;
use super::refusal::{Expected, shown};
use super::script::{Found, Script};
use super::witness;

/// Both services and the ways to them.
struct Stage {
    sandbox: Sandbox,
    registry: Registry,
    filescom: String,
    mft: String,
    folder: Folder,
    style: Style,
    damage: Option<Damage>,
}

pub(super) async fn play(script: &mut Script<'_>, damage: Option<Damage>) -> Result<()> {
    let style = script.style();
    let stage =
        script.step("start both services on this machine", Stage::set(style, damage)).await?;
    let filescom =
        script.step("connect to Files.com, and test it", stage.connect_filescom()).await?;
    let mft = script.step("connect to Boomi MFT, and test it", stage.connect_mft()).await?;
    script.step("look around on Files.com", stage.look_around(&filescom, &stage.filescom)).await?;
    script.step("look around on Boomi MFT", stage.look_around(&mft, &stage.mft)).await?;
    script.step("bring a file down from Files.com", stage.bring_down(&filescom)).await?;
    script.step("put a file up to Files.com", stage.put_up(&filescom)).await?;
    script.step("carry a file from Boomi MFT to Files.com", stage.carry(&mft, &filescom)).await?;
    script.step("be refused: the API key was revoked", stage.revoked()).await?;
    script.step("be refused: the key may not see the item", stage.hidden()).await?;
    script
        .say("\nAll of it worked: three files, each proved whole; two refusals, each explained.")?;
    script.say("To try it by hand: wharf sandbox")
}

impl Stage {
    async fn set(style: Style, damage: Option<Damage>) -> Result<(Self, Found)> {
        let started = Sandbox::start().await;
        let sandbox =
            started.map_err(|error| on_this_machine("the sandbox does not start", error))?;
        let user = sandbox.users().first().map_or("", |user| &user.name);
        let filescom = sandbox.filescom_url().replacen("http:", "filescom+http:", 1);
        let mft = sandbox.mft_url().replacen("http://", &format!("mft+http://{user}@"), 1);
        let found = Found::new("wharf sandbox".to_owned())
            .line(format!("Files.com  {filescom}/"))
            .line(format!("Boomi MFT  {mft}/"));
        let folder = Folder::new()?;
        let registry = wharf::registry();
        Ok((Self { sandbox, registry, filescom, mft, folder, style, damage }, found))
    }

    async fn connect_filescom(&self) -> Result<(Arc<dyn Connector>, Found)> {
        let settings = self.key(&self.sandbox.keys().full);
        self.connect(&self.filescom, &settings).await
    }

    async fn connect_mft(&self) -> Result<(Arc<dyn Connector>, Found)> {
        let password = self.sandbox.users().first().map_or("", |user| &user.password);
        let settings = Settings::new().with_secret("password", password);
        self.connect(&self.mft, &settings).await
    }

    async fn connect(&self, url: &str, settings: &Settings) -> Result<(Arc<dyn Connector>, Found)> {
        let account = self.registry.open(url, settings)?;
        let report = account.test_connection().await?;
        let mut found = Found::new(format!("wharf test {url}/"));
        found.lines = stages::lines(&report, self.style);
        if report.passed() {
            return Ok((account, found));
        }
        let error = Error::new(ErrorKind::Other, "a stage of the test failed");
        Err(error.with_report(report).into())
    }

    async fn look_around(&self, account: &Arc<dyn Connector>, url: &str) -> Result<((), Found)> {
        let entries = account.walk(&RemotePath::root(), WalkOptions::new());
        let mut entries: Vec<Entry> = entries.try_collect().await?;
        entries.sort_unstable_by(|a, b| a.path.segments().cmp(b.path.segments()));
        let files = entries.iter().filter(|entry| entry.is_file()).count();
        let mut found = Found::new(format!("wharf tree {url}/"))
            .line(format!("{files} files in {} folders, among them", entries.len() - files));
        let some = entries.iter().filter(|entry| entry.is_file()).take(SHOWN_FILES);
        found.lines.extend(some.map(|entry| {
            format!("{:>10}  {}", size(entry.size.unwrap_or_default()), Shown(entry.path.as_str()))
        }));
        Ok(((), found))
    }

    async fn bring_down(&self, filescom: &Arc<dyn Connector>) -> Result<((), Found)> {
        if self.damage == Some(Damage::Download) {
            let damaged = self.sandbox.filescom().corrupt(relative(DOWN)).await;
            damaged.map_err(|error| on_this_machine("the damage cannot be done", error))?;
        }
        let (from, to) = (place(filescom, DOWN)?, self.here("brought-down.bin")?);
        let receipt = self.copy(&from, &to).await?;
        let arrived = witness::here(&self.folder.path().join("brought-down.bin")).await?;
        witness::compare(&witness::filescom(&self.sandbox, relative(DOWN)).await?, &arrived)?;
        let command = format!("wharf get {}{DOWN}", self.filescom);
        Ok(((), proved(command, &receipt, "what Files.com holds")))
    }

    async fn put_up(&self, filescom: &Arc<dyn Connector>) -> Result<((), Found)> {
        let file = self.folder.path().join("delivery-note.txt");
        let written = tokio::fs::write(&file, DELIVERY_NOTE).await;
        written.map_err(|error| on_this_machine("the file to put up", error))?;
        self.damage_uploads(Damage::Upload);
        let from = self.here("delivery-note.txt")?;
        let receipt = self.copy(&from, &place(filescom, UP)?).await?;
        let arrived = witness::filescom(&self.sandbox, relative(UP)).await?;
        witness::compare(&witness::here(&file).await?, &arrived)?;
        let command = format!("wharf put delivery-note.txt {}{UP}", self.filescom);
        Ok(((), proved(command, &receipt, "the file here")))
    }

    async fn carry(
        &self,
        mft: &Arc<dyn Connector>,
        filescom: &Arc<dyn Connector>,
    ) -> Result<((), Found)> {
        self.damage_uploads(Damage::Transfer);
        let receipt = self.copy(&place(mft, CARRIED)?, &place(filescom, CARRIED_TO)?).await?;
        let arrived = witness::filescom(&self.sandbox, relative(CARRIED_TO)).await?;
        witness::compare(&witness::mft(&self.sandbox, CARRIED).await?, &arrived)?;
        let command = format!("wharf cp '{}{CARRIED}' {}{CARRIED_TO}", self.mft, self.filescom);
        Ok(((), proved(command, &receipt, "what Boomi MFT holds")))
    }

    async fn revoked(&self) -> Result<((), Found)> {
        let account =
            self.registry.open(&self.filescom, &self.key(&self.sandbox.keys().revoked))?;
        let expected = Expected {
            kind: ErrorKind::Unauthenticated,
            code: 401,
            name: "not-authenticated/invalid-credentials",
        };
        let found = Found::new(format!("FILES_API_KEY=(revoked) wharf ls {}/", self.filescom));
        let outcome = account.list_all(&RemotePath::root()).await;
        Ok(((), shown(outcome, &expected, found, self.style)?))
    }

    async fn hidden(&self) -> Result<((), Found)> {
        let key = self.key(&self.sandbox.keys().restricted);
        let account = self.registry.open(&self.filescom, &key)?;
        let expected = Expected { kind: ErrorKind::NotFound, code: 404, name: "not-found" };
        let command = format!("FILES_API_KEY=(restricted) wharf stat {}{HIDDEN}", self.filescom);
        let outcome = account.stat(&RemotePath::new(HIDDEN).map_err(Error::from)?).await;
        Ok(((), shown(outcome, &expected, Found::new(command), self.style)?))
    }

    async fn copy(&self, from: &Place, to: &Place) -> Result<Receipt> {
        let options = CopyFile::new().with_verify(Verify::WhenPossible);
        let receipt = match copy_file(from, to, &options, &()).await {
            Ok(receipt) if receipt.verdict.is_verified() => return Ok(receipt),
            Ok(receipt) => receipt,
            Err(error) => return Err(self.with_what_is_left(error, to).await?.into()),
        };
        let message = format!("it arrived, and is not proved whole: {}", receipt.verdict);
        Err(Failure::from(Error::new(ErrorKind::Other, message)))
    }

    /// A transfer that failed must leave nothing under the final name: looks whether it did.
    async fn with_what_is_left(&self, error: Error, to: &Place) -> Result<Error> {
        if self.damage.is_none() || error.kind() != ErrorKind::Corrupted {
            return Ok(error);
        }
        if to.connector.exists(&to.path).await? {
            let message = format!("{error}; and the damaged file was left there");
            return Ok(Error::new(ErrorKind::Protocol, message));
        }
        Ok(error.with_remedy(
            "Nothing: the damage was asked for with --damage, it was found out, and nothing was \
             left under the final name.",
        ))
    }

    fn key(&self, key: &str) -> Settings {
        Settings::new().with_secret("api_key", key)
    }

    fn here(&self, name: &str) -> Result<Place> {
        let folder = self
            .registry
            .open(&format!("file://{}", self.folder.path().display()), &Settings::new())?;
        place(&folder, name)
    }

    /// Every part that is sent from now on has its first byte inverted before it is stored.
    fn damage_uploads(&self, which: Damage) {
        if self.damage == Some(which) {
            self.sandbox.faults().always(Route::PartPut, Fault::FlipRequestByte(0));
        }
    }
}

fn place(account: &Arc<dyn Connector>, path: &str) -> Result<Place> {
    Ok(Place::new(account.clone(), RemotePath::new(path).map_err(Error::from)?))
}

/// The sandbox names its content without the slash at the start.
fn relative(path: &str) -> &str {
    path.trim_start_matches('/')
}

fn proved(command: String, receipt: &Receipt, same_as: &str) -> Found {
    let mut found = Found::new(command)
        .line(format!("{}, {}", size(receipt.bytes), verdict(receipt)))
        .line(format!("byte for byte {same_as}"));
    found.bytes = Some(receipt.bytes);
    found.verdict = Some(receipt.verdict.as_str());
    found.checksum = checksum(receipt).map(|known| [known].into());
    found
}

const SHOWN_FILES: usize = 4;
const DOWN: &str = "/archive/2025/scans-2025-12.bin";
const UP: &str = "/inbound/delivery-note.txt";
const CARRIED: &str = "/HOME/Admin/My Documents/2.html";
const CARRIED_TO: &str = "/inbound/2.html";
const HIDDEN: &str = "/vendor/globex/contracts/frame-contract.txt";
const DELIVERY_NOTE: &str = "Delivery note 4711\n3 anvils\n1 pair of rocket skates\n";
