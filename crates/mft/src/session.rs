//! Signing in: when the first request needs it, once for any number of waiting calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use wharf_model::mft::{self, ErrorCode, UserId};
use wharf_transport::{
    Answer, Error, ErrorKind, Method, Refusal, Request, Result, Transport, Unreadable,
};

use crate::config::{Config, Login};
use crate::dialect::{error_info, is_disguised, is_page};
use crate::endpoints::{Endpoints, Place};

/// The one session of a client.
#[derive(Debug)]
pub(crate) struct Sessions {
    sign_in: SignIn,
    /// Held while signing in, so that everyone who waits gets the same session.
    state: Mutex<State>,
    /// How many attempts to sign in have ended.
    ended: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    session: Option<mft::Session>,
    generation: u64,
    failure: Option<Failure>,
}

/// How a session is got.
#[derive(Debug)]
enum SignIn {
    Own(Box<Config>, Arc<Endpoints>),
    /// As another user, by an administrator's session.
    Impersonated {
        administrator: Transport,
        request: Box<Request>,
    },
}

/// Why the last attempt failed, for those who waited for it: they must not try each by itself, or
/// one wrong password becomes so many that the account is locked.
#[derive(Debug)]
struct Failure {
    kind: ErrorKind,
    message: String,
    refusal: Option<Refusal>,
    /// Whether it was about who we are.
    unauthenticated: bool,
    transient: bool,
}

impl Sessions {
    pub(crate) fn new(config: &Config, endpoints: Arc<Endpoints>) -> Self {
        Self::by(SignIn::Own(Box::new(config.clone()), endpoints))
    }

    /// Sessions as another user. `administrator` signs the requests for them.
    pub(crate) fn impersonated(
        administrator: Transport,
        config: &Config,
        endpoints: &Endpoints,
        user: &UserId,
    ) -> Self {
        let form = [("UserID", user.as_str()), ("ApplicationID", &config.application_id)];
        let request = endpoints.rest(Method::POST, Place::impersonated_session, &[]);
        let request = request.form(form).idempotent();
        Self::by(SignIn::Impersonated { administrator, request: Box::new(request) })
    }

    fn by(sign_in: SignIn) -> Self {
        Self { sign_in, state: Mutex::default(), ended: AtomicU64::new(0) }
    }

    /// The session, opened if there is none, and its number.
    pub(crate) async fn current(&self, transport: &Transport) -> Result<(SecretString, u64)> {
        let before = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if state.session.is_none() {
            self.open(&mut state, transport, before).await?;
        }
        let session = state.session.as_ref().map(|session| session.session_id.clone());
        let session = session.ok_or_else(|| Error::unauthenticated("there is no session"))?;
        Ok((session, state.generation))
    }

    /// Opens another session, unless somebody did since the refused one.
    pub(crate) async fn renew(&self, transport: &Transport, refused: u64) -> Result<()> {
        let before = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if state.session.is_some() && state.generation != refused {
            return Ok(());
        }
        state.session = None;
        self.open(&mut state, transport, before).await
    }

    /// Where sessions are got.
    pub(crate) fn place(&self) -> Place {
        match &self.sign_in {
            SignIn::Own(config, _) => config.sign_in(),
            SignIn::Impersonated { .. } => Place::impersonated_session,
        }
    }

    /// Who is signed in, by the service's id; none before the first request.
    pub(crate) async fn user_id(&self) -> Option<UserId> {
        self.state.lock().await.session.as_ref()?.user_id.clone()
    }

    async fn open(&self, state: &mut State, transport: &Transport, before: u64) -> Result<()> {
        let ended = self.ended.load(Ordering::Acquire);
        if let Some(failure) = state.failure.as_ref().filter(|_| ended != before) {
            return Err(failure.again());
        }
        // Boxed: signing in is itself a call, within the call that needs it.
        let mut answered = Box::pin(self.sign_in.fetch(transport)).await;
        if answered.as_ref().is_err_and(says_nothing_of_us) {
            answered = Box::pin(self.sign_in.fetch(transport)).await;
        }
        self.ended.fetch_add(1, Ordering::Release);
        match answered {
            Ok(session) => {
                state.session = Some(session);
                state.generation += 1;
                state.failure = None;
                Ok(())
            }
            Err(error) => {
                let unauthenticated = is_about_us(&error);
                state.failure = Some(Failure::of(&error, unauthenticated));
                Err(if unauthenticated { refused_as_such(error) } else { error })
            }
        }
    }
}

