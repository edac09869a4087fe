//! Reading a request's fields by rule, gathering every violation before answering.

use std::cell::RefCell;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// The violations found in one request.
#[derive(Default)]
pub(crate) struct Rules(RefCell<Vec<(String, String)>>);

impl Rules {
    /// The fields of the request's body.
    pub(crate) fn body<'a>(&'a self, members: &'a Map<String, Value>) -> Fields<'a> {
        Fields {
            rules: self,
            path: String::new(),
            members,
        }
    }

    /// Refuses the request if any rule was broken.
    pub(crate) fn verdict(&self) -> Result<(), Failure> {
        let violations = self.0.borrow();
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Failure::invalid(&violations))
        }
    }
}

/// The fields of one message in a request.
pub(crate) struct Fields<'a> {
    rules: &'a Rules,
    path: String,
    members: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Notes that `field` breaks a rule.
    pub(crate) fn violation(&self, field: &str, description: impl Into<String>) {
        let path = self.path_of(field);
        self.rules.0.borrow_mut().push((path, description.into()));
    }

    fn path_of(&self, field: &str) -> String {
        if self.path.is_empty() {
            field.to_owned()
        } else {
            format!("{}.{field}", self.path)
        }
    }

    /// Whether the field is there.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.members.contains_key(field)
    }

    /// Notes `field` as missing unless something was read.
    fn require<T>(&self, field: &str, read: Option<T>) -> Option<T> {
        if read.is_none() && is_unset(self.members.get(field)) {
            self.violation(field, "is required");
        }
        read
    }

    /// Reads the field by `read`, noting a violation if it is there and is no `what`.
    fn typed<T>(
        &self,
        field: &str,
        what: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.members.get(field)?;
        let read = read(value);
        if read.is_none() {
            self.violation(field, format!("must be {what}"));
        }
        read
    }

    /// A string; an empty one counts as unset.
    pub(crate) fn text(&self, field: &str) -> Option<&'a str> {
        self.typed(field, "a string", Value::as_str)
            .filter(|text| !text.is_empty())
    }

    /// A string that must be given.
    pub(crate) fn required_text(&self, field: &str) -> Option<&'a str> {
        self.require(field, self.text(field))
    }

    /// An unsigned 32-bit number.
    pub(crate) fn number(&self, field: &str) -> Option<u32> {
        self.typed(field, "an integer from 0 to 4294967295", |value| {
            value.as_u64().and_then(|number| u32::try_from(number).ok())
        })
    }

    /// A number that must be given.
    pub(crate) fn required_number(&self, field: &str) -> Option<u32> {
        self.require(field, self.number(field))
    }

    /// A boolean.
    pub(crate) fn flag(&self, field: &str) -> Option<bool> {
        self.typed(field, "a boolean", Value::as_bool)
    }

    /// A list of non-empty strings.
    pub(crate) fn texts(&self, field: &str) -> Vec<&'a str> {
        let texts = self.typed(field, "a list of strings", |value| {
            let items = value.as_array()?;
            items
                .iter()
                .map(|item| item.as_str().filter(|text| !text.is_empty()))
                .collect::<Option<Vec<_>>>()
        });
        texts.unwrap_or_default()
    }

    /// A list of strings that must hold at least one.
    pub(crate) fn required_texts(&self, field: &str) -> Vec<&'a str> {
        let texts = self.texts(field);
        self.require(field, (!texts.is_empty()).then_some(()));
        texts
    }

    /// One of the names of an enum.
    pub(crate) fn choice(&self, field: &str, names: &[&str]) -> Option<&'a str> {
        let name = self.text(field)?;
        if !names.contains(&name) {
            self.violation(
                field,
                format!("{name:?} is not one of {}", names.join(", ")),
            );
        }
        Some(name)
    }

    /// A name of an enum that must be given.
    pub(crate) fn required_choice(&self, field: &str, names: &[&str]) -> Option<&'a str> {
        self.require(field, self.choice(field, names))
    }

    /// A list of names of an enum.
    pub(crate) fn choices(&self, field: &str, names: &[&str]) {
        for name in self.texts(field) {
            if !names.contains(&name) {
                self.violation(
                    field,
                    format!("{name:?} is not one of {}", names.join(", ")),
                );
            }
        }
    }

    /// A message.
    pub(crate) fn message(&self, field: &str) -> Option<Fields<'a>> {
        let members = self.typed(field, "an object", Value::as_object)?;
        Some(Fields {
            rules: self.rules,
            path: self.path_of(field),
            members,
        })
    }

    /// A message that must be given.
    pub(crate) fn required_message(&self, field: &str) -> Option<Fields<'a>> {
        self.require(field, self.message(field))
    }

    /// The keys of a map from string to string.
    pub(crate) fn text_map_keys(&self, field: &str) -> Vec<&'a str> {
        let keys = self.typed(field, "a map of strings", |value| {
            let members = value.as_object()?;
            members
                .iter()
                .map(|(key, value)| value.is_string().then_some(key.as_str()))
                .collect::<Option<Vec<_>>>()
        });
        keys.unwrap_or_default()
    }

    /// Exactly one of the fields must be there; `what` says what they choose.
    pub(crate) fn exactly_one(&self, what: &str, fields: &[&str]) {
        match fields.iter().filter(|field| self.has(field)).count() {
            1 => {}
            0 => self.violation(what, format!("one of {} is required", fields.join(", "))),
            _ => self.violation(
                what,
                format!("only one of {} may be set", fields.join(", ")),
            ),
        }
    }

    /// Whether `number` lies in a range, noting a violation if not.
    pub(crate) fn in_range(
        &self,
        field: &str,
        number: Option<u32>,
        range: std::ops::RangeInclusive<u32>,
    ) {
        let Some(number) = number.filter(|number| !range.contains(number)) else {
            return;
        };
        let (low, high) = (range.start(), range.end());
        let bounds = if *high == u32::MAX {
            format!("at least {low}")
        } else {
            format!("from {low} to {high}")
        };
        self.violation(field, format!("must be {bounds}, not {number}"));
    }
}

