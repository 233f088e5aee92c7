//! The stages of a test of a connection, for people.

use wharf::connector::{ConnectionReport, StageOutcome};

use crate::present::escape::Shown;
use crate::present::style::Style;
use crate::present::table::Table;
use crate::present::time;

/// One line a stage, then what was found out, then warnings.
pub(crate) fn lines(report: &ConnectionReport, style: Style) -> Vec<String> {
    let mut table = Table::new();
    for stage in &report.stages {
        table.row([
            mark(stage.outcome),
            stage.name,
            &format!("{:>8}", time::duration(stage.took)),
            &Shown(&stage.detail).to_string(),
        ]);
    }
    let mut lines: Vec<String> = table.lines(2).iter().map(|line| coloured(line, style)).collect();
    lines.extend(found(report).lines(2));
    for warning in &report.warnings {
        lines.push(format!("{} {}", style.bold("Note:"), Shown(warning)));
    }
    lines
}

fn found(report: &ConnectionReport) -> Table {
    let mut table = Table::new();
    let mut row = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row([name, &Shown(&value).to_string()]);
        }
    };
    row("account", report.account.clone());
    row("credential", report.credential.clone());
    row("permissions", report.permissions.clone());
    row("confined to", report.confined_to.as_ref().map(ToString::to_string));
    row("expires", report.expires.map(time::time));
    row("clock", report.clock_skew.map(clock));
    table
}

fn clock(skew: i64) -> String {
    match skew {
        0 => "as the service's".to_owned(),
        ahead if ahead > 0 => format!("{ahead} s ahead of the service's"),
        behind => format!("{} s behind the service's", behind.unsigned_abs()),
    }
}

fn mark(outcome: StageOutcome) -> &'static str {
    match outcome {
        StageOutcome::Passed => "ok",
        StageOutcome::Failed => "FAILED",
        _ => "-",
    }
}

/// Colour is put on last: it has no width.
fn coloured(line: &str, style: Style) -> String {
    for (word, paint) in
        [("  ok", Style::good as fn(Style, &str) -> String), ("  FAILED", Style::bad)]
    {
        if let Some(rest) = line.strip_prefix(word) {
            return format!("{}{rest}", paint(style, word));
        }
    }
    line.to_owned()
}
