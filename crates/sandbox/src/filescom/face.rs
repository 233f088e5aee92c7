//! From a request to an answer.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::FilesCom;
use super::actions;
use super::answer::{Answer, accepts_gzip, compressed, with_common_headers};
use super::ask::Ask;
use super::auth::{Caller, KEY, SESSION};
use super::call::{Call, Operation};
use super::params::Params;
use super::path::SitePath;
use super::problem::{NOT_MODELLED, Problem};
use super::records::{self, Lookup};
use super::site::Site;
use super::{files, folders, listing, locks, sessions, uploads};

impl FilesCom {
    /// Answers a request to the interface.
    pub(super) async fn answer(self, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let call = Call::read(request.method(), &path);
        let (request, end) = match call.operation {
            Operation::PostFile => peeked(request).await,
            _ => (request, false),
        };
        let gzip = self.shared.options.gzip && accepts_gzip(request.headers());
        let faults = self.shared.faults.clone();
        let work = async |request| self.carry_out(call, end, request).await;
        let response = faults.run(call.route(end), request, work).await;
        if gzip { compressed(response).await } else { response }
    }

    async fn carry_out(&self, call: Call<'_>, end: bool, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let older = self.shared.options.older_errors;
        let id = self.request_id(older);
        let response = match self.perform(call, end, &parts, body).await {
            Ok(answer) => answer.into_response(),
            Err(problem) => {
                let language = text(&parts.headers, ACCEPT_LANGUAGE);
                problem.into_response(&id, language, older)
            }
        };
        let mut response = with_common_headers(response, &id);
        if older {
            let second = HeaderValue::from_str(&self.shared.ids.hex(32));
            second.ok().map(|second| response.headers_mut().append("x-request-id", second));
        }
        response
    }

    fn request_id(&self, older: bool) -> String {
        let hex = |length| self.shared.ids.hex(length);
        match older {
            true => format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12)),
            false => hex(32),
        }
    }

    async fn perform(
        &self,
        call: Call<'_>,
        end: bool,
        parts: &Parts,
        body: Body,
    ) -> Result<Answer, Problem> {
        let body = to_bytes(body, MOST_IN_BODY).await;
        let now = self.shared.clock.now();
        self.keep_house(now);
        if call.operation == Operation::SignIn {
            return self.sign_in(parts, body.map_err(|_| too_large())?);
        }
        let caller = self.site().caller(&parts.headers, now)?;
        let body = body.map_err(|_| too_large())?;
        if call.operation == Operation::Record {
            return self.of_record(call, caller, parts, &body);
        }
        let ask = self.ask(call, caller, parts, &body)?;
        if call.operation == Operation::PostFile && end {
            return self.complete(&ask).await;
        }
        operate(&mut self.site(), call.operation, &ask, &parts.headers)
    }

    /// What happens on the service's side whether or not anybody asks.
    fn keep_house(&self, now: DateTime<Utc>) {
        let mut site = self.site();
        site.finish_overdue(&self.shared);
        site.forget_expired_links(now);
    }

    fn ask(
        &self,
        call: Call<'_>,
        caller: Caller,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<Ask<'_>, Problem> {
        let ask = Ask {
            shared: &self.shared,
            caller,
            params: params(parts, body)?,
            path: SitePath::decode(call.rest)?,
        };
        ask.check_repeated_path()?;
        Ok(ask)
    }

    fn of_record(
        &self,
        call: Call<'_>,
        caller: Caller,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<Answer, Problem> {
        let params = params(parts, body)?;
        let ask = Ask { shared: &self.shared, caller, params, path: SitePath::ROOT };
        match records::find(&parts.method, call.rest) {
            Lookup::Found(found) => records::answer(&mut self.site(), &ask, &found),
            _ => Err(Problem::not_found()),
        }
    }

    fn sign_in(&self, parts: &Parts, body: Bytes) -> Result<Answer, Problem> {
        if parts.headers.contains_key(KEY) {
            return Err(Problem::new(
                "not-authorized/cannot-login-while-using-key",
                "You cannot log in while using an API key.",
            ));
        }
        let params = params(parts, &body)?;
        sessions::sign_in(&mut self.site(), &self.shared, &params)
    }
}

fn operate(
    site: &mut Site,
    operation: Operation,
    ask: &Ask<'_>,
    headers: &HeaderMap,
) -> Result<Answer, Problem> {
    match operation {
        Operation::List => listing::list(site, ask),
        Operation::CreateFolder => folders::create(site, ask),
        Operation::Find => files::find(site, ask),
        Operation::Download => files::download(site, ask),
        Operation::PostFile => post_file(site, ask),
        Operation::BeginUpload => uploads::begin(site, ask),
        Operation::Update => files::update(site, ask),
        Operation::Delete => files::delete(site, ask),
        Operation::Copy => actions::begin(site, ask, actions::Operation::Copy),
        Operation::Move => actions::begin(site, ask, actions::Operation::Move),
        Operation::Migration => actions::poll(site, ask),
        Operation::MigrationLogs => actions::logs(site, ask),
        Operation::ListLocks => locks::list(site, ask),
        Operation::Lock => locks::lock(site, ask),
        Operation::Unlock => locks::unlock(site, ask),
        Operation::ShowKey => sessions::show_key(site, ask),
        Operation::UpdateKey => sessions::update_key(site, ask),
        Operation::RevokeKey => sessions::revoke_key(site, ask),
        Operation::SignOut => {
            let session = text(headers, HeaderName::from_static(SESSION));
            Ok(sessions::sign_out(site, session))
        }
        Operation::WrongMethod => {
            let text = "Method not allowed.";
            Err(Problem::new("bad-request/method-not-allowed", text))
        }
        Operation::NotModelled => {
            let text = "The sandbox does not model this part of the service.";
            Err(Problem::new(NOT_MODELLED, text))
        }
        Operation::SignIn | Operation::Record | Operation::Unknown => Err(Problem::not_found()),
    }
}

fn post_file(site: &mut Site, ask: &Ask<'_>) -> Result<Answer, Problem> {
    match ask.params.required_text("action")? {
        "put" => uploads::put(site, ask),
        _ => Err(Problem::bad_params("action does not have a valid value")),
    }
}

/// Looks into the body of a posted file: whether it completes an upload.
async fn peeked(request: Request) -> (Request, bool) {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MOST_IN_BODY).await else {
        // Too large or broken off: the second look finds an empty body and says so.
        return (Request::from_parts(parts, Body::empty()), false);
    };
    let params = params(&parts, &bytes).unwrap_or_default();
    let end = params.text("action").is_ok_and(|action| action == Some("end"));
    (Request::from_parts(parts, Body::from(bytes)), end)
}

fn params(parts: &Parts, body: &Bytes) -> Result<Params, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    Params::read(query, text(&parts.headers, CONTENT_TYPE), body)
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn too_large() -> Problem {
    let text = "The request body is too large.";
    Problem::new("bad-request/request-body-too-large", text)
}

/// Room for the etags of ten thousand parts.
const MOST_IN_BODY: usize = 4 * 1024 * 1024;
