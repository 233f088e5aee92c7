//! The control addresses below `/_sandbox/`, the same on every face.

mod content;

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::filescom::FilesCom;
use crate::mft::Mft;
use crate::shared::Shared;

/// Steers a running sandbox over HTTP, for clients in any language.
///
/// | request | does |
/// | --- | --- |
/// | `GET ready` | answers when the sandbox is up |
/// | `GET faults` | the rules still waiting |
/// | `POST faults` | adds a rule, or an array of them |
/// | `DELETE faults` | forgets all rules |
/// | `GET seen` | what clients sent, secrets masked |
/// | `DELETE seen` | forgets it |
/// | `GET clock` | the time |
/// | `POST clock` | `{"set": "2026-11-01T00:00:00Z"}`, `{"advance": seconds}`, `{"freeze": true}` or `{"freeze": false}` |
/// | `GET mft` | the options of the Boomi MFT face |
/// | `POST mft` | sets some of them: `{"die_every": 10, "errors_as_xml": true}`; `{"kill_sessions": true}` |
/// | `POST visits` | somebody comes by a share link: `{"share_link": 3002, "name": "Ann", "email": "ann@acme.example", "path": "vendor/acme/orders/2026-11-01.csv"}`; without `path` nothing is downloaded |
/// | `GET content/TREE/` | the paths in `filescom` or `mft`; those of folders end in a slash |
/// | `GET`, `PUT`, `DELETE content/TREE/PATH` | the content of a file, behind the service's back; `PUT` of a path that ends in a slash makes a folder |
/// | `POST content/TREE/PATH/` | makes many files below a folder: `{"folders": 100, "files": 1000, "size": 16}` |
/// | `GET`, `POST latency` | how long each request is on its way: `{"milliseconds": 20}` |
/// | `POST reset` | everything as it was at the start |
#[derive(Debug, Clone)]
pub(crate) struct Control {
    shared: Arc<Shared>,
    filescom: FilesCom,
    mft: Mft,
}

impl Control {
    pub(crate) fn new(shared: Arc<Shared>, filescom: FilesCom, mft: Mft) -> Self {
        Self { shared, filescom, mft }
    }

    /// Puts everything back as it was at the start.
    pub(crate) fn reset(&self) {
        self.shared.faults.clear();
        self.shared.seen.clear();
        self.shared.clock.reset();
        self.shared.latency.set(self.shared.options.latency);
        self.filescom.reset();
        self.mft.reset();
    }

    pub(crate) async fn answer(&self, path: &str, request: Request) -> Response {
        if let Some(rest) = path.strip_prefix("content/") {
            let answer = self.content(rest, request).await;
            return answer
                .unwrap_or_else(|| refused(StatusCode::NOT_FOUND, "there is no such tree"));
        }
        let method = request.method().clone();
        match (&method, path.trim_end_matches('/')) {
            (&Method::GET, "ready") => ok(json!({"ready": true})),
            (&Method::GET, "faults") => ok(json!(self.shared.faults.waiting())),
            (&Method::POST, "faults") => self.add_faults(request).await,
            (&Method::DELETE, "faults") => self.done(|control| control.shared.faults.clear()),
            (&Method::GET, "seen") => ok(self.shared.seen.to_json()),
            (&Method::DELETE, "seen") => self.done(|control| control.shared.seen.clear()),
            (&Method::GET, "clock") => ok(self.time()),
            (&Method::POST, "clock") => self.set_clock(request).await,
            (&Method::GET, "latency") => ok(self.latency()),
            (&Method::POST, "latency") => self.set_latency(request).await,
            (&Method::GET, "mft") => ok(self.mft.options_json()),
            (&Method::POST, "mft") => self.set_mft(request).await,
            (&Method::POST, "visits") => self.visit(request).await,
            (&Method::POST, "reset") => self.done(Self::reset),
            (_, "ready" | "faults" | "seen" | "clock" | "latency" | "mft" | "visits" | "reset") => {
                refused(StatusCode::METHOD_NOT_ALLOWED, "this address knows other methods")
            }
            _ => refused(StatusCode::NOT_FOUND, "there is no such control address"),
        }
    }

