//! A connection that can be reset, and that knows when its bytes have left.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// What the answering side may ask of the connection it answers on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connection {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    reset: AtomicBool,
    flushes: AtomicU64,
    flushed: Notify,
}

impl Connection {
    /// Lets the connection end in a reset instead of an orderly close.
    pub(crate) fn reset(&self) {
        self.inner.reset.store(true, Ordering::Release);
    }

    /// Ends a connection in a reset before a byte is read.
    pub(super) fn close(self, stream: TcpStream) {
        self.reset();
        drop(Wire::new(stream, self));
    }

    /// Waits until all that was written has been handed to the network.
    pub(crate) async fn flushed(&self) {
        let before = self.inner.flushes.load(Ordering::Acquire);
        loop {
            let mut flush = std::pin::pin!(self.inner.flushed.notified());
            flush.as_mut().enable();
            if self.inner.flushes.load(Ordering::Acquire) > before {
                return;
            }
            flush.await;
        }
    }
}

/// The stream below a [`Connection`].
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    connection: Connection,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, connection: Connection) -> Self {
        Self { stream, connection }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.connection.inner.reset.load(Ordering::Acquire) {
            // If it fails the connection closes in order: still without an answer.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(cx));
        let inner = &self.connection.inner;
        inner.flushes.fetch_add(1, Ordering::Release);
        inner.flushed.notify_waiters();
        Poll::Ready(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
