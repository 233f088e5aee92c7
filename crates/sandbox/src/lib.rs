//! Files.com and Boomi MFT on loopback: an independent, stateful witness for tests and trials.
//!
//! A [`Sandbox`] answers as both services do, on three loopback addresses:
//! Files.com, the storage its pre-signed addresses point to, and Boomi MFT. It shares no code
//! with the clients it tests, so that a mistake on their side meets no twin here.
//!
//! ```
//! use wharf_sandbox::{Fault, Route, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::start().await?;
//! println!("{} with key {}", sandbox.filescom_url(), sandbox.keys().full);
//! // What goes wrong next:
//! sandbox.faults().next(Route::List, Fault::retry_after(429, "2"));
//! // What clients really sent:
//! assert!(sandbox.seen().requests().is_empty());
//! # Ok(()) }
//! ```
//!
//! It forgets everything when it stops, unless [`Builder::data`] names a folder to keep it in, and
//! speaks TLS if [`Builder::tls`] says so. Everything asks one settable [`Clock`]; every made-up id
//! comes from one seed.
//!
//! # From outside the process
//!
//! Each address also answers below `/_sandbox/`, so that clients in any language can be tested:
//!
//! | request | does |
//! | --- | --- |
//! | `GET ready` | answers when the sandbox is up |
//! | `GET`, `POST`, `DELETE faults` | shows, adds (see [`Faults::load`]), forgets faults |
//! | `GET`, `DELETE seen` | shows what clients sent, secrets masked; forgets it |
//! | `GET clock` | tells the time |
//! | `POST clock` | `{"set": "2026-11-01T00:00:00Z"}`, `{"advance": 90}` in seconds, `{"freeze": true}` |
//! | `GET`, `POST latency` | `{"milliseconds": 20}`: how long each request is on its way |
//! | `POST visits` | lets somebody come by a share link: `{"share_link": 3002, "name": "Ann", "email": "ann@acme.example"}` |
//! | `GET content/TREE/` | the paths in `filescom` or `mft` |
//! | `GET`, `PUT`, `DELETE content/TREE/PATH` | a file behind the service's back; a folder, if `PUT` where a slash ends the path |
//! | `POST content/TREE/PATH/` | `{"folders": 100, "files": 1000, "size": 16}`: many at once, see [`FilesCom::put_many`] |
//! | `POST reset` | puts everything back as it was at the start |
//!
//! These requests meet no fault and are not logged.
//!
//! # What it does not do
//!
//! It speaks HTTP/1.1 on loopback alone, and models of Files.com what moves files, and users,
//! groups and share links. What else the service keeps (automations, public keys, logs and so on)
//! is kept by the table of its operations: created, listed in pages, shown, changed, deleted, and
//! without effect. What works on files in another way (zip, GPG, transforming) is answered with
//! 501 and the type `sandbox/not-modelled`.

mod sandbox;

mod filescom;
mod mft;

mod accounts;
mod blob;
mod clock;
mod control;
mod data;
mod faults;
mod ids;
mod latency;
mod many;
mod options;
mod seen;
mod server;
mod shared;
mod tls;

pub use self::accounts::{Keys, User};
pub use self::blob::Blob;
pub use self::clock::Clock;
pub use self::faults::{Fault, Faults, Route, Rule, RuleError};
pub use self::filescom::FilesCom;
pub use self::mft::{
    DateForm, INVENTED_CODES, Mft, MftOptions, MftUser, PageErrors, Replaces, Rights, Role,
    UpdateBodies,
};
pub use self::sandbox::{Builder, Sandbox};
pub use self::seen::{Request as SeenRequest, Seen};
