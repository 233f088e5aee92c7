//! What was done, to be kept.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use wharf_connector::{Checksums, Entry, RemotePath};

use crate::{Place, State, Verdict};

pub(crate) mod sums;

/// What was done with one file. As JSON it is one object, made to be kept as a line.
///
/// ```
/// # use std::sync::Arc;
/// # use wharf_connector::{Connector, ConnectorExt, Memory, RemotePath, Result};
/// # use wharf_transfer::{CopyFile, Place, Receipt, copy_file};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// # let memory: Arc<dyn Connector> = Arc::new(Memory::new());
/// # let from = Place::new(memory.clone(), RemotePath::new("/a.csv")?);
/// # let to = Place::new(Arc::new(Memory::new()), RemotePath::new("/b.csv")?);
/// # memory.write_bytes(&from.path, "a;b\n").await?;
/// # let receipt = copy_file(&from, &to, &CopyFile::new(), &()).await?;
/// let line = serde_json::to_string(&receipt).unwrap();
/// assert!(line.contains(r#""verdict":"size_only""#) && !line.contains('\n'));
/// let kept: Receipt = serde_json::from_str(&line).unwrap();
/// assert_eq!(kept, receipt);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// Where it came from, as it was when it was read.
    pub from: End,
    /// Where it went, as the destination describes it.
    pub to: End,
    /// How many bytes the file has.
    pub bytes: u64,
    /// Checksums of the bytes that passed. Empty when none did, for a copy within a
    /// service.
    #[serde(with = "sums", default, skip_serializing_if = "Checksums::is_empty")]
    pub checksums: Checksums,
    /// What is known of the result.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How it was done.
    pub method: Method,
    /// How many tries it took: 1 when the first one worked.
    pub tries: u32,
    /// How many calls to services the file took, all tries of this run together: its own, and none
    /// that it shares with others, such as listings. None in receipts of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_calls: Option<u64>,
    /// When the first try began.
    pub started: DateTime<Utc>,
    /// When the verdict was known.
    pub finished: DateTime<Utc>,
}

/// One end of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct End {
    /// The scheme of the service, such as `filescom`.
    pub scheme: String,
    /// Its host, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The account, if it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The path from the root of the account, whatever the connector's root was.
    #[serde(serialize_with = "as_text", deserialize_with = "from_text")]
    pub path: RemotePath,
    /// What stood there then.
    #[serde(flatten)]
    pub state: State,
}

impl End {
    pub(crate) fn new(place: &Place, entry: &Entry) -> Self {
        let info = place.connector.info();
        Self {
            scheme: info.scheme.to_owned(),
            host: info.host.clone(),
            user: info.user.clone(),
            path: place.in_account(),
            state: State::of(entry),
        }
    }
}

/// How a copy was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// The bytes came here and went on.
    Streamed,
    /// The service copied within itself.
    Native,
    /// It stood there already: an earlier try has carried it, and its answer was lost.
    Found,
}

fn as_text<S: Serializer>(path: &RemotePath, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(path.as_str())
}

fn from_text<'de, D: Deserializer<'de>>(from: D) -> Result<RemotePath, D::Error> {
    let text = String::deserialize(from)?;
    RemotePath::from_str(&text).map_err(de::Error::custom)
}
