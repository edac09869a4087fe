//! Writes responses as fixtures, without what identifies an account.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use coreweave_inference_spec::Spec;
use serde_json::{Map, Value, json};

use super::account::Recorded;
use crate::transaction;

/// Writes one file per response, `<operation>-<number>.json`.
pub(super) fn write(
    spec: &Spec,
    responses: &[Recorded],
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut redactor = Redactor {
        spec,
        replaced: BTreeMap::new(),
    };
    let mut files = Vec::new();
    for response in responses {
        let count = counts.entry(&response.operation).or_default();
        *count += 1;
        let schema = spec.value().pointer(&response.schema);
        let fixture = json!({
            "operation": response.operation,
            "body": redactor.redact(&response.body, schema),
        });
        let name = format!("{}-{count}.json", response.operation);
        files.push((folder.join(name), format!("{fixture:#}\n")));
    }
    transaction::write_all(files)?;
    Ok(())
}

/// Keeps what the spec says that the service chooses: member names, numbers, flags, times and enum values. Every other
/// text and every key of a map becomes a placeholder, the same one wherever it occurs.
struct Redactor<'s> {
    spec: &'s Spec,
    replaced: BTreeMap<String, String>,
}

impl<'s> Redactor<'s> {
    fn redact(&mut self, value: &Value, schema: Option<&'s Value>) -> Value {
        let schema = schema.map(|schema| self.resolve(schema));
        let get = |key: &str| schema.and_then(|schema| schema.get(key));
        match value {
            Value::String(text) => {
                let is_time = get("format").is_some_and(|format| format == "date-time")
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || b"TZ:.+-".contains(&byte));
                let is_enum = get("enum").is_some()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if text.is_empty() || is_time || is_enum {
                    value.clone()
                } else {
                    Value::String(self.placeholder(text))
                }
            }
            Value::Array(items) => {
                let schema = get("items");
                items.iter().map(|item| self.redact(item, schema)).collect()
            }
            Value::Object(members) => {
                let is_map = get("additionalProperties").is_some_and(Value::is_object)
                    && get("properties").is_none();
                let mut redacted = Map::new();
                for (name, member) in members {
                    let schema = if is_map {
                        get("additionalProperties")
                    } else {
                        get("properties").and_then(|properties| properties.get(name))
                    };
                    let name = if is_map {
                        self.placeholder(name)
                    } else {
                        name.clone()
                    };
                    redacted.insert(name, self.redact(member, schema));
                }
                Value::Object(redacted)
            }
            value => value.clone(),
        }
    }

    /// The schema behind references and `allOf` with one part.
    fn resolve(&self, schema: &'s Value) -> &'s Value {
        let mut schema = schema;
        while let Some(next) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| self.spec.resolve(reference))
            .or_else(|| schema.pointer("/allOf/0"))
        {
            schema = next;
        }
        schema
    }

    fn placeholder(&mut self, text: &str) -> String {
        let number = self.replaced.len() + 1;
        let is_id = text.len() == 36 && text.matches('-').count() == 4;
        let placeholder = if is_id {
            format!("00000000-0000-4000-8000-{number:012}")
        } else {
            format!("text-{number}")
        };
        let placeholder = self.replaced.entry(text.to_owned()).or_insert(placeholder);
        placeholder.clone()
    }
}
