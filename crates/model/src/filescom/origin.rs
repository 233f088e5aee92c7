//! Where a file came from.

/// What created or changed a file: ids of the user and of whatever acted for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// User.
    pub user: Option<i64>,
    /// API key.
    pub api_key: Option<i64>,
    /// Incoming AS2 message. Only of a creation.
    pub as2_incoming_message: Option<i64>,
    /// Automation.
    pub automation: Option<i64>,
    /// Registration at a share link.
    pub bundle_registration: Option<i64>,
    /// Inbox. Only of a creation.
    pub inbox: Option<i64>,
    /// Remote server.
    pub remote_server: Option<i64>,
    /// Sync. Older answers call it `..._remote_server_sync_id`; it is written as `..._sync_id`.
    pub sync: Option<i64>,
}

impl Origin {
    /// Whether no id is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The place of an id by what its name has after `created_by_` or `last_modified_by_`.
    pub(super) fn slot(&mut self, name: &str) -> Option<&mut Option<i64>> {
        Some(match name {
            "id" => &mut self.user,
            "api_key_id" => &mut self.api_key,
            "as2_incoming_message_id" => &mut self.as2_incoming_message,
            "automation_id" => &mut self.automation,
            "bundle_registration_id" => &mut self.bundle_registration,
            "inbox_id" => &mut self.inbox,
            "remote_server_id" => &mut self.remote_server,
            "sync_id" | "remote_server_sync_id" => &mut self.sync,
            _ => return None,
        })
    }

    pub(super) fn named(&self) -> [(&'static str, Option<i64>); 8] {
        [
            ("id", self.user),
            ("api_key_id", self.api_key),
            ("as2_incoming_message_id", self.as2_incoming_message),
            ("automation_id", self.automation),
            ("bundle_registration_id", self.bundle_registration),
            ("inbox_id", self.inbox),
            ("remote_server_id", self.remote_server),
            ("sync_id", self.sync),
        ]
    }
}
