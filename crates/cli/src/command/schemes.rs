//! `wharf schemes`: the services of this build, and the settings they know.

use std::collections::BTreeMap;

use serde::Serialize;
use wharf::connector::{Factory, SettingSpec};

use crate::context::Context;
use crate::failure::Result;
use crate::present::table::Table;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// Spell out the settings that come in groups too
    #[arg(short, long)]
    all: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    services: Vec<Service>,
}

#[derive(Debug, Serialize)]
struct Service {
    schemes: &'static [&'static str],
    settings: Vec<Setting>,
}

#[derive(Debug, Serialize)]
struct Setting {
    name: &'static str,
    help: &'static str,
    secret: bool,
    required: bool,
    default: Option<&'static str>,
    variable: Option<&'static str>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let services = context.accounts.registry().factories();
    let services: Vec<Service> = services.map(Service::new).collect();
    if context.json {
        return context.out.document(&Document { services });
    }
    for (number, service) in services.iter().enumerate() {
        if number > 0 {
            context.out.line("")?;
        }
        let schemes: Vec<String> =
            service.schemes.iter().map(|scheme| format!("{scheme}:")).collect();
        let heading = context.out.style().bold(&schemes.join("  "));
        context.out.line(heading)?;
        for line in service.lines(arguments.all) {
            context.out.line(line)?;
        }
    }
    Ok(())
}

impl Service {
    fn new(factory: &dyn Factory) -> Self {
        Self {
            schemes: factory.schemes(),
            settings: factory.settings().iter().map(Setting::new).collect(),
        }
    }

    fn lines(&self, all: bool) -> Vec<String> {
        let mut table = Table::new();
        let is_shown = |setting: &&Setting| all || setting.group().is_none();
        for setting in self.settings.iter().filter(is_shown) {
            table.row([setting.name, &setting.about()]);
        }
        if !all {
            for (group, count) in self.groups() {
                let about = format!("{count} settings: see them with --all");
                table.row([&format!("{group}.*"), &about]);
            }
        }
        table.lines(2)
    }

    fn groups(&self) -> BTreeMap<&'static str, usize> {
        let mut groups = BTreeMap::new();
        for group in self.settings.iter().filter_map(Setting::group) {
            *groups.entry(group).or_default() += 1;
        }
        groups
    }
}

impl Setting {
    fn new(spec: &SettingSpec) -> Self {
        Self {
            name: spec.name,
            help: spec.help,
            secret: spec.secret,
            required: spec.required,
            default: spec.default,
            variable: spec.env,
        }
    }

    /// What stands before the dot in a name such as `endpoint.root`.
    fn group(&self) -> Option<&'static str> {
        self.name.split_once('.').map(|(group, _)| group)
    }

    fn about(&self) -> String {
        let mut about = self.help.to_owned();
        if self.required {
            about.push_str(" (required)");
        }
        if let Some(default) = self.default {
            about.push_str(&format!(" (default: {default})"));
        }
        if let Some(variable) = self.variable {
            about.push_str(&format!(" [{variable}]"));
        }
        about
    }
}

const NOTES: &str = "\
Examples:
  wharf schemes
  wharf schemes --all
  wharf ls acme: --set page_size=200

A setting is given with --set NAME=VALUE, or by the environment variable in brackets.";
