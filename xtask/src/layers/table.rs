//! The direction table. Changing it changes the architecture: give the reason in
//! `docs/decisions/`, and renew the table in `docs/architecture.md`.

/// One crate of the workspace, and what it may stand on.
pub(super) struct Layer {
    pub(super) package: &'static str,
    pub(super) folder: &'static str,
    /// Ours, in what ships.
    pub(super) uses: &'static [&'static str],
    /// Other people's, named in the manifest, in what ships.
    pub(super) names: &'static [&'static str],
    /// Other people's, only through a feature that is off by default: (crate, feature).
    pub(super) optional: &'static [(&'static str, &'static str)],
    /// Ours, beyond `uses`, in tests and examples.
    pub(super) tests_use: &'static [&'static str],
    /// Other people's, beyond `names`, in tests and examples.
    pub(super) tests_name: &'static [&'static str],
    /// Must not be reached at all, however many crates lie between.
    pub(super) never: &'static [&'static Group],
    /// What is lost when the line is crossed; printed with every finding.
    pub(super) why: &'static str,
}

/// Crates that are kept out together.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) crates: &'static [&'static str],
}

#[rustfmt::skip] // lists are read, not scrolled through
const HTTP: Group = Group {
    name: "HTTP",
    crates: &[
        "actix-web", "axum", "curl", "h2", "h3", "http", "http-body", "hyper", "hyper-util",
        "isahc", "reqwest", "surf", "tower-http", "ureq", "warp",
    ],
};

const TLS: Group =
    Group { name: "TLS", crates: &["aws-lc-rs", "native-tls", "openssl", "ring", "rustls"] };

#[rustfmt::skip]
const RUNTIME: Group = Group {
    name: "a runtime",
    crates: &[
        "async-executor", "async-global-executor", "async-io", "async-std", "compio",
        "futures-executor", "glommio", "mio", "monoio", "polling", "smol", "tokio",
    ],
};

const FUTURES: Group =
    Group { name: "futures", crates: &["async-trait", "futures", "futures-util"] };

const URL: Group = Group { name: "url", crates: &["url"] };

const SERDE: Group = Group { name: "serde", crates: &["serde", "serde_core", "serde_json"] };

/// Crates that one layer alone may name, in tests too: (crate, the layer, why).
pub(super) const ONLY: &[(&str, &str, &str)] = &[(
    "reqwest",
    "wharf-transport",
    "retry, redaction and the rule that credentials go to the configured origin only \
     hold because nobody else can send a request",
)];

