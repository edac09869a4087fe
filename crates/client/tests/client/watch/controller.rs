//! Controllers under paused time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coreweave_inference::{
    Action, Backoff, Client, Controller, Deployment, Error, Gateway, GatewayAuth, NewGateway,
    Observed, Routing,
};
use coreweave_inference_fake::{Clock, FakeServer, Fault, Operation};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

const DAY: Duration = Duration::from_secs(86_400);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn start(gateways: usize) -> (FakeServer, Client) {
    let fake = FakeServer::builder().clock(Clock::real()).build();
    for n in 0..gateways {
        let spec = json!({"name": format!("g{n}")});
        fake.seed_gateway(json!({"spec": spec})).unwrap();
    }
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .transport(fake.transport())
        .poll_backoff(Backoff::constant(seconds(5)))
        .build()
        .unwrap();
    (fake, client)
}

fn controller(client: &Client) -> Controller<Gateway> {
    Controller::new(client.gateways().watch()).resync_interval(Duration::MAX)
}

/// Changes a gateway.
async fn reroute(client: &Client, gateway: &Gateway, n: usize) {
    let header = Routing::Header(format!("x-model-{n}"));
    let update = client
        .gateways()
        .update(gateway.id(), |spec| spec.set_routing(header));
    update.await.unwrap();
}

/// What a controller did: seconds since its start, and what it observed.
#[derive(Clone)]
struct Calls(Instant, Arc<Mutex<Vec<String>>>);

impl Calls {
    fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    fn add(&self, observed: &Observed<Gateway>) {
        let verb = match observed {
            Observed::Exists(_) => "exists",
            Observed::Deleted(_) => "deleted",
        };
        let (at, name) = (
            self.0.elapsed().as_secs(),
            observed.resource().name().to_owned(),
        );
        self.1.lock().unwrap().push(format!("{at}: {name} {verb}"));
    }

    fn get(&self) -> Vec<String> {
        self.1.lock().unwrap().clone()
    }
}

