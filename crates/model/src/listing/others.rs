//! What a document has instead of a listing.

/// The members of a document that are no list, put together again: if there is nothing else, it
/// is probably an error document.
#[derive(Default)]
pub(super) struct Others(String);

impl Others {
    /// Adds a member; what is long is left out.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        if self.0.is_empty() {
            self.0.push('{');
        }
        if self.0.len() + name.len() + value.len() > KEPT {
            return;
        }
        if self.0 != "{" {
            self.0.push(',');
        }
        let name = serde_json::Value::from(name).to_string();
        self.0.extend([&name, ":", value]);
    }

    /// Whether no member was added, not even a long one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_document(self) -> String {
        self.0 + "}"
    }
}

/// How much is kept, in bytes.
pub(super) const KEPT: usize = 4 * 1024;
