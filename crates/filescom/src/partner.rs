//! What Boomi's partner connector for Files.com does, action by action, in its own words.

mod files;
mod inputs;
mod links;
mod outputs;
mod people;
mod schema;

use std::fmt;
use std::time::Duration;

use futures_util::stream::BoxStream;
use serde_json::{Map, Value};
use wharf_connector::{ByteRange, Content, ErrorKind};
use wharf_model::filescom::{PartnerAction, partner_actions};

use self::inputs::Inputs;
use crate::client::Client;
use crate::download::FileDownload;
use crate::error::{Error, Result};

/// The actions of Boomi's connector "Files.com - Partner", on this client's account.
///
/// A request document has the names that a process of Boomi knows, and so has the response, so
/// that a process can be moved over step by step. Beneath are the typed calls of this client; what
/// the connector lacks (waiting, overwriting, deleting and listing recursively, ranges, checks) is
/// had by [`StepOptions`].
///
/// ```
/// use serde_json::json;
/// use wharf_filescom::partner::Answered;
/// use wharf_filescom::{Client, Config, Credentials};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
/// let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
/// let step = client.partner().step("Create", Some("Group"))?;
/// let request = json!({"name": "Partners", "user_ids": "1001,1002"});
/// let Answered::Document(group) = step.run(request, None).await? else { panic!("a document") };
/// assert_eq!(group["usernames"], "Admin,Partner");
/// # Ok(()) }
/// ```
///
/// # Where the connector's pages leave a gap
///
/// - A key whose value is null is left out (the pages allow either).
/// - Times are RFC 3339 in UTC, unless [`StepOptions::epoch`] asks for numbers where the pages say
///   Unix time.
/// - `Limit` must be at least 1; blank is none. A wildcard has `*` and `?` in the last name.
/// - Dates that go in are `yyyyMMdd HHmmss.SSS` in UTC, or RFC 3339.
/// - What the pages call an array and the service sends as an object (`form_field_data`,
///   `bundle_registration`) is an array of that object.
#[derive(Debug, Clone)]
pub struct Partner {
    client: Client,
}

/// One action on one kind of object, ready to run.
#[derive(Debug, Clone)]
pub struct Step {
    client: Client,
    action: &'static PartnerAction,
    options: StepOptions,
}

/// What an action does beyond what Boomi's connector does; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepOptions {
    /// List: so many documents at most; over the option `Limit` of the request.
    pub limit: Option<usize>,
    /// Copy and Move: wait until the work in the background is done, at most so long.
    pub wait: Option<Duration>,
    /// Copy and Move: replace what stands at the destination.
    pub overwrite: bool,
    /// Delete Folder: with all it holds. List Folder: with all below.
    pub recursive: bool,
    /// Download: these bytes only.
    pub range: ByteRange,
    /// Upload: compare checksums, and wait for those of the service.
    pub verify: bool,
    /// Times as numbers, where Boomi's pages say Unix time and not of which unit: `created_at` of
    /// Create Folder and Create ShareLink.
    pub epoch: Option<EpochUnit>,
}

/// What a number counts since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EpochUnit {
    /// Seconds.
    Seconds,
    /// Thousandths of a second.
    Milliseconds,
}

/// What comes out of an action.
#[non_exhaustive]
pub enum Answered {
    /// One document.
    Document(Map<String, Value>),
    /// A document for each entry, as they come.
    Documents(BoxStream<'static, Result<Map<String, Value>>>),
    /// The bytes of a file, as they come.
    Content(Box<FileDownload>),
    /// Nothing: it is done.
    Nothing,
}

impl Partner {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// An action on a kind of object. Case does not count; the object may be named as Boomi does
    /// (`Groups`, `GroupDetails`) or plainly (`Group`), and left out where there is only one.
    ///
    /// # Errors
    ///
    /// `Invalid` for an action or object that the connector does not have, with those it has.
    pub fn step(&self, action: &str, object: Option<&str>) -> Result<Step> {
        let action = self::action(action, object)?;
        Ok(Step { client: self.client.clone(), action, options: StepOptions::default() })
    }
}

/// An action by its name and that of its object, as [`Partner::step`] reads them.
///
/// # Errors
///
/// `Invalid` for an action or object that the connector does not have, with those it has.
pub fn action(name: &str, object: Option<&str>) -> Result<&'static PartnerAction> {
    let invalid = |message: String| Err(Error::new(ErrorKind::Invalid, message));
    let same = |action: &&PartnerAction| action.action.eq_ignore_ascii_case(name.trim());
    let known: Vec<&PartnerAction> = partner_actions().iter().filter(same).collect();
    if known.is_empty() {
        let mut all: Vec<&str> = partner_actions().iter().map(|one| one.action.as_str()).collect();
        all.dedup();
        return invalid(format!("there is no action {name:?}; there are {}", all.join(", ")));
    }
    let named = |action: &&PartnerAction| match (&action.object, object) {
        (None, None) => true,
        (None, Some(given)) => matches!(plain(given).as_str(), "file" | "folder" | "filefolder"),
        (Some(_), None) => known.len() == 1,
        (Some(own), Some(given)) => plain(own) == plain(given),
    };
    match known.iter().copied().find(|action| named(action)) {
        Some(action) => Ok(action),
        None => {
            let objects = known.iter().filter_map(|action| action.object.as_deref());
            let objects = objects.collect::<Vec<_>>().join(", ");
            invalid(match object {
                Some(given) => format!("{name} knows no object {given:?}, but {objects}"),
                None => format!("{name} needs an object: {objects}"),
            })
        }
    }
}

