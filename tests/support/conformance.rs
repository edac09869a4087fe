//! Holding what went over the wire to openapi.yaml.

use std::sync::LazyLock;

use coreweave_inference_fake::FakeServer;
use coreweave_inference_fake::conformance::Conformance;

static CONFORMANCE: LazyLock<Conformance> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    Conformance::load(path).unwrap()
});

/// Checks every request that the fake has received and every reply that it gave.
pub(crate) fn assert_conforms(fake: &FakeServer) {
    for request in fake.requests() {
        if let Err(departure) = CONFORMANCE.check(&request) {
            panic!("{departure}\n{request:#?}");
        }
    }
}
