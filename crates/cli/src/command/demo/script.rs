//! The steps of the demonstration as they are played: each timed, told and remembered.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Instant;

use serde::Serialize;

use crate::context::Context;
use crate::document::ErrorBody;
use crate::failure::Result;
use crate::present::style::Style;
use crate::present::time::{duration, seconds};

/// Plays steps one after another.
#[derive(Debug)]
pub(super) struct Script<'a> {
    context: &'a mut Context,
    steps: Vec<Step>,
}

/// A step that was played to its end.
#[derive(Debug, Serialize)]
pub(super) struct Step {
    name: &'static str,
    seconds: f64,
    #[serde(flatten)]
    found: Found,
}

/// What a step found.
#[derive(Debug, Default, Serialize)]
pub(super) struct Found {
    /// The command that does the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checksum: Option<BTreeMap<&'static str, String>>,
    /// A refusal that was meant to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<ErrorBody>,
    /// For people.
    #[serde(skip)]
    pub(super) lines: Vec<String>,
}

impl Found {
    pub(super) fn new(command: String) -> Self {
        Self { command: Some(command), ..Self::default() }
    }

    #[must_use]
    pub(super) fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }
}

impl<'a> Script<'a> {
    pub(super) fn new(context: &'a mut Context) -> Self {
        Self { context, steps: Vec::new() }
    }

    /// Plays one step. A step that fails ends the demonstration.
    pub(super) async fn step<T>(
        &mut self,
        name: &'static str,
        work: impl Future<Output = Result<(T, Found)>>,
    ) -> Result<T> {
        let begin = Instant::now();
        let outcome = work.await;
        let took = begin.elapsed();
        let number = self.steps.len() + 1;
        let style = self.context.out.style();
        let heading = |mark: String| {
            format!("{number:>2}  {mark}  {name:<NAME_WIDTH$}  {:>8}", duration(took))
        };
        match outcome {
            Ok((value, found)) => {
                self.say(heading(style.good("ok")))?;
                if let Some(command) = &found.command {
                    self.say(format!("{INDENT}{}", style.dim(&format!("$ {command}"))))?;
                }
                for line in &found.lines {
                    self.say(format!("{INDENT}{line}"))?;
                }
                self.steps.push(Step { name, seconds: seconds(took), found });
                Ok(value)
            }
            Err(failure) => {
                self.say(heading(style.bad("FAILED")))?;
                Err(failure)
            }
        }
    }

    /// How words are set off here.
    pub(super) fn style(&self) -> Style {
        self.context.out.style()
    }

    /// A line for people.
    pub(super) fn say(&mut self, line: impl std::fmt::Display) -> Result<()> {
        if self.context.json {
            return Ok(());
        }
        self.context.out.line(line)
    }

    /// The steps that were played.
    pub(super) fn into_steps(self) -> Vec<Step> {
        self.steps
    }
}

const NAME_WIDTH: usize = 58;
const INDENT: &str = "        ";
