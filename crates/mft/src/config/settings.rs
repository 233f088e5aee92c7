//! The settings of this service, and how they become a [`Config`].

use secrecy::{ExposeSecret, SecretString};
use wharf_connector::{ErrorKind, NameCase, SettingSpec, Settings};
use wharf_service::MANNERS;

use super::{Config, ListingWay, Login, Pages, Root, SessionKind, UpdateBody};
use crate::endpoints::NAMES;
use crate::error::{Error, Result};

impl Config {
    /// Reads the settings that [`SETTINGS`] names.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` without a user or its proof; `Invalid` for a value that cannot be right.
    /// Neither shows a secret.
    pub fn from_settings(server: &str, user: Option<&str>, settings: &Settings) -> Result<Self> {
        let user = settings.text("user").or(user).unwrap_or_default();
        let mut config = Self::new(server, user, login(user, settings)?);
        let text = |name| settings.text(name).map(str::to_owned);
        set(&mut config.application_id, text("application_id"));
        set(&mut config.device_uuid, text("device_uuid"));
        config.user_string = text("user_string");
        set(&mut config.session_kind, choice(settings, "session_kind", &SESSIONS)?);
        set(&mut config.root, root(settings)?);
        set(&mut config.listing, choice(settings, "listing", &LISTINGS)?);
        set(&mut config.name_case, choice(settings, "name_case", &NAME_CASES)?);
        set(&mut config.check_permissions, choice(settings, "check_permissions", &SWITCH)?);
        set(&mut config.upload, choice(settings, "upload", &PAGES)?);
        set(&mut config.download, choice(settings, "download", &PAGES)?);
        set(&mut config.update_body, choice(settings, "update_body", &BODIES)?);
        set(&mut config.page_size, told(settings.parse("page_size"))?);
        set(&mut config.chunk_size, told(settings.bytes("chunk_size"))?);
        set(&mut config.upload_buffer, told(settings.bytes("upload_buffer"))?);
        if let Some(version) = settings.text("version") {
            config.endpoints.version = version.to_owned().into();
        }
        for (name, _) in NAMES {
            let endpoint = name.strip_prefix(PREFIX);
            if let (Some(value), Some(endpoint)) = (settings.text(name), endpoint) {
                check_endpoint(name, value)?;
                // The name comes from the table itself.
                let _ = config.endpoints.set(endpoint, value);
            }
        }
        config.check()?;
        Ok(config)
    }
}

/// Where a path is overridden, there must be one.
fn check_endpoint(name: &str, value: &str) -> Result<()> {
    if !value.trim().is_empty() {
        return Ok(());
    }
    let message = format!("the setting `{name}` is empty");
    Err(Error::new(ErrorKind::Invalid, message)
        .with_remedy("Give it a path, or leave the setting out: `wharf explain mft` shows both."))
}

fn login(user: &str, settings: &Settings) -> Result<Login> {
    let missing = |message: &'static str, remedy: &'static str| {
        Err(Error::new(ErrorKind::Unauthenticated, message).with_remedy(remedy))
    };
    let filled = |name| {
        let secret: Option<SecretString> = settings.secret(name);
        secret.filter(|secret| !secret.expose_secret().is_empty())
    };
    if let Some(ticket) = filled("ticket") {
        return Ok(Login::Ticket(ticket));
    }
    if user.is_empty() {
        let remedy = "Put the user into the target, mft://USER@host/, or set `user`.";
        return missing("no user is given", remedy);
    }
    match filled("password") {
        Some(password) => Ok(Login::Password(password)),
        None => missing(
            "no password is given",
            "Set the variable WHARF_MFT_PASSWORD, or the setting `password`.",
        ),
    }
}

fn root(settings: &Settings) -> Result<Option<Root>> {
    let Some(text) = settings.text("root") else {
        return Ok(None);
    };
    match text {
        "root" => Ok(Some(Root::Root)),
        "home" => Ok(Some(Root::Home)),
        _ => match text.strip_prefix("id:").filter(|id| !id.is_empty()) {
            Some(id) => Ok(Some(Root::Folder(id.into()))),
            None => {
                let message =
                    format!("the setting `root` is {text:?}, not root, home or id:FOLDER");
                Err(Error::new(ErrorKind::Invalid, message))
            }
        },
    }
}

