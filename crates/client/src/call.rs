//! What a single call can set differently from its client.

use std::sync::Arc;
use std::time::Duration;

use crate::transport::RetryPolicy;

/// Settings of one call. What isn't set is as the client has it.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference::CallOptions;
///
/// let patient = CallOptions::new().attempt_timeout(Duration::from_secs(60)).deadline(Duration::from_secs(300));
/// let once = CallOptions::new().no_retries();
/// # let _ = (patient, once);
/// ```
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<Retrying>,
}

/// A call's say on retries.
#[derive(Clone, Debug)]
pub(crate) enum Retrying {
    Off,
    With(Arc<dyn RetryPolicy>),
}

impl CallOptions {
    /// Options that change nothing.
    ///
    /// ```
    /// use coreweave_inference::CallOptions;
    ///
    /// let as_the_client_has_it = CallOptions::new();
    /// # let _ = as_the_client_has_it;
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The longest that one attempt may take, from connecting to the last byte of the reply.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use coreweave_inference::CallOptions;
    ///
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let slow = CallOptions::new().attempt_timeout(Duration::from_secs(90));
    /// let deployments = client.deployments().list().options(slow).await?;
    /// # let _ = deployments;
    /// # Ok(()) }
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// The longest that the call may take in all, retries and the waits between them included.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use coreweave_inference::CallOptions;
    ///
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let quick = CallOptions::new().deadline(Duration::from_secs(2));
    /// let zones = client.gateways().parameters().options(quick).await?;
    /// # let _ = zones;
    /// # Ok(()) }
    /// ```
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Decides about this call's retries instead of the client's policy.
    ///
    /// ```no_run
    /// use coreweave_inference::{Backoff, CallOptions};
    ///
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let patient = CallOptions::new().retry_policy(Backoff::default().max_attempts(8));
    /// let gateways = client.gateways().list().options(patient).await?;
    /// # let _ = gateways;
    /// # Ok(()) }
    /// ```
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.retry = Some(Retrying::With(Arc::new(policy)));
        self
    }

    /// One attempt, whatever comes of it.
    ///
    /// ```no_run
    /// use coreweave_inference::CallOptions;
    ///
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let alive = client.gateways().parameters().options(CallOptions::new().no_retries()).await.is_ok();
    /// # let _ = alive;
    /// # Ok(()) }
    /// ```
    pub fn no_retries(mut self) -> Self {
        self.retry = Some(Retrying::Off);
        self
    }
}

/// Which operation a call is for, and on what.
#[derive(Clone, Copy, Debug)]
pub struct CallInfo<'a> {
    /// The generated method's name, such as `get_gateway`.
    pub(crate) operation: &'static str,
    /// The resource's id, where the call is about one.
    pub(crate) resource: Option<&'a str>,
}

impl<'a> CallInfo<'a> {
    pub(crate) fn new(operation: &'static str, resource: Option<&'a str>) -> Self {
        Self {
            operation,
            resource,
        }
    }
}
