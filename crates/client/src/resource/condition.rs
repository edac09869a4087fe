//! One observation about a resource.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::raw::types::{self, ConditionStatus};

/// One observation about a resource, such as whether it is ready in a zone, and why not.
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
    /// Looks at a condition of the generated type, such as those of [`Error::conditions`](crate::Error::conditions).
    ///
    /// ```
    /// use coreweave_inference::{Condition, raw::types};
    ///
    /// let raw = types::Condition { reason: Some("NoCapacity".into()), ..Default::default() };
    /// assert_eq!(Condition::new(&raw).reason(), "NoCapacity");
    /// ```
    pub fn new(raw: &'a types::Condition) -> Self {
        Self(raw)
    }

    /// What the condition is about, `Ready` for instance.
    ///
    /// ```no_run
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// if condition.kind() == "Ready" { /* … */ }
    /// # }
    /// ```
    pub fn kind(self) -> &'a str {
        self.0.type_.as_deref().unwrap_or_default()
    }

    /// Whether that holds: true, false or unknown.
    ///
    /// ```no_run
    /// use coreweave_inference::ConditionStatus;
    ///
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// if *condition.status() == ConditionStatus::Unknown { /* … */ }
    /// # }
    /// ```
    pub fn status(self) -> &'a ConditionStatus {
        self.0
            .status
            .as_ref()
            .unwrap_or(&ConditionStatus::Unspecified)
    }

    /// Whether that is known to hold.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// let fine = gateway.conditions().all(|condition| condition.is_true());
    /// # let _ = fine; }
    /// ```
    pub fn is_true(self) -> bool {
        *self.status() == ConditionStatus::True
    }

    /// Why it last changed, in a word for machines.
    ///
    /// ```no_run
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// if condition.reason() == "NoCapacity" { /* … */ }
    /// # }
    /// ```
    pub fn reason(self) -> &'a str {
        self.0.reason.as_deref().unwrap_or_default()
    }

    /// The details, for people.
    ///
    /// ```no_run
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// println!("{}", condition.message());
    /// # }
    /// ```
    pub fn message(self) -> &'a str {
        self.0.message.as_deref().unwrap_or_default()
    }

    /// The zone that it is about, where it is about one.
    ///
    /// ```no_run
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// let place = condition.zone().unwrap_or("everywhere");
    /// # let _ = place; }
    /// ```
    pub fn zone(self) -> Option<&'a str> {
        self.0.zone.as_deref().filter(|zone| !zone.is_empty())
    }

    /// When the service last looked.
    ///
    /// ```no_run
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// if let Some(time) = condition.updated_at() {
    ///     println!("as of {time}");
    /// }
    /// # }
    /// ```
    pub fn updated_at(self) -> Option<DateTime<Utc>> {
        self.0.last_update_time
    }

    /// The generated type.
    ///
    /// ```no_run
    /// # fn f(condition: coreweave_inference::Condition<'_>) {
    /// let json = serde_json::to_string(condition.raw());
    /// # let _ = json; }
    /// ```
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
