//! Updates, which change a resource without losing anything.
//!
//! The API takes no field mask: an update resets what it leaves out. So a safe update reads the spec, changes it, and
//! sends it back in full, members that this version does not know included.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use super::request::{BoxFuture, CallContext, await_sends};
use super::wait::{Wait, updated::Updated};
use crate::client::Client;
use crate::error::{Error, ErrorKind, FieldViolation};
use crate::raw::Operation;
use crate::resource::kind::Managed;
use crate::resource::{Id, Resource};
use crate::transport::CallOptions;

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
    pub(super) context: CallContext,
    pub(super) id: Id<K>,
    pub(super) change: Change<'a, K>,
    pub(super) grace_period: Duration,
}

pub(crate) enum Change<'a, K: Managed> {
    /// Change the spec as it is now.
    Edit(Edit<'a, K>),
    /// Send this spec.
    Replace(K::Spec),
}

type BoxError = Box<dyn StdError + Send + Sync>;
type Edit<'a, K> = Box<dyn FnOnce(&mut <K as Managed>::Spec) -> Result<(), BoxError> + Send + 'a>;

impl<'a, K: Managed> Update<'a, K> {
    pub(crate) fn new(client: Client, id: Id<K>, change: Change<'a, K>) -> Self {
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
        Wait::new(context, Updated::new(self), K::POLL.timeout)
    }

    /// Sends the update when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'a, Result<Resource<K>, Error>> {
        Box::pin(async move {
            run(&self.context, &self.id, self.change)
                .await
                .map(|(resource, _)| resource)
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

/// Sends an update. Returns the resource and whether anything was sent: an edit that changes nothing is not.
pub(crate) async fn run<K: Managed>(
    context: &CallContext,
    id: &Id<K>,
    change: Change<'_, K>,
) -> Result<(Resource<K>, bool), Error> {
    let context = &context.start();
    let path = id.for_path(K::UPDATE)?;
    let mut spec = match change {
        Change::Replace(spec) => spec,
        Change::Edit(edit) => {
            let current = context.get(id).await?;
            let before = current.spec()?;
            let mut after = before.clone();
            edit(&mut after).map_err(|cause| change_failed(cause, path, K::UPDATE))?;
            if after == before {
                return Ok((current, false));
            }
            after
        }
    };
    let spec_id = K::spec_id(&mut spec);
    let violation = if spec_id.is_empty() {
        path.clone_into(spec_id);
        None
    } else if *id != *spec_id.as_str() {
        Some((
            "id",
            format!("must be the id of the {} that is updated, {id}", K::NOUN),
        ))
    } else {
        K::data_loss(&spec).map(|(field, description)| (field, description.to_owned()))
    };
    if let Some((field, description)) = violation {
        let violations = vec![FieldViolation::new(field, description)];
        let error = Error::invalid(K::UPDATE, violations);
        return Err(error.during(K::UPDATE, Some(path)));
    }
    let call = |client| K::update(client, path, spec);
    let updated = context.resource(K::UPDATE, path, call).await?;
    Ok((updated, true))
}

/// The error of a change function that failed: its own, if it is one of this crate's.
fn change_failed(cause: BoxError, id: &str, operation: &'static Operation) -> Error {
    match cause.downcast::<Error>() {
        Ok(error) => *error,
        Err(cause) => Error::new(ErrorKind::Invalid, "the change of the spec failed")
            .during(operation, Some(id))
            .with_source(cause),
    }
}
