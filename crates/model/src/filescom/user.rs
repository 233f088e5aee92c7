//! Users of a site.

use chrono::{DateTime, Utc};

use super::{CommaList, Timestamp, Unknown};
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read_write;
    /// A user (Files.com REST API reference, User).
    ///
    /// Nothing in it is secret: passwords are never answered. What is missing or null is `None`.
    ///
    /// ```
    /// let user: wharf_model::filescom::User = serde_json::from_str(
    ///     r#"{"id": 7, "username": "anna", "group_ids": "3,5", "admin_group_ids": [5],
    ///         "created_at": "2025-05-23T13:50:48-04:00", "shoe_size": 39}"#,
    /// )?;
    /// let groups = user.group_ids.as_ref().map(|ids| ids.ids().collect::<Vec<_>>());
    /// assert_eq!(groups, Some(vec![3, 5]));
    /// assert_eq!(user.unknown.get("shoe_size"), Some(&39.into()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct User {
        /// Id of the user.
        pub id: Option<i64> = "id" as Whole,
        /// Name to sign in with.
        pub username: Option<Box<str>> = "username",
        /// Ids of the groups that the user administers. An array, unlike `group_ids`.
        pub admin_group_ids: Option<CommaList> = "admin_group_ids",
        /// Addresses that the user may come from, one range a line.
        pub allowed_ips: Option<Box<str>> = "allowed_ips",
        /// Whether the user may make share links of attachments (older).
        pub attachments_permission: Option<bool> = "attachments_permission",
        /// How many API keys the user has.
        pub api_keys_count: Option<i64> = "api_keys_count" as Whole,
        /// Until when the user may sign in.
        pub authenticate_until: Option<DateTime<Utc>> = "authenticate_until" as Timestamp,
        /// How the user signs in: `password`, `sso`, `email_signup` and others.
        pub authentication_method: Option<Box<str>> = "authentication_method",
        /// Address of a picture.
        pub avatar_url: Option<Box<str>> = "avatar_url",
        /// Whether the user is paid for.
        pub billable: Option<bool> = "billable",
        /// Whether the user sees the billing.
        pub billing_permission: Option<bool> = "billing_permission",
        /// Whether the user may come from other addresses than the site allows.
        pub bypass_site_allowed_ips: Option<bool> = "bypass_site_allowed_ips",
        /// Whether rules about unused accounts leave the user alone.
        pub bypass_user_lifecycle_rules: Option<bool> = "bypass_user_lifecycle_rules",
        /// The older name of that.
        pub bypass_inactive_disable: Option<bool> = "bypass_inactive_disable",
        /// When the account was created.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
        /// Whether the user may use WebDAV.
        pub dav_permission: Option<bool> = "dav_permission",
        /// Whether the account is disabled.
        pub disabled: Option<bool> = "disabled",
        /// Whether it is disabled, or expired, or unused for too long.
        pub disabled_expired_or_inactive: Option<bool> = "disabled_expired_or_inactive",
        /// Id of the manners of the assistant.
        pub ai_assistant_personality_id: Option<i64> = "ai_assistant_personality_id" as Whole,
        /// Id of the profile of the desktop program.
        pub desktop_configuration_profile_id: Option<i64> = "desktop_configuration_profile_id" as Whole,
        /// Id of the profile for integrations.
        pub integration_centric_profile_id: Option<i64> = "integration_centric_profile_id" as Whole,
        /// Address for mail.
        pub email: Option<Box<str>> = "email",
        /// How folders are laid out for the user: `site_root` and others.
        pub filesystem_layout: Option<Box<str>> = "filesystem_layout",
        /// When the user first signed in.
        pub first_login_at: Option<DateTime<Utc>> = "first_login_at" as Timestamp,
        /// Whether the user may use FTP.
        pub ftp_permission: Option<bool> = "ftp_permission",
        /// Ids of the groups, as text with commas.
        pub group_ids: Option<CommaList> = "group_ids",
        /// Text shown to the user.
        pub header_text: Option<Box<str>> = "header_text",
        /// Language.
        pub language: Option<Box<str>> = "language",
        /// When the user last signed in.
        pub last_login_at: Option<DateTime<Utc>> = "last_login_at" as Timestamp,
        /// When by the web.
        pub last_web_login_at: Option<DateTime<Utc>> = "last_web_login_at" as Timestamp,
        /// When by FTP.
        pub last_ftp_login_at: Option<DateTime<Utc>> = "last_ftp_login_at" as Timestamp,
        /// When by SFTP.
        pub last_sftp_login_at: Option<DateTime<Utc>> = "last_sftp_login_at" as Timestamp,
        /// When by WebDAV.
        pub last_dav_login_at: Option<DateTime<Utc>> = "last_dav_login_at" as Timestamp,
        /// When by the desktop program.
        pub last_desktop_login_at: Option<DateTime<Utc>> = "last_desktop_login_at" as Timestamp,
        /// When by the REST API.
        pub last_restapi_login_at: Option<DateTime<Utc>> = "last_restapi_login_at" as Timestamp,
        /// When a key of the user was last used.
        pub last_api_use_at: Option<DateTime<Utc>> = "last_api_use_at" as Timestamp,
        /// When the user was last active.
        pub last_active_at: Option<DateTime<Utc>> = "last_active_at" as Timestamp,
        /// The cipher last used with FTP or SFTP.
        pub last_protocol_cipher: Option<Box<str>> = "last_protocol_cipher",
        /// Until when the user is locked out.
        pub lockout_expires: Option<DateTime<Utc>> = "lockout_expires" as Timestamp,
        /// Full name.
        pub name: Option<Box<str>> = "name",
        /// Company.
        pub company: Option<Box<str>> = "company",
        /// Notes for administrators.
        pub notes: Option<Box<str>> = "notes",
        /// Hour of the day, from 0 to 23, at which daily mails are sent.
        pub notification_daily_send_time: Option<i64> = "notification_daily_send_time" as Whole,
        /// Whether office documents may be edited online.
        pub office_integration_enabled: Option<bool> = "office_integration_enabled",
        /// Whether the user administers a partner.
        pub partner_admin: Option<bool> = "partner_admin",
        /// Id of the partner.
        pub partner_id: Option<i64> = "partner_id" as Whole,
        /// Name of the partner.
        pub partner_name: Option<Box<str>> = "partner_name",
        /// When the password was set.
        pub password_set_at: Option<DateTime<Utc>> = "password_set_at" as Timestamp,
        /// Days that a password is good for; 0 is the site's own number.
        pub password_validity_days: Option<i64> = "password_validity_days" as Whole,
        /// Id of the main group.
        pub primary_group_id: Option<i64> = "primary_group_id" as Whole,
        /// How many public keys the user has.
        pub public_keys_count: Option<i64> = "public_keys_count" as Whole,
        /// Whether the user gets alerts for administrators.
        pub receive_admin_alerts: Option<bool> = "receive_admin_alerts",
        /// Whether the user is told all warnings of the site.
        pub notify_on_all_site_warnings: Option<bool> = "notify_on_all_site_warnings",
        /// Whether all failures of single sign-on.
        pub notify_on_all_sso_failures: Option<bool> = "notify_on_all_sso_failures",
        /// Whether all security events of users.
        pub notify_on_all_user_security_events: Option<bool> = "notify_on_all_user_security_events",
        /// Whether all failures of pending work.
        pub notify_on_all_pending_work_failures: Option<bool> = "notify_on_all_pending_work_failures",
        /// Whether all failures of sending logs.
        pub notify_on_all_siem_http_destination_failures: Option<bool> = "notify_on_all_siem_http_destination_failures",
        /// Whether all failures of syncs.
        pub notify_on_all_sync_failures: Option<bool> = "notify_on_all_sync_failures",
        /// Whether all failures of automations.
        pub notify_on_all_automation_failures: Option<bool> = "notify_on_all_automation_failures",
        /// Whether all failed expectations.
        pub notify_on_all_expectation_failures: Option<bool> = "notify_on_all_expectation_failures",
        /// Whether a second factor is required: `use_system_setting`, `always_require` or `never_require`.
        pub require_2fa: Option<Box<str>> = "require_2fa",
        /// Until when the user must have signed in, not to be disabled.
        pub require_login_by: Option<DateTime<Utc>> = "require_login_by" as Timestamp,
        /// Whether a second factor is set up.
        pub active_2fa: Option<bool> = "active_2fa",
        /// Whether the password must be changed at the next sign-in.
        pub require_password_change: Option<bool> = "require_password_change",
        /// Whether the password is too old.
        pub password_expired: Option<bool> = "password_expired",
        /// Id of the group responsible for the user.
        pub responsible_group_id: Option<i64> = "responsible_group_id" as Whole,
        /// Id of the user responsible for the user.
        pub responsible_user_id: Option<i64> = "responsible_user_id" as Whole,
        /// Whether the user sees what administrators see, without changing it.
        pub readonly_site_admin: Option<bool> = "readonly_site_admin",
        /// Whether the user may use this API.
        pub restapi_permission: Option<bool> = "restapi_permission",
        /// Whether the user manages the account, and not some system.
        pub self_managed: Option<bool> = "self_managed",
        /// Whether the user may use SFTP.
        pub sftp_permission: Option<bool> = "sftp_permission",
        /// Whether the user administers the site.
        pub site_admin: Option<bool> = "site_admin",
        /// Whether the user administers a workspace.
        pub workspace_admin: Option<bool> = "workspace_admin",
        /// Id of the site.
        pub site_id: Option<i64> = "site_id" as Whole,
        /// Workspace of the user; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        /// Workspace in which the user begins.
        pub default_workspace_id: Option<i64> = "default_workspace_id" as Whole,
        /// Whether the welcome screen is skipped.
        pub skip_welcome_screen: Option<bool> = "skip_welcome_screen",
        /// Whether encryption is required: as `require_2fa`.
        pub ssl_required: Option<Box<str>> = "ssl_required",
        /// Id of the way of single sign-on.
        pub sso_strategy_id: Option<i64> = "sso_strategy_id" as Whole,
        /// Whether the user gets the newsletter.
        pub subscribe_to_newsletter: Option<bool> = "subscribe_to_newsletter",
        /// Whether another system manages the account.
        pub externally_managed: Option<bool> = "externally_managed",
        /// Tags, as text with commas.
        pub tags: Option<Box<str>> = "tags",
        /// Time zone.
        pub time_zone: Option<Box<str>> = "time_zone",
        /// Kinds of second factors: `sms`, `totp`, `u2f`, `yubi`, joined by `_`.
        pub type_of_2fa: Option<Box<str>> = "type_of_2fa",
        /// The same for people.
        pub type_of_2fa_for_display: Option<Box<str>> = "type_of_2fa_for_display",
        /// The folder that is the root for the user, for FTP and WebDAV.
        pub user_root: Option<Box<str>> = "user_root",
        /// The folder in which the user begins.
        pub user_home: Option<Box<str>> = "user_home",
        /// Days until the password is too old.
        pub days_remaining_until_password_expire: Option<i64> = "days_remaining_until_password_expire" as Whole,
        /// When the password is too old.
        pub password_expire_at: Option<DateTime<Utc>> = "password_expire_at" as Timestamp,
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}
