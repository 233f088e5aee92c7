//! Secrets in files of their own, as Docker, Kubernetes and systemd hand them over.

use std::fs;
use std::path::Path;

use wharf_connector::secrecy::SecretString;
use wharf_connector::{Error, ErrorKind, Result};

use super::{LONGEST, without_line_end};
use crate::failure::{no_secret, on_file, open_to_others};
use crate::folder::{OTHERS, OTHERS_WRITE, mode};

/// Reads a secret from a file that only its owner can read; a line end after it does not count.
///
/// Below `/run/secrets` and `/var/run/secrets`, where Docker and Kubernetes put secrets, others
/// may read it, for there the modes are the platform's affair.
///
/// # Errors
///
/// `Invalid` for a file that is open to others, `NotFound`, `PermissionDenied`, `TooLarge` for
/// more than 64 KiB, `Unauthenticated` for an empty one.
pub fn secret_file(path: &Path) -> Result<SecretString> {
    let failed = |error| on_file(WHAT, path, error);
    let file = fs::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    check_mode(path, mode(&metadata))?;
    if metadata.len() > LONGEST {
        let message = format!("{WHAT} {} is larger than {LONGEST} bytes", path.display());
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    let text = std::io::read_to_string(file).map_err(failed)?;
    let secret = without_line_end(&text);
    if secret.is_empty() {
        let message = format!("{WHAT} {} is empty", path.display());
        return Err(no_secret(message, "Write the secret into it."));
    }
    Ok(secret.into())
}

fn check_mode(path: &Path, mode: u32) -> Result<()> {
    let real = fs::canonicalize(path);
    let kept_by_platform =
        real.is_ok_and(|real| PLATFORM.iter().any(|folder| real.starts_with(folder)));
    if mode & OTHERS == 0 || (kept_by_platform && mode & OTHERS_WRITE == 0) {
        return Ok(());
    }
    Err(open_to_others(WHAT, path, mode))
}

const WHAT: &str = "the secret file";
const PLATFORM: [&str; 2] = ["/run/secrets", "/var/run/secrets"];

#[cfg(test)]
mod tests {
    use super::*;
    use wharf_connector::secrecy::ExposeSecret;

    #[test]
    #[cfg(unix)]
    fn it_is_read_only_while_it_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "0123abc\r\n").unwrap();
        for (mode, good) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            match secret_file(&path) {
                Ok(secret) if good => assert_eq!(secret.expose_secret(), "0123abc"),
                Err(error) if !good => assert!(error.remedy().unwrap().contains("chmod 600")),
                other => panic!("{mode:o}: {other:?}"),
            }
        }
    }

    #[test]
    fn nothing_in_it_is_no_secret() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let empty = secret_file(file.path()).unwrap_err();
        assert_eq!(empty.kind(), ErrorKind::Unauthenticated);
        let missing = secret_file(Path::new("/nothing/here")).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
    }
}