    async fn add_faults(&self, request: Request) -> Response {
        let text = text_of(request).await;
        match text.map(|text| self.shared.faults.load(&text)) {
            Some(Ok(added)) => ok(json!({"added": added})),
            Some(Err(error)) => refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
            None => refused(StatusCode::UNPROCESSABLE_ENTITY, "the body cannot be read"),
        }
    }

    async fn set_clock(&self, request: Request) -> Response {
        let text = text_of(request).await.unwrap_or_default();
        let orders = serde_json::from_str::<Value>(&text).unwrap_or_default();
        let orders: Option<Vec<Order>> = orders
            .as_object()
            .filter(|orders| !orders.is_empty())
            .and_then(|orders| orders.iter().map(order).collect());
        let Some(orders) = orders else {
            let expected =
                "expected {\"set\": RFC 3339}, {\"advance\": seconds} or {\"freeze\": bool}";
            return refused(StatusCode::UNPROCESSABLE_ENTITY, expected);
        };
        let clock = &self.shared.clock;
        for order in orders {
            match order {
                Order::Set(to) => clock.set(to),
                Order::Advance(by) => clock.advance(by),
                Order::Freeze(true) => clock.freeze(),
                Order::Freeze(false) => clock.resume(),
            }
        }
        ok(self.time())
    }

    async fn set_latency(&self, request: Request) -> Response {
        let text = text_of(request).await.unwrap_or_default();
        let order = serde_json::from_str::<Value>(&text).unwrap_or_default();
        let Some(time) = order.get("milliseconds").and_then(Value::as_u64) else {
            let expected = "expected {\"milliseconds\": NUMBER}";
            return refused(StatusCode::UNPROCESSABLE_ENTITY, expected);
        };
        self.shared.latency.set(Duration::from_millis(time));
        ok(self.latency())
    }

    fn latency(&self) -> Value {
        json!({"milliseconds": self.shared.latency.time().as_millis() as u64})
    }

    async fn set_mft(&self, request: Request) -> Response {
        let text = text_of(request).await.unwrap_or_default();
        match self.mft.order(&text) {
            Ok(options) => ok(options),
            Err(error) => refused(StatusCode::UNPROCESSABLE_ENTITY, &error),
        }
    }

    async fn visit(&self, request: Request) -> Response {
        let text = text_of(request).await.unwrap_or_default();
        let visit = serde_json::from_str::<Value>(&text).unwrap_or_default();
        let part = |name: &str| visit.get(name).and_then(Value::as_str);
        let link = visit.get("share_link").and_then(Value::as_i64);
        let (Some(link), Some(name), Some(email)) = (link, part("name"), part("email")) else {
            let expected = "expected {\"share_link\": number, \"name\": text, \"email\": text}";
            return refused(StatusCode::UNPROCESSABLE_ENTITY, expected);
        };
        match self.filescom.visit(link, name, email, part("path")) {
            true => StatusCode::NO_CONTENT.into_response(),
            false => refused(StatusCode::NOT_FOUND, "there is no such share link"),
        }
    }

    fn time(&self) -> Value {
        json!({"now": self.shared.clock.now().to_rfc3339()})
    }

    fn done(&self, act: impl FnOnce(&Self)) -> Response {
        act(self);
        StatusCode::NO_CONTENT.into_response()
    }
}

enum Order {
    Set(DateTime<Utc>),
    Advance(TimeDelta),
    Freeze(bool),
}

fn order((name, value): (&String, &Value)) -> Option<Order> {
    match name.as_str() {
        "set" => Some(Order::Set(value.as_str()?.parse().ok()?)),
        "advance" => {
            let seconds = value.as_f64().filter(|seconds| seconds.abs() < 1e12)?;
            Some(Order::Advance(TimeDelta::milliseconds((seconds * 1000.0) as i64)))
        }
        "freeze" => value.as_bool().map(Order::Freeze),
        _ => None,
    }
}

async fn text_of(request: Request) -> Option<String> {
    let bytes = to_bytes(request.into_body(), LIMIT).await.ok()?;
    String::from_utf8(bytes.into()).ok()
}

fn ok(body: Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn refused(status: StatusCode, why: &str) -> Response {
    let body = json!({"error": why}).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

const LIMIT: usize = 1024 * 1024;
