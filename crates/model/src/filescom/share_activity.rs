//! What goes with a share link: whom it was sent to, who came, who is told.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Timestamp, Unknown};
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read_write;
    /// Who is told what happens to a share link (Files.com REST API reference, BundleNotification).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct ShareLinkNotification {
        /// Id of the share link.
        pub bundle_id: Option<i64> = "bundle_id" as Whole,
        /// Id of the notification.
        pub id: Option<i64> = "id" as Whole,
        /// Whether the user is told of registrations.
        pub notify_on_registration: Option<bool> = "notify_on_registration",
        /// Whether the user is told of uploads.
        pub notify_on_upload: Option<bool> = "notify_on_upload",
        /// Whether it is who asks that is told (older).
        pub notify_current_user: Option<bool> = "notify_current_user",
        /// Id of the user who is told.
        pub notify_user_id: Option<i64> = "notify_user_id" as Whole,
        /// The older name of that.
        pub user_id: Option<i64> = "user_id" as Whole,
        /// Workspace it belongs to; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}

object! {
    exact, read_write;
    /// Whom a share link was sent to (Files.com REST API reference, BundleRecipient). It has no id.
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct ShareLinkRecipient {
        /// Company of the recipient.
        pub company: Option<Box<str>> = "company",
        /// Name of the recipient.
        pub name: Option<Box<str>> = "name",
        /// Note in the mail.
        pub note: Option<Box<str>> = "note",
        /// Address for mail.
        pub recipient: Option<Box<str>> = "recipient",
        /// When the mail was sent; none if it was not.
        pub sent_at: Option<DateTime<Utc>> = "sent_at" as Timestamp,
        /// Workspace it belongs to; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}

object! {
    exact, read_write;
    /// Who opened a share link, as they said themselves (Files.com REST API reference,
    /// BundleRegistration).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct ShareLinkRegistration {
        /// What proves the registration.
        pub code: Option<Box<str>> = "code",
        /// Name of the visitor.
        pub name: Option<Box<str>> = "name",
        /// Company of the visitor.
        pub company: Option<Box<str>> = "company",
        /// Address for mail of the visitor.
        pub email: Option<Box<str>> = "email",
        /// Address the visitor came from.
        pub ip: Option<Box<str>> = "ip",
        /// The end of the address of the inbox, if it was one.
        pub inbox_code: Option<Box<str>> = "inbox_code",
        /// Terms that the visitor agreed to.
        pub clickwrap_body: Option<Box<str>> = "clickwrap_body",
        /// Id of the form that was filled in.
        pub form_field_set_id: Option<i64> = "form_field_set_id" as Whole,
        /// What was filled in. An object (the page of Boomi's connector says array).
        pub form_field_data: Option<Value> = "form_field_data",
        /// The end of the address of the share link.
        pub bundle_code: Option<Box<str>> = "bundle_code",
        /// Id of the share link.
        pub bundle_id: Option<i64> = "bundle_id" as Whole,
        /// Id of the recipient, if the link was sent to one.
        pub bundle_recipient_id: Option<i64> = "bundle_recipient_id" as Whole,
        /// Workspace it belongs to; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        /// When it was.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}

object! {
    exact, read_write;
    /// What was downloaded by a share link (Files.com REST API reference, BundleDownload).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct ShareLinkDownload {
        /// Who it was. An object (the page of Boomi's connector says array).
        pub bundle_registration: Option<ShareLinkRegistration> = "bundle_registration",
        /// `file`, or `full_zip` for everything at once.
        pub download_method: Option<Box<str>> = "download_method",
        /// What was downloaded.
        pub path: Option<Box<str>> = "path",
        /// Workspace it belongs to; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        /// When it was.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}
