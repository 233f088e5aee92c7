//! The promise of a backend, executable.
//!
//! One suite for every backend, yours included. Describe how to get a connector
//! ([`Harness`]), write one line, and each promise of
//! [`Connector`](wharf_connector::Connector) becomes a test with its own name:
//!
//! ```
//! use std::sync::Arc;
//! use wharf_conformance::Harness;
//! use wharf_connector::{Connector, Memory, async_trait};
//!
//! struct InMemory;
//!
//! #[async_trait]
//! impl Harness for InMemory {
//!     async fn connector(&self) -> Arc<dyn Connector> {
//!         Arc::new(Memory::new())
//!     }
//! }
//!
//! wharf_conformance::suite!(InMemory);
//! # fn main() {}
//! ```
//!
//! Each case asks the capabilities first. What is declared must work. What is not must
//! answer `Unsupported` and change nothing: that is what the `honesty` cases check.
//! Cases share no state: each has a harness and a scratch folder of its own.
//!
//! To run the suite as a value, without the test runner, see [`check`].

mod harness;

mod violation;

mod context;

mod cases;

mod suite;

pub use cases::{Case, all};
pub use context::Context;
pub use harness::Harness;
pub use suite::{Outcome, check, run};
pub use violation::{Verdict, Violation};
