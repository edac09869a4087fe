//! Faults: what can go wrong on the way, by script.

mod disguise;
mod plan;
mod script;
mod wire;

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operation::Operation;

pub(crate) use plan::Plan;
pub use script::FaultSyntax;
pub(crate) use wire::Reply;

/// Something that goes wrong with requests, once or often.
///
/// Faults are tried in the order in which they were added; the first that fits a request comes
/// into play, and only that one. A fault without [`times`](Fault::times) stays for good.
///
/// ```
/// use coreweave_inference_fake::{Fault, Operation};
///
/// // Twice unavailable, then back to normal.
/// let outage = Fault::status(503).retry_after_seconds(2).on(Operation::GetGateway).times(2);
/// // The gateway is made, but the caller never hears of it.
/// let lost = Fault::reset_after_effect().on(Operation::CreateGateway).once();
/// // One request in ten, whatever it is.
/// let flaky = Fault::status(500).html().probability(0.1);
/// ```
///
/// As JSON, for the control endpoint, a fault reads
/// `{"on": ["get_gateway"], "times": 2, "effect": {"kind": "status", "status": 503, "retryAfterSeconds": 2}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Empty means every operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    on: Vec<Operation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(default)]
    skip: u64,
    #[serde(default = "always")]
    probability: f64,
    /// Whether the operation takes effect before its answer goes wrong.
    #[serde(default)]
    after_effect: bool,
    effect: Effect,
}

fn always() -> f64 {
    1.0
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum Effect {
    Status(StatusEffect),
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
    Redirect {
        location: String,
    },
    Outcome {
        statuses: Vec<String>,
    },
}

/// An error reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StatusEffect {
    pub(crate) status: u16,
    /// A google.rpc.Code, when not the usual one of the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) body: BodyForm,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) details: Vec<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_date: Option<DateTime<Utc>>,
}

/// The forms that an error's body comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum BodyForm {
    /// The API's own `Status` message.
    #[default]
    Status,
    /// The Connect protocol's JSON.
    Connect,
    /// A proxy's page.
    Html,
    /// A proxy's line.
    Plain,
    /// Nothing.
    Empty,
}

impl Fault {
    fn new(effect: Effect) -> Fault {
        Fault {
            on: Vec::new(),
            times: None,
            skip: 0,
            probability: always(),
            after_effect: false,
            effect,
        }
    }

    /// An error reply in place of the operation, with a `Status` body unless told otherwise.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let outage = Fault::status(503).on(Operation::GetGateway).times(2);
    /// # drop(outage);
    /// ```
    pub fn status(status: u16) -> Fault {
        Fault::new(Effect::Status(StatusEffect {
            status,
            code: None,
            message: None,
            body: BodyForm::Status,
            details: Vec::new(),
            retry_after_seconds: None,
            retry_after_date: None,
        }))
    }

    /// Nothing is sent for a while; then everything is as usual. The pause is tokio's time, not
    /// the fake's [`Clock`](crate::Clock): it is the network that is slow.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let slow = Fault::delay(Duration::from_secs(5)).on(Operation::ListGateways);
    /// # drop(slow);
    /// ```
    pub fn delay(pause: Duration) -> Fault {
        Fault::new(Effect::Delay {
            millis: millis(pause),
        })
    }

    /// The body comes in four pieces, with a pause before each.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let trickle = Fault::slow_body(Duration::from_secs(1)).on(Operation::ListGateways);
    /// # drop(trickle);
    /// ```
    pub fn slow_body(pause: Duration) -> Fault {
        Fault::new(Effect::SlowBody {
            millis: millis(pause),
        })
    }

    /// The connection is reset and the operation never happens.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let not_made = Fault::reset_before_effect().on(Operation::CreateGateway).once();
    /// # drop(not_made);
    /// ```
    pub fn reset_before_effect() -> Fault {
        Fault::new(Effect::Reset)
    }

    /// The operation happens, and then the connection is reset.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let made_unheard = Fault::reset_after_effect().on(Operation::CreateGateway).once();
    /// # drop(made_unheard);
    /// ```
    pub fn reset_after_effect() -> Fault {
        Fault::new(Effect::Reset).after_effect()
    }

    /// The connection ends halfway through a body whose length was announced.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let half = Fault::truncate().on(Operation::ListDeployments).once();
    /// # drop(half);
    /// ```
    pub fn truncate() -> Fault {
        Fault::new(Effect::Truncate)
    }

    /// A whole reply whose JSON stops halfway.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let half = Fault::cut_json().on(Operation::GetDeployment);
    /// # drop(half);
    /// ```
    pub fn cut_json() -> Fault {
        Fault::new(Effect::CutJson)
    }

