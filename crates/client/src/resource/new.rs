//! A resource that is yet to be created.

use super::kind::Kind;
use crate::error::{Error, FieldViolation};
use crate::ids::Id;
use crate::validate::{self, Check};

/// A resource that is yet to be created: what [`Handle::create`](crate::Handle::create) takes.
///
/// [`NewGateway`](crate::NewGateway), [`NewDeployment`](crate::NewDeployment),
/// [`NewCapacityClaim`](crate::NewCapacityClaim) and [`NewHotLoad`](crate::NewHotLoad) are this type for their kind,
/// each with a constructor for what must be given and a method for each thing that may be.
///
/// What the API would surely refuse is refused before anything is sent, with [every reason at
/// once](Error::field_violations); [`unchecked`](Self::unchecked) turns that off. Unless an [`id`](Self::id) is set, a
/// random one is, so that a create whose answer got lost can be repeated without making two resources.
#[derive(Clone, Debug, PartialEq)]
pub struct NewResource<K: Kind> {
    pub(crate) body: K::Create,
    checked: bool,
}

impl<K: Kind> NewResource<K> {
    /// Takes the generated request type.
    ///
    /// ```
    /// use coreweave_inference::{NewGateway, raw::types};
    ///
    /// let raw = types::CreateGatewayRequest { name: "chat".into(), ..Default::default() };
    /// let gateway = NewGateway::from_raw(raw);
    /// assert!(gateway.check().is_err(), "says neither how to authenticate nor how to route");
    /// ```
    pub fn from_raw(body: K::Create) -> Self {
        Self {
            body,
            checked: true,
        }
    }

    /// The generated request type.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    /// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// assert_eq!(new.raw().name, "chat");
    /// ```
    pub fn raw(&self) -> &K::Create {
        &self.body
    }

    /// Gives up the generated request type.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    /// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// let request = new.into_raw();
    /// assert_eq!(request.zones, ["US-EAST-04A"]);
    /// ```
    pub fn into_raw(self) -> K::Create {
        self.body
    }

    /// Chooses the resource's id, a UUID, instead of having a random one made.
    ///
    /// Who keeps the id before creating can repeat the create after a crash: a resource with this id and everything
    /// else as asked for counts as created.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, GatewayId, NewGateway, Routing};
    /// let id = GatewayId::random();
    /// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody).id(&id);
    /// assert_eq!(new.raw().id.as_deref(), Some(id.as_str()));
    /// ```
    pub fn id(mut self, id: impl Into<Id<K>>) -> Self {
        *K::id_to_create(&mut self.body) = Some(id.into().into_string());
        self
    }

    /// Sends the request as it is, without checking it first: for when the API has become more generous than this
    /// version knows.
    ///
    /// ```no_run
    /// # use coreweave_inference::{Client, GatewayAuth, NewGateway, Routing};
    /// # async fn f(client: Client) -> Result<(), coreweave_inference::Error> {
    /// let nameless = NewGateway::new("", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// let refused_by_the_server = client.gateways().create(nameless.unchecked()).await;
    /// # let _ = refused_by_the_server; Ok(()) }
    /// ```
    pub fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    /// Checks the request as [`Handle::create`](crate::Handle::create) does.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    /// let error = NewGateway::new("", "", GatewayAuth::CoreWeave, Routing::Header("X Model".into())).check().unwrap_err();
    /// let fields: Vec<_> = error.field_violations().map(|violation| violation.field.as_str()).collect();
    /// assert_eq!(fields, ["name", "zones", "headerBasedRouting.headerName"]);
    /// ```
    pub fn check(&self) -> Result<(), Error> {
        validate::refuse(K::NAMES.create, self.violations())
    }

    fn violations(&self) -> Vec<FieldViolation> {
        Check::of(|check| K::check(&self.body, check))
    }

    /// The request as it is sent, with its id and with whether we made that up.
    pub(crate) fn ready(mut self) -> Result<Ready<K>, Error> {
        if self.checked {
            self.check()?;
        }
        let slot = K::id_to_create(&mut self.body);
        let given = slot.take().filter(|id| !id.is_empty());
        let ours = given.is_none();
        let id = given.map_or_else(Id::random, Id::from);
        *slot = Some(id.as_str().to_owned());
        Ok(Ready {
            body: self.body,
            id,
            ours,
        })
    }
}

/// A create that is fit to be sent.
pub(crate) struct Ready<K: Kind> {
    pub(crate) body: K::Create,
    pub(crate) id: Id<K>,
    /// Whether the id is one that we made up, which nobody else can have.
    pub(crate) ours: bool,
}
