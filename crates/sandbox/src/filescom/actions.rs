//! Copying and moving, at once or as migrations that take a while.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::entity::time;
use super::listing::per_page;
use super::params::integer_of;
use super::path::SitePath;
use super::problem::Problem;
use super::site::{FolderError, Making, Site};
use super::tree::{Author, Content, Node, NodeId};
use crate::shared::Shared;

/// Work in the background.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Migration {
    job: Job,
    author: Author,
    /// When it was begun, or last looked at.
    touched_at: DateTime<Utc>,
    polls: u32,
    state: State,
}

/// A copy or a move, as it was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Job {
    operation: Operation,
    from: SitePath,
    to: SitePath,
    overwrite: bool,
    /// Folders only, without their files.
    structure: bool,
    make_parents: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operation {
    Copy,
    Move,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Running,
    Completed,
    Failed(String),
}

/// A line about one file that was copied or moved, or could not be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LogEntry {
    at: DateTime<Utc>,
    migration: i64,
    operation: Operation,
    from: SitePath,
    to: SitePath,
    /// The type and the text of what went wrong.
    problem: Option<(String, String)>,
}

/// `POST /file_actions/copy/{path}` and `POST /file_actions/move/{path}`.
pub(crate) fn begin(
    site: &mut Site,
    ask: &Ask<'_>,
    operation: Operation,
) -> Result<Answer, Problem> {
    let job = Job::read(ask, operation)?;
    ask.path.check(false)?;
    ask.caller.must_see(&job.from)?;
    let source = site.tree.find(&job.from).ok_or_else(Problem::not_found)?;
    let is_folder = source.is_folder();
    job.to.check(is_folder)?;
    match operation {
        Operation::Copy => ask.caller.must_read(&job.from)?,
        Operation::Move => ask.caller.must_remove(&job.from)?,
    }
    ask.caller.must_write(&job.to)?;
    job.check(site)?;
    if is_folder || ask.shared.options.all_actions_pending {
        let id = ask.shared.ids.number();
        let migration = Migration {
            job,
            author: ask.caller.author,
            touched_at: ask.shared.clock.now(),
            polls: 0,
            state: State::Running,
        };
        site.migrations.insert(id, migration);
        let pending = json!({"status": "pending", "file_migration_id": id});
        return Ok(Answer::created(&pending));
    }
    job.run(site, &ask.making())?;
    Ok(Answer::created(&json!({"status": "completed"})))
}

/// `GET /file_migrations/{id}`: each look brings the work a step nearer to its end.
pub(crate) fn poll(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.path.name().parse().ok();
    let known = id.and_then(|id: i64| Some((id, site.migrations.get_mut(&id)?)));
    let (id, migration) = known.ok_or_else(Problem::not_found)?;
    migration.polls = migration.polls.saturating_add(1);
    migration.touched_at = ask.shared.clock.now();
    let due = migration.polls >= ask.shared.options.migration_polls;
    if due && migration.state == State::Running {
        site.finish(id, ask.shared);
    }
    let migration = site.migrations.get(&id).ok_or_else(Problem::not_found)?;
    Ok(Answer::ok(&migration.to_json(id)))
}

/// `GET /file_migration_logs`.
pub(crate) fn logs(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let filter = ask.params.object("filter")?;
    let wanted = filter.and_then(|filter| filter.get("file_migration_id"));
    let wanted = match wanted {
        Some(id) => Some(integer_of(id).ok_or_else(|| Problem::invalid("filter"))?),
        None => None,
    };
    let entries: Vec<Value> = (0..)
        .map_while(|number| site.logs.get(&number))
        .filter(|entry| wanted.is_none_or(|id| id == entry.migration))
        .take(per_page(ask)?)
        .map(LogEntry::to_json)
        .collect();
    Ok(Answer::ok(&Value::Array(entries)))
}

