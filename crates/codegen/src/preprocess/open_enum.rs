//! Enums.

use std::collections::BTreeMap;

use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use serde_json::{Map, Value, json};

use crate::EnumTable;
use crate::rust_name::{is_identifier, type_name};
use crate::walk;
use coreweave_inference_spec::{Pointer, Spec, SpecError};

/// An enum, with its values from all members that have its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenEnum {
    /// `ResourceStatus`
    pub(crate) name: String,
    /// The members that have this type: `GatewayStatus.status`.
    pub(crate) members: Vec<String>,
    /// The name of the value zero: `STATUS_UNSPECIFIED`.
    pub(crate) unspecified: String,
    /// All values but the zero value.
    pub(crate) variants: Vec<Variant>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    /// `Ready`
    pub(crate) name: String,
    /// `STATUS_READY`
    pub(crate) value: String,
    /// Other names of the same value.
    pub(crate) aliases: Vec<String>,
    /// Its protobuf number, if known.
    pub(crate) number: Option<i64>,
}

/// Returns whether a schema is an enum: it lists values, or has the format `enum`.
pub(super) fn is_enum(schema: &Value) -> bool {
    schema.get("enum").is_some() || schema.get("format").is_some_and(|format| format == "enum")
}

/// Replaces every enum with a reference to a named schema, and returns the enums.
///
/// progenitor generates a closed Rust enum for each inline enum (`GatewayStatusStatus`, `DeploymentStatusStatus`, ...), so a
/// new value would make a response undecodable.
///
/// Adding a value must not rename anything. The name of an enum is therefore taken from the table, or from its named schema,
/// or from the schema and member that contain it. The name of a variant depends on that name and on its own value.
pub(super) fn hoist(
    spec: &Spec,
    table: &EnumTable,
    document: &mut Value,
) -> Result<Vec<OpenEnum>, SpecError> {
    let mut named = Map::new();
    let mut messages = Vec::new();
    if let Some(schemas) = walk::schemas_mut(document) {
        let (enums, other): (Map<_, _>, Map<_, _>) = std::mem::take(schemas)
            .into_iter()
            .partition(|(_, schema)| is_enum(schema));
        *schemas = other;
        named = enums;
        messages = schemas.keys().cloned().collect();
    }
    let mut hoist = Hoist {
        spec,
        table,
        named: &named,
        messages: &messages,
        enums: BTreeMap::new(),
    };
    for (name, schema) in walk::schemas_mut(document).into_iter().flatten() {
        let pointer = Pointer::root()
            .child("components")
            .child("schemas")
            .child(name);
        hoist.members_of(name, schema, &pointer)?;
    }
    for operation in walk::operations_mut(document) {
        let owner = operation.get("operationId").and_then(Value::as_str);
        let owner = owner.unwrap_or_default().to_upper_camel_case();
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = parameter.get("name").and_then(Value::as_str);
            let name = name.unwrap_or_default().to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                let pointer = Pointer::root().child("paths");
                hoist.value(&owner, &name, &name, schema, &pointer)?;
            }
        }
    }
    let enums = hoist.enums;
    if let Some(schemas) = walk::schemas_mut(document) {
        for name in enums.keys() {
            schemas.insert(name.clone(), json!({"type": "string"}));
        }
    }
    Ok(enums.into_values().collect())
}

struct Hoist<'a> {
    spec: &'a Spec,
    table: &'a EnumTable,
    /// Enums that are named schemas.
    named: &'a Map<String, Value>,
    messages: &'a [String],
    enums: BTreeMap<String, OpenEnum>,
}

