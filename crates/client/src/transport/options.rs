use std::sync::Arc;
use std::time::Duration;

use super::deadline::{Deadline, Scope};
use super::policy::RetryPolicy;

/// Settings of one call, which override those of its client.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference::CallOptions;
///
/// let slow = CallOptions::new().attempt_timeout(Duration::from_secs(60)).deadline(Duration::from_secs(300));
/// let once = CallOptions::new().no_retries();
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    pub(super) attempt_timeout: Option<Duration>,
    deadline: Option<Duration>,
    pub(super) retry: Option<Retries>,
    /// Set when the call has started.
    started: Option<Deadline>,
}

/// Whether and how a call is retried.
#[derive(Clone, Debug)]
pub(super) enum Retries {
    Off,
    By(Arc<dyn RetryPolicy>),
}

impl CallOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take, from connecting to the last byte of the response.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How long the call may take, with all its requests, retries and the delays between them.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the retry policy.
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.retry = Some(Retries::By(Arc::new(policy)));
        self
    }

    /// Sends each request once.
    pub fn no_retries(mut self) -> Self {
        self.retry = Some(Retries::Off);
        self
    }

    /// Starts a call: its deadline counts from now on, over however many requests.
    pub(crate) fn start(mut self, default_deadline: Duration) -> Self {
        self.started.get_or_insert_with(|| {
            Deadline::new(self.deadline.unwrap_or(default_deadline), Scope::Call)
        });
        self
    }

    /// Leaves a time out of the deadline of a call that has started.
    pub(crate) fn extend(mut self, time: Duration) -> Self {
        self.started = self.started.map(|deadline| deadline.extend(time));
        self
    }

    /// The deadline of a request that is sent now.
    pub(super) fn deadline_now(&self, default: Duration) -> Deadline {
        self.started
            .unwrap_or_else(|| Deadline::new(self.deadline.unwrap_or(default), Scope::Call))
    }

    pub(crate) fn is_default(&self) -> bool {
        matches!(
            self,
            Self {
                attempt_timeout: None,
                deadline: None,
                retry: None,
                started: None,
            }
        )
    }
}
