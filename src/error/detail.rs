//! The structured details of errors: the messages of `google.rpc`.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde_json::Value;

use super::path::json_path;
use super::{text, wire};

/// One structured detail of an error. The set is open: details that programs rarely act on stay JSON.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// Which fields of the request are invalid.
    BadRequest(BadRequest),
    /// Which preconditions are not met.
    PreconditionFailure(PreconditionFailure),
    /// Which quotas are exceeded.
    QuotaFailure(QuotaFailure),
    /// The reason, for programs to read.
    ErrorInfo(ErrorInfo),
    /// When to retry.
    RetryInfo(RetryInfo),
    /// The id of the request in the server's logs.
    RequestInfo(RequestInfo),
    /// Any other detail as JSON, with its type in `@type`: for example `google.rpc.Help` or `google.rpc.LocalizedMessage`.
    /// One that can't be read is as it was received.
    Other(Value),
}

/// `google.rpc.BadRequest`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadRequest {
    /// The invalid fields.
    pub field_violations: Vec<FieldViolation>,
}

/// One invalid field of a request. `Display` is `field: description`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldViolation {
    /// The path of the field under its JSON names, such as `resources.capacityType`, whatever the server calls it.
    pub field: String,
    /// Why it is invalid.
    pub description: String,
}

impl FieldViolation {
    /// Creates a violation.
    ///
    /// ```
    /// use coreweave_inference_api::error::FieldViolation;
    ///
    /// let violation = FieldViolation::new("autoscaling.max", "must be at least min");
    /// assert_eq!(violation.to_string(), "autoscaling.max: must be at least min");
    /// ```
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            description: description.into(),
        }
    }
}

/// `google.rpc.PreconditionFailure`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreconditionFailure {
    /// The preconditions that are not met.
    pub violations: Vec<PreconditionViolation>,
}

/// One precondition that is not met. `Display` is `subject: description`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreconditionViolation {
    /// The type of precondition.
    pub type_: String,
    /// What it applies to.
    pub subject: String,
    /// How it is not met.
    pub description: String,
}

/// `google.rpc.QuotaFailure`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaFailure {
    /// The exceeded quotas.
    pub violations: Vec<QuotaViolation>,
}

/// One exceeded quota. `Display` is `subject: description`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaViolation {
    /// Who or what the quota applies to.
    pub subject: String,
    /// Which quota, and how it is exceeded.
    pub description: String,
}

/// `google.rpc.ErrorInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorInfo {
    /// The reason, as a constant such as `SERVICE_DISABLED`.
    pub reason: String,
    /// The service that defines the reason.
    pub domain: String,
    /// Further information.
    pub metadata: HashMap<String, String>,
}

/// `google.rpc.RetryInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryInfo {
    /// The shortest delay before a retry.
    pub retry_delay: Option<Duration>,
}

/// `google.rpc.RequestInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestInfo {
    /// The request's id in the server's logs.
    pub request_id: String,
    /// Opaque data for the server's operators.
    pub serving_data: String,
}

impl fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_violation(f, &self.field, &self.description)
    }
}

impl fmt::Display for PreconditionViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_violation(f, &self.subject, &self.description)
    }
}

impl fmt::Display for QuotaViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_violation(f, &self.subject, &self.description)
    }
}

impl Detail {
    /// Reads one entry of `details`: `{"@type": URL, members…}`, or Connect's `{"type", "value": base64, "debug": JSON}`.
    pub(super) fn from_entry(entry: Value) -> Self {
        let member = |name| entry.get(name).and_then(Value::as_str);
        if let Some(url) = member("@type") {
            return Self::from_json(type_name(url), &entry).unwrap_or(Self::Other(entry));
        }
        let Some(name) = member("type").map(type_name) else {
            return Self::Other(entry);
        };
        // Some servers pad, though Connect does not.
        let base64 = member("value").unwrap_or_default().trim_end_matches('=');
        let binary = || wire::to_json(name, &BASE64_STANDARD_NO_PAD.decode(base64).ok()?);
        let debug = entry.get("debug").filter(|debug| debug.is_object());
        let Some(mut json) = debug.cloned().or_else(binary) else {
            return Self::Other(entry);
        };
        Self::from_json(name, &json).unwrap_or_else(|| {
            if let Some(members) = json.as_object_mut() {
                let url = format!("type.googleapis.com/{name}");
                members.insert("@type".to_owned(), url.into());
            }
            Self::Other(json)
        })
    }

    /// Whether it is about a quota, even if it can't be read.
    pub(super) fn is_quota(&self) -> bool {
        match self {
            Self::QuotaFailure(_) => true,
            Self::Other(json) => ["@type", "type"].iter().any(|member| {
                let name = json.get(member).and_then(Value::as_str).unwrap_or_default();
                name.ends_with("google.rpc.QuotaFailure")
            }),
            _ => false,
        }
    }

