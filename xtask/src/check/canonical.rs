use std::path::Path;

use coreweave_inference_spec::{Spec, canonical};

use super::{Failure, Outcome, difference, read_or_empty};

/// Whether openapi.yaml is byte for byte what the one writer makes of it.
pub(super) fn check(root: &Path, spec: &Spec) -> Outcome {
    let text = read_or_empty(&root.join("openapi.yaml"))?;
    let canonical = canonical::write(spec.value());
    let diff = difference(
        &text,
        &canonical,
        "openapi.yaml",
        "openapi.yaml in canonical form",
    );
    Ok(diff
        .map(|what| Failure {
            what,
            remedy: "run `cargo xtask generate`, which also rewrites openapi.yaml in canonical form",
        })
        .into_iter()
        .collect())
}
