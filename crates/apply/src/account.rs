//! The resources of an account.

use std::fmt;

use coreweave_inference::kind::Managed;
use coreweave_inference::{Api, Client, Error};
use futures_util::future::try_join3;
use serde_json::{Map, Value};

use crate::kind::Kind;

/// The gateways, deployments and capacity claims of an account.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The resources, by kind in the order of creation.
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

impl Account {
    /// Fetches all resources, with one request per kind.
    ///
    /// # Errors
    /// If a list request fails.
    pub async fn fetch(client: &Client) -> Result<Self, Error> {
        let (claims, gateways, deployments) = try_join3(
            list(Kind::CapacityClaim, client.capacity_claims()),
            list(Kind::Gateway, client.gateways()),
            list(Kind::Deployment, client.deployments()),
        )
        .await?;
        let resources = [claims, gateways, deployments].concat();
        Ok(Self { resources })
    }

    /// Returns the account as a manifest: one document per resource, with gateways by name.
    ///
    /// Secrets that the service does not return are missing.
    pub fn export(&self) -> Vec<Value> {
        self.resources
            .iter()
            .filter(|resource| resource.status != "STATUS_DELETING")
            .map(|resource| {
                let mut document = resource.spec.clone();
                document.insert("kind".to_owned(), resource.kind.manifest_name().into());
                if let Some(names) = self.gateway_names(&document) {
                    document.remove("gatewayIds");
                    document.insert("gateways".to_owned(), names.into());
                }
                document.into()
            })
            .collect()
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

    /// The names of the deployments that use a gateway.
    pub(crate) fn users_of(&self, gateway: &str) -> Vec<&str> {
        self.of(Kind::Deployment)
            .filter(|deployment| {
                let ids = deployment.spec.get("gatewayIds").and_then(Value::as_array);
                let mut ids = ids.into_iter().flatten().filter_map(Value::as_str);
                ids.any(|id| id.eq_ignore_ascii_case(gateway))
            })
            .map(|deployment| deployment.name.as_str())
            .collect()
    }
}

async fn list<K: Managed>(kind: Kind, api: Api<K>) -> Result<Vec<Existing>, Error> {
    let existing = api.list().await?.into_iter().map(|resource| {
        let spec = match serde_json::to_value(resource.raw()) {
            Ok(Value::Object(mut raw)) => match raw.remove("spec") {
                Some(Value::Object(spec)) => spec,
                _ => Map::new(),
            },
            _ => Map::new(),
        };
        let set_by_service = ["id", "organizationId"];
        Existing {
            kind,
            id: resource.id().to_string(),
            name: resource.name().to_owned(),
            status: resource.status().to_string(),
            spec: spec
                .into_iter()
                .filter(|(name, _)| !set_by_service.contains(&name.as_str()))
                .collect(),
        }
    });
    Ok(existing.collect())
}
