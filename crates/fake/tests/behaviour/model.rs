//! The fake against a model of a page: whatever is asked in whatever order, they agree.
//!
//! The model knows nothing of clocks or JSON: only which ids and names are taken, what uses what,
//! and how many steps of time each thing still needs.

use std::collections::BTreeMap;
use std::time::Duration;

use coreweave_inference_fake::{Clock, Durations, FakeServer};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{Answer, Api, but, gateway, hot_deployment, hot_load, start, uuid};

/// What a caller may do; numbers are drawn from a few, so that callers get in each other's way.
#[derive(Clone, Debug)]
enum Act {
    CreateGateway { id: u32, name: u32 },
    DeleteGateway { id: u32 },
    CreateDeployment { id: u32, name: u32, gateway: u32 },
    UpdateDeployment { id: u32, name: u32, max: u32 },
    DeleteDeployment { id: u32 },
    CreateHotLoad { id: u32, deployment: u32 },
    Look,
    Tick,
}

fn act() -> impl Strategy<Value = Act> {
    let few = || 1..4_u32;
    prop_oneof![
        2 => (few(), few()).prop_map(|(id, name)| Act::CreateGateway { id, name }),
        1 => few().prop_map(|id| Act::DeleteGateway { id }),
        3 => (few(), few(), few()).prop_map(|(id, name, gateway)| Act::CreateDeployment { id, name, gateway }),
        2 => (few(), few(), 3..9_u32).prop_map(|(id, name, max)| Act::UpdateDeployment { id, name, max }),
        1 => few().prop_map(|id| Act::DeleteDeployment { id }),
        3 => (few(), few()).prop_map(|(id, deployment)| Act::CreateHotLoad { id, deployment }),
        1 => Just(Act::Look),
        4 => Just(Act::Tick),
    ]
}

/// What every sequence begins with, so that most of them come to hot-loads and what these block.
fn ready_deployment() -> [Act; 3] {
    let (id, name, gateway) = (1, 1, 1);
    [
        Act::CreateGateway { id, name },
        Act::CreateDeployment { id, name, gateway },
        Act::Tick,
    ]
}

/// Where something stands: each but the first two ends with the next tick.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Ready,
    Failed,
    Creating,
    Updating,
    Deleting,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Ready => "STATUS_READY",
            Stage::Failed => "STATUS_FAILED",
            Stage::Creating => "STATUS_CREATING",
            Stage::Updating => "STATUS_UPDATING",
            Stage::Deleting => "STATUS_DELETING",
        }
    }
}

struct Deployment {
    name: u32,
    gateway: u32,
    max: u32,
    stage: Stage,
}

#[derive(Default)]
struct Model {
    gateways: BTreeMap<u32, (u32, Stage)>,
    deployments: BTreeMap<u32, Deployment>,
    /// The deployment and the stage of each hot-load.
    hot_loads: BTreeMap<u32, (u32, Stage)>,
}

const OK: (u16, i32) = (200, 0);
const NOT_FOUND: (u16, i32) = (404, 5);
const ALREADY_EXISTS: (u16, i32) = (409, 6);
const PRECONDITION: (u16, i32) = (400, 9);

impl Model {
    /// What the API is to answer, after what it is to change.
    fn act(&mut self, act: &Act) -> (u16, i32) {
        match *act {
            Act::CreateGateway { id, name } => {
                if self.gateways.contains_key(&id)
                    || self.gateways.values().any(|(taken, _)| *taken == name)
                {
                    return ALREADY_EXISTS;
                }
                self.gateways.insert(id, (name, Stage::Creating));
                OK
            }
            Act::DeleteGateway { id } => {
                let used = self
                    .deployments
                    .values()
                    .any(|deployment| deployment.gateway == id);
                match self.gateways.get_mut(&id) {
                    None => NOT_FOUND,
                    Some(_) if used => PRECONDITION,
                    Some((_, stage)) => {
                        *stage = Stage::Deleting;
                        OK
                    }
                }
            }
            Act::CreateDeployment { id, name, gateway } => {
                let named = self
                    .deployments
                    .values()
                    .any(|deployment| deployment.name == name);
                if self.deployments.contains_key(&id) || named {
                    return ALREADY_EXISTS;
                }
                match self.gateways.get(&gateway) {
                    None => NOT_FOUND,
                    Some((_, Stage::Deleting)) => PRECONDITION,
                    Some(_) => {
                        let stage = Stage::Creating;
                        self.deployments.insert(
                            id,
                            Deployment {
                                name,
                                gateway,
                                max: 4,
                                stage,
                            },
                        );
                        OK
                    }
                }
            }
            Act::UpdateDeployment { id, name, max } => {
                let named = self
                    .deployments
                    .iter()
                    .any(|(other, deployment)| *other != id && deployment.name == name);
                let blocked = self.is_loading(id);
                match self.deployments.get_mut(&id) {
                    None => NOT_FOUND,
                    Some(_) if named => ALREADY_EXISTS,
                    Some(deployment) if deployment.stage == Stage::Deleting || blocked => {
                        PRECONDITION
                    }
                    Some(deployment) => {
                        *deployment = Deployment {
                            name,
                            max,
                            stage: Stage::Updating,
                            ..*deployment
                        };
                        OK
                    }
                }
            }
            Act::DeleteDeployment { id } => {
                let Some(deployment) = self.deployments.get_mut(&id) else {
                    return NOT_FOUND;
                };
                deployment.stage = Stage::Deleting;
                for (_, stage) in self
                    .hot_loads
                    .values_mut()
                    .filter(|(parent, stage)| *parent == id && *stage == Stage::Creating)
                {
                    *stage = Stage::Failed;
                }
                OK
            }
            Act::CreateHotLoad { id, deployment } => {
                let Some(Deployment { stage, .. }) = self.deployments.get(&deployment) else {
                    return NOT_FOUND;
                };
                if self.hot_loads.contains_key(&id) {
                    return ALREADY_EXISTS;
                }
                if *stage != Stage::Ready || self.is_loading(deployment) {
                    return PRECONDITION;
                }
                self.hot_loads.insert(id, (deployment, Stage::Creating));
                OK
            }
            Act::Look => OK,
            Act::Tick => {
                self.tick();
                OK
            }
        }
    }

