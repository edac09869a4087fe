use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::Error;

/// An error of a poll of a [`Watch`](crate::Watch), and for how long polls have been failing.
///
/// It converts to an [`Error`], so `?` works in functions that return one.
#[derive(Debug)]
pub struct WatchError {
    pub(super) error: Error,
    pub(super) failures: u32,
    pub(super) lasts: Duration,
}

impl WatchError {
    /// Returns the error of the poll.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// Returns how many polls have failed in a row, this one included.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Returns how long polls have been failing: the time since the first of the [`failures`](Self::failures).
    pub fn lasts(&self) -> Duration {
        self.lasts
    }
}

/// Writes the error, and how long polls have been failing if this is not the first.
impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        match self.failures {
            0 | 1 => Ok(()),
            polls => write!(
                f,
                " ({polls} polls have failed in {} s)",
                self.lasts.as_secs()
            ),
        }
    }
}

impl StdError for WatchError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

impl From<WatchError> for Error {
    fn from(error: WatchError) -> Self {
        error.error
    }
}
