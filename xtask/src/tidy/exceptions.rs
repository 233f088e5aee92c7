//! What the rules let pass, and why. An entry that is no longer needed is a finding.

/// Files of more than [`LONGEST`](super::rules::LONGEST) lines: (path, why it stays one file).
pub(super) const LONG: &[(&str, &str)] = &[];

/// Calls that a library must not make outside the files named.
pub(super) const CALLS: &[Call] = &[
    Call {
        text: "tokio::spawn(",
        but: &[],
        why: "no task of ours outlives the caller's future, so that dropping it stops the work",
    },
    Call {
        text: "task::spawn(",
        but: &[],
        why: "no task of ours outlives the caller's future, so that dropping it stops the work",
    },
    Call {
        text: "env::var",
        but: &["crates/connections/src/environment.rs"], // it stands in for the program in containers
        why: "settings come in by argument; only the program reads the environment",
    },
    Call {
        text: "time::sleep(",
        but: &[
            "crates/filescom/src/poll.rs", // work that goes on in the service
            "crates/transport/src/retry.rs",
        ],
        why: "waiting is the business of the one retry loop",
    },
];

/// A call, and where it may stand all the same.
pub(super) struct Call {
    pub(super) text: &'static str,
    pub(super) but: &'static [&'static str],
    pub(super) why: &'static str,
}

/// The crates that are libraries for others: the sandbox, the program and this one are not.
pub(super) const LIBRARIES: &[&str] = &[
    "crates/conformance/src/",
    "crates/connections/src/",
    "crates/connector/src/",
    "crates/filescom/src/",
    "crates/local/src/",
    "crates/mft/src/",
    "crates/model/src/",
    "crates/transfer/src/",
    "crates/transport/src/",
    "crates/wharf/src/",
];

/// The crates that translate.
pub(super) const SERVICES: &[&str] = &["crates/filescom/src/", "crates/mft/src/"];

/// What makes one of the contract's nouns, where it is made of a service's document.
pub(super) const NEUTRAL: &[&str] = &[
    "Entry::new(",
    "Entry::file(",
    "Entry::folder(",
    "Permissions::",
    "for wharf_connector::Error",
    "for Entry ",
];
