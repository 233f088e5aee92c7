//! The report of an error, for people.

use wharf::connector::Reached;
use wharf::{Error, Operation};

use crate::document::{Cause, causes, reached};
use crate::exit;
use crate::present::escape::{self, Shown};
use crate::present::remedy::remedy;
use crate::present::stages;
use crate::present::style::Style;

/// What failed, on what, what the service answered, why, and what to do.
pub(crate) fn report(error: &Error, style: Style) -> String {
    let mut lines = vec![format!("{} {}", style.bad("error:"), headline(error))];
    if let Some(report) = error.report() {
        lines.extend(stages::lines(report, style));
    }
    if let Some(document) = error.document() {
        lines.push("The service answered:".to_owned());
        let document = indented(document);
        lines.extend(escape::lines(&document).map(|line| format!("    {line}")));
    }
    // A service's own error mostly says again what the first line says.
    let causes = causes(error).into_iter();
    let causes = causes.filter(|cause| !cause.to_string().contains(error.message()));
    lines.extend(causes.map(|cause| format!("Because: {}", told(cause))));
    if let Some(wait) = error.retry_after() {
        lines.push(format!("The service asks to wait {} s.", wait.as_secs()));
    }
    match reached(error) {
        Reached::No => {}
        Reached::Yes => lines.push("It was done, in part or whole.".to_owned()),
        _ => lines.push("It may have been done all the same.".to_owned()),
    }
    if let Some(remedy) = remedy(error) {
        lines.push(format!("{} {}", style.bold("What to do:"), Shown(&remedy)));
    } else if error.is_transient() {
        let again = "the same command may succeed later.";
        lines.push(format!("{} {again}", style.bold("What to do:")));
    }
    let kind = error.kind();
    let code = format!("({kind}, exit code {})", exit::code(kind));
    lines.push(style.dim(&code));
    lines.join("\n")
}

/// What was asked, on what, of whom, and the answer; the service by the name that people know.
fn headline(error: &Error) -> String {
    let whom = error.scheme().map(|scheme| format!(" on {}", known_as(scheme)));
    let whom = whom.unwrap_or_default();
    let message = if error.message().is_empty() { error.kind().as_str() } else { error.message() };
    let message = Shown(message);
    match (error.operation(), error.path()) {
        (Some(operation), Some(path)) if !is_of_an_account(operation) => {
            format!("cannot {} {}{whom}: {message}", operation.verb(), Shown(path.as_str()))
        }
        (Some(operation), _) => format!("cannot {}{whom}: {message}", operation.verb()),
        (None, _) => message.to_string(),
    }
}

/// A cause, in the same words as the headline if it is an error of the same kind.
fn told(cause: &Cause) -> String {
    match cause.downcast_ref::<Error>() {
        Some(error) => headline(error),
        None => Shown(&cause.to_string()).to_string(),
    }
}

/// Such an operation has no path of its own.
fn is_of_an_account(operation: Operation) -> bool {
    matches!(operation, Operation::Open | Operation::TestConnection)
}

/// A service by the name that people know.
pub(crate) fn known_as(scheme: &str) -> &str {
    match scheme {
        "filescom" => "Files.com",
        "mft" => "Boomi MFT",
        "file" => "this machine",
        other => other,
    }
}

/// JSON indented, anything else as it is but bounded.
fn indented(document: &str) -> String {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(document);
    match parsed.and_then(|value| serde_json::to_string_pretty(&value)) {
        Ok(pretty) => pretty,
        Err(_) => document.chars().take(LONGEST).collect(),
    }
}

/// A page of HTML does not help anybody beyond its first lines.
const LONGEST: usize = 2000;

#[cfg(test)]
mod tests {
    use super::*;
    use wharf::{ErrorKind, RemotePath};

    #[test]
    fn a_report_tells_all_there_is() {
        let path = RemotePath::new("/vendor\u{1b}[2J").unwrap();
        let error = Error::new(ErrorKind::NotFound, "Not Found")
            .of("filescom")
            .during(Operation::List, &path)
            .with_document(r#"{"error":"Not\u001b Found","http-code":404}"#)
            .with_source(Error::new(ErrorKind::Other, "status 404"))
            .with_remedy("Give the key permission.");
        let text = report(&error, Style::plain());
        assert!(!text.contains('\u{1b}'), "{text:?}");
        for part in [
            "error: cannot list /vendor",
            " on Files.com: Not Found",
            "    {\n",
            "      \"http-code\": 404",
            "Because: status 404",
            "What to do: Give the key permission.",
            "(not-found, exit code 3)",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }

    #[test]
    fn places_are_named_as_people_know_them_in_causes_too() {
        let path = RemotePath::new("/a").unwrap();
        let of = |scheme, operation| {
            Error::new(ErrorKind::Other, scheme).of(scheme).during(operation, &path)
        };
        let error = of("filescom", Operation::Read).with_source(of("file", Operation::Write));
        let text = report(&error, Style::plain());
        assert!(text.contains("Because: cannot write /a on this machine: file\n"), "{text}");
    }

    #[test]
    fn a_page_that_is_no_json_is_shown_in_part() {
        let page = "x".repeat(10_000);
        let error = Error::new(ErrorKind::Protocol, "no JSON").with_document(page);
        assert!(report(&error, Style::plain()).len() < 3000);
    }
}
