//! A property test of the fake against a small model, over random sequences of requests.
//!
//! The model has no clock and no JSON. It tracks which ids and names are taken, which resources
//! use which, and what the next tick changes.

use std::collections::BTreeMap;
use std::time::Duration;

use coreweave_inference_fake::{Clock, Durations, FakeServer};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{Api, Response, but, gateway, hot_deployment, hot_load, start, uuid};

/// One step of a sequence. Ids and names come from a small range, so that they collide.
#[derive(Clone, Debug)]
enum Action {
    CreateGateway { id: u32, name: u32 },
    DeleteGateway { id: u32 },
    CreateDeployment { id: u32, name: u32, gateway: u32 },
    UpdateDeployment { id: u32, name: u32, max: u32 },
    DeleteDeployment { id: u32 },
    CreateHotLoad { id: u32, deployment: u32 },
    List,
    Tick,
}

fn action() -> impl Strategy<Value = Action> {
    let few = || 1..4_u32;
    prop_oneof![
        2 => (few(), few()).prop_map(|(id, name)| Action::CreateGateway { id, name }),
        1 => few().prop_map(|id| Action::DeleteGateway { id }),
        3 => (few(), few(), few()).prop_map(|(id, name, gateway)| Action::CreateDeployment { id, name, gateway }),
        2 => (few(), few(), 3..9_u32).prop_map(|(id, name, max)| Action::UpdateDeployment { id, name, max }),
        1 => few().prop_map(|id| Action::DeleteDeployment { id }),
        3 => (few(), few()).prop_map(|(id, deployment)| Action::CreateHotLoad { id, deployment }),
        1 => Just(Action::List),
        4 => Just(Action::Tick),
    ]
}

/// The first steps of every sequence, so that most sequences reach hot-loads.
fn ready_deployment() -> [Action; 3] {
    let (id, name, gateway) = (1, 1, 1);
    [
        Action::CreateGateway { id, name },
        Action::CreateDeployment { id, name, gateway },
        Action::Tick,
    ]
}

/// The status of a resource: all but the first two change with the next tick.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Status {
    Ready,
    Failed,
    Creating,
    Updating,
    Deleting,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::Ready => "STATUS_READY",
            Status::Failed => "STATUS_FAILED",
            Status::Creating => "STATUS_CREATING",
            Status::Updating => "STATUS_UPDATING",
            Status::Deleting => "STATUS_DELETING",
        }
    }
}

struct Deployment {
    name: u32,
    gateway: u32,
    max: u32,
    status: Status,
}

#[derive(Default)]
struct Model {
    gateways: BTreeMap<u32, (u32, Status)>,
    deployments: BTreeMap<u32, Deployment>,
    /// The deployment and status of each hot-load.
    hot_loads: BTreeMap<u32, (u32, Status)>,
}

const OK: (u16, i32) = (200, 0);
const NOT_FOUND: (u16, i32) = (404, 5);
const ALREADY_EXISTS: (u16, i32) = (409, 6);
const PRECONDITION: (u16, i32) = (400, 9);

