//! What the operating system says, in the words of the contract.

use std::io;

use wharf_connector::{Error, ErrorKind, Operation, Reached, RemotePath};

/// Translates an answer of the operating system. The caller adds operation and path.
pub(crate) fn from_io(error: io::Error) -> Error {
    if is_escape(&error) {
        return Error::new(ErrorKind::PermissionDenied, "a symbolic link leads out of the root")
            .with_source(error);
    }
    let (kind, message, remedy) = meaning(error.kind());
    let told = match message {
        Some(message) => Error::new(kind, message),
        None => Error::new(kind, spoken(&error)),
    };
    let told = match remedy {
        Some(remedy) => told.with_remedy(remedy),
        None => told,
    };
    told.with_source(error)
}

/// Something stands where another was to go.
pub(crate) fn something_there() -> Error {
    Error::new(ErrorKind::AlreadyExists, "something stands there already")
}

/// An error about something that lies in a folder.
pub(crate) fn in_it(name: &str, error: Error) -> Error {
    let told = Error::new(error.kind(), format!("{name:?} in it: {}", error.message()));
    match error.remedy().map(str::to_owned) {
        Some(remedy) => told.with_remedy(remedy).with_source(error),
        None => told.with_source(error),
    }
}

/// What went wrong where a file was to be put: that place, and what to do. What failed elsewhere
/// says so itself, and stays as it is.
pub(crate) fn unwritable(error: Error, at: &RemotePath) -> Error {
    if error.operation().is_some() {
        return error;
    }
    let remedy = match error.kind() {
        ErrorKind::PermissionDenied => {
            "Choose another place, or let the user who runs this program write there."
        }
        ErrorKind::NotFound => "No file can be made there: choose another place.",
        ErrorKind::NotAFolder => "A file stands on the way: choose another place, or move it away.",
        _ => return error.during(Operation::Write, at),
    };
    let error = if error.remedy().is_none() { error.with_remedy(remedy) } else { error };
    error.with_reached(Reached::No).during(Operation::Write, at)
}

/// A symbolic link, where links are not followed.
pub(crate) fn link_refused() -> Error {
    Error::new(ErrorKind::Unsupported, "it is a symbolic link, and links are not followed")
        .with_remedy("Name the file itself, or allow links with the setting `follow_symlinks`.")
}

/// A device, a pipe, a socket.
pub(crate) fn special_refused() -> Error {
    Error::new(ErrorKind::Unsupported, "it is neither a file nor a folder")
}

/// The jail answers so when a link would lead out of it. It is no answer of the system,
/// so it has no number.
fn is_escape(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

type Meaning = (ErrorKind, Option<&'static str>, Option<&'static str>);

fn meaning(kind: io::ErrorKind) -> Meaning {
    use io::ErrorKind as Io;
    match kind {
        Io::NotFound => (ErrorKind::NotFound, Some("there is nothing here"), None),
        Io::PermissionDenied => {
            (ErrorKind::PermissionDenied, Some("the file system does not permit it"), None)
        }
        Io::ReadOnlyFilesystem => {
            (ErrorKind::PermissionDenied, Some("the file system is read-only"), None)
        }
        Io::AlreadyExists => {
            (ErrorKind::AlreadyExists, Some("something stands there already"), None)
        }
        Io::DirectoryNotEmpty => (ErrorKind::NotEmpty, Some("the folder is not empty"), None),
        Io::IsADirectory => (ErrorKind::IsAFolder, Some("it is a folder"), None),
        Io::NotADirectory => (ErrorKind::NotAFolder, Some("it is a file"), None),
        Io::StorageFull | Io::QuotaExceeded => {
            (ErrorKind::TooLarge, None, Some("Free some space, or choose another disk."))
        }
        Io::FileTooLarge => (ErrorKind::TooLarge, None, None),
        Io::CrossesDevices => {
            let message = "source and destination lie on different file systems";
            (ErrorKind::Unsupported, Some(message), Some("Copy, then delete."))
        }
        Io::Unsupported => (ErrorKind::Unsupported, None, None),
        Io::InvalidInput | Io::InvalidFilename => (ErrorKind::Invalid, None, None),
        Io::ResourceBusy | Io::ExecutableFileBusy | Io::Deadlock => {
            (ErrorKind::Conflict, None, None)
        }
        Io::TimedOut => (ErrorKind::Timeout, None, None),
        Io::StaleNetworkFileHandle | Io::HostUnreachable | Io::NetworkUnreachable => {
            (ErrorKind::Unavailable, None, None)
        }
        Io::Interrupted | Io::UnexpectedEof => (ErrorKind::Interrupted, None, None),
        _ => (ErrorKind::Other, None, None),
    }
}

/// The system's sentence as a clause: `No space left` becomes `no space left`.
fn spoken(error: &io::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn kinds_are_named_for_what_the_caller_can_do() {
        for (io, want) in [
            (io::ErrorKind::NotFound, ErrorKind::NotFound),
            (io::ErrorKind::AlreadyExists, ErrorKind::AlreadyExists),
            (io::ErrorKind::DirectoryNotEmpty, ErrorKind::NotEmpty),
            (io::ErrorKind::IsADirectory, ErrorKind::IsAFolder),
            (io::ErrorKind::NotADirectory, ErrorKind::NotAFolder),
            (io::ErrorKind::StorageFull, ErrorKind::TooLarge),
            (io::ErrorKind::QuotaExceeded, ErrorKind::TooLarge),
            (io::ErrorKind::InvalidFilename, ErrorKind::Invalid),
            (io::ErrorKind::CrossesDevices, ErrorKind::Unsupported),
            (io::ErrorKind::ResourceBusy, ErrorKind::Conflict),
            (io::ErrorKind::BrokenPipe, ErrorKind::Other),
        ] {
            let error = from_io(io.into());
            assert_eq!(error.kind(), want, "{io:?}");
            assert!(error.source().is_some(), "{io:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_refusal_of_the_system_is_no_escape() {
        let denied = from_io(io::Error::from_raw_os_error(13));
        assert_eq!(denied.kind(), ErrorKind::PermissionDenied);
        assert!(!denied.message().contains("link"), "{denied}");
        let full = from_io(io::Error::from_raw_os_error(28));
        assert!(full.message().starts_with("no space left"), "{full}");
    }
}
