//! Listing a folder, page by page.

use std::cmp::{Ordering, Reverse};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::answer::Answer;
use super::ask::Ask;
use super::auth::Sight;
use super::entity::Entity;
use super::path::{NameKey, SitePath};
use super::problem::Problem;
use super::site::Site;
use super::tree::{Node, NodeId, Place, Tree};

/// `GET /folders/{path}`.
pub(crate) fn list(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    ask.path.check(true)?;
    ask.caller.must_see(&ask.path)?;
    let query = Query::read(ask)?;
    let folder = site.tree.find(&ask.path).ok_or_else(Problem::not_found)?;
    // What the service answers for the path of a file is not known; a client must look first.
    if !folder.is_folder() {
        return Err(Problem::not_found());
    }
    let page = query.page(&site.tree, folder, ask);
    let view = ask.view()?;
    let entities: Vec<Entity> =
        page.ids.iter().filter_map(|id| view.look(&mut site.tree, *id)).collect();
    let mut answer = Answer::ok(&entities);
    if let Some(next) = page.next.map(|cursor| cursor.write("next")) {
        // Clients differ in which of the two they read.
        answer = answer.header("x-files-cursor", &next);
        answer = answer.header("x-files-cursor-next", &next);
    }
    if let Some(previous) = page.previous.map(|cursor| cursor.write("prev")) {
        answer = answer.header("x-files-cursor-prev", &previous);
    }
    Ok(answer)
}

/// What is asked of a listing.
struct Query {
    per_page: usize,
    sort: Option<(SortField, bool)>,
    folders_only: Option<bool>,
    search: Option<NameKey>,
    metadata_key: Option<String>,
    modified_after: Option<DateTime<Utc>>,
    whole_site: bool,
    cursor: Option<(Direction, Cursor)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SortField {
    Path,
    Size,
    Modified,
    ProvidedModified,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Next,
    Previous,
}

/// Where a page ended: its last entry, the page size, and how many entries lie before.
#[derive(Clone)]
struct Cursor {
    last: SitePath,
    per_page: usize,
    id: NodeId,
    is_folder: bool,
    offset: usize,
}

struct Page {
    ids: Vec<NodeId>,
    next: Option<Cursor>,
    previous: Option<Cursor>,
}

impl Query {
    fn read(ask: &Ask<'_>) -> Result<Self, Problem> {
        let params = &ask.params;
        let per_page = per_page(ask)?;
        let folders_only = match params.text("type")? {
            None | Some("") => None,
            Some("folder") => Some(true),
            Some("file") => Some(false),
            Some(_) => return Err(Problem::bad_params("type does not have a valid value")),
        };
        let whole_site = params.flag("search_all")?;
        if whole_site && !ask.path.is_root() {
            let text = "search_all can only be used on the root folder.";
            return Err(Problem::new("bad-request/search-all-on-child-path", text));
        }
        let modified_after = params.time("modified_at_datetime")?;
        if modified_after.is_some() && folders_only.is_none() {
            return Err(Problem::bad_params("modified_at_datetime requires type"));
        }
        // Only what follows the last slash counts.
        let search = SitePath::read(params.text("search")?.unwrap_or_default());
        let search = search.name();
        let cursor = match params.text("cursor")? {
            None | Some("") => None,
            Some(text) => Some(Cursor::read(text).ok_or_else(invalid_cursor)?),
        };
        let fits = |cursor: &Cursor| {
            cursor.per_page == per_page && (whole_site || cursor.last.parent().is_same(&ask.path))
        };
        if cursor.as_ref().is_some_and(|(_, cursor)| !fits(cursor)) {
            return Err(invalid_cursor());
        }
        Ok(Self {
            per_page,
            sort: sort(ask)?,
            folders_only,
            search: (!search.is_empty()).then(|| NameKey::of(search, true)),
            metadata_key: params.text("search_custom_metadata_key")?.map(str::to_owned),
            modified_after,
            whole_site,
            cursor,
        })
    }

