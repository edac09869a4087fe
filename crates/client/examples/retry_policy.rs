//! Replace the retry policy, for a client and for one call.

use std::error::Error;
use std::time::Duration;

use coreweave_inference::retry::RetryPolicy;
use coreweave_inference::{self as inference, Backoff, CallOptions, Client};
use coreweave_inference_fake::{FakeServer, Fault, Operation};

/// Retries transient failures of reads without delay, and nothing else.
#[derive(Debug)]
struct RetryReads;

impl RetryPolicy for RetryReads {
    fn delay_before_next(&self, error: &inference::Error, attempt: u32) -> Option<Duration> {
        let is_read = error
            .operation()
            .is_some_and(|operation| operation.is_read_only());
        (is_read && error.is_transient() && attempt < 3).then_some(Duration::ZERO)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .retry_policy(RetryReads)
        .call_timeout(Duration::from_secs(30))
        .build()?;

    fake.fault(Fault::status(503).on(Operation::ListGateways).times(2));
    client.gateways().list().await?;
    println!(
        "listed after {} attempts",
        fake.count(Operation::ListGateways)
    );

    // `Backoff` is the default policy: exponential, with jitter, honoring `Retry-After`.
    let policy = Backoff::default()
        .max_attempts(10)
        .initial_delay(Duration::from_millis(1));
    fake.fault(Fault::status(503).on(Operation::ListDeployments).times(5));
    let options = CallOptions::new().retry_policy(policy);
    client.deployments().list().options(options).await?;
    println!(
        "listed after {} attempts",
        fake.count(Operation::ListDeployments)
    );
    Ok(())
}
