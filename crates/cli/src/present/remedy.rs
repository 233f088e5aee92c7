//! What to do about an error.

use wharf::connector::Operation;
use wharf::{Error, ErrorKind};

/// What the error says itself; else what helps against its kind in this program.
pub(crate) fn remedy(error: &Error) -> Option<String> {
    let of_kind = || match (error.kind(), error.operation()) {
        (ErrorKind::NotFound, Some(_)) => {
            Some("Check the spelling; wharf ls of the folder above it shows what is there.")
        }
        (ErrorKind::PermissionDenied, Some(_)) if error.scheme() == Some(LOCAL) => {
            Some("Have its owner give you the right to it, or choose another place.")
        }
        (ErrorKind::NotEmpty, Some(Operation::Delete)) => {
            Some("Add -r to delete it with all that it holds.")
        }
        (ErrorKind::AlreadyExists, Some(_)) => Some("Choose another name, or move what is there."),
        (ErrorKind::IsAFolder, Some(_)) => Some("Name a file; get, put and cp take folders by -r."),
        (ErrorKind::NotAFolder, Some(Operation::Write | Operation::CreateFolder)) => {
            Some("A file stands on the way: choose another folder.")
        }
        (ErrorKind::NotAFolder, _) => Some("Name a folder; get, put and cp carry a single file."),
        (ErrorKind::Invalid, Some(Operation::Open)) => {
            Some("wharf schemes tells what each setting takes.")
        }
        (ErrorKind::Unavailable, Some(_)) if error.message().starts_with("no connection to") => {
            Some("Check host, port, network and proxy; the same command may succeed later.")
        }
        _ => None,
    };
    error.remedy().or_else(of_kind).map(str::to_owned)
}

const LOCAL: &str = "file";

#[cfg(test)]
mod tests {
    use super::*;
    use wharf::RemotePath;

    #[test]
    fn an_error_that_says_what_to_do_is_not_talked_over() {
        let error =
            || Error::new(ErrorKind::NotFound, "gone").during(Operation::Read, &RemotePath::root());
        assert!(remedy(&error()).unwrap().contains("wharf ls"));
        assert_eq!(remedy(&error().with_remedy("Wait.")).as_deref(), Some("Wait."));
        assert_eq!(remedy(&Error::new(ErrorKind::NotFound, "no such job")), None);
    }
}
