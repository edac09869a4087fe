//! The bridge to serde, the only code that is generic over a format.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{
    DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_core::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Number, Value};

use super::decode::List;
use super::{Decode, Encode, Failure, Input, Object, Output};

/// Reads a value from JSON.
pub(crate) fn from_slice(json: &[u8], value: &mut dyn Decode) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    Target::new(value).deserialize(&mut deserializer)?;
    deserializer.end()
}

/// Writes a value as JSON.
pub(crate) fn to_vec(value: &dyn Encode) -> serde_json::Result<Vec<u8>> {
    // Holds most requests, where `serde_json::to_vec` would grow once or twice.
    let mut json = Vec::with_capacity(512);
    serde_json::to_writer(&mut json, value)?;
    Ok(json)
}

/// Implements `Deserialize`.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Decode + Default,
    D: Deserializer<'de>,
{
    let mut value = T::default();
    Target::new(&mut value).deserialize(deserializer)?;
    Ok(value)
}

/// The one member of the object as which serde_json passes a number if any crate of the program has switched its feature
/// `arbitrary_precision` on.
const NUMBER: &str = "$serde_json::private::Number";

/// A value to read.
struct Target<'a> {
    value: &'a mut dyn Decode,
    /// Whether `null` leaves it as it is.
    is_nullable: bool,
}

impl<'a> Target<'a> {
    fn new(value: &'a mut dyn Decode) -> Self {
        Self {
            value,
            is_nullable: false,
        }
    }

    fn nullable(value: &'a mut dyn Decode) -> Self {
        Self {
            value,
            is_nullable: true,
        }
    }

    fn read<E: Error>(&mut self, input: Input<'_>, found: Unexpected<'_>) -> Result<(), E> {
        match self.value.decode(input) {
            Ok(_) => Ok(()),
            Err(Failure::Value(expected)) => Err(E::invalid_value(found, &expected)),
            Err(Failure::Type(expected)) => Err(E::invalid_type(found, &expected)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Target<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Target<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        match self.is_nullable {
            true => Ok(()),
            false => self.read(Input::Null, Unexpected::Unit),
        }
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<(), E> {
        self.read(Input::Bool(value), Unexpected::Bool(value))
    }

    fn visit_i64<E: Error>(mut self, value: i64) -> Result<(), E> {
        self.read(Input::Number(value.into()), Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(mut self, value: u64) -> Result<(), E> {
        self.read(Input::Number(value.into()), Unexpected::Unsigned(value))
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<(), E> {
        let number = Number::from_f64(value);
        let input = number.map_or(Input::Null, Input::Number);
        self.read(input, Unexpected::Float(value))
    }

    fn visit_str<E: Error>(mut self, value: &str) -> Result<(), E> {
        self.read(Input::Text(value), Unexpected::Str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, items: A) -> Result<(), A::Error> {
        let mut list = Items { items, error: None };
        let read = self.read(Input::List(&mut list), Unexpected::Seq);
        list.error.map_or(read, Err)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, members: A) -> Result<(), A::Error> {
        let mut object = Entries {
            members,
            name: Cow::Borrowed(""),
            peeked: None,
            error: None,
        };
        let first = object.next();
        let read = if first == Some(NUMBER) {
            let number = object.members.next_value::<Cow<'_, str>>()?;
            let input = number.parse().map_or(Input::Null, Input::Number);
            self.read(input, Unexpected::Other("number"))
        } else {
            object.peeked = Some(first.is_some());
            self.read(Input::Object(&mut object), Unexpected::Map)
        };
        object.error.map_or(read, Err)
    }
}

struct Items<A, E> {
    items: A,
    error: Option<E>,
}

impl<'de, A: SeqAccess<'de>> List for Items<A, A::Error> {
    fn next(&mut self, item: &mut dyn Decode) -> bool {
        match self.items.next_element_seed(Target::new(item)) {
            Ok(item) => item.is_some(),
            Err(error) => {
                self.error = Some(error);
                false
            }
        }
    }
}

struct Entries<'de, A, E> {
    members: A,
    name: Cow<'de, str>,
    /// Whether there is a member, if that was found out before it is needed.
    peeked: Option<bool>,
    error: Option<E>,
}

impl<'de, A: MapAccess<'de>> Entries<'de, A, A::Error> {
    fn value(&mut self, target: Target<'_>) {
        if let Err(error) = self.members.next_value_seed(target) {
            self.error = Some(error);
        }
    }
}

impl<'de, A: MapAccess<'de>> Object for Entries<'de, A, A::Error> {
    fn next(&mut self) -> Option<&str> {
        match self.peeked.take() {
            None if self.error.is_none() => {}
            Some(true) => return Some(&self.name),
            _ => return None,
        }
        match self.members.next_key_seed(Name) {
            Ok(name) => {
                self.name = name?;
                Some(&self.name)
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    fn read(&mut self, value: &mut dyn Decode) {
        self.value(Target::nullable(value));
    }

    fn read_entry(&mut self, value: &mut dyn Decode) {
        self.value(Target::new(value));
    }

    fn read_unknown(&mut self, unknown: &mut Map<String, Value>) {
        let mut value = Value::Null;
        self.read(&mut value);
        unknown.insert(self.name.to_string(), value);
    }
}

/// The name of a member, borrowed from the input where the parser allows it.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_string<E: Error>(self, name: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name))
    }
}

impl Serialize for dyn Encode + '_ {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.encode().serialize(serializer)
    }
}

impl Serialize for Output<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unset => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Json(value) => value.serialize(serializer),
            Self::List(items, len) => {
                let mut list = serializer.serialize_seq(Some(*len))?;
                let mut written = Ok(());
                items.each(&mut |_, item, _| {
                    if written.is_ok() {
                        written = list.serialize_element(&item);
                    }
                });
                written?;
                list.end()
            }
            Self::Object(members, len) => {
                let mut object = serializer.serialize_map(*len)?;
                let mut written = Ok(());
                members.each(&mut |name, value, always| {
                    if written.is_ok() && !value.is_unset(always) {
                        written = object.serialize_entry(name, &value);
                    }
                });
                written?;
                object.end()
            }
        }
    }
}
