//! Waits for a resource that stays as it is.

use std::time::Duration;

use coreweave_inference::reason;

use super::{creating, in_error, ready, script, unavailable, wait};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_stable_wait_ends_when_the_resource_has_been_ready_for_the_time() {
    let (client, log) = script([creating(), ready()]);
    let gateway = wait(&client).stable_for(Duration::from_secs(12)).await;
    assert!(gateway.unwrap().is_ready());
    // The last poll is not later than needed.
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 15.0, 17.0]);
}

#[tokio::test(start_paused = true)]
async fn a_break_begins_the_time_anew_but_a_failing_poll_does_not() {
    let (client, log) = script([ready(), unavailable(), in_error(), ready()]);
    wait(&client)
        .stable_for(Duration::from_secs(10))
        .await
        .unwrap();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);

    let (client, log) = script([ready(), unavailable(), ready()]);
    wait(&client)
        .stable_for(Duration::from_secs(10))
        .await
        .unwrap();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_while_the_time_passes_ends_the_wait() {
    let (client, _) = script([ready(), ready(), in_error()]);
    let error = wait(&client).stable_for(MINUTE).fail_on_error().await;
    assert!(error.unwrap_err().is(reason::IN_ERROR));
}

#[tokio::test(start_paused = true)]
async fn a_condition_has_to_hold_without_a_break() {
    let (client, log) = script([ready(), creating(), ready()]);
    let gateways = client.gateways();
    let wait = gateways.wait_until("g", |gateway| gateway.is_ready());
    wait.poll_backoff(super::steady(5))
        .stable_for(Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 15.0]);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_for_how_long_it_has_been_so() {
    let (client, _) = script([ready()]);
    let error = wait(&client).stable_for(MINUTE).timeout(MINUTE / 2).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "timed out after 30s waiting for gateway chat (g) to become ready: it has been so for 25s, not yet for 60s"
    );
}
