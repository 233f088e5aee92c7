//! `wharf share`: share links of Files.com, and what goes with them.

mod notify;

use clap::Subcommand;
use wharf::connector::chrono::{DateTime, Utc};
use wharf::filescom::Client;
use wharf::filescom::api::{Query, ShareLinkFields, ShareRecipientFields};

use super::set::read_time;
use crate::context::Context;
use crate::failure::Result;
use crate::fields::{Others, need_change, password};
use crate::records::{Listing, deleted, number, print_one};
use crate::site::Site;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: Site,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the share links
    #[command(after_help = "Examples:\n  wharf share list --on acme:\n  wharf share list --csv")]
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// Tell all that is known about a share link
    #[command(after_help = "Examples:\n  wharf share show 4711")]
    Show {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
    },
    /// Share files and folders by a link
    #[command(after_help = CREATE)]
    Create {
        /// What to share, as paths from the root of the site
        #[arg(required = true)]
        paths: Vec<String>,
        #[command(flatten)]
        fields: Box<Fields>,
    },
    /// Change a share link; what is not named stays as it is
    #[command(after_help = "Examples:\n  wharf share update 4711 --expires now")]
    Update {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
        #[command(flatten)]
        fields: Box<Fields>,
    },
    /// Delete a share link, with the records of who came; `update --expires now` keeps them
    #[command(after_help = "Examples:\n  wharf share delete 4711")]
    Delete {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
    },
    /// Send a share link to somebody by mail
    #[command(after_help = "Examples:\n  wharf share send 4711 anna@acme.com --note 'The orders'")]
    Send {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
        /// The address for mail
        recipient: String,
        /// The name of the recipient
        #[arg(long)]
        name: Option<String>,
        /// The company of the recipient
        #[arg(long)]
        company: Option<String>,
        /// A note, which goes into the mail
        #[arg(long)]
        note: Option<String>,
        /// Note the recipient, and send no mail
        #[arg(long)]
        no_mail: bool,
    },
    /// Who is told what happens to share links
    #[command(after_help = notify::EXAMPLES)]
    Notify {
        #[command(subcommand)]
        verb: notify::Verb,
    },
    /// List whom a share link was sent to
    #[command(after_help = "Examples:\n  wharf share recipients 4711")]
    Recipients {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
        #[command(flatten)]
        listing: Listing,
    },
    /// List what was downloaded by a share link
    #[command(after_help = "Examples:\n  wharf share downloads 4711 --csv")]
    Downloads {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
        #[command(flatten)]
        listing: Listing,
    },
    /// List who registered to open a share link
    #[command(after_help = "Examples:\n  wharf share registrations 4711 --csv")]
    Registrations {
        /// The id of the share link
        #[arg(value_parser = number)]
        id: i64,
        #[command(flatten)]
        listing: Listing,
    },
}

