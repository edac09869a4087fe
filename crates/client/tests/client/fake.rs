//! A client and the fake that it talks to.

use std::time::Duration;

use coreweave_inference::raw::Transport;
use coreweave_inference::{Backoff, Client};
use coreweave_inference_fake::{Clock, FakeServer};

/// Starts a fake with an instant clock, and a client that retries and polls without delay.
pub(crate) async fn start() -> (FakeServer, Client) {
    let fake = FakeServer::start().await.unwrap();
    let at_once = Backoff::default()
        .initial_delay(Duration::ZERO)
        .max_retry_after(Duration::ZERO);
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .retry_policy(at_once)
        .poll_backoff(Backoff::constant(Duration::from_millis(1)))
        .build()
        .unwrap();
    (fake, client)
}

/// Starts a fake without a socket, which follows paused time, and a client for it.
pub(crate) fn in_process() -> (FakeServer, Client) {
    let fake = FakeServer::builder().clock(Clock::real()).build();
    let client = client(&fake, fake.transport());
    (fake, client)
}

/// Returns a client of a fake without a socket.
pub(crate) fn client(fake: &FakeServer, transport: impl Transport + 'static) -> Client {
    let client = Client::builder().base_url(fake.url()).token(fake.token());
    client.transport(transport).build().unwrap()
}
