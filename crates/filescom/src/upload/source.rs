//! Where the bytes of parts come from: windows of a content that can be read again, or blocks held
//! of one that cannot.

use std::io;

use wharf_connector::Content;
use wharf_service::{Budget, Rereadable, Share};
use wharf_transport::Body;

use super::collector::{Collector, Held};
use super::meter::{PartSums, Reading, metered, next_block};
use super::plan::{Hint, Plan};
use crate::client::Client;
use crate::config::MIN_PART;
use crate::sums::{Sums, Wanted};

/// A content, cut into parts as they are needed.
pub(super) enum Source {
    /// Any part of it can be read at any time.
    Windows { content: Rereadable, size: u64 },
    /// It is read once, from the beginning, under a budget.
    Once { collector: Box<Collector>, budget: Budget, most: u64 },
}

/// The bytes of one part.
pub(super) enum PartBody {
    Window {
        content: Rereadable,
        offset: u64,
        length: u64,
        is_last: bool,
    },
    /// Keeps its share of the budget as long as it lives.
    Held {
        held: Held,
        _share: Share,
    },
}

impl Source {
    pub(super) fn new(content: Content, client: &Client, wanted: Wanted) -> Self {
        match content.size().zip(Rereadable::of(&content)) {
            Some((size, content)) => Self::Windows { content, size },
            None => {
                let most = client.config().upload_buffer;
                let collector = Collector::new(content.into_stream(), Sums::new(wanted));
                let budget = client.buffer().clone();
                Self::Once { collector: Box::new(collector), budget, most }
            }
        }
    }

    /// The plan for a content of this size. What is held is planned so that as many parts as may
    /// go at the same time fit into the budget.
    pub(super) fn plan(&self, total: Option<u64>, client: &Client) -> Plan {
        let config = client.config();
        match self {
            Self::Windows { .. } => Plan::new(total, config.part_size),
            Self::Once { most, .. } => {
                let share = most / config.parallel.max(1) as u64;
                let least = config.part_size.min(share).max(MIN_PART);
                Plan::held(total, least, *most)
            }
        }
    }

    /// Whether there is another part. Reads as much as it needs to know.
    pub(super) async fn has_next(&mut self, plan: &Plan) -> io::Result<bool> {
        let is_first = plan.number() == 1;
        match self {
            Self::Windows { content, size: 0 } if is_first => {
                let mut stream = content.open_range(0..0).await?;
                match next_block(&mut stream).await? {
                    None => Ok(true),
                    Some(_) => Err(super::meter::changed("grew")),
                }
            }
            Self::Windows { .. } => Ok(is_first || !plan.is_done()),
            Self::Once { collector, .. } => Ok(!collector.is_at_end().await? || is_first),
        }
    }

    /// The next part, of `size` bytes or what is left.
    pub(super) async fn read(&mut self, offset: u64, size: u64) -> io::Result<PartBody> {
        match self {
            Self::Windows { content, size: total } => Ok(PartBody::Window {
                content: content.clone(),
                offset,
                length: size,
                is_last: offset + size >= *total,
            }),
            Self::Once { collector, budget, most } => {
                let mut share = budget.take(size.min(*most)).await?;
                let held = collector.read(size).await?;
                share.keep(held.length());
                Ok(PartBody::Held { held, _share: share })
            }
        }
    }

    /// The sums of everything read, where they were taken while reading.
    pub(super) fn into_sums(self) -> Option<Sums> {
        match self {
            Self::Windows { .. } => None,
            Self::Once { collector, .. } => Some(collector.sums),
        }
    }
}

impl PartBody {
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Window { length, .. } => *length,
            Self::Held { held, .. } => held.length(),
        }
    }

    /// A body to send, and what will be known of it once it was sent.
    pub(super) fn open(&self, mut sums: PartSums) -> (Body, Reading) {
        let reading = Reading::default();
        match self {
            Self::Window { length: 0, .. } => {
                reading.end(sums);
                (Body::empty(), reading)
            }
            Self::Window { content, offset, length, is_last } => {
                let (content, kept, end, length, is_last) =
                    (content.clone(), reading.clone(), offset + length, *length, *is_last);
                let open = move |at: u64| {
                    let (content, sums, kept) = (content.clone(), sums.clone(), kept.clone());
                    async move {
                        let opened = content.open_range(at..end).await;
                        let stream = opened.map_err(|error| kept.fail(error))?;
                        Ok(metered(stream, length, is_last, sums, kept))
                    }
                };
                (Body::window(*offset..offset + length, open), reading)
            }
            Self::Held { held, .. } => {
                held.sum_up(&mut sums.part);
                reading.end(sums);
                (held.body(), reading)
            }
        }
    }
}

/// Whether the hint lets parts go at the same time.
pub(super) fn together(hint: Hint, ordered: bool, parallel: usize) -> usize {
    if hint.parallel && !ordered { parallel.max(1) } else { 1 }
}
