//! What a file carries only when asked for.

use secrecy::SecretString;

use super::Pairs;
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read_write;
    /// A picture of a file (Files.com REST API reference, Preview).
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct Preview {
        /// Id of the preview.
        pub id: Option<i64> = "id" as Whole,
        /// How far it is: `complete` in the sample.
        pub status: Option<Box<str>> = "status",
        /// Where to download it.
        pub download_uri: Option<SecretString> = "download_uri" | secret,
        /// What it is: `image` in the sample.
        pub kind: Option<Box<str>> = "type",
        /// Which size it has: `small`, `large`, `xlarge` or `pdf`.
        pub size: Option<Box<str>> = "size",
    }
}

object! {
    exact, read;
    /// How to reach an agent without the detour over Files.com (Files.com REST API reference,
    /// DirectConnectionInfo). An optional shortcut.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct DirectConnectionInfo {
        /// Version of this description.
        pub version: Option<i64> = "version" as Whole,
        /// Name the agent's certificate is for.
        pub server_name: Option<Box<str>> = "server_name",
        /// Where the agent may be reached.
        pub addresses: Option<Vec<Box<str>>> = "addresses",
        /// The address of the transfer.
        pub direct_uri: Option<SecretString> = "direct_uri",
        /// The certificate authority to trust, in PEM.
        pub ca_pem: Option<Box<str>> = "ca_pem",
    }
}

object! {
    exact, read;
    /// What pins a download to one version of a file. Newer; seen in the vendor's mock server
    /// and its Python SDK only.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct DownloadIdentity {
        /// Version of this description.
        pub version: Option<i64> = "version" as Whole,
        /// What to ask the same version with again.
        pub token: Option<SecretString> = "token",
        /// Size of this version in bytes.
        pub size: Option<i64> = "size" as Whole,
        /// Headers to send to the storage.
        pub required_headers: Option<Pairs> = "required_headers",
    }
}