/// Runs a controller for a time.
async fn run<F: Future<Output = Result<Action, &'static str>>>(
    controller: Controller<Gateway>,
    time: Duration,
    reconcile: impl FnMut(Observed<Gateway>) -> F,
) {
    let run = controller.run(reconcile, |_, _| {});
    assert!(timeout(time, run).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_reconciled_before_all_resources_are_known() {
    let (_fake, client) = start(2);
    let controller = controller(&client);
    let created = client.gateways().create(NewGateway::new(
        "new",
        "US-EAST-04A",
        GatewayAuth::CoreWeave,
        Routing::OpenAiBody,
    ));
    created.await.unwrap();
    let store = controller.store();
    assert_eq!(store.len(), 1, "what was created");
    run(controller, seconds(1), async |_| {
        assert_eq!(store.len(), 3);
        Ok(Action::await_change())
    })
    .await;
}

/// Brings deployments to a scale, for ten minutes. What it writes to a store is in it before the next call.
async fn scale(client: &Client, max: u32) {
    let deployments = client.deployments();
    let controller = Controller::new(deployments.watch());
    let controller = controller.graceful_shutdown_on(sleep(seconds(600)));
    let reconcile = async |observed: Observed<Deployment>| {
        let Observed::Exists(deployment) = observed else {
            return Ok(Action::await_change());
        };
        if *deployment.replicas().end() != max {
            let mut spec = deployment.to_spec();
            spec.autoscaling.max = max;
            deployments.replace(deployment.id(), spec).await?;
        }
        // A loop that is level-triggered, and in a hurry.
        Ok::<_, Error>(Action::requeue(Duration::from_millis(100)))
    };
    controller.run(reconcile, |_, _| {}).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_update_is_sent_once_outages_and_restarts_included() {
    let (fake, client) = start(1);
    let gateway = client.gateways().list().await.unwrap().remove(0);
    for n in 0..3 {
        let spec = json!({"name": format!("d{n}"), "gatewayIds": [gateway.id()]});
        fake.seed_deployment(json!({"spec": spec})).unwrap();
    }
    let outage = Fault::status(503).on(Operation::ListDeployments);
    fake.fault(outage.times(5));
    scale(&client, 7).await;
    assert_eq!(fake.count(Operation::UpdateDeployment), 3);
    // A restart finds that nothing is to be done.
    scale(&client, 7).await;
    assert_eq!(fake.count(Operation::UpdateDeployment), 3);
}

#[tokio::test(start_paused = true)]
async fn changes_during_a_call_cause_one_more() {
    let (_fake, client) = start(1);
    let calls = Calls::new();
    let running = AtomicUsize::new(0);
    run(controller(&client), seconds(600), async |observed| {
        assert_eq!(running.fetch_add(1, Relaxed), 0);
        calls.add(&observed);
        let gateway = observed.resource();
        if calls.get().len() == 1 {
            for n in 1..=3 {
                reroute(&client, gateway, n).await;
            }
            sleep(seconds(100)).await;
        }
        running.fetch_sub(1, Relaxed);
        Ok(Action::await_change())
    })
    .await;
    assert_eq!(calls.get()[..2], ["0: g0 exists", "100: g0 exists"]);
}

#[tokio::test(start_paused = true)]
async fn concurrency_is_bounded_and_used() {
    let (_fake, client) = start(10);
    let calls = Calls::new();
    run(
        controller(&client).concurrency(4),
        seconds(600),
        async |observed| {
            calls.add(&observed);
            sleep(seconds(10)).await;
            Ok(Action::await_change())
        },
    )
    .await;
    let mut starts: HashMap<_, usize> = HashMap::new();
    for call in calls.get() {
        *starts
            .entry(call.split_once(':').unwrap().0.to_owned())
            .or_default() += 1;
    }
    let expected = [("0", 4), ("10", 4), ("20", 2)].map(|(at, calls)| (at.to_owned(), calls));
    assert_eq!(starts, HashMap::from(expected));
}

#[tokio::test(start_paused = true)]
async fn failures_are_retried_with_delays_that_changes_do_not_shorten() {
    let (fake, client) = start(1);
    let calls = Calls::new();
    let mut errors = Vec::new();
    let backoff = Backoff::polling(seconds(10))
        .factor(2.0)
        .max_delay(seconds(30))
        .jitter(0.0);
    let reconcile = async |observed: Observed<Gateway>| {
        calls.add(&observed);
        let call = calls.get().len();
        match call {
            1..=4 => {
                reroute(&client, observed.resource(), call).await;
                Err("not yet")
            }
            _ => Ok(Action::await_change()),
        }
    };
    let on_error =
        |gateway: &Gateway, error: &&str| errors.push(format!("{}: {error}", gateway.name()));
    let run = controller(&client)
        .backoff(backoff)
        .run(reconcile, on_error);
    assert!(timeout(seconds(101), run).await.is_err());
    let starts: Vec<_> = calls
        .get()
        .iter()
        .map(|c| c.split_once(':').unwrap().0.to_owned())
        .collect();
    assert_eq!(starts[..5], ["0", "10", "30", "60", "90"]);
    assert_eq!(errors, ["g0: not yet"; 4]);
    drop(fake);
}

#[tokio::test(start_paused = true)]
async fn a_resource_is_requeued_and_resynced() {
    let (_fake, client) = start(1);
    let calls = Calls::new();
    let controller = controller(&client).resync_interval(seconds(60));
    run(controller, seconds(155), async |observed| {
        calls.add(&observed);
        Ok(match calls.get().len() {
            1 => Action::requeue(seconds(25)),
            2 => Action::requeue(DAY),
            _ => Action::await_change(),
        })
    })
    .await;
    let exists = [0, 25, 85, 145].map(|at| format!("{at}: g0 exists"));
    assert_eq!(calls.get(), exists);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_is_reported_until_it_succeeds_and_then_forgotten() {
    let (fake, client) = start(2);
    let calls = Calls::new();
    let gone = client.gateways().find_by_name("g1").await.unwrap().unwrap();
    let delete = async {
        sleep(seconds(3)).await;
        // During an outage.
        fake.fault(Fault::status(503).on(Operation::ListGateways).times(4));
        client
            .gateways()
            .delete(gone.id())
            .and_wait()
            .await
            .unwrap();
        std::future::pending::<()>().await;
    };
    let controller = controller(&client).resync_interval(seconds(3600));
    let reconcile = run(controller, seconds(3000), async |observed| {
        calls.add(&observed);
        let deletions = calls
            .get()
            .iter()
            .filter(|call| call.ends_with("deleted"))
            .count();
        match observed {
            Observed::Deleted(_) if deletions == 1 => Err("not yet"),
            _ => Ok(Action::await_change()),
        }
    });
    tokio::select! {
        () = reconcile => {}
        () = delete => {}
    }
    let calls = calls.get();
    let of = |end: &str| calls.iter().filter(|call| call.ends_with(end)).count();
    assert_eq!((of("g0 exists"), of("g1 deleted")), (1, 2), "{calls:?}");
    assert!(calls.last().unwrap().ends_with("g1 deleted"), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_lets_what_runs_finish_and_starts_nothing() {
    let (_fake, client) = start(3);
    let (started, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    let reconcile = async |_| {
        started.fetch_add(1, Relaxed);
        sleep(seconds(60)).await;
        finished.fetch_add(1, Relaxed);
        Ok::<_, &str>(Action::requeue(Duration::ZERO))
    };
    let controller = controller(&client).concurrency(2);
    let controller = controller.graceful_shutdown_on(sleep(seconds(10)));
    controller.run(reconcile, |_, _| {}).await.unwrap();
    assert_eq!((started.into_inner(), finished.into_inner()), (2, 2));
    assert_eq!(begun.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_controller_ends_with_the_error_that_ends_its_watch() {
    let (fake, client) = start(1);
    fake.fault(Fault::status(403).on(Operation::ListGateways));
    let controller = Controller::new(client.gateways().watch().fail_fast());
    let reconcile = async |_| Ok::<_, &str>(Action::await_change());
    let error = controller.run(reconcile, |_, _| {}).await.unwrap_err();
    assert!(error.is_permission_denied());
}

#[tokio::test(start_paused = true)]
async fn a_deleted_resource_is_forgotten_after_a_success() {
    let (_fake, client) = start(1);
    let calls = Calls::new();
    let controller = controller(&client).resync_interval(seconds(60));
    let gateway = client.gateways().list().await.unwrap().remove(0);
    client.gateways().delete(gateway.id()).await.unwrap();
    run(controller, seconds(3600), async |observed| {
        calls.add(&observed);
        Ok(Action::await_change())
    })
    .await;
    let calls = calls.get();
    let deleted = calls.iter().filter(|call| call.ends_with(" deleted"));
    assert_eq!(deleted.count(), 1, "{calls:?}");
}
