//! A resource as the API shows it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::condition::Condition;
use super::facts::Stage;
use super::kind::{Kind, Managed};
use crate::error::{Error, ErrorKind};
use crate::ids::Id;
use crate::raw::Operation;
use crate::raw::Response;
use crate::raw::types::ResourceStatus;

/// A resource as the API shows it: its id, its spec and its status.
///
/// [`Gateway`](crate::Gateway), [`Deployment`](crate::Deployment), [`CapacityClaim`](crate::CapacityClaim) and
/// [`HotLoad`](crate::HotLoad) are this type for their kind. What the API may leave out has a plain default here;
/// [`raw`](Self::raw) shows the difference. As JSON, a resource is what the API sends.
///
/// ```
/// use coreweave_inference::Gateway;
///
/// let json = r#"{"spec": {"id": "5f0c", "name": "chat"}, "status": {"status": "STATUS_READY"}}"#;
/// let gateway: Gateway = serde_json::from_str(json)?;
/// assert_eq!(gateway.id(), &"5f0c");
/// assert!(gateway.is_ready());
/// assert_eq!(gateway.to_string(), "chat (5f0c, STATUS_READY)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Resource<K: Kind> {
    id: Id<K>,
    raw: K::Raw,
}

impl<K: Kind> Resource<K> {
    /// Takes the generated type. A resource that has no id is an error.
    ///
    /// ```
    /// use coreweave_inference::{Gateway, raw::types};
    ///
    /// let spec = types::GatewaySpec { id: Some("5f0c".into()), ..Default::default() };
    /// let gateway = Gateway::from_raw(types::Gateway { spec: Some(spec), ..Default::default() })?;
    /// assert_eq!(gateway.id(), &"5f0c");
    /// assert!(Gateway::from_raw(types::Gateway::default()).is_err());
    /// # Ok::<(), coreweave_inference::Error>(())
    /// ```
    pub fn from_raw(raw: K::Raw) -> Result<Self, Error> {
        match K::facts(&raw).id {
            Some(id) if !id.is_empty() => Ok(Self {
                id: Id::from(id),
                raw,
            }),
            _ => Err(Error::new(
                ErrorKind::MissingResource,
                format!("the {} has no `spec.id`", K::NOUN),
            )),
        }
    }

    /// Takes what a reply held, or says that it held nothing.
    pub(crate) fn from_reply(
        operation: &'static Operation,
        id: Option<&str>,
        reply: Response<Option<K::Raw>>,
    ) -> Result<Self, Error> {
        let (raw, response) = reply.into_parts();
        raw.ok_or_else(|| Error::missing_resource(K::NAMES.member))
            .and_then(Self::from_raw)
            .map_err(|error| error.during(operation, id).found_in(&response))
    }

    /// Takes what a reply to a listing held.
    pub(crate) fn from_listing(
        operation: &'static Operation,
        reply: Response<Vec<K::Raw>>,
    ) -> Result<Vec<Self>, Error> {
        let (items, response) = reply.into_parts();
        // Collecting results would forget how many there are, and move them all again each time that the list grows.
        let mut resources = Vec::with_capacity(items.len());
        for raw in items {
            let resource = Self::from_raw(raw);
            resources
                .push(resource.map_err(|error| error.during(operation, None).found_in(&response))?);
        }
        Ok(resources)
    }

