//! Which operation an address and a method mean.

use axum::http::Method;

use super::records::{self, Lookup};
use crate::faults::Route;

/// An operation of the interface, and the raw rest of the address that names its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call<'a> {
    pub(crate) operation: Operation,
    pub(crate) rest: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    List,
    CreateFolder,
    Find,
    Download,
    /// `POST /files/{path}`: begins or completes an upload, as its `action` says.
    PostFile,
    BeginUpload,
    Update,
    Delete,
    Copy,
    Move,
    Migration,
    MigrationLogs,
    ListLocks,
    Lock,
    Unlock,
    ShowKey,
    UpdateKey,
    RevokeKey,
    SignIn,
    SignOut,
    /// What is kept as records: see there.
    Record,
    /// The address exists, but not with this method.
    WrongMethod,
    /// Part of the real service, left out here.
    NotModelled,
    /// Not an address of the service.
    Unknown,
}

impl<'a> Call<'a> {
    /// Reads a raw path, percent-encoding and all.
    pub(crate) fn read(method: &Method, path: &'a str) -> Self {
        let Some(rest) = path.strip_prefix(PREFIX) else {
            return Self::new(Operation::Unknown, "");
        };
        for (address, operations) in TABLE {
            if let Some(rest) = rest_after(rest, address) {
                let known = operations.iter().find(|(known, _)| known == method);
                let operation = known.map_or(Operation::WrongMethod, |(_, known)| *known);
                return Self::new(operation, rest);
            }
        }
        let operation = match records::find(method, rest) {
            Lookup::Found(_) => Operation::Record,
            Lookup::WrongMethod => Operation::WrongMethod,
            Lookup::Unknown => Operation::NotModelled,
        };
        Self::new(operation, rest)
    }

    fn new(operation: Operation, rest: &'a str) -> Self {
        Self { operation, rest }
    }

    /// The name under which faults and the log know it. `end` tells what a posted file means.
    pub(crate) fn route(&self, end: bool) -> Route {
        match self.operation {
            Operation::List => Route::List,
            Operation::CreateFolder => Route::CreateFolder,
            Operation::Find => Route::Find,
            Operation::Download => Route::Download,
            Operation::PostFile if end => Route::Complete,
            Operation::PostFile | Operation::BeginUpload => Route::BeginUpload,
            Operation::Update => Route::Update,
            Operation::Delete => Route::Delete,
            Operation::Copy => Route::Copy,
            Operation::Move => Route::Move,
            Operation::Migration => Route::Migration,
            Operation::MigrationLogs => Route::MigrationLogs,
            Operation::ListLocks | Operation::Lock | Operation::Unlock => Route::Locks,
            Operation::ShowKey | Operation::UpdateKey | Operation::RevokeKey => Route::ApiKey,
            Operation::SignIn | Operation::SignOut => Route::Sessions,
            Operation::Record
            | Operation::WrongMethod
            | Operation::NotModelled
            | Operation::Unknown => Route::Other,
        }
    }
}

/// What follows the address of a resource: nothing, or a slash and more.
fn rest_after<'a>(path: &'a str, address: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(address)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

const PREFIX: &str = "/api/rest/v1";
type Operations = &'static [(Method, Operation)];
const TABLE: &[(&str, Operations)] = &[
    ("/folders", &[(Method::GET, Operation::List), (Method::POST, Operation::CreateFolder)]),
    (
        "/files",
        &[
            (Method::GET, Operation::Download),
            (Method::POST, Operation::PostFile),
            (Method::PATCH, Operation::Update),
            (Method::DELETE, Operation::Delete),
        ],
    ),
    ("/file_actions/metadata", &[(Method::GET, Operation::Find)]),
    ("/file_actions/begin_upload", &[(Method::POST, Operation::BeginUpload)]),
    ("/file_actions/copy", &[(Method::POST, Operation::Copy)]),
    ("/file_actions/move", &[(Method::POST, Operation::Move)]),
    ("/file_migrations", &[(Method::GET, Operation::Migration)]),
    ("/file_migration_logs", &[(Method::GET, Operation::MigrationLogs)]),
    (
        "/locks",
        &[
            (Method::GET, Operation::ListLocks),
            (Method::POST, Operation::Lock),
            (Method::DELETE, Operation::Unlock),
        ],
    ),
    (
        "/api_key",
        &[
            (Method::GET, Operation::ShowKey),
            (Method::PATCH, Operation::UpdateKey),
            (Method::DELETE, Operation::RevokeKey),
        ],
    ),
    ("/sessions", &[(Method::POST, Operation::SignIn), (Method::DELETE, Operation::SignOut)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_mean_operations() {
        for (method, path, operation, rest) in [
            (Method::GET, "/api/rest/v1/folders", Operation::List, ""),
            (Method::GET, "/api/rest/v1/folders/a%2Fb", Operation::List, "/a%2Fb"),
            (Method::POST, "/api/rest/v1/folders/a/b", Operation::CreateFolder, "/a/b"),
            (Method::PUT, "/api/rest/v1/folders/a", Operation::WrongMethod, "/a"),
            (Method::GET, "/api/rest/v1/file_migrations/7", Operation::Migration, "/7"),
            (Method::GET, "/api/rest/v1/file_migration_logs", Operation::MigrationLogs, ""),
            (Method::GET, "/api/rest/v1/bundles", Operation::Record, "/bundles"),
            (Method::PATCH, "/api/rest/v1/bundles", Operation::WrongMethod, "/bundles"),
            (Method::GET, "/api/rest/v1/user", Operation::NotModelled, "/user"),
            (Method::GET, "/folders/a", Operation::Unknown, ""),
        ] {
            let expected = Call::new(operation, rest);
            assert_eq!(Call::read(&method, path), expected, "{method} {path}");
        }
    }
}
