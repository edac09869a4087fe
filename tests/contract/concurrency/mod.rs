//! Concurrent calls of two clients: the results of both and the state of the server must be one of the outcomes that the
//! model allows. All requests and responses are checked against openapi.yaml.

mod model;

use std::time::Duration;

use chrono::{DateTime, Utc};
use coreweave_inference::types::{HotLoadState, ResourceStatus};
use coreweave_inference::{
    Client, DeploymentSpec, Error, GatewayAuth, GatewaySpec, Model as ModelFiles, NewDeployment,
    NewGateway, NewHotLoad, Resources, Routing, reason,
};
use coreweave_inference_fake::{Clock, Durations, FakeServer};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use self::model::{
    Call, Deployment, End, Gateway, HotLoad, LoadState, Model, Outcome, Precondition, Status,
    WEIGHT,
};
use crate::common::conformance::assert_conforms;

#[derive(Clone, Copy, Debug)]
enum Step {
    Race(Call, Call),
    Tick,
    Settle,
}

fn calls() -> impl Strategy<Value = Call> {
    let few = || 0..2_usize;
    prop_oneof![
        3 => (few(), few(), 0..2_u32).prop_map(|(id, name, header)| Call::CreateGateway { id, name, header }),
        1 => few().prop_map(|id| Call::GetGateway { id }),
        1 => Just(Call::ListGateways),
        2 => (few(), 0..4_u32).prop_map(|(id, header)| Call::UpdateGateway { id, header }),
        2 => few().prop_map(|id| Call::DeleteGateway { id }),
        4 => (few(), few(), few(), 1..3_u32)
            .prop_map(|(id, name, gateway, max)| Call::CreateDeployment { id, name, gateway, max }),
        1 => few().prop_map(|id| Call::GetDeployment { id }),
        1 => few().prop_map(|gateway| Call::ListDeployments { gateway }),
        3 => (few(), 1..5_u32).prop_map(|(id, max)| Call::UpdateDeployment { id, max }),
        2 => (few(), 1..4_u32).prop_map(|(id, weight)| Call::WeighDeployment { id, weight }),
        2 => few().prop_map(|id| Call::DeleteDeployment { id }),
        5 => (0..3_usize, few(), few())
            .prop_map(|(id, deployment, identity)| Call::CreateHotLoad { id, deployment, identity }),
        1 => (0..3_usize).prop_map(|id| Call::GetHotLoad { id }),
        1 => few().prop_map(|deployment| Call::ListHotLoads { deployment }),
    ]
}

/// Returns pairs of calls that conflict.
fn rivals() -> impl Strategy<Value = (Call, Call)> {
    let few = || 0..2_usize;
    let load = |id, deployment| Call::CreateHotLoad {
        id,
        deployment,
        identity: 0,
    };
    let deploy = |id, name, gateway| Call::CreateDeployment {
        id,
        name,
        gateway,
        max: 1,
    };
    prop_oneof![
        few().prop_map(|name| {
            let create = |id| Call::CreateGateway {
                id,
                name,
                header: 0,
            };
            (create(0), create(1))
        }),
        few().prop_map(move |name| (deploy(0, name, 0), deploy(1, name, 1))),
        (few(), few()).prop_map(move |(id, gateway)| (
            deploy(id, id, gateway),
            Call::DeleteGateway { id: gateway }
        )),
        few().prop_map(move |deployment| (load(0, deployment), load(1, deployment))),
        few().prop_map(move |id| (load(2, id), Call::DeleteDeployment { id })),
        (few(), 1..5_u32)
            .prop_map(move |(id, max)| (load(2, id), Call::UpdateDeployment { id, max })),
        (few(), 1..5_u32, 1..4_u32).prop_map(|(id, max, weight)| {
            (
                Call::UpdateDeployment { id, max },
                Call::WeighDeployment { id, weight },
            )
        }),
        (few(), 0..4_u32).prop_map(|(id, header)| (
            Call::UpdateGateway { id, header },
            Call::DeleteGateway { id }
        )),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (calls(), calls()).prop_map(|(one, other)| Step::Race(one, other)),
        3 => rivals().prop_map(|(one, other)| Step::Race(one, other)),
        1 => Just(Step::Tick),
        2 => Just(Step::Settle),
    ];
    let furnished =
        any::<bool>().prop_map(|furnished| if furnished { furniture() } else { Vec::new() });
    (furnished, proptest::collection::vec(step, 1..32))
        .prop_map(|(before, steps)| [before, steps].concat())
}

