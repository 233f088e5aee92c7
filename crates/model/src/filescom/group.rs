//! Groups of users.

use super::{CommaList, Unknown};
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read_write;
    /// A group of users (Files.com REST API reference, Group).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct Group {
        /// Id of the group.
        pub id: Option<i64> = "id" as Whole,
        /// Name.
        pub name: Option<Box<str>> = "name",
        /// Addresses that members may come from, one range a line.
        pub allowed_ips: Option<Box<str>> = "allowed_ips",
        /// Ids of the users that administer it, as text with commas.
        pub admin_ids: Option<CommaList> = "admin_ids",
        /// Notes for administrators.
        pub notes: Option<Box<str>> = "notes",
        /// Ids of its users, as text with commas.
        pub user_ids: Option<CommaList> = "user_ids",
        /// Names of its users, in the same order.
        pub usernames: Option<CommaList> = "usernames",
        /// Id of the manners of the assistant.
        pub ai_assistant_personality_id: Option<i64> = "ai_assistant_personality_id" as Whole,
        /// Whether members may use FTP.
        pub ftp_permission: Option<bool> = "ftp_permission",
        /// Whether members may use SFTP.
        pub sftp_permission: Option<bool> = "sftp_permission",
        /// Whether members may use WebDAV.
        pub dav_permission: Option<bool> = "dav_permission",
        /// Whether members may use this API.
        pub restapi_permission: Option<bool> = "restapi_permission",
        /// Id of the profile of the desktop program.
        pub desktop_configuration_profile_id: Option<i64> = "desktop_configuration_profile_id" as Whole,
        /// Id of the profile for integrations.
        pub integration_centric_profile_id: Option<i64> = "integration_centric_profile_id" as Whole,
        /// Id of the site.
        pub site_id: Option<i64> = "site_id" as Whole,
        /// Workspace of the group; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}
