//! The polling loop of waits and watches.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::{Error, ErrorKind};
use crate::raw::Operation;
use crate::retry::Backoff;

/// Paces polls and keeps track of trouble, which it reports through `tracing` and a callback.
pub(crate) struct Poller<'a> {
    operation: &'static Operation,
    pub(crate) backoff: Backoff,
    /// Slows down polls that fail in a row; otherwise they keep the pace of the others.
    pub(crate) error_backoff: Option<Backoff>,
    pub(crate) on_trouble: Option<OnTrouble<'a>>,
    deadline: Option<Instant>,
    polls: u32,
    /// When the next poll is due. The first is due immediately.
    due: Option<Instant>,
    trouble: Option<Trouble>,
}

/// The longest pause that the clock is sure to represent.
const MAX_PAUSE: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

type OnTrouble<'a> = Box<dyn FnMut(&Error) + Send + 'a>;

/// Polls that fail in a row.
struct Trouble {
    since: Instant,
    polls: u32,
}

impl<'a> Poller<'a> {
    pub(crate) fn new(operation: &'static Operation, backoff: Backoff) -> Self {
        Self {
            operation,
            backoff,
            error_backoff: None,
            on_trouble: None,
            deadline: None,
            polls: 0,
            due: None,
            trouble: None,
        }
    }

    /// Ends polling after this time.
    pub(crate) fn stop_after(&mut self, timeout: Duration) {
        self.deadline = Instant::now().checked_add(timeout);
    }

    /// Polls when the next poll is due. Returns `None` if the deadline comes first.
    ///
    /// A failure that `tolerates` allows is trouble: it delays the next poll and is reported.
    pub(crate) async fn poll<T>(
        &mut self,
        attempt: impl Future<Output = Result<T, Error>>,
        tolerates: impl FnOnce(&Error) -> bool,
    ) -> Option<Result<T, Error>> {
        if let Some(due) = self.due {
            match self.deadline {
                Some(deadline) if deadline <= due => {
                    sleep_until(deadline).await;
                    return None;
                }
                _ => sleep_until(due).await,
            }
        }
        let result = match self.deadline {
            Some(deadline) => timeout_at(deadline, attempt).await.ok()?,
            None => attempt.await,
        };
        self.polls = self.polls.saturating_add(1);
        let mut pause = self.backoff.delay(self.polls, None);
        match &result {
            Ok(_) => self.recovered(),
            Err(error) if tolerates(error) => {
                let failures = self.failed(error);
                let backoff = self.error_backoff.as_ref().unwrap_or(&self.backoff);
                pause = pause.max(backoff.delay(failures, error.retry_after()));
            }
            Err(_) => {}
        }
        // A pause that the clock can't represent never ends.
        self.due = Some(Instant::now() + pause.min(MAX_PAUSE));
        Some(result)
    }

    /// How long polls have been failing.
    pub(crate) fn trouble_lasts(&self) -> Duration {
        self.trouble
            .as_ref()
            .map_or(Duration::ZERO, |trouble| trouble.since.elapsed())
    }

    fn failed(&mut self, error: &Error) -> u32 {
        if let Some(call) = &mut self.on_trouble {
            call(error);
        }
        let trouble = self.trouble.get_or_insert_with(|| {
            tracing::warn!(operation = self.operation.name, %error, "polling fails and is retried");
            Trouble {
                since: Instant::now(),
                polls: 0,
            }
        });
        trouble.polls = trouble.polls.saturating_add(1);
        trouble.polls
    }

    fn recovered(&mut self) {
        if let Some(trouble) = self.trouble.take() {
            let (operation, failures) = (self.operation.name, trouble.polls);
            let lasted = trouble.since.elapsed();
            tracing::warn!(operation, failures, ?lasted, "polling has recovered");
        }
    }
}

/// Whether another poll may succeed. A token provider that fails may be rotating its token.
pub(crate) fn may_pass(error: &Error) -> bool {
    error.is_transient() || error.kind() == ErrorKind::Token
}
