//! Reading a request document.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};
use wharf_connector::ErrorKind;
use wharf_model::filescom::{PartnerAction, PartnerNeed, Timestamp};

use crate::error::{Error, Result};

/// The inputs and options of a step, by Boomi's names. Case does not count, for Boomi writes `ID`
/// here and `id` there. Null is the same as nothing.
#[derive(Debug)]
pub(super) struct Inputs {
    given: Map<String, Value>,
}

impl Inputs {
    pub(super) fn read(action: &PartnerAction, request: Value) -> Result<Self> {
        let given = match request {
            Value::Object(given) => given,
            Value::Null => Map::new(),
            _ => return Err(invalid("the request must be a JSON object")),
        };
        let known = || action.inputs.iter().chain(&action.options);
        for name in given.keys() {
            if !known().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                let names: Vec<&str> = known().map(|(known, _)| known.as_str()).collect();
                let message = format!("there is no input {name:?}; there are {}", names.join(", "));
                return Err(invalid(message));
            }
        }
        let inputs = Self { given };
        for (name, need) in known() {
            let blank = inputs.value(name).is_none_or(|value| value.as_str() == Some(""));
            if *need == PartnerNeed::Required && blank && !is_root(action, name) {
                return Err(invalid(format!("the input {name} is missing")));
            }
        }
        Ok(inputs)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let mut found = self.given.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value).filter(|value| !value.is_null())
    }

    /// The value, if there is more in it than blanks.
    fn filled(&self, name: &str) -> Option<&Value> {
        self.value(name).filter(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()))
    }

    /// A text; a number is one, too.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(wrong(name, "a text")),
        }
    }

    /// A text that must be there; empty where that means the root.
    pub(super) fn need(&self, name: &str) -> Result<String> {
        Ok(self.text(name)?.unwrap_or_default())
    }

    /// A path, with or without slashes around it.
    pub(super) fn path(&self, name: &str) -> Result<String> {
        Ok(self.need(name)?.trim_matches('/').to_owned())
    }

    pub(super) fn id(&self, name: &str) -> Result<i64> {
        self.number(name)?.ok_or_else(|| wrong(name, "the number of an id"))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>> {
        let Some(value) = self.filled(name) else {
            return Ok(None);
        };
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_i64(),
        };
        number.map(Some).ok_or_else(|| wrong(name, "a whole number"))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>> {
        let Some(value) = self.filled(name) else {
            return Ok(None);
        };
        let flag = match value {
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            value => value.as_bool(),
        };
        flag.map(Some).ok_or_else(|| wrong(name, "true or false"))
    }

    /// A date as Boomi writes it, or in the form of RFC 3339.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>> {
        if self.filled(name).is_none() {
            return Ok(None);
        }
        let text = self.need(name)?;
        let boomi = NaiveDateTime::parse_from_str(text.trim(), "%Y%m%d %H%M%S%.f");
        let time = boomi.map(|time| time.and_utc()).ok();
        let time = time.or_else(|| Timestamp::parse(text.trim()).ok());
        let wanted = "a date such as \"20240502 174500.000\" (UTC) or \"2024-05-02T17:45:00Z\"";
        time.map(Some).ok_or_else(|| wrong(name, wanted))
    }

    /// Ids, as text with commas or an array; an empty text is an empty list.
    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<i64>>> {
        let unfit = || wrong(name, "ids, separated by commas");
        let Some(texts) = self.texts(name)? else {
            return Ok(None);
        };
        let ids = texts.iter().map(|text| text.parse().map_err(|_| unfit()));
        ids.collect::<Result<_>>().map(Some)
    }

    /// Texts, as an array or one text with commas.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>> {
        let unfit = || wrong(name, "an array, or text with commas");
        let texts = match self.value(name) {
            None => return Ok(None),
            Some(Value::String(text)) => {
                text.split(',').map(|part| part.trim().to_owned()).collect()
            }
            Some(Value::Number(number)) => vec![number.to_string()],
            Some(Value::Array(array)) => {
                let text = |element: &Value| match element {
                    Value::String(text) => Ok(text.clone()),
                    Value::Number(number) => Ok(number.to_string()),
                    _ => Err(unfit()),
                };
                array.iter().map(text).collect::<Result<Vec<_>>>()?
            }
            Some(_) => return Err(unfit()),
        };
        Ok(Some(texts.into_iter().filter(|text| !text.is_empty()).collect()))
    }
}

/// An empty path is the root, which can be looked at.
fn is_root(action: &PartnerAction, name: &str) -> bool {
    let looks = matches!(action.action.as_str(), "List" | "Show" | "List folder items");
    let folder = matches!(action.object.as_deref(), Some("Folder" | "FolderDetails") | None);
    looks && folder && matches!(name, "ID" | "path")
}

fn wrong(name: &str, wanted: &str) -> Error {
    invalid(format!("the input {name} must be {wanted}"))
}

pub(super) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inputs(value: Value) -> Inputs {
        Inputs { given: value.as_object().unwrap().clone() }
    }

    #[test]
    fn dates_ids_and_flags_in_all_forms() {
        let given = inputs(json!({
            "a": "20240502 174500.000", "b": "2024-05-02T19:45:00+02:00", "c": "1714671900",
            "ids": " 1, 2,", "list": [1, "2"], "one": 7, "none": "", "yes": "True", "no": false,
            "bad": "soon", "null": null,
        }));
        let date = Timestamp::parse("2024-05-02T17:45:00Z").unwrap();
        for name in ["A", "b", "c"] {
            assert_eq!(given.time(name).unwrap(), Some(date), "{name}");
        }
        assert_eq!(given.ids("ids").unwrap(), Some(vec![1, 2]));
        assert_eq!(given.ids("list").unwrap(), Some(vec![1, 2]));
        assert_eq!(given.ids("one").unwrap(), Some(vec![7]));
        assert_eq!(given.ids("none").unwrap(), Some(vec![]));
        assert_eq!(
            (given.flag("yes").unwrap(), given.flag("no").unwrap()),
            (Some(true), Some(false))
        );
        assert_eq!((given.number("none").unwrap(), given.time("null").unwrap()), (None, None));
        assert!(given.time("bad").is_err() && given.flag("bad").is_err());
        assert!(given.number("bad").is_err() && given.ids("bad").is_err());
    }
}
