//! What a row has brought: figures, targets, and words where one of them is not there.

use serde_json::{Value, json};

use super::contest::Contest;
use super::spread::Spread;

/// The outcome of one row.
#[derive(Debug, Default)]
pub(super) struct Report {
    contests: Vec<Value>,
    targets: Vec<Target>,
    notes: Vec<String>,
}

/// A figure that was aimed at.
#[derive(Debug)]
struct Target {
    what: String,
    bound: Bound,
    unit: &'static str,
    value: Option<Spread>,
    reason: Option<String>,
}

/// What is good enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }

    fn text(self, unit: &str) -> String {
        match self {
            Self::AtLeast(least) => format!("at least {least}{unit}"),
            Self::AtMost(most) => format!("at most {most}{unit}"),
        }
    }
}

impl Report {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The figures of all sides, under a caption.
    pub(super) fn contest(&mut self, caption: &str, contest: &Contest) {
        self.contests.push(json!({"caption": caption, "sides": contest.to_json()}));
    }

    /// A ratio that was aimed at.
    pub(super) fn ratio(&mut self, what: &str, bound: Bound, value: Option<Spread>) {
        self.target(what, bound, "", value);
    }

    /// An amount that was aimed at, in a unit.
    pub(super) fn target(
        &mut self,
        what: &str,
        bound: Bound,
        unit: &'static str,
        value: Option<Spread>,
    ) {
        let reason = value.is_none().then(|| "a side of it did not run".to_owned());
        self.targets.push(Target { what: what.to_owned(), bound, unit, value, reason });
    }

    /// A target that could not be looked at, and why.
    pub(super) fn missing(&mut self, what: &str, bound: Bound, reason: &str) {
        let (what, reason) = (what.to_owned(), Some(reason.to_owned()));
        self.targets.push(Target { what, bound, unit: "", value: None, reason });
    }

    /// A sentence for the reader.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "contests": self.contests,
            "targets": self.targets.iter().map(Target::to_json).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }

    /// One line a target, for who is watching.
    pub(super) fn lines(&self) -> Vec<String> {
        let target = |target: &Target| {
            let value = match (target.value, &target.reason) {
                (Some(value), _) => format!("{:.3}{}", value.median, target.unit),
                (None, reason) => reason.clone().unwrap_or_default(),
            };
            let bound = target.bound.text(target.unit);
            format!("  [{}] {}: {value} ({bound})", target.verdict(), target.what)
        };
        let notes = self.notes.iter().map(|note| format!("  {note}"));
        self.targets.iter().map(target).chain(notes).collect()
    }
}

impl Target {
    fn verdict(&self) -> &'static str {
        match self.value {
            Some(value) if self.bound.holds(value.median) => "met",
            Some(_) => "missed",
            None => "not measured",
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "what": self.what,
            "bound": self.bound.text(self.unit),
            "unit": self.unit,
            "value": self.value.map(Spread::to_json),
            "verdict": self.verdict(),
            "reason": self.reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_missed_or_not_measured() {
        let mut report = Report::new();
        let spread = |number| Spread::of([number]);
        report.ratio("a", Bound::AtLeast(0.9), spread(0.9));
        report.target("b", Bound::AtMost(40.0), " MiB", spread(40.1));
        report.ratio("c", Bound::AtMost(1.0), None);
        report.missing("d", Bound::AtMost(1.0), "there is none");
        let lines = report.lines().join("\n");
        assert_eq!(
            lines,
            "  [met] a: 0.900 (at least 0.9)\n  [missed] b: 40.100 MiB (at most 40 MiB)\n  \
             [not measured] c: a side of it did not run (at most 1)\n  \
             [not measured] d: there is none (at most 1)"
        );
    }
}