impl Hoist<'_> {
    /// Hoists the enums in the members of `schema`, recursively.
    fn members_of(
        &mut self,
        owner: &str,
        schema: &mut Value,
        pointer: &Pointer,
    ) -> Result<(), SpecError> {
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            for (member, property) in properties {
                let pointer = pointer.child("properties").child(member);
                self.value(owner, member, member, property, &pointer)?;
            }
        }
        Ok(())
    }

    /// Hoists the enum that `schema`, the type of a member, is or contains. `word` is the singular of the member's name.
    fn value(
        &mut self,
        owner: &str,
        member: &str,
        word: &str,
        schema: &mut Value,
        pointer: &Pointer,
    ) -> Result<(), SpecError> {
        for inner in ["items", "additionalProperties"] {
            if let Some(schema @ Value::Object(_)) = schema.get_mut(inner) {
                return self.value(
                    owner,
                    member,
                    singular(member),
                    schema,
                    &pointer.child(inner),
                );
            }
        }
        let place = format!("{owner}.{member}");
        let named = schema.as_object().and_then(walk::referenced);
        let named = named.and_then(|name| self.named.get_key_value(&name));
        let facts = self.table.of_member(&place);
        let is_scalar = matches!(
            schema.get("type").and_then(Value::as_str),
            Some("string" | "integer")
        );
        if !is_enum(schema) && named.is_none() && !(facts.is_some() && is_scalar) {
            let owner = format!("{owner}{}", member.to_upper_camel_case());
            return self.members_of(&owner, schema, pointer);
        }

        let words = match (facts, named) {
            (Some((name, _)), _) => name.to_owned(),
            (None, Some((name, _))) => name.clone(),
            (None, None) => format!("{owner}{}", word.to_upper_camel_case()),
        };
        let is_free = facts.is_some() || named.is_some() || !self.is_taken(&words);
        let name = match is_free {
            true => words.clone(),
            false => format!("{words}Value"),
        };
        let values = named.map_or(&*schema, |(_, schema)| schema);
        let mut values = self.texts(values, pointer)?;
        if let Some((_, facts)) = facts {
            let mut known: Vec<_> = facts.values.iter().collect();
            known.sort_by_key(|(_, number)| number.unwrap_or(i64::MAX));
            values.extend(known.into_iter().map(|(value, _)| value.clone()));
        }
        self.gather(&name, &words, place, values, pointer)?;
        if let Some(schema) = schema.as_object_mut() {
            schema.retain(|keyword, _| {
                !matches!(keyword.as_str(), "$ref" | "enum" | "type" | "format")
            });
            schema.insert(
                "allOf".to_owned(),
                json!([{"$ref": walk::reference(&name)}]),
            );
        }
        Ok(())
    }

    /// Returns the names of the values. Numbers have no name.
    fn texts(&self, schema: &Value, pointer: &Pointer) -> Result<Vec<String>, SpecError> {
        let values = schema.get("enum").and_then(Value::as_array);
        let mut texts = Vec::new();
        for value in values.into_iter().flatten() {
            match value {
                Value::String(text) => texts.push(text.clone()),
                Value::Number(_) | Value::Null => {}
                other => {
                    let message =
                        format!("`{other}` is neither the name nor the number of an enum value");
                    return Err(self.spec.error(pointer.child("enum").as_str(), message));
                }
            }
        }
        Ok(texts)
    }

    /// Returns whether a schema has this name.
    fn is_taken(&self, name: &str) -> bool {
        self.messages.iter().any(|message| message == name) || self.named.contains_key(name)
    }

    /// Adds a member and its values, which may start with `words`, to the enum `name`.
    fn gather(
        &mut self,
        name: &str,
        words: &str,
        member: String,
        values: Vec<String>,
        pointer: &Pointer,
    ) -> Result<(), SpecError> {
        let facts = self.table.of_member(&member).map(|(_, facts)| facts);
        let found = self
            .enums
            .entry(name.to_owned())
            .or_insert_with(|| OpenEnum {
                name: name.to_owned(),
                members: Vec::new(),
                unspecified: zero(words),
                variants: Vec::new(),
            });
        found.members.push(member);
        for value in values {
            let variant = variant(words, &value);
            if variant == "Unspecified" {
                found.unspecified = value;
                continue;
            }
            let known = |known: &Variant| known.value == value || known.aliases.contains(&value);
            if !is_identifier(&variant) {
                let message = format!("no variant can be named after the enum value `{value}`");
                return Err(self.spec.error(pointer.child("enum").as_str(), message));
            }
            let alias_of = facts.and_then(|facts| facts.aliases.get(&value));
            if alias_of.is_some() || found.variants.iter().any(known) {
                continue;
            }
            if let Some(other) = found.variants.iter().find(|known| known.name == variant) {
                let message = format!(
                    "the enum values `{}` and `{value}` would both be the variant `{variant}`",
                    other.value
                );
                return Err(self.spec.error(pointer.child("enum").as_str(), message));
            }
            let aliases = facts.into_iter().flat_map(|facts| &facts.aliases);
            found.variants.push(Variant {
                name: variant,
                aliases: aliases
                    .filter(|(_, of)| **of == value)
                    .map(|(alias, _)| alias.clone())
                    .collect(),
                number: facts.and_then(|facts| *facts.values.get(&value)?),
                value,
            });
        }
        Ok(())
    }
}

