//! The fault table: every operation with every fault of the network and the service, over sockets. Each case checks the
//! result, the number of requests, and the effect on the server.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use chrono::{TimeDelta, TimeZone, Utc};
use coreweave_inference::error::Code;
use coreweave_inference::retry::RetryBudget;
use coreweave_inference::types::{HotLoadState, ResourceStatus};
use coreweave_inference::{
    Backoff, Client, Error, ErrorKind, GatewayAuth, Model, NewCapacityClaim, NewDeployment,
    NewGateway, NewHotLoad, Resources, Routing, reason,
};
use coreweave_inference_fake::{Clock, FakeServer, Fault, Operation};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use tokio::net::TcpSocket;

/// One HTTP client for all cases: setting up TLS for each would take longer than the rest.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(crate::common::http_client);

const ATTEMPTS: usize = 4;
const MAX_BODY: usize = 64 * 1024;
/// A delay that exceeds every timeout.
const TOO_LONG: Duration = Duration::from_secs(600);

/// Operations with the same retry behavior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Get,
    List,
    Parameters,
    Create,
    Update,
    Delete,
    Cancel,
}

fn class(operation: Operation) -> Class {
    let name = operation.name();
    match name.split_once('_').map_or(name, |(verb, _)| verb) {
        _ if name.ends_with("_parameters") => Class::Parameters,
        "get" => Class::Get,
        "list" => Class::List,
        "create" => Class::Create,
        "update" => Class::Update,
        "delete" => Class::Delete,
        "cancel" => Class::Cancel,
        other => panic!("what is {other}?"),
    }
}

/// The attempt timeout in cases that do not test it.
const LONG_TIMEOUT: Duration = Duration::from_secs(60);
/// The attempt timeout in cases that test it.
const SHORT_TIMEOUT: Duration = Duration::from_secs(2);

/// A fake with one ready resource of each kind, and a client with short delays between attempts.
struct Stage {
    fake: FakeServer,
    client: Client,
    ids: BTreeMap<&'static str, String>,
}

impl Stage {
    async fn new(timeout: Duration) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
        let fake = FakeServer::builder()
            .clock(Clock::manual(now))
            .cancel_supported(true)
            .start()
            .await
            .unwrap();
        let mut ids = BTreeMap::new();
        let gateway = |name: &str| {
            json!({
                "spec": {"name": name, "zones": ["US-EAST-04A"], "coreWeaveAuth": {}, "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}},
                "status": {"status": "STATUS_READY"},
            })
        };
        ids.insert("gateway", fake.seed_gateway(gateway("used")).unwrap());
        ids.insert("idle gateway", fake.seed_gateway(gateway("idle")).unwrap());
        let deployment = |name: &str| {
            json!({
                "spec": {
                    "name": name,
                    "gatewayIds": [ids["gateway"]],
                    "runtime": {"engine": "dynamo-vllm"},
                    "resources": {"instanceType": "gb200-4x", "gpuCount": 4},
                    "model": {"name": "llama", "bucket": "models", "path": "llama"},
                    "autoscaling": {"min": 1, "max": 2},
                    "traffic": {"weight": 1},
                    "hotLoad": {"bucket": "weights", "pathPrefix": "llama", "transitionMode": "TRANSITION_MODE_ASYNC"},
                },
                "status": {"status": "STATUS_READY"},
            })
        };
        let free = fake.seed_deployment(deployment("free")).unwrap();
        let busy = fake.seed_deployment(deployment("busy")).unwrap();
        let claim = json!({
            "spec": {"name": "claim", "resources": {
                "instanceId": "gb200-4x", "instanceCount": 1, "zones": ["US-EAST-04A"], "capacityType": "CAPACITY_TYPE_MANAGED",
            }},
            "status": {"status": "STATUS_READY"},
        });
        let claim = fake.seed_capacity_claim(claim).unwrap();
        let hot_load = json!({
            "spec": {"deploymentId": busy, "identity": "step-1", "type": "SNAPSHOT_TYPE_FULL"},
            "status": {"state": "HOT_LOAD_STATE_IN_PROGRESS"},
        });
        let hot_load = fake.seed_hot_load(hot_load).unwrap();
        ids.extend([
            ("deployment", free),
            ("claim", claim),
            ("hot-load", hot_load),
        ]);
        let client = client(fake.url(), fake.token(), timeout);
        Self { fake, client, ids }
    }