fn choice<T: Copy>(settings: &Settings, name: &str, words: &[(&str, T)]) -> Result<Option<T>> {
    let Some(text) = settings.text(name) else {
        return Ok(None);
    };
    let known = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    known.map(Some).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("the setting `{name}` is {text:?}, not {}", words.join(" or "));
        Error::new(ErrorKind::Invalid, message)
    })
}

/// What the settings say, or our error of it.
pub(super) fn told<T>(read: wharf_connector::Result<T>) -> Result<T> {
    read.map_err(|error| Error::new(error.kind(), error.message().to_owned()))
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

const SESSIONS: [(&str, SessionKind); 2] =
    [("immutable", SessionKind::Immutable), ("regular", SessionKind::Regular)];
const LISTINGS: [(&str, ListingWay); 2] =
    [("search", ListingWay::Search), ("folder", ListingWay::Folder)];
const PAGES: [(&str, Pages); 2] = [("extended", Pages::Extended), ("basic", Pages::Basic)];
const BODIES: [(&str, UpdateBody); 2] = [("form", UpdateBody::Form), ("json", UpdateBody::Json)];
const SWITCH: [(&str, bool); 2] = [("true", true), ("false", false)];
const NAME_CASES: [(&str, NameCase); 3] = [
    ("unknown", NameCase::Unknown),
    ("sensitive", NameCase::Sensitive),
    ("insensitive", NameCase::Insensitive),
];

/// The settings of this service, for the registry, the program's help and the documentation:
/// its own, the [manners](wharf_service::MANNERS) that all services share, and one per row of
/// [`Endpoints::table`](crate::Endpoints::table) that overrides it.
pub const SETTINGS: &[SettingSpec] = &SettingSpec::joined::<
    { OWN.len() + MANNERS.len() + NAMES.len() },
>(&[&OWN, &MANNERS, &ENDPOINTS]);

const OWN: [SettingSpec; 18] = [
    SettingSpec::new("user", "sign-in name, if the target has none").env("WHARF_MFT_USER"),
    SettingSpec::new("password", "password of the user").secret().env("WHARF_MFT_PASSWORD"),
    SettingSpec::new("ticket", "ticket of a single sign-on, instead of a password")
        .secret()
        .env("WHARF_MFT_TICKET"),
    SettingSpec::new(
        "session_kind",
        "`immutable`, or `regular`: ends the account's other sessions",
    )
    .default_value("immutable"),
    SettingSpec::new("application_id", "id of the application, as registered on the server")
        .default_value("1000"),
    SettingSpec::new(
        "device_uuid",
        "name of this device for the server's log, up to 17 characters",
    )
    .default_value("wharf"),
    SettingSpec::new("user_string", "text for the server's audit, up to 256 characters"),
    SettingSpec::new("version", "version segment of the REST paths").default_value("1.16"),
    SettingSpec::new(
        "root",
        "where / lies: the account's `root` or `home`, or `id:` and a folder's id",
    )
    .default_value("root"),
    SettingSpec::new("listing", "how folders are listed: by `search` or by `folder` listing")
        .default_value("search"),
    SettingSpec::new("page_size", "entries per page of a listing by search, 1 to 10000")
        .default_value("1000"),
    SettingSpec::new(
        "name_case",
        "how names are compared: `sensitive`, `insensitive` or `unknown`",
    )
    .default_value("unknown"),
    SettingSpec::new("check_permissions", "refuse what an entry's rights forbid without asking")
        .default_value("true"),
    SettingSpec::new("chunk_size", "bytes per chunk of an upload, 64KiB to 2000000000")
        .default_value("16MiB"),
    SettingSpec::new("upload_buffer", "memory for chunks of contents that can be read once only")
        .default_value("64MiB"),
    SettingSpec::new("upload", "page for uploads: `extended`, or `basic` (deprecated)")
        .default_value("extended"),
    SettingSpec::new("download", "page for downloads: `extended`, which resumes, or `basic`")
        .default_value("extended"),
    SettingSpec::new("update_body", "how changes are sent: as a `form` or as `json`")
        .default_value("form"),
];

/// One for each row of the endpoint table.
#[expect(clippy::indexing_slicing, reason = "a constant has no iterators")]
const ENDPOINTS: [SettingSpec; NAMES.len()] = {
    let mut all = [const { SettingSpec::new("", "") }; NAMES.len()];
    let mut at = 0;
    while at < all.len() {
        let (name, value) = NAMES[at];
        all[at] = SettingSpec::new(name, "overrides a path, page or name of the endpoint table")
            .default_value(value);
        at += 1;
    }
    all
};

const PREFIX: &str = "endpoint.";
