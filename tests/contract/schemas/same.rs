//! Equality of messages.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::arbitrary::{is_required, resolved};

/// The enums in openapi.enums.json.
static ENUMS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let table = include_str!("../../../openapi.enums.json");
    let table: Value = serde_json::from_str(table).unwrap();
    table["enums"].as_object().unwrap().clone()
});

/// Checks that `encoded` is equal to `sent`. A member that was absent, `null` or empty may be absent or, if it is required,
/// have its default; timestamps may be written differently; enum numbers and aliases may be names.
pub(crate) fn same(
    document: &Value,
    schema: &Value,
    sent: &Value,
    encoded: &Value,
) -> Result<(), String> {
    let schema = resolved(document, schema);
    let differ = || Err(format!(": sent {sent}, encoded {encoded}"));
    if schema.get("enum").is_some() {
        return if sent == encoded || is_same_value(sent, encoded) {
            Ok(())
        } else {
            differ()
        };
    }
    match (sent, encoded) {
        (Value::Object(sent), Value::Object(encoded)) => {
            match (schema.get("properties"), schema.get("additionalProperties")) {
                (_, Some(values @ Value::Object(_))) => same_map(document, values, sent, encoded),
                (Some(Value::Object(known)), _) => {
                    same_members(document, schema, known, sent, encoded)
                }
                _ => differ(),
            }
        }
        (Value::Array(sent), Value::Array(encoded)) if sent.len() == encoded.len() => sent
            .iter()
            .zip(encoded)
            .enumerate()
            .try_for_each(|(index, (sent, encoded))| {
                same(document, &schema["items"], sent, encoded)
                    .map_err(|error| format!("/{index}{error}"))
            }),
        (Value::String(sent), Value::String(encoded)) if is_moment(schema) => {
            match (
                sent.parse::<DateTime<Utc>>(),
                encoded.parse::<DateTime<Utc>>(),
            ) {
                (Ok(sent), Ok(encoded)) if sent == encoded => Ok(()),
                _ => differ(),
            }
        }
        _ if sent == encoded => Ok(()),
        _ => differ(),
    }
}

fn same_map(
    document: &Value,
    values: &Value,
    sent: &Map<String, Value>,
    encoded: &Map<String, Value>,
) -> Result<(), String> {
    if sent.len() != encoded.len() {
        return Err(format!(": sent {sent:?}, encoded {encoded:?}"));
    }
    sent.iter().try_for_each(|(key, sent)| {
        let encoded = encoded.get(key).unwrap_or(&Value::Null);
        same(document, values, sent, encoded).map_err(|error| format!("/{key}{error}"))
    })
}

fn same_members(
    document: &Value,
    schema: &Value,
    known: &Map<String, Value>,
    sent: &Map<String, Value>,
    encoded: &Map<String, Value>,
) -> Result<(), String> {
    for (name, member) in known {
        let sent = sent.get(name).unwrap_or(&Value::Null);
        let result = match encoded.get(name) {
            Some(encoded) if is_unset(document, member, sent) => {
                let is_default = is_default(document, member, encoded);
                if is_required(schema, name) && is_default {
                    Ok(())
                } else {
                    Err(format!(": sent {sent}, encoded {encoded}"))
                }
            }
            Some(encoded) => same(document, member, sent, encoded),
            None if is_unset(document, member, sent) && !is_required(schema, name) => Ok(()),
            None => Err(format!(": sent {sent}, encoded nothing")),
        };
        result.map_err(|error| format!("/{name}{error}"))?;
    }
    let unknown = |members: &Map<String, Value>| {
        let unknown = members
            .iter()
            .filter(|(name, _)| !known.contains_key(*name));
        unknown
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Map<_, _>>()
    };
    let (sent, encoded) = (unknown(sent), unknown(encoded));
    if sent == encoded {
        Ok(())
    } else {
        Err(format!(": sent unknown {sent:?}, encoded {encoded:?}"))
    }
}

/// Returns whether an encoder may send `value` for an unset member.
fn is_unset(document: &Value, member: &Value, sent: &Value) -> bool {
    let member = resolved(document, member);
    let is_map = member
        .get("additionalProperties")
        .is_some_and(Value::is_object);
    match sent {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => is_map && members.is_empty(),
        Value::String(text) => is_moment(member) && text.is_empty(),
        _ => false,
    }
}

/// Returns whether `value` is the default of a member's type.
fn is_default(document: &Value, member: &Value, value: &Value) -> bool {
    let member = resolved(document, member);
    if member.get("enum").is_some() {
        return value.as_str().is_some_and(is_unspecified);
    }
    match value {
        Value::Null => false,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(_) => same(document, member, &Value::Object(Map::new()), value).is_ok(),
    }
}

/// Returns whether `sent` is the number of the enum value `name`, or an alias of it.
fn is_same_value(sent: &Value, name: &Value) -> bool {
    let Some(name) = name.as_str() else {
        return false;
    };
    ENUMS.values().any(|facts| {
        let alias = sent.as_str().map(|sent| &facts["aliases"][sent]);
        (sent.is_i64() && facts["values"][name] == *sent) || alias.is_some_and(|of| of == name)
    })
}

fn is_unspecified(name: &str) -> bool {
    name.ends_with("UNSPECIFIED")
}

fn is_moment(schema: &Value) -> bool {
    schema
        .get("format")
        .is_some_and(|format| format == "date-time")
}
