//! `--include` and `--exclude`, in the order in which they were written.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use wharf::transfer::Filter;

use crate::failure::Result;

/// The rules, each with whether it takes what it matches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules(Vec<(bool, String)>);

impl Rules {
    /// The filter that they make.
    pub(crate) fn filter(&self) -> Result<Filter> {
        let add = |filter: Filter, (takes, pattern): &(bool, String)| {
            if *takes { filter.including(pattern) } else { filter.excluding(pattern) }
        };
        Ok(self.0.iter().try_fold(Filter::new(), add)?)
    }

    /// As they are written on the command line.
    pub(crate) fn text(&self) -> String {
        let rule = |(takes, pattern): &(bool, String)| {
            format!("{} {pattern}", if *takes { '+' } else { '-' })
        };
        self.0.iter().map(rule).collect::<Vec<_>>().join(", ")
    }
}

impl FromArgMatches for Rules {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut rules = Vec::new();
        for (id, takes) in [(INCLUDE, true), (EXCLUDE, false)] {
            let places = matches.indices_of(id).into_iter().flatten();
            let patterns = matches.get_many::<String>(id).into_iter().flatten();
            rules.extend(places.zip(patterns).map(|(place, text)| (place, takes, text.clone())));
        }
        rules.sort_by_key(|(place, ..)| *place);
        Ok(Self(rules.into_iter().map(|(_, takes, pattern)| (takes, pattern)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Rules {
    fn augment_args(command: Command) -> Command {
        let rule = |id: &'static str, help: &'static str| {
            Arg::new(id)
                .long(id)
                .value_name("GLOB")
                .action(ArgAction::Append)
                .help_heading(HEADING)
                .help(help)
        };
        command.arg(rule(INCLUDE, "Take what matches, and leave out what no rule matches")).arg(
            rule(EXCLUDE, "Leave out what matches; of all rules the first that matches counts"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

const INCLUDE: &str = "include";
const EXCLUDE: &str = "exclude";
pub(crate) const HEADING: &str = "What it is about";
