//! Checks recorded traffic against openapi.yaml.

use std::sync::LazyLock;

use coreweave_inference_fake::FakeServer;
use coreweave_inference_spec::Spec;
use coreweave_inference_spec::conformance::Conformance;

static CONFORMANCE: LazyLock<Conformance> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    Conformance::new(&Spec::load(path).unwrap()).unwrap()
});

/// Asserts that every request the fake received, and every response it sent, conforms to the document.
pub(crate) fn assert_conforms(fake: &FakeServer) {
    for request in fake.requests() {
        let violations = request.violations(&CONFORMANCE);
        assert!(violations.is_empty(), "{violations:#?}\n{request:#?}");
    }
}