    fn is_loading(&self, deployment: u32) -> bool {
        self.hot_loads
            .values()
            .any(|(parent, stage)| *parent == deployment && *stage == Stage::Creating)
    }

    fn tick(&mut self) {
        let settle = |stage: &mut Stage| {
            let keep = *stage != Stage::Deleting;
            if keep && *stage != Stage::Failed {
                *stage = Stage::Ready;
            }
            keep
        };
        self.gateways.retain(|_, (_, stage)| settle(stage));
        self.deployments
            .retain(|_, deployment| settle(&mut deployment.stage));
        let deployments = &self.deployments;
        self.hot_loads
            .retain(|_, (parent, stage)| settle(stage) && deployments.contains_key(parent));
    }
}

/// Everything takes one tick of a second.
fn durations() -> Durations {
    let tick = Duration::from_secs(1);
    Durations {
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

async fn perform(api: &Api, act: &Act) -> Option<Answer> {
    let answer = match *act {
        Act::CreateGateway { id, name } => {
            let body = but(gateway(&named(name)), "/id", json!(uuid(id)));
            api.post("/gateways", &body).await
        }
        Act::DeleteGateway { id } => api.delete(&format!("/gateways/{}", uuid(id))).await,
        Act::CreateDeployment { id, name, gateway } => {
            let body = but(
                hot_deployment(&named(name), &uuid(gateway)),
                "/id",
                json!(uuid(id)),
            );
            api.post("/deployments", &body).await
        }
        Act::UpdateDeployment { id, name, max } => {
            let path = format!("/deployments/{}", uuid(id));
            // As a careful client does: read, change, send everything back.
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
        Act::DeleteDeployment { id } => api.delete(&format!("/deployments/{}", uuid(id))).await,
        Act::CreateHotLoad { id, deployment } => {
            let body = hot_load(&uuid(deployment), "v1");
            api.post("/hotLoads", &but(body, "/hotLoadId", json!(uuid(id))))
                .await
        }
        Act::Look => return None,
        Act::Tick => {
            api.fake.clock().advance(Duration::from_secs(1));
            return None;
        }
    };
    Some(answer)
}

/// Everything that the API shows is what the model holds.
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
        .map(|(id, (name, stage))| json!([uuid(*id), named(*name), stage.name()]))
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
                stage,
            } = deployment;
            json!([uuid(*id), named(*name), uuid(*gateway), max, stage.name()])
        })
        .collect();
    assert_eq!(found, held);

    let hot_loads = listed("/hotLoads").await;
    let mut found: Vec<_> = hot_loads["hotLoads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let stage = match item["status"]["state"].as_str().unwrap() {
                "HOT_LOAD_STATE_COMPLETED" => Stage::Ready,
                "HOT_LOAD_STATE_FAILED" => Stage::Failed,
                _ => Stage::Creating,
            };
            json!([
                item["spec"]["id"],
                item["spec"]["deploymentId"],
                stage.name()
            ])
        })
        .collect();
    found.sort_by_key(|item| item.to_string());
    let held: Vec<_> = model
        .hot_loads
        .iter()
        .map(|(id, (parent, stage))| json!([uuid(*id), uuid(*parent), stage.name()]))
        .collect();
    assert_eq!(found, held);
}

async fn agree(acts: &[Act]) {
    let builder = FakeServer::builder()
        .clock(Clock::manual(start()))
        .durations(durations());
    let api = Api::with(builder).await;
    let mut model = Model::default();
    for act in acts {
        let expected = model.act(act);
        if let Some(answer) = perform(&api, act).await {
            let code = answer.body["code"].as_i64().unwrap_or(0);
            assert_eq!(
                (answer.status, code),
                (expected.0, i64::from(expected.1)),
                "{act:?}: {}",
                answer.body
            );
        }
        compare(&api, &model).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fake_and_the_model_agree(acts in prop::collection::vec(act(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(agree(&[&ready_deployment()[..], &acts].concat()));
    }
}
