//! One folder of both trees: two listings, read side by side and matched by name.

mod collision;

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt};
use wharf_connector::{Entry, EntryState, Error, ErrorKind, ListOptions, RemotePath, Result};

use super::abreast::{Abreast, Event, Listing, Side};
use super::held::Held;
use super::names::Names;
use super::{Difference, Ends, Found, Pair, Trouble, TroubleKind, a};
use crate::{Choice, Place};

/// A folder to go through, by its paths from the two roots.
#[derive(Debug)]
pub(crate) enum Level {
    /// It stands in both trees.
    Both(RemotePath, RemotePath),
    /// It stands in the source alone, and gets that path.
    Source(RemotePath, RemotePath),
    /// It stands in the destination alone.
    Extra(RemotePath),
}

/// What one folder holds.
pub(super) fn level(ends: Arc<Ends>, level: Level) -> BoxStream<'static, Found> {
    let nothing = || stream::empty().boxed();
    let (listings, at) = match level {
        Level::Both(from, to) => {
            let listings = Abreast::new(listing(&ends.from, &from), listing(&ends.to, &to));
            (listings, (from, to))
        }
        Level::Source(from, to) => {
            (Abreast::new(listing(&ends.from, &from), nothing()), (from, to))
        }
        Level::Extra(to) => (Abreast::new(nothing(), listing(&ends.to, &to)), (to.clone(), to)),
    };
    let folder = Folder {
        ends,
        from: at.0,
        to: at.1,
        listings,
        source: Half::default(),
        destination: Half::default(),
        names: Names::default(),
        names_there: Names::default(),
        doubtful: HashMap::new(),
        out: VecDeque::new(),
    };
    stream::unfold(folder, |mut folder| async move {
        let found = folder.next().await?;
        Some((found, folder))
    })
    .boxed()
}

fn listing(place: &Place, below: &RemotePath) -> Listing {
    place.connector.list(&place.path.join_path(below), ListOptions::new())
}

struct Folder {
    ends: Arc<Ends>,
    from: RemotePath,
    to: RemotePath,
    listings: Abreast,
    source: Half,
    destination: Half,
    /// The names of the source. None where every name is its own key.
    names: Names,
    /// Those of the destination, where it is not known whether it tells cases apart.
    names_there: Names,
    /// Pairs by key whose names differ: the very name may be still to come, where that is so.
    doubtful: HashMap<Box<str>, (Entry, Choice, Entry)>,
    out: VecDeque<Found>,
}

/// What one side has told and the other not yet.
#[derive(Default)]
struct Half {
    waiting: HashMap<Box<str>, Held>,
    /// What is left of `waiting` once the other side has ended.
    left: Option<std::collections::hash_map::IntoIter<Box<str>, Held>>,
    ended: bool,
    /// The listing broke off: what it did not tell may be there all the same.
    broken: bool,
}

impl Half {
    /// Whether it is certain that it has nothing more than it told.
    fn is_whole(&self) -> bool {
        self.ended && !self.broken
    }
}

