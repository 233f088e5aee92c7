//! Effective rights: what one user may do with each entry.

use std::collections::HashSet;

use super::account::User;
use super::id::Id;
use super::node::Node;
use super::refusal::{self, Refusal};
use super::rights::Rights;
use super::tree::Tree;

/// The view one user has of the tree.
///
/// The nearest rights given on an entry or above it hold. A folder on the way to something the
/// user was given is shown, without its other content. What is neither shown nor readable does
/// not exist for the user.
#[derive(Debug)]
pub(crate) struct Access<'a> {
    tree: &'a Tree,
    user: &'a User,
    on_the_way: HashSet<Id>,
}

impl<'a> Access<'a> {
    pub(crate) fn new(tree: &'a Tree, user: &'a User) -> Self {
        let on_the_way = user
            .grants
            .iter()
            .filter(|(_, rights)| rights.intersects(Rights::VISIBLE))
            .flat_map(|(id, _)| tree.lineage(*id).skip(1))
            .map(|node| node.id)
            .collect();
        Self { tree, user, on_the_way }
    }

    pub(crate) fn rights(&self, id: Id) -> Rights {
        let given = self
            .tree
            .lineage(id)
            .find_map(|node| self.user.grants.get(&node.id).copied())
            .unwrap_or(Rights::NONE);
        if self.on_the_way.contains(&id) && !given.intersects(Rights::VISIBLE) {
            return Rights::SHOW;
        }
        given
    }

    pub(crate) fn sees(&self, id: Id) -> bool {
        self.rights(id).intersects(Rights::VISIBLE)
    }

    /// # Errors
    /// With 7001 when there is no such file for this user.
    pub(crate) fn file(&self, text: &str) -> Result<&'a Node, Refusal> {
        Id::parse(text)
            .and_then(|id| self.tree.file(id))
            .map(|(node, _)| node)
            .filter(|node| self.sees(node.id))
            .ok_or_else(|| Refusal::invalid_file(text))
    }

    /// # Errors
    /// With an invented code when there is no such folder for this user.
    pub(crate) fn folder(&self, text: &str) -> Result<&'a Node, Refusal> {
        Id::parse(text)
            .and_then(|id| self.tree.folder(id))
            .map(|(node, _)| node)
            .filter(|node| self.sees(node.id))
            .ok_or_else(|| Refusal::invalid_folder(text))
    }

    /// # Errors
    /// With an invented code when the user lacks one of the rights on the entry.
    pub(crate) fn require(&self, node: &Node, rights: Rights) -> Result<(), Refusal> {
        let missing =
            rights.names().find(|name| !self.rights(node.id).names().any(|held| held == *name));
        match missing {
            None => Ok(()),
            Some(right) => Err(Refusal::new(
                refusal::NO_RIGHT,
                format!("You do not have the {right} right on '{}'.", self.tree.path(node.id)),
            )),
        }
    }

    /// The entries of a folder that this user sees, names in order.
    ///
    /// # Errors
    /// When the user may not read the folder, and it does not lie on the way to anything.
    pub(crate) fn children(&self, folder: &Node) -> Result<Vec<&'a Node>, Refusal> {
        let readable = self.rights(folder.id).contains(Rights::READ);
        if !readable && !self.on_the_way.contains(&folder.id) {
            self.require(folder, Rights::READ)?;
        }
        let leads = |id: &Id| self.on_the_way.contains(id) || self.user.grants.contains_key(id);
        Ok(self
            .tree
            .children(folder.id)
            .filter(|child| self.sees(child.id) && (readable || leads(&child.id)))
            .collect())
    }

    /// Everything below a folder that this user sees, parents first.
    pub(crate) fn below(&self, folder: &Node) -> Vec<&'a Node> {
        let mut found = Vec::new();
        let mut waiting = self.children(folder).unwrap_or_default();
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            found.push(node);
            if node.is_folder() {
                let mut inner = self.children(node).unwrap_or_default();
                inner.reverse();
                waiting.append(&mut inner);
            }
        }
        found
    }
}
