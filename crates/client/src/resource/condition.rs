//! The conditions of a resource.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::raw::types::{self, ConditionStatus};

/// A condition of a resource: one observation, such as whether it is ready, and why not.
///
/// ```
/// use coreweave_inference::Gateway;
///
/// let json = r#"{"spec": {"id": "5f0c"}, "status": {"conditions": [
///     {"type": "Ready", "status": "False", "reason": "NoCapacity", "message": "waiting for nodes"}]}}"#;
/// let gateway: Gateway = serde_json::from_str(json)?;
/// let ready = gateway.condition("Ready").unwrap();
/// assert!(!ready.is_true());
/// assert_eq!(ready.reason(), "NoCapacity");
/// assert_eq!(ready.to_string(), "Ready=False (NoCapacity): waiting for nodes");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition<'a>(&'a types::Condition);

impl<'a> Condition<'a> {
    /// Wraps the generated type, for example a condition of [`Error::conditions`](crate::Error::conditions).
    pub fn new(raw: &'a types::Condition) -> Self {
        Self(raw)
    }

    /// Returns the type of the condition, for example `Ready`.
    pub fn type_(self) -> &'a str {
        self.0.type_.as_deref().unwrap_or_default()
    }

    pub(crate) fn is_of_type(self, type_: &str) -> bool {
        self.type_().eq_ignore_ascii_case(type_)
    }

    /// Whether there are conditions of this type, and all of them are true.
    pub(crate) fn all_true(conditions: &[types::Condition], type_: &str) -> bool {
        let conditions = conditions.iter().map(Condition::new);
        let mut of_type = conditions.filter(|condition| condition.is_of_type(type_));
        of_type.next().is_some_and(Condition::is_true) && of_type.all(Condition::is_true)
    }

    /// Returns whether the condition holds: true, false or unknown.
    pub fn status(self) -> &'a ConditionStatus {
        self.0
            .status
            .as_ref()
            .unwrap_or(&ConditionStatus::Unspecified)
    }

    /// Returns whether the status is true.
    pub fn is_true(self) -> bool {
        *self.status() == ConditionStatus::True
    }

    /// Returns the reason as one word, or an empty string.
    pub fn reason(self) -> &'a str {
        self.0.reason.as_deref().unwrap_or_default()
    }

    /// Returns the explanation for people, or an empty string.
    pub fn message(self) -> &'a str {
        self.0.message.as_deref().unwrap_or_default()
    }

    /// Returns the zone that the condition is about, if it is about one.
    pub fn zone(self) -> Option<&'a str> {
        self.0.zone.as_deref().filter(|zone| !zone.is_empty())
    }

    /// Returns when the condition was last updated.
    pub fn updated_at(self) -> Option<DateTime<Utc>> {
        self.0.last_update_time
    }

    /// Returns the generated type.
    pub fn raw(self) -> &'a types::Condition {
        self.0
    }
}

impl fmt::Display for Condition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Protobuf JSON leaves an unset status out, which Kubernetes calls unknown.
        let status = match self.status() {
            ConditionStatus::Unspecified => &ConditionStatus::Unknown,
            status => status,
        };
        write!(f, "{}={status}", self.type_())?;
        if let Some(zone) = self.zone() {
            write!(f, " in {zone}")?;
        }
        if !self.reason().is_empty() {
            write!(f, " ({})", self.reason())?;
        }
        if !self.message().is_empty() {
            write!(f, ": {}", self.message())?;
        }
        Ok(())
    }
}
