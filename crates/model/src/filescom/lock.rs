//! Locks and permissions, which explain why something is refused.

use crate::number::Whole;
use crate::object::object;
use secrecy::SecretString;

object! {
    exact, read;
    /// An advisory lock on a path (Files.com REST API reference, Lock).
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct Lock {
        /// What is locked.
        pub path: Option<Box<str>> = "path",
        /// How long, in seconds.
        pub timeout: Option<i64> = "timeout" as Whole,
        /// How deep: `infinity` in the sample.
        pub depth: Option<Box<str>> = "depth",
        /// Whether it holds below the path, too.
        pub recursive: Option<bool> = "recursive",
        /// Who holds it.
        pub owner: Option<Box<str>> = "owner",
        /// `exclusive` or `shared`.
        pub scope: Option<Box<str>> = "scope",
        /// Whether it is exclusive.
        pub exclusive: Option<bool> = "exclusive",
        /// What releases it: a secret.
        pub token: Option<SecretString> = "token",
        /// `write` in the sample.
        pub kind: Option<Box<str>> = "type",
        /// Whether every user may change what is locked.
        pub allow_access_by_any_user: Option<bool> = "allow_access_by_any_user",
        /// Id of the user who holds it.
        pub user_id: Option<i64> = "user_id" as Whole,
        /// Name of the user who holds it.
        pub username: Option<Box<str>> = "username",
    }
}

object! {
    exact, read_write;
    /// What a user, group or partner may do at a path (Files.com REST API reference, Permission).
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Permission {
        /// Id of the permission.
        pub id: Option<i64> = "id" as Whole,
        /// Where.
        pub path: Option<Box<str>> = "path",
        /// Id of the user.
        pub user_id: Option<i64> = "user_id" as Whole,
        /// Name of the user.
        pub username: Option<Box<str>> = "username",
        /// Id of the group.
        pub group_id: Option<i64> = "group_id" as Whole,
        /// Name of the group.
        pub group_name: Option<Box<str>> = "group_name",
        /// Ids of groups of which one must be a member of all.
        pub group_ids: Option<Vec<i64>> = "group_ids",
        /// Names of these groups.
        pub group_names: Option<Vec<Box<str>>> = "group_names",
        /// Id of the partner.
        pub partner_id: Option<i64> = "partner_id" as Whole,
        /// Name of the partner.
        pub partner_name: Option<Box<str>> = "partner_name",
        /// What: `admin`, `full`, `readonly`, `writeonly`, `list` or `history`.
        pub permission: Option<Box<str>> = "permission",
        /// Whether it holds below the path, too.
        pub recursive: Option<bool> = "recursive",
        /// Id of the site.
        pub site_id: Option<i64> = "site_id" as Whole,
    }
}
