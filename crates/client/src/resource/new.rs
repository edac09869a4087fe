//! Resources to create.

use super::Id;
use super::kind::Kind;

/// The request for a resource that does not exist yet.
///
/// [`NewGateway`](crate::NewGateway), [`NewDeployment`](crate::NewDeployment),
/// [`NewCapacityClaim`](crate::NewCapacityClaim) and [`NewHotLoad`](crate::NewHotLoad) are this type for their kind. The
/// service validates it; nothing is checked before it is sent.
///
/// ```
/// use coreweave_inference::{GatewayAuth, GatewayId, NewGateway, Routing};
///
/// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody)
///     .id(GatewayId::random());
/// assert_eq!(new.raw().name, "chat");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NewResource<K: Kind> {
    pub(crate) body: K::Create,
}

impl<K: Kind> NewResource<K> {
    /// Wraps the generated type.
    pub fn from_raw(body: K::Create) -> Self {
        Self { body }
    }

    /// The generated type.
    pub fn raw(&self) -> &K::Create {
        &self.body
    }

    /// Unwraps the generated type.
    pub fn into_raw(self) -> K::Create {
        self.body
    }

    /// Sets the id, a UUID. By default each create gets a random one.
    ///
    /// With an id of your own a create can be repeated even after a crash of your program: a resource that has this id
    /// and everything that was asked for counts as created.
    pub fn id(mut self, id: impl Into<Id<K>>) -> Self {
        *K::create_id(&mut self.body) = Some(id.into().into_string());
        self
    }
}
