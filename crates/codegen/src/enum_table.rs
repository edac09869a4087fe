use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use coreweave_inference_spec::SpecError;

/// The Rust names of the API's enums and the protobuf numbers of their values, which OpenAPI cannot express.
///
/// The API may send the number of a value in place of its name. For each enum, the file lists the members that have its type,
/// its values with their numbers (`null` if unknown), and aliases of its values.
///
/// ```
/// use coreweave_inference_codegen::EnumTable;
///
/// let table = EnumTable::parse("enums.json", r#"{
///     "enums": {
///         "ThingState": {
///             "members": ["ThingStatus.state"],
///             "values": {"STATE_UNSPECIFIED": 0, "STATE_ON": 1, "STATE_OFF": null}
///         }
///     }
/// }"#)?;
/// # Ok::<_, coreweave_inference_spec::SpecError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnumTable {
    #[serde(default, rename = "about")]
    _about: String,
    enums: BTreeMap<String, EnumFacts>,
}

/// An enum in the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumFacts {
    /// `Schema.member`, as the spec names them.
    pub(crate) members: Vec<String>,
    pub(crate) values: BTreeMap<String, Option<i64>>,
    /// Aliases, with the value of each.
    #[serde(default)]
    pub(crate) aliases: BTreeMap<String, String>,
}

impl EnumTable {
    /// The name of the file, next to openapi.yaml.
    pub const FILE: &str = "openapi.enums.json";

    /// Reads the table in the file at `path`. A file that does not exist is an empty table.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, and as [`EnumTable::parse`] does.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SpecError> {
        let name = path.as_ref().display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&name, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(problem(&name, format!("cannot read the file: {error}"))),
        }
    }

    /// Parses a table. `name` is its name in errors.
    ///
    /// # Errors
    /// Returns an error if the text is not a table, or contradicts itself.
    pub fn parse(name: &str, text: &str) -> Result<Self, SpecError> {
        let table: Self =
            serde_json::from_str(text).map_err(|error| problem(name, error.to_string()))?;
        table.check().map_err(|message| problem(name, message))?;
        Ok(table)
    }

    fn check(&self) -> Result<(), String> {
        let mut members = BTreeSet::new();
        for (name, facts) in &self.enums {
            if let Some(member) = facts.members.iter().find(|member| !members.insert(*member)) {
                return Err(format!("`{member}` is listed twice"));
            }
            let mut numbers = BTreeSet::new();
            let mut known = facts.values.values().flatten();
            if let Some(number) = known.find(|number| !numbers.insert(**number)) {
                return Err(format!("{name}: two values have the number {number}"));
            }
            if !numbers.contains(&0) {
                return Err(format!("{name}: no value has the number 0"));
            }
            let mut aliases = facts.aliases.iter();
            if let Some((alias, value)) = aliases.find(|(alias, value)| {
                facts.values.contains_key(*alias) || !facts.values.contains_key(*value)
            }) {
                return Err(format!("{name}: `{alias}` cannot be an alias of `{value}`"));
            }
        }
        Ok(())
    }

    /// Returns the enum of the member `Schema.member`, with its Rust name.
    pub(crate) fn of_member(&self, member: &str) -> Option<(&str, &EnumFacts)> {
        self.enums
            .iter()
            .find(|(_, facts)| facts.members.iter().any(|known| known == member))
            .map(|(name, facts)| (name.as_str(), facts))
    }

    /// Returns the enum with this Rust name.
    pub(crate) fn named(&self, name: &str) -> Option<&EnumFacts> {
        self.enums.get(name)
    }
}

fn problem(file: &str, message: String) -> SpecError {
    SpecError {
        file: file.to_owned(),
        line: None,
        pointer: String::new(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(enums: &str) -> Result<EnumTable, String> {
        EnumTable::parse("enums.json", &format!("{{\"enums\": {enums}}}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_inconsistent_table_is_an_error() {
        for (enums, expected) in [
            (
                r#"{"A": {"members": ["T.a", "T.a"], "values": {"U": 0}}}"#,
                "`T.a` is listed twice",
            ),
            (
                r#"{"A": {"members": [], "values": {"U": 0, "X": 1, "Y": 1}}}"#,
                "two values have the number 1",
            ),
            (
                r#"{"A": {"members": [], "values": {"X": 1}}}"#,
                "no value has the number 0",
            ),
            (
                r#"{"A": {"members": [], "values": {"U": 0}, "aliases": {"X": "Y"}}}"#,
                "`X` cannot be an alias of `Y`",
            ),
            (r#"{"A": {}}"#, "missing field `members`"),
        ] {
            let error = table(enums).unwrap_err();
            assert!(error.starts_with("enums.json: "), "{error}");
            assert!(error.contains(expected), "{error}");
        }
    }
}
