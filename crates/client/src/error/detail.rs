//! The structured details of errors: the messages of `google.rpc`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// One structured detail of an error. The set is open: a detail that this version doesn't know stays JSON.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// Which fields of the request are invalid.
    BadRequest(BadRequest),
    /// Which preconditions are not met.
    PreconditionFailure(PreconditionFailure),
    /// Which quotas are exceeded.
    QuotaFailure(QuotaFailure),
    /// Which resource the error is about.
    ResourceInfo(ResourceInfo),
    /// The reason, for programs to read.
    ErrorInfo(ErrorInfo),
    /// When to retry.
    RetryInfo(RetryInfo),
    /// The id of the request in the server's logs.
    RequestInfo(RequestInfo),
    /// The message in the user's language.
    LocalizedMessage(LocalizedMessage),
    /// Links to documentation.
    Help(Help),
    /// Debugging information of the server.
    DebugInfo(DebugInfo),
    /// Any other detail, as it was received.
    Unknown(Value),
}

/// `google.rpc.BadRequest`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct BadRequest {
    /// The invalid fields.
    pub field_violations: Vec<FieldViolation>,
}

/// One invalid field of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct FieldViolation {
    /// The path of the field, such as `autoscaling.max`.
    pub field: String,
    /// Why it is invalid.
    pub description: String,
}

impl FieldViolation {
    /// Creates a violation.
    ///
    /// ```
    /// use coreweave_inference::FieldViolation;
    ///
    /// let violation = FieldViolation::new("autoscaling.max", "must be at least min");
    /// assert_eq!(violation.field, "autoscaling.max");
    /// ```
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            description: description.into(),
        }
    }
}

/// `google.rpc.PreconditionFailure`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PreconditionFailure {
    /// The preconditions that are not met.
    pub violations: Vec<PreconditionViolation>,
}

/// One precondition that is not met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PreconditionViolation {
    /// The kind of precondition.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it applies to.
    pub subject: String,
    /// How it is not met.
    pub description: String,
}

/// `google.rpc.QuotaFailure`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct QuotaFailure {
    /// The exceeded quotas.
    pub violations: Vec<QuotaViolation>,
}

/// One exceeded quota.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct QuotaViolation {
    /// Who or what the quota applies to.
    pub subject: String,
    /// Which quota, and how it is exceeded.
    pub description: String,
}

/// `google.rpc.ResourceInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ResourceInfo {
    /// The kind of resource.
    pub resource_type: String,
    /// Its name.
    pub resource_name: String,
    /// Its owner.
    pub owner: String,
    /// What is wrong with it.
    pub description: String,
}

/// `google.rpc.ErrorInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ErrorInfo {
    /// The reason, as a constant such as `SERVICE_DISABLED`.
    pub reason: String,
    /// The service that defines the reason.
    pub domain: String,
    /// Further information.
    pub metadata: BTreeMap<String, String>,
}

/// `google.rpc.RetryInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RetryInfo {
    /// The shortest delay before a retry.
    #[serde(deserialize_with = "duration")]
    pub retry_delay: Option<Duration>,
}

/// `google.rpc.RequestInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RequestInfo {
    /// The request's id in the server's logs.
    pub request_id: String,
    /// Opaque data for the server's operators.
    pub serving_data: String,
}

/// `google.rpc.LocalizedMessage`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LocalizedMessage {
    /// The language, such as `en-US`.
    pub locale: String,
    /// The message in that language.
    pub message: String,
}

/// `google.rpc.Help`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Help {
    /// The links.
    pub links: Vec<Link>,
}

/// A link to documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Link {
    /// What it explains.
    pub description: String,
    /// The URL.
    pub url: String,
}

/// `google.rpc.DebugInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DebugInfo {
    /// The stack trace.
    pub stack_entries: Vec<String>,
    /// Further information.
    pub detail: String,
}

impl Detail {
    /// Decodes the detail `name` (`google.rpc.BadRequest`) from protobuf JSON; `None` if it is not a known one.
    pub(super) fn from_json(name: &str, json: &Value) -> Option<Self> {
        fn decode<T: DeserializeOwned>(wrap: fn(T) -> Detail, json: &Value) -> Option<Detail> {
            T::deserialize(json)
                .or_else(|_| T::deserialize(without_nulls(json.clone())))
                .ok()
                .map(wrap)
        }
        match name.strip_prefix("google.rpc.")? {
            _ if !json.is_object() => None,
            "BadRequest" => decode(Self::BadRequest, json),
            "PreconditionFailure" => decode(Self::PreconditionFailure, json),
            "QuotaFailure" => decode(Self::QuotaFailure, json),
            "ResourceInfo" => decode(Self::ResourceInfo, json),
            "ErrorInfo" => decode(Self::ErrorInfo, json),
            "RetryInfo" => decode(Self::RetryInfo, json),
            "RequestInfo" => decode(Self::RequestInfo, json),
            "LocalizedMessage" => decode(Self::LocalizedMessage, json),
            "Help" => decode(Self::Help, json),
            "DebugInfo" => decode(Self::DebugInfo, json),
            _ => None,
        }
    }
}

