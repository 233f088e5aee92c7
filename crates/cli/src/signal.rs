//! Stopping: by Ctrl-C, or by a request to terminate.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

use tokio::runtime::Builder;

use crate::exit;
use crate::failure::{Result, on_this_machine};

/// Resolves with the exit code when somebody asks to stop.
///
/// The command is then dropped, and cleans up behind itself. Should it be caught in a write
/// that nobody reads, the process ends all the same after a moment, or at the second signal:
/// signals are heard by a thread of their own, which no such write holds up.
pub(crate) fn requested() -> Result<impl Future<Output = u8>> {
    let failed = |error| on_this_machine("signals cannot be heard", error);
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let mut signals = {
        let _entered = runtime.enter();
        Signals::new()?
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    let listen = move || {
        runtime.block_on(async {
            let code = signals.next().await;
            if !NOTHING_BEGUN.load(Ordering::SeqCst) {
                // Nobody listens once the command has ended.
                let _ = tell.send(code);
                tokio::select! {
                    _ = signals.next() => {}
                    () = tokio::time::sleep(GRACE) => {}
                }
            }
            process::exit(code.into());
        });
    };
    thread::Builder::new().name("signals".to_owned()).spawn(listen).map_err(failed)?;
    Ok(async move {
        match told.await {
            Ok(code) => code,
            Err(_) => std::future::pending().await,
        }
    })
}

/// Waits for a person, or for standard input, before anything has begun that would have to be
/// cleaned up: a signal ends the process at once.
pub(crate) fn at_once<T>(wait: impl FnOnce() -> T) -> T {
    NOTHING_BEGUN.store(true, Ordering::SeqCst);
    let came = wait();
    NOTHING_BEGUN.store(false, Ordering::SeqCst);
    came
}

static NOTHING_BEGUN: AtomicBool = AtomicBool::new(false);

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
