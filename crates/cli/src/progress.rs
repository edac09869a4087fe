//! Progress on stderr: a spinner on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output;
use crate::text::printable;

/// The progress of a wait.
pub(crate) struct Progress {
    /// On a terminal.
    spinner: Option<ProgressBar>,
    last: String,
}

impl Progress {
    pub(crate) fn start() -> Self {
        let spinner = stderr().is_terminal().then(|| {
            let spinner = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self {
            spinner,
            last: String::new(),
        }
    }

    /// Shows the present state; elsewhere than on a terminal, only if it has changed.
    pub(crate) fn show(&mut self, message: String) {
        match &self.spinner {
            Some(spinner) => spinner.set_message(printable(&message)),
            None if message == self.last => {}
            None => {
                output::note(&message);
                self.last = message;
            }
        }
    }

    /// Prints something else while the spinner is out of the way.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.spinner {
            Some(spinner) => spinner.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}
