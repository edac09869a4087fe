//! Reads messages as a protobuf JSON parser does.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Number, Value, json};

use crate::error::ApiError;
use crate::json::snake_case;
use crate::schema::{Enum, Field, Message, Presence, Type};

/// Whether a reader keeps members that the message does not have, which a protobuf parser drops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unknown {
    Drop,
    Keep,
}

/// Reads a message from the body of a request, in the form in which specs are stored: members by
/// their JSON names, enum values by their names, and without what is unset. Unknown enum numbers
/// are left as they are.
pub(crate) fn read(message: Message, body: &[u8], unknown: Unknown) -> Result<Value, ApiError> {
    let holds = Type::Message(message);
    let (name, holds) = ("", &holds);
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let reader = Reader {
        name,
        holds,
        unknown,
    };
    let value = reader.deserialize(&mut deserializer);
    match value.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(ApiError::malformed("the body must be a JSON object")),
        Err(error) => Err(ApiError::malformed(format!("invalid JSON: {error}"))),
    }
}

/// Reads the value of one field; `null` if that is unset.
#[derive(Clone, Copy)]
struct Reader<'a> {
    name: &'a str,
    holds: &'a Type,
    unknown: Unknown,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.holds {
            Type::Message(_) | Type::StringMap => deserializer.deserialize_any(self),
            _ => {
                let value = Value::deserialize(deserializer)?;
                let read = scalar(self.holds, &value);
                read.ok_or_else(|| {
                    let name = self.name;
                    D::Error::custom(format_args!("invalid value for the field {name}: {value}"))
                })
            }
        }
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            "" => f.write_str("an object"),
            name => write!(f, "an object for the field {name}"),
        }
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let (name, value) = match self.holds {
                Type::Message(message) => match message.iter().find(|field| field.reads(&name)) {
                    Some(field) => {
                        let reader = Reader {
                            name: field.name,
                            holds: &field.holds,
                            ..self
                        };
                        (field.name.to_owned(), map.next_value_seed(reader)?)
                    }
                    None => {
                        let value: Value = map.next_value()?;
                        if self.unknown == Unknown::Keep {
                            members.insert(name, value);
                        }
                        continue;
                    }
                },
                _ => (name, map.next_value::<String>()?.into()),
            };
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate member {name}")));
            }
            members.insert(name, value);
        }
        members.retain(|_, value| !value.is_null());
        match self.holds {
            Type::StringMap if members.is_empty() => Ok(Value::Null),
            _ => Ok(Value::Object(members)),
        }
    }
}

impl Field {
    /// Whether a member of a request stands for this field.
    fn reads(&self, member: &str) -> bool {
        let is_named = member == self.name || member == snake_case(self.name);
        self.presence != Presence::Output && is_named
    }
}

/// A value as it is stored, `null` if it is unset; none if the type does not have it.
fn scalar(holds: &Type, value: &Value) -> Option<Value> {
    let is_zero = match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    let stored = match (holds, value) {
        (_, Value::Null) => Value::Null,
        (Type::Bool, Value::Bool(_)) | (Type::String | Type::Timestamp, Value::String(_)) => {
            value.clone()
        }
        (Type::Strings, Value::Array(items)) if items.iter().all(Value::is_string) => value.clone(),
        (Type::Enums(values), Value::Array(items)) => {
            let names = items.iter().map(|item| enum_value(values, item));
            names.collect::<Option<_>>()?
        }
        (Type::Enum(values), _) => match enum_value(values, value)? {
            zero if zero == values.zero => Value::Null,
            value => value,
        },
        (Type::Uint(low, _), _) => match u32::try_from(integer(value)?).ok()? {
            // Without a lower bound, zero is what is left out.
            0 if *low == 0 => Value::Null,
            number => json!(number),
        },
        (Type::Int64, _) => json!(integer(value)?),
        _ => return None,
    };
    Some(if is_zero { Value::Null } else { stored })
}

/// The name of an enum value; a number that has none is left as it is.
fn enum_value(values: &Enum, value: &Value) -> Option<Value> {
    if let Value::String(name) = value {
        return (values.zero == name || values.names.contains(&&**name)).then(|| value.clone());
    }
    let number = i32::try_from(integer(value).filter(|_| value.is_number())?).ok()?;
    Some(values.name(number).map_or(json!(number), Value::from))
}

/// An integer in any of its forms: `4`, `"4"`, `4.0`, `0.4e1`.
fn integer(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) if text.trim() == text => text.parse::<Number>().ok()?,
        _ => return None,
    };
    let whole = || {
        let number = number.as_f64()?;
        #[allow(clippy::cast_possible_truncation, reason = "a whole number in range")]
        let whole = number as i64;
        (number.fract() == 0.0 && number.abs() < 1e15).then_some(whole)
    };
    number.as_i64().or_else(whole)
}
