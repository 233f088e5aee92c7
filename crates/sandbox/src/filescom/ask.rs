//! One request, read: who asks, for what, with which parameters.

use super::auth::Caller;
use super::entity::View;
use super::params::Params;
use super::path::SitePath;
use super::problem::Problem;
use super::site::Making;
use crate::shared::Shared;

/// A request as the operations see it.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) caller: Caller,
    pub(crate) params: Params,
    /// The object of the request; the root where the address names none.
    pub(crate) path: SitePath,
}

impl Ask<'_> {
    /// How the answer shows entities.
    pub(crate) fn view(&self) -> Result<View<'_>, Problem> {
        Ok(View {
            caller: &self.caller,
            priority_color: self.params.flag("with_priority_color")?,
            checksums: self.shared.options.checksums,
            md5: self.shared.options.md5,
        })
    }

    /// For what is made on behalf of the caller.
    pub(crate) fn making(&self) -> Making<'_> {
        Making::new(self.shared, self.caller.author)
    }

    /// A `path` repeated in the parameters must be that of the address.
    pub(crate) fn check_repeated_path(&self) -> Result<(), Problem> {
        match self.params.text("path")? {
            Some(path) if !SitePath::read(path).is_same(&self.path) => {
                Err(Problem::bad_params("path does not match the address"))
            }
            _ => Ok(()),
        }
    }
}
