//! Faults on demand: what networks and services do on a bad day, one request at a time.

mod act;
mod answers;
mod bodies;
mod entries;
mod fault;
mod route;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

pub(crate) use self::act::{Met, NoAnswer};
pub(crate) use self::answers::storage_error;
pub use self::fault::Fault;
pub use self::route::Route;
pub(crate) use self::route::Service;

/// The faults still to come, shared by both services.
///
/// A fault waits for a request of its route, acts on that one request and is gone, unless its
/// [`Rule`] says otherwise. Only the first rule that matches a request acts on it.
///
/// ```
/// use wharf_sandbox::{Fault, Route, Rule, Sandbox};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::start().await?;
/// // The next part address answers a cut body; the second listing from now on meets 503.
/// sandbox.faults().next(Route::StorageGet, Fault::CutAfter(1000));
/// sandbox.faults().add(Rule::new(Route::List, Fault::status(503)).skip(1));
/// assert_eq!(sandbox.faults().waiting().len(), 2);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<Rule>>>,
}

/// When a fault acts, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    route: Route,
    fault: Fault,
    /// Matching requests let through first.
    #[serde(default)]
    skip: u32,
    /// How often it acts; `null` means always.
    #[serde(default = "once")]
    times: Option<u32>,
    /// Only requests whose decoded path and query (connections whose face) hold this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

/// A list of faults that cannot be read.
#[derive(Debug)]
pub struct RuleError {
    source: serde_json::Error,
}

impl Faults {
    /// Lets the next request of `route` meet `fault`, once.
    pub fn next(&self, route: Route, fault: Fault) {
        self.add(Rule::new(route, fault));
    }

    /// Lets every request of `route` meet `fault` until [`Faults::clear`].
    pub fn always(&self, route: Route, fault: Fault) {
        self.add(Rule::new(route, fault).always());
    }

    /// Appends a rule.
    pub fn add(&self, rule: Rule) {
        self.with(|rules| rules.push(rule));
    }

    /// Appends rules written as JSON: one object, or an array of them.
    ///
    /// ```
    /// # use wharf_sandbox::Faults;
    /// let faults = Faults::default();
    /// faults.load(r#"[{"route": "list", "fault": {"status": {"code": 429, "retry_after": "2"}}},
    ///                 {"route": "storage_get", "fault": {"cut_after": 10}, "times": 3}]"#)?;
    /// assert_eq!(faults.waiting().len(), 2);
    /// # Ok::<(), wharf_sandbox::RuleError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not JSON, or names a route, a fault or a field that does not exist.
    /// Then no rule is added.
    pub fn load(&self, json: &str) -> Result<usize, RuleError> {
        let loaded: Vec<Rule> = match json.trim_start().starts_with('[') {
            true => serde_json::from_str(json)?,
            false => vec![serde_json::from_str(json)?],
        };
        let count = loaded.len();
        self.with(|rules| rules.extend(loaded));
        Ok(count)
    }

    /// The rules that have not run out.
    #[must_use]
    pub fn waiting(&self) -> Vec<Rule> {
        self.with(|rules| rules.clone())
    }

    /// Forgets all rules.
    pub fn clear(&self) {
        self.with(Vec::clear);
    }

    /// The fault this request meets, if any; counts it.
    fn take(&self, route: Route, target: &str) -> Option<Fault> {
        let target = percent_decode_str(target).decode_utf8_lossy();
        self.with(|rules| {
            let due =
                rules.iter_mut().position(|rule| rule.matches(route, &target) && rule.is_due())?;
            let rule = rules.get_mut(due)?;
            let fault = rule.fault.clone();
            rule.times = rule.times.map(|times| times.saturating_sub(1));
            if rule.times == Some(0) {
                rules.remove(due);
            }
            Some(fault)
        })
    }

    /// The fault a new connection to this face meets, if any.
    pub(crate) fn take_connection(&self, face: &str) -> Option<Fault> {
        self.take(Route::Connection, face)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Rule>) -> T) -> T {
        act(&mut self.rules.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Rule {
    /// A rule that acts once, on the next request of the route.
    #[must_use]
    pub fn new(route: Route, fault: Fault) -> Self {
        Self { route, fault, skip: 0, times: Some(1), path: None }
    }

    /// Lets this many matching requests through first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Acts this often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times.max(1));
        self
    }

    /// Never runs out.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Acts only on requests whose decoded path and query hold this text.
    #[must_use]
    pub fn on(mut self, text: impl Into<String>) -> Self {
        self.path = Some(text.into());
        self
    }

    fn matches(&self, route: Route, target: &str) -> bool {
        let path = self.path.as_deref();
        self.route.covers(route) && path.is_none_or(|path| target.contains(path))
    }

    /// Whether it is this rule's turn; a request it lets through is counted.
    fn is_due(&mut self) -> bool {
        let due = self.skip == 0;
        self.skip = self.skip.saturating_sub(1);
        due
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list of faults cannot be read: {}", self.source)
    }
}

impl std::error::Error for RuleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl From<serde_json::Error> for RuleError {
    fn from(source: serde_json::Error) -> Self {
        Self { source }
    }
}

fn once() -> Option<u32> {
    Some(1)
}

#[cfg(test)]
mod tests;
