//! How Files.com is spoken to: who signs, and what its refusals ask of us.

use async_trait::async_trait;
use url::Url;
use wharf_model::filescom::{ErrorBody, ErrorGroup, ErrorType, StorageErrorKind};
use wharf_transport::{Base, Dialect, Refusal, Request, Result, Transport, Verdict};

use crate::config::{Credentials, is_service_host};

/// Signs with a key or a session, and reads refusals by their type.
#[derive(Debug)]
pub(crate) struct FilesComDialect {
    credentials: Credentials,
    workspace_id: Option<i64>,
}

impl FilesComDialect {
    pub(crate) fn new(credentials: Credentials, workspace_id: Option<i64>) -> Self {
        Self { credentials, workspace_id }
    }
}

#[async_trait]
impl Dialect for FilesComDialect {
    async fn sign(&self, request: &mut Request, _: &Transport) -> Result<()> {
        match &self.credentials {
            Credentials::ApiKey(key) => request.insert_secret("x-filesapi-key", key)?,
            Credentials::Session(id) => request.insert_secret("x-filesapi-auth", id)?,
            Credentials::None => {
                let message = "this client has no credentials but for opening a session";
                return Err(wharf_transport::Error::unauthenticated(message));
            }
        }
        if let Some(id) = self.workspace_id {
            request.insert_secret("x-files-workspace-id", &id.to_string().into())?;
        }
        Ok(())
    }

    fn count_call(&self) -> Result<()> {
        wharf_service::begin_call()
    }

    fn uncount_call(&self) {
        wharf_service::take_back_call();
    }

    fn judge(&self, refusal: &Refusal) -> Verdict {
        let body = ErrorBody::from_response(refusal.status().as_u16(), refusal.body());
        if let Some(storage) = &body.storage {
            return of_storage(storage.kind(), refusal);
        }
        match &body.error_type {
            Some(error_type) if *error_type == "not-authenticated/lockout-region-mismatch" => {
                let host = body.data.as_ref().and_then(|data| data.host.as_deref());
                let host = host.or_else(|| refusal.header("x-files-host"));
                host.and_then(place).map_or(Verdict::Final, Verdict::Rehost)
            }
            Some(error_type) => of_type(error_type, refusal),
            None => of_status(refusal),
        }
    }

    fn may_move(&self, base: &Base, to: &Url) -> bool {
        let Some(host) = to.host_str() else {
            return false;
        };
        let ours = base.host();
        let port = to.port_or_known_default();
        let same_port = port == base.url().port_or_known_default();
        if base.is_loopback() {
            // Behind another port of this machine listens somebody else.
            return host == ours && same_port;
        }
        let own = host == ours || host.strip_suffix(ours).is_some_and(|rest| rest.ends_with('.'));
        let usual = port == Some(443) || same_port;
        usual && (is_service_host(host) || own)
    }
}

fn of_type(error_type: &ErrorType, refusal: &Refusal) -> Verdict {
    let name = error_type.name().unwrap_or_default();
    match error_type.group() {
        ErrorGroup::RateLimited => match name {
            "too-many-login-attempts"
            | "too-many-shares"
            | "duplicate-share-recipient"
            | "reauthentication-rate-limited" => Verdict::Final,
            _ => Verdict::Throttled { after: None },
        },
        ErrorGroup::ServiceUnavailable if name == "site-disabled" => Verdict::Final,
        ErrorGroup::ServiceUnavailable => Verdict::Retry { after: None },
        ErrorGroup::ProcessingFailure
            if matches!(
                name,
                "agent-unavailable"
                    | "file-pending-processing"
                    | "remote-server-error"
                    | "sync-in-progress"
            ) =>
        {
            Verdict::Retry { after: None }
        }
        ErrorGroup::NotFound => Verdict::Missing,
        ErrorGroup::Unknown => of_status(refusal),
        _ => Verdict::Final,
    }
}

/// 503 is how the service and what stands before it turn a request away; after the other failures
/// it may have been carried out.
fn of_status(refusal: &Refusal) -> Verdict {
    match refusal.status().as_u16() {
        500 => Verdict::Retry { after: None },
        503 | 509 => Verdict::Throttled { after: None },
        _ => Verdict::by_status(refusal),
    }
}

/// A storage that has no time says so with status 400 or 503; an address that ended is renewed by
/// whoever asked for it.
fn of_storage(kind: StorageErrorKind, refusal: &Refusal) -> Verdict {
    match kind {
        kind if kind.is_transient() => Verdict::Retry { after: None },
        StorageErrorKind::Unknown => match refusal.status().as_u16() {
            500 | 503 => Verdict::Retry { after: None },
            _ => Verdict::by_status(refusal),
        },
        _ => Verdict::Final,
    }
}

/// The address of a host as the service names it: mostly without a scheme.
fn place(host: &str) -> Option<Url> {
    let host = host.trim().trim_end_matches('/');
    let url = match host.contains("://") {
        true => Url::parse(host),
        false if is_this_machine(host) => Url::parse(&format!("http://{host}")),
        false => Url::parse(&format!("https://{host}")),
    };
    url.ok().filter(|url| url.host_str().is_some())
}