impl Site {
    /// Ends migrations that nobody looked at for a while.
    pub(crate) fn finish_overdue(&mut self, shared: &Shared) {
        let due = shared.clock.now() - TimeDelta::seconds(PATIENCE);
        let overdue = |migration: &Migration| {
            migration.state == State::Running && migration.touched_at <= due
        };
        let migrations = self.migrations.iter();
        let overdue = migrations.filter(|(_, migration)| overdue(migration));
        let mut ids: Vec<i64> = overdue.map(|(id, _)| *id).collect();
        ids.sort_unstable();
        for id in ids {
            self.finish(id, shared);
        }
    }

    fn finish(&mut self, id: i64, shared: &Shared) {
        let Some(migration) = self.migrations.get(&id) else {
            return;
        };
        let (job, making) = (migration.job.clone(), Making::new(shared, migration.author));
        let result = job.check(self).and_then(|()| job.run(self, &making));
        let problem = result.err();
        let entry = LogEntry {
            at: making.now,
            migration: id,
            operation: job.operation,
            from: job.from,
            to: job.to,
            problem: problem.as_ref().map(|why| (why.kind().to_owned(), why.text().to_owned())),
        };
        self.logs.insert(self.logs.len() as u64, entry);
        if let Some(migration) = self.migrations.get_mut(&id) {
            migration.state = match problem {
                None => State::Completed,
                Some(problem) => State::Failed(problem.text().to_owned()),
            };
        }
    }

    /// Copies a node, and all below it, to a new place.
    fn copy(&mut self, id: NodeId, parent: NodeId, job: &Job, making: &Making<'_>) {
        let mut open = vec![(id, job.to.name().to_owned(), parent)];
        while let Some((id, name, parent)) = open.pop() {
            let Some(source) = self.tree.node(id).cloned() else {
                continue;
            };
            let copied = match &source.content {
                Content::File(_) if job.structure => continue,
                Content::File(file) => self.put_file(parent, &name, file.clone(), making).0,
                Content::Folder(_) => match self.tree.child(parent, &name) {
                    Some(existing) => existing.id,
                    None => self.add_folder(parent, &name, making),
                },
            };
            self.keep_stamp(&source, copied);
            let children = self.names_in(id).into_iter();
            open.extend(children.map(|(child, name)| (child, name, copied)));
        }
    }

    /// What follows a file or folder to where it is copied.
    fn keep_stamp(&mut self, source: &Node, copied: NodeId) {
        if let Some(node) = self.tree.node_mut(copied) {
            node.stamp.provided_mtime = source.stamp.provided_mtime;
            node.stamp.custom_metadata = source.stamp.custom_metadata.clone();
            node.stamp.priority_color = source.stamp.priority_color.clone();
        }
    }

    /// Moves a node onto a place that may be taken: folders merge, files replace files.
    fn shift(&mut self, id: NodeId, name: &str, parent: NodeId) {
        let mut open = vec![(id, name.to_owned(), parent)];
        let mut emptied = Vec::new();
        while let Some((id, name, parent)) = open.pop() {
            let existing = self.tree.child(parent, &name);
            let existing = existing.map(|node| (node.id, node.is_folder()));
            if let Some((target, true)) = existing {
                let children = self.names_in(id).into_iter();
                open.extend(children.map(|(child, name)| (child, name, target)));
                emptied.push(id);
                continue;
            }
            if let Some((target, false)) = existing {
                self.tree.remove(target);
            }
            self.tree.relink(id, parent, &name);
        }
        emptied.into_iter().for_each(|id| self.tree.remove(id));
    }

    fn names_in(&self, folder: NodeId) -> Vec<(NodeId, String)> {
        let folder = self.tree.node(folder).into_iter();
        folder
            .flat_map(|folder| self.tree.after(folder, None))
            .map(|child| (child.id, child.name.clone()))
            .collect()
    }
}

