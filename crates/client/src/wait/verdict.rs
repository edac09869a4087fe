use super::error::failed;
use crate::error::{Error, Reason};
use crate::raw::{Metadata, Operation};
use crate::reason;
use crate::resource::{Condition, Internal, Phase, Resource};

/// The condition of a deployment whose resources exist, although it may still wait for capacity.
pub(crate) const RESOURCES_APPLIED: &str = "ResourcesApplied";

/// What counts as done and as failed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    /// Whether STATUS_ERROR is a failure.
    pub(crate) fail_on_error: bool,
    /// Whether a disabled deployment is done when its resources exist; otherwise it is a failure.
    pub(crate) allow_disabled: bool,
}

/// What the state of a resource means for a wait that it becomes ready.
pub(crate) enum Verdict {
    Ready,
    Pending,
    Failed(Error),
}

/// Judges the state of a resource that `operation` returned.
pub(crate) fn verdict<R: Resource>(
    operation: &'static Operation,
    resource: &R,
    rules: Rules,
) -> Verdict {
    let (phase, switched_off) = (resource.phase(Internal), resource.is_switched_off(Internal));
    match judge(phase, switched_off, &resource.metadata(), rules) {
        Ok(true) => Verdict::Ready,
        Ok(false) => Verdict::Pending,
        Err((what, reason)) => Verdict::Failed(failed(operation, resource, &what, reason)),
    }
}

/// Whether a resource is ready, or what has happened to it and why that is a failure.
fn judge(
    phase: Phase,
    switched_off: bool,
    metadata: &Metadata<'_>,
    rules: Rules,
) -> Result<bool, (String, Reason)> {
    let ended = || format!("ended in {}", metadata.state);
    match phase {
        Phase::Ready => Ok(true),
        Phase::Failed => Err((ended(), reason::FAILED)),
        Phase::Canceled => Err((ended(), reason::CANCELED)),
        Phase::Deleting => Err(("is being deleted".to_owned(), reason::DELETING)),
        Phase::Error if rules.fail_on_error => {
            Err((format!("is in {}", metadata.state), reason::IN_ERROR))
        }
        _ if switched_off && rules.allow_disabled => {
            Ok(Condition::all_true(metadata.conditions, RESOURCES_APPLIED))
        }
        _ if switched_off => {
            let what = "is disabled and does not become ready; enable it by setting `disabled` to false, or wait with \
                        `wait_applied`";
            Err((what.to_owned(), reason::DISABLED))
        }
        _ => Ok(false),
    }
}