/// The JSON Schema of the request document of an action.
pub fn request_schema(action: &PartnerAction) -> Value {
    schema::request(action)
}

/// The JSON Schema of a response document of an action; of a list, of one of its documents. None
/// where bytes come out, or nothing.
pub fn response_schema(action: &PartnerAction) -> Option<Value> {
    schema::response(action)
}

impl Step {
    /// The action, as the pages of the connector have it.
    pub fn action(&self) -> &'static PartnerAction {
        self.action
    }

    /// Sets what it does beyond Boomi's connector.
    #[must_use]
    pub fn with_options(mut self, options: StepOptions) -> Self {
        self.options = options;
        self
    }

    /// Runs it: a request document with Boomi's names in, response documents with Boomi's keys
    /// out. `content` is what an upload stores, and needed there alone.
    ///
    /// # Errors
    ///
    /// `Invalid` for a request that is not what the schema says; else what the service answers,
    /// its document included.
    pub async fn run(&self, request: Value, content: Option<Content>) -> Result<Answered> {
        let inputs = Inputs::read(self.action, request)?;
        if content.is_some() != self.action.document.is_some() {
            let message = match content {
                Some(_) => format!("{} takes no content", self.name()),
                None => format!("{} needs a content", self.name()),
            };
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let object = self.action.object.as_deref().map(plain);
        match object.as_deref() {
            None | Some("file" | "folder") => self.on_files(inputs, content).await,
            Some("group" | "user") => self.on_people(inputs).await,
            Some(_) => self.on_links(inputs).await,
        }
    }

    /// The action and its object, for people.
    fn name(&self) -> String {
        match &self.action.object {
            Some(object) => format!("{} {object}", self.action.action),
            None => self.action.action.clone(),
        }
    }

    /// The action and its plain object, to decide by.
    fn key(&self) -> (&'static str, String) {
        let object = self.action.object.as_deref().map(plain).unwrap_or_default();
        (self.action.action.as_str(), object)
    }

    fn document(&self, value: &impl serde::Serialize) -> Result<Answered> {
        Ok(Answered::Document(outputs::shaped(self.action, value, self.options.epoch)?))
    }

    fn documents<T>(&self, entries: BoxStream<'static, Result<T>>) -> Answered
    where
        T: serde::Serialize + Send + 'static,
    {
        use futures_util::StreamExt;
        let (action, epoch) = (self.action, self.options.epoch);
        let shaped =
            move |entry: Result<T>| entry.and_then(|entry| outputs::shaped(action, &entry, epoch));
        Answered::Documents(entries.map(shaped).boxed())
    }

    /// The limit of a list.
    fn limit(&self, inputs: &Inputs) -> Result<Option<usize>> {
        let asked = match self.options.limit {
            Some(limit) => i64::try_from(limit).ok(),
            None => inputs.number("Limit")?,
        };
        match asked.map(usize::try_from) {
            None => Ok(None),
            Some(Ok(limit)) if limit > 0 => Ok(Some(limit)),
            Some(_) => Err(Error::new(ErrorKind::Invalid, "Limit must be 1 or more")),
        }
    }
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(document) => {
                f.debug_tuple("Document").field(&document.keys().collect::<Vec<_>>()).finish()
            }
            Self::Documents(_) => f.write_str("Documents"),
            Self::Content(content) => f.debug_tuple("Content").field(content).finish(),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}

/// An object without what Boomi adds to its name for lists and details.
fn plain(object: &str) -> String {
    let name = object.trim().to_ascii_lowercase();
    let name = name.strip_suffix("details").unwrap_or(&name);
    name.strip_suffix('s').unwrap_or(name).to_owned()
}
