//! Faults: injected errors and unusual responses.

mod body;
mod mutate;
mod queue;
mod response;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::operation::Operation;

pub(crate) use body::Body;
pub(crate) use queue::FaultQueue;
pub(crate) use response::Response;

/// A fault to inject: an error, a broken connection, or an unusual response.
///
/// Faults are tried in the order in which they were added, and the first that matches a request
/// is applied to it. A fault without [`times`](Fault::times) stays until it is cleared.
///
/// ```
/// use coreweave_inference_fake::{Fault, Operation};
///
/// // Unavailable twice, then back to normal.
/// let outage = Fault::status(503).retry_after_seconds(2).on(Operation::GetGateway).times(2);
/// // The gateway is created, but the response is lost.
/// let lost = Fault::reset_after_effect().on(Operation::CreateGateway).once();
/// // One request in ten fails.
/// let flaky = Fault::status(500).html().probability(0.1);
/// ```
///
/// The program's `--fault` option and the control endpoint take faults as JSON, which
/// [`FromStr`] parses and [`Display`](fmt::Display) prints:
///
/// ```
/// # use coreweave_inference_fake::{Fault, Operation};
/// let json = r#"{"on": ["get_gateway"], "times": 2, "effect": {"kind": "status", "status": 503}}"#;
/// assert_eq!(json.parse::<Fault>()?, Fault::status(503).on(Operation::GetGateway).times(2));
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Empty means every operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    on: Vec<Operation>,
    /// Empty means every resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    on_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(default, skip_serializing_if = "is_default")]
    skip: u64,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "probability"
    )]
    probability: Option<f64>,
    #[serde(default, skip_serializing_if = "is_default")]
    after_effect: bool,
    effect: Effect,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum Effect {
    Status(ErrorResponse),
    Redirect {
        location: String,
        #[serde(default = "temporary_redirect", deserialize_with = "http_status")]
        status: u16,
    },
    Delay {
        millis: u64,
    },
    SlowBody {
        millis: u64,
    },
    Reset,
    Truncate,
    CutJson,
    Oversize {
        bytes: u64,
        #[serde(default)]
        declared: bool,
    },
    UnknownEnums,
    IntegerEnums,
    UnknownMembers,
    Nulls,
    ZeroValues,
    WithoutResource,
    MergePatch {
        patch: Value,
    },
    RenameMember {
        from: String,
        to: String,
    },
    RepeatPageToken,
    KeepUnknownMembers,
    StaleReads {
        reads: u64,
    },
    Outcome {
        statuses: Vec<String>,
    },
}

fn temporary_redirect() -> u16 {
    307
}

fn http_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    match status {
        200..=999 => Ok(status),
        _ => Err(D::Error::custom(format!(
            "{status} is not the status of a response"
        ))),
    }
}

fn probability<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let probability = f64::deserialize(deserializer)?;
    match probability {
        0.0..=1.0 => Ok(Some(probability)),
        _ => Err(D::Error::custom(format!(
            "the probability {probability} is not between 0 and 1"
        ))),
    }
}

/// An error response.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ErrorResponse {
    #[serde(deserialize_with = "http_status")]
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    body: ErrorBody,
    /// Whether the message includes the request with its headers.
    #[serde(default, skip_serializing_if = "is_default")]
    echo: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    details: Vec<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_date: Option<DateTime<Utc>>,
}

/// The format of an error's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ErrorBody {
    /// The API's `Status` message.
    #[default]
    Status,
    /// The Connect protocol's JSON.
    Connect,
    /// An HTML page, as proxies send.
    Html,
    /// Plain text.
    Plain,
    /// No body.
    Empty,
}

/// Errors
impl Fault {
    /// Responds with this HTTP status instead of performing the operation. The body is a `Status`
    /// message unless another format is chosen.
    pub fn status(status: u16) -> Fault {
        Fault::new(Effect::Status(ErrorResponse {
            status,
            ..ErrorResponse::default()
        }))
    }

    /// Sends the error as the Connect protocol does.
    pub fn connect(self) -> Fault {
        self.error(|error| error.body = ErrorBody::Connect)
    }

    /// Sends the error as an HTML page, as proxies do.
    pub fn html(self) -> Fault {
        self.error(|error| error.body = ErrorBody::Html)
    }

    /// Sends the error as plain text.
    pub fn plain(self) -> Fault {
        self.error(|error| error.body = ErrorBody::Plain)
    }

    /// Sends the error without a body.
    pub fn empty(self) -> Fault {
        self.error(|error| error.body = ErrorBody::Empty)
    }

