//! Settings from the command line: `--set name=value`, and `--set name=@where` for secrets.

use std::path::Path;
use std::str::FromStr;
use std::{env, fs};

use wharf::ErrorKind;
use wharf::connections::secret_file;
use wharf::connector::secrecy::SecretString;
use wharf::connector::{Error, SettingSpec};

use crate::failure::{invalid, on_this_machine};

/// One `name=value`.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    name: String,
    source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
enum Source {
    /// The argument itself. Its text is never shown: it may be a secret in the wrong place.
    Given(Given),
    /// `@env:NAME`.
    Variable(String),
    /// `@PATH` or `@file:PATH`.
    File(String),
}

#[derive(Clone)]
struct Given(String);

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[given]")
    }
}

impl Assignment {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The value of a setting that may be shown.
    pub(crate) fn text(&self) -> Result<String, Error> {
        match &self.source {
            Source::Given(Given(value)) => Ok(value.clone()),
            Source::Variable(name) => variable(name),
            Source::File(path) => fs::read_to_string(path)
                .map(|text| without_line_end(&text).to_owned())
                .map_err(|error| on_this_machine(format!("the file {path}"), error)),
        }
    }

    /// The value of a secret, which an argument cannot hold.
    pub(crate) fn secret(&self, spec: &SettingSpec) -> Result<SecretString, Error> {
        match &self.source {
            Source::Given(_) => Err(secret_in_the_clear(spec)),
            Source::Variable(name) => variable(name).map(Into::into),
            Source::File(path) => secret_file(Path::new(path)),
        }
    }
}

/// Reads what stands behind one option, such as `--set`.
pub(crate) fn assignments(option: &str, texts: &[String]) -> Result<Vec<Assignment>, Error> {
    let read = |text: &String| text.parse().map_err(|form| unreadable(option, form));
    texts.iter().map(read).collect()
}

fn unreadable(option: &str, form: &str) -> Error {
    invalid(format!("a value of {option} cannot be read"), format!("{form}."))
}

impl FromStr for Assignment {
    type Err = &'static str;

    /// The message never repeats the text: it may hold a secret.
    fn from_str(text: &str) -> Result<Self, &'static str> {
        let (name, value) = text
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or("The form is NAME=VALUE, NAME=@env:VARIABLE or NAME=@PATH")?;
        let source = match value.strip_prefix('@') {
            None => Source::Given(Given(value.to_owned())),
            Some(literal) if literal.starts_with('@') => Source::Given(Given(literal.to_owned())),
            Some(place) => match place.split_once(':') {
                Some(("env", name)) => Source::Variable(name.to_owned()),
                Some(("file", path)) => Source::File(path.to_owned()),
                _ => Source::File(place.to_owned()),
            },
        };
        Ok(Self { name: name.to_owned(), source })
    }
}

/// The content of an environment variable, unless it is unset or empty.
pub(crate) fn from_environment(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Error::new(ErrorKind::Invalid, format!("the variable {name} is not UTF-8")))
        }
    }
}

fn variable(name: &str) -> Result<String, Error> {
    from_environment(name)?.ok_or_else(|| {
        let message = format!("the variable {name} is not set");
        Error::new(ErrorKind::Unauthenticated, message)
    })
}

fn secret_in_the_clear(spec: &SettingSpec) -> Error {
    let name = spec.name;
    let instead = match spec.env {
        Some(variable) => format!("Set the variable {variable}, or write"),
        None => "Write".to_owned(),
    };
    invalid(
        format!(
            "`{name}` is a secret, and arguments can be read by everyone on this machine and \
             stay in the history of the shell"
        ),
        format!(
            "{instead} --set {name}=@PATH to have it read from a file, or --set \
             {name}=@env:VARIABLE. If the secret was real, renew it."
        ),
    )
}

fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wharf::connector::secrecy::ExposeSecret;

    const KEY: SettingSpec = SettingSpec::new("api_key", "the key").secret().env("KEY");

    fn read(text: &str) -> Assignment {
        text.parse().unwrap()
    }

    #[test]
    fn values_are_taken_letter_by_letter() {
        for (text, want) in
            [("a=b", "b"), ("a=", ""), ("a=b=c", "b=c"), ("a=@@b", "@b"), ("a= b ", " b ")]
        {
            assert_eq!(read(text).text().unwrap(), want, "{text}");
        }
        for text in ["", "a", "=b"] {
            assert!(text.parse::<Assignment>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_refused_in_an_argument_and_not_repeated() {
        let assignment = read("api_key=hunter2");
        let error = assignment.secret(&KEY).unwrap_err();
        let text = format!("{error} {error:?} {:?} {assignment:?}", error.remedy());
        assert!(text.contains("KEY"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    #[cfg(unix)]
    fn a_secret_file_is_read_only_while_it_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "0123abc\n").unwrap();
        for (mode, good) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let secret = read(&format!("api_key=@{}", path.display())).secret(&KEY);
            match secret {
                Ok(secret) if good => assert_eq!(secret.expose_secret(), "0123abc"),
                Err(error) if !good => assert!(error.remedy().unwrap().contains("chmod 600")),
                other => panic!("{mode:o}: {other:?}"),
            }
        }
        let missing = read("api_key=@file:/nothing/here").secret(&KEY).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        let unset = read("api_key=@env:WHARF_TEST_NEVER_SET").secret(&KEY);
        assert!(unset.unwrap_err().to_string().contains("WHARF_TEST_NEVER_SET"));
    }
}
