//! Where the server is, who asks, and how it is spoken to.

mod settings;

use secrecy::SecretString;
use wharf_connector::quantity::within;
use wharf_connector::{ErrorKind, NameCase};
use wharf_model::mft::FolderId;

use crate::endpoints::{Endpoints, Place};
use crate::error::{Error, Result};
pub use settings::SETTINGS;
use settings::told;

/// Everything a [`Client`](crate::Client) is configured with, beside the exchange and the manners
/// of sending.
///
/// ```
/// use wharf_mft::{Config, Login, SessionKind};
///
/// let config = Config::new("files.acme.com", "anna", Login::password("planted"));
/// assert_eq!(config.base_address(), "https://files.acme.com");
/// assert_eq!(config.session_kind, SessionKind::Immutable);
/// assert!(!format!("{config:?}").contains("planted"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The server: a host, with a port if need be, or an address.
    pub server: String,
    /// The sign-in name.
    pub user: String,
    /// How the user proves who it is.
    pub login: Login,
    /// Which kind of session is opened.
    pub session_kind: SessionKind,
    /// The application's id, as the server's administrator registered it. Numbers below 1000 are
    /// the vendor's own (Thru SOAP API reference, 2.3). Default `1000`.
    pub application_id: String,
    /// Names this device in the server's log; 1 to 17 characters. Default `wharf`.
    pub device_uuid: String,
    /// Told to the server's audit with each upload, download and delete; at most 256 characters.
    pub user_string: Option<String>,
    /// Where the connector's root lies.
    pub root: Root,
    /// How folders are listed.
    pub listing: ListingWay,
    /// Entries to ask for at once where listings go by search, 1 to 10,000. Default 1,000.
    pub page_size: u32,
    /// How names are compared, if that is known. What the service does is not documented: see
    /// [`Mft`](crate::Mft). Default unknown.
    pub name_case: NameCase,
    /// Whether calls that the rights of an entry forbid are refused without asking the service.
    /// Default true.
    pub check_permissions: bool,
    /// The size of an upload's chunks in bytes, and the largest file that is sent in one piece:
    /// 64 KiB to 2 GB. Default 16 MiB. The vendor recommends 600 MB and sets no minimum (Boomi:
    /// Uploading a very large file).
    pub chunk_size: u64,
    /// The most bytes held for chunks of contents that can be read once only, over all uploads of
    /// the client; one chunk is always allowed. Default 64 MiB.
    pub upload_buffer: u64,
    /// By which page files go up.
    pub upload: Pages,
    /// By which page files come down.
    pub download: Pages,
    /// How changes to files and folders are sent.
    pub update_body: UpdateBody,
    /// What nobody is sure of.
    pub endpoints: Endpoints,
}

/// How a user proves who it is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Login {
    /// By the password.
    Password(SecretString),
    /// By a ticket of a single sign-on, made elsewhere. Its form is not documented.
    Ticket(SecretString),
}

impl Login {
    /// By the password.
    pub fn password(password: impl Into<SecretString>) -> Self {
        Self::Password(password.into())
    }

    /// By a ticket.
    pub fn ticket(ticket: impl Into<SecretString>) -> Self {
        Self::Ticket(ticket.into())
    }
}

/// The kind of session (Boomi: File Sharing API reference 1.16, Session and ImmutableSession).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SessionKind {
    /// Lives beside other sessions of the account, 48 hours unless the server says otherwise.
    #[default]
    Immutable,
    /// Ends every other regular session of the account, and is ended by the next.
    Regular,
}

/// Where the connector's root lies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Root {
    /// At the account's root folder.
    #[default]
    Root,
    /// At the account's home folder.
    Home,
    /// At a folder by its id: the way out where a server's paths for the other two are not known.
    Folder(FolderId),
}

/// How folders are listed. Neither way is certain: the listing paths are printed nowhere, and
/// that a search which does not descend lists a folder is inferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ListingWay {
    /// By the listing of a folder: one request, read as it comes.
    Folder,
    /// By a search in the folder, page by page: its path is printed, in an older manual.
    #[default]
    Search,
}

/// Which transfer pages are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Pages {
    /// Those of the extended protocol: in chunks, and able to go on after a break.
    #[default]
    Extended,
    /// The basic ones: one request, whole or not at all. That for uploads is deprecated.
    Basic,
}

