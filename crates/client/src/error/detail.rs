//! The structured details that errors carry, the messages of `google.rpc`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

/// One structured detail of an error. The set is open: what this version doesn't know stays as JSON.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// Which fields of the request are wrong.
    BadRequest(BadRequest),
    /// What must hold first, and doesn't.
    PreconditionFailure(PreconditionFailure),
    /// Which quota is used up.
    QuotaFailure(QuotaFailure),
    /// Which resource the error is about.
    ResourceInfo(ResourceInfo),
    /// Why, for a machine to read.
    ErrorInfo(ErrorInfo),
    /// When to try again.
    RetryInfo(RetryInfo),
    /// How the server's operators can find the request.
    RequestInfo(RequestInfo),
    /// The message in the reader's language.
    LocalizedMessage(LocalizedMessage),
    /// Where to read on.
    Help(Help),
    /// What the server's developers want to know.
    DebugInfo(DebugInfo),
    /// Any other detail, as it came.
    Unknown(Value),
}

/// `google.rpc.BadRequest`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadRequest {
    /// The fields that are wrong.
    pub field_violations: Vec<FieldViolation>,
}

/// One field of a request that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldViolation {
    /// The path of the field, such as `autoscaling.max`.
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

impl FieldViolation {
    /// Says what is wrong with a field.
    ///
    /// ```
    /// use coreweave_inference::FieldViolation;
    ///
    /// let violation = FieldViolation::new("autoscaling.max", "must be at least `min`");
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreconditionFailure {
    /// The preconditions that don't hold.
    pub violations: Vec<PreconditionViolation>,
}

/// One precondition that doesn't hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreconditionViolation {
    /// The kind of precondition.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// How it fails.
    pub description: String,
}

/// `google.rpc.QuotaFailure`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaFailure {
    /// The quotas that are used up.
    pub violations: Vec<QuotaViolation>,
}

/// One quota that is used up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaViolation {
    /// Whose quota.
    pub subject: String,
    /// Which quota, and how it is exceeded.
    pub description: String,
}

/// `google.rpc.ResourceInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceInfo {
    /// The kind of resource.
    pub resource_type: String,
    /// Its name.
    pub resource_name: String,
    /// Whose it is.
    pub owner: String,
    /// What is wrong with it.
    pub description: String,
}

/// `google.rpc.ErrorInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorInfo {
    /// Why, as a constant word.
    pub reason: String,
    /// Who defines that word.
    pub domain: String,
    /// Further circumstances.
    pub metadata: BTreeMap<String, String>,
}

/// `google.rpc.RetryInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryInfo {
    /// How long to wait at least.
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

/// `google.rpc.LocalizedMessage`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalizedMessage {
    /// The language, such as `en-US`.
    pub locale: String,
    /// The message in it.
    pub message: String,
}

/// `google.rpc.Help`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Help {
    /// Pages that help.
    pub links: Vec<Link>,
}

/// A page that helps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// What it offers.
    pub description: String,
    /// Where it is.
    pub url: String,
}

/// `google.rpc.DebugInfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DebugInfo {
    /// Where in the server it happened.
    pub stack_entries: Vec<String>,
    /// What the server noted.
    pub detail: String,
}

impl Detail {
    /// Reads the detail `name` (`google.rpc.BadRequest`) from its protobuf JSON; `None` for a name or a shape that
    /// isn't known.
    pub(super) fn from_json(name: &str, json: &Value) -> Option<Self> {
        if !json.is_object() {
            return None;
        }
        Some(match name.strip_prefix("google.rpc.")? {
            "BadRequest" => Self::BadRequest(BadRequest {
                field_violations: list(json, "fieldViolations", |v| FieldViolation {
                    field: text(v, "field"),
                    description: text(v, "description"),
                }),
            }),
            "PreconditionFailure" => Self::PreconditionFailure(PreconditionFailure {
                violations: list(json, "violations", |v| PreconditionViolation {
                    kind: text(v, "type"),
                    subject: text(v, "subject"),
                    description: text(v, "description"),
                }),
            }),
            "QuotaFailure" => Self::QuotaFailure(QuotaFailure {
                violations: list(json, "violations", |v| QuotaViolation {
                    subject: text(v, "subject"),
                    description: text(v, "description"),
                }),
            }),
            "ResourceInfo" => Self::ResourceInfo(ResourceInfo {
                resource_type: text(json, "resourceType"),
                resource_name: text(json, "resourceName"),
                owner: text(json, "owner"),
                description: text(json, "description"),
            }),
            "ErrorInfo" => Self::ErrorInfo(ErrorInfo {
                reason: text(json, "reason"),
                domain: text(json, "domain"),
                metadata: json
                    .get("metadata")
                    .and_then(Value::as_object)
                    .map(|map| {
                        map.iter()
                            .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
                            .collect()
                    })
                    .unwrap_or_default(),
            }),
            "RetryInfo" => Self::RetryInfo(RetryInfo {
                retry_delay: json.get("retryDelay").and_then(duration),
            }),
            "RequestInfo" => Self::RequestInfo(RequestInfo {
                request_id: text(json, "requestId"),
                serving_data: text(json, "servingData"),
            }),
            "LocalizedMessage" => Self::LocalizedMessage(LocalizedMessage {
                locale: text(json, "locale"),
                message: text(json, "message"),
            }),
            "Help" => Self::Help(Help {
                links: list(json, "links", |v| Link {
                    description: text(v, "description"),
                    url: text(v, "url"),
                }),
            }),
            "DebugInfo" => Self::DebugInfo(DebugInfo {
                stack_entries: list(json, "stackEntries", |v| {
                    v.as_str().unwrap_or_default().to_owned()
                }),
                detail: text(json, "detail"),
            }),
            _ => return None,
        })
    }
}

/// A string member; absent, null and misshapen ones are empty, as protobuf JSON means them.
fn text(json: &Value, member: &str) -> String {
    json.get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn list<T>(json: &Value, member: &str, item: impl Fn(&Value) -> T) -> Vec<T> {
    json.get(member)
        .and_then(Value::as_array)
        .map(|items| items.iter().map(item).collect())
        .unwrap_or_default()
}

/// A protobuf duration in JSON: `"1.5s"`. Negative ones, which would mean nothing here, are none.
fn duration(json: &Value) -> Option<Duration> {
    let number = json.as_str()?.strip_suffix('s')?;
    let (seconds, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.len() > 9
        || !fraction.bytes().all(|b| b.is_ascii_digit())
        || !seconds.bytes().all(|b| b.is_ascii_digit())
    {
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
    fn durations_are_read_as_protobuf_writes_them() {
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
            assert_eq!(duration(&json!(text)), expected, "{text}");
        }
    }

    #[test]
    fn every_known_detail_is_read() {
        let read = |name: &str, json: Value| {
            Detail::from_json(&format!("google.rpc.{name}"), &json).unwrap()
        };
        assert_eq!(
            read(
                "BadRequest",
                json!({"fieldViolations": [{"field": "name", "description": "taken"}, null]})
            ),
            Detail::BadRequest(BadRequest {
                field_violations: vec![
                    FieldViolation::new("name", "taken"),
                    FieldViolation::default()
                ]
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
                json!({"reason": "R", "domain": "d", "metadata": {"k": "v", "n": 1}})
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
        assert_eq!(Detail::from_json("google.rpc.Novelty", &json!({})), None);
        assert_eq!(Detail::from_json("BadRequest", &json!({})), None);
    }
}
