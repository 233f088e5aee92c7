//! `wharf schemes`: the services of this build, and the settings they know.

use serde::Serialize;
use wharf::connector::{Factory, SettingSpec};

use crate::context::Context;
use crate::failure::Result;
use crate::present::table::Table;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

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

pub(crate) fn run(_: Arguments, context: &mut Context) -> Result<()> {
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
        for line in service.lines() {
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

    fn lines(&self) -> Vec<String> {
        let mut table = Table::new();
        for setting in &self.settings {
            let mut about = setting.help.to_owned();
            if setting.required {
                about.push_str(" (required)");
            }
            if let Some(default) = setting.default {
                about.push_str(&format!(" (default: {default})"));
            }
            let variable = setting.variable.unwrap_or("");
            table.row([setting.name, variable, &about]);
        }
        table.lines(2)
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
}
