//! Reads the binary form of `google.rpc`'s detail messages, which Connect sends in base64, into protobuf JSON.
//!
//! Only what these few messages are made of: strings, lists, nested messages, a map and a duration.

use serde_json::{Map, Value, json};

/// What a field holds.
enum Shape {
    Text,
    Message(&'static [Field]),
    /// `google.protobuf.Duration`
    Duration,
    /// `map<string, string>`
    Map,
}

struct Field(u64, &'static str, Count, Shape);

enum Count {
    One,
    Many,
}

use Count::{Many, One};
use Shape::{Message, Text};

/// The fields of a message by its name, if it is one of those known.
fn fields(name: &str) -> Option<&'static [Field]> {
    Some(match name.strip_prefix("google.rpc.")? {
        "BadRequest" => &[Field(
            1,
            "fieldViolations",
            Many,
            Message(&[
                Field(1, "field", One, Text),
                Field(2, "description", One, Text),
            ]),
        )],
        "PreconditionFailure" => &[Field(
            1,
            "violations",
            Many,
            Message(&[
                Field(1, "type", One, Text),
                Field(2, "subject", One, Text),
                Field(3, "description", One, Text),
            ]),
        )],
        "QuotaFailure" => &[Field(
            1,
            "violations",
            Many,
            Message(&[
                Field(1, "subject", One, Text),
                Field(2, "description", One, Text),
            ]),
        )],
        "ResourceInfo" => &[
            Field(1, "resourceType", One, Text),
            Field(2, "resourceName", One, Text),
            Field(3, "owner", One, Text),
            Field(4, "description", One, Text),
        ],
        "ErrorInfo" => &[
            Field(1, "reason", One, Text),
            Field(2, "domain", One, Text),
            Field(3, "metadata", One, Shape::Map),
        ],
        "RetryInfo" => &[Field(1, "retryDelay", One, Shape::Duration)],
        "RequestInfo" => &[
            Field(1, "requestId", One, Text),
            Field(2, "servingData", One, Text),
        ],
        "LocalizedMessage" => &[
            Field(1, "locale", One, Text),
            Field(2, "message", One, Text),
        ],
        "Help" => &[Field(
            1,
            "links",
            Many,
            Message(&[
                Field(1, "description", One, Text),
                Field(2, "url", One, Text),
            ]),
        )],
        "DebugInfo" => &[
            Field(1, "stackEntries", Many, Text),
            Field(2, "detail", One, Text),
        ],
        _ => return None,
    })
}

/// The JSON form of the message `name`; `None` if it is unknown or the bytes aren't one.
pub(super) fn to_json(name: &str, bytes: &[u8]) -> Option<Value> {
    message(fields(name)?, bytes).map(Value::Object)
}

fn message(fields: &[Field], bytes: &[u8]) -> Option<Map<String, Value>> {
    let mut object = Map::new();
    for item in Wire(bytes) {
        let (number, content) = item?;
        let Some(Field(_, name, count, shape)) = fields.iter().find(|field| field.0 == number)
        else {
            continue;
        };
        // A field of another type than ours is unknown to us.
        let Content::Bytes(bytes) = content else {
            continue;
        };
        let value = match shape {
            Text => Value::String(String::from_utf8_lossy(bytes).into_owned()),
            Message(fields) => Value::Object(message(fields, bytes)?),
            Shape::Duration => duration(bytes)?,
            Shape::Map => {
                let (key, value) = entry(bytes)?;
                if let Value::Object(map) = object.entry(*name).or_insert_with(|| json!({})) {
                    map.insert(key, value);
                }
                continue;
            }
        };
        match count {
            One => {
                object.insert((*name).to_owned(), value);
            }
            Many => {
                if let Value::Array(list) = object.entry(*name).or_insert_with(|| json!([])) {
                    list.push(value);
                }
            }
        }
    }
    Some(object)
}

fn entry(bytes: &[u8]) -> Option<(String, Value)> {
    let mut entry = message(
        &[Field(1, "key", One, Text), Field(2, "value", One, Text)],
        bytes,
    )?;
    let key = entry
        .remove("key")
        .and_then(|key| key.as_str().map(str::to_owned))
        .unwrap_or_default();
    Some((key, entry.remove("value").unwrap_or_else(|| json!(""))))
}

fn duration(bytes: &[u8]) -> Option<Value> {
    let (mut seconds, mut nanos) = (0, 0);
    for item in Wire(bytes) {
        match item? {
            (1, Content::Number(number)) => seconds = number,
            (2, Content::Number(number)) => nanos = number,
            _ => {}
        }
    }
    Some(json!(format!("{seconds}.{nanos:09}s")))
}

/// One field's content.
enum Content<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// The fields of an encoded message in turn; `None` inside for bytes that aren't one, and then no more.
struct Wire<'a>(&'a [u8]);

