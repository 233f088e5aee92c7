//! The two ends of a tree operation.

use clap::Args;
use wharf::RemotePath;
use wharf::transfer::{self, resolve_destination};

use super::Links;
use crate::context::Context;
use crate::failure::Result;
use crate::place::{LOCAL, Place};
use crate::setting::assignments;

/// Settings of one end only.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct EndsArguments {
    // Read later: a message of clap's would repeat what may be a secret.
    /// A setting for the first account only; before --set and the environment
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) from_set: Vec<String>,

    /// A setting for the second account only
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) to_set: Vec<String>,
}

/// Both ends, opened.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) from: transfer::Place,
    pub(crate) to: transfer::Place,
    from_place: Place,
    to_place: Place,
}

impl Ends {
    pub(crate) fn open(
        (from, to): (&str, &str),
        arguments: &EndsArguments,
        links: Links,
        context: &mut Context,
    ) -> Result<Self> {
        let (from, to) = (context.place(from)?, context.place(to)?);
        let from_set = assignments("--from-set", &arguments.from_set)?;
        let to_set = assignments("--to-set", &arguments.to_set)?;
        let accounts = &mut context.accounts;
        if [&from, &to].into_iter().any(|place| place.target().scheme() == LOCAL) {
            let follow = format!("follow_symlinks={}", links == Links::Follow);
            assignments("--links", &[follow])?.into_iter().for_each(|set| accounts.assume(set));
        }
        let (source, destination) = accounts.open_both((&from, &from_set), (&to, &to_set))?;
        let end = |place: &Place, account| {
            transfer::Place::new(account, place.path().clone())
                .with_folder(place.is_surely_a_folder())
        };
        Ok(Self {
            from: end(&from, source),
            to: end(&to, destination),
            from_place: from,
            to_place: to,
        })
    }

    /// As for `cp`: into a folder that stands there, under the name of the source.
    pub(crate) async fn resolved(mut self) -> Result<Self> {
        if self.from.path.is_root() {
            return Ok(self); // It has no name.
        }
        let to = resolve_destination(&self.from, &self.to).await?;
        self.to_place = self.to_place.with_path(to.path.clone());
        self.to = to;
        Ok(self)
    }

    /// The root of the source as a person would write it.
    pub(crate) fn shown_from(&self) -> String {
        self.from_place.to_string()
    }

    /// The root of the destination as a person would write it.
    pub(crate) fn shown_to(&self) -> String {
        self.to_place.to_string()
    }

    /// A folder on the account of the destination, written as a target or as a path.
    pub(crate) fn at_destination(&self, text: &str, context: &Context) -> Result<RemotePath> {
        if text.starts_with('/') {
            return Ok(RemotePath::new(text).map_err(wharf::Error::from)?);
        }
        let place = context.place(text)?;
        let (there, here) = (self.to_place.target(), place.target());
        let account = |target: &wharf::Target| {
            (
                target.scheme().to_owned(),
                target.user().map(str::to_owned),
                target.authority().to_owned(),
            )
        };
        if account(there) != account(here) {
            return Err(crate::failure::invalid(
                format!("{place} is not on the account of the destination"),
                "Files can be moved within one account only: name a folder of the destination's.",
            )
            .into());
        }
        Ok(place.path().clone())
    }
}
