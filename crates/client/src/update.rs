//! Updates, which change a resource without losing anything.
//!
//! The API takes no field mask: an update resets what it leaves out. So a safe update reads the spec, changes it, and
//! sends it back in full, members that this version does not know included.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::call::{Call, Context, Target};
use crate::error::{Error, ErrorKind, FieldViolation};
use crate::raw::{BoxFuture, Managed as _};
use crate::reason;
use crate::resource::{Id, Internal, Managed, Phase};
use crate::wait::{Until, Wait};

/// How long after an update a READY without other evidence is distrusted.
const GRACE_PERIOD: Duration = Duration::from_secs(30);

/// An update that is ready to be sent: `.await` sends it, and `.and_wait()` also waits for its effect.
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
/// # -> Result<(), coreweave_inference::Error> {
/// let deployment = client.deployments().update(id, |spec| spec.autoscaling.max = 8).and_wait().await?;
/// # Ok(())
/// # }
/// ```
pub type Update<'a, R> = Call<'a, Change<'a, R>, R>;

/// What an update changes.
pub struct Change<'a, R: Managed> {
    target: Target<R>,
    change: SpecChange<'a, R>,
    grace_period: Duration,
}

enum SpecChange<'a, R: Managed> {
    /// Change the spec as it is now.
    Edit(Edit<'a, R>),
    /// Send this spec.
    Replace(R::Spec),
}

type BoxError = Box<dyn StdError + Send + Sync>;
type Edit<'a, R> = Box<dyn FnOnce(&mut <R as Managed>::Spec) -> Result<(), BoxError> + Send + 'a>;

impl<'a, R: Managed> Change<'a, R> {
    /// Changes the spec as it is when the update is sent.
    pub(crate) fn edit<E: Into<BoxError>>(
        target: Target<R>,
        edit: impl FnOnce(&mut R::Spec) -> Result<(), E> + Send + 'a,
    ) -> Self {
        let edit = |spec: &mut R::Spec| edit(spec).map_err(Into::into);
        Self {
            target,
            change: SpecChange::Edit(Box::new(edit)),
            grace_period: GRACE_PERIOD,
        }
    }

    /// Replaces the spec.
    pub(crate) fn replace(target: Target<R>, spec: R::Spec) -> Self {
        Self {
            target,
            change: SpecChange::Replace(spec),
            grace_period: GRACE_PERIOD,
        }
    }
}

impl<'a, R: Managed> Call<'a, Change<'a, R>, R> {
    /// Sets how long [`and_wait`](Self::and_wait) distrusts a READY that may date from before the update. 30 seconds by
    /// default.
    pub fn grace_period(mut self, period: Duration) -> Self {
        self.body.grace_period = period;
        self
    }

    /// Sends the update and waits until it has taken effect.
    ///
    /// The service takes an update up after some seconds, and reads READY until then. So a READY counts if UPDATING was seen
    /// before it, or if the [grace period](Self::grace_period) is over. A deployment whose autoscaling or traffic alone
    /// has changed stays READY, and is believed at once. A disabled deployment never becomes READY; there the condition
    /// `ResourcesApplied` takes its place.
    pub fn and_wait(self) -> Wait<'a, R> {
        let change = self.body;
        let until = Until::ready(change.target.clone(), "to be updated");
        let until = until.after(R::Raw::UPDATE, |context| Box::pin(send(context, change)));
        Wait::new(self.context, until).allow_disabled()
    }
}

/// Sends an update.
pub(crate) fn run<'a, R: Managed>(
    context: Context,
    change: Change<'a, R>,
) -> BoxFuture<'a, Result<R, Error>> {
    Box::pin(async move { Ok(send(context, change).await?.0) })
}

/// Sends an update. Returns the resource, and for how long to distrust its status, because the service will report UPDATING
/// while it takes the update up. It does not for an edit that changes nothing, which is not sent.
async fn send<R: Managed>(
    context: Context,
    change: Change<'_, R>,
) -> Result<(R, Option<Duration>), Error> {
    let context = context.start();
    let id = change.target.id(R::Raw::UPDATE)?;
    let (before, spec) = match change.change {
        SpecChange::Replace(spec) => (None, spec),
        SpecChange::Edit(edit) => {
            let current: R = context.get(id).await?;
            let before = current.to_spec();
            let mut after = before.clone();
            edit(&mut after).map_err(|cause| edit_failed(cause, id))?;
            if after == before {
                return Ok((current, None));
            }
            (Some(before.into()), after)
        }
    };
    let mut update = spec.into();
    check_id::<R>(id, R::Raw::update_id(&mut update))?;
    R::prepare(before.as_ref(), &mut update, Internal)
        .map_err(|(field, why)| invalid::<R>(id, field, why.to_owned()))?;
    let call = <R::Raw as crate::raw::Managed>::update(id.as_str(), &update);
    let resource = match context.write(call, id.as_str()).await {
        Err(refused) if refused.is_failed_precondition() && refused.reason().is_none() => {
            return Err(explain(&context, id, refused).await);
        }
        updated => updated?,
    };
    let rolls_out = before.is_none_or(|before| !R::scales_only(&before, &update, Internal));
    Ok((resource, rolls_out.then_some(change.grace_period)))
}

/// Says why an update was refused, where the status of the resource tells.
async fn explain<R: Managed>(context: &Context, id: &Id<R>, refused: Error) -> Error {
    let Ok(found) = context.without_retries().get::<R>(id).await else {
        return refused;
    };
    let reason = match found.phase(Internal) {
        Phase::Failed => reason::FAILED,
        Phase::Deleting => reason::DELETING,
        _ => return refused,
    };
    refused
        .with_reason(reason)
        .with_last_seen(&found.metadata())
}

/// Fills the id in, or checks that it is that of the resource.
fn check_id<R: Managed>(id: &Id<R>, in_spec: &mut String) -> Result<(), Error> {
    if in_spec.is_empty() {
        id.as_str().clone_into(in_spec);
    }
    if *id != *in_spec.as_str() {
        let why = format!("must be the id of the {} that is updated, {id}", R::NOUN);
        return Err(invalid::<R>(id, "id", why));
    }
    Ok(())
}

fn invalid<R: Managed>(id: &Id<R>, field: &str, why: String) -> Error {
    let violations = vec![FieldViolation::new(field, why)];
    Error::invalid(R::Raw::UPDATE, violations).with_resource_id(id.as_str())
}

/// The error of a change function: its own, if it is one of this crate's.
fn edit_failed<R: Managed>(cause: BoxError, id: &Id<R>) -> Error {
    match cause.downcast::<Error>() {
        Ok(error) => *error,
        Err(cause) => Error::new(ErrorKind::Invalid, "the change of the spec failed")
            .with_operation(R::Raw::UPDATE)
            .with_resource_id(id.as_str())
            .with_source(cause),
    }
}

impl<R: Managed> fmt::Debug for Change<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
