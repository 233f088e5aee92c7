//! The REST resources below `/REST/{version}/`, read without regard to case.

mod entries;
mod favorites;
mod listings;
mod messages;
mod people;
mod search;
mod server;
mod sign_in;
mod tools;
mod uploads;

use axum::http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;

use super::document::{Asked, Scribe};
use super::fields::Fields;
use super::options::UpdateBodies;
use super::refusal::Refusal;
use super::world::{Caller, World};
use crate::faults::Route;

pub(crate) use self::listings::Page;
pub(crate) use self::sign_in::Login;

/// What a path names, before anyone has asked who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    ServiceVersions,
    SignIn(Login),
    Impersonate,
    Info(Place),
    List(Place, Asked, Page),
    NewFolder,
    File(String),
    Favorites(Asked),
    Favorite { folder: bool, id: String },
    Search(Asked, Page),
    Server(Vec<String>),
    Tool(String),
    Upload(Vec<String>),
    Message(Option<String>, Option<String>),
    User(Vec<String>),
    Users,
    Groups(Vec<String>),
}

/// A folder by its role or id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Root,
    Home,
    Folder(String),
}

/// One request, read.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) query: Fields,
    pub(crate) body: Fields,
    pub(crate) media: String,
    /// The `Device_UUID` header that the ticket calls of the older manual want.
    pub(crate) device_header: Option<String>,
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The name of the document, for those who want XML.
    pub(crate) name: &'static str,
    /// In JSON; written once, since listings may be long.
    pub(crate) body: Option<String>,
}

/// Why there is no answer of the API's own.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    Refused(Refusal),
    /// The web server knows no such path.
    NotFound,
    /// The path is there, but not for this method.
    MethodNotAllowed,
    /// The body is of a kind that this call does not take.
    MediaNotTaken,
}

impl Target {
    /// Reads the segments of a path after `/REST/`; `None` for what the service does not have.
    pub(crate) fn read(segments: &[&str]) -> Option<Self> {
        let lower: Vec<String> = segments.iter().map(|part| part.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        match lower.as_slice() {
            ["serviceversions"] | [_, "serviceversions"] => Some(Self::ServiceVersions),
            [_version, "filesystem", rest @ ..] => Self::file_system(rest, segments.get(2..)?),
            [_version, rest @ ..] => Self::beside(rest, segments.get(1..)?),
            [] => None,
        }
    }

    fn file_system(lower: &[&str], given: &[&str]) -> Option<Self> {
        match lower {
            ["root", rest @ ..] => Self::place(Place::Root, rest),
            ["home", rest @ ..] => Self::place(Place::Home, rest),
            ["folder"] => Some(Self::NewFolder),
            ["folder", _, rest @ ..] => Self::place(Place::Folder(text(given, 1)?), rest),
            ["file", _] => Some(Self::File(text(given, 1)?)),
            ["favorites"] => Some(Self::Favorites(Asked::Both)),
            ["favorites", part] => Some(Self::Favorites(asked(part)?)),
            ["favorites", kind @ ("file" | "folder"), _] => {
                Some(Self::Favorite { folder: *kind == "folder", id: text(given, 2)? })
            }
            _ => None,
        }
    }

    fn place(place: Place, rest: &[&str]) -> Option<Self> {
        match rest {
            [] => Some(Self::Info(place)),
            [part, page @ ..] => Some(Self::List(place, asked(part)?, Page::read(page)?)),
        }
    }

    fn beside(lower: &[&str], given: &[&str]) -> Option<Self> {
        let rest = || given.iter().skip(1).map(|part| (*part).to_owned()).collect();
        match lower {
            ["immutableimpersonatesession"] => Some(Self::Impersonate),
            ["search", part @ ("files" | "folders"), page @ ..] => {
                Some(Self::Search(asked(part)?, Page::read(page)?))
            }
            ["search", page @ ..] => Some(Self::Search(Asked::Both, Page::read(page)?)),
            ["server", _, ..] => Some(Self::Server(rest())),
            ["servertool", _] => Some(Self::Tool(text(given, 1)?)),
            ["upload", _, ..] => Some(Self::Upload(rest())),
            ["message"] => Some(Self::Message(None, None)),
            ["message", _] => Some(Self::Message(text(given, 1), None)),
            ["message", _, act @ ("complete" | "discard")] => {
                Some(Self::Message(text(given, 1), Some((*act).to_owned())))
            }
            ["user", ..] => Some(Self::User(rest())),
            ["users"] => Some(Self::Users),
            ["usergroups", ..] => Some(Self::Groups(rest())),
            [name] => Login::named(name).map(Self::SignIn),
            _ => None,
        }
    }

    /// The kind of request, as faults are aimed at it.
    pub(crate) fn route(&self, method: &Method) -> Route {
        match self {
            Self::SignIn(_) | Self::Impersonate => Route::MftSignIn,
            Self::Server(_) | Self::User(_) | Self::ServiceVersions => Route::MftServer,
            Self::List(..) | Self::Search(..) | Self::Favorites(_) => Route::MftList,
            Self::NewFolder => Route::MftCreateFolder,
            Self::Upload(_) => Route::MftUpload,
            Self::Info(_) | Self::File(_) if *method == Method::DELETE => Route::MftDelete,
            Self::Info(_) | Self::File(_) if *method == Method::PUT => Route::MftUpdate,
            Self::Info(_) => Route::MftFolderInfo,
            Self::File(_) => Route::MftFileInfo,
            _ => Route::MftOther,
        }
    }

    /// Whether anyone may call this without a session.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::SignIn(_) | Self::ServiceVersions)
    }
}