    /// Reads the detail `name` (`google.rpc.BadRequest`) from protobuf JSON; `None` if it is not a typed one.
    fn from_json(name: &str, json: &Value) -> Option<Self> {
        json.as_object()?;
        let text = |member| text(json, member);
        Some(match name.strip_prefix("google.rpc.")? {
            "BadRequest" => Self::BadRequest(BadRequest {
                field_violations: list(json, "fieldViolations", |json| {
                    Some(FieldViolation {
                        field: json_path(&self::text(json, "field")?).into_owned(),
                        description: self::text(json, "description")?,
                    })
                })?,
            }),
            "PreconditionFailure" => Self::PreconditionFailure(PreconditionFailure {
                violations: list(json, "violations", |json| {
                    Some(PreconditionViolation {
                        type_: self::text(json, "type")?,
                        subject: self::text(json, "subject")?,
                        description: self::text(json, "description")?,
                    })
                })?,
            }),
            "QuotaFailure" => Self::QuotaFailure(QuotaFailure {
                violations: list(json, "violations", |json| {
                    Some(QuotaViolation {
                        subject: self::text(json, "subject")?,
                        description: self::text(json, "description")?,
                    })
                })?,
            }),
            "ErrorInfo" => Self::ErrorInfo(ErrorInfo {
                reason: text("reason")?,
                domain: text("domain")?,
                metadata: texts(json.get("metadata"))?,
            }),
            "RetryInfo" => Self::RetryInfo(RetryInfo {
                retry_delay: parse_duration(&text("retryDelay")?),
            }),
            "RequestInfo" => Self::RequestInfo(RequestInfo {
                request_id: text("requestId")?,
                serving_data: text("servingData")?,
            }),
            _ => return None,
        })
    }
}

/// The name of a message in a type URL.
fn type_name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

/// A member under its JSON name or, as grpc-gateway v1 writes it, under its protobuf name.
fn member<'v>(json: &'v Value, name: &str) -> Option<&'v Value> {
    let proto_name = match name {
        "fieldViolations" => "field_violations",
        "requestId" => "request_id",
        "retryDelay" => "retry_delay",
        "servingData" => "serving_data",
        same => same,
    };
    json.get(name).or_else(|| json.get(proto_name))
}

/// A text member, which protobuf JSON leaves out or sends as `null` if it is not set; `None` if it is something else.
fn text(json: &Value, member: &str) -> Option<String> {
    match self::member(json, member) {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => None,
    }
}

/// The items of a list member that are not `null`; `None` if one of them can't be decoded.
fn list<T>(json: &Value, member: &str, decode: fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    match self::member(json, member) {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(items)) => {
            let items = items.iter().filter(|item| !item.is_null());
            items
                .map(|item| item.is_object().then(|| decode(item))?)
                .collect()
        }
        Some(_) => None,
    }
}

