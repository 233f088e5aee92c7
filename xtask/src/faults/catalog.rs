//! The faults, one row each: what goes wrong, at which requests, how often, and whether a repeat
//! can heal it.

mod answer;
mod body;
mod connection;
mod document;
mod meaning;

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::stage::Service;

/// A fault as it is ordered from the sandbox, once or for ever.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    at: At,
    fault: fn(&Aim) -> Value,
    /// Strikes the request before, so that there is one for the fault to act on.
    before: Option<fn(&Aim) -> Value>,
    /// `None`: for ever.
    times: Option<u32>,
    pub(super) heals: Heals,
    /// The service says something false about a file that nothing else it says contradicts.
    pub(super) lie: bool,
    /// A service that tells no checksums, so that nobody can notice it.
    unseen: Option<Service>,
    pub(super) settings: &'static [(&'static str, &'static str)],
    /// Exit codes that count as one, since which of them comes depends on the moment.
    either: &'static [i32],
}

/// Whether the program has to succeed in spite of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heals {
    Yes,
    /// Only where the service says enough about it.
    On(Service),
    No,
}

/// The requests that a fault strikes.
#[derive(Clone, Copy)]
enum At {
    /// Connections, by the face they are made to.
    Connections,
    /// All of them.
    Requests,
    /// All that are answered by a document.
    Documents,
    /// All but those whose success looks just like the fault.
    Telling,
    /// All that bring a key or a session.
    Signed,
    Content,
    Parts,
    Lists,
    Only(&'static [&'static str]),
}

/// What one fault is aimed at: a request of this kind, the first or a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) service: Service,
    pub(super) face: String,
    pub(super) route: String,
    pub(super) skip: usize,
    /// Where another origin listens.
    pub(super) trap: SocketAddr,
    /// Where the service itself is reached.
    pub(super) host: SocketAddr,
}

impl Aim {
    fn is_content(&self) -> bool {
        CONTENT.contains(&self.route.as_str())
    }

    /// Somewhere within the answer.
    fn within(&self) -> u64 {
        if self.is_content() { 1500 } else { 10 }
    }
}

impl Row {
    /// Whether it can strike such a request.
    pub(super) fn strikes(&self, aim: &Aim) -> bool {
        let route = aim.route.as_str();
        match self.at {
            At::Connections => route == CONNECTION,
            _ if route == CONNECTION => false,
            At::Requests => true,
            At::Documents => !CONTENT.contains(&route) && !SILENT.contains(&route),
            At::Telling => !BARE.contains(&route),
            At::Signed => !["mft_sign_in", "sessions", "storage_get", "part_put"].contains(&route),
            At::Content => CONTENT.contains(&route),
            At::Parts => PARTS.contains(&route),
            At::Lists => LISTS.contains(&route),
            At::Only(routes) => routes.contains(&route),
        }
    }

    /// The order to the sandbox.
    pub(super) fn rules(&self, aim: &Aim) -> Value {
        let rule = |fault, times: Option<u32>| {
            let mut rule = json!({
                "route": aim.route, "fault": fault, "skip": aim.skip, "times": times,
            });
            if let (At::Connections, Some(rule)) = (self.at, rule.as_object_mut()) {
                rule.insert("path".to_owned(), json!(aim.face));
            }
            rule
        };
        let before = self.before.map(|fault| rule(fault(aim), Some(1)));
        let mut own = rule((self.fault)(aim), self.times);
        if let (Some(_), Some(own)) = (&before, own.as_object_mut()) {
            own.insert("skip".to_owned(), json!(0));
        }
        Value::Array(before.into_iter().chain([own]).collect())
    }

    pub(super) fn must_heal(&self, service: Service) -> bool {
        match self.heals {
            Heals::Yes => true,
            Heals::On(only) => only == service,
            Heals::No => false,
        }
    }

    /// Whether nobody can notice it.
    pub(super) fn is_unseen(&self, service: Service) -> bool {
        self.unseen == Some(service)
    }

    /// Whether nothing is asked of the sandbox: the program is sent where nobody listens.
    pub(super) fn is_nobody(&self) -> bool {
        self.name == connection::NOBODY
    }

    /// How an exit code is written: those that count as one are written together.
    pub(super) fn code(&self, code: i32) -> String {
        if !self.either.contains(&code) {
            return code.to_string();
        }
        self.either.iter().map(i32::to_string).collect::<Vec<_>>().join("/")
    }

    const fn once(name: &'static str, at: At, fault: fn(&Aim) -> Value) -> Self {
        Self {
            name,
            at,
            fault,
            before: None,
            times: Some(1),
            heals: Heals::Yes,
            lie: false,
            unseen: None,
            settings: &[],
            either: &[],
        }
    }

    const fn always(name: &'static str, at: At, fault: fn(&Aim) -> Value) -> Self {
        Self { times: None, heals: Heals::No, ..Self::once(name, at, fault) }
    }

    const fn after(self, before: fn(&Aim) -> Value) -> Self {
        Self { before: Some(before), ..self }
    }

    const fn heals(self, heals: Heals) -> Self {
        Self { heals, ..self }
    }

    const fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    const fn lie(self) -> Self {
        Self { lie: true, heals: Heals::No, ..self }
    }

    const fn unseen(self, on: Service) -> Self {
        Self { unseen: Some(on), heals: Heals::No, ..self }
    }

    const fn with(self, settings: &'static [(&'static str, &'static str)]) -> Self {
        Self { settings, ..self }
    }

    const fn either(self, either: &'static [i32]) -> Self {
        Self { either, ..self }
    }
}

/// Every row, in the order of the table.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    let groups = [connection::ROWS, answer::ROWS, body::ROWS, document::ROWS, meaning::ROWS];
    groups.into_iter().flatten()
}

/// The kind of request that stands for making a connection.
pub(super) const CONNECTION: &str = "connection";

const CONTENT: &[&str] = &["storage_get", "mft_download"];
const PARTS: &[&str] = &["part_put", "mft_upload"];
const LISTS: &[&str] = &["list", "mft_list"];

/// Successes without a document.
const SILENT: &[&str] = &["part_put", "delete", "mft_upload", "mft_delete"];

/// Successes that say nothing at all.
const BARE: &[&str] = &["mft_delete"];
