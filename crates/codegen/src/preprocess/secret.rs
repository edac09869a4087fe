//! Members that contain secrets.

use serde_json::{Value, json};

use crate::walk;
use coreweave_inference_spec::{Spec, SpecError};

/// The name of the schema that is replaced by the client crate's secret type.
pub(crate) const SECRET: &str = "Secret";

/// Gives credentials and the values of environment variables a named type, which is replaced by one with redacted `Debug`
/// output.
///
/// Generated structs derive `Debug`, and environment variables often contain tokens. Members are recognized by name, so
/// that credentials that the API adds are covered as well.
pub(super) fn hoist(spec: &Spec, document: &mut Value) -> Result<(), SpecError> {
    let Some(schemas) = walk::schemas_mut(document) else {
        return Ok(());
    };
    if schemas.contains_key(SECRET) {
        return Err(spec.error(
            "/components/schemas/Secret",
            "codegen uses the name of this schema for credentials; rename its own in preprocess/secret.rs",
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

/// Returns whether the keys of a map are names of environment variables.
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
    fn credentials_and_environment_variables_have_the_secret_type() {
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
    fn a_schema_with_the_name_of_the_secret_type_is_refused() {
        let spec = crate::tests::spec(&format!("{SPEC}    Secret: {{type: string}}\n"));
        let error = hoist(&spec, &mut spec.value().clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains("/components/schemas/Secret"), "{error}");
    }
}
