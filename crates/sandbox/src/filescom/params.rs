//! Parameters of a request, from its query and its body, in whatever form clients send them.

use chrono::{DateTime, Datelike, NaiveDateTime, SubsecRound, Utc};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::problem::Problem;

/// The parameters of one request. The body wins over the query; unknown ones are ignored.
#[derive(Debug, Default)]
pub(crate) struct Params {
    fields: Map<String, Value>,
}

impl Params {
    /// Reads the query, and the body as JSON or as a form, whichever it is.
    pub(crate) fn read(query: &str, kind: &str, body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Map::new();
        read_form(query, &mut fields)?;
        match kind {
            _ if body.iter().all(u8::is_ascii_whitespace) => {}
            kind if kind.starts_with("application/x-www-form-urlencoded") => {
                read_form(&String::from_utf8_lossy(body), &mut fields)?;
            }
            kind if kind.starts_with("multipart/") => {
                return Err(Problem::new(
                    "bad-request/unsupported-media-type",
                    "The sandbox does not read multipart bodies.",
                ));
            }
            _ => match serde_json::from_slice(body) {
                Ok(Value::Object(document)) => fields.extend(document),
                Ok(Value::Null) => {}
                _ => {
                    let text = "The request body could not be parsed.";
                    return Err(Problem::new("bad-request/invalid-body", text));
                }
            },
        }
        Ok(Self { fields })
    }

    /// The value as it was sent; `None` if it was not, or was null.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// Whether the parameter was sent, be it as null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        let text = self.value(name).map(Value::as_str);
        text.map(|text| text.ok_or_else(|| Problem::invalid(name))).transpose()
    }

    pub(crate) fn required_text(&self, name: &str) -> Result<&str, Problem> {
        match self.has(name) {
            true => Ok(self.text(name)?.unwrap_or_default()),
            false => Err(Problem::missing(name)),
        }
    }

    /// Absent means false; `True` and `1` are true.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" | "" => Ok(false),
                _ => Err(Problem::invalid(name)),
            },
            Some(Value::Number(number)) if number.as_i64() == Some(1) => Ok(true),
            Some(Value::Number(number)) if number.as_i64() == Some(0) => Ok(false),
            Some(_) => Err(Problem::invalid(name)),
        }
    }

    /// A number, or a text of digits.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        integer_of(value).map(Some).ok_or_else(|| Problem::invalid(name))
    }

    pub(crate) fn list(&self, name: &str) -> Result<Option<&Vec<Value>>, Problem> {
        let list = self.value(name).map(Value::as_array);
        list.map(|list| list.ok_or_else(|| Problem::invalid(name))).transpose()
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, Problem> {
        let object = self.value(name).map(Value::as_object);
        object.map(|object| object.ok_or_else(|| Problem::invalid(name))).transpose()
    }

    /// A time in whole seconds. Without a zone it is read as UTC.
    pub(crate) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let time = time_of(text).filter(|time| time.year() > 1);
        time.map(Some).ok_or_else(|| {
            let text = format!("{name} must contain valid date and time");
            Problem::new("bad-request/datetime-parse", text)
        })
    }
}

/// A whole number, be it written as a text.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_i64(),
    }
}

fn time_of(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let time = zoned.or_else(|_| {
        let text = text.replacen(' ', "T", 1);
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc())
    });
    time.ok().map(|time| time.trunc_subsecs(0))
}

fn read_form(text: &str, fields: &mut Map<String, Value>) -> Result<(), Problem> {
    for field in text.split('&').filter(|field| !field.is_empty()) {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        let (top, rest) = name.split_once('[').unwrap_or((&name, ""));
        let inner: Vec<&str> = match rest {
            "" => Vec::new(),
            rest => rest.trim_end_matches(']').split("][").collect(),
        };
        if inner.len() > DEEPEST {
            return Err(Problem::bad_params("nested too deeply"));
        }
        let slot = fields.entry(top).or_insert(Value::Null);
        put(slot, &inner, value);
    }
    Ok(())
}

