//! How a command ends when it does not end well.

use std::io;

use wharf::ErrorKind;
use wharf::connector::Error;

use crate::exit;

/// The result of a command and of its steps.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A service, this machine or the command line said no. Not yet shown.
    Error(Error),
    /// Several things failed, each in its own right. Not yet shown.
    Several(Vec<Error>),
    /// The command has shown what is wrong; only the code is left to say.
    Shown(u8),
    /// Whoever read our output has gone. Nothing to say, and nobody to say it to.
    ReaderGone,
    /// Ctrl-C, or a request to terminate.
    Stopped(u8),
}

impl Failure {
    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Error(error) => exit::code(error.kind()),
            Self::Several(errors) => {
                errors.first().map_or(exit::OTHER, |error| exit::code(error.kind()))
            }
            Self::Shown(code) | Self::Stopped(code) => *code,
            Self::ReaderGone => 0,
        }
    }

    /// What is still to be shown.
    pub(crate) fn errors(&self) -> &[Error] {
        match self {
            Self::Error(error) => std::slice::from_ref(error),
            Self::Several(errors) => errors,
            Self::Shown(_) | Self::ReaderGone | Self::Stopped(_) => &[],
        }
    }

    /// What went wrong while the answer was written.
    pub(crate) fn writing(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        on_this_machine("standard output cannot be written", error).into()
    }
}

impl Failure {
    /// What went wrong during a copy, be it only that the reader of our output has gone.
    pub(crate) fn copying(error: Error) -> Self {
        let first = std::error::Error::source(&error);
        let mut causes = std::iter::successors(first, |cause| cause.source());
        let gone = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
        if error.scheme() == Some(STANDARD_OUTPUT)
            && causes.any(|cause| cause.downcast_ref().is_some_and(gone))
        {
            return Self::ReaderGone;
        }
        Self::Error(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// A command line that makes no sense, and what to do about it.
pub(crate) fn invalid(message: impl Into<String>, remedy: impl Into<String>) -> Error {
    Error::new(ErrorKind::Invalid, message.into()).with_remedy(remedy.into())
}

/// An error of this machine's file system or streams.
pub(crate) fn on_this_machine(what: impl Into<String>, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
        io::ErrorKind::AlreadyExists => ErrorKind::AlreadyExists,
        io::ErrorKind::IsADirectory => ErrorKind::IsAFolder,
        io::ErrorKind::NotADirectory => ErrorKind::NotAFolder,
        io::ErrorKind::InvalidInput => ErrorKind::Invalid,
        io::ErrorKind::ResourceBusy => ErrorKind::Conflict,
        _ => ErrorKind::Other,
    };
    Error::new(kind, format!("{}: {error}", what.into()))
}

/// The scheme under which standard input is a source.
pub(crate) const STANDARD_INPUT: &str = "stdin";

/// The scheme under which standard output is a destination.
pub(crate) const STANDARD_OUTPUT: &str = "stdout";
