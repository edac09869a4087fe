//! The messages of `google.rpc` in the binary form of protobuf, in which Connect sends them.

use serde_json::{Map, Value};

/// A field of a message: its number, and its value if that is a number, or a text or message.
type Field<'b> = (u64, Option<u64>, &'b [u8]);

/// Returns the JSON of the message `name`; `None` if it is not one of these, or malformed.
pub(super) fn to_json(name: &str, bytes: &[u8]) -> Option<Value> {
    let with = |member: &str, value| {
        let mut json = Map::new();
        json.insert(member.to_owned(), value);
        Some(json)
    };
    let list = |member, names| {
        let items = messages(bytes, 1)?.into_iter();
        let items: Option<Value> = items.map(|item| texts(item, names)).collect();
        with(member, items?)
    };
    let json = match name.strip_prefix("google.rpc.")? {
        "BadRequest" => list("fieldViolations", &["field", "description"]),
        "PreconditionFailure" => list("violations", &["type", "subject", "description"]),
        "QuotaFailure" => list("violations", &["subject", "description"]),
        "Help" => list("links", &["description", "url"]),
        "RequestInfo" => texts(bytes, &["requestId", "servingData"]),
        "LocalizedMessage" => texts(bytes, &["locale", "message"]),
        "ResourceInfo" => texts(
            bytes,
            &["resourceType", "resourceName", "owner", "description"],
        ),
        "ErrorInfo" => {
            let mut info = texts(bytes, &["reason", "domain"])?;
            let mut metadata = Map::new();
            for entry in messages(bytes, 3)? {
                let entry = texts(entry, &["key", "value"])?;
                let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or_default();
                metadata.insert(text("key").to_owned(), text("value").into());
            }
            info.insert("metadata".to_owned(), metadata.into());
            Some(info)
        }
        "RetryInfo" => {
            let delay = messages(bytes, 1)?
                .last()
                .map_or(Some(Vec::new()), |delay| fields(delay))?;
            let part = |wanted| {
                let part = delay.iter().find(|(number, ..)| *number == wanted);
                part.and_then(|(_, value, _)| *value)
                    .unwrap_or_default()
                    .cast_signed()
            };
            let delay = format!("{}.{:09}s", part(1), part(2));
            with("retryDelay", delay.into())
        }
        _ => None,
    };
    json.map(Value::Object)
}

/// The texts of a message, whose names are in the order of their numbers.
fn texts(message: &[u8], names: &[&str]) -> Option<Map<String, Value>> {
    let mut texts = Map::new();
    for (number, _, text) in fields(message)? {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        if let Some(name) = names.get(index) {
            texts.insert((*name).to_owned(), String::from_utf8_lossy(text).into());
        }
    }
    Some(texts)
}

/// The messages in a repeated field.
fn messages(message: &[u8], number: u64) -> Option<Vec<&[u8]>> {
    let fields = fields(message)?.into_iter();
    Some(
        fields
            .filter(|field| field.0 == number)
            .map(|(.., item)| item)
            .collect(),
    )
}

fn fields(mut bytes: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let (value, length) = match tag & 7 {
            0 => (Some(varint(&mut bytes)?), 0),
            1 => (None, 8),
            2 => (None, varint(&mut bytes)?),
            5 => (None, 4),
            _ => return None,
        };
        fields.push((tag >> 3, value, take(&mut bytes, length)?));
    }
    Some(fields)
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
    use serde_json::json;

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
            prop_assert_eq!(to_json("google.rpc.QuotaFailure", &bytes), Some(json!({"violations": violations})));
        }

        #[test]
        fn arbitrary_bytes_do_not_panic(name in "BadRequest|ErrorInfo|RetryInfo|ResourceInfo", bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = to_json(&format!("google.rpc.{name}"), &bytes);
        }
    }
}
