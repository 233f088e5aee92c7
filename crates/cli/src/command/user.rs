//! `wharf user`: the users of a site of Files.com.

use clap::Subcommand;
use wharf::filescom::api::{Filter, Query, UserFields};

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
    /// List the users
    #[command(
        after_help = "Examples:\n  wharf user list --on acme:\n  wharf user list --prefix an --csv"
    )]
    List {
        #[command(flatten)]
        listing: Listing,
        /// Only those whose name begins so
        #[arg(long, value_name = "TEXT")]
        prefix: Option<String>,
    },
    /// Tell all that is known about a user
    #[command(after_help = "Examples:\n  wharf user show 1203319 --json")]
    Show {
        /// The id of the user
        #[arg(value_parser = number)]
        id: i64,
    },
    /// Create a user
    #[command(after_help = "Examples:\n  wharf user create anna --groups 3,5 --password @env:ANNA")]
    Create {
        /// The name to sign in with
        username: String,
        #[command(flatten)]
        fields: Box<Fields>,
    },
    /// Change a user; what is not named stays as it is
    #[command(after_help = "Examples:\n  wharf user update 1203319 --disabled true")]
    Update {
        /// The id of the user
        #[arg(value_parser = number)]
        id: i64,
        /// The name to sign in with
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        #[command(flatten)]
        fields: Box<Fields>,
    },
    /// Delete a user, with what is the user's; `update --disabled true` keeps it
    #[command(after_help = "Examples:\n  wharf user delete 1203319 --new-owner 1203320")]
    Delete {
        /// The id of the user
        #[arg(value_parser = number)]
        id: i64,
        /// Give what is the user's to this one instead
        #[arg(long, value_name = "ID")]
        new_owner: Option<i64>,
    },
    /// Let a user who was locked out sign in again
    #[command(after_help = "Examples:\n  wharf user unlock 1203319")]
    Unlock {
        /// The id of the user
        #[arg(value_parser = number)]
        id: i64,
    },
}

#[derive(Debug, clap::Args)]
struct Fields {
    /// The full name
    #[arg(long)]
    name: Option<String>,
    /// The address for mail
    #[arg(long)]
    email: Option<String>,
    /// The company
    #[arg(long)]
    company: Option<String>,
    /// Notes for administrators
    #[arg(long)]
    notes: Option<String>,
    /// The groups of the user: all of them
    #[arg(long, value_name = "ID,...", value_delimiter = ',', value_parser = number)]
    groups: Option<Vec<i64>>,
    /// The password, as @PATH or @env:VARIABLE
    #[arg(long, value_name = "SOURCE")]
    password: Option<String>,
    /// How the user signs in: password, email_signup and others
    #[arg(long, value_name = "METHOD")]
    authentication_method: Option<String>,
    /// Whether the password must be changed at the next sign-in
    #[arg(long, value_name = "BOOL")]
    require_password_change: Option<bool>,
    /// The folder that is the root for the user, for FTP and WebDAV
    #[arg(long, value_name = "PATH")]
    user_root: Option<String>,
    /// Whether the account is disabled
    #[arg(long, value_name = "BOOL")]
    disabled: Option<bool>,
    /// Whether the user administers the site
    #[arg(long, value_name = "BOOL")]
    site_admin: Option<bool>,
    #[command(flatten)]
    others: Others,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let users = arguments.site.client(context)?.users();
    match arguments.verb {
        Verb::List { listing, prefix } => {
            let query = match prefix {
                Some(text) => Query::new().with_filter(Filter::Prefix, "username", text),
                None => Query::new(),
            };
            let entries = users.list(query, listing.limit);
            listing.print("users", &COLUMNS, entries, context).await
        }
        Verb::Show { id } => {
            let user = users.find(id).await.map_err(wharf::Error::from)?;
            print_one("user", &user, context)
        }
        Verb::Create { username, fields } => {
            let user =
                users.create(&username, &fields.read()?).await.map_err(wharf::Error::from)?;
            print_one("user", &user, context)
        }
        Verb::Update { id, username, fields } => {
            let mut fields = fields.read()?;
            if let Some(username) = username {
                fields = fields.with_username(username);
            }
            need_change(fields.is_empty())?;
            let user = users.update(id, &fields).await.map_err(wharf::Error::from)?;
            print_one("user", &user, context)
        }
        Verb::Delete { id, new_owner } => {
            users.delete(id, new_owner).await.map_err(wharf::Error::from)?;
            deleted("user", id, context)
        }
        Verb::Unlock { id } => {
            users.unlock(id).await.map_err(wharf::Error::from)?;
            match context.json {
                true => context.out.document(&serde_json::json!({ "unlocked": id })),
                false => context.say(format!("unlocked user {id}")),
            }
        }
    }
}

impl Fields {
    fn read(self) -> Result<UserFields> {
        let mut fields = UserFields::new();
        for (name, text) in [
            ("name", self.name),
            ("email", self.email),
            ("company", self.company),
            ("notes", self.notes),
            ("authentication_method", self.authentication_method),
            ("user_root", self.user_root),
        ] {
            if let Some(text) = text {
                fields = fields.with(name, text);
            }
        }
        for (name, flag) in [
            ("require_password_change", self.require_password_change),
            ("disabled", self.disabled),
            ("site_admin", self.site_admin),
        ] {
            if let Some(flag) = flag {
                fields = fields.with(name, flag);
            }
        }
        if let Some(groups) = self.groups {
            fields = fields.with_group_ids(groups);
        }
        if let Some(password) = password(self.password.as_deref())? {
            fields = fields.with_password(&password);
        }
        let others = self.others.read()?.into_iter();
        Ok(others.fold(fields, |fields, (name, value)| fields.with(&name, value)))
    }
}

const COLUMNS: [&str; 8] =
    ["id", "username", "name", "email", "group_ids", "site_admin", "disabled", "last_login_at"];

const EXAMPLES: &str = "\
Examples:
  wharf user list --on filescom://acme.files.com/
  wharf user create anna --email anna@acme.com --password @env:ANNA
  wharf user update 1203319 --disabled true";
