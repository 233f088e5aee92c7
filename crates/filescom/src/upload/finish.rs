//! The end of an upload: completed once, looked at where an answer was lost, and compared.

use futures_util::StreamExt;
use wharf_connector::{Calls, Checksums, ErrorKind, Reached};
use wharf_model::filescom::File;
use wharf_service::Rereadable;
use wharf_transport::{Answer, StatusCode};

use super::parts::Broken;
use super::total::Sent;
use super::{Upload, Uploaded};
use crate::api::CompleteUpload;
use crate::api::files;
use crate::client::Client;
use crate::convert;
use crate::error::{Error, Result};
use crate::poll::Poll;
use crate::sums::{Sums, Wanted, difference};

/// What is needed to make a file of parts that have arrived.
pub(super) struct Finish<'a> {
    pub(super) client: &'a Client,
    pub(super) path: &'a str,
    pub(super) options: &'a Upload,
    /// The content, if it can be read again.
    pub(super) content: Option<Rereadable>,
}

impl Finish<'_> {
    pub(super) async fn run(&self, sent: Sent) -> Result<Uploaded, Broken> {
        let (file, replaced) = self.complete(&sent).await?;
        self.check(file, replaced, sent).await.map_err(Broken::Final)
    }

    /// Everything that can be compared once the file is there.
    async fn check(&self, file: File, replaced: Option<bool>, sent: Sent) -> Result<Uploaded> {
        let stored = file;
        let mut uploaded = Uploaded {
            file: self.of_right_size(&stored, &sent).await?,
            size: sent.size,
            checksums: sent.checksums,
            verified: false,
            replaced,
        };
        if self.options.verify {
            self.wait_for_checksums(&mut uploaded, &stored, sent.native).await?;
        }
        self.compare(&mut uploaded, &stored).await?;
        Ok(uploaded)
    }

    /// Completes the upload. An answer that was lost is settled by looking; only if that does not
    /// settle it is the call repeated, which is safe because an upload can be completed once: the
    /// repeat is either the first that arrives or is told that there is nothing to complete.
    async fn complete(&self, sent: &Sent) -> Result<(File, Option<bool>), Broken> {
        let mut complete = CompleteUpload::new(&sent.reference);
        complete.etags = sent.etags.clone();
        complete.size = (sent.size > 0).then_some(sent.size);
        complete.provided_mtime = self.options.provided_mtime;
        complete.mkdir_parents = self.options.mkdir_parents;
        let mut lost: Option<Error> = None;
        let patience = self.client.transport().timeouts().headers;
        let patience = patience.saturating_mul(COMPLETION_PATIENCE);
        for _ in 0..MAX_COMPLETIONS {
            let request = files::complete_upload(self.path, &complete).headers_timeout(patience);
            let read = |answer: &Answer| Ok((answer.json::<File>()?, replaced(answer.status())));
            let error = match self.client.transport().fetch_with(request, read).await {
                Ok(answer) => return Ok(answer),
                Err(error) => Error::from(error),
            };
            let arrived_before = lost.is_some() || error.attempts() > 1 || sent.before;
            if error.is_refusal() {
                let completed = error.is_type("not-found/file-upload-not-found") && arrived_before;
                return match (completed, lost) {
                    (true, lost) => self.settle(sent, lost.unwrap_or(error)).await,
                    (false, Some(lost)) => Err(Broken::Final(uncertain(lost))),
                    (false, None) => Err(refused(error)),
                };
            }
            if error.reached() == Reached::No {
                return Err(Broken::Final(lost.map_or(error, uncertain)));
            }
            if let Some(file) = self.look_for(sent).await {
                return Ok((file, None));
            }
            lost = Some(error);
        }
        let unknown = || Error::protocol("the upload could not be completed");
        Err(Broken::Final(uncertain(lost.unwrap_or_else(unknown))))
    }

    /// What stands there now, if it is certainly what was sent.
    async fn look_for(&self, sent: &Sent) -> Option<File> {
        let file = self.client.files().find(self.path).await.ok()?;
        let same_size = convert::size(&file) == Some(sent.size);
        (same_size && is_proven(&file, sent)).then_some(file)
    }

    /// The service has completed this upload before: what stands there must be it.
    async fn settle(&self, sent: &Sent, lost: Error) -> Result<(File, Option<bool>), Broken> {
        if let Ok(file) = self.client.files().find(self.path).await {
            let same_size = convert::size(&file) == Some(sent.size);
            let agree = convert::checksums(&file).agree(&sent.checksums);
            // An upload of an earlier day may as well have been given up by the service.
            let same = if sent.before { agree == Some(true) } else { agree != Some(false) };
            if same_size && same {
                return Ok((file, None));
            }
        }
        if sent.before {
            return Err(Broken::Restart(lost));
        }
        Err(Broken::Final(uncertain(lost)))
    }

    /// The file, of which the service says that it has as many bytes as were sent. Of what lies on
    /// a remote mount it may tell no size, or a wrong one (Files.com REST API reference, Files).
    async fn of_right_size(&self, stored: &File, sent: &Sent) -> Result<File> {
        if convert::size(stored) == Some(sent.size) {
            return Ok(stored.clone());
        }
        let looked = self.look(stored).await?;
        let size = match convert::size(&looked) {
            Some(size) if size != sent.size => size,
            _ if sent.native && convert::is_of_another_time(stored, &looked) => {
                return Err(replaced_since("it is stored"));
            }
            None if sent.native && !is_proven(&looked, sent) => return Err(no_size()),
            _ => return Ok(looked),
        };
        let message = format!("{} bytes were sent, the service has {size}", sent.size);
        if !sent.native {
            let message =
                format!("{message}; it was left, as a remote mount may tell a wrong size");
            return Err(Error::new(ErrorKind::Corrupted, message).with_reached(Reached::Yes));
        }
        Err(self.discard(stored, &looked, message).await)
    }

    /// Looks until the service has calculated checksums, or the time for that is over.
    async fn wait_for_checksums(
        &self,
        uploaded: &mut Uploaded,
        stored: &File,
        native: bool,
    ) -> Result<()> {
        let config = self.client.config();
        let mut poll = Poll::new(config.checksum_wait, config.poll_interval);
        while convert::checksums(&uploaded.file).is_empty() && Calls::pause(poll.wait()).await {
            let now = self.look(stored).await?;
            let (then, another) = (&uploaded.file, convert::is_of_another_time(stored, &now));
            if native && (another || convert::is_another(then, &now)) {
                return Err(replaced_since("it was stored"));
            }
            uploaded.file = now;
        }
        Ok(())
    }

    /// What stands there after the service said that the upload is complete.
    async fn look(&self, stored: &File) -> Result<File> {
        let found = self.client.files().find(convert::place(self.path, stored)).await;
        found.map_err(|error| {
            let message = format!("it is stored, and a look at it failed: {}", error.message());
            error.with_message(message).with_reached(Reached::Yes)
        })
    }

    /// Compares with the checksums of the service, if it has told any.
    async fn compare(&self, uploaded: &mut Uploaded, stored: &File) -> Result<()> {
        let theirs = convert::checksums(&uploaded.file);
        if uploaded.checksums.agree(&theirs).is_none() && self.options.verify {
            self.calculate(uploaded, &theirs).await?;
        }
        match uploaded.checksums.agree(&theirs) {
            Some(false) => {
                let difference = difference(&theirs, &uploaded.checksums);
                let message = format!("the service has other bytes than were sent: {difference}");
                // What follows is deletion: for that, one answer that may be garbled is not enough.
                let looked = self.look(stored).await.map_err(|error| {
                    let message = format!("{message}; {}", error.message());
                    error.with_kind(ErrorKind::Corrupted).with_message(message)
                })?;
                if uploaded.checksums.agree(&convert::checksums(&looked)) == Some(true) {
                    (uploaded.file, uploaded.verified) = (looked, true);
                    return Ok(());
                }
                Err(self.discard(stored, &looked, message).await)
            }
            agreed => {
                uploaded.verified = agreed == Some(true);
                Ok(())
            }
        }
    }

    /// Calculates what the service knows and we do not, by reading the content again.
    async fn calculate(&self, uploaded: &mut Uploaded, theirs: &Checksums) -> Result<()> {
        let wanted = Wanted::cheapest_of(theirs);
        let Some(content) = self.content.as_ref().and_then(Rereadable::fresh) else {
            return Ok(());
        };
        if wanted.is_nothing() {
            return Ok(());
        }
        let mut sums = Sums::new(wanted);
        let mut stream = content.into_stream();
        while let Some(block) = stream.next().await {
            let block = block.map_err(|error| {
                let error = Error::from(wharf_connector::Error::unreadable_content(error));
                let message =
                    format!("it is stored, and cannot be read again: {}", error.message());
                error.with_message(message).with_reached(Reached::Yes)
            });
            sums.update(&block?);
        }
        let known = uploaded.checksums;
        uploaded.checksums = sums.finish();
        uploaded.checksums.crc32 = uploaded.checksums.crc32.or(known.crc32);
        Ok(())
    }

    /// Removes a result that is wrong, if what stands there is still what the service called ours.
    async fn discard(&self, stored: &File, there: &File, message: String) -> Error {
        let another = convert::is_another(stored, there);
        if another || convert::is_of_another_time(stored, there) {
            return replaced_since(&message);
        }
        let path = convert::place(self.path, stored);
        let (what, reached) = match self.client.files().delete(path).await {
            Ok(()) => ("it was removed", Reached::No),
            Err(_) => ("it could not be removed", Reached::Yes),
        };
        let message = format!("{message}; {what}, and what stood there before is gone");
        Error::new(ErrorKind::Corrupted, message).with_reached(reached)
    }
}

