//! Questions to a person, at the terminal.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use wharf::connections::{AskPassphrase, Occasion, VAULT_PASSPHRASE, VAULT_PASSPHRASE_FILE};
use wharf::connector::secrecy::{ExposeSecret, SecretString};
use wharf::connector::{Error, SettingSpec};
use wharf::{ErrorKind, Target};

use crate::exit;
use crate::failure::{Result, invalid, on_this_machine};
use crate::signal;

/// Whether there is somebody to ask.
pub(crate) fn somebody_is_there() -> bool {
    io::stdin().is_terminal()
}

/// Asks for the secret of an account, without echo. Where there is nobody to ask, or no answer
/// comes, `refused` is what is left to say, with the other ways to give it. For an account without
/// a name the service's own variable is one of them.
pub(crate) fn secret(
    spec: &SettingSpec,
    target: &Target,
    refused: Error,
    is_named: bool,
) -> Result<SecretString> {
    let missing = || refused_with_ways(spec, is_named);
    if !somebody_is_there() {
        return Err(refused.with_remedy(missing()).into());
    }
    let user = target.user().map(|user| format!("{user}@")).unwrap_or_default();
    let whom = format!("{}://{user}{}", target.scheme(), target.authority());
    let answer = hidden(&format!("{} for {whom} (not shown): ", spec.name))?;
    if answer.expose_secret().is_empty() {
        return Err(refused.with_remedy(missing()).into());
    }
    Ok(answer)
}

/// Asks whether to go on. Where there is nobody to ask, the answer is `flag`.
pub(crate) fn may_go_on(question: &str, flag: bool, name_of_flag: &str) -> Result<()> {
    if flag {
        return Ok(());
    }
    if !somebody_is_there() {
        let remedy = format!("Say {name_of_flag} if that is meant.");
        return Err(invalid(format!("{question} Nobody is there to say yes"), remedy).into());
    }
    let mut answer = String::new();
    let asked = write!(io::stderr(), "{question} [y/N] ").and_then(|()| io::stderr().flush());
    asked
        .and_then(|()| signal::at_once(|| io::stdin().read_line(&mut answer)))
        .map_err(|error| on_this_machine("the question cannot be asked", error))?;
    if ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err(invalid("nothing was done", format!("Answer y, or say {name_of_flag}.")).into())
}

/// Asks for a passphrase that is yet to be made up, twice.
pub(crate) fn new_passphrase(whose: &str) -> Result<SecretString, Error> {
    let remedy = "Answer at a terminal.";
    if !somebody_is_there() {
        return Err(invalid(format!("nobody is there to make up {whose}"), remedy));
    }
    let first = hidden(&format!("A new passphrase for {whose} (not shown): "))?;
    if first.expose_secret().chars().count() < SHORTEST {
        let message = format!("a passphrase of fewer than {SHORTEST} letters protects nothing");
        return Err(invalid(message, "Take a longer one: several words do well."));
    }
    let second = hidden("The same again (not shown): ")?;
    if first.expose_secret() != second.expose_secret() {
        return Err(invalid("the two passphrases differ", "Try again. Nothing was changed."));
    }
    Ok(first)
}

/// Asks for a passphrase that is known.
pub(crate) fn known_passphrase(whose: &str) -> Result<SecretString, Error> {
    if !somebody_is_there() {
        let message = format!("nobody is there to give {whose}");
        return Err(Error::new(ErrorKind::Unauthenticated, message));
    }
    hidden(&format!("The passphrase of {whose} (not shown): "))
}

/// The terminal as the one who is asked for the passphrase of the vault.
#[derive(Debug)]
pub(crate) struct Terminal;

impl AskPassphrase for Terminal {
    fn passphrase(&self, vault: &Path, occasion: Occasion) -> Result<SecretString, Error> {
        if !somebody_is_there() {
            let message = format!("the vault {} needs its passphrase", vault.display());
            return Err(Error::new(ErrorKind::Unauthenticated, message).with_remedy(format!(
                "Set {VAULT_PASSPHRASE_FILE} to a file that holds it and that only you can \
                 read, or {VAULT_PASSPHRASE}, or run this at a terminal."
            )));
        }
        let whose = format!("the vault {}", vault.display());
        match occasion {
            Occasion::Make => new_passphrase(&whose),
            _ => known_passphrase(&whose),
        }
    }
}

fn hidden(question: &str) -> Result<SecretString, Error> {
    match rpassword::prompt_password(question) {
        Ok(answer) => Ok(answer.into()),
        // Ctrl-C: nothing has begun that would have to be cleaned up.
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            std::process::exit(exit::STOPPED.into())
        }
        Err(error) => Err(on_this_machine("the secret cannot be asked for", error)),
    }
}

fn refused_with_ways(spec: &SettingSpec, is_named: bool) -> String {
    let name = spec.name;
    let file = format!("to a file that holds it: --set {name}=@PATH");
    match spec.env.filter(|_| !is_named) {
        Some(variable) => format!("Set the variable {variable}, or point {file}."),
        None => format!("Point {file}, or to a variable: --set {name}=@env:VARIABLE."),
    }
}

const SHORTEST: usize = 8;
