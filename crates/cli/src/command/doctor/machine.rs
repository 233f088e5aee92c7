//! What is true of this machine whatever is saved on it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::{Check, Outcome};

pub(super) fn versions() -> Check {
    let version = env!("CARGO_PKG_VERSION");
    let (system, processor) = (env::consts::OS, env::consts::ARCH);
    Check::passed("versions", format!("wharf {version} on {system}, {processor}"))
}

/// Where the certificates are that vouch for others.
pub(super) fn roots() -> Check {
    let name = "TLS roots";
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) else {
            continue;
        };
        let path = PathBuf::from(path);
        let count = certificates(&path);
        let detail = format!("{variable} is {}: {count} certificates", path.display());
        return match count {
            0 => Check::new(name, Outcome::Failed, detail)
                .with_remedy(Some("Point it to certificates in PEM, or unset it.")),
            _ => Check::passed(name, detail),
        };
    }
    if cfg!(any(windows, target_os = "macos")) {
        return Check::passed(name, "those of this system");
    }
    let found = PLACES.iter().map(Path::new).find(|path| path.exists());
    match found.map(|path| (path, certificates(path))) {
        Some((path, count)) if count > 0 => {
            Check::passed(name, format!("{}: {count} certificates", path.display()))
        }
        _ => Check::new(name, Outcome::Failed, "there are none, so that no service can be trusted")
            .with_remedy(Some(
                "Install the package ca-certificates, or set SSL_CERT_FILE to a file of them.",
            )),
    }
}

fn certificates(path: &Path) -> usize {
    if path.is_dir() {
        let files = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        return files.map(|file| certificates(&file.path())).sum();
    }
    let text = fs::read(path).unwrap_or_default();
    text.windows(BEGIN.len()).filter(|window| *window == BEGIN).count()
}

/// By which way requests leave.
pub(super) fn proxy() -> Check {
    let mut said = Vec::new();
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        let lower = name.to_ascii_lowercase();
        for variable in [name, &lower] {
            if let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) {
                said.push(format!("{variable}={}", without_password(&value.to_string_lossy())));
            }
        }
    }
    if said.is_empty() {
        return Check::passed("proxy", "none is set; requests go straight to the service");
    }
    let detail = format!("{} (never for this machine itself)", said.join(", "));
    Check::passed("proxy", detail)
}

fn without_password(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("://").map(|(scheme, _)| format!("{scheme}://"));
            format!("{}[hidden]@{host}", scheme.unwrap_or_default())
        }
        None => address.to_owned(),
    }
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Where distributions put them.
const PLACES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/ssl/certs",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_proxy_is_not_shown() {
        for (address, want) in [
            ("http://proxy:3128", "http://proxy:3128"),
            ("http://anna:hunter2@proxy:3128", "http://[hidden]@proxy:3128"),
            ("anna:hun@ter2@proxy", "[hidden]@proxy"),
        ] {
            assert_eq!(without_password(address), want);
        }
    }

    #[test]
    fn certificates_are_counted_in_files_and_folders() {
        let folder = tempfile::tempdir().unwrap();
        let pem = "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n";
        fs::write(folder.path().join("a"), pem).unwrap();
        fs::write(folder.path().join("b"), pem).unwrap();
        assert_eq!(certificates(folder.path()), 4);
        assert_eq!(certificates(&folder.path().join("missing")), 0);
    }
}