    /// Sets the error's `google.rpc.Code`, if not the usual one of the HTTP status.
    pub fn code(self, code: i32) -> Fault {
        self.error(|error| error.code = Some(code))
    }

    /// Sets the error's message.
    pub fn message(self, message: impl Into<String>) -> Fault {
        self.error(|error| error.message = Some(message.into()))
    }

    /// Appends the request to the error's message, with its token and its body: a client must not
    /// show these secrets.
    pub fn echo(self) -> Fault {
        self.error(|error| error.echo = true)
    }

    /// Adds a detail message to the error.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    /// use serde_json::json;
    ///
    /// let quota_exceeded = Fault::status(429).detail(json!({
    ///     "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    ///     "violations": [{"subject": "org-a", "description": "too many gateways"}],
    /// }));
    /// ```
    pub fn detail(self, detail: Value) -> Fault {
        self.error(|error| error.details.push(detail))
    }

    /// Adds a `google.rpc.RetryInfo` to the error's details.
    pub fn retry_info(self, delay: Duration) -> Fault {
        let delay = format!("{}s", delay.as_secs_f64());
        self.detail(
            json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}),
        )
    }

    /// Sends the error with `Retry-After` in seconds.
    pub fn retry_after_seconds(self, seconds: u64) -> Fault {
        self.error(|error| error.retry_after_seconds = Some(seconds))
    }

    /// Sends the error with `Retry-After` as an HTTP date.
    pub fn retry_after_date(self, date: impl Into<SystemTime>) -> Fault {
        self.error(|error| error.retry_after_date = Some(date.into().into()))
    }

    /// Redirects with 307 instead of performing the operation.
    pub fn redirect(location: impl Into<String>) -> Fault {
        Fault::new(Effect::Redirect {
            location: location.into(),
            status: temporary_redirect(),
        })
    }

    /// Redirects with 308 instead of performing the operation.
    pub fn permanent_redirect(location: impl Into<String>) -> Fault {
        Fault::new(Effect::Redirect {
            location: location.into(),
            status: 308,
        })
    }
}

/// Broken connections and bodies
impl Fault {
    /// Waits before responding, by tokio's clock.
    pub fn delay(pause: Duration) -> Fault {
        let millis = millis(pause);
        Fault::new(Effect::Delay { millis })
    }

    /// Sends the body in four pieces, each after a pause by tokio's clock.
    pub fn slow_body(pause: Duration) -> Fault {
        let millis = millis(pause);
        Fault::new(Effect::SlowBody { millis })
    }

    /// Resets the connection instead of performing the operation.
    pub fn reset_before_effect() -> Fault {
        Fault::new(Effect::Reset)
    }

    /// Performs the operation, then resets the connection instead of responding.
    pub fn reset_after_effect() -> Fault {
        Fault::new(Effect::Reset).after_effect()
    }

    /// Closes the connection halfway through a body whose length was declared.
    pub fn truncate() -> Fault {
        Fault::new(Effect::Truncate)
    }

    /// Sends a complete response with half of its JSON.
    pub fn cut_json() -> Fault {
        Fault::new(Effect::CutJson)
    }

    /// Pads the body with whitespace to this size, without declaring its length.
    pub fn oversize(bytes: u64) -> Fault {
        let declared = false;
        Fault::new(Effect::Oversize { bytes, declared })
    }

    /// Pads the body with whitespace to this size, and declares its length.
    pub fn oversize_declared(bytes: u64) -> Fault {
        let declared = true;
        Fault::new(Effect::Oversize { bytes, declared })
    }
}

/// Successful responses in an unexpected form
impl Fault {
    /// Replaces every enum value with an unknown name.
    pub fn unknown_enums() -> Fault {
        Fault::new(Effect::UnknownEnums)
    }

    /// Replaces every enum value with its number.
    pub fn integer_enums() -> Fault {
        Fault::new(Effect::IntegerEnums)
    }

    /// Adds an unknown member to every message.
    pub fn unknown_members() -> Fault {
        Fault::new(Effect::UnknownMembers)
    }

    /// Sends every unset member of a resource as `null`.
    pub fn nulls() -> Fault {
        Fault::new(Effect::Nulls)
    }

    /// Sends every unset member of a resource as its zero value: `""`, `[]`, `0`, the enum's zero
    /// name, or `null` for a message.
    pub fn zero_values() -> Fault {
        Fault::new(Effect::ZeroValues)
    }