impl Model {
    /// Applies a step, and returns the expected HTTP status and code.
    fn apply(&mut self, action: &Action) -> (u16, i32) {
        match *action {
            Action::CreateGateway { id, name } => {
                if self.gateways.contains_key(&id)
                    || self.gateways.values().any(|(taken, _)| *taken == name)
                {
                    return ALREADY_EXISTS;
                }
                self.gateways.insert(id, (name, Status::Creating));
                OK
            }
            Action::DeleteGateway { id } => {
                let used = self
                    .deployments
                    .values()
                    .any(|deployment| deployment.gateway == id);
                match self.gateways.get_mut(&id) {
                    None => NOT_FOUND,
                    Some(_) if used => PRECONDITION,
                    Some((_, status)) => {
                        *status = Status::Deleting;
                        OK
                    }
                }
            }
            Action::CreateDeployment { id, name, gateway } => {
                let named = self
                    .deployments
                    .values()
                    .any(|deployment| deployment.name == name);
                if self.deployments.contains_key(&id) || named {
                    return ALREADY_EXISTS;
                }
                match self.gateways.get(&gateway) {
                    None => NOT_FOUND,
                    Some((_, Status::Deleting)) => PRECONDITION,
                    Some(_) => {
                        let status = Status::Creating;
                        self.deployments.insert(
                            id,
                            Deployment {
                                name,
                                gateway,
                                max: 4,
                                status,
                            },
                        );
                        OK
                    }
                }
            }
            Action::UpdateDeployment { id, name, max } => {
                let named = self
                    .deployments
                    .iter()
                    .any(|(other, deployment)| *other != id && deployment.name == name);
                let blocked = self.is_loading(id);
                match self.deployments.get_mut(&id) {
                    None => NOT_FOUND,
                    Some(_) if named => ALREADY_EXISTS,
                    Some(deployment) if deployment.status == Status::Deleting || blocked => {
                        PRECONDITION
                    }
                    Some(deployment) => {
                        // A change of the scale alone rolls nothing out.
                        let status = match deployment.status {
                            Status::Ready if name != deployment.name => Status::Updating,
                            status => status,
                        };
                        *deployment = Deployment {
                            name,
                            max,
                            status,
                            ..*deployment
                        };
                        OK
                    }
                }
            }
            Action::DeleteDeployment { id } => {
                let Some(deployment) = self.deployments.get_mut(&id) else {
                    return NOT_FOUND;
                };
                deployment.status = Status::Deleting;
                for (_, status) in self
                    .hot_loads
                    .values_mut()
                    .filter(|(parent, status)| *parent == id && *status == Status::Creating)
                {
                    *status = Status::Failed;
                }
                OK
            }
            Action::CreateHotLoad { id, deployment } => {
                let Some(Deployment { status, .. }) = self.deployments.get(&deployment) else {
                    return NOT_FOUND;
                };
                if self.hot_loads.contains_key(&id) {
                    return ALREADY_EXISTS;
                }
                if *status != Status::Ready || self.is_loading(deployment) {
                    return PRECONDITION;
                }
                self.hot_loads.insert(id, (deployment, Status::Creating));
                OK
            }
            Action::List => OK,
            Action::Tick => {
                self.tick();
                OK
            }
        }
    }

    fn is_loading(&self, deployment: u32) -> bool {
        self.hot_loads
            .values()
            .any(|(parent, status)| *parent == deployment && *status == Status::Creating)
    }

    fn tick(&mut self) {
        let settle = |status: &mut Status| {
            let keep = *status != Status::Deleting;
            if keep && *status != Status::Failed {
                *status = Status::Ready;
            }
            keep
        };
        self.gateways.retain(|_, (_, status)| settle(status));
        self.deployments
            .retain(|_, deployment| settle(&mut deployment.status));
        let deployments = &self.deployments;
        self.hot_loads
            .retain(|_, (parent, status)| settle(status) && deployments.contains_key(parent));
    }
}

/// Every change takes one tick, which is a second.
fn durations() -> Durations {
    let tick = Duration::from_secs(1);
    Durations {
        update_poll: Duration::ZERO,
        gateway_create: tick,
        gateway_delete: tick,
        deployment_create: tick,
        deployment_update: tick,
        deployment_delete: tick,
        hot_load_start: Duration::ZERO,
        hot_load_replica: tick / 4,
        ..Durations::default()
    }
}

fn named(name: u32) -> String {
    format!("name-{name}")
}

