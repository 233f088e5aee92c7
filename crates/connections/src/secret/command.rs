//! Secrets that a command prints: those of a password manager.

use std::io::Read;
use std::process::{Command, Stdio};

use wharf_connector::Result;
use wharf_connector::secrecy::SecretString;

use super::{LONGEST, without_line_end};
use crate::environment::{CONNECTION, VAULT_PASSPHRASE};
use crate::failure::no_secret;

/// The first line that a command of the shell prints. It may ask on the terminal; what it
/// complains of goes to standard error as it is.
pub(crate) fn printed_by(line: &str, ours: &[String]) -> Result<SecretString> {
    let failed = |what: &str| {
        let message = format!("the command `{line}` gave no secret: {what}");
        no_secret(message, "Run it by hand, and see that the secret is the first line it prints.")
    };
    let mut command = shell(line);
    // What opens our own stores is nobody else's business.
    command.env_remove(VAULT_PASSPHRASE);
    for variable in ours.iter().filter(|name| name.starts_with(CONNECTION)) {
        command.env_remove(variable);
    }
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error.to_string()))?;
    let mut text = String::new();
    let read = match child.stdout.take() {
        Some(out) => out.take(LONGEST).read_to_string(&mut text),
        None => Ok(0),
    };
    let status = child.wait().map_err(|error| failed(&error.to_string()))?;
    if !status.success() {
        return Err(failed(&format!("it ended with {status}")));
    }
    read.map_err(|error| failed(&error.to_string()))?;
    let first = text.split_inclusive('\n').next().map(without_line_end).unwrap_or_default();
    if first.is_empty() {
        return Err(failed("it printed nothing"));
    }
    Ok(first.into())
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line]);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.args(["/C", line]);
    command
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use wharf_connector::secrecy::ExposeSecret;

    #[test]
    fn the_first_line_counts() {
        for (line, want) in [
            ("printf 'a b\\nc\\n'", Ok("a b")),
            ("echo x | tr x y", Ok("y")),
            ("echo secret; exit 3", Err("exit status: 3")),
            ("true", Err("printed nothing")),
            ("echo; echo x", Err("printed nothing")),
            ("no-such-program-anywhere 2>/dev/null", Err("exit status: 127")),
        ] {
            match (printed_by(line, &[]), want) {
                (Ok(secret), Ok(want)) => assert_eq!(secret.expose_secret(), want),
                (Err(error), Err(part)) => {
                    assert!(error.to_string().contains(part), "{line}: {error}");
                }
                (got, _) => panic!("{line}: {got:?}"),
            }
        }
    }
}
