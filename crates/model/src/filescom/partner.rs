//! What Boomi's partner connector for Files.com does, as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

/// One action of Boomi's connector "Files.com - Partner" on one kind of object: what goes in and
/// what comes out, by Boomi's names (the operation page of the connector, version 141 of January
/// 2025).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PartnerAction {
    /// `Copy`, `Create`, `Delete`, `Download`, `List`, `Move`, `Show`, `Update` or `Upload`; or one
    /// of the three deprecated ones, such as `List folder items`.
    pub action: String,
    /// The object, as `Group`, `Groups` or `GroupDetails`; none where the action has just one.
    pub object: Option<String>,
    /// Whether Boomi advises against it.
    pub deprecated: bool,
    /// The names of the inputs, and whether each must be there.
    #[serde(deserialize_with = "needs")]
    pub inputs: BTreeMap<String, PartnerNeed>,
    /// The names of the options, likewise. In Boomi they belong to the operation.
    #[serde(default, deserialize_with = "needs")]
    pub options: BTreeMap<String, PartnerNeed>,
    /// The keys of the response, with Boomi's formats: `String`, `Int64`, `Date-Time` and so on.
    pub outputs: BTreeMap<String, String>,
    /// What the document that goes in is, where it is no set of inputs: `file bytes`.
    pub document: Option<String>,
    /// What comes out, where it is no document of keys: `file bytes`, or that it is empty.
    pub response: Option<String>,
}

/// Whether an input must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartnerNeed {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// The platform asks for it, and its value means nothing.
    Ignored,
}

/// Every action of Boomi's connector: 34, and three that are deprecated.
///
/// ```
/// let all = wharf_model::filescom::partner_actions();
/// let create = all.iter().find(|one| one.object.as_deref() == Some("User")).unwrap();
/// assert_eq!((create.action.as_str(), create.outputs.len()), ("Create", 59));
/// ```
pub fn partner_actions() -> &'static [PartnerAction] {
    &TABLE
}

fn needs<'de, D>(from: D) -> Result<BTreeMap<String, PartnerNeed>, D::Error>
where
    D: Deserializer<'de>,
{
    let told: BTreeMap<String, String> = BTreeMap::deserialize(from)?;
    let need = |text: &str| match text {
        text if text == "required" || text.starts_with("filter field") => PartnerNeed::Required,
        text if text.ends_with("ignored") => PartnerNeed::Ignored,
        _ => PartnerNeed::Optional,
    };
    Ok(told.into_iter().map(|(name, text)| (name, need(&text))).collect())
}

/// That it can be read is tested.
static TABLE: LazyLock<Vec<PartnerAction>> = LazyLock::new(|| {
    let text = include_str!("../../fixtures/filescom/boomi_actions.json");
    serde_json::from_str(text).unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(partner_actions().len(), 37);
        assert_eq!(partner_actions().iter().filter(|one| one.deprecated).count(), 3);
        let list = partner_actions().iter().find(|one| one.object.as_deref() == Some("ShareLinks"));
        assert_eq!(list.unwrap().inputs["ID"], PartnerNeed::Ignored);
    }
}
