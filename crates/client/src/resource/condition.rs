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

    /// The type of the condition, for example `Ready`.
    pub fn kind(self) -> &'a str {
        self.0.type_.as_deref().unwrap_or_default()
    }

    /// Whether the condition holds: true, false or unknown.
    pub fn status(self) -> &'a ConditionStatus {
        self.0
            .status
            .as_ref()
            .unwrap_or(&ConditionStatus::Unspecified)
    }

    /// Whether the status is true.
    pub fn is_true(self) -> bool {
        *self.status() == ConditionStatus::True
    }

    /// The reason as one word, or empty.
    pub fn reason(self) -> &'a str {
        self.0.reason.as_deref().unwrap_or_default()
    }

    /// The explanation for people, or empty.
    pub fn message(self) -> &'a str {
        self.0.message.as_deref().unwrap_or_default()
    }

    /// The zone that the condition is about, if it is about one.
    pub fn zone(self) -> Option<&'a str> {
        self.0.zone.as_deref().filter(|zone| !zone.is_empty())
    }

    /// When the condition was last updated.
    pub fn updated_at(self) -> Option<DateTime<Utc>> {
        self.0.last_update_time
    }

    /// The generated type.
    pub fn raw(self) -> &'a types::Condition {
        self.0
    }
}

impl fmt::Display for Condition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.kind(), self.status())?;
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