/// From the ground up.
#[rustfmt::skip]
pub(super) const LAYERS: &[Layer] = &[
    Layer {
        package: "wharf-model",
        folder: "crates/model",
        uses: &[],
        names: &["bitflags", "chrono", "secrecy", "serde", "serde_json", "serde_with", "unicode-normalization"],
        optional: &[],
        tests_use: &[],
        tests_name: &["allocation-counter", "proptest"],
        never: &[&HTTP, &TLS, &RUNTIME, &FUTURES, &URL],
        why: "someone who only reads a saved listing must not build an HTTP stack or a runtime for it",
    },
    Layer {
        package: "wharf-connector",
        folder: "crates/connector",
        uses: &[],
        names: &["async-trait", "bitflags", "bytes", "chrono", "futures-util", "secrecy"],
        optional: &[("tokio", "fs")],
        tests_use: &[],
        tests_name: &["proptest", "tokio"],
        never: &[&HTTP, &TLS, &RUNTIME, &URL, &SERDE],
        why: "whoever writes a backend for another service, with a protocol and a runtime of \
              their own choice, must not get ours",
    },
    Layer {
        package: "wharf-transport",
        folder: "crates/transport",
        uses: &[],
        names: &[
            "async-trait", "bytes", "fastrand", "futures-util", "http", "httpdate",
            "percent-encoding", "reqwest", "rustls", "rustls-platform-verifier", "secrecy", "serde",
            "serde_json", "serde_path_to_error", "tokio", "tracing", "url",
        ],
        optional: &[],
        tests_use: &[],
        tests_name: &["flate2", "proptest", "tokio-rustls", "tracing-subscriber"],
        never: &[],
        why: "how we speak HTTP must not depend on what a service says or on what we promise callers",
    },
    Layer {
        package: "wharf-service",
        folder: "crates/service",
        uses: &["wharf-connector", "wharf-transport"],
        names: &["tokio"],
        optional: &[],
        tests_use: &[],
        tests_name: &["futures-util"],
        never: &[],
        why: "what services share must not know what any of them says",
    },
    Layer {
        package: "wharf-filescom",
        folder: "crates/filescom",
        uses: &["wharf-connector", "wharf-model", "wharf-service", "wharf-transport"],
        names: SERVICE,
        optional: &[],
        tests_use: &["wharf-conformance", "wharf-sandbox"],
        tests_name: &["proptest"],
        never: &[],
        why: "a service translates between the foundations, and never meets the other service",
    },
    Layer {
        package: "wharf-mft",
        folder: "crates/mft",
        uses: &["wharf-connector", "wharf-model", "wharf-service", "wharf-transport"],
        names: SERVICE,
        optional: &[],
        tests_use: &["wharf-conformance", "wharf-sandbox"],
        tests_name: &["proptest"],
        never: &[],
        why: "a service translates between the foundations, and never meets the other service",
    },
    Layer {
        package: "wharf-local",
        folder: "crates/local",
        uses: &["wharf-connector"],
        names: &[
            "async-trait", "bytes", "cap-fs-ext", "cap-std", "chrono", "crc32fast", "fastrand",
            "futures-util", "md-5", "rustix", "sha1", "sha2", "tokio",
        ],
        optional: &[],
        tests_use: &["wharf-conformance"],
        tests_name: &["tempfile"],
        never: &[&HTTP, &TLS, &URL],
        why: "the file system of this machine is a backend like any other, and needs no network",
    },
    Layer {
        package: "wharf-transfer",
        folder: "crates/transfer",
        uses: &["wharf-connector"],
        names: &[
            "bytes", "chrono", "crc32fast", "fastrand", "futures-util", "globset", "md-5", "rusqlite",
            "serde", "serde_json", "tokio", "unicode-normalization",
        ],
        optional: &[],
        tests_use: &[],
        tests_name: &["proptest", "tempfile"],
        never: &[&HTTP, &TLS, &URL],
        why: "what knows the contract only can carry files between any two backends",
    },
    Layer {
        package: "wharf-connections",
        folder: "crates/connections",
        uses: &["wharf-connector"],
        names: &[
            "age", "apple-native-keyring-store", "dbus-secret-service-keyring-store", "fs4",
            "keyring-core", "tempfile", "toml_edit", "windows-native-keyring-store",
        ],
        optional: &[],
        tests_use: &[],
        tests_name: &[],
        never: &[&HTTP, &TLS, &URL],
        why: "what keeps secrets sends nothing: only a connector that it was handed does",
    },
    Layer {
        package: "wharf-conformance",
        folder: "crates/conformance",
        uses: &["wharf-connector"],
        names: &["async-trait", "bytes", "futures-util", "tokio"],
        optional: &[],
        tests_use: &[],
        tests_name: &[],
        never: &[&HTTP, &TLS, &URL],
        why: "the promise is tested through the contract alone, else a third party could not run it",
    },
    Layer {
        package: "wharf-sandbox",
        folder: "crates/sandbox",
        uses: &[],
        names: &[
            "axum", "base64", "bytes", "chrono", "crc32fast", "fastrand", "flate2", "fs4",
            "futures-util", "http-body", "httpdate", "hyper", "hyper-util", "md-5",
            "multer", "percent-encoding", "rcgen", "serde", "serde_json", "tempfile", "tokio",
            "tokio-rustls", "unicode-normalization",
        ],
        optional: &[],
        tests_use: &[],
        tests_name: &["http-body-util"],
        never: &[],
        why: "an independent witness: a name misspelt on both sides by shared code would pass every test",
    },
    Layer {
        package: "wharf",
        folder: "crates/wharf",
        uses: &[
            "wharf-connections", "wharf-connector", "wharf-filescom", "wharf-local", "wharf-mft",
            "wharf-model", "wharf-transfer", "wharf-transport",
        ],
        names: &[],
        optional: &[],
        tests_use: &["wharf-sandbox"],
        tests_name: &["tokio"],
        never: &[],
        why: "the front door holds names and wiring; what needs another crate is logic and lives behind it",
    },
    Layer {
        package: "wharf-cli",
        folder: "crates/cli",
        uses: &["wharf", "wharf-sandbox"],
        names: &[
            "chrono", "clap", "clap_complete", "clap_mangen", "futures-util",
            "rpassword", "serde", "serde_json", "tempfile", "terminal_size", "tokio",
            "tracing-subscriber", "unicode-width",
        ],
        optional: &[],
        tests_use: &[],
        tests_name: &["base64", "rustix", "vt100"],
        never: &[],
        why: "the program proves that the front door is enough: what it cannot reach, nobody can",
    },
    Layer {
        package: "xtask",
        folder: "xtask",
        uses: &[],
        names: &["serde_json", "spdx", "toml_edit", "wait4"],
        optional: &[],
        tests_use: &[],
        tests_name: &[],
        never: &[&HTTP, &TLS, &RUNTIME, &FUTURES, &URL],
        why: "the judge stands outside, and must build in seconds",
    },
];

/// What both services may name.
#[rustfmt::skip]
const SERVICE: &[&str] = &[
    "async-trait", "bytes", "chrono", "crc32fast", "fastrand", "futures-util", "http", "md-5",
    "secrecy", "serde", "serde_json", "sha1", "sha2", "tokio", "url",
];