    /// The usual JSON with blanks after it, of `bytes` bytes at least, its length not announced.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let endless = Fault::oversize(64 << 20).on(Operation::ListGateways);
    /// # drop(endless);
    /// ```
    pub fn oversize(bytes: u64) -> Fault {
        Fault::new(Effect::Oversize {
            bytes,
            declared: false,
        })
    }

    /// Like [`oversize`](Fault::oversize), with its length in `Content-Length`.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let huge = Fault::oversize_declared(64 << 20).on(Operation::ListGateways);
    /// # drop(huge);
    /// ```
    pub fn oversize_declared(bytes: u64) -> Fault {
        Fault::new(Effect::Oversize {
            bytes,
            declared: true,
        })
    }

    /// Every enum of a reply holds a name that today's clients have not heard of.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let newer_api = Fault::unknown_enums();
    /// # drop(newer_api);
    /// ```
    pub fn unknown_enums() -> Fault {
        Fault::new(Effect::UnknownEnums)
    }

    /// Every enum of a reply is a number instead of a name.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let numbers = Fault::integer_enums();
    /// # drop(numbers);
    /// ```
    pub fn integer_enums() -> Fault {
        Fault::new(Effect::IntegerEnums)
    }

    /// Every message of a reply has members that today's clients have not heard of.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let newer_api = Fault::unknown_members().on(Operation::GetGateway);
    /// # drop(newer_api);
    /// ```
    pub fn unknown_members() -> Fault {
        Fault::new(Effect::UnknownMembers)
    }

    /// Every unset member of a reply's resources is `null` instead of absent.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let other_encoder = Fault::nulls();
    /// # drop(other_encoder);
    /// ```
    pub fn nulls() -> Fault {
        Fault::new(Effect::Nulls)
    }

    /// Every unset member of a reply's resources holds its zero value: `""`, `[]`, the enum's zero
    /// name, `null` for a message.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let other_encoder = Fault::zero_values();
    /// # drop(other_encoder);
    /// ```
    pub fn zero_values() -> Fault {
        Fault::new(Effect::ZeroValues)
    }

    /// A reply with status 200 and nothing in it.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let hollow = Fault::without_resource().on(Operation::GetGateway);
    /// # drop(hollow);
    /// ```
    pub fn without_resource() -> Fault {
        Fault::new(Effect::WithoutResource)
    }

    /// A redirection to another place.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let lured = Fault::redirect("https://elsewhere.example.com/").once();
    /// # drop(lured);
    /// ```
    pub fn redirect(location: impl Into<String>) -> Fault {
        Fault::new(Effect::Redirect {
            location: location.into(),
        })
    }

    /// The create or update is accepted, but goes through these statuses instead of becoming
    /// ready: `["STATUS_FAILED"]`, `["STATUS_ERROR", "STATUS_READY"]`, `["HOT_LOAD_STATE_FAILED"]`.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let doomed = Fault::outcome(["STATUS_FAILED"]).on(Operation::CreateDeployment).once();
    /// # drop(doomed);
    /// ```
    pub fn outcome<S: Into<String>>(statuses: impl IntoIterator<Item = S>) -> Fault {
        let statuses = statuses.into_iter().map(Into::into).collect();
        Fault::new(Effect::Outcome { statuses })
    }

    /// Limits the fault to an operation; repeat it for several.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let reads = Fault::status(500).on(Operation::GetGateway).on(Operation::ListGateways);
    /// # drop(reads);
    /// ```
    pub fn on(mut self, operation: Operation) -> Fault {
        self.on.push(operation);
        self
    }

    /// Ends the fault after it came into play this often.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let outage = Fault::status(503).times(3);
    /// # drop(outage);
    /// ```
    pub fn times(mut self, times: u64) -> Fault {
        self.times = Some(times);
        self
    }

    /// Ends the fault after it came into play once.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let hiccup = Fault::status(503).once();
    /// # drop(hiccup);
    /// ```
    pub fn once(self) -> Fault {
        self.times(1)
    }

    /// Lets this many requests that it fits pass first.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let third_look = Fault::status(404).on(Operation::GetGateway).skip(2).once();
    /// # drop(third_look);
    /// ```
    pub fn skip(mut self, requests: u64) -> Fault {
        self.skip = requests;
        self
    }

    /// Makes it a matter of chance, by the fake's seed: 0 is never, 1 is always.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let flaky = Fault::reset_before_effect().probability(0.05);
    /// # drop(flaky);
    /// ```
    pub fn probability(mut self, probability: f64) -> Fault {
        self.probability = probability;
        self
    }

    /// Lets the operation take effect before its answer is replaced by the error.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, Operation};
    ///
    /// let deleted_unheard = Fault::status(502).after_effect().on(Operation::DeleteGateway).once();
    /// # drop(deleted_unheard);
    /// ```
    pub fn after_effect(mut self) -> Fault {
        self.after_effect = true;
        self
    }