/// `capacityClasses` -> `capacityClass`.
fn singular(member: &str) -> &str {
    let classes = member
        .strip_suffix("es")
        .filter(|rest| rest.ends_with("ss"));
    let modes = member.strip_suffix('s').filter(|rest| !rest.ends_with('s'));
    classes.or(modes).unwrap_or(member)
}

/// Returns the name of the zero value according to protobuf's style guide, for an enum that publishes none.
fn zero(name: &str) -> String {
    format!("{}_UNSPECIFIED", name.to_shouty_snake_case())
}

/// Returns the variant for a value of the enum `name`: `STATUS_READY` of `ResourceStatus` -> `Ready`, `True` -> `True`.
fn variant(name: &str, value: &str) -> String {
    let text = without_prefix(name, value);
    let is_shouted = !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let text = match is_shouted {
        true => text.to_lowercase(),
        false => text.to_owned(),
    };
    let name = type_name(&text);
    match name.as_str() {
        "Unrecognized" => "Unrecognized_".to_owned(),
        _ => name,
    }
}

/// Returns the part of a value after the enum's name or its last words: `HOT_LOAD_STATE_FAILED` of `HotLoadState` -> `FAILED`.
fn without_prefix<'v>(name: &str, value: &'v str) -> &'v str {
    let words = name.to_shouty_snake_case();
    let mut end = Some(words.as_str());
    while let Some(words) = end {
        let prefix = format!("{words}_");
        let rest = value.split_once(&prefix);
        if let Some((before, rest)) = rest
            && (before.is_empty() || before.ends_with('_'))
            && rest.contains(|character: char| character.is_alphanumeric())
        {
            return rest;
        }
        end = words.split_once('_').map(|(_, rest)| rest);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"{"enums": {
        "ResourceStatus": {
            "members": ["A.status", "B.status"],
            "values": {"STATUS_UNSPECIFIED": 0, "STATUS_READY": 6, "STATUS_ERROR": 4, "STATUS_LATER": null}
        },
        "ConditionStatus": {
            "members": ["Condition.status"],
            "values": {"STATUS_UNSPECIFIED": 0, "True": 1},
            "aliases": {"STATUS_TRUE": "True"}
        },
        "CapacityClass": {
            "members": ["A.classes"],
            "values": {"CAPACITY_CLASS_UNSPECIFIED": 0, "CAPACITY_CLASS_ON_DEMAND": null}
        }
    }}"#;

    fn hoisted_with(table: &str, schemas: &str) -> Result<(Value, Vec<OpenEnum>), SpecError> {
        let spec = crate::tests::spec(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"));
        let table = EnumTable::parse("table", table)?;
        let mut document = spec.value().clone();
        let enums = hoist(&spec, &table, &mut document)?;
        Ok((document, enums))
    }

    /// The enums of a spec that no table knows.
    fn hoisted(schemas: &str) -> Result<(Value, Vec<OpenEnum>), SpecError> {
        hoisted_with(r#"{"enums": {}}"#, schemas)
    }

    fn variants(found: &OpenEnum) -> Vec<(&str, &str, Option<i64>)> {
        let variants = found.variants.iter();
        variants
            .map(|variant| {
                (
                    variant.name.as_str(),
                    variant.value.as_str(),
                    variant.number,
                )
            })
            .collect()
    }

    #[test]
    fn members_of_one_enum_in_the_table_share_a_type_with_all_its_values() {
        let (document, enums) = hoisted_with(
            TABLE,
            "    A: {type: object, properties: {status: {type: string, enum: [STATUS_READY, STATUS_NEW]}}}\n    \
                 B: {type: object, properties: {status: {description: How it is., type: string, enum: [STATUS_FAILED], readOnly: true}}}\n",
        )
        .unwrap();
        assert_eq!(enums.len(), 1);
        assert_eq!(enums[0].name, "ResourceStatus");
        assert_eq!(enums[0].unspecified, "STATUS_UNSPECIFIED");
        assert_eq!(enums[0].members, ["A.status", "B.status"]);
        assert_eq!(
            variants(&enums[0]),
            [
                ("Ready", "STATUS_READY", Some(6)),
                ("New", "STATUS_NEW", None),
                ("Error", "STATUS_ERROR", Some(4)),
                ("Later", "STATUS_LATER", None),
                ("Failed", "STATUS_FAILED", None),
            ]
        );
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
    fn inline_integer_and_named_enums_are_equal() {
        let (inline, enums) = hoisted_with(
            TABLE,
            "    A: {type: object, properties: {status: {type: string, enum: [STATUS_READY]}}}\n",
        )
        .unwrap();
        for schemas in [
            "    A: {type: object, properties: {status: {type: integer, format: enum}}}\n",
            "    A: {type: object, properties: {status: {type: integer, enum: [0, 6]}}}\n",
            "    A: {type: object, properties: {status: {type: string}}}\n",
            "    A: {type: object, properties: {status: {$ref: '#/components/schemas/Lifecycle'}}}\n    Lifecycle: {type: string, enum: [STATUS_READY]}\n",
        ] {
            let (document, found) = hoisted_with(TABLE, schemas).unwrap();
            assert_eq!(
                document.pointer("/components"),
                inline.pointer("/components")
            );
            let sorted = |found: &OpenEnum| {
                let mut found = found.clone();
                found.variants.sort_by(|a, b| a.name.cmp(&b.name));
                found
            };
            assert_eq!(sorted(&found[0]), sorted(&enums[0]), "{schemas}");
        }
    }

    #[test]
    fn an_enum_that_is_not_in_the_table_is_named_after_its_schema_or_member() {
        let (_, enums) = hoisted(
            "    A: {type: object, properties: {apiType: {type: string, enum: [API_TYPE_OPENAI]}, modes: {type: array, items: {type: string, enum: [MODE_ON]}}, kind: {allOf: [{$ref: '#/components/schemas/Kind'}]}, level: {type: integer, format: enum}}}\n    Kind: {type: string, enum: [KIND_NICE]}\n",
        )
        .unwrap();
        let found: Vec<_> = enums
            .iter()
            .map(|one| (one.name.as_str(), variants(one)))
            .collect();
        assert_eq!(
            found,
            [
                ("AApiType", vec![("Openai", "API_TYPE_OPENAI", None)]),
                ("ALevel", vec![]),
                ("AMode", vec![("On", "MODE_ON", None)]),
                ("Kind", vec![("Nice", "KIND_NICE", None)]),
            ]
        );
        assert_eq!(enums[0].unspecified, "A_API_TYPE_UNSPECIFIED");
    }

    #[test]
    fn adding_a_value_renames_nothing() {
        let named = |values: &str| {
            let schemas = format!(
                "    Thing: {{type: object, properties: {{state: {{type: string, enum: [{values}]}}}}}}\n"
            );
            let (_, enums) = hoisted(&schemas).unwrap();
            assert_eq!(enums[0].name, "ThingState");
            enums[0].variants.clone()
        };
        for (before, added) in [
            ("THING_STATE_ON", "OFF"),
            ("ON, OFF", "STATE_PAUSED"),
            ("STATE_ON, STATE_OFF", "STATE_OFF_FOR_GOOD"),
            ("STATE_A_X, STATE_A_Y", "STATE_B"),
            ("STATE_ON", "STATE_UNSPECIFIED"),
            ("'True', 'False'", "Unknown"),
        ] {
            let kept = named(before);
            for values in [format!("{before}, {added}"), format!("{added}, {before}")] {
                let now = named(&values);
                assert!(
                    kept.iter().all(|variant| now.contains(variant)),
                    "{values}: {now:?}"
                );
            }
        }
    }

    #[test]
    fn aliases_of_a_value_are_one_variant() {
        for values in [
            "'True'",
            "STATUS_TRUE",
            "'True', STATUS_TRUE",
            "STATUS_TRUE, 'True'",
        ] {
            let (_, enums) = hoisted_with(
                TABLE,
                &format!("    Condition: {{type: object, properties: {{status: {{type: string, enum: [{values}]}}}}}}\n"),
            )
            .unwrap();
            assert_eq!(variants(&enums[0]), [("True", "True", Some(1))], "{values}");
            assert_eq!(enums[0].variants[0].aliases, ["STATUS_TRUE"], "{values}");
        }
    }

    #[test]
    fn a_message_keeps_its_name_if_an_enum_would_have_the_same() {
        let (document, enums) = hoisted(
            "    Gateway: {type: object, properties: {status: {type: string, enum: [A]}}}\n    GatewayStatus: {type: object, properties: {a: {type: string}}}\n",
        )
        .unwrap();
        assert_eq!(enums[0].name, "GatewayStatusValue");
        let message = document.pointer("/components/schemas/GatewayStatus/properties/a");
        assert!(message.is_some(), "{document}");
    }

    #[test]
    fn variants_have_rust_names() {
        for (name, value, expected) in [
            ("CapacityClass", "CAPACITY_CLASS_ON_DEMAND", "OnDemand"),
            ("HotLoadReplicaState", "PENDING_UPDATE", "PendingUpdate"),
            ("HotLoadState", "HOT_LOAD_STATE_FAILED", "Failed"),
            ("SnapshotType", "TYPE_", "Type"),
            ("ConditionStatus", "True", "True"),
            ("Resolution", "720P", "_720p"),
            ("ThingState", "STATE_SELF", "Self_"),
            ("ThingState", "STATE_UNRECOGNIZED", "Unrecognized_"),
            ("ThingState", "ESTATE_ON", "EstateOn"),
        ] {
            assert_eq!(variant(name, value), expected, "{value}");
        }
    }

    #[test]
    fn values_that_cannot_be_variants_are_refused_with_their_location() {
        for (values, expected) in [
            ("[true]", "`true`"),
            ("[A_ON, '']", "the enum value ``"),
            ("['+']", "the enum value `+`"),
            ("['--', A_ON]", "the enum value `--`"),
            ("[A_X_Y, A_X__Y]", "`A_X_Y` and `A_X__Y`"),
        ] {
            let error = hoisted(&format!(
                "    A: {{type: object, properties: {{status: {{enum: {values}}}}}}}\n"
            ));
            let error = error.unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(
                error.contains("/components/schemas/A/properties/status/enum"),
                "{error}"
            );
        }
    }
}
