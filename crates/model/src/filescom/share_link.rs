//! Share links: what is shown to people without an account.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{CommaList, Timestamp, Unknown};
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read_write;
    /// A share link, which the service calls a bundle in its addresses (Files.com REST API
    /// reference, Bundle).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct ShareLink {
        /// The end of its address.
        pub code: Option<Box<str>> = "code",
        /// Colour of the left side.
        pub color_left: Option<Box<str>> = "color_left",
        /// Colour of links.
        pub color_link: Option<Box<str>> = "color_link",
        /// Colour of text.
        pub color_text: Option<Box<str>> = "color_text",
        /// Colour of the top.
        pub color_top: Option<Box<str>> = "color_top",
        /// Colour of text on top.
        pub color_top_text: Option<Box<str>> = "color_top_text",
        /// The address that recipients get.
        pub url: Option<Box<str>> = "url",
        /// Description, for the public.
        pub description: Option<Box<str>> = "description",
        /// When it ends; none if it does not.
        pub expires_at: Option<DateTime<Utc>> = "expires_at" as Timestamp,
        /// Whether a password is asked for.
        pub password_protected: Option<bool> = "password_protected",
        /// What recipients may do: `read`, `write`, `read_write`, `full`, `none` or `preview_only`.
        pub permissions: Option<Box<str>> = "permissions",
        /// Whether recipients may look and not load (older).
        pub preview_only: Option<bool> = "preview_only",
        /// Whether recipients must say who they are.
        pub require_registration: Option<bool> = "require_registration",
        /// Whether only those may open it whom it was sent to.
        pub require_share_recipient: Option<bool> = "require_share_recipient",
        /// Whether recipients are signed out at the end.
        pub require_logout: Option<bool> = "require_logout",
        /// Terms to agree to.
        pub clickwrap_body: Option<Box<str>> = "clickwrap_body",
        /// A form to fill in.
        pub form_field_set: Option<Value> = "form_field_set",
        /// Id of that form.
        pub form_field_set_id: Option<i64> = "form_field_set_id" as Whole,
        /// Whether the name is not asked for.
        pub skip_name: Option<bool> = "skip_name",
        /// Whether the address for mail is not asked for.
        pub skip_email: Option<bool> = "skip_email",
        /// From when on it may be opened.
        pub start_access_on_date: Option<DateTime<Utc>> = "start_access_on_date" as Timestamp,
        /// Whether the company is not asked for.
        pub skip_company: Option<bool> = "skip_company",
        /// Id of the share link.
        pub id: Option<i64> = "id" as Whole,
        /// Whether rules of the site about the end leave it alone.
        pub bypasses_site_expiration_rules: Option<bool> = "bypasses_site_expiration_rules",
        /// When it was created.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
        /// Whether it was deleted; such are listed only when asked for.
        pub deleted: Option<bool> = "deleted",
        /// When it was deleted.
        pub deleted_at: Option<DateTime<Utc>> = "deleted_at" as Timestamp,
        /// Whether all uploads go into one folder.
        pub dont_separate_submissions_by_folder: Option<bool> = "dont_separate_submissions_by_folder",
        /// How many may open it; none for any number.
        pub max_uses: Option<i64> = "max_uses" as Whole,
        /// Name for its owners.
        pub internal_name: Option<Box<str>> = "internal_name",
        /// Note for its owners.
        pub note: Option<Box<str>> = "note",
        /// Pattern of the folders for uploads.
        pub path_template: Option<Box<str>> = "path_template",
        /// Time zone of that pattern.
        pub path_template_time_zone: Option<Box<str>> = "path_template_time_zone",
        /// Whether who uploads gets a receipt.
        pub send_email_receipt_to_uploader: Option<bool> = "send_email_receipt_to_uploader",
        /// Id of the snapshot it shows.
        pub snapshot_id: Option<i64> = "snapshot_id" as Whole,
        /// Id of the user whose it is.
        pub user_id: Option<i64> = "user_id" as Whole,
        /// Name of that user.
        pub username: Option<Box<str>> = "username",
        /// Id of the group whose it is.
        pub group_id: Option<i64> = "group_id" as Whole,
        /// Id of the terms to agree to.
        pub clickwrap_id: Option<i64> = "clickwrap_id" as Whole,
        /// Id of the inbox it belongs to.
        pub inbox_id: Option<i64> = "inbox_id" as Whole,
        /// A picture laid over previews.
        pub watermark_attachment: Option<Value> = "watermark_attachment",
        /// What is laid over previews.
        pub watermark_value: Option<Value> = "watermark_value",
        /// Whether recipients prove their address for mail.
        pub send_one_time_password_to_recipient_at_registration: Option<bool> = "send_one_time_password_to_recipient_at_registration",
        /// Workspace it belongs to; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
        /// Whether it belongs to an inbox.
        pub has_inbox: Option<bool> = "has_inbox",
        /// Whether only files may be uploaded.
        pub dont_allow_folders_in_uploads: Option<bool> = "dont_allow_folders_in_uploads",
        /// What recipients are asked to upload.
        pub requested_upload_slots: Option<Value> = "requested_upload_slots",
        /// What is shared. An array; text with commas is read, too.
        pub paths: Option<CommaList> = "paths",
        /// The same with details.
        pub bundlepaths: Option<Value> = "bundlepaths",
        ..
        /// Members unknown to this crate, kept and written back.
        pub unknown: Unknown
    }
}