/// Puts a value below nested brackets: `a[b]=1`, `a[]=1`, `a[0]=1`.
fn put(slot: &mut Value, inner: &[&str], value: String) {
    match inner {
        [] => *slot = Value::String(value),
        [index, rest @ ..] if index.is_empty() || index.bytes().all(|b| b.is_ascii_digit()) => {
            if !slot.is_array() {
                *slot = Value::Array(Vec::new());
            }
            if let Some(list) = slot.as_array_mut() {
                let mut entry = Value::Null;
                put(&mut entry, rest, value);
                list.push(entry);
            }
        }
        [name, rest @ ..] => {
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            if let Some(object) = slot.as_object_mut() {
                put(object.entry(*name).or_insert(Value::Null), rest, value);
            }
        }
    }
}

fn decoded(text: &str) -> Result<String, Problem> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded.map(|text| text.into_owned()).map_err(|_| {
        let text = "The parameters are not valid UTF-8.";
        Problem::new("bad-request/invalid-input-encoding", text)
    })
}

/// Brackets after a name; more would only serve to exhaust the stack.
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(query: &str, body: &str) -> Params {
        Params::read(query, "application/json", body.as_bytes()).unwrap()
    }

    #[test]
    fn queries_nest_and_bodies_win() {
        let params = read("a=1&b[c]=x%20y+z&d[]=1&d[]=2&e[0]=q&a%5Bb%5D", r#"{"a":"body"}"#);
        let expected = json!({"a": "body", "b": {"c": "x y z"}, "d": ["1", "2"], "e": ["q"]});
        assert_eq!(Value::Object(params.fields), expected);
    }

    #[test]
    fn forms_are_read_like_queries() {
        let kind = "application/x-www-form-urlencoded; charset=UTF-8";
        let params = Params::read("", kind, b"ref=put-1&recursive=True").unwrap();
        assert_eq!(params.text("ref").unwrap(), Some("put-1"));
        assert!(params.flag("recursive").unwrap());
    }

    #[test]
    fn bad_bodies_are_problems() {
        for body in ["{", "[1]", "\"text\"", "\u{0}", "nul"] {
            let problem = Params::read("", "application/json", body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind(), "bad-request/invalid-body", "{body}");
        }
        for body in ["", "  \n", "null"] {
            assert!(Params::read("", "text/plain", body.as_bytes()).is_ok(), "{body}");
        }
        assert!(Params::read("a=%ff", "", b"").is_err());
        let deep = format!("a{}=1", "[b]".repeat(100_000));
        assert!(Params::read(&deep, "", b"").is_err());
    }

    #[test]
    fn values_are_liberal_but_typed() {
        let params =
            read("", r#"{"n":"12","m":12,"x":"a","t":true,"u":"True","z":null,"o":{},"f":1.5}"#);
        assert_eq!(params.integer("n").unwrap(), Some(12));
        assert_eq!(params.integer("m").unwrap(), Some(12));
        assert_eq!(params.integer("absent").unwrap(), None);
        assert!(params.integer("x").is_err() && params.integer("f").is_err());
        assert!(params.flag("t").unwrap() && params.flag("u").unwrap());
        assert!(!params.flag("z").unwrap() && params.flag("o").is_err());
        assert!(params.text("m").is_err() && params.list("o").is_err());
        assert_eq!(params.required_text("z").unwrap(), "");
        assert_eq!(params.required_text("q").unwrap_err().text(), "q is missing");
    }

    #[test]
    fn times_are_read_with_and_without_zone() {
        let cases = [
            ("2023-02-06T09:28:32.76160985-08:00", Some("2023-02-06T17:28:32Z")),
            ("2026-11-21T23:31:27.715912", Some("2026-11-21T23:31:27Z")),
            ("2026-11-21 23:31:27", Some("2026-11-21T23:31:27Z")),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let params = read("", &json!({"t": text}).to_string());
            let time = params.time("t").ok().flatten();
            let expected: Option<DateTime<Utc>> = expected.map(|text| text.parse().unwrap());
            assert_eq!(time, expected, "{text}");
        }
    }
}