    fn id(&self, of: &str) -> &str {
        &self.ids[of]
    }

    /// Calls one operation through the wrapper.
    async fn call(&self, operation: Operation) -> Result<(), Error> {
        let client = &self.client;
        let (gateways, deployments) = (client.gateways(), client.deployments());
        let (claims, hot_loads) = (client.capacity_claims(), client.hot_loads());
        match operation {
            Operation::ListGateways => gateways.list().await.map(drop),
            Operation::CreateGateway => {
                let new = NewGateway::new(
                    "new",
                    "US-EAST-04A",
                    GatewayAuth::CoreWeave,
                    Routing::OpenAiBody,
                );
                gateways.create(new).await.map(drop)
            }
            Operation::GetGateway => gateways.get(self.id("gateway")).await.map(drop),
            Operation::UpdateGateway => {
                let change = |spec: &mut coreweave_inference::GatewaySpec| {
                    spec.set_routing(Routing::Path);
                };
                gateways.update(self.id("gateway"), change).await.map(drop)
            }
            Operation::DeleteGateway => gateways.delete(self.id("idle gateway")).await.map(drop),
            Operation::GetGatewayParameters => gateways.parameters().await.map(drop),
            Operation::ListDeployments => deployments.list().await.map(drop),
            Operation::CreateDeployment => {
                let new = NewDeployment::new(
                    "new",
                    [self.id("gateway")],
                    "vllm",
                    Resources::new("gb200-4x", 4),
                    Model::new("llama", "models", "llama"),
                    1..=2,
                );
                deployments.create(new).await.map(drop)
            }
            Operation::GetDeployment => deployments.get(self.id("deployment")).await.map(drop),
            Operation::UpdateDeployment => deployments
                .update(self.id("deployment"), |spec| spec.autoscaling.max = 8)
                .await
                .map(drop),
            Operation::DeleteDeployment => {
                deployments.delete(self.id("deployment")).await.map(drop)
            }
            Operation::GetDeploymentParameters => deployments.parameters().await.map(drop),
            Operation::ListCapacityClaims => claims.list().await.map(drop),
            Operation::CreateCapacityClaim => {
                let new = NewCapacityClaim::new("gb200-4x", 1, ["US-EAST-04A"]);
                claims.create(new.name("new")).await.map(drop)
            }
            Operation::GetCapacityClaim => claims.get(self.id("claim")).await.map(drop),
            Operation::UpdateCapacityClaim => claims
                .update(self.id("claim"), |spec| spec.resources.instance_count = 3)
                .await
                .map(drop),
            Operation::DeleteCapacityClaim => claims.delete(self.id("claim")).await.map(drop),
            Operation::GetCapacityClaimParameters => claims.parameters().await.map(drop),
            Operation::ListHotLoads => hot_loads
                .list()
                .stream()
                .try_collect::<Vec<_>>()
                .await
                .map(drop),
            Operation::CreateHotLoad => {
                let new = NewHotLoad::full(self.id("deployment"), "step-2");
                hot_loads.create(new).await.map(drop)
            }
            Operation::GetHotLoad => hot_loads.get(self.id("hot-load")).await.map(drop),
            Operation::ListHotLoadReplicas => hot_loads
                .replicas(self.id("hot-load"))
                .stream()
                .try_collect::<Vec<_>>()
                .await
                .map(drop),
            Operation::CancelHotLoad => hot_loads.cancel(self.id("hot-load")).await.map(drop),
            other => panic!("no call for {}", other.name()),
        }
    }