impl SignIn {
    async fn fetch(&self, transport: &Transport) -> Result<mft::Session> {
        let read = |answer: &Answer| match is_disguised(answer) {
            true => Err(Unreadable::Refusal),
            false => Ok(answer.json::<mft::Session>()?),
        };
        match self {
            Self::Own(config, endpoints) => {
                transport.fetch_with(request(config, endpoints), read).await
            }
            Self::Impersonated { administrator, request } => {
                let Some(request) = request.replay() else {
                    return Err(Error::invalid("the request to sign in cannot be repeated"));
                };
                administrator.fetch_with(request, read).await
            }
        }
    }
}

impl Failure {
    fn of(error: &Error, unauthenticated: bool) -> Self {
        let (message, refusal) = (error.message().to_owned(), error.refusal().cloned());
        let (kind, transient) = (error.kind(), error.is_transient());
        Self { kind, message, refusal, unauthenticated, transient }
    }

    fn again(&self) -> Error {
        let error = match &self.refusal {
            Some(refusal) => Error::refused(refusal.clone()),
            None => Error::new(self.kind, self.message.clone()),
        };
        match (self.unauthenticated, self.transient && !error.is_transient()) {
            (true, _) => refused_as_such(error),
            // An outage: those who waited have sent nothing yet, and may try later.
            (false, true) => {
                Error::new(ErrorKind::Connect, self.message.clone()).with_source(error)
            }
            (false, false) => error,
        }
    }
}

/// Boomi: File Sharing API reference 1.16, Session and its siblings.
pub(crate) fn request(config: &Config, endpoints: &Endpoints) -> Request {
    let mut form = Vec::new();
    match &config.login {
        Login::Password(password) => {
            form.push(("UserName", config.user.as_str()));
            form.push(("Password", password.expose_secret()));
        }
        Login::Ticket(ticket) => form.push(("Ticket", ticket.expose_secret())),
    }
    form.push(("ClientVersion", env!("CARGO_PKG_VERSION")));
    form.push(("ApplicationId", &config.application_id));
    form.push(("Device_UUID", &config.device_uuid));
    form.extend(config.user_string.as_deref().map(|text| ("UserString", text)));
    let request = endpoints.rest(Method::POST, config.sign_in(), &[]).unsigned().idempotent();
    let request = match &config.login {
        Login::Password(password) => request.with_secret(password),
        // The older manual wants it in a header for tickets (Thru REST API manual, 6.1.3).
        Login::Ticket(ticket) => {
            request.with_secret(ticket).header("device_uuid", &config.device_uuid)
        }
    };
    request.form(form)
}

/// Whether a sign-in was answered by something that cannot be about it: that a session is gone, or
/// a page for people that calls itself a success, as what stands before the service may give once.
fn says_nothing_of_us(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| match error_info(refusal) {
        Some(info) => info.code == Some(ErrorCode::SESSION_GONE),
        None => refusal.status().is_success() && is_page(refusal.body()),
    })
}

/// The service's no to a sign-in is about the credentials, whatever its code: the codes are not
/// published. A missing path or a page is not.
fn is_about_us(error: &Error) -> bool {
    let Some(refusal) = error.refusal() else {
        return false;
    };
    let about_us = match error_info(refusal) {
        Some(info) => info.code != Some(ErrorCode::UNKNOWN_EXCEPTION),
        None => !is_page(refusal.body()) && matches!(refusal.status().as_u16(), 400 | 401 | 403),
    };
    about_us && !error.is_transient()
}

fn refused_as_such(error: Error) -> Error {
    Error::unauthenticated("signing in was refused").with_source(error)
}