/// The texts of a map; `None` if one of its values is something else.
fn texts(json: Option<&Value>) -> Option<HashMap<String, String>> {
    let members = match json {
        None | Some(Value::Null) => return Some(HashMap::new()),
        Some(json) => json.as_object()?,
    };
    let members = members.iter().filter(|(_, value)| !value.is_null());
    members
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// Parses a duration in protobuf JSON, such as `1.5s`. A negative one is none.
fn parse_duration(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let (seconds, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.len() > 9 || !digits(fraction) || !digits(seconds) {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    Some(Duration::new(seconds.parse().ok()?, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn durations_are_parsed_as_protobuf_writes_them() {
        for (text, expected) in [
            ("1.5s", Some(Duration::from_millis(1500))),
            ("30s", Some(Duration::from_secs(30))),
            ("0.000000001s", Some(Duration::from_nanos(1))),
            ("-1s", None),
            ("1.5", None),
            ("s", None),
            (".s", None),
            ("1.0000000001s", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(parse_duration(text), expected, "{text}");
        }
    }

    /// Each typed detail as JSON, as protobuf names it, as Connect sends it, and as it is read.
    fn typed() -> Vec<(&'static str, Value, Value, &'static str, Detail)> {
        vec![
            (
                "BadRequest",
                json!({"fieldViolations": [{"field": "zones_a[0].b_c", "description": "taken"}, null]}),
                json!({"field_violations": [{"field": "zones_a[0].b_c", "description": "taken"}]}),
                "ChcKDnpvbmVzX2FbMF0uYl9jEgV0YWtlbg",
                Detail::BadRequest(BadRequest {
                    field_violations: vec![FieldViolation::new("zonesA[0].bC", "taken")],
                }),
            ),
            (
                "PreconditionFailure",
                json!({"violations": [{"type": "USE", "subject": "gateway", "description": "2 deployments"}]}),
                json!({"violations": [{"type": "USE", "subject": "gateway", "description": "2 deployments"}]}),
                "Ch0KA1VTRRIHZ2F0ZXdheRoNMiBkZXBsb3ltZW50cw",
                Detail::PreconditionFailure(PreconditionFailure {
                    violations: vec![PreconditionViolation {
                        type_: "USE".into(),
                        subject: "gateway".into(),
                        description: "2 deployments".into(),
                    }],
                }),
            ),
            (
                "QuotaFailure",
                json!({"violations": [{"subject": "organization", "description": "8 of 8 GPUs in use"}]}),
                json!({"violations": [{"subject": "organization", "description": "8 of 8 GPUs in use"}]}),
                "CiIKDG9yZ2FuaXphdGlvbhISOCBvZiA4IEdQVXMgaW4gdXNl",
                Detail::QuotaFailure(QuotaFailure {
                    violations: vec![QuotaViolation {
                        subject: "organization".into(),
                        description: "8 of 8 GPUs in use".into(),
                    }],
                }),
            ),
            (
                "ErrorInfo",
                json!({"reason": "STOCKOUT", "domain": "coreweave.com", "metadata": {"zone": "US-EAST-04A", "n": null}}),
                json!({"reason": "STOCKOUT", "domain": "coreweave.com", "metadata": {"zone": "US-EAST-04A"}}),
                "CghTVE9DS09VVBINY29yZXdlYXZlLmNvbRoTCgR6b25lEgtVUy1FQVNULTA0QQ==",
                Detail::ErrorInfo(ErrorInfo {
                    reason: "STOCKOUT".into(),
                    domain: "coreweave.com".into(),
                    metadata: HashMap::from([("zone".into(), "US-EAST-04A".into())]),
                }),
            ),
            (
                "RetryInfo",
                json!({"retryDelay": "1.5s"}),
                json!({"retry_delay": "1.500s"}),
                "CggIARCAyrXuAQ",
                Detail::RetryInfo(RetryInfo {
                    retry_delay: Some(Duration::from_millis(1500)),
                }),
            ),
            (
                "RequestInfo",
                json!({"requestId": "r-1", "servingData": "pod-7"}),
                json!({"request_id": "r-1", "serving_data": "pod-7"}),
                "CgNyLTESBXBvZC03",
                Detail::RequestInfo(RequestInfo {
                    request_id: "r-1".into(),
                    serving_data: "pod-7".into(),
                }),
            ),
        ]
    }

    #[test]
    fn typed_details_mean_the_same_in_every_form() {
        for (name, json, proto_names, base64, expected) in typed() {
            let name = format!("google.rpc.{name}");
            let with_type = |mut json: Value| {
                json["@type"] = format!("type.googleapis.com/{name}").into();
                json
            };
            for entry in [
                with_type(json.clone()),
                with_type(proto_names),
                json!({"type": name, "value": base64}),
                json!({"type": name, "value": base64, "debug": null}),
                json!({"type": name, "value": "", "debug": json}),
            ] {
                assert_eq!(Detail::from_entry(entry.clone()), expected, "{entry}");
            }
        }
    }

    #[test]
    fn other_details_are_json_with_their_type() {
        let help = json!({"@type": "type.googleapis.com/google.rpc.Help", "links": [{"description": "Quotas", "url": "u"}]});
        let base64 = "CgsKBlF1b3RhcxIBdQ";
        for entry in [
            help.clone(),
            json!({"type": "google.rpc.Help", "value": base64}),
            json!({"type": "google.rpc.Help", "value": "?", "debug": {"links": help["links"]}}),
        ] {
            assert_eq!(Detail::from_entry(entry), Detail::Other(help.clone()));
        }
        for entry in [
            json!(7),
            json!({"x": 1}),
            json!({"type": "acme.Novelty", "value": "AA"}),
            json!({"type": "google.rpc.Help", "value": "not base64"}),
            json!({"type": "google.rpc.Help", "value": "CgsKBlF1"}),
        ] {
            assert_eq!(Detail::from_entry(entry.clone()), Detail::Other(entry));
        }
    }

    #[test]
    fn a_quota_is_one_even_if_it_cannot_be_read() {
        for entry in [
            json!({"@type": "x/google.rpc.QuotaFailure"}),
            json!({"@type": "x/google.rpc.QuotaFailure", "violations": 7}),
            json!({"type": "google.rpc.QuotaFailure", "value": "?"}),
        ] {
            assert!(Detail::from_entry(entry.clone()).is_quota(), "{entry}");
        }
        assert!(!Detail::from_entry(json!({"@type": "x/google.rpc.Help"})).is_quota());
    }

    #[test]
    fn details_that_are_unknown_or_malformed_are_not_typed() {
        for (name, json) in [
            ("google.rpc.RequestInfo", json!({"requestId": 7})),
            (
                "google.rpc.BadRequest",
                json!({"fieldViolations": ["name"]}),
            ),
            ("google.rpc.ErrorInfo", json!({"metadata": {"attempts": 7}})),
            ("google.rpc.ErrorInfo", json!("reason")),
            ("google.rpc.Help", json!({"links": []})),
            ("google.rpc.Novelty", json!({})),
            ("BadRequest", json!({})),
        ] {
            assert_eq!(Detail::from_json(name, &json), None, "{name} {json}");
        }
    }
}
