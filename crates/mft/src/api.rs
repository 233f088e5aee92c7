//! The interface of MFT, resource by resource.
//!
//! Each module has one function per call that makes its [`Request`](wharf_transport::Request), a
//! value that can be looked at without a network, and a type whose methods send it. Paths come
//! from the [`Endpoints`](crate::Endpoints), which say how sure each is.

mod batch;
pub mod favorites;
pub mod files;
pub mod folders;
pub mod groups;
pub mod messages;
pub mod roots;
pub mod search;
pub mod server;
pub mod tools;
pub mod transfers;
mod update;
pub mod uploads;
pub mod users;

pub use batch::Batch;
pub use favorites::Favorites;
pub use files::Files;
pub use folders::{Folders, NewFolder};
pub use groups::{GroupUpdate, Groups};
pub use messages::{Messages, NewMessage};
pub use roots::Roots;
pub use search::{Criteria, Search, Wanted};
pub use server::{Server, Settings};
pub use tools::{ReturnPages, Tools, UploaderRequest};
pub use transfers::{Destination, Receipt, Unfinished};
pub use update::Update;
pub use uploads::Uploads;
pub use users::{UserFilter, Users};
pub use wharf_model::mft::Priority;
