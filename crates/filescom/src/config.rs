//! Where the site is, who asks, and how much may be used doing it.

mod settings;
mod site;

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use wharf_connector::ErrorKind;
use wharf_connector::quantity::within;

use crate::error::{Error, Result};
pub use settings::SETTINGS;
use settings::told;
use site::base_address;
pub(crate) use site::is_service_host;

/// Everything a [`Client`](crate::Client) is configured with, beside the exchange and the manners
/// of sending.
///
/// ```
/// use wharf_filescom::{Config, Credentials};
///
/// let config = Config::new("acme", Credentials::api_key("0123456789abcdef")?).with_page_size(200);
/// assert_eq!(config.base_address()?, "https://acme.files.com/api/rest/v1");
/// assert!(!format!("{config:?}").contains("0123456789abcdef"));
/// # Ok::<(), wharf_filescom::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The site: a subdomain (`acme`), a host (`acme.files.com`, `files.acme.com`) or an address.
    /// Empty means `app.files.com`, which serves every site that allows global acceleration.
    pub site: String,
    /// Who asks.
    pub credentials: Credentials,
    /// The workspace to work in; 0 is the default one. Not sent unless set.
    pub workspace_id: Option<i64>,
    /// Entries to ask for at once in a listing, 1 to 10,000. Default 1,000, the most the vendor
    /// advises.
    pub page_size: u32,
    /// The least size of a part of an upload, in bytes: 5 MiB to 5 GiB. Default 16 MiB. Parts grow
    /// beyond it where the file or the service asks for it.
    pub part_size: u64,
    /// Parts of one upload that are sent at the same time, where the service allows it. Default 4.
    pub parallel: usize,
    /// The most bytes held for parts of contents that can be read once only, over all uploads of
    /// the client. Default 64 MiB.
    pub upload_buffer: u64,
    /// How long a verified write waits for the checksums of the service. Default 10 s.
    pub checksum_wait: Duration,
    /// How long a copy or rename may take that the service does in the background. Default 10
    /// minutes.
    pub migration_timeout: Duration,
    /// The longest pause between two looks at work in the background. Default 1 s.
    pub poll_interval: Duration,
}

impl Config {
    /// The defaults, for a site and whoever asks.
    pub fn new(site: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            site: site.into(),
            credentials,
            workspace_id: None,
            page_size: 1000,
            part_size: 16 * MIB,
            parallel: 4,
            upload_buffer: 64 * MIB,
            checksum_wait: Duration::from_secs(10),
            migration_timeout: Duration::from_secs(600),
            poll_interval: Duration::from_secs(1),
        }
    }

    /// The address of the interface: below it lie all its paths.
    ///
    /// A site without a scheme gets `https://`, one without a dot is a subdomain of `files.com`.
    ///
    /// # Errors
    ///
    /// `Invalid` for a site that is none of the three forms.
    pub fn base_address(&self) -> Result<String> {
        base_address(&self.site)
    }

    /// Sets [`workspace_id`](Self::workspace_id).
    #[must_use]
    pub fn with_workspace_id(mut self, id: i64) -> Self {
        self.workspace_id = Some(id);
        self
    }

    /// Sets [`page_size`](Self::page_size).
    #[must_use]
    pub fn with_page_size(mut self, entries: u32) -> Self {
        self.page_size = entries;
        self
    }

    /// Sets [`part_size`](Self::part_size).
    #[must_use]
    pub fn with_part_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes;
        self
    }

    /// Sets [`parallel`](Self::parallel).
    #[must_use]
    pub fn with_parallel(mut self, parts: usize) -> Self {
        self.parallel = parts;
        self
    }

    /// Sets [`upload_buffer`](Self::upload_buffer).
    #[must_use]
    pub fn with_upload_buffer(mut self, bytes: u64) -> Self {
        self.upload_buffer = bytes;
        self
    }

    /// Sets [`checksum_wait`](Self::checksum_wait).
    #[must_use]
    pub fn with_checksum_wait(mut self, wait: Duration) -> Self {
        self.checksum_wait = wait;
        self
    }

    /// Sets [`migration_timeout`](Self::migration_timeout).
    #[must_use]
    pub fn with_migration_timeout(mut self, limit: Duration) -> Self {
        self.migration_timeout = limit;
        self
    }

    /// Sets [`poll_interval`](Self::poll_interval).
    #[must_use]
    pub fn with_poll_interval(mut self, pause: Duration) -> Self {
        self.poll_interval = pause;
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.credentials.check()?;
        told(within("page_size", u64::from(self.page_size), 1..=MAX_PAGE))?;
        told(within("part_size", self.part_size, MIN_PART..=MAX_PART))?;
        told(within("parallel", self.parallel as u64, 1..=MAX_PARALLEL))?;
        told(within("upload_buffer", self.upload_buffer, MIN_PART..=MAX_BUFFER))?;
        if self.poll_interval.is_zero() {
            let message = "the setting `poll_interval` is 0, and looking would never pause";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        Ok(())
    }
}

/// Who asks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An API key: the usual way.
    ApiKey(SecretString),
    /// The id of a session that a user and a password opened: see
    /// [`Sessions::create`](crate::api::Sessions::create).
    Session(SecretString),
    /// Nobody: enough for opening a session, and for nothing else.
    None,
}

impl Credentials {
    /// An API key, if it can be one.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` if it is empty, `Invalid` if it has other characters than letters and
    /// digits. The error does not show it.
    pub fn api_key(key: impl Into<SecretString>) -> Result<Self> {
        let credentials = Self::ApiKey(key.into());
        credentials.check()?;
        Ok(credentials)
    }

    /// A session, by its id.
    pub fn session(id: impl Into<SecretString>) -> Self {
        Self::Session(id.into())
    }

    fn check(&self) -> Result<()> {
        let Self::ApiKey(key) = self else {
            return Ok(());
        };
        let key = key.expose_secret();
        if key.is_empty() {
            return Err(missing_key());
        }
        if key.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            return Ok(());
        }
        let what = match key.contains(char::is_whitespace) {
            true => "the API key has white space in it",
            false => "the API key has characters that are neither letters nor digits",
        };
        Err(Error::new(ErrorKind::Invalid, what)
            .with_remedy("Copy the key again, whole and without anything before or after it."))
    }
}

fn missing_key() -> Error {
    Error::new(ErrorKind::Unauthenticated, "there is no API key")
        .with_remedy("Give the setting `api_key`, or set the variable FILES_API_KEY.")
}

const MIB: u64 = 1024 * 1024;

/// The least the storage takes for a part that is not the last, and the most for any
/// (Amazon S3 User Guide, multipart upload limits).
pub(crate) const MIN_PART: u64 = 5 * MIB;
/// See [`MIN_PART`].
pub(crate) const MAX_PART: u64 = 5 * 1024 * MIB;

const MAX_PAGE: u64 = 10_000;
const MAX_PARALLEL: u64 = 64;
const MAX_BUFFER: u64 = 1024 * 1024 * MIB;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_cannot_be_one_is_refused_without_being_shown() {
        for (key, kind) in [
            ("", ErrorKind::Unauthenticated),
            ("planted key", ErrorKind::Invalid),
            ("planted\n", ErrorKind::Invalid),
            ("planted-key", ErrorKind::Invalid),
            ("plantedé", ErrorKind::Invalid),
        ] {
            let error = Credentials::api_key(key).unwrap_err();
            assert_eq!(error.kind(), kind, "{key:?}");
            assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
        }
        assert!(Credentials::api_key("0123abcXYZ").is_ok());
    }
}
