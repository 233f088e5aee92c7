//! Through both trees, several folders at a time, the newest first.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, SelectAll, Stream, StreamExt};
use wharf_connector::RemotePath;

use super::folder::{Level, level};
use super::{Difference, Ends, Found, Pair};

/// Everything that both trees have.
pub(super) fn walk(ends: Arc<Ends>) -> impl Stream<Item = Found> + Send + 'static {
    let waiting = vec![Level::Both(RemotePath::root(), RemotePath::root())];
    let walk = Walk { ends, waiting, open: SelectAll::new() };
    stream::unfold(walk, |mut walk| async move {
        let found = walk.next().await?;
        Some((found, walk))
    })
}

struct Walk {
    ends: Arc<Ends>,
    waiting: Vec<Level>,
    open: SelectAll<BoxStream<'static, Found>>,
}

impl Walk {
    async fn next(&mut self) -> Option<Found> {
        loop {
            while self.open.len() < self.ends.options.concurrency.max(1) {
                let Some(next) = self.waiting.pop() else {
                    break;
                };
                self.open.push(level(self.ends.clone(), next));
            }
            match self.open.next().await {
                Some(Found::Below(next)) => self.waiting.push(next),
                Some(found) => {
                    self.remember(&found);
                    return Some(found);
                }
                None if self.waiting.is_empty() => return None,
                None => {}
            }
        }
    }

    fn remember(&mut self, found: &Found) {
        let Found::Told(difference) = found else {
            return;
        };
        let next = match difference {
            Difference::Same(Pair { from, to }) if from.is_folder() => {
                Level::Both(from.path.clone(), to.path.clone())
            }
            Difference::Missing(entry, to) if entry.is_folder() => {
                Level::Source(entry.path.clone(), to.clone())
            }
            Difference::Extra(entry) if entry.is_folder() => Level::Extra(entry.path.clone()),
            _ => return,
        };
        self.waiting.push(next);
    }
}
