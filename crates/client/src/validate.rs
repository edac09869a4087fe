//! The rules that the API is known to hold requests to, checked before anything is sent.
//!
//! A check goes through all of a request and keeps every violation, so that one look is enough to mend it.

use std::fmt;
use std::ops::RangeInclusive;

use crate::error::{Error, FieldViolation};
use crate::raw::Operation;

/// The violations found so far.
#[derive(Debug, Default)]
pub struct Check {
    violations: Vec<FieldViolation>,
}

impl Check {
    /// All that a check finds.
    pub(crate) fn of(check: impl FnOnce(&mut Self)) -> Vec<FieldViolation> {
        let mut found = Self::default();
        check(&mut found);
        found.violations
    }

    /// Refuses a field unless something holds.
    pub(crate) fn that(&mut self, holds: bool, field: &str, otherwise: impl fmt::Display) {
        if !holds {
            self.violations
                .push(FieldViolation::new(field, otherwise.to_string()));
        }
    }

    pub(crate) fn filled(&mut self, field: &str, text: &str) {
        self.that(!text.trim().is_empty(), field, "must not be empty");
    }

    pub(crate) fn within(&mut self, field: &str, value: u32, range: RangeInclusive<u32>) {
        let (low, high) = (range.start(), range.end());
        let wanted = match high {
            &u32::MAX => format!("must be at least {low}"),
            _ => format!("must be between {low} and {high}"),
        };
        self.that(
            range.contains(&value),
            field,
            format_args!("{wanted}, not {value}"),
        );
    }

    pub(crate) fn length(&mut self, field: &str, text: &str, range: RangeInclusive<usize>) {
        let (low, high, length) = (range.start(), range.end(), text.chars().count());
        self.that(
            range.contains(&length),
            field,
            format_args!("must have {low} to {high} characters, not {length}"),
        );
    }

    /// An id that a create chooses.
    pub(crate) fn uuid(&mut self, field: &str, id: Option<&str>) {
        let holds = id.is_none_or(|id| uuid::Uuid::try_parse(id).is_ok());
        self.that(
            holds,
            field,
            format_args!("must be a UUID, not {:?}", id.unwrap_or_default()),
        );
    }

    /// One label of a hostname, as buckets are named.
    pub(crate) fn hostname_label(&mut self, field: &str, text: &str) {
        let inner = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let ends = !text.starts_with('-') && !text.ends_with('-');
        self.that(
            (1..=63).contains(&text.len()) && inner && ends,
            field,
            format_args!(
                "must be a hostname label (1 to 63 letters, digits and inner hyphens), not {text:?}"
            ),
        );
    }

    /// The name of a request header.
    pub(crate) fn header_name(&mut self, field: &str, name: &str) {
        self.length(field, name, 1..=100);
        let holds = name.is_empty() || http::HeaderName::from_bytes(name.as_bytes()).is_ok();
        self.that(
            holds,
            field,
            format_args!("must be the name of an HTTP header, not {name:?}"),
        );
    }

    /// The identity of a snapshot, which is one segment of a path.
    pub(crate) fn identity(&mut self, field: &str, identity: &str) {
        self.length(field, identity, 1..=128);
        let segment = !matches!(identity, "." | "..")
            && !identity.chars().any(|c| c == '/' || c.is_control());
        self.that(
            segment,
            field,
            format_args!("must be a single path segment, not {identity:?}"),
        );
    }
}

/// The error for a request with violations, or none.
pub(crate) fn refuse(
    operation: &'static Operation,
    violations: Vec<FieldViolation>,
) -> Result<(), Error> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(operation, violations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(check: impl FnOnce(&mut Check)) -> bool {
        !Check::of(check).is_empty()
    }

    #[test]
    fn every_violation_is_kept() {
        let found = Check::of(|check| {
            check.filled("name", " ");
            check.within("traffic.weight", 1001, 0..=1000);
            check.within("autoscaling.min", 0, 1..=u32::MAX);
            check.length("model.name", "abc", 4..=63);
            check.filled("runtime.engine", "vllm");
        });
        let lines: Vec<_> = found
            .iter()
            .map(|v| format!("{}: {}", v.field, v.description))
            .collect();
        assert_eq!(
            lines,
            [
                "name: must not be empty",
                "traffic.weight: must be between 0 and 1000, not 1001",
                "autoscaling.min: must be at least 1, not 0",
                "model.name: must have 4 to 63 characters, not 3",
            ]
        );
    }

    #[test]
    fn hostname_labels() {
        for label in ["a", "models", "my-models-2", &"a".repeat(63)] {
            assert!(!refused(|c| c.hostname_label("bucket", label)), "{label}");
        }
        for label in ["", "-a", "a-", "a.b", "a_b", "a/b", "é", &"a".repeat(64)] {
            assert!(refused(|c| c.hostname_label("bucket", label)), "{label}");
        }
    }

    #[test]
    fn header_names() {
        for name in ["X-Model", "m", &"x".repeat(100)] {
            assert!(!refused(|c| c.header_name("h", name)), "{name}");
        }
        for name in ["", "X Model", "X:Model", "X\nModel", &"x".repeat(101)] {
            assert!(refused(|c| c.header_name("h", name)), "{name:?}");
        }
    }

    #[test]
    fn identities() {
        for identity in ["step-100", "...", "a b", &"x".repeat(128)] {
            assert!(!refused(|c| c.identity("identity", identity)), "{identity}");
        }
        for identity in ["", ".", "..", "a/b", "a\u{7}", &"x".repeat(129)] {
            assert!(
                refused(|c| c.identity("identity", identity)),
                "{identity:?}"
            );
        }
    }

    #[test]
    fn chosen_ids() {
        assert!(!refused(|c| c.uuid("id", None)));
        assert!(!refused(
            |c| c.uuid("id", Some("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11"))
        ));
        assert!(refused(|c| c.uuid("id", Some("chat"))));
    }
}
