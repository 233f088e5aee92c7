//! The figures that a machine repeats exactly enough to fail the gate: counts, no times.

use super::build;
use crate::outcome::{Outcome, settle};
use crate::workspace::Workspace;

/// How many crates each of ours is built from. What is counted while it runs (allocations, memory,
/// requests in flight) is counted by tests of the crates.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut findings = Vec::new();
    for (package, most, why) in CRATES {
        let crates = build::crates(workspace, package)?;
        println!("{package}: {crates} crates, at most {most}");
        if crates > *most {
            findings.push(format!(
                "{package} is built from {crates} crates, more than {most}: {why}. If it must be, \
                 say so in docs/performance.md and raise the bound in xtask/src/bench/gate.rs"
            ));
        }
    }
    settle("counts", &findings, "crates within their bounds")
}

/// Package, the most crates, and what the bound is for.
const CRATES: &[(&str, usize, &str)] = &[
    ("wharf-model", 22, "whoever reads a saved listing waits for all of them"),
    ("wharf-connector", 19, "whoever writes a backend waits for all of them"),
    ("wharf", 160, "five crates above reqwest with the same features is the aim"),
];