/// Returns the steps that make deployments ready, which half of all cases start with.
fn furniture() -> Vec<Step> {
    let gateway = |id| Call::CreateGateway {
        id,
        name: id,
        header: 0,
    };
    let deployment = |id| Call::CreateDeployment {
        id,
        name: id,
        gateway: id,
        max: 1,
    };
    vec![
        Step::Race(gateway(0), gateway(1)),
        Step::Race(deployment(0), deployment(1)),
        Step::Settle,
    ]
}

/// Durations with which only the start of a hot-load is done after one tick.
fn durations() -> Durations {
    let hour = Duration::from_secs(3600);
    Durations {
        update_poll: hour,
        gateway_create: hour,
        gateway_update: hour,
        gateway_delete: hour,
        deployment_create: hour,
        deployment_update: hour,
        deployment_delete: hour,
        hot_load_start: TICK,
        hot_load_replica: hour,
        ..Durations::default()
    }
}

const TICK: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(24 * 3600);

/// Returns the id for a kind and slot.
fn id(kind: char, slot: usize) -> String {
    format!("{kind}0000000-0000-4000-8000-{slot:012}")
}

fn slot(id: &str) -> usize {
    id.rsplit(['-', ' ']).next().unwrap().parse().unwrap()
}

fn name(slot: usize) -> String {
    format!("name-{slot}")
}

async fn send(client: Client, call: Call) -> Outcome {
    let result = match call {
        Call::CreateGateway {
            id: slot,
            name: named,
            header,
        } => {
            let auth = GatewayAuth::CoreWeave;
            let new = NewGateway::new(name(named), ZONE, auth, by_header(header)).id(id('a', slot));
            one_gateway(client.gateways().create(new).await)
        }
        Call::GetGateway { id: slot } => one_gateway(client.gateways().get(id('a', slot)).await),
        Call::ListGateways => client
            .gateways()
            .list()
            .await
            .map(|found| Outcome::Gateways(found.iter().map(gateway).collect())),
        Call::UpdateGateway { id: slot, header } => {
            let change = |spec: &mut GatewaySpec| spec.set_routing(by_header(header));
            one_gateway(client.gateways().update(id('a', slot), change).await)
        }
        Call::DeleteGateway { id: slot } => {
            one_gateway(client.gateways().delete(id('a', slot)).await)
        }
        Call::CreateDeployment {
            id: slot,
            name: named,
            gateway,
            max,
        } => {
            let gpus = Resources::new("gb200-4x", 4);
            let files = ModelFiles::new("race-model", "weights", "race/1");
            let new = NewDeployment::new(
                name(named),
                [id('a', gateway)],
                "dynamo-vllm",
                gpus,
                files,
                1..=max,
            )
            .weight(WEIGHT)
            .hot_load("deltas", "race/")
            .id(id('b', slot));
            one_deployment(client.deployments().create(new).await)
        }
        Call::GetDeployment { id: slot } => {
            one_deployment(client.deployments().get(id('b', slot)).await)
        }
        Call::ListDeployments { gateway } => client
            .deployments()
            .list()
            .gateway(id('a', gateway))
            .await
            .map(|found| Outcome::Deployments(found.iter().map(deployment).collect())),
        Call::UpdateDeployment { id: slot, max } => {
            let change = |spec: &mut DeploymentSpec| spec.autoscaling.max = max;
            one_deployment(client.deployments().update(id('b', slot), change).await)
        }
        Call::WeighDeployment { id: slot, weight } => {
            let change = |spec: &mut DeploymentSpec| spec.traffic.weight = Some(weight);
            one_deployment(client.deployments().update(id('b', slot), change).await)
        }
        Call::DeleteDeployment { id: slot } => {
            one_deployment(client.deployments().delete(id('b', slot)).await)
        }
        Call::CreateHotLoad {
            id: slot,
            deployment,
            identity,
        } => {
            let new = NewHotLoad::full(id('b', deployment), name(identity)).id(id('c', slot));
            one_hot_load(client.hot_loads().create(new).await)
        }
        Call::GetHotLoad { id: slot } => one_hot_load(client.hot_loads().get(id('c', slot)).await),
        Call::ListHotLoads { deployment } => client
            .hot_loads()
            .list()
            .deployment(id('b', deployment))
            .page_size(1)
            .await
            .map(|found| Outcome::HotLoads(found.iter().map(hot_load).collect())),
    };
    result.unwrap_or_else(|error| refusal(&error))
}

