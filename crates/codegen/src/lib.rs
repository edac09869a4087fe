//! Turns the CoreWeave Inference API's OpenAPI description into the Rust client that `coreweave-inference-api` compiles.
//!
//! Data runs one way: [`Spec`](coreweave_inference_spec::Spec) -> the preprocessed document -> progenitor -> postprocessed tokens -> formatted Rust.
//! This crate is the one place that knows progenitor; a build script and a development task both call [`generate`], which
//! is why the committed snapshot and a fresh build are the same bytes.
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
//! assert!(generated.client.contains("On = \"STATE_ON\""));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod emit;
mod enum_table;
mod generate;
mod postprocess;
mod preprocess;

pub use enum_table::EnumTable;
pub use generate::{Error, Generated, generate, operations};
pub use preprocess::Operation;

#[cfg(test)]
mod tests {
    use coreweave_inference_spec::Spec;

    /// A spec of a few lines under the name `small.yaml`, the head of every document in front (five lines).
    pub(crate) fn spec(body: &str) -> Spec {
        let text = format!("openapi: 3.0.3\ninfo:\n  title: Small\n  version: '1'\n# body\n{body}");
        Spec::parse("small.yaml", &text).unwrap()
    }
}
