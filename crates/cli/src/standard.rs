//! Standard input and output as backends: a transfer then needs no special case for them.

use std::io::Write;
use std::sync::Arc;

use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use wharf::connector::bytes::{Bytes, BytesMut};
use wharf::connector::futures_util::stream::{self, StreamExt, TryStreamExt};
use wharf::connector::{
    ByteStream, ConnectionReport, CreateFolderOptions, DeleteOptions, EntryStream, Info,
    ListOptions, ReadOptions, WriteOptions, async_trait,
};
use wharf::transfer::Place;
use wharf::{
    Capabilities, Connector, Content, Download, Entry, Error, ErrorKind, Operation, RemotePath,
    Result,
};

use crate::failure::{STANDARD_INPUT, STANDARD_OUTPUT, on_this_machine};

/// Standard input, as a file of unknown size that can be read once. It has no name, so nothing
/// can be put into a folder under it.
pub(crate) fn input() -> Place {
    let input = Standard {
        info: Info::new(STANDARD_INPUT, "Standard input"),
        abilities: Capabilities::READ,
    };
    Place::new(Arc::new(input), RemotePath::root())
}

/// Standard output, as a file that is written once, from first to last byte.
pub(crate) fn output() -> Result<Place> {
    let output = Standard {
        info: Info::new(STANDARD_OUTPUT, "Standard output"),
        abilities: Capabilities::WRITE | Capabilities::WRITE_UNKNOWN_SIZE,
    };
    Ok(Place::new(Arc::new(output), RemotePath::new("/-")?))
}

#[derive(Debug)]
struct Standard {
    info: Info,
    abilities: Capabilities,
}

impl Standard {
    fn need(&self, needs: Capabilities, operation: Operation) -> Result<()> {
        self.abilities.require(needs, &self.info, operation)
    }

    fn no<T>(&self, operation: Operation, path: &RemotePath) -> Result<T> {
        Err(Error::unsupported(&self.info, operation).during(operation, path))
    }
}

#[async_trait]
impl Connector for Standard {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        self.abilities
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        Ok(ConnectionReport::new())
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        Ok(Entry::file(path.clone()))
    }

    fn list(&self, folder: &RemotePath, _: ListOptions) -> EntryStream {
        let refused = self.no(Operation::List, folder);
        stream::once(std::future::ready(refused)).boxed()
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.need(options.needs(), Operation::Read)?;
        let entry = Entry::file(file.clone());
        Ok(Download::new(&self.info, entry, 0, None, read_all()))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.need(options.needs(&content), Operation::Write)?;
        let written = write_all(content).await;
        let named = |error: Error| error.of(self.info.scheme).during(Operation::Write, file);
        let written = written.map_err(named)?;
        let mut entry = Entry::file(file.clone());
        entry.size = Some(written);
        Ok(entry)
    }

    async fn create_folder(&self, folder: &RemotePath, _: CreateFolderOptions) -> Result<Entry> {
        self.no(Operation::CreateFolder, folder)
    }

    async fn delete(&self, path: &RemotePath, _: DeleteOptions) -> Result<()> {
        self.no(Operation::Delete, path)
    }
}

/// Standard input as a content that can be read once.
pub(crate) fn input_content() -> Content {
    Content::stream(read_all().map_err(std::io::Error::other), None)
}

fn read_all() -> ByteStream {
    stream::try_unfold(tokio::io::stdin(), |mut input| async move {
        let mut block = BytesMut::with_capacity(BLOCK);
        let read = input.read_buf(&mut block).await;
        let read = read.map_err(|error| on_this_machine("it cannot be read", error))?;
        Ok((read > 0).then(|| (block.freeze(), input)))
    })
    .boxed()
}

/// One thread writes what comes, at once, while the next is on its way.
async fn write_all(content: Content) -> Result<u64> {
    let unreadable = |error: std::io::Error| {
        let message = format!("the content cannot be read: {error}");
        Error::new(ErrorKind::Invalid, message).with_source(error)
    };
    let (pieces, to_write) = mpsc::channel::<Bytes>(AHEAD);
    let writing = spawn_blocking(move || write_each(to_write));
    let (mut bytes, mut written) = (content.into_stream(), 0);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(unreadable)?;
        written += piece.len() as u64;
        if pieces.send(piece).await.is_err() {
            break; // The writer has ended, and says why.
        }
    }
    drop(pieces);
    let ended = writing.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    ended.map(|()| written).map_err(unwritable)
}

/// Past the buffer of the standard library, which would look for the ends of lines.
fn write_each(mut pieces: mpsc::Receiver<Bytes>) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.flush()?;
    #[cfg(unix)]
    let mut out = std::fs::File::from(std::os::fd::AsFd::as_fd(&out).try_clone_to_owned()?);
    while let Some(piece) = pieces.blocking_recv() {
        out.write_all(&piece)?;
    }
    out.flush()
}

/// Keeps the cause: a reader that has gone away is not an error to speak of.
fn unwritable(error: std::io::Error) -> Error {
    let message = format!("it cannot be written: {error}");
    Error::new(ErrorKind::Other, message).with_source(error)
}

const BLOCK: usize = 256 * 1024;

/// The most pieces that wait for the writer: a network gives them in up to some hundred KiB each.
const AHEAD: usize = 4;
