//! Who is asking: API keys and sessions.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::Timestamp;
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read;
    /// An API key, most often the one that asks (Files.com REST API reference, ApiKey).
    ///
    /// The key itself and the secret of its AWS form are filled only in the answer that creates
    /// it. Both are secrets: not printed, and the type cannot be written.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct ApiKey {
        /// Id of the key.
        pub id: Option<i64> = "id" as Whole,
        /// A label made by the service, with the address of the site and the id of the key.
        pub descriptive_label: Option<Box<str>> = "descriptive_label",
        /// Description given by its owner.
        pub description: Option<Box<str>> = "description",
        /// When it was created.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
        /// When it ends; none if it does not.
        pub expires_at: Option<DateTime<Utc>> = "expires_at" as Timestamp,
        /// The key itself.
        pub key: Option<SecretString> = "key",
        /// Whether it may be used as an AWS key, too.
        pub aws_style_credentials: Option<bool> = "aws_style_credentials",
        /// The id of its AWS form.
        pub aws_access_key_id: Option<SecretString> = "aws_access_key_id",
        /// The secret of its AWS form.
        pub aws_secret_key: Option<SecretString> = "aws_secret_key",
        /// When it was last used.
        pub last_use_at: Option<DateTime<Utc>> = "last_use_at" as Timestamp,
        /// Name given by its owner.
        pub name: Option<Box<str>> = "name",
        /// What it may do: `full`, `files_only`, `desktop_app`, `office_integration` and others.
        pub permission_set: Option<Box<str>> = "permission_set",
        /// Where it may do that, if only below one folder.
        pub path: Option<Box<str>> = "path",
        /// What kind of machine it was made for.
        pub platform: Option<Box<str>> = "platform",
        /// Id of the site.
        pub site_id: Option<i64> = "site_id" as Whole,
        /// Name of the site.
        pub site_name: Option<Box<str>> = "site_name",
        /// Address of the site.
        pub url: Option<Box<str>> = "url",
        /// Whose key it is; none if it is one of the whole site.
        pub user_id: Option<i64> = "user_id" as Whole,
        /// Workspace it works in; 0 is the default one.
        pub workspace_id: Option<i64> = "workspace_id" as Whole,
    }
}

impl ApiKey {
    /// Whether it acts for the whole site instead of one user.
    #[must_use]
    pub fn is_site_wide(&self) -> bool {
        self.user_id.is_none()
    }
}

object! {
    exact, read;
    /// The answer to signing in with a name and a password (Files.com REST API reference,
    /// Session, and recorded answers).
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct SessionInfo {
        /// What proves the session: a secret, good for about six hours.
        pub id: SecretString = "id",
        /// Language of the texts for people.
        pub language: Option<Box<str>> = "language",
        /// Whether the session may only read.
        pub read_only: Option<bool> = "read_only",
        /// Whether weak ciphers are allowed for SFTP.
        pub sftp_insecure_ciphers: Option<bool> = "sftp_insecure_ciphers",
        /// How many entries other protocols list at most.
        pub max_dir_listing_size: Option<i64> = "max_dir_listing_size" as Whole,
        /// Whether TLS is required.
        pub ssl_required: Option<bool> = "ssl_required",
        /// Whether old versions of TLS are off.
        pub tls_disabled: Option<bool> = "tls_disabled",
        /// When the session ends.
        pub timeout_at: Option<DateTime<Utc>> = "timeout_at" as Timestamp,
        /// Whether the site calculates CRC-32.
        pub calculate_crc32: Option<bool> = "calculate_file_checksums_crc32",
        /// Whether the site calculates MD5.
        pub calculate_md5: Option<bool> = "calculate_file_checksums_md5",
        /// Whether the site calculates SHA-1.
        pub calculate_sha1: Option<bool> = "calculate_file_checksums_sha1",
        /// Whether the site calculates SHA-256.
        pub calculate_sha256: Option<bool> = "calculate_file_checksums_sha256",
        /// Whether the site calculates checksums the old way.
        pub legacy_checksums_mode: Option<bool> = "legacy_checksums_mode",
        /// Whether the user belongs to the site above.
        pub user_belongs_to_parent_site: Option<bool> = "user_belongs_to_parent_site",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let key: ApiKey = serde_json::from_str(
            r#"{"id":1,"key":"s3cr3t","aws_access_key_id":"s3cr3t","aws_secret_key":"s3cr3t"}"#,
        )
        .unwrap();
        let session: SessionInfo = serde_json::from_str(r#"{"id":"s3cr3t"}"#).unwrap();
        assert!(!format!("{key:?}{session:?}").contains("s3cr3t"));
        assert!(key.is_site_wide());
    }
}
