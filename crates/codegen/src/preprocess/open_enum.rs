//! Enums: published inline at every use, open in truth.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::walk;
use coreweave_inference_spec::{Pointer, Spec, SpecError};

/// One protobuf enum, gathered from all of its uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenEnum {
    /// `ResourceStatus`
    pub(crate) name: String,
    /// What all values begin with: `STATUS_`; empty where they share nothing.
    pub(crate) prefix: String,
    /// The names of the Rust variants and the values as the API spells them, in the order of the spec.
    pub(crate) variants: Vec<(String, String)>,
}

impl OpenEnum {
    /// The value that protobuf gives to an enum nobody set.
    pub(crate) fn unspecified(&self) -> String {
        format!("{}UNSPECIFIED", self.prefix)
    }
}

/// Replaces every inline enum by a reference to a named schema and returns the enums.
///
/// Fact: progenitor makes one closed Rust enum per use (`GatewayStatusStatus`, `DeploymentStatusStatus`, ...), so that a
/// single new value makes a whole reply undecodable. One enum of the API is recognised by its prefix (`STATUS_`), which
/// also names it; where values have no prefix in common, schema and member name it (`ConditionStatus`).
pub(super) fn hoist(spec: &Spec, document: &mut Value) -> Result<Vec<OpenEnum>, SpecError> {
    let mut enums = BTreeMap::new();
    let names: Vec<String> = walk::schemas(document)
        .map(|(name, _)| name.clone())
        .collect();
    let mut hoist = Hoist {
        spec,
        schemas: &names,
        enums: &mut enums,
    };
    for (name, schema) in walk::schemas_mut(document).into_iter().flatten() {
        let pointer = Pointer::root()
            .child("components")
            .child("schemas")
            .child(name);
        hoist.members(name, schema, &pointer)?;
    }
    for operation in walk::operations_mut(document) {
        let owner = operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let owner = pascal_case(owner);
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = parameter
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                hoist.value(&owner, &name, schema, &Pointer::root().child("paths"))?;
            }
        }
    }
    if let Some(schemas) = walk::schemas_mut(document) {
        for name in enums.keys() {
            schemas.insert(name.clone(), json!({"type": "string"}));
        }
    }
    Ok(enums.into_values().collect())
}

struct Hoist<'a> {
    spec: &'a Spec,
    schemas: &'a [String],
    enums: &'a mut BTreeMap<String, OpenEnum>,
}

impl Hoist<'_> {
    /// Hoists what the members of `schema` hold, at any depth.
    fn members(
        &mut self,
        owner: &str,
        schema: &mut Value,
        pointer: &Pointer,
    ) -> Result<(), SpecError> {
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            for (member, property) in properties {
                let pointer = pointer.child("properties").child(member);
                self.value(owner, member, property, &pointer)?;
            }
        }
        match schema.get_mut("additionalProperties") {
            Some(values @ Value::Object(_)) => self.value(
                owner,
                "value",
                values,
                &pointer.child("additionalProperties"),
            ),
            _ => Ok(()),
        }
    }

    fn value(
        &mut self,
        owner: &str,
        member: &str,
        schema: &mut Value,
        pointer: &Pointer,
    ) -> Result<(), SpecError> {
        if let Some(items) = schema.get_mut("items") {
            return self.value(owner, member, items, &pointer.child("items"));
        }
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            return self.members(&format!("{owner}{}", pascal_case(member)), schema, pointer);
        };
        let values: Option<Vec<String>> = values
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        let Some(values) = values.filter(|values| !values.is_empty()) else {
            return Err(self.spec.error(pointer.child("enum").as_str(), "an enum whose values are not all strings is not supported: upstream's older copies have them, take a newer one"));
        };
        let prefix = prefix(member, &values);
        let name = self.name(owner, member, &prefix);
        let known = self.enums.entry(name.clone()).or_insert_with(|| OpenEnum {
            name: name.clone(),
            prefix: prefix.clone(),
            variants: Vec::new(),
        });
        let unspecified = known.unspecified();
        for value in values {
            let known_value = known.variants.iter().any(|(_, known)| *known == value);
            if value == unspecified || known_value {
                continue;
            }
            let variant = variant(value.strip_prefix(&prefix).unwrap_or(&value));
            let is_taken = known.variants.iter().any(|(known, _)| *known == variant);
            if is_taken || RESERVED.contains(&variant.as_str()) || variant.is_empty() {
                let message = format!(
                    "enum value `{value}` would become the variant `{variant}`, which is taken or no Rust name"
                );
                let pointer = pointer.child("enum");
                return Err(self.spec.error(pointer.as_str(), message));
            }
            known.variants.push((variant, value));
        }
        let reference = json!([{"$ref": format!("#/components/schemas/{name}")}]);
        if let Some(schema) = schema.as_object_mut() {
            schema.retain(|keyword, _| !matches!(keyword.as_str(), "enum" | "type" | "format"));
            schema.insert("allOf".to_owned(), reference);
        }
        Ok(())
    }

    fn name(&self, owner: &str, member: &str, prefix: &str) -> String {
        if prefix.is_empty() {
            return format!("{owner}{}", pascal_case(member));
        }
        let name = pascal_case(&prefix.to_ascii_lowercase());
        if self.schemas.contains(&name) {
            // `STATUS_` would be `Status`, which is the error message's schema.
            return format!("Resource{name}");
        }
        name
    }
}

