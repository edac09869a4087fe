//! Waits under paused time.

mod many;
mod stable;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coreweave_inference::conditions::{self, ConditionExt};
use coreweave_inference::raw::BoxFuture;
use coreweave_inference::retry::{TokenError, TokenProvider};
use coreweave_inference::types::ResourceStatus;
use coreweave_inference::{
    Backoff, CallOptions, Client, Deployment, DeploymentId, DeploymentSpec, ErrorKind, Gateway,
    NewHotLoad, Token, Wait, reason,
};
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use crate::in_memory::{Log, Reply, error, ok, play, play_with};

fn gateway(status: &str) -> Value {
    json!({"gateway": {"spec": {"id": "g", "name": "chat"}, "status": {"status": status, "conditions": [
        {"type": "Ready", "status": "False", "reason": "NoCapacity"}]}}})
}

/// Responds with each of these in turn, and then with the last forever.
fn script(replies: impl IntoIterator<Item = Reply>) -> (Client, Log) {
    let mut replies: VecDeque<_> = replies.into_iter().collect();
    play(move |_| match replies.len() {
        1 => replies[0].clone(),
        _ => replies.pop_front().unwrap(),
    })
}

fn creating() -> Reply {
    ok(gateway("STATUS_CREATING"))
}

fn ready() -> Reply {
    ok(gateway("STATUS_READY"))
}

fn failed() -> Reply {
    ok(gateway("STATUS_FAILED"))
}

fn in_error() -> Reply {
    ok(gateway("STATUS_ERROR"))
}

fn deleting() -> Reply {
    ok(gateway("STATUS_DELETING"))
}

fn unavailable() -> Reply {
    error(503, "not now")
}

fn not_found() -> Reply {
    error(404, "no such gateway")
}

fn in_use() -> Reply {
    Reply::Status(
        400,
        json!({"code": 9, "message": "the gateway still has deployments"}),
    )
}

fn wait(client: &Client) -> Wait<'static, Gateway> {
    client.gateways().wait_ready("g").poll_backoff(steady(5))
}

fn steady(seconds: u64) -> Backoff {
    Backoff::constant(Duration::from_secs(seconds))
}

#[tokio::test(start_paused = true)]
async fn wait_ready_polls_at_growing_intervals() {
    let (client, log) = script([creating(), creating(), in_error(), creating(), ready()]);
    let mut seen = Vec::new();
    let gateway = client
        .gateways()
        .wait_ready("g")
        .poll_backoff(steady(5).max_delay(Duration::from_secs(30)).factor(1.5))
        .on_progress(|gateway| seen.push(gateway.status().clone()))
        .await
        .unwrap();
    assert!(gateway.is_ready());
    assert_eq!(log.seconds(), [0.0, 5.0, 12.5, 23.75, 40.625]);
    assert!(
        log.requests()
            .iter()
            .all(|request| request == "GET /gateways/g")
    );
    use ResourceStatus::{Creating, Error, Ready};
    assert_eq!(seen, [Creating, Creating, Error, Creating, Ready]);
}

#[tokio::test(start_paused = true)]
async fn jitter_shortens_delays_by_its_share_at_most() {
    let (client, log) = script([creating(), ready()]);
    client
        .gateways()
        .wait_ready("g")
        .poll_backoff(steady(10).jitter(0.5))
        .await
        .unwrap();
    assert!((5.0..=10.0).contains(&log.seconds()[1]));
}

#[tokio::test(start_paused = true)]
async fn transient_errors_are_tolerated_with_one_request_per_poll() {
    let (client, log) = script([
        creating(),
        unavailable(),
        Reply::RetryAfter(429, 60),
        ready(),
    ]);
    wait(&client).await.unwrap();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 70.0]);
}

