//! Groups of users of MFT.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::{GroupId, Role, UserInfo};
use crate::number::{FromWhole, Whole, WholeText};
use crate::object::object;

object! {
    any_case, read_write;
    /// A group of users (`ThruPublicGroupInfo`; Boomi: File Sharing API reference 1.16,
    /// UserGroups). Its numbers stand in strings; plain numbers are read, too.
    ///
    /// ```
    /// use wharf_model::mft::{GroupInfo, Role};
    ///
    /// let group: GroupInfo = serde_json::from_str(
    ///     r#"{"Id": "G", "Name": "Crew", "Description": "", "ModifyRole": "4", "UserGroupType": "0"}"#,
    /// )?;
    /// assert_eq!(group.modify_role, Some(Role::Manager));
    /// assert!(!group.group_type.unwrap().is_built_in());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct GroupInfo {
        /// Id of the group.
        pub id: GroupId = "Id",
        /// Name of the group.
        pub name: Box<str> = "Name",
        /// Description for people.
        pub description: Option<Box<str>> = "Description",
        /// The least role that may change it: managers or administrators.
        pub modify_role: Option<Role> = "ModifyRole" as WholeText,
        /// Whose group it is.
        pub group_type: Option<GroupType> = "UserGroupType" as WholeText,
    }
}

object! {
    any_case, read_write;
    /// A list of groups (Boomi: File Sharing API reference 1.16, UserGroups).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct GroupList {
        /// How many there are; not to be relied on, see [`UserList`](super::UserList).
        pub count: Option<i64> = "Count" as Whole,
        /// The groups.
        pub items: Option<Vec<GroupItem>> = "Items",
    }
}

impl GroupList {
    /// The groups among the items.
    pub fn groups(&self) -> impl Iterator<Item = &GroupInfo> {
        self.items.iter().flatten().filter_map(|item| match item {
            GroupItem::Group(group) => Some(group),
            GroupItem::User(_) => None,
        })
    }
}

/// One item of a list of groups. By its title the list is of groups; by its printed type, of users
/// (Boomi: File Sharing API reference 1.16, UserGroups). Each item tells by its members.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum GroupItem {
    /// A group.
    Group(GroupInfo),
    /// A user.
    User(Box<UserInfo>),
}

impl<'de> Deserialize<'de> for GroupItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let is_user = value
            .as_object()
            .is_some_and(|members| members.keys().any(|name| name.eq_ignore_ascii_case("UserId")));
        let item = match is_user {
            true => UserInfo::deserialize(value).map(|user| Self::User(Box::new(user))),
            false => GroupInfo::deserialize(value).map(Self::Group),
        };
        item.map_err(de::Error::custom)
    }
}

impl Serialize for GroupItem {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Group(group) => group.serialize(to),
            Self::User(user) => user.serialize(to),
        }
    }
}

/// Whose group it is: 0 for one that users defined, 1 to 17 for the security groups that are built
/// in (Boomi: File Sharing API reference 1.16, UserGroups). Any number is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupType(i32);

impl GroupType {
    /// Of the users' own making.
    pub const USER_DEFINED: Self = Self(0);

    /// Whether it is one of the groups that every server has.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        (1..=17).contains(&self.0)
    }
}

impl From<i32> for GroupType {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl From<GroupType> for i32 {
    fn from(group_type: GroupType) -> Self {
        group_type.0
    }
}

impl fmt::Display for GroupType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("user-defined"),
            number => write!(f, "group type {number}"),
        }
    }
}

impl FromWhole for GroupType {
    const EXPECTED: &'static str = "a group type";

    fn from_whole(number: i64) -> Option<Self> {
        i32::from_whole(number).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_strings_they_are() {
        let json =
            r#"{"Id":"G","Name":"n","Description":"d","ModifyRole":"5","UserGroupType":"16"}"#;
        let group: GroupInfo = serde_json::from_str(json).unwrap();
        assert_eq!(group.modify_role, Some(Role::Administrator));
        assert!(group.group_type.unwrap().is_built_in());
        assert_eq!(serde_json::to_string(&group).unwrap(), json);
        let plain = json.replace("\"5\"", "5").replace("\"16\"", "16");
        assert_eq!(serde_json::from_str::<GroupInfo>(&plain).unwrap(), group);
        let odd = json.replace("16", "99");
        let odd: GroupInfo = serde_json::from_str(&odd).unwrap();
        assert_eq!(i32::from(odd.group_type.unwrap()), 99);
    }

    #[test]
    fn a_list_of_groups_may_hold_users() {
        let json =
            r#"{"Count":2,"Items":[{"Id":"G","Name":"n"},{"UserId":"U","Name":"u","Role":5}]}"#;
        let list: GroupList = serde_json::from_str(json).unwrap();
        assert_eq!(list.groups().count(), 1);
        assert!(
            matches!(list.items.as_deref().unwrap(), [_, GroupItem::User(user)] if user.id == "U")
        );
        assert_eq!(serde_json::to_string(&list).unwrap(), json);
        let error = serde_json::from_str::<GroupList>(r#"{"Items":[{"Name":"n"}]}"#).unwrap_err();
        assert!(error.to_string().contains("Id"), "{error}");
    }
}