impl World {
    /// Answers what needs no session.
    pub(crate) fn answer_anyone(
        &mut self,
        target: &Target,
        call: &Call,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Answer, NoAnswer> {
        match target {
            Target::SignIn(login) => {
                call.only(&[Method::POST])?;
                Ok(self.sign_in(*login, call, now)?)
            }
            Target::ServiceVersions => {
                call.only(&[Method::GET])?;
                Ok(Answer::ok("ServiceVersions", json!(VERSIONS)))
            }
            _ => Err(NoAnswer::NotFound),
        }
    }

    /// Answers what a signed-in user asks.
    pub(crate) fn answer(
        &mut self,
        target: &Target,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        match target {
            Target::Impersonate => {
                call.only(&[Method::POST])?;
                Ok(self.impersonate(call, caller)?)
            }
            Target::Info(place) => self.folder_call(place, call, caller),
            Target::List(place, asked, page) => {
                call.only(&[Method::GET])?;
                self.list(place, *asked, *page, caller)
            }
            Target::NewFolder => {
                call.only(&[Method::POST])?;
                Ok(self.create_folder(call, caller)?)
            }
            Target::File(id) => self.file_call(id, call, caller),
            Target::Favorites(asked) => {
                call.only(&[Method::GET])?;
                Ok(self.favorites(*asked, caller)?)
            }
            Target::Favorite { folder, id } => self.favorite_call(*folder, id, call, caller),
            Target::Search(asked, page) => {
                call.only(&[Method::POST])?;
                Ok(self.search(*asked, *page, call, caller)?)
            }
            Target::Server(rest) => self.server_call(rest, call),
            Target::Tool(name) => {
                call.only(&[Method::POST])?;
                self.tool_call(name, call)
            }
            Target::Upload(rest) => self.upload_call(rest, call, caller),
            Target::Message(id, act) => {
                self.message_call(id.as_deref(), act.as_deref(), call, caller)
            }
            Target::User(rest) => self.user_call(rest, call, caller),
            Target::Users => {
                call.only(&[Method::GET])?;
                Ok(self.list_users(call, caller)?)
            }
            Target::Groups(rest) => self.group_call(rest, call, caller),
            Target::SignIn(_) | Target::ServiceVersions => {
                self.answer_anyone(target, call, caller.now)
            }
        }
    }

    pub(crate) fn scribe(&self, caller: &Caller) -> Result<Scribe<'_>, Refusal> {
        Ok(Scribe {
            tree: &self.tree,
            user: self.user(caller)?,
            access: self.access(caller)?,
            options: &self.options,
        })
    }
}

impl Call {
    /// # Errors
    /// When the method is none of these.
    pub(crate) fn only(&self, methods: &[Method]) -> Result<(), NoAnswer> {
        if methods.contains(&self.method) { Ok(()) } else { Err(NoAnswer::MethodNotAllowed) }
    }

    /// # Errors
    /// When updates are told to take only bodies of another kind.
    pub(crate) fn body_for_update(&self, bodies: UpdateBodies) -> Result<(), NoAnswer> {
        let document = self.media.contains("json") || self.media.contains("xml");
        match (bodies, document) {
            (UpdateBodies::Form, true) | (UpdateBodies::Document, false) => {
                Err(NoAnswer::MediaNotTaken)
            }
            _ => Ok(()),
        }
    }
}

impl Answer {
    pub(crate) fn ok(name: &'static str, body: impl Serialize) -> Self {
        // None of the documents can fail to be written.
        let body = serde_json::to_string(&body).unwrap_or_default();
        Self { status: StatusCode::OK, name, body: Some(body) }
    }

    pub(crate) fn created(name: &'static str, body: impl Serialize) -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok(name, body) }
    }

    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::OK, name: "", body: None }
    }
}

impl From<Refusal> for NoAnswer {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn asked(part: &str) -> Option<Asked> {
    match part {
        "files" => Some(Asked::Files),
        "folders" => Some(Asked::Folders),
        "content" => Some(Asked::Both),
        _ => None,
    }
}

fn text(segments: &[&str], at: usize) -> Option<String> {
    segments.get(at).map(|part| (*part).to_owned())
}

pub(crate) const CONTENT: &str = "ThruPublicContentResult";
pub(crate) const FOLDER: &str = "ThruPublicFolderInfo";
pub(crate) const FILE: &str = "ThruPublicFileInfo";
/// The answer to "ServiceVersions" is not documented: this list is invented.
const VERSIONS: [&str; 5] = ["1.0", "1.1", "1.2", "1.3", "1.16"];

#[cfg(test)]
mod tests;
