//! What a person can do about an error.

use super::{ErrorGroup, ErrorType};

/// By type, then by group. The first two are the advice of the page on Boomi's partner connection
/// for Files.com.
pub(super) fn remedy(error_type: Option<&ErrorType>, group: ErrorGroup) -> Option<&'static str> {
    let name = error_type.and_then(ErrorType::name).unwrap_or_default();
    BY_NAME
        .iter()
        .find(|(known, names, _)| *known == group && names.contains(&name))
        .map(|(_, _, remedy)| *remedy)
        .or_else(|| by_group(group))
}

fn by_group(group: ErrorGroup) -> Option<&'static str> {
    match group {
        ErrorGroup::NotAuthenticated => Some(NEW_KEY),
        ErrorGroup::NotFound => {
            Some("make sure the API key has permission to access the item, or use one that has")
        }
        ErrorGroup::NotAuthorized => {
            Some("ask an administrator for the permission, or use an API key that has it")
        }
        ErrorGroup::RateLimited => Some("wait, then try again with fewer requests at a time"),
        ErrorGroup::ServiceUnavailable => Some("try again later"),
        ErrorGroup::SiteConfiguration => {
            Some("ask an administrator of the site to allow it in its settings")
        }
        ErrorGroup::BadRequest | ErrorGroup::ProcessingFailure | ErrorGroup::Unknown => None,
    }
}

const NEW_KEY: &str = "update the connection with a valid API key and try again";
const UNLOCK: &str = "wait until it is unlocked, or have it unlocked";

type Row = (ErrorGroup, &'static [&'static str], &'static str);

const BY_NAME: &[Row] = &[
    (ErrorGroup::NotAuthenticated, &["invalid-session"], "sign in again"),
    (
        ErrorGroup::NotAuthenticated,
        &["invalid-username-or-password"],
        "check the user name and the password, and try again",
    ),
    (
        ErrorGroup::NotAuthenticated,
        &[
            "additional-authentication-required",
            "one-time-password-incorrect",
            "two-factor-authentication-error",
            "two-factor-authentication-setup-expired",
        ],
        "use an API key, which needs no second factor",
    ),
    (
        ErrorGroup::NotAuthenticated,
        &["locked-out"],
        "wait until the lock ends, or have an administrator unlock the user",
    ),
    (
        ErrorGroup::NotAuthenticated,
        &["lockout-region-mismatch"],
        "connect to the host that the answer names",
    ),
    (
        ErrorGroup::NotAuthorized,
        &["api-key-is-path-restricted"],
        "stay below the folder that the API key is restricted to, or use another one",
    ),
    (
        ErrorGroup::NotAuthorized,
        &["must-authenticate-with-api-key"],
        "use an API key instead of a session",
    ),
    (
        ErrorGroup::NotAuthorized,
        &["api-key-is-disabled"],
        "have the API key enabled, or use another one",
    ),
    (ErrorGroup::NotFound, &["file-upload-not-found"], "begin the upload again"),
    (
        ErrorGroup::BadRequest,
        &["cannot-download-directory"],
        "list the folder and download its files",
    ),
    (
        ErrorGroup::BadRequest,
        &["path-cannot-have-trailing-whitespace"],
        "remove the blanks at the end of the name",
    ),
    (
        ErrorGroup::ProcessingFailure,
        &["destination-exists"],
        "choose another name, or allow the old item to be replaced",
    ),
    (
        ErrorGroup::ProcessingFailure,
        &["destination-parent-does-not-exist"],
        "create the folder first",
    ),
    (
        ErrorGroup::ProcessingFailure,
        &["folder-not-empty"],
        "delete the content first, or delete recursively",
    ),
    (
        ErrorGroup::ProcessingFailure,
        &["file-locked", "folder-locked", "resource-locked", "subfolder-locked"],
        UNLOCK,
    ),
    (
        ErrorGroup::ProcessingFailure,
        &["filename-too-long", "path-too-long"],
        "choose a shorter name",
    ),
    (
        ErrorGroup::ProcessingFailure,
        &[
            "agent-unavailable",
            "file-pending-processing",
            "remote-server-error",
            "sync-in-progress",
        ],
        "try again later",
    ),
    (
        ErrorGroup::RateLimited,
        &["too-many-login-attempts", "too-many-concurrent-logins"],
        "wait before signing in again, or use an API key",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_in_the_catalog() {
        for (group, names, _) in BY_NAME {
            for name in *names {
                let error_type = ErrorType::from(&*format!("{group}/{name}"));
                assert!(error_type.is_cataloged(), "{error_type}");
            }
        }
    }

    #[test]
    fn a_name_counts_in_its_group_only() {
        let elsewhere = ErrorType::from("not-found/destination-exists");
        assert_eq!(remedy(Some(&elsewhere), elsewhere.group()), by_group(ErrorGroup::NotFound));
        assert_eq!(remedy(None, ErrorGroup::Unknown), None);
    }
}