impl<'a> Iterator for Wire<'a> {
    type Item = Option<(u64, Content<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Wire<'a> {
    fn field(&mut self) -> Option<(u64, Content<'a>)> {
        let tag = self.varint()?;
        let content = match tag & 7 {
            0 => Content::Number(self.varint()?),
            1 => self.take(8).map(|_| Content::Fixed)?,
            2 => {
                let length = self.varint()?;
                Content::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => self.take(4).map(|_| Content::Fixed)?,
            _ => return None,
        };
        Some((tag >> 3, content))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A length-delimited field.
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![number << 3 | 2, u8::try_from(content.len()).unwrap()];
        bytes.extend_from_slice(content);
        bytes
    }

    #[test]
    fn nested_lists_maps_and_durations_are_read() {
        let violation = [field(1, b"name"), field(2, b"taken"), field(9, b"new")].concat();
        assert_eq!(
            to_json(
                "google.rpc.BadRequest",
                &[field(1, &violation), field(1, b"")].concat()
            ),
            Some(json!({"fieldViolations": [{"field": "name", "description": "taken"}, {}]}))
        );
        let entry = |key: &[u8], value: &[u8]| field(3, &[field(1, key), field(2, value)].concat());
        assert_eq!(
            to_json(
                "google.rpc.ErrorInfo",
                &[field(1, b"R"), entry(b"a", b"1"), entry(b"b", b"2")].concat()
            ),
            Some(json!({"reason": "R", "metadata": {"a": "1", "b": "2"}}))
        );
        // 1 s and 500,000,000 ns, the latter a varint of five bytes.
        let delay = [0x08, 0x01, 0x10, 0x80, 0xca, 0xb5, 0xee, 0x01];
        assert_eq!(
            to_json("google.rpc.RetryInfo", &field(1, &delay)),
            Some(json!({"retryDelay": "1.500000000s"}))
        );
    }

    #[test]
    fn other_wire_types_are_passed_over_and_broken_bytes_are_none() {
        let skipped = [
            vec![0x29, 1, 2, 3, 4, 5, 6, 7, 8],
            vec![0x2d, 1, 2, 3, 4],
            field(1, b"id"),
        ]
        .concat();
        assert_eq!(
            to_json("google.rpc.RequestInfo", &skipped),
            Some(json!({"requestId": "id"}))
        );
        assert_eq!(
            to_json("google.rpc.RequestInfo", &[0x0a, 200]),
            None,
            "longer than what is there"
        );
        assert_eq!(
            to_json("google.rpc.RequestInfo", &[0xff; 20]),
            None,
            "a number without end"
        );
        assert_eq!(to_json("google.rpc.RequestInfo", &[0x0b]), None, "a group");
        assert_eq!(to_json("google.rpc.Novelty", &[]), None);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            for name in ["BadRequest", "ErrorInfo", "RetryInfo", "Help", "DebugInfo"] {
                let _ = to_json(&format!("google.rpc.{name}"), &bytes);
            }
        }
    }
}
