//! Users and groups: who may sign in, with which role, and what they were given.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::Id;
use super::rights::Rights;

/// Everyone and every group.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) users: Vec<User>,
    pub(crate) groups: Vec<Group>,
}

/// One account.
#[derive(Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) company: String,
    pub(crate) role: Role,
    pub(crate) active: bool,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    pub(crate) password_changed: DateTime<Utc>,
    pub(crate) created_by: Option<Id>,
    pub(crate) modified_by: Id,
    pub(crate) home: Option<Id>,
    /// Rights given on an entry; they hold for all below until other ones are given there.
    pub(crate) grants: HashMap<Id, Rights>,
    pub(crate) favorites: BTreeSet<Id>,
}

/// The documented roles (Boomi: File Sharing API reference 1.16, User).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// 1: an outsider who was invited.
    Guest = 1,
    /// 2: receives messages only.
    Recipient = 2,
    /// 3: an ordinary user.
    Member = 3,
    /// 4: may look after users and groups.
    Manager = 4,
    /// 5: may do everything, and impersonate others.
    Administrator = 5,
}

impl Role {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// A user group.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) description: String,
    /// The least role that may change the group: "4" Manager or "5" Administrator.
    pub(crate) modify_role: String,
    /// "0" for a user-defined group, "1" to "17" for the built-in ones.
    pub(crate) group_type: String,
    pub(crate) members: BTreeSet<Id>,
}

impl Directory {
    pub(crate) fn user(&self, id: Id) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(crate) fn user_mut(&mut self, id: Id) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// Sign-in names do not depend on case.
    pub(crate) fn named(&self, name: &str) -> Option<&User> {
        let name = name.to_lowercase();
        self.users.iter().find(|user| user.name.to_lowercase() == name)
    }

    /// The user who may sign in with this name and password.
    pub(crate) fn signed_in(&self, name: &str, password: &str) -> Option<&User> {
        self.named(name).filter(|user| user.active && user.password == password)
    }

    pub(crate) fn group(&self, id: Id) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    pub(crate) fn group_mut(&mut self, id: Id) -> Option<&mut Group> {
        self.groups.iter_mut().find(|group| group.id == id)
    }
}

impl User {
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("role", &self.role)
            .field("active", &self.active)
            .field("grants", &self.grants)
            .finish_non_exhaustive()
    }
}