/// Leaves out what is `null`, which protobuf JSON may write for anything that is not set.
fn without_nulls(json: Value) -> Value {
    match json {
        Value::Array(items) => {
            let items = items.into_iter().filter(|item| !item.is_null());
            items.map(without_nulls).collect()
        }
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            members
                .map(|(name, value)| (name, without_nulls(value)))
                .collect()
        }
        other => other,
    }
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    Ok(parse_duration(&String::deserialize(deserializer)?))
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

    #[test]
    fn every_known_detail_is_decoded() {
        let read = |name: &str, json: Value| {
            Detail::from_json(&format!("google.rpc.{name}"), &json).unwrap()
        };
        assert_eq!(
            read(
                "BadRequest",
                json!({"fieldViolations": [{"field": "name", "description": "taken"}, null]})
            ),
            Detail::BadRequest(BadRequest {
                field_violations: vec![FieldViolation::new("name", "taken")]
            })
        );
        assert_eq!(
            read(
                "PreconditionFailure",
                json!({"violations": [{"type": "STATE", "subject": "g", "description": "d"}]})
            ),
            Detail::PreconditionFailure(PreconditionFailure {
                violations: vec![PreconditionViolation {
                    kind: "STATE".into(),
                    subject: "g".into(),
                    description: "d".into()
                }]
            })
        );
        assert_eq!(
            read(
                "QuotaFailure",
                json!({"violations": [{"subject": "org", "description": "gpus"}]})
            ),
            Detail::QuotaFailure(QuotaFailure {
                violations: vec![QuotaViolation {
                    subject: "org".into(),
                    description: "gpus".into()
                }]
            })
        );
        assert_eq!(
            read(
                "ResourceInfo",
                json!({"resourceType": "Gateway", "resourceName": "chat", "owner": "o"})
            ),
            Detail::ResourceInfo(ResourceInfo {
                resource_type: "Gateway".into(),
                resource_name: "chat".into(),
                owner: "o".into(),
                description: String::new()
            })
        );
        assert_eq!(
            read(
                "ErrorInfo",
                json!({"reason": "R", "domain": "d", "metadata": {"k": "v", "n": null}})
            ),
            Detail::ErrorInfo(ErrorInfo {
                reason: "R".into(),
                domain: "d".into(),
                metadata: BTreeMap::from([("k".into(), "v".into())])
            })
        );
        assert_eq!(
            read("RetryInfo", json!({"retryDelay": "2s"})),
            Detail::RetryInfo(RetryInfo {
                retry_delay: Some(Duration::from_secs(2))
            })
        );
        assert_eq!(
            read(
                "RequestInfo",
                json!({"requestId": "r", "servingData": null})
            ),
            Detail::RequestInfo(RequestInfo {
                request_id: "r".into(),
                serving_data: String::new()
            })
        );
        assert_eq!(
            read(
                "LocalizedMessage",
                json!({"locale": "de", "message": "nein"})
            ),
            Detail::LocalizedMessage(LocalizedMessage {
                locale: "de".into(),
                message: "nein".into()
            })
        );
        assert_eq!(
            read("Help", json!({"links": [{"description": "d", "url": "u"}]})),
            Detail::Help(Help {
                links: vec![Link {
                    description: "d".into(),
                    url: "u".into()
                }]
            })
        );
        assert_eq!(
            read(
                "DebugInfo",
                json!({"stackEntries": ["a", "b"], "detail": "x"})
            ),
            Detail::DebugInfo(DebugInfo {
                stack_entries: vec!["a".into(), "b".into()],
                detail: "x".into()
            })
        );
        let number = json!({"requestId": 7});
        assert_eq!(Detail::from_json("google.rpc.RequestInfo", &number), None);
        assert_eq!(Detail::from_json("google.rpc.Novelty", &json!({})), None);
        assert_eq!(Detail::from_json("BadRequest", &json!({})), None);
    }
}
