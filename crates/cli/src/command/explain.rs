//! `wharf explain`: what is not certain about a service, and what overrides it.

use std::collections::BTreeMap;

use serde::Serialize;
use wharf::mft::{Certainty, Config, Endpoints, Row};
use wharf::{Error, ErrorKind, Settings};

use crate::context::Context;
use crate::failure::Result;
use crate::present::escape::Shown;
use crate::present::table::Table;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// The service: mft
    service: String,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    service: &'static str,
    endpoints: Vec<Endpoint<'a>>,
}

#[derive(Debug, Serialize)]
struct Endpoint<'a> {
    name: &'static str,
    template: &'a str,
    certainty: &'static str,
    source: &'static str,
    setting: &'static str,
    overridden: bool,
    /// What holds unless a setting says otherwise.
    default: &'a str,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let scheme = arguments.service.split(':').next().unwrap_or_default();
    let factory = context.accounts.registry().factory(scheme)?;
    if !factory.schemes().contains(&SCHEME) {
        return Err(nothing_to_explain(scheme).into());
    }
    let settings = context.accounts.settings(scheme)?;
    let (used, built_in) = (endpoints(settings)?, Endpoints::default());
    let rows: Vec<(Row<'_>, &str)> =
        used.table().zip(built_in.table().map(|row| row.value)).collect();
    if context.json {
        let endpoints = rows.into_iter().map(Endpoint::new).collect();
        return context.out.document(&Document { service: SCHEME, endpoints });
    }
    for line in lines(&rows) {
        context.out.line(line)?;
    }
    context.say(summary(&rows))
}

/// The table as these settings leave it: what is wrong with them is found out on the way.
fn endpoints(settings: Settings) -> Result<Endpoints> {
    // Nobody signs in here, so that anybody will do.
    let settings = settings.with_secret("password", "none");
    let config = Config::from_settings("localhost", Some("nobody"), &settings);
    Ok(config.map_err(Error::from)?.endpoints)
}

impl<'a> Endpoint<'a> {
    fn new((row, default): (Row<'a>, &'a str)) -> Self {
        Self {
            name: row.name,
            template: row.value,
            certainty: row.certainty.as_str(),
            source: row.source,
            setting: row.setting,
            overridden: row.overridden,
            default,
        }
    }
}

fn lines(rows: &[(Row<'_>, &str)]) -> Vec<String> {
    let mut table = Table::new();
    table.row(["SETTING", "CERTAINTY", "TEMPLATE", "SOURCE"]);
    for (row, built_in) in rows {
        let value = Shown(row.value).to_string();
        if row.overridden {
            let instead = format!("a setting; without it {built_in} ({})", row.certainty);
            table.row([row.setting, "overridden", &value, &instead]);
        } else {
            table.row([row.setting, row.certainty.as_str(), &value, row.source]);
        }
    }
    table.lines(0)
}

fn summary(rows: &[(Row<'_>, &str)]) -> String {
    let overridden = rows.iter().filter(|(row, _)| row.overridden).count();
    let mut counts: BTreeMap<Certainty, usize> = BTreeMap::new();
    for (row, _) in rows.iter().filter(|(row, _)| !row.overridden) {
        *counts.entry(row.certainty).or_default() += 1;
    }
    let mut parts: Vec<String> =
        counts.iter().map(|(certainty, count)| format!("{count} {certainty}")).collect();
    if overridden > 0 {
        parts.push(format!("{overridden} overridden"));
    }
    format!("\n{} in all: {}", rows.len(), parts.join(", "))
}

fn nothing_to_explain(scheme: &str) -> Error {
    let message = format!("there is nothing to explain about {scheme}: it rests on no guess");
    Error::new(ErrorKind::Unsupported, message)
        .with_remedy("`wharf schemes` tells its settings; `wharf explain mft` has a table.")
}

/// The only service of which not everything is documented.
const SCHEME: &str = "mft";

const NOTES: &str = "\
Examples:
  wharf explain mft
  wharf explain mft --set endpoint.folders=/REST/{version}/Directories

The documentation of Boomi MFT prints operations and fields, but not every path. Each path, page \
and field name that wharf uses stands here with how sure it is and where it comes from. A server \
that has another takes one setting, as in the second example; give it with every command, or save \
it: wharf connection add and edit take --set too.";
