//! What to wait for.

use std::fmt;
use std::str::FromStr;

use crate::failure::Failure;
use crate::kind::Kind;

/// What to wait for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Ready,
    Applied,
    Deleted,
    Complete,
    /// The condition of this type has this status. Neither depends on case.
    Type {
        name: String,
        status: Status,
    },
}

/// The status of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    True,
    False,
    Unknown,
}

impl Status {
    const ALL: [Status; 3] = [Status::True, Status::False, Status::Unknown];
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ready" => return Ok(Condition::Ready),
            "applied" => return Ok(Condition::Applied),
            "deleted" => return Ok(Condition::Deleted),
            "complete" => return Ok(Condition::Complete),
            _ => {}
        }
        let condition = text.strip_prefix("condition=").unwrap_or_default();
        let (name, status) = match condition.split_once('=') {
            None => (condition, Some(Status::True)),
            Some((name, status)) => {
                let is_it = |known: &Status| known.to_string().eq_ignore_ascii_case(status);
                (name, Status::ALL.into_iter().find(is_it))
            }
        };
        match (name, status) {
            ("", _) => Err("use ready, applied, deleted, complete or condition=TYPE".to_owned()),
            (_, None) => Err("the status of a condition is True, False or Unknown".to_owned()),
            (name, Some(status)) => Ok(Condition::Type {
                name: name.to_owned(),
                status,
            }),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Ready => f.write_str("ready"),
            Condition::Applied => f.write_str("applied"),
            Condition::Deleted => f.write_str("deleted"),
            Condition::Complete => f.write_str("complete"),
            Condition::Type {
                name,
                status: Status::True,
            } => write!(f, "condition={name}"),
            Condition::Type { name, status } => write!(f, "condition={name}={status}"),
        }
    }
}

impl Condition {
    /// Whether resources of a kind can meet the condition.
    fn applies_to(&self, kind: Kind) -> bool {
        match self {
            Condition::Ready | Condition::Deleted => kind != Kind::HotLoads,
            Condition::Applied => kind == Kind::Deployments,
            Condition::Complete => kind == Kind::HotLoads,
            Condition::Type { .. } => true,
        }
    }

    /// Fails unless resources of a kind can meet the condition.
    pub(crate) fn check(&self, kind: Kind) -> Result<(), Failure> {
        if self.applies_to(kind) {
            return Ok(());
        }
        Err(self.misplaced(kind))
    }

    /// The failure of waiting for what resources of a kind never meet.
    pub(crate) fn misplaced(&self, kind: Kind) -> Failure {
        let all = [
            Condition::Ready,
            Condition::Applied,
            Condition::Deleted,
            Condition::Complete,
        ];
        let possible = all
            .iter()
            .filter(|condition| condition.applies_to(kind))
            .map(ToString::to_string);
        let possible: Vec<_> = possible.chain(["condition=TYPE".to_owned()]).collect();
        Failure::usage(format!(
            "a {} is never {self}; wait for {}",
            kind.noun(),
            possible.join(" or ")
        ))
    }
}