impl Job {
    fn read(ask: &Ask<'_>, operation: Operation) -> Result<Self, Problem> {
        let params = &ask.params;
        Ok(Self {
            operation,
            from: ask.path.clone(),
            to: SitePath::read(params.required_text("destination")?),
            overwrite: params.flag("overwrite")?,
            structure: operation == Operation::Copy && params.flag("structure")?,
            make_parents: ask.shared.options.always_create_parents,
        })
    }

    /// Whether it can be done now.
    fn check(&self, site: &Site) -> Result<(), Problem> {
        if self.to.is_root() {
            return Err(Problem::bad_params("destination must not be empty"));
        }
        if self.from.is_same(&self.to) {
            let text = "The destination is the same as the source.";
            return Err(Problem::new("bad-request/destination-same", text));
        }
        let source = site.tree.find(&self.from).ok_or_else(Problem::not_found)?;
        if source.is_folder() && self.to.is_within(&self.from) {
            let text = "A folder cannot be put into itself.";
            return Err(Problem::new("processing-failure/destination-parent-conflict", text));
        }
        let parent = site.tree.find(&self.to.parent());
        match parent.map(Node::is_folder) {
            None if !self.make_parents => return Err(Problem::no_destination_parent()),
            Some(false) => return Err(Problem::parent_is_a_file()),
            _ => {}
        }
        match site.tree.find(&self.to) {
            None => Ok(()),
            // Whether a file may take the place of a folder is not documented.
            Some(there) if !self.overwrite || !merges(site, source, there) => {
                Err(Problem::destination_exists())
            }
            Some(_) => Ok(()),
        }
    }

    fn run(&self, site: &mut Site, making: &Making<'_>) -> Result<(), Problem> {
        let id = site.tree.find(&self.from).ok_or_else(Problem::not_found)?.id;
        let parent = site
            .folder(&self.to.parent(), self.make_parents.then_some(making))
            .map_err(FolderError::as_destination)?;
        match self.operation {
            Operation::Copy => site.copy(id, parent, self, making),
            Operation::Move => site.shift(id, self.to.name(), parent),
        }
        Ok(())
    }
}

/// Whether all below `source` falls on nothing, or on its own kind, below `target`.
fn merges(site: &Site, source: &Node, target: &Node) -> bool {
    let mut open = vec![(source, target)];
    while let Some((source, target)) = open.pop() {
        if source.is_folder() != target.is_folder() || target.id == source.id {
            return false;
        }
        let there = |child: &Node| site.tree.child(target.id, &child.name);
        let children = site.tree.after(source, None);
        open.extend(children.filter_map(|child| Some((child, there(child)?))));
    }
    true
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Move => "move",
        }
    }
}

impl Migration {
    fn to_json(&self, id: i64) -> Value {
        let (status, failure) = match &self.state {
            State::Running if self.polls <= 1 => ("pending", None),
            State::Running => ("processing", None),
            State::Completed => ("completed", None),
            State::Failed(why) => ("failed", Some(why)),
        };
        json!({
            "id": id,
            "path": self.job.from.to_string(),
            "dest_path": self.job.to.to_string(),
            "failure_message": failure,
            "files_moved": 0,
            "files_total": 0,
            "operation": self.job.operation.name(),
            "region": "us-east-1",
            "status": status,
            "log_url": Value::Null,
        })
    }
}

impl LogEntry {
    fn to_json(&self) -> Value {
        let problem = self.problem.as_ref();
        json!({
            "timestamp": time(self.at),
            "file_migration_id": self.migration,
            "dest_path": self.to.to_string(),
            "error_type": problem.map(|(kind, _)| kind),
            "message": problem.map(|(_, text)| text),
            "operation": self.operation.name(),
            "path": self.from.to_string(),
            "status": if problem.is_some() { "failure" } else { "success" },
            "created_at": time(self.at),
        })
    }
}

/// Seconds after which a migration ends even if nobody asks for it.
const PATIENCE: i64 = 5;
