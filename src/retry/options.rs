use std::sync::Arc;
use std::time::Duration;

use super::backoff::Backoff;
use super::deadline::{Deadline, Scope};
use super::policy::RetryPolicy;

/// Settings of one call, which override those of its client.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference_api::retry::CallOptions;
///
/// let slow = CallOptions::new().attempt_timeout(Duration::from_secs(60)).call_timeout(Duration::from_secs(300));
/// let once = CallOptions::new().no_retries();
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    pub(super) attempt_timeout: Option<Duration>,
    call_timeout: Option<Duration>,
    pub(super) policy: Option<Arc<dyn RetryPolicy>>,
    /// Set when the call has started.
    started: Option<Deadline>,
}

impl CallOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the response.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets how long the call may take, with all its requests, retries and the delays between them.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy.
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.policy = Some(Arc::new(policy));
        self
    }

    /// Sends each request once.
    pub fn no_retries(self) -> Self {
        self.retry_policy(Backoff::default().max_attempts(1))
    }

    /// Starts a call of several requests: its time counts from now on, over all requests that get clones of these options.
    ///
    /// `default` is the time that the call may take if none is set here. A call that has started is left as it is.
    pub fn start(mut self, default: Duration) -> Self {
        self.started = Some(self.deadline(default));
        self
    }

    /// Adds a time to the limit of a call that has started, such as that of a pause between its requests, which is not to count.
    pub fn extend(mut self, time: Duration) -> Self {
        self.started = self.started.map(|deadline| deadline.extend(time));
        self
    }

    /// Takes what is not set here from other options.
    pub(crate) fn or(self, other: &Self) -> Self {
        Self {
            attempt_timeout: self.attempt_timeout.or(other.attempt_timeout),
            call_timeout: self.call_timeout.or(other.call_timeout),
            policy: self.policy.or_else(|| other.policy.clone()),
            started: self.started.or(other.started),
        }
    }

    /// The deadline of a request that is sent now.
    pub(super) fn deadline(&self, default: Duration) -> Deadline {
        let allowed = self.call_timeout.unwrap_or(default);
        self.started
            .unwrap_or_else(|| Deadline::new(allowed, Scope::Call))
    }
}
