use std::path::Path;

use super::{Failure, Outcome, read_or_empty};
use crate::lock::{self, Lock};

/// Whether openapi.lock was written for the openapi.yaml that is there.
pub(super) fn check(root: &Path) -> Outcome {
    let spec = read_or_empty(&root.join("openapi.yaml"))?;
    if Lock::load(root)?.matches(&spec) {
        return Ok(Vec::new());
    }
    Ok(vec![Failure {
        what: format!("{} holds another SHA-256 than openapi.yaml has", lock::FILE),
        remedy: "run `cargo xtask generate`, which also brings openapi.lock up to date",
    }])
}
