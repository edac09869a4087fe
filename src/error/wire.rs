//! The messages of `google.rpc` in the binary form of protobuf, in which Connect sends them.

use serde_json::{Map, Value, json};

/// The fields of a message that are read: number, JSON name and type.
type Fields = &'static [(u64, &'static str, Type)];

#[derive(Clone, Copy)]
enum Type {
    Text,
    Number,
    Duration,
    List(Fields),
    /// From text to text.
    Map,
}

use Type::{Duration, List, Number, Text};

const SUBJECT: (u64, &str, Type) = (1, "subject", Text);
const MESSAGES: [(&str, Fields); 9] = [
    (
        "BadRequest",
        &[(
            1,
            "fieldViolations",
            List(&[(1, "field", Text), (2, "description", Text)]),
        )],
    ),
    (
        "PreconditionFailure",
        &[(
            1,
            "violations",
            List(&[
                (1, "type", Text),
                (2, "subject", Text),
                (3, "description", Text),
            ]),
        )],
    ),
    (
        "QuotaFailure",
        &[(1, "violations", List(&[SUBJECT, (2, "description", Text)]))],
    ),
    ("RetryInfo", &[(1, "retryDelay", Duration)]),
    (
        "RequestInfo",
        &[(1, "requestId", Text), (2, "servingData", Text)],
    ),
    (
        "ErrorInfo",
        &[
            (1, "reason", Text),
            (2, "domain", Text),
            (3, "metadata", Type::Map),
        ],
    ),
    (
        "LocalizedMessage",
        &[(1, "locale", Text), (2, "message", Text)],
    ),
    (
        "Help",
        &[(
            1,
            "links",
            List(&[(1, "description", Text), (2, "url", Text)]),
        )],
    ),
    (
        "ResourceInfo",
        &[
            (1, "resourceType", Text),
            (2, "resourceName", Text),
            (3, "owner", Text),
            (4, "description", Text),
        ],
    ),
];

/// Returns the JSON of the message `name`; `None` if it is not one of those above, or malformed.
pub(super) fn to_json(name: &str, bytes: &[u8]) -> Option<Value> {
    let name = name.strip_prefix("google.rpc.")?;
    let (_, fields) = MESSAGES.iter().find(|(known, _)| *known == name)?;
    message(fields, bytes).map(Value::Object)
}

fn message(fields: Fields, mut bytes: &[u8]) -> Option<Map<String, Value>> {
    let mut json = Map::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let mut number = 0;
        let content = match tag & 7 {
            0 => {
                number = varint(&mut bytes)?;
                &[]
            }
            1 => take(&mut bytes, 8)?,
            2 => {
                let length = varint(&mut bytes)?;
                take(&mut bytes, length)?
            }
            5 => take(&mut bytes, 4)?,
            _ => return None,
        };
        let field = fields.iter().find(|(known, ..)| *known == tag >> 3);
        let Some((_, name, kind)) = field else {
            continue;
        };
        let expected = if matches!(kind, Number) { 0 } else { 2 };
        if tag & 7 != expected {
            return None;
        }
        let member = json.entry(*name);
        match kind {
            Text => *member.or_insert(Value::Null) = String::from_utf8_lossy(content).into(),
            Number => *member.or_insert(Value::Null) = number.cast_signed().into(),
            Duration => *member.or_insert(Value::Null) = duration(content)?.into(),
            List(fields) => {
                let list = member.or_insert_with(|| json!([])).as_array_mut()?;
                list.push(Value::Object(message(fields, content)?));
            }
            Type::Map => {
                let mut entry = message(&[(1, "key", Text), (2, "value", Text)], content)?;
                let mut part = |name| entry.remove(name).unwrap_or_else(|| "".into());
                let (key, value) = (part("key"), part("value"));
                let map = member.or_insert_with(|| json!({})).as_object_mut()?;
                map.insert(key.as_str()?.to_owned(), value);
            }
        }
    }
    Some(json)
}

