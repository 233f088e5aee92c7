//! Errors say what failed, and show no secret.

use std::error::Error as StdError;

use futures_util::StreamExt;
use wharf_connector::{
    Connector, ConnectorExt, DeleteOptions, Error, ListOptions, Operation, ReadOptions, Result,
};

use crate::violation::require;
use crate::{Context, Verdict};

pub(super) async fn test_connection_reports(context: &Context) -> Verdict {
    let report = context.connector.test_connection().await?;
    require!(!report.stages.is_empty(), "the report names nothing that was tried");
    require!(report.passed(), "the test succeeds, and a stage failed: {report:?}");
    Ok(())
}

pub(super) async fn errors_name_operation_path_and_scheme(context: &Context) -> Verdict {
    let path = context.path("missing/nowhere.txt")?;
    for error in provoke(context).await? {
        let scheme = error.scheme();
        require!(error.path() == Some(&path), "{error:?} names the path {:?}", error.path());
        require!(scheme == Some(context.connector.info().scheme), "{error:?} names {scheme:?}");
        let known = [Operation::Stat, Operation::List, Operation::Read, Operation::Delete];
        let named = error.operation().is_some_and(|operation| known.contains(&operation));
        require!(named, "{error:?} names the operation {:?}", error.operation());
        let line = error.to_string();
        require!(!line.contains('\n'), "an error is one line, this is not: {line:?}");
    }
    Ok(())
}

pub(super) async fn nothing_prints_a_secret(context: &Context) -> Verdict {
    let connector = &context.connector;
    let mut printed = vec![format!("{connector:?} {connector:#?} {:?}", connector.info())];
    printed.push(format!("{:?}", connector.test_connection().await));
    for error in provoke(context).await? {
        printed.push(format!("{error} {error:?} {error:#?} {:?}", error.document()));
        let mut source = error.source();
        while let Some(cause) = source {
            printed.push(format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
    for secret in context.secrets() {
        let shown = printed.iter().any(|text| text.contains(secret.as_str()));
        require!(!shown, "a secret is printed");
    }
    Ok(())
}

/// One error of each verb that takes nothing but a path.
async fn provoke(context: &Context) -> Verdict<Vec<Error>> {
    let path = context.path("missing/nowhere.txt")?;
    let connector = &context.connector;
    let mut errors = Vec::new();
    keep(&mut errors, connector.stat(&path).await);
    keep(&mut errors, connector.read(&path, ReadOptions::new()).await);
    keep(&mut errors, connector.delete(&path, DeleteOptions::new()).await);
    let mut listing = connector.list(&path, ListOptions::new());
    while let Some(item) = listing.next().await {
        keep(&mut errors, item);
    }
    keep(&mut errors, connector.read_bytes(&path, 1).await);
    require!(errors.len() == 5, "of five calls on a missing path {} failed", errors.len());
    Ok(errors)
}

fn keep<T>(errors: &mut Vec<Error>, result: Result<T>) {
    errors.extend(result.err());
}
