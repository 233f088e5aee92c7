//! Advisory locks.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::path::SitePath;
use super::problem::Problem;
use super::site::Site;
use super::tree::Author;

/// A lock on a path. It binds nobody: the service grants only locks that let every user pass.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Lock {
    path: SitePath,
    recursive: bool,
    timeout: i64,
    expires_at: DateTime<Utc>,
    token: String,
    author: Author,
    username: String,
}

/// `GET /locks/{path}`.
pub(crate) fn list(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let below = ask.params.flag("include_children")?;
    ask.caller.must_see(&ask.path)?;
    site.forget_ended_locks(ask);
    let concerned = |lock: &&Lock| {
        lock.path.is_same(&ask.path)
            || (below && lock.path.is_within(&ask.path))
            || (lock.recursive && ask.path.is_within(&lock.path))
    };
    let locks = site.locks.iter().filter(concerned).map(Lock::to_json);
    Ok(Answer::ok(&locks.collect::<Vec<_>>()))
}

/// `POST /locks/{path}`.
pub(crate) fn lock(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let params = &ask.params;
    ask.caller.must_write(&ask.path)?;
    if !params.flag("exclusive")? || !params.flag("allow_access_by_any_user")? {
        let text = "exclusive and allow_access_by_any_user must both be true";
        return Err(Problem::bad_params(text));
    }
    let timeout = params.integer("timeout")?.unwrap_or(DEFAULT_TIMEOUT);
    if !(1..=LONGEST_TIMEOUT).contains(&timeout) {
        return Err(Problem::bad_params("timeout is out of range"));
    }
    let recursive = params.flag("recursive")?;
    site.forget_ended_locks(ask);
    let conflicts: Vec<String> = site
        .locks
        .iter()
        .filter(|lock| lock.meets(&ask.path, recursive))
        .map(|lock| format!("exclusive lock {} at /{}", lock.token, lock.path))
        .collect();
    if !conflicts.is_empty() {
        let text = conflicts.join(", ");
        return Err(Problem::new("processing-failure/resource-locked", text));
    }
    let lock = Lock {
        path: ask.path.clone(),
        recursive,
        timeout,
        expires_at: ask.shared.clock.now() + TimeDelta::seconds(timeout),
        token: ask.shared.ids.hex(32),
        author: ask.caller.author,
        username: ask.caller.username.clone(),
    };
    let answer = Answer::created(&lock.to_json());
    site.locks.push(lock);
    Ok(answer)
}

/// `DELETE /locks/{path}`.
pub(crate) fn unlock(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let token = ask.params.required_text("token")?;
    ask.caller.must_write(&ask.path)?;
    site.forget_ended_locks(ask);
    let held = |lock: &Lock| lock.token == token && lock.path.is_same(&ask.path);
    let before = site.locks.len();
    site.locks.retain(|lock| !held(lock));
    match site.locks.len() < before {
        true => Ok(Answer::empty()),
        false => Err(Problem::not_found()),
    }
}

impl Site {
    fn forget_ended_locks(&mut self, ask: &Ask<'_>) {
        let now = ask.shared.clock.now();
        self.locks.retain(|lock| now < lock.expires_at);
    }
}

impl Lock {
    fn meets(&self, path: &SitePath, recursive: bool) -> bool {
        self.path.is_same(path)
            || (self.recursive && path.is_within(&self.path))
            || (recursive && self.path.is_within(path))
    }

    fn to_json(&self) -> Value {
        let user = match self.author {
            Author::User(id) => Some(id),
            Author::Key(_) => None,
        };
        json!({
            "path": self.path.to_string(),
            "timeout": self.timeout,
            "depth": if self.recursive { "infinity" } else { "0" },
            "recursive": self.recursive,
            "owner": self.username,
            "scope": "exclusive",
            "exclusive": true,
            "token": self.token,
            "type": "write",
            "allow_access_by_any_user": true,
            "user_id": user,
            "username": self.username,
        })
    }
}

const DEFAULT_TIMEOUT: i64 = 43_200;
const LONGEST_TIMEOUT: i64 = 604_800;
