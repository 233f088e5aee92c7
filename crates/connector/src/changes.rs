//! Changes to what is known about an entry.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::Capabilities;

/// What [`Connector::update`](crate::Connector::update) shall change; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The modification time.
    pub modified: Option<DateTime<Utc>>,
    /// The properties: the whole map is replaced.
    pub properties: Option<BTreeMap<String, String>>,
    /// The description; an empty text removes it.
    pub description: Option<String>,
    /// The tags: the whole list is replaced.
    pub tags: Option<Vec<String>>,
}

impl Changes {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the modification time.
    #[must_use]
    pub fn with_modified(mut self, modified: DateTime<Utc>) -> Self {
        self.modified = Some(modified);
        self
    }

    /// Replaces the properties.
    #[must_use]
    pub fn with_properties(mut self, properties: BTreeMap<String, String>) -> Self {
        self.properties = Some(properties);
        self
    }

    /// Replaces the description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Replaces the tags.
    #[must_use]
    pub fn with_tags(mut self, tags: Vec<String>) -> Self {
        self.tags = Some(tags);
        self
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The abilities that a backend needs to make these changes.
    ///
    /// A backend checks them all before it changes anything.
    pub fn needs(&self) -> Capabilities {
        let mut needs = Capabilities::empty();
        needs.set(Capabilities::UPDATE_MODIFIED, self.modified.is_some());
        needs.set(Capabilities::UPDATE_PROPERTIES, self.properties.is_some());
        needs.set(Capabilities::UPDATE_DESCRIPTION, self.description.is_some());
        needs.set(Capabilities::UPDATE_TAGS, self.tags.is_some());
        needs
    }
}
