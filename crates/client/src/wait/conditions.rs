//! Conditions for [`Api::wait_until`](crate::Api::wait_until), which combine with [`ConditionExt`].
//!
//! A condition is a function from a resource to `bool`, so a closure is one, too.
//!
//! ```no_run
//! use coreweave_inference::conditions::{self, ConditionExt};
//!
//! # async fn example(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
//! # -> Result<(), coreweave_inference::Error> {
//! let applied = conditions::is_applied().and(conditions::has_condition("Degraded").not());
//! client.deployments().wait_until(&id, applied).fail_on_error().await?;
//! client.deployments().wait_until(&id, |deployment| deployment.replicas().contains(&8)).await?;
//! # Ok(())
//! # }
//! ```

use super::verdict::RESOURCES_APPLIED;
use crate::resource::{Condition, Internal, Phase, Resource};

/// Holds if the resource is ready; if a hot-load is completed.
pub fn is_ready<R: Resource>() -> impl Fn(&R) -> bool + Send + Sync + Clone + 'static {
    |resource: &R| resource.phase(Internal) == Phase::Ready
}

/// Holds if the resource has failed for good; if a hot-load has failed or was canceled.
pub fn is_failed<R: Resource>() -> impl Fn(&R) -> bool + Send + Sync + Clone + 'static {
    |resource: &R| matches!(resource.phase(Internal), Phase::Failed | Phase::Canceled)
}

/// Holds if the condition of this type is true, in every zone that reports it.
pub fn has_condition<R: Resource>(
    type_: impl Into<String>,
) -> impl Fn(&R) -> bool + Send + Sync + Clone + 'static {
    let type_ = type_.into();
    move |resource: &R| Condition::all_true(resource.metadata().conditions, &type_)
}

/// Holds if the condition `ResourcesApplied` is true: the resources of a deployment exist, although it may still wait for
/// capacity.
pub fn is_applied<R: Resource>() -> impl Fn(&R) -> bool + Send + Sync + Clone + 'static {
    has_condition(RESOURCES_APPLIED)
}

/// Combines conditions.
pub trait ConditionExt<R: Resource>: Fn(&R) -> bool + Send + Sized {
    /// Holds if both conditions hold.
    fn and(self, other: impl Fn(&R) -> bool + Send) -> impl Fn(&R) -> bool + Send {
        move |resource: &R| self(resource) && other(resource)
    }

    /// Holds if at least one of the conditions holds.
    fn or(self, other: impl Fn(&R) -> bool + Send) -> impl Fn(&R) -> bool + Send {
        move |resource: &R| self(resource) || other(resource)
    }

    /// Holds if the condition does not hold.
    fn not(self) -> impl Fn(&R) -> bool + Send {
        move |resource: &R| !self(resource)
    }
}

impl<R: Resource, F: Fn(&R) -> bool + Send> ConditionExt<R> for F {}