    /// Returns the number of changes on the server: resources created, or the change applied.
    async fn effects(&self, operation: Operation) -> usize {
        self.fake.clear_faults();
        let client = &self.client;
        let is_done = match operation {
            Operation::CreateGateway => return client.gateways().list().await.unwrap().len() - 2,
            Operation::CreateDeployment => {
                return client.deployments().list().await.unwrap().len() - 2;
            }
            Operation::CreateCapacityClaim => {
                return client.capacity_claims().list().await.unwrap().len() - 1;
            }
            Operation::CreateHotLoad => {
                let list = client.hot_loads().list().deployment(self.id("deployment"));
                return list.stream().count().await;
            }
            Operation::UpdateGateway => {
                let gateway = client.gateways().get(self.id("gateway")).await.unwrap();
                gateway.routing() == Routing::Path
            }
            Operation::UpdateDeployment => {
                let id = self.id("deployment");
                *client.deployments().get(id).await.unwrap().replicas().end() == 8
            }
            Operation::UpdateCapacityClaim => {
                let id = self.id("claim");
                client
                    .capacity_claims()
                    .get(id)
                    .await
                    .unwrap()
                    .instance_count()
                    == 3
            }
            Operation::DeleteGateway => {
                let id = self.id("idle gateway");
                *client.gateways().get(id).await.unwrap().status() == ResourceStatus::Deleting
            }
            Operation::DeleteDeployment => {
                let id = self.id("deployment");
                *client.deployments().get(id).await.unwrap().status() == ResourceStatus::Deleting
            }
            Operation::DeleteCapacityClaim => {
                let id = self.id("claim");
                *client.capacity_claims().get(id).await.unwrap().status()
                    == ResourceStatus::Deleting
            }
            Operation::CancelHotLoad => {
                let id = self.id("hot-load");
                *client.hot_loads().get(id).await.unwrap().state() == HotLoadState::Canceled
            }
            _ => false,
        };
        usize::from(is_done)
    }
}

fn client(url: String, token: &str, timeout: Duration) -> Client {
    Client::builder()
        .base_url(url)
        .token(token)
        .http_client(HTTP.clone())
        .retry_policy(
            Backoff::default()
                .max_attempts(ATTEMPTS as u32)
                .initial_delay(Duration::from_millis(1)),
        )
        .retry_budget(RetryBudget::unlimited())
        .attempt_timeout(timeout)
        .call_timeout(LONG_TIMEOUT * 4)
        .max_body_size(MAX_BODY)
        .build()
        .unwrap()
}

/// The expected outcome of a case.
#[derive(Clone, Copy)]
struct Ending {
    /// Success, or a condition on the error.
    error: Option<fn(&Error) -> bool>,
    /// Requests of the operation itself, without the GET that resolves a conflict of a create.
    attempts: usize,
    /// The expected number of changes on the server. Reads change nothing.
    effects: usize,
}

fn success(attempts: usize) -> Ending {
    Ending {
        error: None,
        attempts,
        effects: 1,
    }
}

fn failure(attempts: usize, effects: usize, error: fn(&Error) -> bool) -> Ending {
    Ending {
        error: Some(error),
        attempts,
        effects,
    }
}

/// A row of the table: a fault, and the expected outcome for each class of operations.
struct Row {
    name: String,
    fault: Fault,
    ending: Box<dyn Fn(Class) -> Ending + Send + Sync>,
}

fn row(
    name: impl Into<String>,
    fault: Fault,
    ending: impl Fn(Class) -> Ending + Send + Sync + 'static,
) -> Row {
    Row {
        name: name.into(),
        fault,
        ending: Box::new(ending),
    }
}

/// A transient fault: a call succeeds after one, and fails with it if all attempts have it.
fn passing(name: &str, fault: Fault, error: fn(&Error) -> bool) -> [Row; 2] {
    [
        row(format!("{name}, once"), fault.clone().once(), |_| {
            success(2)
        }),
        row(format!("{name}, always"), fault, move |_| {
            failure(ATTEMPTS, 0, error)
        }),
    ]
}

/// A fault that loses the response after the server has acted.
///
/// A create finds its resource by its id, so it succeeds even if no response arrives.
fn losing(name: &str, fault: Fault, error: fn(&Error) -> bool) -> [Row; 2] {
    [
        row(format!("{name}, once"), fault.clone().once(), |_| {
            success(2)
        }),
        row(format!("{name}, always"), fault, move |class| match class {
            Class::Create => success(ATTEMPTS),
            _ => failure(ATTEMPTS, 1, error),
        }),
    ]
}

