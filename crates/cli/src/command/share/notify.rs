//! `wharf share notify`: who is told what happens to share links.

use clap::Subcommand;
use wharf::filescom::Client;
use wharf::filescom::api::{Query, ShareNotificationFields};

use crate::context::Context;
use crate::failure::Result;
use crate::fields::need_change;
use crate::records::{Listing, deleted, number, print_one};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// List who is told
    #[command(after_help = "Examples:\n  wharf share notify list --link 4711")]
    List {
        /// Of this share link only
        #[arg(long, value_name = "ID", value_parser = number)]
        link: Option<i64>,
        #[command(flatten)]
        listing: Listing,
    },
    /// Show one notification
    #[command(after_help = "Examples:\n  wharf share notify show 12")]
    Show {
        /// The id of the notification
        #[arg(value_parser = number)]
        id: i64,
    },
    /// Tell a user from now on, of registrations and uploads unless it is said otherwise
    #[command(after_help = "Examples:\n  wharf share notify create 4711 1203319 --upload false")]
    Create {
        /// The id of the share link
        #[arg(value_parser = number)]
        link: i64,
        /// The id of the user
        #[arg(value_parser = number)]
        user: i64,
        #[command(flatten)]
        of: Of,
    },
    /// Change what a user is told
    #[command(after_help = "Examples:\n  wharf share notify update 12 --upload true")]
    Update {
        /// The id of the notification
        #[arg(value_parser = number)]
        id: i64,
        #[command(flatten)]
        of: Of,
    },
    /// Tell a user no more
    #[command(after_help = "Examples:\n  wharf share notify delete 12")]
    Delete {
        /// The id of the notification
        #[arg(value_parser = number)]
        id: i64,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Of {
    /// Whether of registrations
    #[arg(long, value_name = "BOOL")]
    registration: Option<bool>,
    /// Whether of uploads
    #[arg(long, value_name = "BOOL")]
    upload: Option<bool>,
}

pub(super) async fn run(verb: Verb, client: &Client, context: &mut Context) -> Result<()> {
    let notifications = client.share_notifications();
    let notification = match verb {
        Verb::List { link, listing } => {
            let query = match link {
                Some(link) => Query::new().with("bundle_id", link),
                None => Query::new(),
            };
            let entries = notifications.list(query, listing.limit);
            return listing.print("notifications", &COLUMNS, entries, context).await;
        }
        Verb::Delete { id } => {
            notifications.delete(id).await.map_err(wharf::Error::from)?;
            return deleted("notification", id, context);
        }
        Verb::Show { id } => notifications.find(id).await,
        Verb::Create { link, user, of } => {
            let neither = of.registration.is_none() && of.upload.is_none();
            let fields = ShareNotificationFields::new()
                .with_notify_user_id(user)
                .with_notify_on_registration(of.registration.unwrap_or(neither))
                .with_notify_on_upload(of.upload.unwrap_or(neither));
            notifications.create(link, &fields).await
        }
        Verb::Update { id, of } => {
            let mut fields = ShareNotificationFields::new();
            if let Some(flag) = of.registration {
                fields = fields.with_notify_on_registration(flag);
            }
            if let Some(flag) = of.upload {
                fields = fields.with_notify_on_upload(flag);
            }
            need_change(fields.is_empty())?;
            notifications.update(id, &fields).await
        }
    };
    print_one("notification", &notification.map_err(wharf::Error::from)?, context)
}

const COLUMNS: [&str; 5] =
    ["id", "bundle_id", "notify_user_id", "notify_on_registration", "notify_on_upload"];

pub(super) const EXAMPLES: &str = "\
Examples:
  wharf share notify create 4711 1203319
  wharf share notify list";
