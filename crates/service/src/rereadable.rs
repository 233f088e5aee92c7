//! Contents that can be opened anew.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wharf_connector::{Content, ContentStream};

/// A content that can be read again, from any offset and by many at once. Clones share it.
///
/// ```
/// use wharf_connector::Content;
/// use wharf_service::Rereadable;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// use futures_util::TryStreamExt;
///
/// let content = Rereadable::of(&Content::from("0123456789")).unwrap();
/// let part: Vec<_> = content.open_range(2..5).await?.try_collect().await?;
/// assert_eq!(part.concat(), b"234");
/// # Ok(()) }
/// ```
// The lock is for the compiler: another kind of content is a stream, which must not be shared.
#[derive(Debug, Clone)]
pub struct Rereadable(Arc<Mutex<Content>>);

impl Rereadable {
    /// None for a content that can be read once only.
    pub fn of(content: &Content) -> Option<Self> {
        content.try_clone().map(|content| Self(Arc::new(Mutex::new(content))))
    }

    /// The content itself, unread.
    pub fn fresh(&self) -> Option<Content> {
        self.lock().try_clone()
    }

    /// The bytes of a range.
    ///
    /// # Errors
    ///
    /// Those of opening the content.
    pub async fn open_range(&self, range: Range<u64>) -> io::Result<ContentStream> {
        // The lock is held for the making of the future alone.
        let opening = self.lock().open_range(range);
        opening.await
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
