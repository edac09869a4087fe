use std::fmt;

use serde::Serialize;

/// What a change means to a program that uses the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Something that a program may rely on is gone, or it must send more than before.
    Breaking,
    /// There is more than before.
    Additive,
    /// All else.
    Documentation,
}

impl Class {
    /// All classes, the gravest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Documentation];

    /// The name that reports use.
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
    /// What kind of change it is, such as `member-added`.
    pub kind: &'static str,
    /// The operation that changed, or nothing when it is more than one or none.
    pub operation: Option<String>,
    /// JSON pointer of the changed place: into the new document, or into the old one for what is gone.
    pub path: String,
    /// The change in words.
    pub message: String,
}

/// All changes from one document to another, by class; each list is ordered by path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Something that a program may rely on is gone, or it must send more than before.
    pub breaking: Vec<Entry>,
    /// There is more than before.
    pub additive: Vec<Entry>,
    /// All else.
    pub documentation: Vec<Entry>,
}

impl Diff {
    /// The changes of one class.
    #[must_use]
    pub fn of(&self, class: Class) -> &[Entry] {
        match class {
            Class::Breaking => &self.breaking,
            Class::Additive => &self.additive,
            Class::Documentation => &self.documentation,
        }
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Class::ALL.iter().all(|class| self.of(*class).is_empty())
    }

    /// Every change with its class, the gravest first.
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
