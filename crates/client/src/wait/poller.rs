use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::Error;
use crate::raw::Operation;
use crate::retry::Backoff;

/// Sets the pace of polls and keeps track of outages, which it reports through `tracing` and a callback.
pub(crate) struct Poller<'a> {
    operation: &'static Operation,
    pub(crate) backoff: Backoff,
    /// Whether polls that succeed keep the first delay.
    pub(crate) is_steady: bool,
    pub(crate) on_error: Option<OnError<'a>>,
    /// When polling ends, once it has begun.
    deadline: Option<Instant>,
    polls: u32,
    /// When the next poll is due. The first is due immediately.
    due: Option<Instant>,
    outage: Option<Outage>,
}

/// Returns the time after a delay, of at most thirty years, which the clock is sure to represent.
pub(crate) fn after(delay: Duration) -> Instant {
    Instant::now() + delay.min(Duration::from_secs(30 * 365 * 24 * 3600))
}

type OnError<'a> = Box<dyn FnMut(&Error) + Send + 'a>;

/// Polls that fail in a row.
struct Outage {
    since: Instant,
    polls: u32,
}

impl Poller<'_> {
    pub(crate) fn new(operation: &'static Operation, backoff: Backoff) -> Self {
        Self {
            operation,
            backoff,
            is_steady: false,
            on_error: None,
            deadline: None,
            polls: 0,
            due: None,
            outage: None,
        }
    }

    /// Returns when the next poll is due.
    pub(crate) async fn until_due(&mut self) {
        if let Some(due) = self.due {
            sleep_until(due).await;
        }
    }

    /// Polls when the next poll is due. Returns `None` if the time is up before, which begins with the first poll.
    ///
    /// [`succeeded`](Self::succeeded) or [`failed`](Self::failed) has to follow if polling goes on.
    pub(crate) async fn poll<T>(
        &mut self,
        timeout: Duration,
        attempt: impl Future<Output = T>,
    ) -> Option<T> {
        let deadline = *self.deadline.get_or_insert_with(|| after(timeout));
        if self.due.is_some_and(|due| deadline <= due) {
            sleep_until(deadline).await;
            return None;
        }
        self.until_due().await;
        timeout_at(deadline, attempt).await.ok()
    }

    /// Sets when the poll after a successful one is due.
    pub(crate) fn succeeded(&mut self) {
        if let Some(outage) = self.outage.take() {
            let (operation, failures) = (self.operation.name, outage.polls);
            let lasted = outage.since.elapsed();
            tracing::warn!(operation, failures, ?lasted, "polling has recovered");
        }
        self.pause(0, None);
    }

    /// Reports an error, and sets when the poll after it is due. Returns how many polls have failed in a row, and how long ago
    /// the first did.
    pub(crate) fn failed(&mut self, error: &Error) -> (u32, Duration) {
        if let Some(call) = &mut self.on_error {
            call(error);
        }
        let outage = self.outage.get_or_insert_with(|| {
            tracing::warn!(operation = self.operation.name, %error, "polling fails and is retried");
            Outage {
                since: Instant::now(),
                polls: 0,
            }
        });
        outage.polls = outage.polls.saturating_add(1);
        let (failures, lasts) = (outage.polls, outage.since.elapsed());
        self.pause(failures, error.retry_after());
        (failures, lasts)
    }

    /// Polls again within this time.
    pub(crate) fn within(&mut self, time: Duration) {
        let latest = after(time);
        self.due = self.due.map(|due| due.min(latest));
    }

    fn pause(&mut self, failures: u32, retry_after: Option<Duration>) {
        self.polls = self.polls.saturating_add(1);
        let pause = match (self.is_steady, failures) {
            (true, 0) => self.backoff.delay_before_jitter(1),
            (true, failures) => self.backoff.delay(failures.saturating_add(1), retry_after),
            (false, _) => self.backoff.delay(self.polls, retry_after),
        };
        self.due = Some(after(pause));
    }
}
