//! Names of members and parameters.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rust_name::{field_name, is_identifier};
use crate::walk;
use coreweave_inference_spec::{Pointer, Spec, SpecError, operations};

/// Refuses members of one message that would become the same field, and parameters of one operation that would become the
/// same argument: `url` and `_url`.
pub(super) fn check(spec: &Spec) -> Result<(), SpecError> {
    for (name, schema) in walk::schemas(spec.value()) {
        let pointer = Pointer::root()
            .child("components")
            .child("schemas")
            .child(name);
        members(spec, name, schema, &pointer)?;
    }
    for operation in operations(spec.value()) {
        // The arguments of the generated method that are no parameters.
        let mut fields = Fields::new(
            spec,
            format!("operation {}", operation.id),
            &["body", "params"],
        );
        for parameter in &operation.parameters {
            fields.add(parameter.name, &parameter.at)?;
        }
    }
    Ok(())
}

fn members(spec: &Spec, owner: &str, schema: &Value, pointer: &Pointer) -> Result<(), SpecError> {
    let mut fields = Fields::new(spec, format!("schema {owner}"), &["extra_members"]);
    for (name, member) in walk::members(schema.get("properties")) {
        let pointer = pointer.child("properties").child(name);
        fields.add(name, &pointer)?;
        members(spec, owner, member, &pointer)?;
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(keyword) {
            members(spec, owner, inner, &pointer.child(keyword))?;
        }
    }
    Ok(())
}

/// The fields of a struct, or the arguments of a method.
struct Fields<'a> {
    spec: &'a Spec,
    owner: String,
    names: BTreeMap<String, String>,
}

impl<'a> Fields<'a> {
    fn new(spec: &'a Spec, owner: String, taken: &[&str]) -> Self {
        let taken = taken.iter().map(|name| {
            let by = format!("the generated `{name}`");
            ((*name).to_owned(), by)
        });
        Self {
            spec,
            owner,
            names: taken.collect(),
        }
    }

    fn add(&mut self, name: &str, pointer: &Pointer) -> Result<(), SpecError> {
        let owner = &self.owner;
        let field = field_name(name);
        if !is_identifier(&field) {
            let message = format!("{owner}: `{name}` makes no name in Rust");
            return Err(self.spec.error(pointer.as_str(), message));
        }
        match self.names.insert(field.clone(), format!("`{name}`")) {
            None => Ok(()),
            Some(other) => {
                let message =
                    format!("{owner}: {other} and `{name}` would both be named `{field}`");
                Err(self.spec.error(pointer.as_str(), message))
            }
        }
    }
}
