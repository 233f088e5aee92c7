//! Signing in with a password, and what the calling key is told about itself.

use chrono::{FixedOffset, SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::auth::{ApiKey, Rights, Session};
use super::entity::time;
use super::params::Params;
use super::path::SitePath;
use super::problem::Problem;
use super::records;
use super::site::{RESTRICTED_TO, Site};
use crate::shared::Shared;

/// `POST /sessions`. Site administrators, as the first user is one, see all of the site, the
/// others only `vendor/acme`.
pub(crate) fn sign_in(
    site: &mut Site,
    shared: &Shared,
    params: &Params,
) -> Result<Answer, Problem> {
    let name = params.text("username")?.unwrap_or_default();
    let password = params.text("password")?.unwrap_or_default();
    let first = |known: &str| shared.accounts.user(known, password).is_some();
    let user = records::signed_in(site, name, password, first).ok_or_else(|| {
        Problem::new(
            "not-authenticated/invalid-username-or-password",
            "Invalid username or password",
        )
    })?;
    if user.flag("disabled") {
        let kind = "not-authenticated/invalid-username-or-password";
        return Err(Problem::new(kind, "This account is disabled."));
    }
    let id = shared.ids.hex(40);
    let timeout_at = shared.clock.now() + TimeDelta::hours(SESSION_LIFE);
    let session = Session {
        user_id: user.id,
        username: user.text("username").unwrap_or_default().to_owned(),
        rights: rights(user.flag("site_admin")),
        timeout_at,
    };
    site.sessions.insert(id.clone(), session);
    // Unlike files, sessions are dated in the zone of the site.
    let zone = FixedOffset::west_opt(4 * 3600);
    let timeout_at = match zone {
        Some(zone) => timeout_at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, true),
        None => time(timeout_at),
    };
    let calculated = shared.options.checksums;
    Ok(Answer::created(&json!({
        "id": id,
        "language": Value::Null,
        "max_dir_listing_size": 100_000,
        "sftp_insecure_ciphers": false,
        "ssl_required": true,
        "timeout_at": timeout_at,
        "tls_disabled": false,
        "calculate_file_checksums_crc32": calculated,
        "calculate_file_checksums_md5": calculated && shared.options.md5,
        "calculate_file_checksums_sha1": false,
        "calculate_file_checksums_sha256": false,
        "legacy_checksums_mode": true,
        "user_belongs_to_parent_site": false,
    })))
}

/// `DELETE /sessions`.
pub(crate) fn sign_out(site: &mut Site, session: &str) -> Answer {
    site.sessions.remove(session);
    Answer::empty()
}

/// `GET /api_key`.
pub(crate) fn show_key(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let key = calling_key(site, ask)?;
    Ok(Answer::ok(&key.to_json(ask.shared)))
}

/// `PATCH /api_key`: its name, description and end.
pub(crate) fn update_key(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let params = &ask.params;
    let name = params.text("name")?.map(str::to_owned);
    let description = params.text("description")?.map(str::to_owned);
    let expires_at = params.time("expires_at")?;
    let key = calling_key(site, ask)?;
    key.name = name.unwrap_or_else(|| key.name.clone());
    key.description = description.or_else(|| key.description.clone());
    key.expires_at = expires_at.or(key.expires_at);
    Ok(Answer::ok(&key.to_json(ask.shared)))
}

/// `DELETE /api_key`: the key revokes itself.
pub(crate) fn revoke_key(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    calling_key(site, ask)?.revoked = true;
    Ok(Answer::empty())
}

fn calling_key<'a>(site: &'a mut Site, ask: &Ask<'_>) -> Result<&'a mut ApiKey, Problem> {
    let id = ask.caller.key;
    let key = site.keys.iter_mut().find(|key| Some(key.id) == id);
    key.ok_or_else(|| {
        Problem::new(
            "not-authorized/must-authenticate-with-api-key",
            "You must authenticate with an API key to use this endpoint.",
        )
    })
}

impl ApiKey {
    /// The secret itself is told only when a key is created.
    fn to_json(&self, shared: &Shared) -> Value {
        let url = shared.addresses.url(shared.addresses.filescom) + "/";
        let kind = match self.user_id {
            None => "Site-wide API key",
            Some(_) => "User API key",
        };
        json!({
            "id": self.id,
            "descriptive_label": format!("{kind} for {url} (key ID #{})", self.id),
            "description": self.description,
            "created_at": time(self.created_at),
            "expires_at": self.expires_at.map(time),
            "key": Value::Null,
            "aws_style_credentials": false,
            "aws_access_key_id": Value::Null,
            "aws_secret_key": Value::Null,
            "last_use_at": self.last_use_at.map(time),
            "name": self.name,
            "permission_set": if self.user_id.is_none() { "full" } else { "files_only" },
            "platform": Value::Null,
            "site_id": 1234,
            "site_name": "sandbox",
            "url": url,
            "user_id": self.user_id,
            "workspace_id": 0,
            "path": (!self.rights.root.is_root()).then(|| self.rights.root.to_string()),
        })
    }
}

fn rights(admin: bool) -> Rights {
    match admin {
        true => Rights::ALL,
        false => Rights { root: SitePath::read(RESTRICTED_TO), writes: true },
    }
}

/// Hours a session lives.
const SESSION_LIFE: i64 = 6;
