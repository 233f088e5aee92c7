//! What Files.com and Boomi MFT say: typed wire documents, no network.

mod date;
mod listing;
mod number;
mod object;
mod text;
mod xml;

pub mod filescom;
pub mod mft;

pub use date::DateError;
pub use listing::{Listed, ListingError, ListingErrorKind, ListingParser};
pub use text::ShortText;
