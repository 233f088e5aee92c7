//! The addresses of parts: asked for several at once, used without the key.

use std::collections::VecDeque;

use secrecy::ExposeSecret;
use wharf_connector::ErrorKind;
use wharf_model::filescom::UploadPart;
use wharf_transport::{Body, Method, Request, Url};

use super::plan::Hint;
use crate::api::BeginUpload;
use crate::api::files;
use crate::client::Client;
use crate::error::{Error, Result};

/// An upload that has begun.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    client: Client,
    path: String,
    mkdir_parents: bool,
    pub(super) reference: String,
}

/// Where one part goes, and how.
#[derive(Clone)]
pub(super) struct Address {
    number: u64,
    url: Url,
    method: Method,
    headers: Vec<(String, String)>,
    pub(super) hint: Hint,
    /// Whether the part may be sent again.
    pub(super) may_repeat: bool,
}

/// Addresses waiting to be used, in the order of their parts.
pub(super) struct Addresses {
    pub(super) begun: Begun,
    waiting: VecDeque<Address>,
}

impl Addresses {
    /// Begins an upload; the address of the first part comes with it.
    pub(super) async fn begin(client: &Client, path: &str, begin: &BeginUpload) -> Result<Self> {
        let parts: Vec<UploadPart> = client.json(files::begin_upload(path, begin)).await?;
        let reference = parts.first().map(|part| part.reference.to_string());
        let reference = reference.ok_or_else(|| Error::protocol("the upload has no first part"))?;
        let begun = Begun {
            client: client.clone(),
            path: path.to_owned(),
            mkdir_parents: begin.mkdir_parents,
            reference,
        };
        let waiting = begun.read(parts, 1)?;
        Ok(Self { begun, waiting })
    }

    /// Those of an upload that was begun before.
    pub(super) fn of(client: &Client, path: &str, mkdir_parents: bool, reference: &str) -> Self {
        let (client, path, reference) = (client.clone(), path.to_owned(), reference.to_owned());
        let begun = Begun { client, path, mkdir_parents, reference };
        Self { begun, waiting: VecDeque::new() }
    }

    /// The address of part `number`; if it has to be asked for, with those of the parts that
    /// follow, `count` in all.
    pub(super) async fn take(&mut self, number: u64, count: u64) -> Result<Address> {
        while self.waiting.front().is_some_and(|address| address.number < number) {
            self.waiting.pop_front();
        }
        if self.waiting.is_empty() {
            self.waiting = self.begun.fetch(number, count).await?;
        }
        let address = self.waiting.pop_front().filter(|address| address.number == number);
        address.ok_or_else(|| Error::protocol(format!("the upload has no part {number}")))
    }
}

impl Begun {
    /// A fresh address for a part whose own has ended.
    pub(super) async fn renew(&self, number: u64) -> Result<Address> {
        let address = self.fetch(number, 1).await?.pop_front();
        address.ok_or_else(|| Error::protocol(format!("the upload has no part {number}")))
    }

    async fn fetch(&self, number: u64, count: u64) -> Result<VecDeque<Address>> {
        let begin = BeginUpload::parts(&self.reference, number, count)
            .with_mkdir_parents(self.mkdir_parents);
        let parts = self.client.json(files::begin_upload(&self.path, &begin)).await?;
        self.read(parts, number)
    }

    fn read(&self, parts: Vec<UploadPart>, first: u64) -> Result<VecDeque<Address>> {
        let numbers = first..;
        parts.into_iter().zip(numbers).map(|(part, number)| self.address(part, number)).collect()
    }

    fn address(&self, part: UploadPart, number: u64) -> Result<Address> {
        if part.reference.as_ref() != self.reference {
            return Err(Error::protocol("the address of a part is that of another upload"));
        }
        if part.part_number.is_some_and(|told| u64::try_from(told) != Ok(number)) {
            return Err(Error::protocol(format!("asked for part {number}, the answer is another")));
        }
        check_manner(&part)?;
        let base = self.client.transport().base();
        let url = Url::options().base_url(Some(base.url())).parse(part.upload_uri.expose_secret());
        let mut url = url.map_err(|_| Error::protocol("the address of a part cannot be one"))?;
        for (name, value) in part.parameters.iter().flat_map(|pairs| pairs.iter()) {
            url.query_pairs_mut().append_pair(name, value);
        }
        let method = part.method().to_ascii_uppercase();
        let method = match method.as_str() {
            "PUT" => Method::PUT,
            "POST" => Method::POST,
            "PATCH" => Method::PATCH,
            _ => return Err(Error::protocol("a part is to be sent by a method that has no body")),
        };
        let headers = part.headers.iter().flat_map(|pairs| pairs.iter());
        let positive = |number: i64| u64::try_from(number).ok().filter(|number| *number > 0);
        Ok(Address {
            number,
            url,
            method,
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            hint: Hint {
                size: part.partsize.and_then(positive),
                available: part.available_parts.and_then(positive),
                // What is not said to be allowed is not done: order is always right.
                parallel: part.parallel_parts.unwrap_or(false),
            },
            may_repeat: part.retry_parts.unwrap_or(true),
        })
    }
}

impl Address {
    /// The request that sends a part here.
    pub(super) fn request(&self, body: Body) -> Request {
        let mut request = Request::bare(self.method.clone(), self.url.clone()).data();
        for (name, value) in &self.headers {
            // The length is set by the transport, whatever the address says about it.
            if !name.eq_ignore_ascii_case("content-length") {
                request = request.header(name, value);
            }
        }
        let request = request.body(body);
        match self.may_repeat {
            true => request.idempotent(),
            false => request.once(),
        }
    }
}

/// The bytes go as the body, and the length as a header: no other way was ever seen.
fn check_manner(part: &UploadPart) -> Result<()> {
    let data = part.send.as_ref().and_then(|send| send.get("partdata"));
    match data {
        None | Some("body") => Ok(()),
        Some(_) => {
            let message = "the service wants a part in a way that is not known here";
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}
