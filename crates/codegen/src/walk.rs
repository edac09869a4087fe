//! Traversal of OpenAPI documents.

use serde_json::{Map, Value};

use coreweave_inference_spec::METHODS;

/// Returns every operation, mutably.
pub(crate) fn operations_mut(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    members_mut(document.get_mut("paths"))
        .filter_map(|(_, item)| item.as_object_mut())
        .flat_map(|item| {
            item.iter_mut()
                .filter(|(key, _)| METHODS.contains(&key.as_str()))
                .map(|(_, operation)| operation)
        })
}

/// Returns the named schemas.
pub(crate) fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(document.pointer("/components/schemas"))
}

/// Returns the schema `name`.
pub(crate) fn schema<'v>(document: &'v Value, name: &str) -> Option<&'v Value> {
    document.pointer("/components/schemas")?.get(name)
}

/// Returns whether a schema is text. In a preprocessed document, the named ones are enums.
pub(crate) fn is_text(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "string")
}

/// Returns the map of named schemas, mutably.
pub(crate) fn schemas_mut(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.pointer_mut("/components/schemas")?.as_object_mut()
}

/// Returns the reference to a schema: `#/components/schemas/Gateway` for `Gateway`.
pub(crate) fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// Returns the name of the schema that a reference points to.
pub(crate) fn schema_name(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// Returns the name of the schema that a schema refers to, with `$ref` or with `allOf`.
pub(crate) fn referenced(schema: &Map<String, Value>) -> Option<String> {
    let reference = match schema.get("allOf").and_then(Value::as_array) {
        Some(parts) => parts.first()?.get("$ref")?,
        None => schema.get("$ref")?,
    };
    schema_name(reference.as_str()?)
}

/// Returns whether a response has a body. JSON without a schema is none.
pub(crate) fn has_content(response: &Value) -> bool {
    members(response.get("content")).any(|(media_type, content)| {
        media_type != "application/json" || content.get("schema").is_some()
    })
}

/// Returns the members of a value, if it is an object.
pub(crate) fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

pub(crate) fn members_mut(
    value: Option<&mut Value>,
) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flatten()
}

/// Calls `visit` for `schema` and for every schema inside it, parents first.
pub(crate) fn each_schema_mut(schema: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    visit(schema);
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => properties
                .values_mut()
                .for_each(|property| each_schema_mut(property, visit)),
            ("allOf", Value::Array(parts)) => parts
                .iter_mut()
                .for_each(|part| each_schema_mut(part, visit)),
            ("items" | "additionalProperties", inner @ Value::Object(_)) => {
                each_schema_mut(inner, visit);
            }
            _ => {}
        }
    }
}
