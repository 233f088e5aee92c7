//! Users of MFT.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_with::DeserializeAs;

use super::{SlashDate, UserId};
use crate::number::{FromWhole, Whole};
use crate::object::object;

object! {
    any_case, read_write;
    /// A user (`ThruPublicUserInfo`; Boomi: File Sharing API reference 1.16, User).
    ///
    /// Here the names of ids end in `Id`, where those of files and folders end in `ID`.
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct UserInfo {
        /// Id of the user.
        pub id: UserId = "UserId",
        /// Name to sign in with.
        pub name: Box<str> = "Name",
        /// Name in the domain.
        pub domain_username: Option<Box<str>> = "DomainUsername",
        /// First name.
        pub first_name: Option<Box<str>> = "FirstName",
        /// Last name.
        pub last_name: Option<Box<str>> = "LastName",
        /// Full name.
        pub full_name: Option<Box<str>> = "FullName",
        /// Address for mail.
        pub email: Option<Box<str>> = "Email",
        /// Telephone number.
        pub phone: Option<Box<str>> = "Phone",
        /// Company.
        pub company_name: Option<Box<str>> = "CompanyName",
        /// What the user may do on the server.
        pub role: Option<Role> = "Role",
        /// When the account was created.
        pub date_created: Option<DateTime<Utc>> = "DateCreated" as SlashDate,
        /// When the account was last modified.
        pub date_modified: Option<DateTime<Utc>> = "DateModified" as SlashDate,
        /// Who created the account.
        pub created_by_user_id: Option<UserId> = "CreatedByUserId",
        /// Who modified the account last.
        pub modified_by_user_id: Option<UserId> = "ModifiedByUserId",
        /// When the password was last changed.
        pub date_last_password_changed: Option<DateTime<Utc>> = "DateLastPasswordChanged" as SlashDate,
        /// Whether the password is valid without end.
        pub password_never_expires: Option<bool> = "PasswordNeverExpires",
    }
}

object! {
    any_case, read_write;
    /// A list of users (Boomi: File Sharing API reference 1.16, Users).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct UserList {
        /// How many users there are. The sample says 4 beside one item, so do not rely on it.
        pub count: Option<i64> = "Count" as Whole,
        /// The users.
        pub items: Option<Vec<UserInfo>> = "Items",
    }
}

/// The role of a user (Boomi: File Sharing API reference 1.16, User).
///
/// A number on the wire. An unknown one is kept as [`Role::Other`] and written back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// 0: none.
    None,
    /// 1: guest.
    Guest,
    /// 2: recipient.
    Recipient,
    /// 3: member.
    Member,
    /// 4: manager.
    Manager,
    /// 5: administrator.
    Administrator,
    /// 6: the system itself.
    System,
    /// Any other number.
    Other(i32),
}

impl From<i32> for Role {
    fn from(number: i32) -> Self {
        match number {
            0 => Self::None,
            1 => Self::Guest,
            2 => Self::Recipient,
            3 => Self::Member,
            4 => Self::Manager,
            5 => Self::Administrator,
            6 => Self::System,
            other => Self::Other(other),
        }
    }
}

impl From<Role> for i32 {
    fn from(role: Role) -> Self {
        match role {
            Role::None => 0,
            Role::Guest => 1,
            Role::Recipient => 2,
            Role::Member => 3,
            Role::Manager => 4,
            Role::Administrator => 5,
            Role::System => 6,
            Role::Other(other) => other,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::None => "none",
            Self::Guest => "guest",
            Self::Recipient => "recipient",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
            Self::System => "system",
            Self::Other(other) => return write!(f, "role {other}"),
        };
        f.write_str(name)
    }
}

impl FromWhole for Role {
    const EXPECTED: &'static str = "a role";

    fn from_whole(number: i64) -> Option<Self> {
        i32::from_whole(number).map(Self::from)
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Whole::deserialize_as(deserializer)
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32((*self).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_survives() {
        for number in -1..9 {
            let json = number.to_string();
            let role: Role = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&role).unwrap(), json);
            assert_eq!(matches!(role, Role::Other(_)), !(0..=6).contains(&number));
        }
    }
}
