//! How many calls to services a command may make.

use clap::Args;
use wharf::{Error, ErrorKind};

use crate::context::Context;
use crate::failure::Failure;

/// The bound, if there is one.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CallBound {
    /// Stop before more than so many calls are made to services, comparing included. What is left
    /// can be gone on with
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    max_api_calls: Option<u64>,
}

impl CallBound {
    /// None.
    pub(crate) const NONE: Self = Self { max_api_calls: None };

    /// From here on no more calls are made than that.
    pub(crate) fn set(&self, context: &Context) {
        if let Some(most) = self.max_api_calls {
            context.calls.bound(most);
        }
    }
}

/// Says what is so if no more calls are allowed, unless something else went wrong.
pub(crate) fn advised(error: Error, remedy: &'static str) -> Error {
    match (error.kind(), error.remedy()) {
        (ErrorKind::CallLimit, None) => error.with_remedy(remedy),
        _ => error,
    }
}

/// The same, where nobody has said what to do.
pub(crate) fn explained(failure: Failure) -> Failure {
    match failure {
        Failure::Error(error) => Failure::Error(advised(error, AGAIN)),
        failure => failure,
    }
}

/// What to do when nothing was begun.
pub(crate) const NOTHING_DONE: &str = "Nothing was done. Allow more by --max-api-calls: comparing \
                                       costs about one call for each folder, or for each \
                                       thousand entries, on each side that is a service.";

/// What to do about one file.
const AGAIN: &str = "Allow more by --max-api-calls, and run the same command again.";
