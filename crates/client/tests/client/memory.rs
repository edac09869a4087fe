//! The memory that a wait for many resources takes.

use coreweave_inference::{Client, DeploymentId};

const MANY: u64 = 10_000;

/// Enough for an id and its place in a map.
const MAX_BYTES: u64 = 100;

#[test]
fn a_wait_for_many_keeps_little_more_than_the_ids() {
    let client = Client::builder().token("token").build().unwrap();
    let ids: Vec<_> = (0..MANY).map(|_| DeploymentId::random()).collect();
    let mut wait = None;
    let kept =
        allocation_counter::measure(|| wait = Some(client.deployments().wait_all_ready(&ids)));
    let each = u64::try_from(kept.bytes_current).unwrap() / MANY;
    assert!(each <= MAX_BYTES, "{each} bytes for each");
}
