//! Fields to set, as a person writes them.

use std::fs;
use std::io::Read;

use serde_json::Value;
use wharf::connector::SettingSpec;
use wharf::connector::secrecy::SecretString;

use crate::failure::{Result, invalid, on_this_machine};
use crate::setting::assignments;
use crate::signal;

/// Fields that have no option of their own.
#[derive(Debug, clap::Args)]
pub(crate) struct Others {
    /// Any other field of the service's reference; VALUE is JSON, else text; null clears it
    #[arg(long = "field", value_name = "NAME=VALUE")]
    fields: Vec<String>,
}

impl Others {
    /// The names and values.
    pub(crate) fn read(&self) -> Result<Vec<(String, Value)>> {
        let read = |text: &String| {
            let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty())?;
            let json = serde_json::from_str(value).unwrap_or_else(|_| value.into());
            Some((name.to_owned(), json))
        };
        let unreadable = || invalid("a value of --field cannot be read", "The form is NAME=VALUE.");
        self.fields
            .iter()
            .map(|text| {
                let (name, value) = read(text).ok_or_else(unreadable)?;
                if name.contains("password") {
                    let remedy = "Give a password by --password @PATH or --password @env:NAME.";
                    return Err(
                        invalid("a password does not belong into an argument", remedy).into()
                    );
                }
                Ok((name, value))
            })
            .collect()
    }
}

/// Whether there is anything to change.
pub(crate) fn need_change(nothing: bool) -> Result<()> {
    match nothing {
        true => {
            let remedy = "Name what to change; see --help.";
            Err(invalid("there is nothing to change", remedy).into())
        }
        false => Ok(()),
    }
}

/// A password from a file or a variable, never from an argument.
pub(crate) fn password(given: Option<&str>) -> Result<Option<SecretString>> {
    let Some(given) = given else {
        return Ok(None);
    };
    let text = vec![format!("password={given}")];
    let spec = SettingSpec::new("password", "The password").secret();
    let assignment = assignments("--password", &text)?.into_iter().next();
    Ok(assignment.map(|assignment| assignment.secret(&spec)).transpose()?)
}

/// The JSON in a file, or on standard input where the name is `-`.
pub(crate) fn json_in(from: Option<&str>) -> Result<Option<Value>> {
    let text = match from {
        None => return Ok(None),
        Some("-") => {
            let mut text = String::new();
            signal::at_once(|| std::io::stdin().read_to_string(&mut text))
                .map_err(|error| on_this_machine("standard input", error))?;
            text
        }
        Some(path) => fs::read_to_string(path)
            .map_err(|error| on_this_machine(format!("the file {path}"), error))?,
    };
    // What is wrong is told by its place: the text may hold a password.
    let unreadable = |error: serde_json::Error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        invalid(format!("--json-in is no JSON: {place}"), "Give one JSON document.")
    };
    Ok(Some(serde_json::from_str(&text).map_err(unreadable)?))
}