/// Whether a checksum says that it is what was sent.
fn is_proven(there: &File, sent: &Sent) -> bool {
    convert::checksums(there).agree(&sent.checksums) == Some(true)
}

/// On storage of its own the service knows the size of what it has.
fn no_size() -> Error {
    let message =
        "it is stored, and the service tells no size of it: nothing says that it is whole";
    Error::new(ErrorKind::Protocol, message).with_reached(Reached::Yes)
}

fn replaced_since(message: &str) -> Error {
    let message = format!("{message}; somebody else has changed it since");
    Error::new(ErrorKind::Conflict, message).with_reached(Reached::Yes)
}

/// 200 says that a file was replaced, 201 that there was none (recorded answers).
fn replaced(status: StatusCode) -> Option<bool> {
    match status {
        StatusCode::OK => Some(true),
        StatusCode::CREATED => Some(false),
        _ => None,
    }
}

/// A refusal says in several ways that the parts it has are not those that were sent. Then nothing
/// stands under the final name, and another upload may do better.
fn refused(error: Error) -> Broken {
    let other_parts = OTHER_PARTS.iter().any(|error_type| error.is_type(error_type));
    if !other_parts {
        return Broken::from(error);
    }
    let message = format!("the service has other parts than were sent: {}", error.message());
    Broken::Restart(error.with_kind(ErrorKind::Corrupted).with_message(message))
}

const OTHER_PARTS: [&str; 5] = [
    "bad-request/invalid-etags",
    "bad-request/invalid-upload-part-gap",
    "bad-request/invalid-upload-part-size",
    "bad-request/request-params-invalid",
    "processing-failure/file-not-uploaded",
];

fn uncertain(error: Error) -> Error {
    let message = format!(
        "the answer to the end of the upload was lost, and it cannot be told whether the file is \
         there: {}",
        error.message()
    );
    error
        .with_message(message)
        .with_kind(ErrorKind::Interrupted)
        .with_reached(Reached::Maybe)
        .with_remedy("Look at the file, then decide.")
}

/// How often the end of an upload is sent when its answer is lost.
const MAX_COMPLETIONS: u32 = 3;
/// Putting many parts together takes the service a while: it may take so many times as long as
/// other answers do.
const COMPLETION_PATIENCE: u32 = 5;
