//! The resources of an account.

use std::fmt;

use coreweave_inference::kind::Managed;
use coreweave_inference::{Api, Client, Error};
use futures_util::future::try_join3;
use serde_json::{Map, Value};

use crate::compare::at;
use crate::kind::Kind;

/// The gateways, deployments and capacity claims of an account.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The resources by kind, in the order of creation, and by name.
    pub resources: Vec<Existing>,
}

/// An existing resource. `Debug` leaves the spec out, as it may hold secrets.
#[derive(Clone)]
pub struct Existing {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its status, such as `STATUS_READY`.
    pub status: String,
    /// Its spec in the members of the create request, without the id.
    pub spec: Map<String, Value>,
}

impl fmt::Debug for Existing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Existing")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Existing {
    /// Returns the name, or the id of a resource without a name.
    pub fn label(&self) -> &str {
        match self.name.as_str() {
            "" => &self.id,
            name => name,
        }
    }

    /// Returns whether it is being deleted.
    pub fn is_deleting(&self) -> bool {
        self.status == "STATUS_DELETING"
    }
}

impl Account {
    /// Fetches all resources, with one request per kind.
    ///
    /// # Errors
    /// Returns an error if a list request fails.
    pub async fn fetch(client: &Client) -> Result<Self, Error> {
        let (claims, gateways, deployments) = try_join3(
            list(Kind::CapacityClaim, client.capacity_claims()),
            list(Kind::Gateway, client.gateways()),
            list(Kind::Deployment, client.deployments()),
        )
        .await?;
        let mut resources = [claims, gateways, deployments].concat();
        resources.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        Ok(Self { resources })
    }

    /// Returns a resource as a document of a manifest, with gateways by name.
    ///
    /// Secrets that the service does not return are missing.
    pub fn document(&self, resource: &Existing) -> Value {
        let mut document = resource.spec.clone();
        document.insert("kind".to_owned(), resource.kind.manifest_name().into());
        if resource.name.is_empty() {
            document.insert("id".to_owned(), resource.id.as_str().into());
        }
        if let Some(names) = self.gateway_names(&document) {
            document.remove("gatewayIds");
            document.insert("gateways".to_owned(), names.into());
        }
        document.into()
    }

    fn gateway_names(&self, spec: &Map<String, Value>) -> Option<Vec<String>> {
        let ids = spec.get("gatewayIds")?.as_array()?;
        ids.iter()
            .map(|id| Some(self.by_id(Kind::Gateway, id.as_str()?)?.name.clone()))
            .collect()
    }

    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Existing> {
        self.resources
            .iter()
            .filter(move |resource| resource.kind == kind)
    }

    pub(crate) fn by_id(&self, kind: Kind, id: &str) -> Option<&Existing> {
        self.of(kind)
            .find(|resource| resource.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn by_name(&self, kind: Kind, name: &str) -> Option<&Existing> {
        self.of(kind).find(|resource| resource.name == name)
    }

    /// The deployments that use a gateway.
    pub(crate) fn users_of(&self, gateway: &str) -> Vec<&Existing> {
        let uses = |deployment: &&Existing| {
            let ids = deployment.spec.get("gatewayIds").and_then(Value::as_array);
            let mut ids = ids.into_iter().flatten().filter_map(Value::as_str);
            ids.any(|id| id.eq_ignore_ascii_case(gateway))
        };
        self.of(Kind::Deployment).filter(uses).collect()
    }

    /// Whether the service returns a member for any resource of a kind.
    pub(crate) fn returns(&self, kind: Kind, path: &str) -> bool {
        self.of(kind)
            .any(|existing| at(&existing.spec, path).is_some())
    }
}

async fn list<R: Managed>(kind: Kind, api: Api<R>) -> Result<Vec<Existing>, Error> {
    let existing = api.list().await?.into_iter().map(|resource| {
        let set_by_service = ["id", "organizationId"];
        Existing {
            kind,
            id: resource.id().to_string(),
            name: resource.name().to_owned(),
            status: resource.status().to_string(),
            spec: spec(&resource)
                .into_iter()
                .filter(|(name, _)| !set_by_service.contains(&name.as_str()))
                .collect(),
        }
    });
    Ok(existing.collect())
}

/// The spec of a resource, as JSON.
pub(crate) fn spec<R: Managed>(resource: &R) -> Map<String, Value> {
    match serde_json::to_value(resource.raw()) {
        Ok(Value::Object(mut raw)) => match raw.remove("spec") {
            Some(Value::Object(spec)) => spec,
            _ => Map::new(),
        },
        _ => Map::new(),
    }
}
