//! `wharf action`: what Boomi's partner connector for Files.com does, with its names in and its
//! keys out.

use std::time::Duration;

use serde_json::{Map, Value, json};
use wharf::connector::futures_util::stream::{BoxStream, TryStreamExt};
use wharf::filescom::model::{PartnerAction, partner_actions};
use wharf::filescom::partner::{
    self, Answered, EpochUnit, Partner, Step, StepOptions, request_schema, response_schema,
};
use wharf::{ByteRange, Content};

use crate::context::Context;
use crate::failure::{Failure, Result, invalid, on_this_machine};
use crate::fields::json_in;
use crate::present::table::Table;
use crate::site::Site;
use crate::standard::input_content;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: Site,

    /// Copy, Create, Delete, Download, List, Move, Show, Update or Upload; or `list` alone, or
    /// `schema`
    action: String,

    /// The object, such as Group or ShareLink, where the action has several; after `schema` the
    /// action
    object: Option<String>,

    /// After `schema` and an action: the object
    #[arg(hide = true)]
    rest: Option<String>,

    /// The request document; - is standard input
    #[arg(long, value_name = "FILE")]
    json_in: Option<String>,

    /// Upload: what to store; - is standard input
    #[arg(long, value_name = "FILE")]
    content: Option<String>,

    /// List: at most so many documents, over the option Limit of the request
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    /// Copy, Move: wait until it is done, at most so long
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,

    /// Copy, Move: replace what stands at the destination
    #[arg(long)]
    overwrite: bool,

    /// Delete Folder: with all it holds; List Folder: with all below
    #[arg(short, long)]
    recursive: bool,

    /// Download: bytes FROM up to, not including, TO; FROM- to the end, -COUNT the last ones
    #[arg(long, value_name = "FROM-TO", value_parser = range, allow_hyphen_values = true)]
    range: Option<ByteRange>,

    /// Upload: compare checksums, and wait for those of the service
    #[arg(long)]
    verify: bool,

    /// Numbers instead of dates where Boomi's pages say Unix time
    #[arg(long, value_name = "UNIT", value_parser = ["seconds", "milliseconds"])]
    epoch: Option<String>,

    /// A refusal of the service is the response document, as with Boomi's option of this name
    #[arg(long)]
    return_application_errors: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    match (arguments.action.as_str(), &arguments.object) {
        ("list", None) => return list(context),
        ("schema", _) => return schemas(&arguments, context),
        _ => {}
    }
    if let Some(rest) = &arguments.rest {
        let message = format!("an action takes one object, and {rest:?} is one more");
        return Err(invalid(message, "See `wharf action list`.").into());
    }
    let partner = arguments.site.client(context)?.partner();
    let step = step(&partner, &arguments.action, arguments.object.as_deref())?;
    let step = step.with_options(arguments.options());
    let request = json_in(arguments.json_in.as_deref())?.unwrap_or_else(|| json!({}));
    let content = match arguments.content.as_deref() {
        None => None,
        Some("-") => Some(input_content()),
        Some(path) => Some(
            Content::file(path)
                .await
                .map_err(|error| on_this_machine(format!("the file {path}"), error))?,
        ),
    };
    let answered = step.run(request, content).await.map_err(wharf::Error::from);
    let outcome = match answered {
        Ok(answered) => show(answered, context).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Err(Failure::Error(error)) if arguments.return_application_errors => {
            show_refusal(error, context)
        }
        outcome => outcome,
    }
}

impl Arguments {
    fn options(&self) -> StepOptions {
        let mut options = StepOptions::default();
        options.limit = self.limit;
        options.wait = self.wait.map(Duration::from_secs);
        options.overwrite = self.overwrite;
        options.recursive = self.recursive;
        options.range = self.range.clone().unwrap_or_default();
        options.verify = self.verify;
        options.epoch = self.epoch.as_deref().map(|unit| match unit {
            "seconds" => EpochUnit::Seconds,
            _ => EpochUnit::Milliseconds,
        });
        options
    }
}

