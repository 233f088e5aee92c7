//! The Boomi MFT face.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;

use crate::shared::Shared;

/// The Boomi MFT side of a sandbox: its content, seen and changed from within a test.
#[derive(Debug, Clone)]
pub struct Mft {
    shared: Arc<Shared>,
}

/// The choices of the Boomi MFT face.
#[derive(Debug, Clone, Default)]
pub(crate) struct MftOptions {}

impl Mft {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    pub(crate) fn router(&self) -> Router {
        let _ = &self.shared;
        Router::new().fallback(async || StatusCode::NOT_FOUND)
    }

    /// Puts the content back as it was at the start.
    pub(crate) fn reset(&self) {}
}
