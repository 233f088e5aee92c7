//! What Files.com and Boomi MFT say: typed wire documents, no network.
//!
//! Whoever holds an answer of either service, saved or just received, can read it with this crate
//! alone: a listing, a file, an error. It knows no HTTP and no runtime, and does no input or output.
//!
//! ```
//! use wharf_model::{filescom, mft};
//!
//! let listing = br#"{"Files": [{"FileID": "2OMFYXLA6BP9D", "Name": "2.html", "Size": 198,
//!     "EffectivePermission": 254, "DateModified": "/Date(1346072694480)/"}], "Folders": null}"#;
//! for entry in mft::ListingParser::read_all(listing)? {
//!     println!("{}", entry.name());
//! }
//!
//! let refusal = br#"{"error": "Not Found", "http-code": 404, "type": "not-found"}"#;
//! let error = filescom::ErrorBody::from_response(404, refusal);
//! assert_eq!(error.group(), filescom::ErrorGroup::NotFound);
//! println!("{error}");
//! # Ok::<(), wharf_model::ListingError>(())
//! ```
//!
//! # Where to begin
//!
//! [`mft`] and [`filescom`] are the two services; they know nothing of each other, and each tells
//! what to read first. Long listings are read by a [`ListingParser`], as they arrive or from a
//! whole body. The program `examples/read_listings.rs` reads one of each.
//!
//! # Tolerant in, exact out
//!
//! - What is missing or null is `None`, never a made-up zero.
//! - Unknown words, numbers and bits are kept, and written back unchanged. Unknown members are
//!   skipped, those of Files.com files, users, groups and share links and of MFT messages and
//!   settings kept.
//! - Where the documentation of a service contradicts its samples, both forms are read and that
//!   of the samples is written.
//! - Numbers in strings are read as numbers, ids that are numbers as text.
//!
//! # Secrets
//!
//! Session ids, API keys and signed addresses are of the type `secrecy::SecretString`. They are
//! not printed, not written, and wiped from memory when dropped. Documents that hold one leave it
//! out when they are written, or have no way to be written.
//!
//! # What this crate does not do
//!
//! It sends nothing, retries nothing, decides nothing. It does not walk trees, resolve paths to
//! ids, or turn the entities of the two services into one. Entities of Files.com that have to do
//! neither with files nor with whom they are for (comments, history, public keys and others) have
//! no types here; [`filescom::endpoints`] tells how they are reached.

mod text;

mod date;
mod line;
mod listing;
mod number;
mod object;
mod xml;

pub mod filescom;
pub mod mft;

pub use date::DateError;
pub use listing::{Listed, ListingError, ListingErrorKind, ListingParser};
pub use text::ShortText;