/// Whether a member is absent, or holds what protobuf JSON writes for an unset one.
fn is_unset(value: Option<&Value>) -> bool {
    match value {
        None => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// The members of requests that hold enums.
const ENUM_MEMBERS: [&str; 7] = [
    "apiType",
    "capacityType",
    "checksumFormat",
    "compressionFormat",
    "promptCachePolicy",
    "transitionMode",
    "type",
];

/// Takes out every member that is `null`, or an enum without a name: in protobuf JSON both mean the
/// same as leaving the member out.
pub(crate) fn drop_unset(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|member, value| {
                let zero = ENUM_MEMBERS.contains(&member.as_str())
                    && value
                        .as_str()
                        .is_some_and(|name| name.is_empty() || name.ends_with("_UNSPECIFIED"));
                !value.is_null() && !zero
            });
            members.values_mut().for_each(drop_unset);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_unset),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn violations(body: Value, read: impl FnOnce(&Fields<'_>)) -> Vec<(String, String)> {
        let mut body = body;
        drop_unset(&mut body);
        let members = body.as_object().unwrap().clone();
        let rules = Rules::default();
        read(&rules.body(&members));
        rules.0.into_inner()
    }

    #[test]
    fn every_violation_is_gathered_with_its_path() {
        let found = violations(json!({"outer": {"count": -1, "kind": "ODD"}}), |body| {
            body.required_text("name");
            let outer = body.required_message("outer").unwrap();
            outer.number("count");
            outer.required_choice("kind", &["EVEN"]);
        });
        let fields: Vec<_> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["name", "outer.count", "outer.kind"]);
    }

    #[test]
    fn a_wrong_type_is_not_also_called_missing() {
        let found = violations(json!({"name": 1}), |body| {
            body.required_text("name");
        });
        assert_eq!(found, [("name".to_owned(), "must be a string".to_owned())]);
    }

    #[test]
    fn protobuf_zero_values_count_as_unset() {
        let body = json!({"name": "", "type": "KIND_UNSPECIFIED", "zones": []});
        let found = violations(body, |body| {
            body.required_text("name");
            body.required_choice("type", &["KIND_A"]);
            body.required_texts("zones");
        });
        assert_eq!(found.len(), 3);
        assert!(
            found
                .iter()
                .all(|(_, description)| description == "is required")
        );
    }
}