    fn page(&self, tree: &Tree, folder: &Node, ask: &Ask<'_>) -> Page {
        let wanted = |node: &&Node| self.wants(node, tree, ask);
        let in_order = self.sort.is_none() && !self.whole_site;
        match &self.cursor {
            cursor if in_order && !matches!(cursor, Some((Direction::Previous, _))) => {
                let cursor = cursor.as_ref().map(|(_, cursor)| cursor);
                let place = cursor.map(Cursor::place);
                let rest = tree.after(folder, place.as_ref()).filter(wanted);
                let rest: Vec<&Node> = rest.take(self.per_page + 1).collect();
                self.cut(tree, &rest, 0, cursor.map_or(0, |cursor| cursor.offset))
            }
            cursor => {
                let mut all: Vec<&Node> = match self.whole_site {
                    true => tree.below(folder.id).into_iter().filter(wanted).collect(),
                    false => tree.after(folder, None).filter(wanted).collect(),
                };
                self.arrange(tree, &mut all);
                let start = match cursor {
                    None => 0,
                    Some((Direction::Next, cursor)) => cursor.offset,
                    Some((Direction::Previous, cursor)) => {
                        cursor.offset.saturating_sub(self.per_page)
                    }
                };
                self.cut(tree, &all, start, start)
            }
        }
    }

    /// One page of `nodes`, from `from`, with `offset` entries of the listing before it.
    fn cut(&self, tree: &Tree, nodes: &[&Node], from: usize, offset: usize) -> Page {
        let shown = nodes.iter().skip(from).take(self.per_page);
        let ids: Vec<NodeId> = shown.map(|node| node.id).collect();
        let cursor_at = |node: &Node, offset: usize| Cursor {
            last: tree.path_of(node.id),
            per_page: self.per_page,
            id: node.id,
            is_folder: node.is_folder(),
            offset,
        };
        let last = ids.last().and_then(|id| tree.node(*id));
        let more = nodes.len() > from.saturating_add(ids.len());
        let next = last.filter(|_| more);
        let previous = match &self.cursor {
            Some((Direction::Next, cursor)) => Some(cursor.clone()),
            _ => from
                .checked_sub(1)
                .and_then(|before| nodes.get(before))
                .map(|node| cursor_at(node, offset)),
        };
        Page {
            next: next.map(|node| cursor_at(node, offset.saturating_add(ids.len()))),
            previous,
            ids,
        }
    }

    fn wants(&self, node: &Node, tree: &Tree, ask: &Ask<'_>) -> bool {
        let kind = self.folders_only.is_none_or(|only| only == node.is_folder());
        let search = self.search.as_ref();
        let named = search.is_none_or(|text| NameKey::of(&node.name, true).contains(text));
        let metadata = &node.stamp.custom_metadata;
        let holds = |value: &Value| {
            let value = NameKey::of(value.as_str().unwrap_or_default(), true);
            search.is_none_or(|text| value.contains(text))
        };
        let found = match self.metadata_key.as_deref() {
            None | Some("") => named,
            Some("*") => metadata.values().any(holds),
            Some(key) => metadata.get(key).is_some_and(holds),
        };
        let later = self.modified_after;
        let later = later.is_none_or(|time| node.stamp.modified_at > time);
        let visible = || ask.caller.sight(&tree.path_of(node.id)) != Sight::Hidden;
        kind && found && later && visible()
    }

