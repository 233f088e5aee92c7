//! `wharf group`: the groups of a site of Files.com.

use clap::Subcommand;
use wharf::filescom::api::{Filter, GroupFields, Query};

use crate::context::Context;
use crate::failure::Result;
use crate::fields::{Others, need_change};
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
    /// List the groups
    #[command(after_help = "Examples:\n  wharf group list --prefix vend --csv")]
    List {
        #[command(flatten)]
        listing: Listing,
        /// Only those whose name begins so
        #[arg(long, value_name = "TEXT")]
        prefix: Option<String>,
    },
    /// Tell all that is known about a group
    #[command(after_help = "Examples:\n  wharf group show 3")]
    Show {
        /// The id of the group
        #[arg(value_parser = number)]
        id: i64,
    },
    /// Create a group
    #[command(after_help = "Examples:\n  wharf group create vendors --users 1203319,1203320")]
    Create {
        /// The name
        name: String,
        #[command(flatten)]
        fields: Fields,
    },
    /// Change a group; what is not named stays as it is
    #[command(after_help = "Examples:\n  wharf group update 3 --name suppliers")]
    Update {
        /// The id of the group
        #[arg(value_parser = number)]
        id: i64,
        /// The name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        fields: Fields,
    },
    /// Delete a group; its users stay
    #[command(after_help = "Examples:\n  wharf group delete 3")]
    Delete {
        /// The id of the group
        #[arg(value_parser = number)]
        id: i64,
    },
}

#[derive(Debug, clap::Args)]
struct Fields {
    /// The users of the group: all of them
    #[arg(long, value_name = "ID,...", value_delimiter = ',', value_parser = number)]
    users: Option<Vec<i64>>,
    /// The users that administer it: all of them
    #[arg(long, value_name = "ID,...", value_delimiter = ',', value_parser = number)]
    admins: Option<Vec<i64>>,
    /// Notes for administrators
    #[arg(long)]
    notes: Option<String>,
    #[command(flatten)]
    others: Others,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let groups = arguments.site.client(context)?.groups();
    match arguments.verb {
        Verb::List { listing, prefix } => {
            let query = match prefix {
                Some(text) => Query::new().with_filter(Filter::Prefix, "name", text),
                None => Query::new(),
            };
            let entries = groups.list(query, listing.limit);
            listing.print("groups", &COLUMNS, entries, context).await
        }
        Verb::Show { id } => {
            let group = groups.find(id).await.map_err(wharf::Error::from)?;
            print_one("group", &group, context)
        }
        Verb::Create { name, fields } => {
            let group = groups.create(&name, &fields.read()?).await.map_err(wharf::Error::from)?;
            print_one("group", &group, context)
        }
        Verb::Update { id, name, fields } => {
            let mut fields = fields.read()?;
            if let Some(name) = name {
                fields = fields.with_name(name);
            }
            need_change(fields.is_empty())?;
            let group = groups.update(id, &fields).await.map_err(wharf::Error::from)?;
            print_one("group", &group, context)
        }
        Verb::Delete { id } => {
            groups.delete(id).await.map_err(wharf::Error::from)?;
            deleted("group", id, context)
        }
    }
}

impl Fields {
    fn read(self) -> Result<GroupFields> {
        let mut fields = GroupFields::new();
        if let Some(users) = self.users {
            fields = fields.with_user_ids(users);
        }
        if let Some(admins) = self.admins {
            fields = fields.with_admin_ids(admins);
        }
        if let Some(notes) = self.notes {
            fields = fields.with_notes(notes);
        }
        let others = self.others.read()?.into_iter();
        Ok(others.fold(fields, |fields, (name, value)| fields.with(&name, value)))
    }
}

const COLUMNS: [&str; 5] = ["id", "name", "usernames", "admin_ids", "notes"];

const EXAMPLES: &str = "\
Examples:
  wharf group list --csv --on filescom://acme.files.com/
  wharf group create vendors --users 1203319,1203320";
