//! `wharf api`: any operation of the REST API of Files.com.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use wharf::connector::futures_util::stream::{StreamExt, TryStreamExt};
use wharf::filescom::model::{Endpoint, endpoints};
use wharf::transport::{Method, Request};

use crate::context::Context;
use crate::failure::{Result, invalid};
use crate::fields::json_in;
use crate::present::escape::Shown;
use crate::present::table::Table;
use crate::site::Site;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: Site,

    /// GET, POST, PATCH, PUT or DELETE; or `list`
    method: String,

    /// The path after /api/rest/v1, letter by letter; after `list` a word to look for
    path: Option<String>,

    /// A pair of the query, such as per_page=10 or filter[name]=acme
    #[arg(long, value_name = "NAME=VALUE")]
    query: Vec<String>,

    /// The JSON document to send; - is standard input
    #[arg(long, value_name = "FILE")]
    json_in: Option<String>,

    /// Ask for page after page of a list, and print one array
    #[arg(long)]
    paginate: bool,

    /// With --paginate: at most so many entries
    #[arg(long, value_name = "NUMBER", requires = "paginate")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    resource: &'a str,
    operation: &'a str,
    method: &'a str,
    path: &'a str,
    success: u16,
    paged: bool,
    params: BTreeMap<&'a str, Parameter<'a>>,
    fields: &'a BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Parameter<'a> {
    r#type: &'a str,
    required: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    if arguments.method == "list" {
        return list(arguments.path.as_deref().unwrap_or_default(), context);
    }
    let request = request(&arguments)?;
    let raw = arguments.site.client(context)?.raw();
    if arguments.paginate {
        if request.method() != Method::GET {
            return Err(invalid("--paginate is for GET", "Leave it out.").into());
        }
        let mut items = raw.pages::<Value>(request).items();
        if let Some(limit) = arguments.limit {
            items = items.take(limit).boxed();
        }
        let mut before = "[";
        while let Some(item) = items.try_next().await.map_err(wharf::Error::from)? {
            context.out.text(std::mem::replace(&mut before, ","))?;
            context.out.value(&item)?;
        }
        return context.out.text(if before == "[" { "[]\n" } else { "]\n" });
    }
    let answer = raw.fetch(request).await.map_err(wharf::Error::from)?;
    let body = answer.body();
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => context.out.document(&value),
        Err(_) if body.is_empty() && context.json => context.out.document(&Value::Null),
        Err(_) if body.is_empty() => context.say(format!("done ({})", answer.status())),
        Err(_) => context.out.bytes(body),
    }
}

fn request(arguments: &Arguments) -> Result<Request> {
    let method = arguments.method.to_ascii_uppercase();
    let method = match method.as_str() {
        "GET" | "POST" | "PATCH" | "PUT" | "DELETE" => method.parse::<Method>().ok(),
        _ => None,
    };
    let remedy = "Write for example `wharf api GET /users`; `wharf api list` tells what there is.";
    let method = method
        .ok_or_else(|| invalid(format!("there is no method {:?}", arguments.method), remedy))?;
    let path = arguments.path.as_deref().unwrap_or_default();
    let path = path.strip_prefix('/').filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| invalid("the path must begin with a slash", remedy))?;
    if path.contains('?') {
        let remedy = "Give each pair of the query by --query NAME=VALUE.";
        return Err(invalid("the path has a question mark", remedy).into());
    }
    let names = path.trim_end_matches('/').split('/');
    let mut request = Request::new(method, "").path_segments(names);
    for pair in &arguments.query {
        let (name, value) =
            pair.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                invalid("a value of --query cannot be read", "The form is NAME=VALUE.")
            })?;
        request = request.query(name, value);
    }
    if let Some(document) = json_in(arguments.json_in.as_deref())? {
        request = request.json(&document);
    }
    Ok(request)
}

/// The operations in which a word stands; all of them without one.
fn list(word: &str, context: &mut Context) -> Result<()> {
    let word = word.to_lowercase();
    let has = |one: &&Endpoint| {
        let texts = [&one.resource, &one.operation, &one.path, &one.method];
        texts.iter().any(|text| text.to_lowercase().contains(&word))
    };
    let found: Vec<&Endpoint> = endpoints().iter().filter(has).collect();
    if context.json {
        let rows: Vec<Row<'_>> = found.into_iter().map(Row::new).collect();
        return context.out.document(&json!({ "operations": rows }));
    }
    let mut table = Table::new();
    for one in &found {
        let paged = if one.paged { "paged" } else { "" };
        table.row([&one.method, &one.path, &one.operation, paged, &parameters(one)]);
    }
    for line in table.lines(0) {
        context.out.line(Shown(&line))?;
    }
    context.say(format!("{} of {} operations", found.len(), endpoints().len()))
}

/// Names of parameters; those that must be there have an exclamation mark.
fn parameters(endpoint: &Endpoint) -> String {
    let name = |(name, kind): (&String, &wharf::filescom::model::ParamKind)| match kind.required {
        true => format!("{name}!"),
        false => name.clone(),
    };
    endpoint.params.iter().map(name).collect::<Vec<_>>().join(" ")
}

impl<'a> Row<'a> {
    fn new(one: &'a Endpoint) -> Self {
        let params = one.params.iter().map(|(name, kind)| {
            (name.as_str(), Parameter { r#type: &kind.name, required: kind.required })
        });
        Self {
            resource: &one.resource,
            operation: &one.operation,
            method: &one.method,
            path: &one.path,
            success: one.success,
            paged: one.paged,
            params: params.collect(),
            fields: &one.fields,
        }
    }
}

const NOTES: &str = "\
Examples:
  wharf api list history
  wharf api GET /history --query per_page=100 --paginate
  wharf api GET /users --query 'filter[company]=Acme' --on acme:
  echo '{\"name\": \"nightly\"}' | wharf api POST /automations --json-in -
  wharf api DELETE /automations/4711

The key, repeats, pages and errors are those of all other commands.";
