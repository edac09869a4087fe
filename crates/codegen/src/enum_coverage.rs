use coreweave_inference_spec::{Spec, SpecError};

use crate::EnumTable;
use crate::preprocess::{OpenEnum, preprocess};

/// Returns the enums and values of `spec` that `table` does not contain.
///
/// # Errors
/// Returns an error as [`generate`](crate::generate) does.
pub fn unlisted_enums(spec: &Spec, table: &EnumTable) -> Result<Vec<String>, SpecError> {
    let enums = preprocess(spec, table)?.enums;
    Ok(enums
        .iter()
        .flat_map(|found| unlisted(found, table))
        .collect())
}

fn unlisted(found: &OpenEnum, table: &EnumTable) -> Vec<String> {
    let Some(facts) = table.named(&found.name) else {
        let members = found.members.join("`, `");
        return vec![format!("the enum of `{members}`")];
    };
    let lacks =
        |value: &&str| !facts.values.contains_key(*value) && !facts.aliases.contains_key(*value);
    let values = found.variants.iter().map(|variant| variant.value.as_str());
    values
        .filter(lacks)
        .map(|value| format!("the value `{value}` of {}", found.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlisted_enums_and_values_are_named() {
        let table = EnumTable::parse(
            "enums.json",
            r#"{"enums": {"State": {"members": ["T.state"], "values": {"U": 0, "ON": 1}, "aliases": {"YES": "ON"}}}}"#,
        );
        let spec = crate::tests::spec(
            "paths: {}\ncomponents:\n  schemas:\n    T: {type: object, properties: {state: {type: string, enum: [ON, YES, OFF]}, kind: {type: string, enum: [A]}}}\n",
        );
        assert_eq!(
            unlisted_enums(&spec, &table.unwrap()).unwrap(),
            ["the value `OFF` of State", "the enum of `T.kind`"]
        );
    }
}