async fn perform(api: &Api, action: &Action) -> Option<Response> {
    let response = match *action {
        Action::CreateGateway { id, name } => {
            let body = but(gateway(&named(name)), "/id", json!(uuid(id)));
            api.post("/gateways", &body).await
        }
        Action::DeleteGateway { id } => api.delete(&format!("/gateways/{}", uuid(id))).await,
        Action::CreateDeployment { id, name, gateway } => {
            let body = but(
                hot_deployment(&named(name), &uuid(gateway)),
                "/id",
                json!(uuid(id)),
            );
            api.post("/deployments", &body).await
        }
        Action::UpdateDeployment { id, name, max } => {
            let path = format!("/deployments/{}", uuid(id));
            // Reads, changes, and sends the full spec.
            let found = api.get(&path).await;
            if found.status != 200 {
                return Some(found);
            }
            let mut body = found.ok()["spec"].clone();
            body.as_object_mut().unwrap().remove("organizationId");
            body.as_object_mut().unwrap().remove("hotLoad");
            body["name"] = json!(named(name));
            body["autoscaling"]["max"] = json!(max);
            api.patch(&path, &body).await
        }
        Action::DeleteDeployment { id } => api.delete(&format!("/deployments/{}", uuid(id))).await,
        Action::CreateHotLoad { id, deployment } => {
            let body = hot_load(&uuid(deployment), &format!("v{deployment}"));
            api.post("/hotLoads", &but(body, "/hotLoadId", json!(uuid(id))))
                .await
        }
        Action::List => return None,
        Action::Tick => {
            api.fake.clock().advance(Duration::from_secs(1));
            return None;
        }
    };
    Some(response)
}

/// Asserts that the lists show what the model holds.
async fn compare(api: &Api, model: &Model) {
    let listed = async |path: &str| api.get(path).await.body;
    let gateways = listed("/gateways").await;
    let mut found: Vec<_> = gateways["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            json!([
                item["spec"]["id"],
                item["spec"]["name"],
                item["status"]["status"]
            ])
        })
        .collect();
    found.sort_by_key(|item| item.to_string());
    let held: Vec<_> = model
        .gateways
        .iter()
        .map(|(id, (name, status))| json!([uuid(*id), named(*name), status.name()]))
        .collect();
    assert_eq!(found, held);

    let deployments = listed("/deployments").await;
    let mut found: Vec<_> = deployments["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            json!([
                item["spec"]["id"],
                item["spec"]["name"],
                item["spec"]["gatewayIds"][0],
                item["spec"]["autoscaling"]["max"],
                item["status"]["status"],
            ])
        })
        .collect();
    found.sort_by_key(|item| item.to_string());
    let held: Vec<_> = model
        .deployments
        .iter()
        .map(|(id, deployment)| {
            let Deployment {
                name,
                gateway,
                max,
                status,
            } = deployment;
            json!([uuid(*id), named(*name), uuid(*gateway), max, status.name()])
        })
        .collect();
    assert_eq!(found, held);

    let hot_loads = listed("/hotLoads").await;
    let mut found: Vec<_> = hot_loads["hotLoads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let status = match item["status"]["state"].as_str().unwrap() {
                "HOT_LOAD_STATE_COMPLETED" => Status::Ready,
                "HOT_LOAD_STATE_FAILED" => Status::Failed,
                _ => Status::Creating,
            };
            json!([
                item["spec"]["id"],
                item["spec"]["deploymentId"],
                status.name()
            ])
        })
        .collect();
    found.sort_by_key(|item| item.to_string());
    let held: Vec<_> = model
        .hot_loads
        .iter()
        .map(|(id, (parent, status))| json!([uuid(*id), uuid(*parent), status.name()]))
        .collect();
    assert_eq!(found, held);
}

async fn agree(actions: &[Action]) {
    let builder = FakeServer::builder()
        .clock(Clock::manual(start()))
        .durations(durations());
    let api = Api::with(builder).await;
    let mut model = Model::default();
    for action in actions {
        let expected = model.apply(action);
        if let Some(response) = perform(&api, action).await {
            let code = response.body["code"].as_i64().unwrap_or(0);
            assert_eq!(
                (response.status, code),
                (expected.0, i64::from(expected.1)),
                "{action:?}: {}",
                response.body
            );
        }
        compare(&api, &model).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fake_matches_the_model(actions in prop::collection::vec(action(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(agree(&[&ready_deployment()[..], &actions].concat()));
    }
}
