//! Checks a message against its rules and collects every violation.

use serde_json::Value;

use crate::error::ApiError;
use crate::schema::{Enum, Message, Presence, Type};

/// The pattern of names and buckets.
const LABEL: &str = r"^[a-zA-Z0-9]([a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?$";

/// The violations found in one request: field and description.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<(String, String)>);

impl Violations {
    /// Checks a message as it was read.
    pub(crate) fn check(&mut self, message: Message, body: &Value) {
        self.check_message(message, "", body);
    }

    /// Adds a violation.
    pub(crate) fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.0.push((field.into(), description.into()));
    }

    /// Adds a violation if a string is not one of the known ones.
    pub(crate) fn check_known(&mut self, field: &str, text: &str, known: &[&str]) {
        if !known.contains(&text) {
            let known = known.join(", ");
            self.add(field, format!("{text:?} is not one of {known}"));
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

    /// Adds a violation if a name or bucket is set and does not match the pattern.
    pub(crate) fn check_label(&mut self, field: &str, text: &str) {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_label = text.len() <= 63
            && text.bytes().all(is_inner)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if !is_label {
            self.add(field, format!("does not match regex pattern `{LABEL}`"));
        }
    }

    /// Fails with INVALID_ARGUMENT if there are violations.
    pub(crate) fn into_result(self) -> Result<(), ApiError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(ApiError::invalid(&self.0)),
        }
    }

    fn check_message(&mut self, message: Message, path: &str, body: &Value) {
        let fields = message.iter();
        for field in fields.filter(|field| field.presence != Presence::Output) {
            let path = match path {
                "" => field.name.to_owned(),
                path => format!("{path}.{}", field.name),
            };
            match (&field.holds, body.get(field.name)) {
                (_, None) if field.presence == Presence::Required => self.add(path, "is required"),
                (_, None) => {}
                (Type::Message(message), Some(value)) => self.check_message(message, &path, value),
                (holds, Some(value)) => self.check_value(holds, path, value),
            }
        }
    }

    fn check_value(&mut self, holds: &Type, path: String, value: &Value) {
        let is_defined = |values: &Enum, value: &Value| {
            let name = value.as_str().unwrap_or_default();
            values.names.contains(&name)
        };
        let items = value.as_array().into_iter().flatten();
        match holds {
            Type::Uint(low, high) => {
                let number = value.as_u64().unwrap_or_default();
                if number < (*low).into() {
                    self.add(path, format!("must be greater than or equal to {low}"));
                } else if number > (*high).into() {
                    self.add(path, format!("must be less than or equal to {high}"));
                }
            }
            Type::Enum(values) if !is_defined(values, value) => self.add(path, UNDEFINED),
            Type::Enums(values) if !items.clone().all(|item| is_defined(values, item)) => {
                self.add(path, UNDEFINED);
            }
            Type::Strings if items.clone().any(|item| item == "") => {
                self.add(path, "must not have empty items");
            }
            _ => {}
        }
    }
}

const UNDEFINED: &str = "must be one of the defined enum values";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::DEPLOYMENT_SPEC;

    #[test]
    fn every_violation_is_collected_with_its_path() {
        let mut violations = Violations::default();
        let body = json!({"name": "chat", "autoscaling": {"min": 0, "priority": 1001}});
        violations.check(DEPLOYMENT_SPEC, &body);
        let fields: Vec<_> = violations.0.into_iter().map(|(field, _)| field).collect();
        let expected = [
            "gatewayIds",
            "runtime",
            "resources",
            "model",
            "autoscaling.min",
            "autoscaling.max",
            "autoscaling.priority",
            "traffic",
        ];
        assert_eq!(fields, expected);
    }
}
