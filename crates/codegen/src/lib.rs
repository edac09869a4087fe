//! Generates the Rust client of the CoreWeave Inference API, which `coreweave-inference-api` compiles, from its OpenAPI
//! description.
//!
//! A [`Spec`](coreweave_inference_spec::Spec) is preprocessed to what progenitor supports, and progenitor generates the types
//! and the mocks. Operations, the bindings of resources and the JSON Schema of manifests are written from the same
//! description. The build script and `cargo xtask generate` both call [`generate`], so the
//! committed snapshot and a build have the same bytes.
//!
//! ```
//! use coreweave_inference_codegen::{EnumTable, generate};
//! use coreweave_inference_spec::Spec;
//!
//! let spec = Spec::parse("tiny.yaml", "\
//! openapi: 3.0.3
//! info:
//!   title: Tiny
//!   version: '1'
//! paths:
//!   /things/{id}:
//!     get:
//!       operationId: ThingService_GetThing
//!       parameters:
//!         - {name: id, in: path, required: true, schema: {type: string}}
//!       responses:
//!         '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
//! components:
//!   schemas:
//!     Thing: {type: object, properties: {state: {type: string, enum: [STATE_ON, STATE_OFF]}}}
//! ")?;
//! let generated = generate(&spec, &EnumTable::default())?;
//! assert!(generated.client.contains("pub async fn get_thing"));
//! assert!(generated.client.contains("pub state: ::std::option::Option<crate::types::ThingState>"));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod emit;
mod enum_coverage;
mod enum_table;
mod error;
mod generate;
mod generator;
mod manifest_schema;
mod message;
mod operation;
mod postprocess;
mod preprocess;
mod resource;
mod rust_name;
mod rust_type;
mod walk;

pub use enum_coverage::unlisted_enums;
pub use enum_table::EnumTable;
pub use error::Error;
pub use generate::{Generated, generate, operations};
pub use operation::Operation;

#[cfg(test)]
mod tests {
    use coreweave_inference_spec::Spec;

    /// The spec `small.yaml`, with `body` after the five lines that every document begins with.
    pub(crate) fn spec(body: &str) -> Spec {
        let text = format!("openapi: 3.0.3\ninfo:\n  title: Small\n  version: '1'\n# body\n{body}");
        Spec::parse("small.yaml", &text).unwrap()
    }
}