/// A stand-in for the service on this machine has no TLS. Whether we may go there is not decided
/// here.
fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use wharf_transport::{HeaderMap, StatusCode};

    use super::*;

    fn dialect() -> FilesComDialect {
        FilesComDialect::new(Credentials::None, None)
    }

    fn verdict(status: u16, body: &str) -> Verdict {
        let status = StatusCode::from_u16(status).unwrap();
        dialect().judge(&Refusal::new(status, HeaderMap::new(), body.to_owned()))
    }

    fn typed(status: u16, error_type: &str) -> Verdict {
        verdict(status, &format!(r#"{{"type":"{error_type}"}}"#))
    }

    #[test]
    fn what_is_worth_repeating() {
        let (retry, throttled) =
            (Verdict::Retry { after: None }, Verdict::Throttled { after: None });
        for (status, error_type, wanted) in [
            (429, "rate-limited/too-many-requests", &throttled),
            (429, "rate-limited/too-many-concurrent-requests", &throttled),
            (429, "rate-limited/unheard-of", &throttled),
            (429, "rate-limited/too-many-login-attempts", &Verdict::Final),
            (429, "rate-limited/too-many-shares", &Verdict::Final),
            (422, "service-unavailable/migration-in-progress", &retry),
            (422, "service-unavailable/site-disabled", &Verdict::Final),
            (422, "processing-failure/remote-server-error", &retry),
            (422, "processing-failure/destination-exists", &Verdict::Final),
            (422, "processing-failure/file-locked", &Verdict::Final),
            (404, "not-found", &Verdict::Missing),
            (401, "not-authenticated/invalid-credentials", &Verdict::Final),
            (403, "not-authorized/write-permission-required", &Verdict::Final),
            (422, "bad-request/invalid-cursor", &Verdict::Final),
            (500, "unheard/of", &retry),
        ] {
            assert_eq!(typed(status, error_type), *wanted, "{error_type}");
        }
        for (status, wanted) in [
            (500, &retry),
            (501, &Verdict::Final),
            (502, &retry),
            (503, &throttled),
            (504, &retry),
            (429, &throttled),
            (404, &Verdict::Missing),
            (400, &Verdict::Final),
        ] {
            assert_eq!(verdict(status, "<html></html>"), *wanted, "{status}");
        }
    }

    #[test]
    fn storage_is_judged_by_its_code() {
        let of = |status, code: &str, message: &str| {
            verdict(
                status,
                &format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"),
            )
        };
        let retry = Verdict::Retry { after: None };
        assert_eq!(of(400, "RequestTimeout", ""), retry);
        assert_eq!(of(503, "SlowDown", ""), retry);
        assert_eq!(of(500, "Novel", ""), retry);
        assert_eq!(of(403, "AccessDenied", "Request has expired"), Verdict::Final);
        assert_eq!(of(404, "NoSuchKey", ""), Verdict::Final);
    }

    #[test]
    fn the_region_names_a_host() {
        let mismatch = |host: &str| {
            let body = format!(
                r#"{{"type":"not-authenticated/lockout-region-mismatch","data":{{"host":"{host}"}}}}"#
            );
            verdict(403, &body)
        };
        for (host, url) in [
            ("eu.files.com", "https://eu.files.com/"),
            ("https://eu.files.com", "https://eu.files.com/"),
            ("127.0.0.1:4010", "http://127.0.0.1:4010/"),
        ] {
            assert_eq!(mismatch(host), Verdict::Rehost(Url::parse(url).unwrap()));
        }
        assert_eq!(mismatch(""), Verdict::Final);
        assert_eq!(typed(403, "not-authenticated/lockout-region-mismatch"), Verdict::Final);
    }

    #[test]
    fn the_key_goes_to_our_own_hosts_only() {
        for (base, to, may) in [
            ("https://acme.files.com", "https://eu.files.com", true),
            ("https://app.files.com", "https://files.com", true),
            ("https://files.acme.com", "https://eu.files.com", true),
            ("https://files.acme.com", "https://eu.files.acme.com", true),
            ("https://files.acme.com", "https://acme.com", false),
            ("https://files.acme.com", "https://evilfiles.acme.com", false),
            ("https://acme.files.com", "https://evilfiles.com", false),
            ("https://acme.files.com", "https://files.com.evil.example", false),
            ("https://acme.files.com", "https://eu.files.com:444", false),
            ("http://127.0.0.1:4010", "http://127.0.0.1:4010", true),
            ("http://127.0.0.1:4010", "http://127.0.0.1:4011", false),
            ("http://127.0.0.1:4010", "https://eu.files.com", false),
            ("http://127.0.0.1:4010", "http://localhost:4010", false),
        ] {
            let (base, to) = (Base::parse(base).unwrap(), Url::parse(to).unwrap());
            assert_eq!(dialect().may_move(&base, &to), may, "{base} to {to}");
        }
    }
}
