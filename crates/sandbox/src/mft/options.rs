//! Switches of the face: the other readings of what the documentation leaves open.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::date::DateForm;
use super::session::Replaces;

/// How this face behaves where the service's documentation is silent, or of two minds.
///
/// The default is the reading that the samples support; each switch is another plausible server
/// that a client should survive.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MftOptions {
    /// Every n-th signed-in request finds its session dead (error 101). 0 counts as off.
    pub die_every: Option<u64>,
    /// Errors as XML whatever the client accepts.
    pub errors_as_xml: bool,
    /// The array that was not asked for is null instead of empty.
    pub null_arrays: bool,
    /// The form of dates in answers.
    pub dates: DateForm,
    /// How the transfer pages report errors.
    pub page_errors: PageErrors,
    /// Bytes appended after the content of extended downloads; 0 for none.
    pub footer_length: u64,
    /// Whether extended downloads tell the length of the footer. A client that is not told must
    /// take 200.
    pub footer_header: bool,
    /// Which sessions a regular sign-in ends.
    pub replaces: Replaces,
    /// How long an immutable session lives.
    #[serde(skip, default = "two_days")]
    pub immutable_life: TimeDelta,
    /// Whether a sign-in without `Device_UUID` is refused, as the field table has it.
    pub strict_device: bool,
    /// `FullSyncIntervalMinutes` as the number its name promises, not as the documented boolean.
    pub sync_interval_as_number: bool,
    /// "List User Groups" answers users, as its documented type says, instead of groups.
    pub groups_as_users: bool,
    /// Whether names that differ only in case are two names.
    pub names_by_case: bool,
    /// The most entries one search answers, whatever `Take` says.
    pub search_limit: Option<usize>,
    /// Whether the undocumented listing paths below a folder exist; without them, search remains.
    pub folder_listings: bool,
    /// Which bodies an update (PUT) of a file or folder takes.
    pub update_bodies: UpdateBodies,
    /// The most bytes of one upload request.
    pub request_limit: u64,
}

/// How the transfer pages say that something went wrong. Only the header is documented; status
/// and body are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PageErrors {
    /// Status 200, an empty body, and `X-FTH-Error: code / message`.
    #[default]
    Header,
    /// Status 500 with the header and an `ErrorInfo` document.
    Status,
    /// Status 200 with an `ErrorInfo` document in the body, no header.
    Body,
    /// Status 200 with an HTML page that tells the error, no header.
    Html,
}

/// Which bodies an update takes: the manual wants XML or JSON, the general rule form encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UpdateBodies {
    /// Form-encoded, JSON and XML.
    #[default]
    Any,
    /// Form-encoded only; others are answered with status 415.
    Form,
    /// JSON and XML only; others are answered with status 415.
    Document,
}

impl Default for MftOptions {
    fn default() -> Self {
        Self {
            die_every: None,
            errors_as_xml: false,
            null_arrays: false,
            dates: DateForm::default(),
            page_errors: PageErrors::default(),
            footer_length: 200,
            footer_header: true,
            replaces: Replaces::default(),
            immutable_life: two_days(),
            strict_device: false,
            sync_interval_as_number: false,
            groups_as_users: false,
            names_by_case: false,
            search_limit: None,
            folder_listings: true,
            update_bodies: UpdateBodies::default(),
            request_limit: 2 * 1024 * 1024 * 1024,
        }
    }
}

fn two_days() -> TimeDelta {
    TimeDelta::hours(48)
}
