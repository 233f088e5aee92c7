//! Search below a folder, the one documented way to page through entries.

use chrono::{DateTime, Utc};

use super::{Answer, CONTENT, Call, Page};
use crate::mft::date;
use crate::mft::document::Asked;
use crate::mft::fields::Fields;
use crate::mft::node::Node;
use crate::mft::refusal::Refusal;
use crate::mft::world::{Caller, World};

/// What to look for. An empty criterion asks nothing.
#[derive(Debug, Default)]
struct Criteria {
    name: Option<Pattern>,
    description: Option<Pattern>,
    keywords: Vec<Pattern>,
    all_keywords: bool,
    users: Vec<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    recursive: bool,
}

/// Text with `*` for anything; without a star it may stand anywhere, and case never matters.
#[derive(Debug, PartialEq, Eq)]
struct Pattern(Vec<String>);

impl World {
    /// # Errors
    /// When the folder is not visible or not readable, or a criterion is not understood.
    pub(super) fn search(
        &self,
        asked: Asked,
        page: Page,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, Refusal> {
        let criteria = Criteria::read(&call.body)?;
        let scribe = self.scribe(caller)?;
        let folder = match call.body.filled("FolderID") {
            Some(id) => scribe.access.folder(id)?,
            None => self.root_of(caller)?,
        };
        let candidates = match scribe.access.children(folder)? {
            _ if criteria.recursive => scribe.access.below(folder),
            children => children,
        };
        let found =
            candidates.into_iter().filter(|node| asked.includes(node) && criteria.fit(node));
        let page = page.at_most(self.options.search_limit);
        Ok(Answer::ok(CONTENT, scribe.listing(page.of(found), asked)))
    }
}

impl Criteria {
    fn read(body: &Fields) -> Result<Self, Refusal> {
        let day = |name: &str| {
            body.filled(name)
                .map(|text| date::read(text).ok_or_else(|| Refusal::value(name)))
                .transpose()
        };
        // Only keywords are several: a name or description is one text, whatever MatchAll says.
        body.flag("NameCriteriaMatchAll")?;
        body.flag("DescriptionCriteriaMatchAll")?;
        let keywords = body.filled("KeywordCriteria").unwrap_or_default();
        Ok(Self {
            name: body.filled("NameCriteria").and_then(Pattern::read),
            description: body.filled("DescriptionCriteria").and_then(Pattern::read),
            keywords: keywords.split([',', ';']).filter_map(Pattern::read).collect(),
            all_keywords: body.flag("KeywordCriteriaMatchAll")?.unwrap_or(false),
            users: body.list("LastModifiedByUsers").unwrap_or_default(),
            from: day("DateLastModifiedStart")?,
            to: day("DateLastModifiedEnd")?,
            recursive: body.flag("Recursive")?.unwrap_or(false),
        })
    }

    fn fit(&self, node: &Node) -> bool {
        let fits = |pattern: &Option<Pattern>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.fits(text))
        };
        let some_tag = |pattern: &Pattern| node.tags.iter().any(|tag| pattern.fits(tag));
        let keywords = match self.all_keywords {
            _ if self.keywords.is_empty() => true,
            true => self.keywords.iter().all(some_tag),
            false => self.keywords.iter().any(some_tag),
        };
        fits(&self.name, &node.name)
            && fits(&self.description, &node.description)
            && keywords
            && (self.users.is_empty() || self.users.contains(&node.modified_by.to_string()))
            && self.from.is_none_or(|from| node.modified >= from)
            && self.to.is_none_or(|to| node.modified <= to)
    }
}

impl Pattern {
    /// `None` for what everything fits.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text.chars().all(|c| c == '*') {
            return None;
        }
        let wrapped = if text.contains('*') { text } else { format!("*{text}*") };
        Some(Self(wrapped.split('*').map(str::to_owned).collect()))
    }

    fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return true;
        };
        let Some(rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
            return false;
        };
        let inner = self.0.len().saturating_sub(2);
        for piece in self.0.iter().skip(1).take(inner) {
            let Some(at) = rest.find(piece.as_str()) else {
                return false;
            };
            rest = rest.get(at + piece.len()..).unwrap_or_default();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_a_bare_text_is_contained() {
        for (pattern, text, fits) in [
            ("text", "some TEXT here", true),
            ("tex*t", "text", true),
            ("tex*t", "text here", false),
            ("12*", "1234", true),
            ("12*", "0123", false),
            ("*.html", "2.html", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "ac", false),
            ("a*a", "a", false),
            ("ä*", "Äpfel", true),
        ] {
            let read = Pattern::read(pattern).unwrap();
            assert_eq!(read.fits(text), fits, "{pattern} on {text}");
        }
        for everything in ["*", "", " ", "**"] {
            assert_eq!(Pattern::read(everything), None);
        }
    }
}
