//! A session: what signing in to MFT gives.

use secrecy::SecretString;

use super::UserId;
use crate::object::object;

object! {
    any_case, read;
    /// The answer to signing in (`ThruPublicSession`; Boomi: File Sharing API reference 1.16,
    /// Session and ImmutableImpersonateSession, which spell the names differently).
    ///
    /// The session id is a secret: it is not printed and cannot be written.
    ///
    /// ```
    /// use wharf_model::mft::Session;
    ///
    /// let session: Session = serde_json::from_str(r#"{"SessionID": "s3cr3t", "UserID": "U"}"#)?;
    /// assert!(!format!("{session:?}").contains("s3cr3t"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct Session {
        /// What proves the session, opaque. The sample contains blanks, which are kept.
        pub session_id: SecretString = "SessionID",
        /// Who is signed in.
        pub user_id: Option<UserId> = "UserID",
    }
}
