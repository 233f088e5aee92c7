//! Creating folders.

use super::answer::Answer;
use super::ask::Ask;
use super::problem::Problem;
use super::site::{FolderError, Site};

/// `POST /folders/{path}`.
pub(crate) fn create(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    let make_parents =
        ask.params.flag("mkdir_parents")? || ask.shared.options.always_create_parents;
    let provided_mtime = ask.params.time("provided_mtime")?;
    if ask.path.is_root() {
        return Err(Problem::destination_exists());
    }
    ask.path.check(true)?;
    ask.caller.must_write(&ask.path)?;
    if site.tree.find(&ask.path).is_some() {
        return Err(Problem::destination_exists());
    }
    let making = ask.making();
    let parent =
        site.folder(&ask.path.parent(), make_parents.then_some(&making)).map_err(|error| {
            match error {
                FolderError::Missing => Problem::not_found(),
                FolderError::IsAFile => Problem::parent_is_a_file(),
            }
        })?;
    let id = site.add_folder(parent, ask.path.name(), &making);
    if let Some(node) = site.tree.node_mut(id) {
        node.stamp.provided_mtime = provided_mtime;
    }
    let entity = ask.view()?.look(&mut site.tree, id).unwrap_or_default();
    Ok(Answer::created(&entity))
}
