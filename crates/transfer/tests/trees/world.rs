//! Two trees to play with, written as lines.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt, stream};
use wharf_connector::{Connector, ConnectorExt, Content, RemotePath, Result, WriteOptions};
use wharf_transfer::{
    Applied, Apply, Compare, Difference, Place, Plan, Step, SyncPlan, apply, compare,
};

use crate::odd::Odd;

/// A source and a destination, both at `/root` of their connectors.
pub(crate) struct World {
    pub(crate) from: Odd,
    pub(crate) to: Odd,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(Odd::new(), Odd::new())
    }

    pub(crate) fn of(from: Odd, to: Odd) -> Self {
        Self { from, to }
    }

    /// Fills both: `a/b=text` is a file, `a/b=text@9` one of that second, `a/` a folder.
    pub(crate) async fn with(self, from: &[&str], to: &[&str]) -> Self {
        for (end, lines) in [(&self.from, from), (&self.to, to)] {
            end.memory.create_folders(&path("/root")).await.unwrap();
            for line in lines {
                fill(end, line).await;
            }
        }
        self
    }

    pub(crate) fn places(&self) -> (Place, Place) {
        let place = |end: &Odd| Place::new(Arc::new(end.clone()), path("/root"));
        (place(&self.from), place(&self.to))
    }

    /// What differs, as sorted lines.
    pub(crate) async fn differences(&self, options: &Compare) -> Vec<String> {
        let (from, to) = self.places();
        let mut lines: Vec<String> = compare(&from, &to, options)
            .filter_map(|found| async move { line(found) })
            .collect()
            .await;
        lines.sort();
        lines
    }

    pub(crate) async fn plan(&self, options: &SyncPlan) -> Result<Plan> {
        let (from, to) = self.places();
        let draft = || tempfile::tempfile().unwrap();
        Plan::make(&from, &to, options, (draft(), draft())).await
    }

    /// Plans, checks and does it.
    pub(crate) async fn sync(&self, options: &SyncPlan) -> Result<Applied> {
        let plan = self.plan(options).await?;
        plan.check(false)?;
        Ok(self.apply(plan.into_steps()?.map(|step| step.unwrap()).collect(), &Apply::new()).await)
    }

    pub(crate) async fn apply(&self, steps: Vec<Step>, options: &Apply) -> Applied {
        let (from, to) = self.places();
        let steps = stream::iter(steps.into_iter().map(Ok));
        apply(steps, &from, &to, options, &()).await.unwrap()
    }
}

/// All that stands in a connector, as sorted lines.
pub(crate) async fn content(end: &Odd) -> Vec<String> {
    let mut lines = Vec::new();
    let mut entries = end.memory.walk(&path("/root"), Default::default());
    while let Some(entry) = entries.try_next().await.unwrap() {
        let name = entry.path.below(&path("/root")).unwrap();
        if entry.is_folder() {
            lines.push(format!("{}/", name.relative()));
        } else {
            let bytes = end.memory.read_bytes(&entry.path, 1 << 20).await.unwrap();
            lines.push(format!("{}={}", name.relative(), String::from_utf8_lossy(&bytes)));
        }
    }
    lines.sort();
    lines
}

pub(crate) fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

async fn fill(end: &Odd, line: &str) {
    let Some((name, text)) = line.split_once('=') else {
        end.memory.create_folders(&path("/root").join_path(&path(line))).await.unwrap();
        return;
    };
    let (text, second) = text.split_once('@').unwrap_or((text, "1000"));
    let options = WriteOptions::new().with_modified(at(second.parse().unwrap()));
    let file = path("/root").join_path(&path(name));
    end.memory.write(&file, Content::from(text.to_owned()), options).await.unwrap();
}

fn line(difference: Difference) -> Option<String> {
    Some(match difference {
        Difference::Same(_) => return None,
        Difference::Time(pair) => format!("time {}", pair.to.path),
        Difference::Differs(pair, why) => format!("differs {} {why}", pair.to.path),
        Difference::Missing(entry, to) if entry.is_folder() => format!("missing {to}/"),
        Difference::Missing(_, to) => format!("missing {to}"),
        Difference::Extra(entry) => format!("extra {}", entry.path),
        Difference::Spared(path) => format!("spared {path}"),
        Difference::Trouble(trouble) => {
            let paths: Vec<&str> = trouble.paths.iter().map(|path| path.as_str()).collect();
            format!("{} {}", trouble.kind, paths.join(" "))
        }
        other => panic!("{other:?}"),
    })
}