    /// Responds with `{}`.
    pub fn without_resource() -> Fault {
        Fault::new(Effect::WithoutResource)
    }

    /// Applies a JSON merge patch (RFC 7396) to the response.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    /// use serde_json::json;
    ///
    /// let no_items = Fault::merge_patch(json!({"items": null})).on(Operation::ListGateways);
    /// ```
    pub fn merge_patch(patch: Value) -> Fault {
        Fault::new(Effect::MergePatch { patch })
    }

    /// Renames a top-level member of the response.
    pub fn rename_member(from: impl Into<String>, to: impl Into<String>) -> Fault {
        Fault::new(Effect::RenameMember {
            from: from.into(),
            to: to.into(),
        })
    }

    /// Responds to a request for a page with the token of that same page as the next one.
    pub fn repeat_page_token() -> Fault {
        Fault::new(Effect::RepeatPageToken)
    }
}

/// Other outcomes
impl Fault {
    /// Keeps the members of a request that the message does not have, instead of dropping them as
    /// a protobuf parser does. The resource then has them, as if the service were newer.
    pub fn keep_unknown_members() -> Fault {
        Fault::new(Effect::KeepUnknownMembers)
    }

    /// Accepts a create or update whose resource then goes through these statuses instead of
    /// becoming ready.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let fails = Fault::outcome(["STATUS_FAILED"]).on(Operation::CreateDeployment).once();
    /// let recovers = Fault::outcome(["STATUS_ERROR", "STATUS_READY"]);
    /// ```
    pub fn outcome<S: Into<String>>(statuses: impl IntoIterator<Item = S>) -> Fault {
        let statuses = statuses.into_iter().map(Into::into).collect();
        Fault::new(Effect::Outcome { statuses })
    }

    /// Accepts an update, but the next reads show the resource as it was before: ready, with its
    /// old spec.
    pub fn stale_reads(reads: u64) -> Fault {
        Fault::new(Effect::StaleReads { reads })
    }
}

/// Which requests a fault applies to
impl Fault {
    /// Limits the fault to an operation. Repeat it for more than one.
    pub fn on(mut self, operation: Operation) -> Fault {
        self.on.push(operation);
        self
    }

    /// Limits the fault to requests with this id in their path, or chosen in a create request.
    /// Repeat it for more than one.
    pub fn on_id(mut self, id: impl Into<String>) -> Fault {
        self.on_ids.push(id.into());
        self
    }

    /// Removes the fault after it was applied this many times.
    pub fn times(mut self, times: u64) -> Fault {
        self.times = Some(times);
        self
    }

    /// Removes the fault after it was applied once.
    pub fn once(self) -> Fault {
        self.times(1)
    }

    /// Leaves this many matching requests alone first.
    pub fn skip(mut self, requests: u64) -> Fault {
        self.skip = requests;
        self
    }

    /// Applies the fault with this probability, between 0 and 1.
    pub fn probability(mut self, probability: f64) -> Fault {
        self.probability = Some(probability);
        self
    }

    /// Performs the operation before responding with the error.
    pub fn after_effect(mut self) -> Fault {
        self.after_effect = true;
        self
    }
}

impl Fault {
    fn new(effect: Effect) -> Fault {
        Fault {
            on: Vec::new(),
            on_ids: Vec::new(),
            times: None,
            skip: 0,
            probability: None,
            after_effect: false,
            effect,
        }
    }

    /// Changes the error response; other effects have none.
    fn error(mut self, change: impl FnOnce(&mut ErrorResponse)) -> Fault {
        if let Effect::Status(error) = &mut self.effect {
            change(error);
        }
        self
    }

    pub(crate) fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Whether the operation is performed.
    pub(crate) fn performs_operation(&self) -> bool {
        let replaces = matches!(
            self.effect,
            Effect::Status(_) | Effect::Reset | Effect::Redirect { .. }
        );
        self.after_effect || !replaces
    }
}

fn millis(pause: Duration) -> u64 {
    u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)
}

/// Prints the JSON form.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Parses the JSON form.
impl FromStr for Fault {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Fault, serde_json::Error> {
        serde_json::from_str(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_form_round_trips() {
        let fault = Fault::status(429)
            .retry_after_seconds(u64::MAX)
            .retry_after_date(SystemTime::UNIX_EPOCH)
            .echo()
            .plain()
            .on(Operation::ListGateways)
            .on_id("a")
            .skip(1)
            .once()
            .after_effect();
        assert_eq!(fault.to_string().parse::<Fault>().unwrap(), fault);
    }
}