impl Folder {
    async fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.out.pop_front() {
                return Some(found);
            }
            if self.drain() {
                continue;
            }
            match self.event().await? {
                (Side::Source, Some(Ok(entry))) => self.source_entry(entry),
                (Side::Destination, Some(Ok(entry))) => self.destination_entry(entry),
                (side, Some(Err(error))) => self.error(side, error),
                (side, None) => self.end(side),
            }
        }
    }

    async fn event(&mut self) -> Option<Event> {
        let held = (self.source.waiting.len(), self.destination.waiting.len());
        poll_fn(|cx| self.listings.poll_next(cx, held)).await
    }

    /// Decides one that waited for a side that has ended. False when none is left.
    fn drain(&mut self) -> bool {
        if let Some((key, held)) = self.source.left.as_mut().and_then(Iterator::next) {
            let choice = held.choice;
            if let Some(entry) = held.back(&key, &self.from) {
                self.only_in_source(entry, choice);
            }
            return true;
        }
        if let Some((key, held)) = self.destination.left.as_mut().and_then(Iterator::next) {
            let choice = held.choice;
            if let Some(entry) = held.back(&key, &self.to) {
                self.only_in_destination(entry, choice);
            }
            return true;
        }
        false
    }

    fn source_entry(&mut self, mut entry: Entry) {
        let Ok(path) = self.from.join(entry.name()) else {
            return;
        };
        entry.path = path;
        let choice = self.ends.options.filter.choose(&entry);
        let key = self.key(entry.name()).into_owned();
        if choice == Choice::Out && self.folds() {
            return self.left_out(entry, key);
        }
        if choice != Choice::Out && self.is_second(&key, &entry) {
            return;
        }
        if let Some(there) = self.destination.waiting.remove(&*key) {
            if let Some(there) = there.back(&key, &self.to) {
                self.pair(entry, choice, there);
            }
        } else if self.destination.is_whole() {
            self.only_in_source(entry, choice);
        } else if !self.destination.ended {
            let held = Held::new(entry, &key, choice);
            self.source.waiting.insert(key.into(), held);
        }
    }

    /// A name that is left out never stands in for one that is taken, and is the same to the
    /// destination: it only keeps what stands there.
    fn left_out(&mut self, entry: Entry, key: String) {
        if let Some(there) = self.destination.waiting.get_mut(&*key) {
            there.choice = Choice::Out;
        } else if !self.destination.ended {
            let held = Held::new(entry, &key, Choice::Out);
            self.source.waiting.entry(key.into()).or_insert(held);
        }
    }

    fn destination_entry(&mut self, mut entry: Entry) {
        let Ok(path) = self.to.join(entry.name()) else {
            return;
        };
        entry.path = path;
        let key = self.key(entry.name()).into_owned();
        let choice = self.ends.options.filter.choose(&entry);
        if self.is_second_there(&key, &entry) {
            return;
        }
        if let Some(here) = self.source.waiting.remove(&*key) {
            let choice = here.choice;
            if choice == Choice::Out && !self.source.ended && self.folds() {
                // The name that is taken may be still to come.
                let held = Held::new(entry, &key, choice);
                self.destination.waiting.insert(key.into(), held);
            } else if let Some(here) = here.back(&key, &self.from) {
                self.pair(here, choice, entry);
            }
        } else if self.source.is_whole() {
            self.only_in_destination(entry, choice);
        } else if !self.source.ended {
            let held = Held::new(entry, &key, choice);
            self.destination.waiting.insert(key.into(), held);
        }
    }

    fn pair(&mut self, from: Entry, choice: Choice, to: Entry) {
        if choice == Choice::Out {
            return;
        }
        if self.is_doubtful(&from, &to) {
            let key = self.key(to.name()).into();
            self.doubtful.insert(key, (from, choice, to));
            return;
        }
        if from.kind != to.kind {
            let reason = format!("{} stands where {} goes", a(to.kind), a(from.kind));
            let trouble = Trouble::new(TroubleKind::Kinds, [from.path], reason);
            return self.trouble(trouble);
        }
        if from.is_folder() {
            let found = match choice {
                Choice::Through => Found::Below(Level::Both(from.path, to.path)),
                _ => Found::Told(Difference::Same(Pair { from, to })),
            };
            return self.out.push_back(found);
        }
        if from.state != EntryState::Ready {
            return self.held_back(from);
        }
        self.out.push_back(Found::Files(Pair { from, to }));
    }

    fn only_in_source(&mut self, entry: Entry, choice: Choice) {
        if choice == Choice::Out {
            return;
        }
        if entry.state != EntryState::Ready {
            return self.held_back(entry);
        }
        let to = match self.ends.path_for(&self.to, &entry) {
            Ok(to) => to,
            Err(error) => {
                let path = entry.path.clone();
                return self.trouble(Trouble::of_error(TroubleKind::Refused, path, error));
            }
        };
        self.out.push_back(match choice {
            Choice::Through => Found::Below(Level::Source(entry.path, to)),
            _ => Found::Told(Difference::Missing(entry, to)),
        });
    }

    fn only_in_destination(&mut self, entry: Entry, choice: Choice) {
        if !self.ends.options.extras {
            return;
        }
        let path = entry.path.clone();
        // What is only half there belongs to somebody who is still writing it.
        let is_busy = entry.state == EntryState::Partial;
        if choice == Choice::In && !is_busy {
            return self.out.push_back(Found::Told(Difference::Extra(entry)));
        }
        self.out.push_back(Found::Told(Difference::Spared(path.clone())));
        if choice == Choice::Through {
            self.out.push_back(Found::Below(Level::Extra(path)));
        }
    }

    fn held_back(&mut self, entry: Entry) {
        let reason = format!("the source holds it back: {}", entry.state);
        self.trouble(Trouble::new(TroubleKind::HeldBack, [entry.path], reason));
    }

    fn error(&mut self, side: Side, error: Error) {
        let path = match side {
            Side::Source => self.from.clone(),
            Side::Destination => self.to.clone(),
        };
        let at_root = path.is_root() && side == Side::Destination;
        if at_root && error.kind() == ErrorKind::NotFound {
            return; // A destination that does not exist is an empty one.
        }
        let kind = match error.kind() {
            ErrorKind::Unsupported => TroubleKind::Special,
            ErrorKind::Invalid => TroubleKind::Unnamed,
            _ => TroubleKind::Unreadable,
        };
        // What the source has and cannot tell may be what stands in the destination alone.
        if side == Side::Source || kind == TroubleKind::Unreadable {
            self.half(side).broken = true;
        }
        self.trouble(Trouble::of_error(kind, path, error));
    }

    fn end(&mut self, side: Side) {
        let half = self.half(side);
        half.ended = true;
        let whole = half.is_whole();
        let other = match side {
            Side::Source => &mut self.destination,
            Side::Destination => &mut self.source,
        };
        let waiting = std::mem::take(&mut other.waiting);
        // Of what a broken listing did not tell, nobody knows whether it is there.
        other.left = whole.then(|| waiting.into_iter());
        if side == Side::Destination && whole {
            for (_, (from, choice, to)) in std::mem::take(&mut self.doubtful) {
                self.pair(from, choice, to);
            }
        }
    }

    fn half(&mut self, side: Side) -> &mut Half {
        match side {
            Side::Source => &mut self.source,
            Side::Destination => &mut self.destination,
        }
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.out.push_back(Found::Told(Difference::Trouble(trouble)));
    }
}

impl Ends {
    /// The path that an entry gets in a folder of the destination, if the destination takes it.
    fn path_for(&self, folder: &RemotePath, entry: &Entry) -> Result<RemotePath> {
        let (connector, refused) = (&self.to.connector, |why| Error::new(ErrorKind::Invalid, why));
        connector.check_name(entry.name())?;
        let limits = &connector.info().limits;
        let to = folder.join(entry.name())?;
        let length = self.to.path.join_path(&to).relative().chars().count();
        if let Some(longest) = limits.max_path.filter(|longest| length > *longest) {
            let why = format!("the path has {length} characters, and {longest} are allowed");
            return Err(refused(why));
        }
        let sizes = entry.size.zip(limits.max_file);
        if let Some((size, most)) = sizes.filter(|(size, most)| size > most) {
            return Err(refused(format!("the file has {size} bytes, and {most} are allowed")));
        }
        Ok(to)
    }
}