#[derive(Debug, clap::Args)]
struct Fields {
    /// The description, for the public
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The note, for its owners
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// When it ends: RFC 3339, a day, or `now`
    #[arg(long, value_name = "TIME", value_parser = read_time)]
    expires: Option<DateTime<Utc>>,
    /// How many may open it
    #[arg(long, value_name = "NUMBER")]
    max_uses: Option<i64>,
    /// The password that is asked for, as @PATH or @env:VARIABLE
    #[arg(long, value_name = "SOURCE")]
    password: Option<String>,
    /// Whether recipients must say who they are
    #[arg(long, value_name = "BOOL")]
    require_registration: Option<bool>,
    /// What recipients may do: read, write, read_write, full, none or preview_only
    #[arg(long, value_name = "RIGHT")]
    permissions: Option<String>,
    #[command(flatten)]
    others: Others,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let client = arguments.site.client(context)?;
    match arguments.verb {
        Verb::Notify { verb } => notify::run(verb, &client, context).await,
        Verb::Recipients { id, listing } => {
            let entries = client.share_visitors(id).recipients(Query::new(), listing.limit);
            listing.print("recipients", &RECIPIENT, entries, context).await
        }
        Verb::Downloads { id, listing } => {
            let entries = client.share_visitors(id).downloads(Query::new(), listing.limit);
            listing.print("downloads", &DOWNLOAD, entries, context).await
        }
        Verb::Registrations { id, listing } => {
            let entries = client.share_visitors(id).registrations(Query::new(), listing.limit);
            listing.print("registrations", &REGISTRATION, entries, context).await
        }
        Verb::Send { id, recipient, name, company, note, no_mail } => {
            let mut fields = ShareRecipientFields::new().with_share_after_create(!no_mail);
            for (field, text) in [("name", name), ("company", company), ("note", note)] {
                if let Some(text) = text {
                    fields = fields.with(field, text);
                }
            }
            let visitors = client.share_visitors(id);
            let sent = visitors.add_recipient(&recipient, &fields).await;
            print_one("recipient", &sent.map_err(wharf::Error::from)?, context)
        }
        verb => on_links(verb, &client, context).await,
    }
}

async fn on_links(verb: Verb, client: &Client, context: &mut Context) -> Result<()> {
    let links = client.share_links();
    let link = match verb {
        Verb::List { listing } => {
            let entries = links.list(Query::new(), listing.limit);
            return listing.print("share_links", &LINK, entries, context).await;
        }
        Verb::Delete { id } => {
            links.delete(id).await.map_err(wharf::Error::from)?;
            return deleted("share link", id, context);
        }
        Verb::Create { paths, fields } => {
            let paths: Vec<String> =
                paths.iter().map(|path| path.trim_matches('/').to_owned()).collect();
            links.create(&paths, &fields.read()?).await
        }
        Verb::Update { id, fields } => {
            let fields = fields.read()?;
            need_change(fields.is_empty())?;
            links.update(id, &fields).await
        }
        Verb::Show { id } => links.find(id).await,
        // All others were seen to before.
        _ => return Ok(()),
    };
    print_one("share_link", &link.map_err(wharf::Error::from)?, context)
}

impl Fields {
    fn read(self) -> Result<ShareLinkFields> {
        let mut fields = ShareLinkFields::new();
        for (name, text) in [
            ("description", self.description),
            ("note", self.note),
            ("permissions", self.permissions),
        ] {
            if let Some(text) = text {
                fields = fields.with(name, text);
            }
        }
        if let Some(time) = self.expires {
            fields = fields.with_expires_at(time);
        }
        if let Some(number) = self.max_uses {
            fields = fields.with_max_uses(number);
        }
        if let Some(flag) = self.require_registration {
            fields = fields.with_require_registration(flag);
        }
        if let Some(password) = password(self.password.as_deref())? {
            fields = fields.with_password(&password);
        }
        let others = self.others.read()?.into_iter();
        Ok(others.fold(fields, |fields, (name, value)| fields.with(&name, value)))
    }
}

const LINK: [&str; 7] =
    ["id", "url", "paths", "permissions", "username", "expires_at", "description"];
const RECIPIENT: [&str; 5] = ["recipient", "name", "company", "sent_at", "note"];
const DOWNLOAD: [&str; 5] = [
    "created_at",
    "download_method",
    "path",
    "bundle_registration.name",
    "bundle_registration.email",
];
const REGISTRATION: [&str; 5] = ["created_at", "name", "email", "company", "ip"];

const CREATE: &str = "\
Examples:
  wharf share create vendor/acme/orders --expires 2026-12-31
  wharf share create inbound/a.csv --password @env:LINK_PASSWORD";

const EXAMPLES: &str = "\
Examples:
  wharf share create vendor/acme/orders --expires 2026-12-31
  wharf share send 4711 anna@acme.com --note 'The orders of November'
  wharf share update 4711 --expires now
  wharf share registrations 4711 --csv";
