use std::path::Path;

use coreweave_inference_codegen::Generated;

use super::{Failure, Outcome, difference, read_or_empty};

/// Whether `generated/` holds a fresh generation byte for byte, and nothing else.
pub(super) fn check(root: &Path, generated: &Generated) -> Outcome {
    let folder = root.join("generated");
    let files = generated.files();
    let mut failures = Vec::new();
    for (name, fresh) in files {
        let committed = read_or_empty(&folder.join(name))?;
        let path = format!("generated/{name}");
        if let Some(what) = difference(&committed, fresh, &path, "a fresh generation") {
            failures.push(Failure {
                what,
                remedy: "run `cargo xtask generate` and commit what it writes",
            });
        }
    }
    for entry in std::fs::read_dir(&folder)? {
        let name = entry?.file_name();
        if !files.iter().any(|(known, _)| name == *known) {
            failures.push(Failure {
                what: format!("generated/{} is not generated", name.display()),
                remedy: "remove it: only `cargo xtask generate` writes there",
            });
        }
    }
    Ok(failures)
}
