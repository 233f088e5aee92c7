//! Going on with a job of the journal.

use std::sync::Arc;

use clap::Args;
use wharf::Connector;
use wharf::transfer::{Job, Journal};

use crate::account::Role;
use crate::carry;
use crate::context::Context;
use crate::failure::Result;
use crate::setting::assignments;
use crate::single::COPY;
use crate::sync;

/// What the journal does not keep, for it may be secret.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Again {
    // Read later: a message of clap's would repeat what may be a secret.
    /// A setting for the account that files come from, as it was given first
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) from_set: Vec<String>,

    /// A setting for the account that files go to
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) to_set: Vec<String>,
}

/// Goes on with a job, and shows what was done.
pub(crate) async fn resume(
    journal: &Journal,
    job: &Job,
    again: &Again,
    context: &mut Context,
) -> Result<()> {
    match &*job.verb {
        COPY => carry::again(job, again, context).await?.show(context),
        _ => sync::again(journal, job, again, context).await,
    }
}

/// The account that a job's files go to.
pub(crate) fn destination(
    job: &Job,
    again: &Again,
    context: &mut Context,
) -> Result<Arc<dyn Connector>> {
    let settings = assignments("--to-set", &again.to_set)?;
    let place = context.place(&job.to)?;
    context.accounts.open_end(&place, Role::To, &settings)
}
