//! Updates, which change a resource without losing anything.
//!
//! The API takes no field mask: an update resets what it leaves out. So a safe update reads the spec, changes it, and
//! sends it back in full, members that this version does not know included.

mod effect;
mod send;

use std::fmt;
use std::time::Duration;

use super::context::CallContext;
use super::request::{BoxFuture, await_sends};
use super::wait::Wait;
use crate::client::Client;
use crate::error::Error;
use crate::resource::kind::Managed;
use crate::resource::{Id, Resource};
use crate::retry::CallOptions;
use effect::Updated;
pub(super) use send::Change;
use send::send;

/// How long after an update a READY without other evidence is still distrusted.
const GRACE_PERIOD: Duration = Duration::from_secs(30);

/// An update that is ready to be sent: `.await` sends it, [`and_wait`](Self::and_wait) also waits for its effect.
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
/// # -> Result<(), coreweave_inference::Error> {
/// let deployment = client.deployments().update(id, |spec| spec.autoscaling.max = 8).and_wait().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the update is awaited"]
pub struct Update<'a, K: Managed> {
    context: CallContext,
    id: Id<K>,
    change: Change<'a, K>,
    grace_period: Duration,
}

impl<'a, K: Managed> Update<'a, K> {
    pub(super) fn new(client: Client, id: Id<K>, change: Change<'a, K>) -> Self {
        Self {
            context: CallContext::new(client),
            id,
            change,
            grace_period: GRACE_PERIOD,
        }
    }

    /// Overrides the client's timeouts and retries for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// How long [`and_wait`](Self::and_wait) distrusts a READY that may date from before the update. 30 seconds by
    /// default.
    pub fn grace_period(mut self, period: Duration) -> Self {
        self.grace_period = period;
        self
    }

    /// Sends the update and waits until it has taken effect.
    ///
    /// Right after an update a resource may still read READY. So a READY counts if UPDATING was seen before it, if the
    /// resource has changed since the response to the update, or if the grace period is over. A disabled deployment never
    /// becomes READY; there the condition `ResourcesApplied` takes its place.
    pub fn and_wait(self) -> Wait<'a, K> {
        let context = self.context.clone();
        Wait::new(
            context,
            Updated::new(self.context, self.id, self.change, self.grace_period),
            K::POLL.timeout,
        )
    }

    /// Sends the update when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'a, Result<Resource<K>, Error>> {
        Box::pin(async move {
            let (resource, _) = send(&self.context, &self.id, self.change).await?;
            Ok(resource)
        })
    }
}

await_sends!(['a, K: Managed] Update<'a, K>, Resource<K>, 'a);

impl<K: Managed> fmt::Debug for Update<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            .field("id", &self.id)
            .field("options", &self.context.options)
            .finish_non_exhaustive()
    }
}
