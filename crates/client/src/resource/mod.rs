//! Resources, their ids, and the traits that describe them.

mod condition;
mod define;
mod id;
mod phase;

use std::fmt::Display;
use std::time::Duration;

pub use condition::Condition;
pub(crate) use define::{
    id_of, managed, new_resource, resource, serde_traits, sorted, wrapper, write_summary,
};
pub(crate) use id::id_text;
pub use id::{Id, IntoId, InvalidId};
pub(crate) use phase::Phase;

use crate::error::Error;
use crate::raw::types::ResourceStatus;
use crate::raw::{self, Message, Metadata};

/// A resource of the API: a [`Gateway`](crate::Gateway), a [`Deployment`](crate::Deployment), a
/// [`CapacityClaim`](crate::CapacityClaim) or a [`HotLoad`](crate::HotLoad).
///
/// Use it to write code that is generic over resources; it cannot be implemented outside this crate. Each type has its
/// accessors itself, so that a program that names the type needs no import.
///
/// ```
/// use coreweave_inference::kind::Resource;
///
/// fn describe<R: Resource>(resource: &R) -> String {
///     format!("{} {resource}", R::NOUN)
/// }
/// ```
pub trait Resource:
    Describe + Display + Message + TryFrom<<Self as Resource>::Raw, Error = Error>
{
    /// What a resource is called in messages, for example `capacity claim`.
    const NOUN: &'static str;
    /// The generated type of the resource.
    type Raw: raw::Resource;
    /// The request to create one.
    type New: Message + From<Create<Self>> + Into<Create<Self>>;

    /// Returns the generated type.
    fn raw(&self) -> &Self::Raw;

    /// Returns the id.
    fn id(&self) -> &Id<Self>;

    /// Returns what all resources have in common.
    fn metadata(&self) -> Metadata<'_> {
        raw::Resource::metadata(self.raw())
    }

    /// Returns the conditions, which explain the status.
    fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        self.metadata().conditions.iter().map(Condition::new)
    }
}

/// A resource that can be listed, updated and deleted: any but a [`HotLoad`](crate::HotLoad).
pub trait Managed: Resource<Raw: raw::Managed> {
    /// The part of a resource that an update can change.
    type Spec: Message + From<Update<Self>> + Into<Update<Self>>;

    /// Returns the name.
    fn name(&self) -> &str {
        self.metadata().name.unwrap_or_default()
    }

    /// Returns the status.
    fn status(&self) -> &ResourceStatus {
        let status = self.metadata().status;
        status.unwrap_or(&ResourceStatus::Unspecified)
    }

    /// Returns the spec in the form that [`Api::replace`](crate::Api::replace) takes, with every member that was read.
    fn to_spec(&self) -> Self::Spec {
        raw::Managed::to_update(self.raw()).into()
    }
}

/// The generated body of a create request.
pub(crate) type Create<R> = <<R as Resource>::Raw as raw::Resource>::Create;

/// The generated query parameters of a list.
pub(crate) type Params<R> = <<R as Resource>::Raw as raw::Resource>::Params;

/// The generated body of an update request.
pub(crate) type Update<R> = <<R as Resource>::Raw as raw::Managed>::Update;

/// An argument that no other crate can name, for methods that only this one calls.
pub struct Internal;

/// What the calls of this crate know of a kind of resource. It keeps the set of kinds closed.
pub trait Describe: Sized {
    /// How long waits for a resource may take by default.
    const WAIT_TIMEOUT: Duration;
    /// The first delay between polls by default.
    const POLL_INTERVAL: Duration = Duration::from_secs(5);
    /// Whether names are unique, so that a create can conflict by name.
    const UNIQUE_NAMES: bool = true;

    /// Returns where the resource is in its lifecycle.
    fn phase(&self, _: Internal) -> Phase
    where
        Self: Resource,
    {
        Phase::new(self.metadata().status)
    }

    /// Whether the resource will never become ready although it has not failed.
    fn is_switched_off(&self, _: Internal) -> bool {
        false
    }

    /// Whether the service takes an update over without a rollout, in which the status stays READY.
    fn scales_only(_before: &Update<Self>, _after: &Update<Self>, _: Internal) -> bool
    where
        Self: Managed,
    {
        false
    }

    /// Prepares an update for sending. Returns the member and the reason if it would lose something that the caller cannot
    /// have meant to lose.
    fn prepare(
        _before: Option<&Update<Self>>,
        _after: &mut Update<Self>,
        _: Internal,
    ) -> Result<(), (&'static str, &'static str)>
    where
        Self: Managed,
    {
        Ok(())
    }
}
