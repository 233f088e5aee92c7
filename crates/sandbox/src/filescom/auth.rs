//! Who is asking, and what they may see and do.

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::path::SitePath;
use super::problem::Problem;
use super::site::Site;
use super::tree::Author;

/// An API key of the site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ApiKey {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) secret: Secret,
    pub(crate) rights: Rights,
    /// Null for a site-wide key.
    pub(crate) user_id: Option<i64>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) last_use_at: Option<DateTime<Utc>>,
    pub(crate) revoked: bool,
}

/// A text that `Debug` does not show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

/// A user's signed-in session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) user_id: i64,
    pub(crate) username: String,
    pub(crate) rights: Rights,
    pub(crate) timeout_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rights {
    /// What lies outside is hidden.
    pub(crate) root: SitePath,
    pub(crate) writes: bool,
}

/// Who is asking.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) author: Author,
    pub(crate) username: String,
    pub(crate) rights: Rights,
    /// The number of the key, if it is one.
    pub(crate) key: Option<i64>,
    /// The user who asks; none if it is the whole site.
    pub(crate) user: Option<i64>,
    /// Whether the caller administers the site.
    pub(crate) admin: bool,
}

/// How much of a path the caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Full,
    /// On the way to what the caller may see: listed, and nothing else.
    Passage,
    Hidden,
}

impl Site {
    /// Who sent a request with these headers.
    pub(crate) fn caller(
        &mut self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<Caller, Problem> {
        let workspace = header(headers, "x-files-workspace-id");
        if workspace.is_some_and(|id| id.trim().parse::<u64>().is_err()) {
            return Err(Problem::new(
                "bad-request/invalid-workspace-id-header",
                "The X-Files-Workspace-Id header is invalid.",
            ));
        }
        match (header(headers, KEY), header(headers, SESSION)) {
            (Some(key), _) => self.key_holder(key, now),
            (None, Some(session)) => self.session_holder(session, now),
            (None, None) => Err(Problem::new(
                "not-authenticated/authentication-required",
                "Authentication is required for this request.",
            )),
        }
    }

    fn key_holder(&mut self, secret: &str, now: DateTime<Utc>) -> Result<Caller, Problem> {
        let key = self
            .keys
            .iter_mut()
            .find(|key| key.secret.0 == secret && !key.revoked)
            .filter(|key| key.expires_at.is_none_or(|end| now < end))
            .ok_or_else(invalid_credentials)?;
        key.last_use_at = Some(now);
        let (id, user, rights) = (key.id, key.user_id, key.rights.clone());
        Ok(Caller {
            author: Author::Key(id),
            username: String::new(),
            rights,
            key: Some(id),
            user,
            admin: user.is_none_or(|user| self.is_admin(user)),
        })
    }

    fn session_holder(&mut self, id: &str, now: DateTime<Utc>) -> Result<Caller, Problem> {
        let session = self.sessions.get(id).ok_or_else(invalid_credentials)?;
        if now >= session.timeout_at {
            let text = "Your session has expired. Please sign in again.";
            return Err(Problem::new("not-authenticated/invalid-session", text));
        }
        Ok(Caller {
            author: Author::User(session.user_id),
            username: session.username.clone(),
            rights: session.rights.clone(),
            key: None,
            user: Some(session.user_id),
            admin: self.is_admin(session.user_id),
        })
    }

    fn is_admin(&self, user: i64) -> bool {
        self.records.get("user", user).is_some_and(|user| user.flag("site_admin"))
    }
}

impl Caller {
    pub(crate) fn sight(&self, path: &SitePath) -> Sight {
        if path.is_within(&self.rights.root) {
            Sight::Full
        } else if self.rights.root.is_within(path) {
            Sight::Passage
        } else {
            Sight::Hidden
        }
    }

    /// Whether the path may be read, and its content with it.
    pub(crate) fn must_read(&self, path: &SitePath) -> Result<(), Problem> {
        match self.sight(path) {
            Sight::Full => Ok(()),
            Sight::Passage | Sight::Hidden => Err(Problem::not_found()),
        }
    }

    /// Whether the path may be looked at, be it only to pass through.
    pub(crate) fn must_see(&self, path: &SitePath) -> Result<(), Problem> {
        match self.sight(path) {
            Sight::Full | Sight::Passage => Ok(()),
            Sight::Hidden => Err(Problem::not_found()),
        }
    }

    pub(crate) fn must_write(&self, path: &SitePath) -> Result<(), Problem> {
        match self.sight(path) {
            Sight::Hidden => Err(Problem::not_found()),
            Sight::Full if self.rights.writes => Ok(()),
            Sight::Full | Sight::Passage => Err(Problem::no_write_permission()),
        }
    }

    /// Whether the thing itself may go away: not so the folder a key is confined to.
    pub(crate) fn must_remove(&self, path: &SitePath) -> Result<(), Problem> {
        self.must_write(path)?;
        match self.rights.root.is_within(path) {
            true => Err(Problem::no_write_permission()),
            false => Ok(()),
        }
    }

    /// The letters of the caller's permissions, in the order recorded answers have.
    pub(crate) fn letters(&self, path: &SitePath) -> &'static str {
        match self.sight(path) {
            Sight::Full if self.rights.writes => "lrwd",
            Sight::Full => "lr",
            Sight::Passage => "l",
            Sight::Hidden => "",
        }
    }
}

impl Rights {
    pub(crate) const ALL: Self = Self { root: SitePath::ROOT, writes: true };
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Unknown, revoked and expired keys are not told apart.
fn invalid_credentials() -> Problem {
    Problem::new(
        "not-authenticated/invalid-credentials",
        "The API key or Session token provided could not be used to validate this request. \
         Internal Error Code: API1",
    )
}

pub(crate) const KEY: &str = "x-filesapi-key";
pub(crate) const SESSION: &str = "x-filesapi-auth";
