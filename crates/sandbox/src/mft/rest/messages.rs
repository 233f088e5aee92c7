//! Messages: made, read, changed, completed and discarded.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Call, NoAnswer};
use crate::mft::date;
use crate::mft::document::Asked;
use crate::mft::fields::Fields;
use crate::mft::id::Id;
use crate::mft::message::{Message, Recipient};
use crate::mft::refusal::Refusal;
use crate::mft::rights::Rights;
use crate::mft::world::{Caller, World};

impl World {
    pub(super) fn message_call(
        &mut self,
        id: Option<&str>,
        act: Option<&str>,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        let Some(id) = id else {
            call.only(&[Method::POST])?;
            return Ok(self.create_message(call, caller)?);
        };
        let id = self.own_message(id, caller)?;
        match (act, call.method.clone()) {
            (None, Method::GET) => {}
            (None, Method::PUT) => self.change_message(id, call, caller)?,
            (Some("complete"), Method::POST | Method::PUT) => {
                if let Some(message) = self.messages.get_mut(&id) {
                    message.sent = Some(caller.now);
                }
            }
            (Some("discard"), Method::POST | Method::PUT | Method::DELETE)
            | (None, Method::DELETE) => {
                self.messages.remove(&id);
                return Ok(Answer::empty());
            }
            _ => return Err(NoAnswer::MethodNotAllowed),
        }
        Ok(Answer::ok(MESSAGE, self.message(id, caller)?))
    }

    fn create_message(&mut self, call: &Call, caller: &Caller) -> Result<Answer, Refusal> {
        let body = &call.body;
        let to = self.recipients(body, "ToRecipients");
        if to.is_empty() {
            return Err(Refusal::missing("ToRecipients"));
        }
        let id = self.mint.id();
        let tracking = self.mint.short_key();
        let mut message = Message {
            id,
            user: caller.user,
            tracking: format!("T{}", tracking.get(..12).unwrap_or_default()),
            subject: String::new(),
            public: String::new(),
            private: String::new(),
            created: caller.now,
            sent: None,
            expires: None,
            request_login: false,
            send_by_client: body.flag("SendByClient")?.unwrap_or(false),
            notify: false,
            expire_now: false,
            priority: 3,
            to,
            cc: self.recipients(body, "CcRecipients"),
            bcc: self.recipients(body, "BccRecipients"),
            files: Vec::new(),
            folders: Vec::new(),
        };
        self.fill(&mut message, body, caller)?;
        if !message.send_by_client {
            message.sent = Some(caller.now);
        }
        self.messages.insert(id, message);
        Ok(Answer::created(MESSAGE, self.message(id, caller)?))
    }

    fn change_message(&mut self, id: Id, call: &Call, caller: &Caller) -> Result<(), Refusal> {
        let Some(mut message) = self.messages.get(&id).cloned() else {
            return Err(Refusal::unknown_id("Message", &id.to_string()));
        };
        self.fill(&mut message, &call.body, caller)?;
        for (field, recipients) in [
            ("ToRecipients", &mut message.to),
            ("CcRecipients", &mut message.cc),
            ("BccRecipients", &mut message.bcc),
        ] {
            if call.body.list(field).is_some() {
                *recipients = self.recipients(&call.body, field);
            }
        }
        self.messages.insert(id, message);
        Ok(())
    }

    fn fill(&self, message: &mut Message, body: &Fields, caller: &Caller) -> Result<(), Refusal> {
        for (field, text) in [
            ("Subject", &mut message.subject),
            ("PublicMessage", &mut message.public),
            ("PrivateMessage", &mut message.private),
        ] {
            if let Some(value) = body.text(field) {
                value.clone_into(text);
            }
        }
        for (field, flag) in [
            ("RequestLogin", &mut message.request_login),
            ("NotifyFlag", &mut message.notify),
            ("ExpireNow", &mut message.expire_now),
        ] {
            *flag = body.flag(field)?.unwrap_or(*flag);
        }
        if let Some(priority) = body.number("Priority")? {
            if !(1..=3).contains(&priority) {
                return Err(Refusal::value("Priority"));
            }
            message.priority = priority;
        }
        if let Some(text) = body.filled("DateExpired") {
            let expires = date::read(text).ok_or_else(|| Refusal::value("DateExpired"))?;
            message.expires = Some(expires);
        }
        self.attach(message, body, caller)
    }

    fn attach(&self, message: &mut Message, body: &Fields, caller: &Caller) -> Result<(), Refusal> {
        let access = self.access(caller)?;
        for (field, folders) in [("FilesAttached", false), ("FoldersAttached", true)] {
            let Some(ids) = body.list(field) else {
                continue;
            };
            let mut attached = Vec::new();
            for id in ids {
                let node = if folders { access.folder(&id)? } else { access.file(&id)? };
                access.require(node, Rights::DISTRIBUTE)?;
                attached.push(node.id);
            }
            if folders {
                message.folders = attached;
            } else {
                message.files = attached;
            }
        }
        Ok(())
    }

    fn message(&self, id: Id, caller: &Caller) -> Result<Value, Refusal> {
        let unknown = || Refusal::unknown_id("Message", &id.to_string());
        let message = self.messages.get(&id).ok_or_else(unknown)?;
        let scribe = self.scribe(caller)?;
        let attached = message.files.iter().chain(&message.folders);
        let nodes = attached.filter_map(|id| self.tree.node(*id));
        let listing = scribe.listing(nodes, Asked::Both);
        Ok(message.document(caller.now, self.options.dates, &json!(listing)))
    }

    fn own_message(&self, id: &str, caller: &Caller) -> Result<Id, Refusal> {
        Id::parse(id)
            .and_then(|id| self.messages.get(&id))
            .filter(|message| message.user == caller.user)
            .map(|message| message.id)
            .ok_or_else(|| Refusal::unknown_id("Message", id))
    }

    fn recipients(&mut self, body: &Fields, field: &str) -> Vec<Recipient> {
        let emails = body.list(field).unwrap_or_default();
        emails.into_iter().map(|email| Recipient { id: self.mint.id(), email }).collect()
    }
}

const MESSAGE: &str = "ThruPublicMessageInfo";
