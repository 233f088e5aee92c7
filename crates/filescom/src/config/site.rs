//! From a site as a person writes it to the address of its interface.

use url::Url;
use wharf_connector::ErrorKind;

use crate::error::{Error, Result};

/// The address below which all paths of the interface lie.
///
/// The rules are those that rclone and the official tools share: no scheme means `https`, no dot
/// means a subdomain of `files.com`.
pub(crate) fn base_address(site: &str) -> Result<String> {
    let site = site.trim();
    let (scheme, rest) = match site.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), site),
    };
    if !matches!(scheme.as_str(), "https" | "http") {
        return Err(refused("its scheme is neither https nor http"));
    }
    let rest = rest.trim_end_matches('/');
    let rest = rest.strip_suffix(PREFIX).unwrap_or(rest);
    let host = match rest {
        "" => DEFAULT_HOST.to_owned(),
        name if is_subdomain(name) => format!("{name}.{DOMAIN}"),
        host => host.to_owned(),
    };
    let address = format!("{scheme}://{host}");
    if host.ends_with(':') {
        return Err(refused("its port is missing"));
    }
    let url = Url::parse(&address).map_err(|_| refused("it is no host"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("it has a user in it; this service is opened by a key alone"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("something follows after the host"));
    }
    Ok(format!("{address}{PREFIX}"))
}

/// Whether a host belongs to the service itself.
pub(crate) fn is_service_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == DOMAIN || host.strip_suffix(DOMAIN).is_some_and(|rest| rest.ends_with('.'))
}

fn is_subdomain(name: &str) -> bool {
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        && name != "localhost"
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Invalid, format!("the site cannot be used: {why}"))
        .with_remedy("A site is a subdomain such as `acme`, or a host such as `acme.files.com`.")
}

/// Where the interface lies on every host (Files.com REST API reference).
const PREFIX: &str = "/api/rest/v1";
const DOMAIN: &str = "files.com";
const DEFAULT_HOST: &str = "app.files.com";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites() {
        for (site, base) in [
            ("", "https://app.files.com"),
            ("acme", "https://acme.files.com"),
            ("acme-2", "https://acme-2.files.com"),
            ("acme.files.com", "https://acme.files.com"),
            ("acme.files.com/", "https://acme.files.com"),
            ("https://acme.files.com/", "https://acme.files.com"),
            ("https://acme.files.com/api/rest/v1/", "https://acme.files.com"),
            ("HTTPS://files.acme.com", "https://files.acme.com"),
            ("files.acme.com:8443", "https://files.acme.com:8443"),
            ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
            ("http://localhost", "http://localhost"),
            ("localhost:4010", "https://localhost:4010"),
            ("http://[::1]:4010", "http://[::1]:4010"),
        ] {
            assert_eq!(base_address(site).unwrap(), format!("{base}/api/rest/v1"), "{site}");
        }
        for site in [
            "ftp://acme.files.com",
            "me@acme.files.com",
            "me:planted@acme.files.com",
            "acme.files.com/folder",
            "acme.files.com?x=1",
            "acme.files.com#x",
            "a b.files.com",
            "acme.files.com:port",
            "acme.files.com:",
        ] {
            let error = base_address(site).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{site}");
            assert!(!error.to_string().contains("planted"));
        }
    }

    #[test]
    fn hosts_of_the_service() {
        for (host, its) in [
            ("files.com", true),
            ("acme.files.com", true),
            ("eu.acme.FILES.com.", true),
            ("evilfiles.com", false),
            ("files.com.evil.example", false),
            ("files.org", false),
            ("", false),
        ] {
            assert_eq!(is_service_host(host), its, "{host}");
        }
    }
}
