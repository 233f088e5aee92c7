//! Uploads: begun, sent part by part as the service says, checked, and made a file.

mod address;
mod collector;
mod finish;
mod kept;
mod meter;
mod parts;
mod plan;
mod source;
mod total;

use chrono::{DateTime, Utc};
use wharf_connector::{Checkpoint, Checksums, Content, ErrorKind, Reached};
use wharf_model::filescom::File;
use wharf_service::Rereadable;

use crate::api::Files;
use crate::error::{Error, Result};
use crate::sums::{Wanted, difference};
use finish::Finish;
use parts::{Broken, Parts};

impl Files {
    /// Stores a content as a file, whole or not at all, replacing one that stands there.
    ///
    /// The service says where each part goes, by what method and with which headers, and whether
    /// parts may go at the same time. Parts of a content that can be read again are streamed from
    /// their offset and never held; parts of one that can be read once are held under the client's
    /// [budget](crate::Config::upload_buffer). A part that fails is sent again, to a fresh address
    /// if its own has ended. Nothing stands under the final name before the last byte has arrived
    /// and every check that can be made was made; dropping the future leaves nothing there.
    ///
    /// # Errors
    ///
    /// `Corrupted` when a checksum does not agree, `Invalid` when the content cannot be read or has
    /// another size than it declared, `TooLarge` when it does not fit into 10,000 parts,
    /// `AlreadyExists` when a folder stands there, `NotAFolder` when the parent is a file. An error
    /// whose [`reached`](crate::Error::reached) is `Maybe` leaves open whether the file is there.
    ///
    /// ```
    /// use wharf_filescom::Upload;
    /// # use wharf_filescom::{Client, Config, Credentials};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = wharf_sandbox::Sandbox::start().await?;
    /// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
    /// # let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
    /// let uploaded = client.files().upload("in/a.txt", "hello".into(), &Upload::new()).await?;
    /// assert_eq!(uploaded.size, 5);
    /// assert_eq!(uploaded.checksums.crc32, Some(0x3610_a686));
    /// # Ok(()) }
    /// ```
    pub async fn upload(&self, path: &str, content: Content, options: &Upload) -> Result<Uploaded> {
        let again = Rereadable::of(&content);
        let wanted = wanted(options, again.is_some());
        let finish = Finish { client: self.client(), path, options, content: again.clone() };
        let mut content = content;
        let mut restarts = 0;
        loop {
            let parts = Parts::new(self.client().clone(), path, options, wanted);
            let result = match Box::pin(parts.send(content)).await {
                Ok(sent) => match check_expected(&sent.checksums, &options.expected) {
                    Ok(()) => finish.run(sent).await,
                    Err(error) => Err(Broken::Final(error)),
                },
                Err(broken) => Err(broken.before_the_end()),
            };
            let error = match result {
                Ok(uploaded) => {
                    options.forget().await.map_err(stored_all_the_same)?;
                    return Ok(uploaded);
                }
                Err(Broken::Final(error)) if error.leaves_the_rest_for_later() => {
                    return Err(error);
                }
                Err(Broken::Final(error)) => {
                    // What went wrong first counts.
                    let _ = options.forget().await;
                    return Err(error);
                }
                Err(Broken::Restart(error)) => error,
            };
            if options.forget().await.is_err() {
                return Err(error);
            }
            content = match again.as_ref().and_then(Rereadable::fresh) {
                Some(fresh) if restarts < MAX_RESTARTS => fresh,
                _ => return Err(error),
            };
            restarts += 1;
        }
    }
}

/// What to keep and to check with an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// Create missing parents. On by default. They stay even if the upload fails.
    pub mkdir_parents: bool,
    /// The time of the last change to keep, in whole seconds.
    pub provided_mtime: Option<DateTime<Utc>>,
    /// What the content must have. Compared before the file appears.
    pub expected: Checksums,
    /// Compare every part with the tag that the storage gives it, and wait, within
    /// [`checksum_wait`](crate::Config::checksum_wait), for the service's own checksums of the whole.
    pub verify: bool,
    /// Where to keep which parts have arrived, so that an upload of the same content goes on with
    /// the others. It is used for a content that can be read again and has several parts, unless a
    /// checksum is expected that needs all bytes in order.
    pub checkpoint: Option<Checkpoint>,
}

impl Default for Upload {
    fn default() -> Self {
        Self {
            mkdir_parents: true,
            provided_mtime: None,
            expected: Checksums::default(),
            verify: false,
            checkpoint: None,
        }
    }
}

impl Upload {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether missing parents are created.
    #[must_use]
    pub fn with_mkdir_parents(mut self, create: bool) -> Self {
        self.mkdir_parents = create;
        self
    }

    /// Sets the time of the last change.
    #[must_use]
    pub fn with_provided_mtime(mut self, time: DateTime<Utc>) -> Self {
        self.provided_mtime = Some(time);
        self
    }

    /// Sets what the content must have.
    #[must_use]
    pub fn with_expected(mut self, checksums: Checksums) -> Self {
        self.expected = checksums;
        self
    }

    /// Sets whether to compare with what the storage and the service calculate.
    #[must_use]
    pub fn with_verify(mut self, verify: bool) -> Self {
        self.verify = verify;
        self
    }

    /// Sets where to keep which parts have arrived.
    #[must_use]
    pub fn with_checkpoint(mut self, checkpoint: Option<Checkpoint>) -> Self {
        self.checkpoint = checkpoint;
        self
    }

    async fn forget(&self) -> Result<()> {
        match &self.checkpoint {
            Some(checkpoint) => Ok(checkpoint.forget().await?),
            None => Ok(()),
        }
    }

    /// Whether each part is compared with its tag. The tag is an MD5, which costs more than the
    /// transfer: it is calculated only for those who asked for certainty.
    fn checks_parts(&self) -> bool {
        self.verify || !self.expected.is_empty()
    }
}

/// What became of an upload.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Uploaded {
    /// The file as the service describes it now.
    pub file: File,
    /// Number of bytes sent.
    pub size: u64,
    /// Checksums of what was sent: CRC-32 always, others if they were needed.
    pub checksums: Checksums,
    /// Whether the service's own checksum agreed. False when it gave none in time.
    pub verified: bool,
    /// Whether a file was replaced, if the service says so.
    pub replaced: Option<bool>,
}

fn stored_all_the_same(error: Error) -> Error {
    let message = format!(
        "it is stored, and what was kept to go on with is not removed: {}",
        error.message()
    );
    error.with_message(message).with_reached(Reached::Yes)
}

/// Before anything appears under the final name.
fn check_expected(ours: &Checksums, expected: &Checksums) -> Result<()> {
    if ours.agree(expected) != Some(false) {
        return Ok(());
    }
    let difference = difference(ours, expected);
    let message = format!("the content is not the expected one: {difference}");
    Err(Error::new(ErrorKind::Corrupted, message).with_reached(Reached::No))
}

/// What to calculate while sending. A content that can be read again is read again if the service
/// turns out to know another checksum; of one that cannot, MD5 is calculated at once.
fn wanted(options: &Upload, reopenable: bool) -> Wanted {
    let mut wanted = Wanted::of(&options.expected);
    wanted.crc32 = true;
    wanted.md5 |= options.verify && !reopenable;
    wanted
}

/// How often an upload begins again when the service lost it or takes no part twice.
const MAX_RESTARTS: u32 = 2;
