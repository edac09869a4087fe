//! Ctrl-C, and SIGTERM, which containers and CI send.

use std::future::pending;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::Signal;
#[cfg(windows)]
use tokio::signal::windows::CtrlC as Signal;

use crate::failure::Exit;

/// How long the program has to say what it leaves behind.
const GRACE: Duration = Duration::from_millis(300);

/// Whether a command handles interruptions itself.
static HELD: AtomicBool = AtomicBool::new(false);

/// Keeps interruptions from ending the program while it lives: the command handles them.
pub(crate) struct Hold;

pub(crate) fn hold() -> Hold {
    HELD.store(true, Ordering::Relaxed);
    Hold
}

impl Drop for Hold {
    fn drop(&mut self) {
        HELD.store(false, Ordering::Relaxed);
    }
}

/// What interrupts the program. None is lost between two calls of `next`.
pub(crate) struct Interruptions {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl Interruptions {
    #[cfg(unix)]
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
        }
    }

    #[cfg(windows)]
    pub(crate) fn listen() -> Self {
        Self {
            interrupt: tokio::signal::windows::ctrl_c().ok(),
            terminate: None,
        }
    }

    /// Waits for the next one, and returns the exit code for it.
    pub(crate) async fn next(&mut self) -> Exit {
        tokio::select! {
            () = received(&mut self.interrupt) => Exit::Interrupted,
            () = received(&mut self.terminate) => Exit::Terminated,
        }
    }
}

/// Waits for a signal, forever if it can't be listened to.
async fn received(signal: &mut Option<Signal>) {
    if let Some(signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    pending().await
}

/// Waits for an interruption that no command handles, and returns the exit code for it.
pub(crate) async fn interrupted() -> Exit {
    let mut interruptions = Interruptions::listen();
    loop {
        let exit = interruptions.next().await;
        if !HELD.load(Ordering::Relaxed) {
            return exit;
        }
    }
}

/// Ends the program soon after an interruption even if its main thread is blocked, such as by a question, a pipe that
/// nobody reads or the lookup of a name.
pub(crate) fn end_after_grace() {
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        if let Ok(runtime) = runtime {
            let code = runtime.block_on(interrupted());
            std::thread::sleep(GRACE);
            exit(code as i32);
        }
    });
}
