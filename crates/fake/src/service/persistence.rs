//! Saving and loading the state.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{SeedError, Service};
use crate::json::{set, timestamp};

impl Service {
    /// Everything stored, and the time, as JSON.
    pub(crate) fn dump(&mut self) -> Value {
        self.settle();
        // Strings, numbers and maps with string keys always serialize.
        let mut state = serde_json::to_value(&self.store).unwrap_or_default();
        set(&mut state, "clock", timestamp(self.clock.now()));
        state
    }

    /// Replaces everything stored. The clock moves forward to the time of the state.
    pub(crate) fn load(&mut self, mut state: Value) -> Result<(), SeedError> {
        let fail = |problem: String| SeedError(format!("failed to load a state: {problem}"));
        let Some(members) = state.as_object_mut() else {
            return Err(fail("it is not a JSON object".to_owned()));
        };
        let clock = members.remove("clock").unwrap_or_default();
        let clock: Option<DateTime<Utc>> =
            serde_json::from_value(clock).map_err(|error| fail(format!("clock: {error}")))?;
        self.store = serde_json::from_value(state).map_err(|error| fail(error.to_string()))?;
        if let Some(time) = clock {
            self.clock.advance_to(time);
        }
        self.refresh_endpoints();
        self.store.is_changed = true;
        self.save().map_err(SeedError)
    }

    /// Advances the clock.
    pub(crate) fn advance(&mut self, by: Duration) -> Result<DateTime<Utc>, SeedError> {
        self.clock.advance(by);
        self.store.is_changed = true;
        self.save().map_err(SeedError)?;
        Ok(self.clock.now())
    }

    /// Loads the state from a file, if it exists, and writes it there whenever it changes.
    pub(crate) fn keep_in(&mut self, file: PathBuf) -> Result<(), SeedError> {
        let fail = |problem: String| {
            let file = file.display();
            SeedError(format!("failed to read the state from {file}: {problem}"))
        };
        let text = match fs::read(&file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(fail(error.to_string())),
        };
        let state = text.map(|text| serde_json::from_slice(&text)).transpose();
        let advice = "delete it to start with an empty state";
        let state = state.map_err(|error| fail(format!("{error}; {advice}")))?;
        if let Some(state) = state {
            self.load(state)?;
        }
        self.file = Some(file);
        self.save_now()
    }

    /// Writes the state to its file, if it has one.
    pub(crate) fn save_now(&mut self) -> Result<(), SeedError> {
        self.store.is_changed = true;
        self.save().map_err(SeedError)
    }

    /// Writes the state to its file, if it has one and the state has changed.
    pub(super) fn save(&mut self) -> Result<(), String> {
        let Some(file) = self.file.clone().filter(|_| self.store.is_changed) else {
            return Ok(());
        };
        let state = self.dump();
        let written = write(&file, &state);
        self.store.is_changed = written.is_err();
        written.map_err(|error| format!("failed to write the state to {}: {error}", file.display()))
    }
}

/// Writes to a temporary file beside the file, then renames it, so that the file is always
/// complete.
fn write(file: &Path, state: &Value) -> io::Result<()> {
    let mut temporary = file.as_os_str().to_owned();
    temporary.push(".new");
    fs::write(&temporary, format!("{state:#}\n"))?;
    fs::rename(&temporary, file)
}
