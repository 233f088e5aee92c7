//! What happens to a request after its service made it: signing, following, sending.

use std::fmt::Display;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::encode::push_pair;
use super::{Request, header_name};
use crate::address::Address;
use crate::body::{Body, Multipart};
use crate::error::{Error, Result};
use crate::secrets::Secrets;

/// What a [`Dialect`](crate::Dialect) does when it signs.
impl Request {
    /// Sets a header whose value is never printed.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) if the secret cannot stand in a header.
    pub fn insert_secret(&mut self, name: &str, secret: &SecretString) -> Result<()> {
        let name = header_name(name)?;
        let mut value = HeaderValue::from_str(secret.expose_secret())
            .map_err(|_| Error::invalid(format!("the secret for header {name} cannot be sent")))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self.note_secret(secret);
        Ok(())
    }

    /// Notes a secret that stands in the query or in the body, so that an answer that repeats it is
    /// not printed with it. [`insert_secret`](Self::insert_secret) does so by itself, and of a whole
    /// address the long values of the query are known to be secret.
    ///
    /// A secret of less than six bytes is not noted: it would be found in ordinary words.
    pub fn note_secret(&mut self, secret: &SecretString) {
        self.secrets.note(secret.expose_secret());
    }

    /// As [`note_secret`](Self::note_secret), while building.
    pub fn with_secret(mut self, secret: &SecretString) -> Self {
        self.note_secret(secret);
        self
    }

    /// Adds a query pair.
    pub fn push_query(&mut self, key: &str, value: impl Display) {
        self.query.push((key.to_owned(), value.to_string()));
    }

    /// The form of a multipart body, to add a field to.
    pub fn multipart_mut(&mut self) -> Option<&mut Multipart> {
        self.body.as_multipart_mut()
    }

    /// Notes which credential signed it: any number the dialect chooses, handed back in
    /// [`Renewal::generation`](crate::Renewal::generation), so that a credential that was renewed
    /// meanwhile is not renewed again.
    pub fn set_generation(&mut self, generation: u64) {
        self.generation = generation;
    }
}

/// What the sending loop asks and does.
impl Request {
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// The query pairs added to the path, encoded.
    pub(crate) fn encoded_query(&self) -> String {
        let mut query = String::new();
        for (key, value) in self.query_pairs() {
            push_pair(&mut query, key, value);
        }
        query
    }

    pub(crate) fn headers_timeout_or(&self, limit: Duration) -> Duration {
        self.headers_timeout.unwrap_or(limit)
    }

    /// Where a redirect on the same origin led.
    pub(crate) fn moved(&self) -> Option<&Url> {
        self.moved.as_deref()
    }

    /// Follows a redirect: on the same origin the request stays what it is.
    pub(crate) fn move_to(&mut self, url: Url) {
        self.query.clear();
        match &mut self.address {
            Address::Absolute(place) => *place = url,
            Address::Base(_) => self.moved = Some(Box::new(url)),
        }
    }

    pub(crate) fn into_parts(self) -> (Method, HeaderMap, Body) {
        (self.method, self.headers, self.body)
    }

    pub(crate) fn drop_headers(&mut self, unwanted: impl Fn(&HeaderName, &HeaderValue) -> bool) {
        let names: Vec<HeaderName> = self
            .headers
            .iter()
            .filter(|(name, value)| unwanted(name, value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            self.headers.remove(name);
        }
    }
}