/// How a change to a file or folder is sent. The general rule says as a form, the older page of
/// this call as a document; if the server does not take the one, the other is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UpdateBody {
    /// As a form (Boomi: guide "Web service REST design").
    #[default]
    Form,
    /// As a JSON document (Thru REST API manual, 6.2.3).
    Json,
}

impl Config {
    /// The defaults, for a server and whoever asks.
    pub fn new(server: impl Into<String>, user: impl Into<String>, login: Login) -> Self {
        Self {
            server: server.into(),
            user: user.into(),
            login,
            session_kind: SessionKind::default(),
            application_id: "1000".to_owned(),
            device_uuid: "wharf".to_owned(),
            user_string: None,
            root: Root::default(),
            listing: ListingWay::default(),
            page_size: 1000,
            name_case: NameCase::Unknown,
            check_permissions: true,
            chunk_size: 16 * MIB,
            upload_buffer: 64 * MIB,
            upload: Pages::default(),
            download: Pages::default(),
            update_body: UpdateBody::default(),
            endpoints: Endpoints::default(),
        }
    }

    /// Sets which kind of session is opened.
    #[must_use]
    pub fn with_session_kind(mut self, kind: SessionKind) -> Self {
        self.session_kind = kind;
        self
    }

    /// Sets where the connector's root lies.
    #[must_use]
    pub fn with_root(mut self, root: Root) -> Self {
        self.root = root;
        self
    }

    /// Sets how folders are listed.
    #[must_use]
    pub fn with_listing(mut self, way: ListingWay) -> Self {
        self.listing = way;
        self
    }

    /// Sets how many entries are asked for at once where listings go by search.
    #[must_use]
    pub fn with_page_size(mut self, entries: u32) -> Self {
        self.page_size = entries;
        self
    }

    /// Sets how names are compared, if that is known.
    #[must_use]
    pub fn with_name_case(mut self, case: NameCase) -> Self {
        self.name_case = case;
        self
    }

    /// Sets whether calls that rights forbid are refused without asking the service.
    #[must_use]
    pub fn with_check_permissions(mut self, check: bool) -> Self {
        self.check_permissions = check;
        self
    }

    /// Sets the size of an upload's chunks in bytes.
    #[must_use]
    pub fn with_chunk_size(mut self, bytes: u64) -> Self {
        self.chunk_size = bytes;
        self
    }

    /// Sets the most bytes held for chunks of contents that can be read once only.
    #[must_use]
    pub fn with_upload_buffer(mut self, bytes: u64) -> Self {
        self.upload_buffer = bytes;
        self
    }

    /// The address below which everything lies. A server without a scheme gets `https://`.
    pub fn base_address(&self) -> String {
        match self.server.contains("://") {
            true => self.server.clone(),
            false => format!("https://{}", self.server),
        }
    }

    /// The endpoint by which this configuration signs in.
    pub(crate) fn sign_in(&self) -> Place {
        match (self.session_kind, &self.login) {
            (SessionKind::Immutable, Login::Password(_)) => Place::immutable_session,
            (SessionKind::Immutable, Login::Ticket(_)) => Place::immutable_session_by_ticket,
            (SessionKind::Regular, Login::Password(_)) => Place::session,
            (SessionKind::Regular, Login::Ticket(_)) => Place::session_by_ticket,
        }
    }

    /// Whether the values can be right.
    pub(crate) fn check(&self) -> Result<()> {
        let invalid = |message: &'static str| Err(Error::new(ErrorKind::Invalid, message));
        if self.server.is_empty() {
            return invalid("the target names no server");
        }
        if !(1..=17).contains(&self.device_uuid.chars().count()) {
            return invalid("the setting `device_uuid` takes 1 to 17 characters");
        }
        if self.user_string.as_deref().is_some_and(|text| text.chars().count() > 256) {
            return invalid("the setting `user_string` takes at most 256 characters");
        }
        told(within("page_size", u64::from(self.page_size), 1..=MAX_PAGE))?;
        told(within("chunk_size", self.chunk_size, MIN_CHUNK..=MAX_REQUEST))
    }
}

const MIB: u64 = 1024 * 1024;
const MAX_PAGE: u64 = 10_000;
const MIN_CHUNK: u64 = 64 * 1024;
/// The web server refuses requests above 2 GB (Boomi: Uploading a very large file). Read as
/// 2,000,000,000 bytes, to be on the safe side.
pub(crate) const MAX_REQUEST: u64 = 2_000_000_000;

#[cfg(test)]
mod tests;
