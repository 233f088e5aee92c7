//! `wharf get --zip`: bring a folder here as one archive, which the service makes.

use std::io;
use std::time::Instant;

use serde::Serialize;
use wharf::connector::WriteOptions;
use wharf::connector::futures_util::TryStreamExt;
use wharf::mft::Mft;
use wharf::transfer::{self, resolve_destination};
use wharf::{Connector, Content, Error, ErrorKind, Operation, RemotePath};

use crate::carry::{Wishes, in_the_way_or};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::place::{End, Place};
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::time::{duration, seconds};
use crate::standard;

#[derive(Debug, Serialize)]
struct Document<'a> {
    from: &'a str,
    to: &'a str,
    bytes: Option<u64>,
    /// The service tells nothing of an archive that could be compared.
    verdict: &'static str,
    seconds: f64,
}

pub(super) async fn run(
    from: &Place,
    to: &End,
    wishes: &Wishes,
    context: &mut Context,
) -> Result<()> {
    let begun = Instant::now();
    let (account, place) = match to {
        End::Place(to) => {
            let (here, there) = context.accounts.open_both((from, &[]), (to, &[]))?;
            let end = transfer::Place::new(there, to.path().clone());
            (here, end.with_folder(to.is_surely_a_folder()))
        }
        End::Stream => (context.accounts.open(from)?, standard::output()?),
    };
    let service: &dyn Connector = &*account;
    let Some(mft) = service.find::<Mft>() else {
        return Err(no_archives(service, from.path()).into());
    };
    let archive = transfer::Place::new(account.clone(), archive_name(from.path())?);
    let end = match to {
        End::Place(_) => resolve_destination(&archive, &place).await?,
        End::Stream => place,
    };
    let options = WriteOptions::new().with_on_conflict(in_the_way_or(wishes, &end).await?);
    let body = mft.archive(from.path()).await.map_err(advised)?;
    // An error of the service comes back as it was.
    let content = Content::stream(body.map_err(io::Error::other), None);
    let stored = end.connector.write(&end.path, content, options).await;
    let stored = stored.map_err(Failure::copying)?;
    let End::Place(to) = to else {
        return Ok(());
    };
    let (from, to) = (from.to_string(), to.with_path(end.path.clone()).to_string());
    let took = begun.elapsed();
    if context.json {
        let (from, to) = (from.as_str(), to.as_str());
        let document = Document {
            from,
            to,
            bytes: stored.size,
            verdict: "unverifiable",
            seconds: seconds(took),
        };
        return context.out.document(&document);
    }
    let bytes = stored.size.map_or("an archive".to_owned(), size);
    context.say(format!(
        "saved {} as {}: {bytes} in {}, unverifiable",
        Shown(&from),
        Shown(&to),
        duration(took)
    ))
}

/// The place that the archive would have beside its folder: its name is what matters.
fn archive_name(folder: &RemotePath) -> Result<RemotePath> {
    let name = folder.name().unwrap_or("root");
    Ok(folder.parent().unwrap_or_default().join(&format!("{name}.zip")).map_err(Error::from)?)
}

fn no_archives(service: &dyn Connector, path: &RemotePath) -> Error {
    let info = service.info();
    let message = format!("{} hands out no archives of folders", info.label);
    Error::new(ErrorKind::Unsupported, message)
        .of(info.scheme)
        .during(Operation::Read, path)
        .with_remedy("Leave out --zip, and get the files one by one.")
}

fn advised(error: Error) -> Error {
    match error.kind() {
        ErrorKind::NotAFolder if error.remedy().is_none() => {
            error.with_remedy("Leave out --zip to get a file.")
        }
        _ => error,
    }
}
