//! The structured details of errors: the messages of `google.rpc`.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::text;

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
    /// Any other detail, as it was received: for example `google.rpc.Help` or `google.rpc.LocalizedMessage`.
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
    /// The path of the field, such as `autoscaling.max`.
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
    /// Decodes the detail `name` (`google.rpc.BadRequest`) from protobuf JSON; `None` if it is not a typed one.
    pub(super) fn from_json(name: &str, json: &Value) -> Option<Self> {
        let name = name.strip_prefix("google.rpc.")?;
        let text = |member| text(json, member);
        json.as_object()?;
        Some(match name {
            "BadRequest" => Self::BadRequest(BadRequest {
                field_violations: list(json, "fieldViolations", |json| {
                    Some(FieldViolation {
                        field: self::text(json, "field")?,
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

/// A text member, which protobuf JSON leaves out or sends as `null` if it is not set; `None` if it is something else.
fn text(json: &Value, member: &str) -> Option<String> {
    match json.get(member) {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => None,
    }
}

/// The items of a list member that are not `null`; `None` if one of them can't be decoded.
fn list<T>(json: &Value, member: &str, decode: fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    match json.get(member) {
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

    #[test]
    fn details_that_programs_act_on_are_typed() {
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
                    type_: "STATE".into(),
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
                "ErrorInfo",
                json!({"reason": "R", "domain": "d", "metadata": {"k": "v", "n": null}})
            ),
            Detail::ErrorInfo(ErrorInfo {
                reason: "R".into(),
                domain: "d".into(),
                metadata: HashMap::from([("k".into(), "v".into())])
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
