//! A scripted exchange, for tests without a network. Feature `testing`.

mod reply;
mod script;

pub use reply::Reply;
pub use script::{Recorded, Script};
