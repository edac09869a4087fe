//! Named schemas that do not become types.

use serde_json::{Map, Value};

use super::{empty_message, open_enum};
use crate::walk;
use coreweave_inference_spec::{Pointer, Spec, SpecError};

/// Inlines named maps, lists, scalars and untyped values.
///
/// progenitor generates a newtype for each, which is awkward to use and does not decode `null`. Messages and enums remain
/// named.
pub(super) fn inline(spec: &Spec, document: &mut Value) -> Result<(), SpecError> {
    let mut aliases = Map::new();
    if let Some(schemas) = walk::schemas_mut(document) {
        let (named, other) = std::mem::take(schemas)
            .into_iter()
            .partition(|(_, schema)| {
                empty_message::is_message(schema) || open_enum::is_enum(schema)
            });
        *schemas = named;
        aliases = other;
    }
    expand(document, &aliases, &mut Vec::new()).map_err(|name| {
        let pointer = Pointer::root()
            .child("components")
            .child("schemas")
            .child(&name);
        let message =
            format!("schema {name}: a recursive schema that is not an object is not supported");
        spec.error(pointer.as_str(), message)
    })
}

/// Inlines `aliases` in `value`. `inside` are those being inlined. The error is the name of one in a cycle.
fn expand(
    value: &mut Value,
    aliases: &Map<String, Value>,
    inside: &mut Vec<String>,
) -> Result<(), String> {
    match value {
        Value::Object(members) => {
            let name = walk::referenced(members);
            if let Some(name) = name
                && let Some(alias) = aliases.get(&name)
            {
                if inside.contains(&name) {
                    return Err(name);
                }
                let mut alias = alias.clone();
                inside.push(name);
                expand(&mut alias, aliases, inside)?;
                inside.pop();
                members.retain(|keyword, _| !matches!(keyword.as_str(), "$ref" | "allOf"));
                for (keyword, value) in alias.as_object().into_iter().flatten() {
                    members.entry(keyword).or_insert_with(|| value.clone());
                }
                return Ok(());
            }
            members
                .values_mut()
                .try_for_each(|member| expand(member, aliases, inside))
        }
        Value::Array(items) => items
            .iter_mut()
            .try_for_each(|item| expand(item, aliases, inside)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inlined(schemas: &str) -> Result<Value, String> {
        let spec = crate::tests::spec(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"));
        let mut document = spec.value().clone();
        inline(&spec, &mut document).map_err(|error| error.to_string())?;
        Ok(document.pointer("/components/schemas").unwrap().clone())
    }

    #[test]
    fn maps_lists_scalars_and_untyped_values_are_inlined() {
        let schemas = inlined(
            "    Labels: {type: object, description: Any., additionalProperties: {$ref: '#/components/schemas/Label'}}
    Label: {type: string}
    Zones: {type: array, items: {$ref: '#/components/schemas/Label'}}
    Value: {description: Any JSON value.}
    Thing:
      type: object
      properties:
        labels: {description: Its labels., allOf: [{$ref: '#/components/schemas/Labels'}], readOnly: true}
        zones: {$ref: '#/components/schemas/Zones'}
        value: {$ref: '#/components/schemas/Value'}
        other: {$ref: '#/components/schemas/Thing'}
        state: {$ref: '#/components/schemas/State'}
    State: {type: string, enum: [STATE_ON]}
",
        );
        let schemas = schemas.unwrap();
        assert_eq!(
            schemas.pointer("/Thing/properties").unwrap(),
            &json!({
                "labels": {"description": "Its labels.", "type": "object", "additionalProperties": {"type": "string"}, "readOnly": true},
                "zones": {"type": "array", "items": {"type": "string"}},
                "value": {"description": "Any JSON value."},
                "other": {"$ref": "#/components/schemas/Thing"},
                "state": {"$ref": "#/components/schemas/State"},
            })
        );
        assert_eq!(schemas.as_object().unwrap().len(), 2, "{schemas}");
    }

    #[test]
    fn a_recursive_list_is_refused_with_name_and_location() {
        let error = inlined(
            "    Tree: {type: array, items: {$ref: '#/components/schemas/Tree'}}\n    A: {type: object, properties: {tree: {$ref: '#/components/schemas/Tree'}}}\n",
        );
        let error = error.unwrap_err();
        assert!(error.contains("/components/schemas/Tree"), "{error}");
    }
}
