//! Sessions: by password, by ticket, impersonated; regular and immutable.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Answer, Call};
use crate::mft::account::Role;
use crate::mft::id::Id;
use crate::mft::refusal::{self, Refusal};
use crate::mft::session::SessionKind;
use crate::mft::world::{Caller, World};

/// The four calls that open a session for oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    Regular,
    Immutable,
    RegularByTicket,
    ImmutableByTicket,
}

impl Login {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "session" => Some(Self::Regular),
            "immutablesession" => Some(Self::Immutable),
            "sessionbyticket" => Some(Self::RegularByTicket),
            "immutablesessionbyticket" => Some(Self::ImmutableByTicket),
            _ => None,
        }
    }

    fn is_immutable(self) -> bool {
        matches!(self, Self::Immutable | Self::ImmutableByTicket)
    }
}

impl World {
    /// # Errors
    /// When a field is missing or too long, or the password or ticket is wrong.
    pub(super) fn sign_in(
        &mut self,
        login: Login,
        call: &Call,
        now: DateTime<Utc>,
    ) -> Result<Answer, Refusal> {
        let body = &call.body;
        // The examples leave the client version and the device out; so it may be absent here.
        let application = body.required("ApplicationId")?.to_owned();
        self.check_device(call)?;
        if chars(body.text("UserString")) > LONGEST_USER_STRING {
            return Err(Refusal::value("UserString"));
        }
        let user = self.who(login, call)?;
        let kind = if login.is_immutable() {
            SessionKind::immutable(now, self.options.immutable_life)
        } else {
            SessionKind::Regular
        };
        let session = self.open_session(user, &application, kind);
        Ok(Answer::created(
            "ThruPublicSession",
            json!({"SessionID": session, "UserID": user.to_string()}),
        ))
    }

    /// Opens an immutable session as somebody else.
    ///
    /// # Errors
    /// With status 403 for all but administrators, with 400 when the user is not known.
    pub(super) fn impersonate(&mut self, call: &Call, caller: &Caller) -> Result<Answer, Refusal> {
        let bad = |refusal: Refusal| refusal.with_status(StatusCode::BAD_REQUEST);
        if self.user(caller)?.role < Role::Administrator {
            let refusal = Refusal::new(refusal::ROLE, "The Administrator role is required.");
            return Err(refusal.with_status(StatusCode::FORBIDDEN));
        }
        let wanted = call.body.required("UserID").map_err(bad)?;
        let application = call.body.required("ApplicationID").map_err(bad)?;
        let user = Id::parse(wanted)
            .and_then(|id| self.directory.user(id))
            .filter(|user| user.active)
            .map(|user| user.id)
            .ok_or_else(|| bad(Refusal::unknown_id("User", wanted)))?;
        let kind = SessionKind::immutable(caller.now, self.options.immutable_life);
        let session = self.open_session(user, application, kind);
        Ok(Answer::ok(
            "ThruPublicSession",
            json!({"SessionId": session, "UserId": user.to_string()}),
        ))
    }

    fn who(&self, login: Login, call: &Call) -> Result<Id, Refusal> {
        let body = &call.body;
        let by_ticket = match login {
            Login::RegularByTicket => true,
            // Said to take a ticket, yet shown with a name and password: either will do.
            Login::ImmutableByTicket => body.filled("Ticket").is_some() || !body.has("UserName"),
            Login::Regular | Login::Immutable => false,
        };
        if by_ticket {
            return self
                .tickets
                .get(body.filled("Ticket").unwrap_or_default())
                .copied()
                .ok_or_else(|| {
                    Refusal::new(refusal::TICKET, "The ticket is missing or not valid.")
                });
        }
        let (name, password) = (body.required("UserName")?, body.required("Password")?);
        self.directory.signed_in(name, password).map(|user| user.id).ok_or_else(|| {
            Refusal::new(refusal::SIGN_IN, "The user name or password is not valid.")
        })
    }

    fn check_device(&self, call: &Call) -> Result<(), Refusal> {
        let device = call.body.filled("Device_UUID");
        let device = device.or(call.device_header.as_deref());
        if device.is_none() && self.options.strict_device {
            return Err(Refusal::missing("Device_UUID"));
        }
        if chars(device) > LONGEST_DEVICE {
            return Err(Refusal::value("Device_UUID"));
        }
        Ok(())
    }
}

fn chars(text: Option<&str>) -> usize {
    text.map_or(0, |text| text.chars().count())
}

const LONGEST_DEVICE: usize = 17;
const LONGEST_USER_STRING: usize = 256;