/// A `google.protobuf.Duration` as JSON has it.
fn duration(bytes: &[u8]) -> Option<String> {
    let json = message(&[(1, "seconds", Number), (2, "nanos", Number)], bytes)?;
    let part = |name| json.get(name).and_then(Value::as_i64).unwrap_or_default();
    Some(format!("{}.{:09}s", part("seconds"), part("nanos")))
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *take(bytes, 1)?.first()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn take<'b>(bytes: &mut &'b [u8], count: u64) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(usize::try_from(count).ok()?)?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    /// Written by the Python package googleapis-common-protos 1.75 with protobuf 7.
    #[test]
    fn messages_that_another_encoder_wrote_are_read() {
        for (name, base64, json) in [
            (
                "BadRequest",
                "CioKF3Jlc291cmNlcy5jYXBhY2l0eV90eXBlEg9tdXN0IGJlIG1hbmFnZWQKHAoPYXV0b3NjYWxpbmcubWF4Egl0b28gc21hbGw=",
                json!({"fieldViolations": [
                    {"field": "resources.capacity_type", "description": "must be managed"},
                    {"field": "autoscaling.max", "description": "too small"},
                ]}),
            ),
            (
                "PreconditionFailure",
                "Ch0KA1VTRRIHZ2F0ZXdheRoNMiBkZXBsb3ltZW50cw==",
                json!({"violations": [{"type": "USE", "subject": "gateway", "description": "2 deployments"}]}),
            ),
            (
                "QuotaFailure",
                "CiIKDG9yZ2FuaXphdGlvbhISOCBvZiA4IEdQVXMgaW4gdXNl",
                json!({"violations": [{"subject": "organization", "description": "8 of 8 GPUs in use"}]}),
            ),
            (
                "RetryInfo",
                "CggIARCAyrXuAQ==",
                json!({"retryDelay": "1.500000000s"}),
            ),
            (
                "RequestInfo",
                "CgNyLTESBXBvZC03",
                json!({"requestId": "r-1", "servingData": "pod-7"}),
            ),
            (
                "ErrorInfo",
                "CghTVE9DS09VVBINY29yZXdlYXZlLmNvbRoTCgR6b25lEgtVUy1FQVNULTA0QQ==",
                json!({"reason": "STOCKOUT", "domain": "coreweave.com", "metadata": {"zone": "US-EAST-04A"}}),
            ),
            (
                "LocalizedMessage",
                "CgJkZRIKS2VpbiBQbGF0eg==",
                json!({"locale": "de", "message": "Kein Platz"}),
            ),
            (
                "Help",
                "CiEKBlF1b3RhcxIXaHR0cHM6Ly9kb2NzLnRlc3QvcXVvdGE=",
                json!({"links": [{"description": "Quotas", "url": "https://docs.test/quota"}]}),
            ),
            (
                "ResourceInfo",
                "CgdnYXRld2F5EgQ1ZjBjGgFvIgFk",
                json!({"resourceType": "gateway", "resourceName": "5f0c", "owner": "o", "description": "d"}),
            ),
        ] {
            let bytes = BASE64_STANDARD.decode(base64).unwrap();
            assert_eq!(
                to_json(&format!("google.rpc.{name}"), &bytes),
                Some(json),
                "{name}"
            );
        }
    }

    /// Appends a field with a length.
    fn field(bytes: &mut Vec<u8>, number: u8, content: &[u8]) {
        bytes.push(number << 3 | 2);
        let mut length = content.len();
        while length >= 0x80 {
            bytes.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
            length >>= 7;
        }
        bytes.push(u8::try_from(length).unwrap());
        bytes.extend(content);
    }

    proptest! {
        #[test]
        fn fields_are_read_between_unknown_ones(
            violations in proptest::collection::vec((".{0,200}", ".{0,20}"), 0..4), unknown in ".{0,9}",
        ) {
            let mut bytes = Vec::new();
            // Of each of the four wire types.
            bytes.extend([9 << 3, 0xff, 1, 9 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8, 9 << 3 | 5, 1, 2, 3, 4]);
            for (subject, description) in &violations {
                let mut violation = Vec::new();
                field(&mut violation, 1, subject.as_bytes());
                field(&mut violation, 9, unknown.as_bytes());
                field(&mut violation, 2, description.as_bytes());
                field(&mut bytes, 1, &violation);
            }
            let violations: Vec<_> =
                violations.iter().map(|(subject, description)| json!({"subject": subject, "description": description})).collect();
            let expected = if violations.is_empty() { json!({}) } else { json!({"violations": violations}) };
            prop_assert_eq!(to_json("google.rpc.QuotaFailure", &bytes), Some(expected));
        }

        #[test]
        fn arbitrary_bytes_do_not_panic(index in 0..MESSAGES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = to_json(&format!("google.rpc.{}", MESSAGES[index].0), &bytes);
        }
    }
}
