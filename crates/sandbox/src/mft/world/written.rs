//! The state of the server as it is written down.

use std::collections::HashMap;
use std::io;

use super::World;
use crate::data::{Kept, Lines, Rows};
use crate::mft::account::{Directory, Group, User};
use crate::mft::id::Id;
use crate::mft::tree::Tree;

impl World {
    /// Takes up the state that was written down. How the server behaves is not part of it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(rows: &mut Rows) -> io::Result<Self> {
        let directory = Directory {
            users: in_order::<User>(rows.table(USERS)?),
            groups: in_order::<Group>(rows.table(GROUPS)?),
        };
        let (site, mint) = (rows.one(SERVER, SITE)?, rows.one(SERVER, MINT)?);
        let mut world = Self::new(Tree::read(rows)?, directory, site, mint);
        world.operations = rows.table(OPERATIONS)?.into();
        world.messages = rows.table(MESSAGES)?.into();
        world.short_keys = rows.table(SHORT_KEYS)?.into();
        world.tickets = rows.table::<String, Id>(TICKETS)?.into();
        Ok(world)
    }

    /// Notes from now on what changes.
    pub(crate) fn track(&mut self) {
        self.tree.track();
        self.operations.track();
        self.messages.track();
        self.short_keys.track();
        self.tickets.track();
    }
}

impl Kept for World {
    fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        self.tree.write(lines)?;
        if self.directory.take_changed() || lines.are_whole() {
            for (at, user) in self.directory.users.iter().enumerate() {
                lines.small(USERS, &at, user)?;
            }
            for (at, group) in self.directory.groups.iter().enumerate() {
                lines.small(GROUPS, &at, group)?;
            }
        }
        self.operations.write(OPERATIONS, lines)?;
        self.messages.write(MESSAGES, lines)?;
        self.short_keys.write(SHORT_KEYS, lines)?;
        self.tickets.write(TICKETS, lines)?;
        lines.fixed(SERVER, &SITE, &self.site)?;
        lines.small(SERVER, &MINT, &self.mint)
    }
}

/// Users and groups keep their order: the first user is the administrator.
fn in_order<T>(rows: HashMap<usize, T>) -> Vec<T> {
    let mut rows: Vec<(usize, T)> = rows.into_iter().collect();
    rows.sort_unstable_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

const USERS: &str = "mft.users";
const GROUPS: &str = "mft.groups";
const OPERATIONS: &str = "mft.operations";
const MESSAGES: &str = "mft.messages";
const SHORT_KEYS: &str = "mft.short_keys";
const TICKETS: &str = "mft.tickets";
const SERVER: &str = "mft.server";
const SITE: &str = "site";
const MINT: &str = "mint";
