use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Data, Node};

/// Reads JSON, without lines, in a fraction of the time that YAML takes.
///
/// `None` is for what has to be read as YAML, be it for the error alone: keys that are given twice, too deep a document, and
/// text that is not JSON.
pub(crate) fn read(text: &str) -> Option<Node> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = Seed(0).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(node)
}

/// Deserializes a value at this depth.
struct Seed(usize);

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.0 > super::reader::MAX_DEPTH {
            return Err(D::Error::custom("too deep"));
        }
        let data = deserializer.deserialize_any(self)?;
        Ok(Node { line: 0, data })
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Data, E> {
        Ok(Data::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Data, E> {
        Ok(Data::Scalar(flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Data, E> {
        Ok(Data::Scalar(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Data, E> {
        Ok(Data::Scalar(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Data, E> {
        Ok(Data::Scalar(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Data, E> {
        Ok(Data::Scalar(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Data, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Self(self.0 + 1))? {
            items.push(item);
        }
        items.shrink_to_fit();
        Ok(Data::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Data, A::Error> {
        let mut members: Vec<(String, Node)> = Vec::new();
        while let Some(key) = object.next_key()? {
            members.push((key, object.next_value_seed(Self(self.0 + 1))?));
        }
        members.shrink_to_fit();
        match super::reader::duplicate(&members) {
            Some(_) => Err(A::Error::custom("a key is given twice")),
            None => Ok(Data::Object(members)),
        }
    }
}
