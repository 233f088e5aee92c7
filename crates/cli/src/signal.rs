//! Stopping: by Ctrl-C, or by a request to terminate.

use std::future::Future;
use std::process;
use std::time::Duration;

use crate::exit;
use crate::failure::{Result, on_this_machine};

/// Resolves with the exit code when somebody asks to stop.
///
/// The command is then dropped, and cleans up behind itself. Should it be caught in a write
/// that nobody reads, the process ends all the same after a moment, or at the second signal.
pub(crate) fn requested() -> Result<impl Future<Output = u8>> {
    let mut signals = Signals::new()?;
    let (tell, told) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let code = signals.next().await;
        // Nobody listens once the command has ended.
        let _ = tell.send(code);
        tokio::select! {
            _ = signals.next() => {}
            () = tokio::time::sleep(GRACE) => {}
        }
        process::exit(code.into());
    });
    Ok(async move {
        match told.await {
            Ok(code) => code,
            Err(_) => std::future::pending().await,
        }
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = |error| on_this_machine("signals cannot be heard", error);
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
        })
    }

    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => exit::STOPPED,
            _ = self.terminate.recv() => exit::TERMINATED,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> u8 {
        match tokio::signal::ctrl_c().await {
            Ok(()) => exit::STOPPED,
            Err(_) => std::future::pending().await,
        }
    }
}

/// How long a stopped command may take to clean up.
const GRACE: Duration = Duration::from_secs(3);