    /// Changes the error reply; the other faults have none.
    fn error(mut self, change: impl FnOnce(&mut StatusEffect)) -> Fault {
        if let Effect::Status(error) = &mut self.effect {
            change(error);
        }
        self
    }

    /// Sends `Retry-After` in seconds with the error.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let busy = Fault::status(429).retry_after_seconds(2).once();
    /// # drop(busy);
    /// ```
    pub fn retry_after_seconds(self, seconds: u64) -> Fault {
        self.error(|error| error.retry_after_seconds = Some(seconds))
    }

    /// Sends `Retry-After` as an HTTP-date with the error.
    ///
    /// ```
    /// use chrono::{TimeDelta, Utc};
    /// use coreweave_inference_fake::Fault;
    ///
    /// let busy = Fault::status(503).retry_after_date(Utc::now() + TimeDelta::seconds(5)).once();
    /// # drop(busy);
    /// ```
    pub fn retry_after_date(self, date: DateTime<Utc>) -> Fault {
        self.error(|error| error.retry_after_date = Some(date))
    }

    /// Adds a `RetryInfo` to the error's details.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference_fake::Fault;
    ///
    /// let busy = Fault::status(429).retry_info(Duration::from_millis(1500)).once();
    /// # drop(busy);
    /// ```
    pub fn retry_info(self, delay: Duration) -> Fault {
        let delay = format!("{}s", delay.as_secs_f64());
        self.detail(
            json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}),
        )
    }

    /// Adds to the error's details.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    /// use serde_json::json;
    ///
    /// let reason = json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "QUOTA"});
    /// let refused = Fault::status(429).detail(reason);
    /// # drop(refused);
    /// ```
    pub fn detail(self, detail: Value) -> Fault {
        self.error(|error| error.details.push(detail))
    }

    /// Sets the error's `google.rpc.Code` where the status's usual one is not meant.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let aborted = Fault::status(409).code(10);
    /// # drop(aborted);
    /// ```
    pub fn code(self, code: i32) -> Fault {
        self.error(|error| error.code = Some(code))
    }

    /// Sets the error's message.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let refused = Fault::status(400).message("name must not be empty");
    /// # drop(refused);
    /// ```
    pub fn message(self, message: impl Into<String>) -> Fault {
        self.error(|error| error.message = Some(message.into()))
    }

    /// Words the error as the Connect protocol does.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let from_connect = Fault::status(503).connect();
    /// # drop(from_connect);
    /// ```
    pub fn connect(self) -> Fault {
        self.error(|error| error.body = BodyForm::Connect)
    }

    /// Words the error as a proxy's HTML page.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let from_a_proxy = Fault::status(502).html();
    /// # drop(from_a_proxy);
    /// ```
    pub fn html(self) -> Fault {
        self.error(|error| error.body = BodyForm::Html)
    }

    /// Words the error as a line of plain text.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let from_a_proxy = Fault::status(504).plain();
    /// # drop(from_a_proxy);
    /// ```
    pub fn plain(self) -> Fault {
        self.error(|error| error.body = BodyForm::Plain)
    }

    /// Sends the error without a body.
    ///
    /// ```
    /// use coreweave_inference_fake::Fault;
    ///
    /// let mute = Fault::status(500).empty();
    /// # drop(mute);
    /// ```
    pub fn empty(self) -> Fault {
        self.error(|error| error.body = BodyForm::Empty)
    }

    pub(crate) fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Whether the operation happens at all.
    pub(crate) fn lets_through(&self) -> bool {
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

/// What the request log and the program's log lines call it.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.effect {
            Effect::Status(error) => write!(f, "status {}", error.status)?,
            Effect::Delay { millis } => write!(f, "delay {millis} ms")?,
            Effect::SlowBody { millis } => write!(f, "slow body {millis} ms")?,
            Effect::Reset => f.write_str("reset")?,
            Effect::Truncate => f.write_str("truncate")?,
            Effect::CutJson => f.write_str("cut JSON")?,
            Effect::Oversize { bytes, .. } => write!(f, "oversize {bytes} bytes")?,
            Effect::UnknownEnums => f.write_str("unknown enums")?,
            Effect::IntegerEnums => f.write_str("integer enums")?,
            Effect::UnknownMembers => f.write_str("unknown members")?,
            Effect::Nulls => f.write_str("nulls")?,
            Effect::ZeroValues => f.write_str("zero values")?,
            Effect::WithoutResource => f.write_str("without resource")?,
            Effect::Redirect { location } => write!(f, "redirect to {location}")?,
            Effect::Outcome { statuses } => write!(f, "outcome {}", statuses.join(", "))?,
        }
        f.write_str(if self.after_effect {
            " after effect"
        } else {
            ""
        })
    }
}