/// What all values begin with: the member's own name where it fits (`apiType`: `API_TYPE_`), else what they share.
fn prefix(member: &str, values: &[String]) -> String {
    let own = format!("{}_", screaming_snake_case(member));
    if values.iter().all(|value| value.starts_with(&own)) {
        return own;
    }
    let [first, rest @ ..] = values else {
        return String::new();
    };
    if rest.is_empty() {
        return String::new();
    }
    first
        .char_indices()
        .filter(|(_, character)| *character == '_')
        .map(|(end, _)| first.get(..=end).unwrap_or_default())
        .rfind(|prefix| rest.iter().all(|value| value.starts_with(prefix)))
        .unwrap_or_default()
        .to_owned()
}

/// Variants that every enum has, and the one word that no variant can be.
const RESERVED: [&str; 3] = ["Self", "Unrecognized", "Unspecified"];

/// The variant for a value without its prefix: `ON_DEMAND` -> `OnDemand`, `True` -> `True`, `720P` -> `_720p`.
fn variant(value: &str) -> String {
    let is_shouted = !value.bytes().any(|byte| byte.is_ascii_lowercase());
    let name = match is_shouted {
        true => pascal_case(&value.to_ascii_lowercase()),
        false => pascal_case(value),
    };
    match name.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    }
}

fn screaming_snake_case(member: &str) -> String {
    let mut name = String::with_capacity(member.len() + 4);
    for character in member.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_uppercase());
    }
    name
}

/// `capacityType`, `capacity_type` and `CAPACITY_TYPE` (once lower case) -> `CapacityType`.
fn pascal_case(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut upper = true;
    for character in name.chars() {
        if !character.is_ascii_alphanumeric() {
            upper = true;
        } else if upper {
            pascal.push(character.to_ascii_uppercase());
            upper = false;
        } else {
            pascal.push(character);
        }
    }
    pascal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hoisted(schemas: &str) -> Result<(Value, Vec<OpenEnum>), SpecError> {
        let spec = crate::tests::spec(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"));
        let mut document = spec.value().clone();
        let enums = hoist(&spec, &mut document)?;
        Ok((document, enums))
    }

    #[test]
    fn one_enum_is_gathered_from_all_its_uses() {
        let (document, enums) = hoisted(
            "    A: {type: object, properties: {status: {type: string, enum: [STATUS_READY, STATUS_ERROR]}}}\n    \
                 B: {type: object, properties: {status: {description: How it is., type: string, enum: [STATUS_READY, STATUS_FAILED], readOnly: true}}}\n    \
                 Status: {type: object, properties: {code: {type: integer}}}\n",
        )
        .unwrap();
        assert_eq!(enums.len(), 1);
        assert_eq!(enums[0].name, "ResourceStatus");
        assert_eq!(enums[0].prefix, "STATUS_");
        let values: Vec<_> = enums[0].variants.iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["STATUS_READY", "STATUS_ERROR", "STATUS_FAILED"]);
        assert_eq!(
            document.pointer("/components/schemas/B/properties/status"),
            Some(&json!({
                "description": "How it is.",
                "allOf": [{"$ref": "#/components/schemas/ResourceStatus"}],
                "readOnly": true,
            }))
        );
    }

    #[test]
    fn a_single_value_takes_its_prefix_from_the_member_and_a_list_from_its_items() {
        let (_, enums) = hoisted(
            "    A: {type: object, properties: {apiType: {type: string, enum: [API_TYPE_OPENAI]}, classes: {type: array, items: {type: string, enum: [CAPACITY_CLASS_RESERVED, CAPACITY_CLASS_ON_DEMAND]}}}}\n",
        )
        .unwrap();
        let found: Vec<_> = enums
            .iter()
            .map(|one| (one.name.as_str(), one.prefix.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("ApiType", "API_TYPE_"),
                ("CapacityClass", "CAPACITY_CLASS_")
            ]
        );
    }

    #[test]
    fn values_without_a_prefix_are_named_by_their_place() {
        let (_, enums) = hoisted(
            "    Condition: {type: object, properties: {status: {type: string, enum: ['True', 'False', Unknown]}}}\n    \
                 Replica: {type: object, properties: {state: {type: string, enum: [PENDING_UPDATE, UPDATING]}}}\n",
        )
        .unwrap();
        let names: Vec<_> = enums.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["ConditionStatus", "ReplicaState"]);
        assert_eq!(enums[0].unspecified(), "UNSPECIFIED");
    }

    #[test]
    fn a_published_zero_value_is_not_a_second_variant() {
        let (_, enums) = hoisted(
            "    A: {type: object, properties: {status: {type: string, enum: [STATUS_UNSPECIFIED, STATUS_READY]}}}\n",
        )
        .unwrap();
        assert_eq!(enums[0].variants, [("Ready".into(), "STATUS_READY".into())]);
    }

    #[test]
    fn variants_are_named_as_rust_names_them() {
        let table = [
            ("ON_DEMAND", "OnDemand"),
            ("True", "True"),
            ("720P", "_720p"),
        ];
        for (value, expected) in table {
            assert_eq!(variant(value), expected);
        }
    }

    #[test]
    fn integers_and_odd_names_are_refused_with_their_place() {
        let table = [
            ("[1, 2]", "not all strings"),
            ("[A_ON, A_UNRECOGNIZED]", "`Unrecognized`"),
            ("[A_X_Y, A_X__Y]", "`A_X__Y`"),
            ("[A_ON, A_]", "`A_`"),
        ];
        for (values, expected) in table {
            let error = hoisted(&format!(
                "    A: {{type: object, properties: {{status: {{enum: {values}}}}}}}\n"
            ))
            .unwrap_err()
            .to_string();
            assert!(error.contains(expected), "{error}");
            assert!(
                error.contains("/components/schemas/A/properties/status/enum"),
                "{error}"
            );
        }
    }
}