/// A success that cannot be decoded: the server has acted once.
fn unreadable(name: &str, fault: Fault, error: fn(&Error) -> bool) -> Row {
    row(name, fault, move |class| match class {
        Class::Create => success(1),
        _ => failure(1, 1, error),
    })
}

/// A fault that is not retried.
fn final_(name: &str, fault: Fault, error: fn(&Error) -> bool) -> Row {
    row(name, fault, move |_| failure(1, 0, error))
}

/// An unusual response that must be decoded.
fn harmless(name: &str, fault: Fault) -> Row {
    row(name, fault, |_| success(1))
}

fn is_transport(error: &Error) -> bool {
    error.is_transport() && error.is_transient() && error.status().is_none()
}

/// The status was received before the connection ended, and the error has it.
fn is_cut(error: &Error) -> bool {
    error.kind() == ErrorKind::Transport
        && error.is_transient()
        && error.status().is_some_and(|status| status == 200)
}

fn is_timeout(error: &Error) -> bool {
    error.kind() == ErrorKind::Timeout && error.is_timeout() && error.is_transient()
}

fn has(error: &Error, status: u16, code: Code) -> bool {
    error.kind() == ErrorKind::Api
        && error.status().is_some_and(|found| found.as_u16() == status)
        && error.code() == Some(code)
}

