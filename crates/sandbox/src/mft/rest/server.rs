//! Facts about the server: information, policies and settings.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Call, NoAnswer};
use crate::mft::world::World;

impl World {
    pub(super) fn server_call(&self, rest: &[String], call: &Call) -> Result<Answer, NoAnswer> {
        let lower: Vec<String> = rest.iter().map(|part| part.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let (name, body) = match lower.as_slice() {
            ["info"] => ("ThruPublicServerInfo", self.server_info()),
            ["syncpolicy"] => ("SyncPolicy", self.sync_policy()),
            // What follows is documented by name only: its members are invented, but for the
            // first three of the message settings.
            ["allowedbandwidth"] => ("ThruAllowedBandwidth", bandwidth()),
            ["allowedbandwidth", "interval"] => {
                ("ThruAllowedBandwidthInterval", bandwidth_interval())
            }
            ["messagesettings"] => ("ThruMessageSettings", message_settings()),
            ["passwordsettings"] => ("ThruPasswordSettings", password_settings()),
            ["uploadsettings"] => ("ThruUploadSettings", self.upload_settings()),
            ["mobilesettings"] => ("ThruMobileSettings", json!({"OfflineAccess": true})),
            _ => return Err(NoAnswer::NotFound),
        };
        call.only(&[Method::GET])?;
        Ok(Answer::ok(name, body))
    }

    fn server_info(&self) -> Value {
        json!({
            "SiteID": self.site.to_string(),
            "Name": "sandbox.example.com",
            "Title": "Sandbox of MFT File Sharing",
            "Welcome": "Welcome aboard",
            "Enabled": true,
        })
    }

    fn sync_policy(&self) -> Value {
        let interval = if self.options.sync_interval_as_number { json!(60) } else { json!(true) };
        json!({
            "DeleteSynchedLocalFilesOnAccountDisabled": true,
            "DeleteSynchedLocalFilesOnAccountDeletion": true,
            "SavePasswordLocal": true,
            "FullSyncIntervalMinutes": interval,
        })
    }

    fn upload_settings(&self) -> Value {
        json!({"MaxRequestSize": self.options.request_limit, "RecommendedChunkSize": 600_u64 << 20})
    }
}

fn bandwidth() -> Value {
    json!({"UploadKbps": 0, "DownloadKbps": 0})
}

fn bandwidth_interval() -> Value {
    json!({"Start": "00:00", "End": "24:00", "UploadKbps": 0, "DownloadKbps": 0})
}

fn message_settings() -> Value {
    json!({"SeparateEmailsLimit": 1000, "SmtpServerRecipientLimit": 0, "MsgRequestLoginType": 3})
}

fn password_settings() -> Value {
    json!({"MinimumLength": 8, "ExpirationDays": 0})
}
