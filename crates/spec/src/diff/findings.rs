use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::{Class, Diff, Entry};
use super::location::{Location, Scope};
use super::reach::Uses;
use crate::ObjectKind;
use crate::yaml::Node;

/// How a value differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Removed,
    Changed,
}

impl Change {
    /// How two values, of which either may be absent, differ.
    pub(super) fn of<T>(old: Option<T>, new: Option<T>) -> Self {
        match (old, new) {
            (None, _) => Self::Added,
            (_, None) => Self::Removed,
            _ => Self::Changed,
        }
    }
}

/// Two values at the same place that are still to be compared.
#[derive(Debug)]
pub(super) struct Pair<'v> {
    pub(super) kind: ObjectKind,
    pub(super) a: &'v Node,
    pub(super) b: &'v Node,
    pub(super) location: Location<'v>,
}

/// What the comparison has found so far.
#[derive(Debug, Default)]
pub(super) struct Findings<'v> {
    /// The scopes of each change, by class, kind, path and message.
    changes: BTreeMap<(Class, String, &'static str, String), BTreeSet<Scope<'v>>>,
    pub(super) pairs: Vec<Pair<'v>>,
    /// Renamed schemas, from their reference in `a` to their reference in `b`.
    pub(super) renamed: HashMap<&'v str, &'v str>,
}

impl<'v> Findings<'v> {
    pub(super) fn add(
        &mut self,
        class: Class,
        kind: &'static str,
        location: &Location<'v>,
        change: Change,
        message: String,
    ) {
        let at = match change {
            Change::Removed => &location.a,
            Change::Added | Change::Changed => &location.b,
        };
        let key = (class, at.as_str().to_owned(), kind, message);
        self.changes.entry(key).or_default().insert(location.scope);
    }

    pub(super) fn pair(
        &mut self,
        kind: ObjectKind,
        a: &'v Node,
        b: &'v Node,
        location: Location<'v>,
    ) {
        let pair = Pair {
            kind,
            a,
            b,
            location,
        };
        self.pairs.push(pair);
    }

    /// The changes, with the operations that they concern. `count` is how many operations there are.
    pub(super) fn into_diff(self, uses: &Uses<'v>, count: usize) -> Diff {
        let entry = |((class, path, kind, message), scopes): (
            (Class, String, _, String),
            BTreeSet<Scope<'v>>,
        )| {
            let operations: BTreeSet<_> = scopes
                .iter()
                .flat_map(|scope| uses.operations(*scope))
                .collect();
            let is_component = scopes
                .iter()
                .any(|scope| matches!(scope, Scope::Component(..) | Scope::Unused));
            let reach = match operations.len() {
                _ if !is_component || class == Class::Documentation => String::new(),
                0 => " (no operation uses it)".to_owned(),
                1 => String::new(),
                all if all >= count => " (reaches every operation)".to_owned(),
                _ => {
                    let operations: Vec<_> = operations.iter().copied().collect();
                    format!(" (reaches {})", operations.join(", "))
                }
            };
            let mut operations = operations.into_iter();
            let operation = match (operations.next(), operations.next()) {
                (Some(only), None) => Some(only.to_owned()),
                _ => None,
            };
            let message = message + &reach;
            (
                class,
                Entry {
                    kind,
                    operation,
                    path,
                    message,
                },
            )
        };
        self.changes.into_iter().map(entry).collect()
    }
}
