//! The Files.com face and the storage behind it.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;

use crate::shared::Shared;

/// The Files.com side of a sandbox: its content, seen and changed from within a test.
#[derive(Debug, Clone)]
pub struct FilesCom {
    shared: Arc<Shared>,
}

impl FilesCom {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    pub(crate) fn router(&self) -> Router {
        let _ = &self.shared;
        Router::new().fallback(async || StatusCode::NOT_FOUND)
    }

    pub(crate) fn storage_router(&self) -> Router {
        Router::new().fallback(async || StatusCode::NOT_FOUND)
    }

    pub(crate) fn reset(&self) {}
}

/// The title of an error type: the words of its last part, each with a capital.
pub(crate) fn title_of(kind: &str) -> String {
    let name = kind.rsplit('/').next().unwrap_or(kind);
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}
