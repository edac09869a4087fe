use coreweave_inference_codegen::{EnumTable, unlisted_enums};
use coreweave_inference_spec::Spec;

use super::{Failure, Outcome};

/// Whether the table knows every enum of the spec and every value.
pub(super) fn check(spec: &Spec, table: &EnumTable) -> Outcome {
    let unlisted = unlisted_enums(spec, table)?;
    Ok(unlisted
        .into_iter()
        .map(|what| Failure {
            what: format!("{} lacks {what}", EnumTable::FILE),
            remedy: "add it with its protobuf number, or with null where that is not known, then run `cargo xtask generate`",
        })
        .collect())
}