#[tokio::test(start_paused = true)]
async fn terminal_states_end_the_wait_with_the_conditions() {
    for (last, status, reason) in [
        (failed(), ResourceStatus::Failed, reason::FAILED),
        (deleting(), ResourceStatus::Deleting, reason::DELETING),
    ] {
        let (client, log) = script([creating(), last]);
        let error = wait(&client).await.unwrap_err();
        assert_eq!(log.requests().len(), 2);
        assert_eq!(error.kind(), ErrorKind::WaitFailed);
        assert_eq!(error.last_status(), Some(&status));
        assert_eq!(error.reason(), Some(reason));
        assert_eq!(error.conditions()[0].reason.as_deref(), Some("NoCapacity"));
        assert_eq!(error.resource_id(), Some("g"));
        assert!(error.is_wait_failed() && !error.is_timeout() && !error.is_transient());
        let text = error.to_string();
        assert!(text.starts_with("gateway chat (g) "), "{text}");
        assert!(text.ends_with("; Ready=False (NoCapacity)"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn permanent_errors_end_the_wait() {
    let (client, log) = script([creating(), not_found()]);
    assert!(wait(&client).await.unwrap_err().is_not_found());
    let (client, more) = script([error(401, "who are you?")]);
    assert!(wait(&client).await.unwrap_err().is_unauthenticated());
    assert_eq!((log.requests().len(), more.requests().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_has_the_last_state_and_the_last_error() {
    let (client, log) = script([creating(), unavailable()]);
    let error = wait(&client)
        .timeout(Duration::from_secs(21))
        .await
        .unwrap_err();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 15.0, 20.0]);
    assert!(error.is_timeout());
    assert_eq!(error.elapsed(), Duration::from_secs(21));
    assert_eq!(error.last_status(), Some(&ResourceStatus::Creating));
    assert_eq!(
        error.to_string(),
        "timed out after 21s waiting for gateway chat (g) to become ready: UNAVAILABLE (HTTP 503): not now"
    );
    assert!(error.is_wait_timeout() && error.is_unavailable());

    let (client, _) = script([creating()]);
    let error = wait(&client)
        .timeout(Duration::from_millis(302))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "timed out after 302ms waiting for gateway chat (g) to become ready: it is STATUS_CREATING; Ready=False (NoCapacity)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_hangs_ends_with_the_wait() {
    let (client, _) = script([creating(), Reply::Hang]);
    let begun = tokio::time::Instant::now();
    let error = wait(&client)
        .timeout(Duration::from_secs(9))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(begun.elapsed(), Duration::from_secs(9));
}

#[tokio::test(start_paused = true)]
async fn an_unlimited_wait_does_not_overflow() {
    let (client, log) = script(std::iter::repeat_n(creating(), 300).chain([ready()]));
    wait(&client).timeout(Duration::MAX).await.unwrap();
    assert_eq!(log.requests().len(), 301);
}

#[tokio::test(start_paused = true)]
async fn a_wait_as_a_stream_yields_every_state() {
    let (client, _) = script([creating(), unavailable(), creating(), ready()]);
    let states: Vec<_> = wait(&client)
        .stream()
        .map_ok(|gateway| gateway.is_ready())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(states, [false, false, true]);

    let (client, _) = script([creating(), failed()]);
    let mut states = wait(&client).stream();
    assert!(states.next().await.unwrap().is_ok());
    assert_eq!(
        states.next().await.unwrap().unwrap().status(),
        &ResourceStatus::Failed
    );
    assert!(states.next().await.unwrap().is_err());
    assert!(states.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_stream_polls_only_when_it_is_read() {
    let (client, log) = script([creating()]);
    let mut states = wait(&client).stream();
    assert_eq!(log.requests().len(), 0);
    let _ = states.next().await;
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(log.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_id_is_not_sent() {
    let (client, log) = script([ready()]);
    let error = client
        .gateways()
        .wait_ready("../deployments")
        .await
        .unwrap_err();
    assert_eq!(error.field_violations().next().unwrap().field, "id");
    assert!(log.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn wait_deleted_ends_with_not_found() {
    let (client, log) = script([deleting(), unavailable(), deleting(), not_found()]);
    client.gateways().wait_deleted("g").await.unwrap();
    assert_eq!(log.requests().len(), 4);

    let (client, _) = script([deleting()]);
    let error = client
        .gateways()
        .wait_deleted("g")
        .timeout(Duration::from_secs(60))
        .await
        .unwrap_err();
    assert_eq!(error.last_status(), Some(&ResourceStatus::Deleting));
}

#[tokio::test(start_paused = true)]
async fn delete_and_wait_repeats_a_refused_deletion() {
    let (client, log) = script([
        in_use(),
        unavailable(),
        in_use(),
        deleting(),
        deleting(),
        not_found(),
    ]);
    client.gateways().delete("g").and_wait().await.unwrap();
    let methods: Vec<_> = log
        .requests()
        .iter()
        .map(|request| request.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        methods,
        ["DELETE", "DELETE", "DELETE", "DELETE", "GET", "GET"]
    );

    let (client, _) = script([in_use()]);
    let mut refusals = 0;
    let error = client
        .gateways()
        .delete("g")
        .and_wait()
        .timeout(Duration::from_secs(60))
        .on_error(|error| refusals += usize::from(error.is(reason::GATEWAY_IN_USE)))
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.is(reason::GATEWAY_IN_USE));
    assert!(refusals > 1, "{refusals}");
    assert!(
        error.to_string().ends_with(
            "waiting for gateway g to be deleted: FAILED_PRECONDITION (HTTP 400): the gateway still has deployments"
        ),
        "{error}"
    );

    let (client, log) = script([not_found()]);
    client.gateways().delete("g").and_wait().await.unwrap();
    assert_eq!(log.requests(), ["DELETE /gateways/g"]);
}

#[tokio::test(start_paused = true)]
async fn a_404_that_is_not_from_the_service_does_not_count_as_deleted() {
    let html = || Reply::Status(404, json!("<html>not found</html>"));
    for wait in [
        script([deleting(), html()]).0.gateways().wait_deleted("g"),
        script([html()]).0.gateways().delete("g").and_wait(),
    ] {
        let error = wait.await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 404);
        assert!(!error.is_not_found());
        assert!(error.to_string().contains("HTTP 404"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_any_length_is_capped() {
    let (client, log) = script([Reply::RetryAfter(429, u64::MAX), ready()]);
    wait(&client).await.unwrap();
    assert_eq!(log.seconds(), [0.0, 60.0]);
}

#[tokio::test(start_paused = true)]
async fn a_failing_token_provider_does_not_end_a_wait() {
    struct Flaky(AtomicU32);
    impl TokenProvider for Flaky {
        fn token<'a>(&'a self, _: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
            let call = self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                match call {
                    1..=2 => Err("the token file is being rotated".into()),
                    _ => Ok(Token::new("token")?),
                }
            })
        }
    }
    let mut replies = VecDeque::from([creating(), ready()]);
    let builder = Client::builder().token_provider(Flaky(AtomicU32::new(0)));
    let (client, log) = play_with(builder, move |_| replies.pop_front().unwrap());
    let mut troubles = Vec::new();
    wait(&client)
        .on_error(|error| troubles.push(error.kind()))
        .await
        .unwrap();
    assert_eq!(troubles, [ErrorKind::Token; 2]);
    assert_eq!(log.seconds(), [0.0, 15.0]);
}

#[tokio::test(start_paused = true)]
async fn failing_polls_are_logged_when_they_begin_and_end() {
    let _second = crate::spans::second_dispatcher();
    let warnings = Warnings::default();
    let _guard = tracing::subscriber::set_default(Registry::default().with(warnings.clone()));
    let (client, _) = script([
        creating(),
        unavailable(),
        unavailable(),
        unavailable(),
        creating(),
        ready(),
    ]);
    wait(&client).await.unwrap();
    let warnings = warnings.0.lock().unwrap();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("not now"), "{warnings:?}");
    assert!(warnings[1].contains("recovered"), "{warnings:?}");
}

/// Collects the events at WARN and above.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        struct Text(String);
        impl tracing::field::Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        if *event.metadata().level() <= tracing::Level::WARN {
            let mut text = Text(String::new());
            event.record(&mut text);
            self.0.lock().unwrap().push(text.0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn fail_on_error_ends_the_wait_in_status_error() {
    let (client, log) = script([creating(), in_error(), ready()]);
    let error = wait(&client).fail_on_error().await.unwrap_err();
    assert!(error.is_wait_failed());
    assert_eq!(error.last_status(), Some(&ResourceStatus::Error));
    assert_eq!(log.requests().len(), 2);

    let (client, _) = script([creating(), in_error(), ready()]);
    let until = client.gateways().wait_until("g", Gateway::is_ready);
    assert!(until.fail_on_error().await.unwrap_err().is_wait_failed());
}

fn deployment(status: &str, applied: &str, disabled: bool, updated: u32) -> Reply {
    ok(json!({"deployment": {
        "spec": {"id": "d", "name": "llama", "disabled": disabled, "traffic": {"weight": 1}},
        "status": {"status": status, "updatedAt": format!("2026-01-01T00:00:{updated:02}Z"),
            "conditions": [{"type": "ResourcesApplied", "status": applied}]}}}))
}

#[tokio::test(start_paused = true)]
async fn a_disabled_deployment_never_becomes_ready() {
    let (client, log) = script([deployment("STATUS_CREATING", "True", true, 0)]);
    let error = client.deployments().wait_ready("d").await.unwrap_err();
    assert!(error.is_wait_failed());
    assert!(
        error
            .to_string()
            .contains("deployment llama (d) is disabled"),
        "{error}"
    );
    assert_eq!(log.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn wait_applied_ends_with_the_condition() {
    let (client, log) = script([
        deployment("STATUS_CREATING", "False", true, 0),
        deployment("STATUS_CREATING", "True", true, 1),
    ]);
    let applied = client.deployments().wait_applied("d").await.unwrap();
    assert!(!applied.is_ready());
    assert_eq!(log.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn conditions_combine() {
    let states = || {
        script([
            deployment("STATUS_CREATING", "False", false, 0),
            deployment("STATUS_CREATING", "True", false, 1),
            deployment("STATUS_READY", "True", false, 2),
        ])
    };
    let (client, log) = states();
    let both = conditions::is_applied().and(conditions::is_ready());
    client.deployments().wait_until("d", both).await.unwrap();
    assert_eq!(log.requests().len(), 3);

    let (client, log) = states();
    let either = conditions::is_ready().or(conditions::has_condition("ResourcesApplied"));
    client.deployments().wait_until("d", either).await.unwrap();
    assert_eq!(log.requests().len(), 2);

    let (client, log) = states();
    let pending = conditions::is_ready().not();
    client.deployments().wait_until("d", pending).await.unwrap();
    let weighted = |deployment: &Deployment| deployment.weight() == 1;
    client
        .deployments()
        .wait_until("d", weighted)
        .await
        .unwrap();
    client
        .deployments()
        .wait_until("d", |d| d.weight() == 1)
        .await
        .unwrap();
    assert_eq!(log.requests().len(), 3);
}

/// The results of an update with `and_wait`: when it ended, and the methods that were used.
async fn updated(
    change: fn(&mut DeploymentSpec),
    replies: impl IntoIterator<Item = Reply>,
) -> (f64, String) {
    let (client, log) = script(replies);
    let update = client.deployments().update("d", change);
    let begun = tokio::time::Instant::now();
    let wait = update.and_wait().poll_backoff(steady(10));
    let deployment = wait.await.unwrap();
    assert!(deployment.is_ready() || deployment.is_disabled());
    let methods = log
        .requests()
        .iter()
        .map(|request| request[..1].to_owned())
        .collect();
    (begun.elapsed().as_secs_f64(), methods)
}

#[tokio::test(start_paused = true)]
async fn and_wait_does_not_accept_a_stale_status() {
    let read = || deployment("STATUS_READY", "True", false, 1);
    let accepted = || deployment("STATUS_UPDATING", "False", false, 2);
    let seen = |status, updated| deployment(status, "True", false, updated);
    let model = |spec: &mut DeploymentSpec| spec.model.path = "v2".into();
    for (what, replies, expected) in [
        (
            "READY after UPDATING was seen",
            vec![
                read(),
                accepted(),
                read(),
                seen("STATUS_UPDATING", 2),
                seen("STATUS_READY", 2),
            ],
            (30.0, "GPGGG"),
        ),
        (
            "READY that is newer than the response proves nothing",
            vec![
                read(),
                seen("STATUS_READY", 2),
                seen("STATUS_READY", 3),
                seen("STATUS_UPDATING", 4),
                seen("STATUS_READY", 5),
            ],
            (30.0, "GPGGG"),
        ),
        (
            "READY without any evidence, after the grace period",
            vec![read(), accepted(), seen("STATUS_READY", 3)],
            (30.0, "GPGGG"),
        ),
        (
            "a stale failure does not count either",
            vec![
                seen("STATUS_FAILED", 1),
                accepted(),
                seen("STATUS_FAILED", 1),
                seen("STATUS_UPDATING", 2),
                seen("STATUS_READY", 3),
            ],
            (30.0, "GPGGG"),
        ),
        (
            "a disabled deployment only has to be applied",
            vec![
                deployment("STATUS_UPDATING", "True", true, 1),
                deployment("STATUS_UPDATING", "False", true, 2),
                deployment("STATUS_UPDATING", "False", true, 2),
                deployment("STATUS_UPDATING", "True", true, 3),
            ],
            (20.0, "GPGG"),
        ),
        (
            "a deployment that is disabled has to leave READY, which needs no grace period",
            vec![
                read(),
                deployment("STATUS_READY", "True", true, 2),
                deployment("STATUS_CREATING", "True", true, 3),
            ],
            (10.0, "GPG"),
        ),
    ] {
        let (ended, methods) = updated(model, replies).await;
        assert_eq!((ended, methods.as_str()), expected, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn and_wait_believes_the_status_after_a_change_of_scale() {
    let ready = |updated| deployment("STATUS_READY", "True", false, updated);
    let updating = || deployment("STATUS_UPDATING", "True", false, 2);
    for change in [
        (|spec| spec.autoscaling.max = 8) as fn(&mut DeploymentSpec),
        |spec| spec.traffic.weight = Some(2),
    ] {
        let at_once = updated(change, [ready(1), ready(2)]).await;
        assert_eq!(at_once, (0.0, "GP".to_owned()));
        // Something else is being rolled out.
        let later = updated(change, [ready(1), updating(), updating(), ready(3)]).await;
        assert_eq!(later, (20.0, "GPGG".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn and_wait_takes_a_shorter_grace_period_and_replaces() {
    let ready = || deployment("STATUS_READY", "True", false, 1);
    let (client, log) = script([ready()]);
    let spec = client.deployments().get("d").await.unwrap().to_spec();
    let replace = client.deployments().replace("d", spec);
    let replace = replace.grace_period(Duration::from_secs(5));
    replace.and_wait().poll_backoff(steady(5)).await.unwrap();
    assert_eq!(log.seconds(), [0.0, 0.0, 5.0]);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_changes_nothing_is_not_sent() {
    let (client, log) = script([deployment("STATUS_READY", "True", false, 1)]);
    let same = |spec: &mut DeploymentSpec| spec.traffic.weight = Some(1);
    let deployment = client.deployments().update("d", same).await.unwrap();
    assert_eq!(deployment.weight(), 1);
    client
        .deployments()
        .update("d", same)
        .and_wait()
        .await
        .unwrap();
    assert_eq!(log.requests(), ["GET /deployments/d"; 2]);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_fails_ends_and_wait() {
    let (client, log) = script([
        deployment("STATUS_READY", "True", false, 1),
        error(400, "no such weight"),
    ]);
    let update = client
        .deployments()
        .update("d", |spec| spec.traffic.weight = Some(2));
    let error = update.and_wait().await.unwrap_err();
    assert!(error.is_invalid_argument());
    assert_eq!(log.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_fails_sends_nothing() {
    let (client, log) = script([deployment("STATUS_READY", "True", false, 1)]);
    let failing = |_: &mut DeploymentSpec| "x".parse::<u32>().map(drop);
    let error = client
        .deployments()
        .try_update("d", failing)
        .await
        .unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<std::num::ParseIntError>());
    assert_eq!(log.requests(), ["GET /deployments/d"]);
}

#[tokio::test(start_paused = true)]
async fn ids_compare_without_regard_to_case() {
    let (client, log) = script([deployment("STATUS_READY", "True", false, 1)]);
    client
        .deployments()
        .update("D", |spec| spec.traffic.weight = Some(2))
        .await
        .unwrap();
    let spec = client.deployments().get("D").await.unwrap().to_spec();
    client.deployments().replace("D", spec).await.unwrap();
    assert_eq!(log.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_client_sets_the_poll_backoff() {
    let builder = Client::builder().token("token").poll_backoff(steady(2));
    let mut replies = VecDeque::from([creating(), creating(), ready()]);
    let (client, log) = play_with(builder, move |_| replies.pop_front().unwrap());
    client.gateways().wait_ready("g").await.unwrap();
    assert_eq!(log.seconds(), [0.0, 2.0, 4.0]);
}

#[tokio::test]
async fn requests_waits_and_streams_can_be_spawned() {
    let (client, _) = script([ready()]);
    let api = client.gateways();
    let gets = (0..20).map(|n| api.get(format!("g-{n}")).send());
    assert_eq!(futures_util::future::join_all(gets).await.len(), 20);
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(api.get("g").send());
    tasks.spawn(api.wait_ready("g").send());
    tasks.spawn(api.update("g", |spec| spec.zones.clear()).send());
    tasks.spawn(api.update("g", |_| ()).and_wait().send());
    tasks.spawn(api.wait_until("g", |gateway| gateway.is_ready()).send());
    assert!(tasks.join_all().await.iter().all(Result::is_ok));

    fn is_task<T: Send + 'static>(_: T) {}
    fn is_stream<T: Send + Unpin + 'static>(_: T) {}
    is_task(api.list().send());
    is_task(api.delete("g").send());
    is_task(api.delete("g").and_wait().send());
    is_task(client.hot_loads().list().send());
    is_stream(api.wait_ready("g").stream());
    is_stream(api.watch().stream());
    is_stream(client.hot_loads().list().stream());
    is_stream(client.hot_loads().list().pages());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_covers_all_requests_of_a_call() {
    let deadline = CallOptions::new().call_timeout(Duration::from_secs(15));
    let deployment = json!({"deployment": {"spec": {"id": "d", "traffic": {"weight": 1}}}});
    let (client, log) = script([Reply::Delayed(10, deployment)]);
    let update = client
        .deployments()
        .update("d", |spec| spec.traffic.weight = Some(2));
    let begun = tokio::time::Instant::now();
    let late = update.options(deadline.clone()).await.unwrap_err();
    assert!(late.is_timeout(), "{late}");
    assert_eq!(begun.elapsed(), Duration::from_secs(15));
    assert_eq!(log.requests().len(), 2);

    // The create fails because its id exists, and the lookup hangs.
    let mut first = true;
    let (client, _) = play(move |_| match std::mem::take(&mut first) {
        true => error(409, "it exists"),
        false => Reply::Hang,
    });
    let new = NewHotLoad::full("d".parse::<DeploymentId>().unwrap(), "step-1");
    let begun = tokio::time::Instant::now();
    let create = client.hot_loads().create(new).options(deadline);
    assert!(create.await.unwrap_err().is_already_exists());
    assert_eq!(begun.elapsed(), Duration::from_secs(15));
}
