//! Sessions: regular ones that end each other, immutable ones that live for a while.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::id::Id;

/// Every live session by its identifier.
#[derive(Default)]
pub(crate) struct Sessions {
    live: HashMap<String, Session>,
}

/// What the server remembers of one sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user: Id,
    pub(crate) application: String,
    pub(crate) kind: SessionKind,
    /// The GUID to put on what is uploaded.
    pub(crate) mark: Option<String>,
    /// Keys and values to put on what is uploaded.
    pub(crate) metadata: Vec<(String, String)>,
}

/// The two kinds (Boomi: File Sharing API reference 1.16, Session and ImmutableSession).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionKind {
    /// Lives until the same account signs in again.
    Regular,
    /// Lives until this instant, beside any number of others.
    Immutable { until: DateTime<Utc> },
}

/// Which regular sessions a new regular sign-in ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Replaces {
    /// All of the same user, as the REST reference says.
    #[default]
    SameUser,
    /// Those of the same user with the same `ApplicationId`, as the SOAP manual says.
    SameUserAndApplication,
}

impl Session {
    pub(crate) fn new(user: Id, application: &str, kind: SessionKind) -> Self {
        Self { user, application: application.to_owned(), kind, mark: None, metadata: Vec::new() }
    }
}

impl SessionKind {
    pub(crate) fn immutable(now: DateTime<Utc>, life: TimeDelta) -> Self {
        let until = now.checked_add_signed(life).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self::Immutable { until }
    }
}

impl Sessions {
    pub(crate) fn open(&mut self, id: String, session: Session, replaces: Replaces) {
        if session.kind == SessionKind::Regular {
            self.live.retain(|_, old| {
                let same_account = old.user == session.user
                    && (replaces == Replaces::SameUser || old.application == session.application);
                old.kind != SessionKind::Regular || !same_account
            });
        }
        self.live.insert(id, session);
    }

    /// The session of this identifier, if it still lives at `now`.
    pub(crate) fn live(&mut self, id: &str, now: DateTime<Utc>) -> Option<&mut Session> {
        let over = self.live.get(id).is_some_and(
            |session| matches!(session.kind, SessionKind::Immutable { until } if until <= now),
        );
        if over {
            self.live.remove(id);
        }
        self.live.get_mut(id)
    }

    pub(crate) fn end(&mut self, id: &str) {
        self.live.remove(id);
    }

    pub(crate) fn end_all(&mut self) {
        self.live.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.live.len()
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The keys are secrets.
        f.debug_struct("Sessions").field("live", &self.live.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mft::id::Mint;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn open(sessions: &mut Sessions, id: &str, user: Id, application: &str, kind: SessionKind) {
        let session = Session::new(user, application, kind);
        sessions.open(id.to_owned(), session, Replaces::SameUser);
    }

    #[test]
    fn a_regular_sign_in_ends_the_regular_sessions_of_that_user_only() {
        let mut mint = Mint::new(1);
        let (ann, bob) = (mint.id(), mint.id());
        let mut sessions = Sessions::default();
        let forever = SessionKind::immutable(at(0), TimeDelta::MAX);
        open(&mut sessions, "old", ann, "1", SessionKind::Regular);
        open(&mut sessions, "kept", ann, "1", forever);
        open(&mut sessions, "other", bob, "1", SessionKind::Regular);
        open(&mut sessions, "immutable", ann, "1", forever);
        assert!(sessions.live("old", at(0)).is_some());
        open(&mut sessions, "new", ann, "2", SessionKind::Regular);
        for (id, lives) in [("old", false), ("kept", true), ("other", true), ("new", true)] {
            assert_eq!(sessions.live(id, at(0)).is_some(), lives, "{id}");
        }
    }

    #[test]
    fn by_application_other_applications_stay_signed_in() {
        let user = Mint::new(1).id();
        let mut sessions = Sessions::default();
        let replaces = Replaces::SameUserAndApplication;
        for (id, application) in [("a1", "1"), ("b1", "2"), ("a2", "1")] {
            let session = Session::new(user, application, SessionKind::Regular);
            sessions.open(id.to_owned(), session, replaces);
        }
        for (id, lives) in [("a1", false), ("b1", true), ("a2", true)] {
            assert_eq!(sessions.live(id, at(0)).is_some(), lives, "{id}");
        }
    }

    #[test]
    fn an_immutable_session_ends_after_its_life() {
        let mut sessions = Sessions::default();
        let kind = SessionKind::immutable(at(0), TimeDelta::hours(48));
        open(&mut sessions, "it", Mint::new(1).id(), "1", kind);
        assert!(sessions.live("it", at(47)).is_some());
        assert!(sessions.live("it", at(48)).is_none());
        assert_eq!(sessions.len(), 0);
    }
}
