//! What of a list to ask for, and in which order.

use std::fmt::Display;

use wharf_transport::Request;

use super::Order;

/// What of a list to ask for: everything, unless it says otherwise.
///
/// By which fields a list can be filtered and sorted is told by
/// [`endpoints`](crate::model::endpoints); the service refuses others.
///
/// ```
/// use wharf_filescom::api::{Filter, Order, Query, groups};
///
/// let query = Query::new()
///     .with_sort_by("name", Order::Descending)
///     .with_filter(Filter::Prefix, "name", "acme");
/// let target = "/groups?sort_by%5Bname%5D=desc&filter_prefix%5Bname%5D=acme";
/// assert_eq!(groups::list(&query).path_and_query(), target);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// Entries in a page, at most 10,000; otherwise as the client is configured.
    pub per_page: Option<u32>,
    pairs: Vec<(String, String)>,
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filter {
    /// The same.
    Equal,
    /// Begins with it.
    Prefix,
    /// Greater, or later.
    Above,
    /// As great, or greater.
    AtLeast,
    /// Smaller, or earlier.
    Below,
    /// As small, or smaller.
    AtMost,
}

impl Query {
    /// Everything, in the usual order.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the entries in a page.
    #[must_use]
    pub fn with_per_page(mut self, entries: u32) -> Self {
        self.per_page = Some(entries);
        self
    }

    /// Sorts by a field. The service sorts by one only, so a second one is refused.
    #[must_use]
    pub fn with_sort_by(self, field: &str, order: Order) -> Self {
        self.with(format!("sort_by[{field}]"), order)
    }

    /// Restricts it to what has such a value in a field.
    #[must_use]
    pub fn with_filter(self, filter: Filter, field: &str, value: impl Display) -> Self {
        self.with(format!("{}[{field}]", filter.parameter()), value)
    }

    /// Sets any other parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.pairs.push((name.into(), value.to_string()));
        self
    }

    /// The request, asked so.
    pub(crate) fn ask(&self, request: Request) -> Request {
        let request = request.query_if("per_page", self.per_page);
        self.pairs.iter().fold(request, |request, (name, value)| request.query(name, value))
    }
}

impl Filter {
    fn parameter(self) -> &'static str {
        match self {
            Self::Equal => "filter",
            Self::Prefix => "filter_prefix",
            Self::Above => "filter_gt",
            Self::AtLeast => "filter_gteq",
            Self::Below => "filter_lt",
            Self::AtMost => "filter_lteq",
        }
    }
}