    /// Folders first, whatever the order.
    fn arrange(&self, tree: &Tree, nodes: &mut [&Node]) {
        let (field, descending) = self.sort.unwrap_or((SortField::Path, false));
        let size = |node: &Node| node.file().map_or(0, |file| file.blob.len());
        let provided = |node: &Node| node.stamp.provided_mtime;
        let by_path = |one: &Node, two: &Node| match self.whole_site {
            true => tree.path_of(one.id).keys().cmp(&tree.path_of(two.id).keys()),
            false => one.place().1.cmp(&two.place().1),
        };
        nodes.sort_by(|one, two| {
            let order = match field {
                SortField::Path => Ordering::Equal,
                SortField::Size => size(one).cmp(&size(two)),
                SortField::Modified => one.stamp.modified_at.cmp(&two.stamp.modified_at),
                SortField::ProvidedModified => provided(one).cmp(&provided(two)),
            };
            let order = order.then_with(|| by_path(one, two));
            let order = if descending { order.reverse() } else { order };
            let kind = Reverse(one.is_folder()).cmp(&Reverse(two.is_folder()));
            kind.then(order)
        });
    }
}

impl Cursor {
    fn place(&self) -> Place {
        (self.is_folder, NameKey::of(self.last.name(), true))
    }

    fn write(&self, direction: &str) -> String {
        let kind = if self.is_folder { 'd' } else { 'f' };
        let (last, per_page, id, offset) = (&self.last, self.per_page, self.id, self.offset);
        let text = format!("{last}//{per_page}//{id}//{offset}{kind}");
        format!("c2:{direction}:{}", BASE64_URL_SAFE_NO_PAD.encode(text))
    }

    fn read(text: &str) -> Option<(Direction, Self)> {
        let (direction, code) = match text.strip_prefix("c2:")?.split_once(':')? {
            ("next", code) => (Direction::Next, code),
            ("prev", code) => (Direction::Previous, code),
            _ => return None,
        };
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(code).ok()?).ok()?;
        let mut parts = text.rsplitn(4, "//");
        let (end, id, per_page) = (parts.next()?, parts.next()?, parts.next()?);
        let (offset, is_folder) = match (end.strip_suffix('d'), end.strip_suffix('f')) {
            (Some(offset), _) => (offset, true),
            (_, Some(offset)) => (offset, false),
            _ => return None,
        };
        let cursor = Self {
            last: SitePath::read(parts.next()?),
            per_page: per_page.parse().ok()?,
            id: id.parse().ok()?,
            is_folder,
            offset: offset.parse().ok()?,
        };
        Some((direction, cursor))
    }
}

/// The page size asked for, within the sandbox's own limit.
pub(crate) fn per_page(ask: &Ask<'_>) -> Result<usize, Problem> {
    let options = &ask.shared.options;
    let asked = match ask.params.integer("per_page")? {
        None => options.page_size,
        Some(..=0) => {
            let text = "per_page must be greater than or equal to 1";
            return Err(Problem::bad_params(text));
        }
        Some(asked) => match usize::try_from(asked) {
            Ok(asked @ ..=MOST_PER_PAGE) => asked,
            _ => {
                let text = "per_page must be less than or equal to 10000";
                return Err(Problem::bad_params(text));
            }
        },
    };
    Ok(asked.min(options.page_limit).max(1))
}

fn sort(ask: &Ask<'_>) -> Result<Option<(SortField, bool)>, Problem> {
    let Some(asked) = ask.params.object("sort_by")? else {
        return Ok(None);
    };
    let mut fields = asked.iter();
    let (Some((field, direction)), None) = (fields.next(), fields.next()) else {
        let text = "Multiple sort params are not allowed.";
        return Err(Problem::new("bad-request/multiple-sort-params-not-allowed", text));
    };
    let field = match field.as_str() {
        "path" => SortField::Path,
        "size" => SortField::Size,
        "modified_at_datetime" => SortField::Modified,
        "provided_modified_at" => SortField::ProvidedModified,
        _ => {
            let text = format!("Invalid sort field: {field}");
            return Err(Problem::new("bad-request/invalid-sort-field", text));
        }
    };
    match direction.as_str() {
        Some("asc") if field == SortField::Path => Ok(None),
        Some("asc") => Ok(Some((field, false))),
        Some("desc") => Ok(Some((field, true))),
        _ => Err(Problem::bad_params("sort_by must be asc or desc")),
    }
}

fn invalid_cursor() -> Problem {
    Problem::new("bad-request/invalid-cursor", "Invalid cursor")
}

const MOST_PER_PAGE: usize = 10_000;
