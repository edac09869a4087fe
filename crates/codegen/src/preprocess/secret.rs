//! Members that hold a credential.

use serde_json::{Value, json};

use super::walk;
use coreweave_inference_spec::{Spec, SpecError};

/// The name under which the document refers to the crate's secret type.
pub(crate) const SECRET: &str = "Secret";

/// Gives every credential, and every value of an environment, one named type, which is replaced by a type whose `Debug` is
/// redacted.
///
/// Fact: generated structs derive `Debug`, and people put tokens into `engineEnv`. The rule goes by the member's name, so
/// that a credential which the API adds is covered on the day it appears.
pub(super) fn hoist(spec: &Spec, document: &mut Value) -> Result<(), SpecError> {
    let Some(schemas) = walk::schemas_mut(document) else {
        return Ok(());
    };
    if schemas.contains_key(SECRET) {
        return Err(spec.error(
            "/components/schemas/Secret",
            "the schema's name is the one codegen gives to credentials; rename the latter in preprocess/secret.rs",
        ));
    }
    let mut found = false;
    for schema in schemas.values_mut() {
        walk::each_schema_mut(schema, &mut |schema| {
            let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
            for (name, property) in properties.into_iter().flatten() {
                let secret = match property.get_mut("additionalProperties") {
                    Some(value) if is_credential(name) || is_environment(name) => value,
                    _ if is_credential(name) => property,
                    _ => continue,
                };
                if let Some(secret) = secret.as_object_mut()
                    && secret.get("type").is_some_and(|kind| kind == "string")
                {
                    found = true;
                    secret.remove("type");
                    secret.insert(
                        "allOf".to_owned(),
                        json!([{"$ref": walk::reference(SECRET)}]),
                    );
                }
            }
        });
    }
    if found {
        schemas.insert(SECRET.to_owned(), json!({"type": "string"}));
    }
    Ok(())
}

/// Whether a map's keys are names of environment variables.
fn is_environment(member: &str) -> bool {
    member.to_ascii_lowercase().ends_with("env")
}

fn is_credential(member: &str) -> bool {
    let member = member.to_ascii_lowercase();
    let ends = [
        "apikey",
        "password",
        "secret",
        "privatekey",
        "accesstoken",
        "accesskey",
    ];
    ends.iter().any(|end| member.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "paths: {}\ncomponents:\n  schemas:\n    Auth:\n      type: object\n      properties:\n        apiKey: {type: string, description: The key.}\n        pageToken: {type: string}\n        engineEnv: {type: object, additionalProperties: {type: string}}\n        labels: {type: object, additionalProperties: {type: string}}\n";

    #[test]
    fn credentials_and_environments_get_the_secret_type() {
        let spec = crate::tests::spec(SPEC);
        let mut document = spec.value().clone();
        hoist(&spec, &mut document).unwrap();
        assert_eq!(
            document.pointer("/components/schemas/Auth/properties"),
            Some(&json!({
                "apiKey": {"description": "The key.", "allOf": [{"$ref": "#/components/schemas/Secret"}]},
                "pageToken": {"type": "string"},
                "engineEnv": {"type": "object", "additionalProperties": {"allOf": [{"$ref": "#/components/schemas/Secret"}]}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            }))
        );
    }

    #[test]
    fn a_schema_of_that_name_is_refused() {
        let spec = crate::tests::spec(&format!("{SPEC}    Secret: {{type: string}}\n"));
        let error = hoist(&spec, &mut spec.value().clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains("/components/schemas/Secret"), "{error}");
    }
}
