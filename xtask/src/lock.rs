//! openapi.lock: where openapi.yaml came from, and its SHA-256.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

use chrono::{NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::problems::Problems;

/// The file's name, beside openapi.yaml.
pub(crate) const FILE: &str = "openapi.lock";

const ABOUT: &str = "Written by `cargo xtask`: the SHA-256 of openapi.yaml, whether it was edited since the last sync, \
                     and the sources it was read from. What no source covers was written by hand.";

/// The lock's content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    about: String,
    #[serde(rename = "openapi.yaml")]
    spec: String,
    /// Whether openapi.yaml was edited by hand after it was read from its sources.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    edited: bool,
    sources: Vec<Origin>,
}

/// One text that the spec was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    /// The operation of a page; `None` for a document of the full API.
    operation: Option<String>,
    /// Its address, or a local file's name.
    location: String,
    sha256: String,
    /// The day (UTC) on which it was read.
    retrieved: NaiveDate,
}

impl Origin {
    /// A text that was read just now.
    pub(crate) fn new(location: &str, operation: Option<&str>, text: &str) -> Self {
        Self {
            operation: operation.map(str::to_owned),
            location: location.to_owned(),
            sha256: sha256(text),
            retrieved: Utc::now().date_naive(),
        }
    }
}

impl Lock {
    /// Reads the lock of a workspace. A missing file is a lock without sources.
    pub(crate) fn load(root: &Path) -> Result<Self, Problems> {
        let text = match std::fs::read_to_string(root.join(FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(Problems::with(
                    FILE,
                    format_args!("can't read the file: {error}"),
                ));
            }
        };
        serde_json::from_str(&text)
            .map_err(|error| Problems::with(FILE, format_args!("not a lock: {error}")))
    }

    /// Whether `spec` is the text that this lock was written for.
    pub(crate) fn matches(&self, spec: &str) -> bool {
        self.spec == sha256(spec)
    }

    /// The operation that was read from a text, by its address or file name.
    pub(crate) fn operation_of(&self, location: &str) -> Option<&str> {
        let mut sources = self.sources.iter();
        let source = sources.find(|source| source.location == location)?;
        source.operation.as_deref()
    }

    /// Whether each of the texts is about something that a source is known of.
    pub(crate) fn covers(&self, origins: &[Origin]) -> bool {
        let full = self.sources.iter().any(|source| source.operation.is_none());
        let known = |origin: &Origin| match &origin.operation {
            Some(_) => {
                full || self
                    .sources
                    .iter()
                    .any(|source| source.operation == origin.operation)
            }
            None => !self.sources.is_empty(),
        };
        origins.iter().all(known)
    }

    /// The lock for the text that a person may have changed.
    #[must_use]
    pub(crate) fn edit(self, spec: &str) -> Self {
        let changed = !self.matches(spec) && !self.sources.is_empty();
        Self {
            about: ABOUT.to_owned(),
            spec: sha256(spec),
            edited: self.edited || changed,
            ..self
        }
    }

    /// The lock for the text that was read from `origins`: the full API, or the operations that they are about.
    #[must_use]
    pub(crate) fn sync(self, spec: &str, origins: Vec<Origin>, complete: bool) -> Self {
        let mut sources = self.sources;
        sources.retain(|source| {
            !complete
                && !origins
                    .iter()
                    .any(|origin| origin.operation == source.operation)
        });
        sources.extend(origins);
        sources.sort();
        Self {
            about: ABOUT.to_owned(),
            spec: sha256(spec),
            edited: self.edited && !complete,
            sources,
        }
    }

    /// The lock as the file holds it.
    pub(crate) fn text(&self) -> Result<String, Problems> {
        let text =
            serde_json::to_string_pretty(self).map_err(|error| Problems::with(FILE, error))?;
        Ok(text + "\n")
    }
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_sha_256() {
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    fn page(operation: &str, text: &str) -> Origin {
        Origin::new("page.md", Some(operation), text)
    }

    #[test]
    fn a_lock_reads_back_and_knows_its_spec() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Lock::load(folder.path()).unwrap(), Lock::default());
        let origins = vec![page("GET /things/{id}", "page")];
        let lock = Lock::default().sync("spec", origins.clone(), false);
        std::fs::write(folder.path().join(FILE), lock.text().unwrap()).unwrap();
        let read = Lock::load(folder.path()).unwrap();
        assert_eq!(read, lock);
        assert!(read.matches("spec") && !read.matches("other"));
        assert!(read.covers(&origins));
        assert!(!read.covers(&[page("GET /other", "page")]));
    }

    #[test]
    fn a_partial_sync_replaces_only_what_it_covers() {
        let lock = Lock::default().sync("", vec![page("A", "old"), page("B", "old")], true);
        let lock = lock.sync("", vec![page("B", "new")], false);
        assert_eq!(lock.sources, [page("A", "old"), page("B", "new")]);
        let full = lock.sync("", vec![Origin::new("openapi.yaml", None, "all")], true);
        assert_eq!(full.sources.len(), 1);
        assert!(full.covers(&[page("C", "any")]));
    }

    #[test]
    fn an_edited_spec_is_recorded_as_such_until_a_full_sync() {
        let by_hand = Lock::default().edit("spec");
        assert!(!by_hand.edited, "nothing was read from upstream");
        let synced = by_hand.sync("upstream", vec![page("A", "page")], true);
        assert!(!synced.clone().edit("upstream").edited);
        let edited = synced.edit("changed");
        assert!(edited.edited && edited.text().unwrap().contains("\"edited\": true"));
        assert!(
            edited
                .clone()
                .sync("b", vec![page("A", "page")], false)
                .edited
        );
        assert!(!edited.sync("c", vec![page("A", "page")], true).edited);
    }

    #[test]
    fn a_damaged_lock_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(
            Lock::load(folder.path())
                .unwrap_err()
                .to_string()
                .starts_with("openapi.lock: not a lock: ")
        );
    }
}
