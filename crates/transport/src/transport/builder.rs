//! Settings of a transport.

use std::fmt;
use std::sync::{Arc, Mutex, RwLock};
use std::time::SystemTime;

use http::HeaderValue;

use super::{Shared, Timeouts, Transport};
use crate::address::Base;
use crate::backoff::RetryPolicy;
use crate::dialect::{Anonymous, Dialect};
use crate::error::{Error, Result};
use crate::exchange::{Exchange, HttpExchange};

/// Settings of a [`Transport`].
#[must_use = "a builder does nothing until `build`"]
pub struct TransportBuilder {
    base: String,
    allow_http: bool,
    exchange: Option<Arc<dyn Exchange>>,
    dialect: Arc<dyn Dialect>,
    retry: RetryPolicy,
    timeouts: Timeouts,
    answer_limit: u64,
    user_agent: String,
    printed_keys: Vec<&'static str>,
    chance: Arc<dyn Fn() -> f64 + Send + Sync>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl TransportBuilder {
    pub(super) fn new(base: String) -> Self {
        Self {
            base,
            allow_http: false,
            exchange: None,
            dialect: Arc::new(Anonymous),
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            answer_limit: 64 * 1024 * 1024,
            user_agent: concat!("wharf/", env!("CARGO_PKG_VERSION")).to_owned(),
            printed_keys: Vec::new(),
            chance: Arc::new(fastrand::f64),
            clock: Arc::new(SystemTime::now),
        }
    }

    /// Speaks plain HTTP to hosts other than this machine: everything, credentials included, can
    /// then be read on the way.
    pub fn dangerous_allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The exchange to use. Share one between all transports of a process; without it, this
    /// transport gets an [`HttpExchange`] of its own.
    pub fn exchange(mut self, exchange: Arc<dyn Exchange>) -> Self {
        self.exchange = Some(exchange);
        self
    }

    /// How the service is spoken to. Default [`Anonymous`].
    pub fn dialect(mut self, dialect: impl Dialect + 'static) -> Self {
        self.dialect = Arc::new(dialect);
        self
    }

    /// As [`dialect`](Self::dialect), for a dialect that is held elsewhere too.
    pub fn shared_dialect(mut self, dialect: Arc<dyn Dialect>) -> Self {
        self.dialect = dialect;
        self
    }

    /// How often and how long to repeat.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The time-outs.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The most bytes of an answer that [`Transport::fetch`] holds, after decompression.
    /// Default 64 MiB.
    pub fn answer_limit(mut self, bytes: u64) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// The header `User-Agent`. Default `wharf/` and the version of this crate.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Query keys that may be printed with their values in logs and errors. Default none.
    pub fn printed_query_keys(mut self, keys: &[&'static str]) -> Self {
        self.printed_keys = keys.to_vec();
        self
    }

    /// The source of chance for delays: numbers from 0 to 1. For tests.
    pub fn chance(mut self, chance: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.chance = Arc::new(chance);
        self
    }

    /// The clock that a `Retry-After` date is compared with when the answer has no `Date` of its
    /// own. For tests.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The transport. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) if the base address cannot be used (see
    /// [`Base::parse`]) or the user agent cannot be sent.
    pub fn build(self) -> Result<Transport> {
        let base = Base::parse_with(&self.base, self.allow_http)?;
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::invalid("the user agent cannot be sent"))?;
        Ok(Transport(Arc::new(Shared {
            base: RwLock::new(Arc::new(base)),
            exchange: self.exchange.unwrap_or_else(|| Arc::new(HttpExchange::new())),
            dialect: self.dialect,
            retry: self.retry,
            timeouts: self.timeouts,
            answer_limit: self.answer_limit,
            user_agent,
            printed_keys: self.printed_keys,
            chance: self.chance,
            clock: self.clock,
            secrets: Mutex::default(),
        })))
    }
}

/// Leaves out the base address as given: it may hold a password, which `build` would refuse.
impl fmt::Debug for TransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportBuilder")
            .field("allow_http", &self.allow_http)
            .field("exchange", &self.exchange)
            .field("dialect", &self.dialect)
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .field("answer_limit", &self.answer_limit)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}
