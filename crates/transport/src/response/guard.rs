//! A body that is watched: silence, announced length, and errors that name the request.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use http::Method;
use tokio::time::{Instant, Sleep};

use super::{ByteStream, name};
use crate::backoff::after;
use crate::error::{Error, ErrorKind, Result};
use crate::redact::SafeUrl;

pub(crate) struct Guard {
    body: ByteStream,
    /// What is still to come, if a length was announced.
    left: Option<u64>,
    silence: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
    /// The alarm counts only while we wait for the other side, never while nobody polls us.
    waiting: bool,
    from: Option<(Method, SafeUrl)>,
    done: bool,
}

impl Guard {
    pub(super) fn new(
        body: ByteStream,
        length: Option<u64>,
        silence: Duration,
        from: Option<(Method, SafeUrl)>,
    ) -> Self {
        Self { body, left: length, silence, alarm: None, waiting: false, from, done: false }
    }

    /// What is still to come, if that was announced.
    pub(super) fn left(&self) -> Option<u64> {
        self.left
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<Bytes>>> {
        self.done = true;
        Poll::Ready(Some(Err(name(error, self.from.as_ref()))))
    }

    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let until = after(Instant::now(), self.silence);
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if !self.waiting {
            alarm.as_mut().reset(until);
            self.waiting = true;
        }
        alarm.as_mut().poll(cx)
    }
}

impl Stream for Guard {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.done {
            return Poll::Ready(None);
        }
        let item = match this.body.as_mut().poll_next(cx) {
            Poll::Ready(item) => item,
            Poll::Pending => {
                if this.poll_alarm(cx).is_pending() {
                    return Poll::Pending;
                }
                let seconds = this.silence.as_secs_f64();
                let message = format!("the body fell silent for {seconds:.1} s");
                return this.fail(Error::new(ErrorKind::Timeout, message));
            }
        };
        this.waiting = false;
        match item {
            Some(Ok(block)) => {
                if let Some(left) = &mut this.left {
                    match left.checked_sub(block.len() as u64) {
                        Some(rest) => *left = rest,
                        None => {
                            let message = "the body is longer than announced";
                            return this.fail(Error::protocol(message));
                        }
                    }
                }
                Poll::Ready(Some(Ok(block)))
            }
            Some(Err(error)) => this.fail(error),
            None => match this.left {
                Some(left) if left > 0 => {
                    let message =
                        format!("the body ended {left} bytes before its announced length");
                    this.fail(Error::new(ErrorKind::Interrupted, message))
                }
                _ => {
                    this.done = true;
                    Poll::Ready(None)
                }
            },
        }
    }
}
