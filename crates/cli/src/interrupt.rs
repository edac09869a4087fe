//! Ctrl-C.

use std::future::pending;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::failure::Exit;

/// How long the program has to say what it leaves behind.
const GRACE: Duration = Duration::from_millis(300);

/// Whether a command handles Ctrl-C itself.
static HELD: AtomicBool = AtomicBool::new(false);

/// Keeps Ctrl-C from ending the program while it lives: the command handles it.
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

/// Waits for a Ctrl-C that no command handles.
pub(crate) async fn interrupted() {
    while tokio::signal::ctrl_c().await.is_ok() {
        if !HELD.load(Ordering::Relaxed) {
            return;
        }
    }
    pending().await
}

/// Ends the program soon after Ctrl-C even if its main thread is blocked, such as by a question, a pipe that nobody
/// reads or the lookup of a name.
pub(crate) fn end_after_grace() {
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(interrupted());
            std::thread::sleep(GRACE);
            exit(Exit::Interrupted as i32);
        }
    });
}
