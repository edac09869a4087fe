//! Checks a request against its message and collects every violation.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::schema::{Enum, Message, Type};

/// The violations found in one request: field and description.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<(String, String)>);

impl Violations {
    /// Checks a request body, and rewrites it to the form in which specs are stored: `null` and an
    /// enum's zero value mean unset, and an enum's number means its name.
    pub(crate) fn check(&mut self, message: Message, body: &mut Value) {
        self.check_message(message, "", body);
    }

    /// Adds a violation.
    pub(crate) fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.0.push((field.into(), description.into()));
    }

    /// Adds a violation if a string is not one of the known ones.
    pub(crate) fn check_known(&mut self, field: &str, text: &str, known: &[&str]) {
        if !known.contains(&text) {
            self.add(field, not_one_of(text, known));
        }
    }

    /// Adds a violation unless exactly one of the members is set; `field` names the choice.
    pub(crate) fn check_exactly_one(&mut self, field: &str, body: &Value, members: &[&str]) {
        let names = members.join(", ");
        match members
            .iter()
            .filter(|name| body.get(name).is_some())
            .count()
        {
            1 => {}
            0 => self.add(field, format!("one of {names} is required")),
            _ => self.add(field, format!("only one of {names} may be set")),
        }
    }

    /// Adds a violation unless a string is a hostname label.
    pub(crate) fn check_hostname_label(&mut self, field: &str, text: Option<&str>) {
        let is_label = |text: &str| {
            text.len() <= 63
                && !text.starts_with('-')
                && !text.ends_with('-')
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if text.is_some_and(|text| !is_label(text)) {
            self.add(
                field,
                "must be a hostname label: 1 to 63 letters, digits and inner hyphens",
            );
        }
    }

    /// Fails with INVALID_ARGUMENT if there are violations.
    pub(crate) fn into_result(self) -> Result<(), ApiError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(ApiError::invalid(&self.0)),
        }
    }

    fn check_message(&mut self, message: Message, path: &str, body: &mut Value) {
        let Some(members) = body.as_object_mut() else {
            return;
        };
        for field in message {
            let path = match path {
                "" => field.name.to_owned(),
                path => format!("{path}.{}", field.name),
            };
            let value = members.get_mut(field.name);
            let mut is_set =
                value.is_some_and(|value| self.check_value(&field.holds, &path, value));
            if members.get(field.name).is_some_and(Value::is_null) {
                members.remove(field.name);
                is_set = false;
            }
            if field.is_required && !is_set {
                self.add(path, "is required");
            }
        }
    }

    /// Checks a field's value and returns whether it counts as set. Leaves `null` in place of an
    /// enum's zero value.
    fn check_value(&mut self, holds: &Type, path: &str, value: &mut Value) -> bool {
        let expected = match (holds, &mut *value) {
            (_, Value::Null) => return false,
            (Type::Bool, Value::Bool(_)) => return true,
            (Type::String | Type::Timestamp, Value::String(text)) => return !text.is_empty(),
            (Type::Uint(low, high), Value::Number(number)) => {
                match number.as_u64().map(u32::try_from) {
                    Some(Ok(number)) if (*low..=*high).contains(&number) => return true,
                    _ if *high == u32::MAX => &*format!("an integer of at least {low}"),
                    _ => &*format!("an integer from {low} to {high}"),
                }
            }
            (Type::Enum(values), Value::String(_) | Value::Number(_)) => {
                return self.check_enum(values, path, value);
            }
            (Type::Enums(values), Value::Array(items)) => {
                for item in items.iter_mut() {
                    self.check_enum(values, path, item);
                }
                items.retain(|item| !item.is_null());
                return !items.is_empty();
            }
            (Type::Message(message), Value::Object(_)) => {
                self.check_message(message, path, value);
                return true;
            }
            (Type::Strings, Value::Array(items)) if items.iter().all(is_non_empty_string) => {
                return !items.is_empty();
            }
            (Type::StringMap, Value::Object(entries)) if entries.values().all(Value::is_string) => {
                return true;
            }
            (Type::Messages(_) | Type::MessageMap(_), _) => return true,
            (Type::Bool, _) => "a boolean",
            (Type::String | Type::Timestamp, _) => "a string",
            (Type::Uint(..), _) => "an integer",
            (Type::Enum(_), _) => "the name or number of an enum value",
            (Type::Enums(_), _) => "a list of enum values",
            (Type::Message(_), _) => "an object",
            (Type::Strings, _) => "a list of non-empty strings",
            (Type::StringMap, _) => "a map of strings",
        };
        self.add(path, format!("must be {expected}, not {value}"));
        true
    }

    fn check_enum(&mut self, values: &Enum, path: &str, value: &mut Value) -> bool {
        let text = match &*value {
            Value::String(text) => text.clone(),
            number => match number.as_u64() {
                Some(0) => String::new(),
                number => number
                    .and_then(|number| values.name(number))
                    .map_or_else(|| value.to_string(), str::to_owned),
            },
        };
        if text.is_empty() || text == values.zero {
            *value = Value::Null;
            return false;
        }
        if !values.names.contains(&&*text) {
            self.add(path, not_one_of(&text, values.names));
        }
        *value = json!(text);
        true
    }
}

fn not_one_of(text: &str, known: &[&str]) -> String {
    format!("{text:?} is not one of {}", known.join(", "))
}

fn is_non_empty_string(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{DEPLOYMENT_SPEC, HOT_LOAD_SPEC};

    fn fields(message: Message, body: &mut Value) -> Vec<String> {
        let mut violations = Violations::default();
        violations.check(message, body);
        violations.0.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn every_violation_is_collected_with_its_path() {
        let mut body = json!({"name": 1, "gatewayIds": [], "autoscaling": {"min": -1}});
        let expected = [
            "name",
            "gatewayIds",
            "runtime",
            "resources",
            "model",
            "autoscaling.min",
            "autoscaling.max",
            "traffic",
        ];
        assert_eq!(fields(DEPLOYMENT_SPEC, &mut body), expected);
    }

    #[test]
    fn zero_values_are_removed_and_numbers_become_names() {
        let mut body = json!({
            "deploymentId": "d",
            "identity": "v1",
            "type": 1,
            "promptCachePolicy": "PROMPT_CACHE_POLICY_UNSPECIFIED",
            "incrementalSnapshotMetadata": null,
            "unknown": null,
        });
        assert!(fields(HOT_LOAD_SPEC, &mut body).is_empty());
        let expected = json!({
            "deploymentId": "d",
            "identity": "v1",
            "type": "SNAPSHOT_TYPE_FULL",
            "unknown": null,
        });
        assert_eq!(body, expected);
        for zero in [json!(0), json!(""), json!("SNAPSHOT_TYPE_UNSPECIFIED")] {
            body["type"] = zero;
            assert_eq!(fields(HOT_LOAD_SPEC, &mut body), ["type"]);
        }
        body["type"] = json!(3);
        assert_eq!(fields(HOT_LOAD_SPEC, &mut body), ["type"]);
    }
}
