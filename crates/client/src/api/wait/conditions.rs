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

use crate::resource::Resource;
use crate::resource::kind::{Kind, Phase};

/// The condition of a deployment whose resources exist, although it may still wait for capacity.
pub(in crate::api) const RESOURCES_APPLIED: &str = "ResourcesApplied";

/// The resource is ready; a hot-load is completed.
pub fn is_ready<K: Kind>() -> impl Fn(&Resource<K>) -> bool + Send + Sync + Clone + 'static {
    |resource: &Resource<K>| resource.phase() == Phase::Ready
}

/// The resource has failed for good.
pub fn is_failed<K: Kind>() -> impl Fn(&Resource<K>) -> bool + Send + Sync + Clone + 'static {
    |resource: &Resource<K>| resource.phase() == Phase::Failed
}

/// The condition of this type is true, in every zone that reports it.
pub fn has_condition<K: Kind>(
    kind: impl Into<String>,
) -> impl Fn(&Resource<K>) -> bool + Send + Sync + Clone + 'static {
    let kind = kind.into();
    move |resource: &Resource<K>| resource.has_condition(&kind)
}

/// The condition `ResourcesApplied` is true.
pub fn is_applied<K: Kind>() -> impl Fn(&Resource<K>) -> bool + Send + Sync + Clone + 'static {
    has_condition(RESOURCES_APPLIED)
}

/// Combines conditions.
pub trait ConditionExt<K: Kind>: Fn(&Resource<K>) -> bool + Send + Sized {
    /// Both conditions hold.
    fn and(
        self,
        other: impl Fn(&Resource<K>) -> bool + Send,
    ) -> impl Fn(&Resource<K>) -> bool + Send {
        move |resource: &Resource<K>| self(resource) && other(resource)
    }

    /// At least one of the conditions holds.
    fn or(
        self,
        other: impl Fn(&Resource<K>) -> bool + Send,
    ) -> impl Fn(&Resource<K>) -> bool + Send {
        move |resource: &Resource<K>| self(resource) || other(resource)
    }

    /// The condition does not hold.
    fn not(self) -> impl Fn(&Resource<K>) -> bool + Send {
        move |resource: &Resource<K>| !self(resource)
    }
}

impl<K: Kind, F: Fn(&Resource<K>) -> bool + Send> ConditionExt<K> for F {}
