//! Short keys that stand for the parameters of the embedded browser tools.

use super::{Answer, Call, NoAnswer};
use crate::mft::refusal::Refusal;
use crate::mft::world::World;
use serde_json::json;

impl World {
    pub(super) fn tool_call(&mut self, name: &str, call: &Call) -> Result<Answer, NoAnswer> {
        let required: &[&str] = match name.to_lowercase().as_str() {
            "viewerrequest" => &["ErrorReportingUrl", "FilePublicId", "SessionId", "SuccessUrl"],
            "uploaderrequest" => &["ErrorReportingUrl", "FolderPublicId"],
            // The fields of this one are not documented.
            "downloaderrequest" => &[],
            _ => return Err(NoAnswer::NotFound),
        };
        for field in required {
            call.body.required(field)?;
        }
        Ok(self.short_key(name)?)
    }

    fn short_key(&mut self, tool: &str) -> Result<Answer, Refusal> {
        let key = self.mint.short_key();
        self.short_keys.insert(key.clone(), tool.to_owned());
        Ok(Answer::created("ThruShortUrl", json!({"ShortUrl": key})))
    }
}
