use std::fmt;

use serde::Serialize;

/// The effect of a change on programs that use the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Programs can fail to compile or to work.
    Breaking,
    /// Something was added, or a Rust type changed compatibly on the wire.
    Additive,
    /// Programs are not affected.
    Documentation,
}

impl Class {
    /// All classes, the most severe first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Documentation];

    /// Returns the name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Documentation => "documentation",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// The kind of change, such as `member-added`.
    pub kind: &'static str,
    /// The operation, if exactly one is affected.
    pub operation: Option<String>,
    /// JSON pointer into the new document, or into the old one for removals.
    pub path: String,
    /// A description of the change.
    pub message: String,
}

/// The changes from one document to another by class, ordered by path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Programs can fail to compile or to work.
    pub breaking: Vec<Entry>,
    /// Something was added, or a Rust type changed compatibly on the wire.
    pub additive: Vec<Entry>,
    /// Programs are not affected.
    pub documentation: Vec<Entry>,
}

impl Diff {
    /// Returns the changes of one class.
    #[must_use]
    pub fn of(&self, class: Class) -> &[Entry] {
        match class {
            Class::Breaking => &self.breaking,
            Class::Additive => &self.additive,
            Class::Documentation => &self.documentation,
        }
    }

    /// Returns whether there are no changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Class::ALL.iter().all(|class| self.of(*class).is_empty())
    }

    /// Every change with its class, the most severe first.
    pub fn iter(&self) -> impl Iterator<Item = (Class, &Entry)> {
        Class::ALL
            .into_iter()
            .flat_map(|class| self.of(class).iter().map(move |entry| (class, entry)))
    }

    pub(super) fn push(&mut self, class: Class, entry: Entry) {
        match class {
            Class::Breaking => self.breaking.push(entry),
            Class::Additive => self.additive.push(entry),
            Class::Documentation => self.documentation.push(entry),
        }
    }

    pub(super) fn sort(&mut self) {
        for list in [
            &mut self.breaking,
            &mut self.additive,
            &mut self.documentation,
        ] {
            list.sort_by(|a, b| {
                (&a.path, &a.kind, &a.message).cmp(&(&b.path, &b.kind, &b.message))
            });
            list.dedup();
        }
    }
}

impl FromIterator<(Class, Entry)> for Diff {
    fn from_iter<I: IntoIterator<Item = (Class, Entry)>>(entries: I) -> Self {
        let mut diff = Self::default();
        for (class, entry) in entries {
            diff.push(class, entry);
        }
        diff.sort();
        diff
    }
}