fn table(elsewhere: &str) -> Vec<Row> {
    let mut table = Vec::new();

    // Statuses that may pass, in every wording of an error.
    type Test = fn(&Error) -> bool;
    let transient: [(u16, Test); 5] = [
        (429, |e| {
            has(e, 429, Code::ResourceExhausted) && e.is_resource_exhausted() && e.is_transient()
        }),
        (500, |e| has(e, 500, Code::Internal) && e.is_transient()),
        (502, |e| has(e, 502, Code::Unavailable) && e.is_transient()),
        (503, |e| {
            has(e, 503, Code::Unavailable) && e.is_unavailable() && e.is_transient()
        }),
        (504, |e| {
            has(e, 504, Code::DeadlineExceeded) && e.is_transient()
        }),
    ];
    for (status, error) in transient {
        // No canonical code maps to 502; a service behind a proxy would say UNAVAILABLE.
        let fault = || match status {
            502 => Fault::status(502).code(14),
            _ => Fault::status(status),
        };
        table.extend(passing(&format!("{status} as Status"), fault(), error));
        table.extend(passing(
            &format!("{status} as Connect"),
            fault().connect(),
            error,
        ));
        table.extend(passing(&format!("{status} as HTML"), fault().html(), error));
        table.extend(passing(
            &format!("{status} as text"),
            fault().plain(),
            error,
        ));
        table.extend(passing(&format!("{status} empty"), fault().empty(), error));
        let hour = Utc::now() - TimeDelta::hours(1);
        table.extend(passing(
            &format!("{status}, Retry-After: 0"),
            fault().retry_after_seconds(0),
            error,
        ));
        table.extend(passing(
            &format!("{status}, Retry-After: a date"),
            fault().html().retry_after_date(hour),
            error,
        ));
        table.extend(passing(
            &format!("{status}, RetryInfo"),
            fault().retry_info(Duration::from_millis(1)),
            error,
        ));
        // A request that is turned away for its rate has had no effect.
        if status != 429 {
            table.extend(losing(
                &format!("{status} after the effect"),
                fault().html().after_effect(),
                error,
            ));
        }
    }

    // Statuses that won't.
    let permanent: [(u16, i32, Test); 6] = [
        (400, 3, |e| {
            has(e, 400, Code::InvalidArgument) && e.is_invalid_argument()
        }),
        (400, 9, |e| {
            has(e, 400, Code::FailedPrecondition) && e.is_failed_precondition()
        }),
        (401, 16, |e| {
            has(e, 401, Code::Unauthenticated) && e.is_unauthenticated()
        }),
        (403, 7, |e| {
            has(e, 403, Code::PermissionDenied) && e.is_permission_denied()
        }),
        (404, 5, |e| has(e, 404, Code::NotFound) && e.is_not_found()),
        (412, 9, |e| {
            has(e, 412, Code::FailedPrecondition) && e.is_failed_precondition()
        }),
    ];
    for (status, code, error) in permanent {
        let fault = Fault::status(status).code(code);
        table.push(final_(
            &format!("{status} ({code}) as Status"),
            fault.clone(),
            error,
        ));
        table.push(final_(
            &format!("{status} ({code}) as Connect"),
            fault.connect(),
            error,
        ));
        if code != 9 || status == 412 {
            let fault = Fault::status(status);
            // Only the service can say that a resource does not exist: a bare 404 may come from a proxy.
            let bare: Test = match status {
                404 => |e| {
                    e.kind() == ErrorKind::Api
                        && e.status().is_some_and(|status| status == 404)
                        && e.code().is_none()
                        && !e.is_not_found()
                },
                _ => error,
            };
            table.push(final_(
                &format!("{status} as HTML"),
                fault.clone().html(),
                bare,
            ));
            table.push(final_(&format!("{status} empty"), fault.empty(), bare));
        }
    }
    let unimplemented: Test =
        |e| has(e, 501, Code::Unimplemented) && e.is_unimplemented() && !e.is_transient();
    table.push(final_("501 as Status", Fault::status(501), unimplemented));
    table.push(final_(
        "501 as Connect",
        Fault::status(501).connect(),
        unimplemented,
    ));
    table.push(final_(
        "501 as HTML",
        Fault::status(501).html(),
        unimplemented,
    ));
    let conflict: Test = |e| has(e, 409, Code::AlreadyExists) && e.is_already_exists();
    table.push(final_("409 as Status", Fault::status(409), conflict));
    table.push(final_(
        "409 as Connect",
        Fault::status(409).connect(),
        conflict,
    ));

    // What a network does.
    table.extend(passing(
        "reset before the effect",
        Fault::reset_before_effect(),
        is_transport,
    ));
    table.extend(losing(
        "reset after the effect",
        Fault::reset_after_effect(),
        is_transport,
    ));
    table.extend(losing("cut within the body", Fault::truncate(), is_cut));
    table.extend(passing("slow headers", Fault::delay(TOO_LONG), is_timeout));
    table.extend(losing("slow body", Fault::slow_body(TOO_LONG), is_timeout));

    // What a reply can be besides an error.
    let too_large: Test = |e| e.kind() == ErrorKind::BodyTooLarge && !e.is_transient();
    for (name, fault) in [
        ("oversized body", Fault::oversize(1 << 20)),
        (
            "oversized body, announced",
            Fault::oversize_declared(1 << 20),
        ),
    ] {
        table.push(unreadable(name, fault, too_large));
    }
    let undecodable: Test =
        |e| e.kind() == ErrorKind::Decode && e.status().is_some_and(|status| status == 200);
    table.push(unreadable(
        "half of the JSON",
        Fault::cut_json(),
        undecodable,
    ));
    for (name, fault) in [
        ("200 as HTML", Fault::status(200).html()),
        ("200 as text", Fault::status(200).plain()),
        ("200 without a body", Fault::status(200).empty()),
    ] {
        table.push(final_(name, fault, undecodable));
    }
    table.push(row(
        "200 without the resource",
        Fault::without_resource(),
        |class| match class {
            // Protobuf JSON leaves out what is empty, so that nothing is an empty listing.
            Class::List | Class::Parameters | Class::Create => success(1),
            _ => failure(1, 1, |e| e.kind() == ErrorKind::Protocol),
        },
    ));
    let redirected: Test = |e| e.status().is_some_and(|status| status == 307) && !e.is_transient();
    table.push(final_(
        "redirect to another origin",
        Fault::redirect(elsewhere),
        redirected,
    ));
    table.push(harmless("unknown enum values", Fault::unknown_enums()));
    table.push(harmless("enums as integers", Fault::integer_enums()));
    table.push(harmless("unknown members", Fault::unknown_members()));
    table.push(harmless("nulls", Fault::nulls()));
    table.push(harmless("zero values", Fault::zero_values()));
    table
}