    /// The resource's id.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// for gateway in client.gateways().list().await? {
    ///     client.gateways().get(gateway.id()).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn id(&self) -> &Id<K> {
        &self.id
    }

    /// When the resource was created.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// if let Some(time) = gateway.created_at() {
    ///     println!("since {time}");
    /// }
    /// # }
    /// ```
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        K::facts(&self.raw).created_at
    }

    /// When the resource last changed.
    ///
    /// ```
    /// # use coreweave_inference::Gateway;
    /// let json = r#"{"spec": {"id": "5f0c"}, "status": {"updatedAt": "2026-01-02T03:04:05Z"}}"#;
    /// let gateway: Gateway = serde_json::from_str(json)?;
    /// assert!(gateway.updated_at().is_some());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn updated_at(&self) -> Option<DateTime<Utc>> {
        K::facts(&self.raw).updated_at
    }

    /// The observations that explain the status.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// for condition in gateway.conditions() {
    ///     println!("{condition}");
    /// }
    /// # }
    /// ```
    pub fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        K::facts(&self.raw).conditions.iter().map(Condition::new)
    }

    /// The first condition of a type.
    ///
    /// ```
    /// # use coreweave_inference::Gateway;
    /// let json = r#"{"spec": {"id": "5f0c"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}"#;
    /// let gateway: Gateway = serde_json::from_str(json)?;
    /// assert!(gateway.condition("Ready").is_some_and(|ready| ready.is_true()));
    /// assert!(gateway.condition("Routable").is_none());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn condition(&self, kind: &str) -> Option<Condition<'_>> {
        self.conditions().find(|condition| condition.kind() == kind)
    }

    /// The generated type that this wraps, with all that the API sent.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// let organization = gateway.raw().spec.as_ref().and_then(|spec| spec.organization_id.as_deref());
    /// # let _ = organization; }
    /// ```
    pub fn raw(&self) -> &K::Raw {
        &self.raw
    }

    /// Gives up the generated type that this wraps.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// let raw: coreweave_inference::raw::types::Gateway = gateway.into_raw();
    /// # let _ = raw; }
    /// ```
    pub fn into_raw(self) -> K::Raw {
        self.raw
    }

    pub(crate) fn stage(&self) -> Stage {
        K::stage(&self.raw)
    }
}

impl<K: Managed> Resource<K> {
    /// The resource's name.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// println!("{} is {}", deployment.name(), deployment.status());
    /// # }
    /// ```
    pub fn name(&self) -> &str {
        K::facts(&self.raw).label.unwrap_or_default()
    }

    /// The overall status: creating, ready, failed and so on.
    ///
    /// ```no_run
    /// use coreweave_inference::ResourceStatus;
    ///
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// if *deployment.status() == ResourceStatus::Error {
    ///     println!("in trouble, which may pass");
    /// }
    /// # }
    /// ```
    pub fn status(&self) -> &ResourceStatus {
        K::status(&self.raw).unwrap_or(&ResourceStatus::Unspecified)
    }

    /// Whether the status is ready.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let ready = client.deployments().list().await?.iter().filter(|d| d.is_ready()).count();
    /// # let _ = ready; Ok(()) }
    /// ```
    pub fn is_ready(&self) -> bool {
        self.stage() == Stage::Ready
    }

    /// The whole spec in the form that [`Handle::replace`](crate::Handle::replace) takes: all that can be set,
    /// members unknown to this version included, without what only the service sets.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut spec = deployment.spec()?;
    /// spec.traffic.weight = Some(500);
    /// client.deployments().replace(deployment.id(), spec).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// It fails only if the spec of a reply doesn't fit the spec of a request, which would be an error in the API's
    /// description.
    pub fn spec(&self) -> Result<K::Spec, Error> {
        let mut spec = K::spec(&self.raw).map_err(|cause| {
            Error::new(
                ErrorKind::Decode,
                format!("the {}'s spec can't be sent back", K::NOUN),
            )
            .during(K::LIFE.update, Some(self.id.as_str()))
            .with_source(cause)
        })?;
        *K::spec_id(&mut spec) = self.id.as_str().to_owned();
        Ok(spec)
    }
}

impl<K: Kind> fmt::Display for Resource<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = K::facts(&self.raw);
        if let Some(label) = facts.label {
            write!(f, "{label} ")?;
        }
        write!(f, "({}, {})", self.id, facts.state)
    }
}

impl<K: Kind> Serialize for Resource<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Resource<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_raw(K::Raw::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