/// Routing by a numbered header, which updates of a gateway change.
fn by_header(number: u32) -> Routing {
    Routing::Header(format!("x-{number}"))
}

const ZONE: &str = "US-EAST-04A";

fn refusal(error: &Error) -> Outcome {
    if error.is_not_found() {
        Outcome::NotFound
    } else if error.is_already_exists() {
        Outcome::AlreadyExists(error.reason())
    } else if error.is(reason::HOT_LOAD_IN_PROGRESS) {
        Outcome::Precondition(Precondition::HotLoadInProgress)
    } else if error.is(reason::GATEWAY_IN_USE) {
        Outcome::Precondition(Precondition::GatewayInUse)
    } else if error.is_failed_precondition() {
        Outcome::Precondition(Precondition::Other)
    } else {
        panic!("{error:?}")
    }
}

fn one_gateway(result: Result<coreweave_inference::Gateway, Error>) -> Result<Outcome, Error> {
    result.map(|found| Outcome::Gateways(vec![gateway(&found)]))
}

fn one_deployment(
    result: Result<coreweave_inference::Deployment, Error>,
) -> Result<Outcome, Error> {
    result.map(|found| Outcome::Deployments(vec![deployment(&found)]))
}

fn one_hot_load(result: Result<coreweave_inference::HotLoad, Error>) -> Result<Outcome, Error> {
    result.map(|found| Outcome::HotLoads(vec![hot_load(&found)]))
}

fn gateway(found: &coreweave_inference::Gateway) -> Gateway {
    let spec = found.to_spec();
    let Routing::Header(header) = spec.routing() else {
        panic!("{:?}", spec.routing());
    };
    let header = header.strip_prefix("x-").unwrap().parse().unwrap();
    Gateway {
        id: slot(found.id().as_str()),
        name: slot(found.name()),
        header,
        status: status(found.status()),
    }
}

fn deployment(found: &coreweave_inference::Deployment) -> Deployment {
    let spec = found.to_spec();
    Deployment {
        id: slot(found.id().as_str()),
        name: slot(found.name()),
        gateway: slot(&spec.gateway_ids[0]),
        max: *found.replicas().end(),
        weight: found.weight(),
        status: status(found.status()),
    }
}

fn hot_load(found: &coreweave_inference::HotLoad) -> HotLoad {
    let state = match found.state() {
        HotLoadState::Pending => LoadState::Pending,
        HotLoadState::InProgress => LoadState::InProgress,
        HotLoadState::Completed => LoadState::Completed,
        HotLoadState::Failed => LoadState::Failed,
        other => panic!("{other}"),
    };
    HotLoad {
        id: slot(found.id().as_str()),
        deployment: slot(found.deployment_id().unwrap().as_str()),
        identity: slot(found.identity()),
        state,
    }
}

fn status(status: &ResourceStatus) -> Status {
    match status {
        ResourceStatus::Creating => Status::Creating,
        ResourceStatus::Ready => Status::Ready,
        ResourceStatus::Deleting => Status::Deleting,
        other => panic!("{other}"),
    }
}

/// Reads the state of the fake directly, not through a client.
fn held(fake: &FakeServer) -> Model {
    fn all<T>(state: &Value, kind: &str, read: impl Fn(Value) -> T) -> Vec<T> {
        let records = state[kind].as_array().unwrap();
        records
            .iter()
            .map(|record| read(record["resource"].clone()))
            .collect()
    }
    let state = fake.state();
    Model {
        gateways: all(&state, "gateways", |raw| {
            gateway(&serde_json::from_value(raw).unwrap())
        }),
        deployments: all(&state, "deployments", |raw| {
            deployment(&serde_json::from_value(raw).unwrap())
        }),
        hot_loads: all(&state, "hotLoads", |raw| {
            hot_load(&serde_json::from_value(raw).unwrap())
        }),
    }
}

