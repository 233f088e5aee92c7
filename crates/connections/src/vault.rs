//! The vault: secrets in one file, encrypted as a whole in the format of age.
//!
//! What is in it when it is open (`age --decrypt vault.age` shows it too):
//!
//! ```text
//! [secret]
//! "acme/api_key" = "..."
//! ```

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, Table, value};
use wharf_connector::secrecy::{ExposeSecret, SecretString};
use wharf_connector::{Error, ErrorKind, Result};

#[cfg(feature = "vault")]
mod crypt;
#[cfg(not(feature = "vault"))]
#[path = "vault/left_out.rs"]
mod crypt;

pub(crate) use crypt::{Key, Lid, seal, unseal};

/// What is in an open vault.
#[derive(Debug, Default)]
pub(crate) struct Entries(BTreeMap<String, SecretString>);

impl Entries {
    pub(crate) fn read(text: &SecretString) -> Result<Self> {
        // The parser's message quotes the line, and each line is a secret.
        let document: DocumentMut = text.expose_secret().parse().map_err(|_| strange())?;
        let table = document.get(SECRET).and_then(Item::as_table_like);
        let pair = |(name, item): (&str, &Item)| {
            Ok((name.to_owned(), item.as_str().ok_or_else(strange)?.into()))
        };
        let pairs = table.into_iter().flat_map(|table| table.iter());
        pairs.map(pair).collect::<Result<_>>().map(Self)
    }

    pub(crate) fn text(&self) -> SecretString {
        let mut table = Table::new();
        for (name, secret) in &self.0 {
            table.insert(name, value(secret.expose_secret()));
        }
        let mut document = DocumentMut::new();
        document.insert(SECRET, Item::Table(table));
        format!("{HEADING}{document}").into()
    }

    pub(crate) fn get(&self, name: &str) -> Result<SecretString> {
        self.0.get(name).cloned().ok_or_else(|| {
            Error::new(ErrorKind::Unauthenticated, format!("the vault has no entry {name}"))
                .with_remedy("Give the secret again: wharf connection rotate NAME.")
        })
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn set(&mut self, name: &str, secret: &SecretString) {
        self.0.insert(name.to_owned(), secret.clone());
    }

    pub(crate) fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn strange() -> Error {
    Error::new(ErrorKind::Corrupted, "the vault opens, but what is in it makes no sense")
        .with_remedy("Look into it with the program age, and mend or remove it.")
}

const SECRET: &str = "secret";
const HEADING: &str =
    "# Secrets of wharf. Written by it, read by it and by whoever opens this.\n\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_survive_writing_and_reading() {
        let mut entries = Entries::default();
        for (name, secret) in [("acme/api_key", "0123"), ("b.c/\"q\"", "line\nend\u{1f511}'")] {
            entries.set(name, &secret.into());
        }
        let mut again = Entries::read(&entries.text()).unwrap();
        assert_eq!(again.names(), entries.names());
        assert_eq!(again.get("b.c/\"q\"").unwrap().expose_secret(), "line\nend\u{1f511}'");
        assert!(again.remove("acme/api_key") && !again.remove("acme/api_key"));
        assert_eq!(again.get("acme/api_key").unwrap_err().kind(), ErrorKind::Unauthenticated);
    }

    #[test]
    fn no_message_quotes_a_line() {
        for text in ["[secret]\na = hunter2", "[secret]\na = [\"hunter2\"]"] {
            let error = Entries::read(&text.into()).unwrap_err();
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