/// Returns the outcome for a class of operations that differs from the row's; `None` if it is undetermined.
fn exceptions(row: &str, class: Class, ending: Ending) -> Option<Ending> {
    let is_lost_for_good = row.ends_with("body, always");
    match class {
        // The create then gets its id, finds nothing, and concludes that the name is taken.
        Class::Create if row.starts_with("409") => Some(failure(1, 0, |error| {
            error.is_already_exists() && matches!(error.reason(), Some(reason::NAME_TAKEN) | None)
        })),
        // The second response is an error, and is truncated, too. Whether its status still arrives is up to the network.
        Class::Create | Class::Cancel if is_lost_for_good => None,
        _ => Some(ending),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_with_every_fault() {
    let elsewhere = FakeServer::start().await.unwrap();
    let location = format!("{}/v1alpha1/inference/gateways", elsewhere.url());
    let table = table(&location);
    let cases: Vec<_> = Operation::ALL
        .iter()
        .flat_map(|operation| table.iter().map(move |row| (*operation, row)))
        .filter_map(|(operation, row)| {
            let class = class(operation);
            let ending = exceptions(&row.name, class, (row.ending)(class))?;
            Some((operation, row, ending))
        })
        .collect();
    let count = cases.len();
    let wrong: Vec<String> = stream::iter(cases)
        .map(|(operation, row, ending)| try_case(operation, row, ending))
        .buffer_unordered(64)
        .filter_map(std::future::ready)
        .collect()
        .await;
    println!(
        "{count} cases: {} operations under {} faults",
        Operation::ALL.len(),
        table.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(elsewhere.requests().is_empty(), "a redirect was followed");
}

/// Runs a case, and returns what differs from the expected outcome.
async fn try_case(operation: Operation, row: &Row, ending: Ending) -> Option<String> {
    let timeout = match row.name.starts_with("slow") {
        true => SHORT_TIMEOUT,
        false => LONG_TIMEOUT,
    };
    let stage = Stage::new(timeout).await;
    stage.fake.fault(row.fault.clone().on(operation));
    let outcome = stage.call(operation).await;
    let attempts = stage.fake.count(operation);
    let effects = stage.effects(operation).await;

    let mut wrong = Vec::new();
    match (&outcome, ending.error) {
        (Ok(()), None) => {}
        (Err(error), Some(is_expected)) if is_expected(error) => {
            if error.attempts() as usize != ending.attempts {
                wrong.push(format!("the error says {} attempts", error.attempts()));
            }
            if error
                .operation()
                .is_none_or(|known| known.name != operation.name())
            {
                wrong.push(format!("the error is about {:?}", error.operation()));
            }
        }
        (outcome, _) => wrong.push(format!("ended with {outcome:?}")),
    }
    // A request without a response is not in the log.
    if attempts != ending.attempts && timeout == LONG_TIMEOUT {
        wrong.push(format!(
            "{attempts} requests instead of {}",
            ending.attempts
        ));
    }
    let is_change = !matches!(
        class(operation),
        Class::Get | Class::List | Class::Parameters
    );
    let expected = if is_change { ending.effects } else { 0 };
    if effects != expected {
        wrong.push(format!("{effects} effects instead of {expected}"));
    }
    let name = operation.name();
    (!wrong.is_empty()).then(|| format!("{name} under {}: {}", row.name, wrong.join("; ")))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_with_a_refused_connection() {
    for operation in Operation::ALL {
        let mut stage = Stage::new(LONG_TIMEOUT).await;
        let reading = stage.client.clone();
        // Bound and not listening: nobody else can take the port, and connections are refused.
        let silent = TcpSocket::new_v4().unwrap();
        silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = silent.local_addr().unwrap();
        stage.client = client(format!("http://{address}"), "any", LONG_TIMEOUT);
        let error = stage.call(*operation).await.unwrap_err();
        assert!(is_transport(&error), "{}: {error:?}", operation.name());
        assert_eq!(error.attempts() as usize, ATTEMPTS, "{}", operation.name());
        assert!(
            !error.outcome_unknown(),
            "{}: nothing was sent",
            operation.name()
        );
        stage.client = reading;
        assert_eq!(stage.effects(*operation).await, 0, "{}", operation.name());
    }
}