/// Response documents, one on a line.
async fn show(answered: Answered, context: &mut Context) -> Result<()> {
    match answered {
        Answered::Document(document) => context.out.document(&document),
        Answered::Documents(mut documents) => {
            while let Some(document) = next(&mut documents).await? {
                context.out.document(&document)?;
            }
            Ok(())
        }
        Answered::Content(download) => {
            let mut bytes = download.into_stream();
            while let Some(block) = bytes.try_next().await.map_err(wharf::Error::from)? {
                context.out.bytes(&block)?;
            }
            Ok(())
        }
        // The response of a deletion is always empty.
        _ => Ok(()),
    }
}

type Documents = BoxStream<'static, wharf::filescom::Result<Map<String, Value>>>;

async fn next(documents: &mut Documents) -> Result<Option<Map<String, Value>>> {
    Ok(documents.try_next().await.map_err(wharf::Error::from)?)
}

/// The document of the service, unchanged; what is no refusal of the service stays an error.
fn show_refusal(error: wharf::Error, context: &mut Context) -> Result<()> {
    match error.document().map(str::to_owned) {
        Some(document) => {
            context.out.text(document.trim_end())?;
            context.out.text("\n")
        }
        None => Err(error.into()),
    }
}

fn list(context: &mut Context) -> Result<()> {
    if context.json {
        let actions: Vec<Value> = partner_actions()
            .iter()
            .map(|one| {
                json!({
                    "action": one.action, "object": one.object, "deprecated": one.deprecated,
                    "inputs": names(one), "outputs": one.outputs,
                })
            })
            .collect();
        return context.out.document(&json!({ "actions": actions }));
    }
    let mut table = Table::new();
    for one in partner_actions() {
        let old = if one.deprecated { "deprecated" } else { "" };
        let object = one.object.as_deref().unwrap_or_default();
        table.row([&one.action, object, old, &names(one).join(", ")]);
    }
    table.lines(0).iter().try_for_each(|line| context.out.line(line))
}

fn names(action: &PartnerAction) -> Vec<&str> {
    action.inputs.keys().chain(action.options.keys()).map(String::as_str).collect()
}

/// The schemas of one action, or of all.
fn schemas(arguments: &Arguments, context: &mut Context) -> Result<()> {
    let document = |action: &str, object: Option<&str>| -> Result<Value> {
        let action = partner::action(action, object).map_err(wharf::Error::from)?;
        Ok(json!({
            "action": action.action,
            "object": action.object,
            "request": request_schema(action),
            "response": response_schema(action),
        }))
    };
    if let Some(action) = &arguments.object {
        return context.out.document(&document(action, arguments.rest.as_deref())?);
    }
    let all = partner_actions().iter().map(|one| document(&one.action, one.object.as_deref()));
    let all = all.collect::<Result<Vec<Value>>>()?;
    context.out.document(&json!({ "schemas": all }))
}

fn step(partner: &Partner, action: &str, object: Option<&str>) -> Result<Step> {
    let step = partner.step(action, object).map_err(wharf::Error::from);
    step.map_err(|error| error.with_remedy("See `wharf action list`.").into())
}

fn range(text: &str) -> Result<ByteRange, &'static str> {
    let form = "the form is FROM-TO, FROM- or -COUNT, in bytes";
    let number = |text: &str| text.parse::<u64>().map_err(|_| form);
    match text.split_once('-').ok_or(form)? {
        ("", count) => Ok(ByteRange::last(number(count)?)),
        (from, "") => Ok(ByteRange::from_offset(number(from)?)),
        (from, to) => match (number(from)?, number(to)?) {
            (from, to) if from < to => Ok(ByteRange::of(from..to)),
            _ => Err("the range is empty"),
        },
    }
}

const NOTES: &str = "\
Examples:
  wharf action list
  wharf action schema Create User
  echo '{\"username\": \"anna\"}' | wharf action Create User --json-in -
  echo '{\"ID\": \"/vendor\"}' | wharf action List Folder --json-in - --limit 10
  wharf action Copy --json-in copy.json --wait 60
  echo '{\"Path\": \"in/a.csv\"}' | wharf action Upload --json-in - --content a.csv

Response documents come one on a line; a deletion prints nothing, a download the bytes.";
