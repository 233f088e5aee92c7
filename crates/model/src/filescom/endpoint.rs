//! Every operation of the REST API, as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// One operation of the REST API: what it is called, where it is, what it takes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Endpoint {
    /// The resource in the official SDKs, such as `bundle`.
    pub resource: String,
    /// The operation in the official SDKs, such as `list`.
    #[serde(rename = "op")]
    pub operation: String,
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: String,
    /// The path after `/api/rest/v1`, with placeholders such as `{id}`.
    pub path: String,
    /// The status of a success. (The end of an upload also answers 200, where it replaces a
    /// file.)
    pub success: u16,
    /// Whether it answers a list in pages.
    pub paged: bool,
    /// Its parameters.
    pub params: BTreeMap<String, ParamKind>,
    /// By which fields may be sorted and filtered, under the name of the parameter.
    #[serde(default)]
    pub fields: BTreeMap<String, Vec<String>>,
}

/// The type of a parameter, and whether it is required.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub struct ParamKind {
    /// `string`, `int64`, `boolean`, `object`, `array(string)` and their like.
    pub name: String,
    /// Whether the service refuses a call without it.
    pub required: bool,
}

impl From<String> for ParamKind {
    fn from(text: String) -> Self {
        match text.strip_suffix('!') {
            Some(name) => Self { name: name.to_owned(), required: true },
            None => Self { name: text, required: false },
        }
    }
}

/// Every operation of the REST API: the 418 of the official Python SDK of 2026, and three that
/// only the Go SDK has (`automation_log`, `settings`, `zip_download`).
///
/// ```
/// let all = wharf_model::filescom::endpoints();
/// assert_eq!(all.len(), 421);
/// let list = all.iter().find(|one| one.method == "GET" && one.path == "/groups").unwrap();
/// assert!(list.paged && list.params.contains_key("per_page"));
/// ```
pub fn endpoints() -> &'static [Endpoint] {
    &TABLE
}

/// That it can be read is tested.
static TABLE: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/filescom/endpoints.json")).unwrap_or_default()
});
