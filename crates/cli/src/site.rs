//! The account on Files.com of commands that are about it alone.

use std::sync::Arc;

use wharf::Connector;
use wharf::filescom::{Client, FilesCom};

use crate::context::Context;
use crate::failure::{Result, invalid};

/// Which account on Files.com.
#[derive(Debug, clap::Args)]
pub(crate) struct Site {
    /// The account on Files.com, as a target
    #[arg(
        long = "on",
        value_name = "TARGET",
        env = "WHARF_ON",
        default_value = "filescom://app.files.com/",
        global = true
    )]
    on: String,
}

impl Site {
    /// A client of the account. Nothing is sent.
    pub(crate) fn client(&self, context: &mut Context) -> Result<Client> {
        let place = context.place(&self.on)?;
        let account: Arc<dyn Connector> = context.accounts.open(&place)?;
        let filescom = account.find::<FilesCom>().ok_or_else(|| {
            let message = format!("{place} is no account on Files.com");
            invalid(message, "Name one as in --on filescom://acme.files.com/.")
        })?;
        Ok(filescom.client().clone())
    }
}