async fn play(fake: &FakeServer, clients: &[Client; 2], steps: &[Step]) -> Result<(), String> {
    fake.load_state(json!({})).unwrap();
    fake.clear_requests();
    let mut model = Model::default();
    for step in steps {
        match *step {
            Step::Tick => {
                fake.clock().advance(TICK);
                model.tick();
            }
            Step::Settle => {
                fake.clock().advance(LONG);
                model.settle();
            }
            Step::Race(one, other) => {
                let [a, b] = clients;
                let (outcome, outcome_of_other) = tokio::join!(
                    tokio::spawn(send(a.clone(), one)),
                    tokio::spawn(send(b.clone(), other)),
                );
                let end = (held(fake), outcome.unwrap(), outcome_of_other.unwrap());
                let ends = model.race(one, other);
                if !ends.contains(&end) {
                    return Err(format!(
                        "{step:?} on {model:#?}\nended in {end:#?}\nand not in one of {ends:#?}"
                    ));
                }
                model = end.0;
            }
        }
        let held = held(fake);
        if held != model {
            return Err(format!(
                "after {step:?} the fake holds {held:#?}\nand the model {model:#?}"
            ));
        }
    }
    assert_conforms(fake);
    Ok(())
}

#[test]
fn concurrent_calls_have_an_outcome_that_the_model_allows() {
    let runtime = Runtime::new().unwrap();
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let builder = FakeServer::builder()
        .clock(Clock::manual(start))
        .durations(durations());
    let fake = runtime.block_on(builder.start()).unwrap();
    let client = || {
        Client::builder()
            .base_url(fake.url())
            .token(fake.token())
            .build()
            .unwrap()
    };
    let clients = [client(), client()];
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 64,
        max_shrink_iters: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let result = runner.run(&steps(), |steps| {
        let end = runtime.block_on(play(&fake, &clients, &steps));
        end.map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Tests the model itself: it must not allow everything.
#[test]
fn the_model_excludes_impossible_outcomes() {
    let mut model = Model::default();
    let create = |id, name| Call::CreateGateway {
        id,
        name,
        header: 0,
    };
    let created = |outcome: &Outcome| matches!(outcome, Outcome::Gateways(_));

    let ends = model.race(create(0, 0), create(1, 0));
    assert_eq!(ends.len(), 2, "{ends:#?}");
    for (after, one, other) in &ends {
        assert_eq!(after.gateways.len(), 1);
        assert!(
            created(one) != created(other),
            "one name, two gateways: {one:?}, {other:?}"
        );
        assert!([one, other].contains(&&Outcome::AlreadyExists(Some(reason::NAME_TAKEN))));
    }

    (model, ..) = ends[0].clone();
    model.settle();
    let update = |header| Call::UpdateGateway { id: 0, header };
    let ends = model.race(update(1), update(2));
    let left: Vec<_> = ends
        .iter()
        .map(|(after, ..)| after.gateways[0].header)
        .collect();
    assert!(
        left.iter().all(|header| [1, 2].contains(header)),
        "{left:?}"
    );

    let deployment = Call::CreateDeployment {
        id: 0,
        name: 0,
        gateway: 0,
        max: 1,
    };
    for (after, one, other) in model.race(deployment, Call::DeleteGateway { id: 0 }) {
        let orphaned = after.deployments.len() == 1 && after.gateways[0].status == Status::Deleting;
        assert!(!orphaned, "{one:?}, {other:?}");
    }

    (model, ..) = model.race(deployment, Call::ListGateways)[0].clone();
    model.settle();
    let grow = Call::UpdateDeployment { id: 0, max: 9 };
    let weigh = Call::WeighDeployment { id: 0, weight: 9 };
    let lost_an_update =
        |(after, ..): &End| (after.deployments[0].max, after.deployments[0].weight) != (9, 9);
    let ends = model.race(grow, weigh);
    assert!(
        ends.iter().any(lost_an_update),
        "an update without a field mask can undo another"
    );
    assert!(!ends.iter().all(lost_an_update));

    let load = |id| Call::CreateHotLoad {
        id,
        deployment: 0,
        identity: 0,
    };
    for (after, one, other) in model.race(load(0), load(1)) {
        assert_eq!(after.hot_loads.len(), 1, "{one:?}, {other:?}");
        let refused = Outcome::Precondition(Precondition::HotLoadInProgress);
        assert!(one == refused || other == refused, "{one:?}, {other:?}");
    }
}
