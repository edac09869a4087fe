use std::fmt::Debug;

use chrono::{DateTime, Utc};
use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::types::{Condition, ResourceStatus};
use crate::{Call, Operation};

/// What all messages of the API can do.
pub trait Message:
    Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

impl<T> Message for T where
    T: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

/// A resource of the API: a message with a spec and a status that can be read, created and listed.
///
/// Generated code implements it for every such message, so that code can be generic over resources. Its functions build
/// calls, which a [`Client`](crate::Client) sends, and decode what they return.
///
/// ```no_run
/// use coreweave_inference_api::{Client, Error, Resource, types::Gateway};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// async fn names<R: Resource>(client: &Client) -> Result<Vec<String>, Box<dyn std::error::Error>> {
///     let response = client.execute(&R::list(&R::Params::default())).await?;
///     let resources = R::from_list(response.body())?.items;
///     let names = resources.iter().filter_map(|resource| resource.metadata().name);
///     Ok(names.map(str::to_owned).collect())
/// }
///
/// println!("{:?}", names::<Gateway>(&client).await?);
/// # Ok(())
/// # }
/// ```
pub trait Resource: Message {
    /// The body of a create request.
    type Create: Message;
    /// The query parameters of a list.
    type Params: Clone + Debug + Default + PartialEq + Send + Sync + 'static;

    /// The member of a response that holds the resource: `capacityClaim`.
    const MEMBER: &'static str;
    /// The operation that reads one.
    const GET: &'static Operation;
    /// The operation that creates one.
    const CREATE: &'static Operation;
    /// The operation that lists them.
    const LIST: &'static Operation;

    /// Returns what all resources have in common.
    fn metadata(&self) -> Metadata<'_>;

    /// Returns the call that reads the resource `id`.
    fn get(id: &str) -> Call;

    /// Returns the call that creates a resource.
    fn create(body: &Self::Create) -> Call;

    /// Returns the call that lists resources, or one page of them.
    fn list(params: &Self::Params) -> Call;

    /// Returns the id that a create request chooses.
    fn create_id(body: &mut Self::Create) -> &mut Option<String>;

    /// Returns the name that a create request asks for; of a hot-load, the identity of its snapshot.
    fn create_name(body: &Self::Create) -> &str;

    /// Decodes the response of a call that returns one resource. `None` if its member is missing.
    ///
    /// # Errors
    /// Returns an error if the body does not decode.
    fn from_response(body: &[u8]) -> serde_json::Result<Option<Self>>;

    /// Decodes the response of a list.
    ///
    /// # Errors
    /// Returns an error if the body does not decode.
    fn from_list(body: &[u8]) -> serde_json::Result<Items<Self>>;
}

/// A resource that can be updated and deleted.
pub trait Managed: Resource {
    /// The body of an update request: the complete new spec.
    type Update: Message;

    /// The operation that replaces the spec of one.
    const UPDATE: &'static Operation;
    /// The operation that deletes one.
    const DELETE: &'static Operation;

    /// Returns the update that changes nothing.
    ///
    /// It has every member of the spec that an update can have, those that this version does not know included. What only
    /// the service sets is left out.
    fn to_update(&self) -> Self::Update;

    /// Returns the id in an update request.
    fn update_id(update: &mut Self::Update) -> &mut String;

    /// Limits a list to resources that changed after `time`.
    fn set_updated_after(params: &mut Self::Params, time: Option<DateTime<Utc>>);

    /// Returns the call that updates the resource `id`.
    fn update(id: &str, body: &Self::Update) -> Call;

    /// Returns the call that deletes the resource `id`.
    fn delete(id: &str) -> Call;
}

/// What all resources have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metadata<'a> {
    /// The id.
    pub id: Option<&'a str>,
    /// The name; of a hot-load, the identity of its snapshot.
    pub name: Option<&'a str>,
    /// The status; a hot-load has none.
    pub status: Option<&'a ResourceStatus>,
    /// Where the resource is in its lifecycle, as the API names it.
    pub state: &'a str,
    /// When the resource was created.
    pub created_at: Option<DateTime<Utc>>,
    /// When the resource last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The conditions that explain the state.
    pub conditions: &'a [Condition],
}

