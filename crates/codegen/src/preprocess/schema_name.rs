//! Names of schemas.

use std::collections::BTreeMap;

use serde_json::Value;

use super::empty_message;
use crate::EnumTable;
use crate::rust_name::type_name;
use crate::walk;
use coreweave_inference_spec::{Pointer, Spec, SpecError};

/// Renames every schema to its Rust type.
///
/// progenitor converts names itself (`OIDCAuth` becomes `OidcAuth`), and identifies the types to replace by their Rust names.
/// With this step first, all later steps use one name for a schema.
pub(super) fn rename(
    spec: &Spec,
    table: &EnumTable,
    document: &mut Value,
) -> Result<(), SpecError> {
    let mut renamed = BTreeMap::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for (name, schema) in walk::schemas(spec.value()) {
        let mut rust_name = type_name(name);
        // The wrapper uses the enums of the table by name, so a new message must not take the name of one.
        if table.named(&rust_name).is_some() && empty_message::is_message(schema) {
            rust_name.push_str("Message");
        }
        if let Some(other) = taken.insert(rust_name.clone(), name) {
            let message =
                format!("the schemas {other} and {name} would both be the Rust type {rust_name}");
            let pointer = Pointer::root()
                .child("components")
                .child("schemas")
                .child(name);
            return Err(spec.error(pointer.as_str(), message));
        }
        renamed.insert(name.clone(), rust_name);
    }
    rename_references(document, &renamed);
    if let Some(schemas) = walk::schemas_mut(document) {
        *schemas = std::mem::take(schemas)
            .into_iter()
            .map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema))
            .collect();
    }
    Ok(())
}

fn rename_references(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        let name = walk::schema_name(reference);
                        if let Some(rust_name) = name.and_then(|name| renamed.get(&name)) {
                            *reference = walk::reference(rust_name);
                        }
                    }
                    value => rename_references(value, renamed),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_references(item, renamed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renamed(schemas: &str) -> Result<Value, String> {
        let spec = crate::tests::spec(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"));
        let table =
            r#"{"enums": {"ThingState": {"members": [], "values": {"STATE_UNSPECIFIED": 0}}}}"#;
        let table = EnumTable::parse("table", table).unwrap();
        let mut document = spec.value().clone();
        rename(&spec, &table, &mut document).map_err(|error| error.to_string())?;
        Ok(document.pointer("/components/schemas").unwrap().clone())
    }

    #[test]
    fn schemas_are_renamed_to_their_rust_types() {
        let schemas = renamed(
            "    OIDCAuth: {type: object, properties: {next: {$ref: '#/components/schemas/google.protobuf.Any'}}}\n    google.protobuf.Any: {type: object}\n",
        );
        assert_eq!(
            schemas.unwrap(),
            json!({
                "OidcAuth": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/GoogleProtobufAny"}}},
                "GoogleProtobufAny": {"type": "object"},
            })
        );
    }

    #[test]
    fn two_schemas_with_the_same_rust_name_are_refused() {
        let error = renamed("    AB: {type: object}\n    Ab: {type: object}\n").unwrap_err();
        assert!(error.contains("/components/schemas/Ab"), "{error}");
        assert!(error.contains("AB and Ab"), "{error}");
    }

    #[test]
    fn a_message_with_the_name_of_an_enum_in_the_table_is_renamed() {
        let schemas = renamed(
            "    ThingState: {type: object, properties: {a: {type: string}}}\n    Other: {$ref: '#/components/schemas/ThingState'}\n",
        );
        let schemas = schemas.unwrap();
        assert!(schemas.get("ThingStateMessage").is_some(), "{schemas}");
        assert_eq!(
            schemas.pointer("/Other/$ref").unwrap(),
            "#/components/schemas/ThingStateMessage"
        );
    }
}
