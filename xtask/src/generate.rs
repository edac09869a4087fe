//! `cargo xtask generate`: writes `generated/`, openapi.yaml in canonical form, and its SHA-256 in openapi.lock.

use std::error::Error;
use std::path::Path;

use coreweave_inference_codegen::{EnumTable, generate};
use coreweave_inference_spec::{Spec, canonical};

use crate::lock::{self, Lock};
use crate::{relative, transaction};

/// Generates and writes every file that changes.
pub(crate) fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let spec = Spec::load(root.join("openapi.yaml"))?;
    let generated = generate(&spec, &EnumTable::load(root.join(EnumTable::FILE))?)?;
    let text = canonical::write(spec.value());
    let lock = Lock::load(root)?.edit(&text).text()?;
    let mut changes = vec![
        (root.join("openapi.yaml"), text),
        (root.join(lock::FILE), lock),
    ];
    for (name, text) in generated.files() {
        changes.push((root.join("generated").join(name), text.to_owned()));
    }
    let written = transaction::write_all(changes)?;
    for path in &written {
        println!("wrote {}", relative(root, path));
    }
    if written.is_empty() {
        println!("openapi.yaml, openapi.lock and generated/ are up to date");
    }
    Ok(())
}