/// What a list returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Items<T> {
    /// The resources.
    pub items: Vec<T>,
    /// The token of the next page.
    pub next_page_token: Option<String>,
    /// The first member of the response that this version does not know.
    pub unknown_member: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::{CapacityClaim, Deployment, Gateway, HotLoad};

    fn decode<R: Resource>(json: serde_json::Value) -> R {
        serde_json::from_value(json).unwrap()
    }

    fn updated<R: Managed>(spec: serde_json::Value) -> serde_json::Value {
        let resource: R = decode(json!({"spec": spec}));
        serde_json::to_value(resource.to_update()).unwrap()
    }

    #[test]
    fn an_update_that_changes_nothing_has_every_member_of_the_spec() {
        let gateway = json!({
            "id": "g", "name": "chat", "zones": ["A"], "coreWeaveAuth": {"new": 1}, "pathBasedRouting": {},
            "endpointConfiguration": {"additionalDns": ["d"], "new": {"deep": null}}, "new": [1],
        });
        assert_eq!(updated::<Gateway>(gateway.clone()), gateway);
        let deployment = json!({
            "id": "d", "name": "llama", "gatewayIds": ["g"], "disabled": true, "hotLoad": {"bucket": "b", "new": 1},
            "runtime": {"engine": "vllm", "engineEnv": {"HF_TOKEN": "t"}},
            "resources": {"instanceType": "gb200-4x", "gpuCount": 4},
            "model": {"name": "llama", "bucket": "b", "path": "p", "new": 2},
            "autoscaling": {"min": 1, "max": 2, "capacityClasses": ["CAPACITY_CLASS_NEW"]},
            "traffic": {"weight": 7}, "new": "member",
        });
        assert_eq!(updated::<Deployment>(deployment.clone()), deployment);
    }

    #[test]
    fn an_update_has_no_member_that_only_the_service_sets() {
        let resources = json!({"instanceId": "gb200-4x", "instanceCount": 2, "capacityType": "CAPACITY_TYPE_MANAGED",
            "zones": ["A"]});
        let spec = json!({"id": "c", "name": "claim", "organizationId": "o", "resources": resources, "new": 1});
        assert_eq!(
            updated::<CapacityClaim>(spec),
            json!({"id": "c", "resources": resources, "new": 1})
        );
    }

    #[test]
    fn metadata_comes_from_the_spec_and_the_status() {
        let load: HotLoad = decode(json!({
            "spec": {"id": "h", "identity": "step-1"},
            "status": {"state": "HOT_LOAD_STATE_FAILED", "createdAt": "2026-02-03T04:05:06Z", "conditions": [{"type": "Completed"}]},
        }));
        let metadata = load.metadata();
        assert_eq!((metadata.id, metadata.name), (Some("h"), Some("step-1")));
        assert_eq!(metadata.state, "HOT_LOAD_STATE_FAILED");
        assert_eq!(metadata.created_at.unwrap().timestamp(), 1_770_091_506);
        assert_eq!(metadata.updated_at, None);
        assert_eq!(metadata.conditions[0].type_.as_deref(), Some("Completed"));
        let empty = Gateway::default();
        assert_eq!(empty.metadata().state, "STATUS_UNSPECIFIED");
    }

    #[test]
    fn responses_decode_to_resources() {
        let found = Gateway::from_response(br#"{"gateway": {"spec": {"id": "g"}}}"#).unwrap();
        assert_eq!(found.unwrap().metadata().id, Some("g"));
        assert_eq!(Gateway::from_response(b"{}").unwrap(), None);
        let page =
            HotLoad::from_list(br#"{"hotLoads": [{}], "nextPageToken": "t", "new": 1}"#).unwrap();
        assert_eq!(page.items.len(), 1);
        assert_eq!(page.next_page_token.as_deref(), Some("t"));
        assert_eq!(page.unknown_member.as_deref(), Some("new"));
    }
}
