//! Members that hold a credential.

use serde_json::{Value, json};

use super::walk;
use coreweave_inference_spec::{Spec, SpecError};

/// The name under which the document refers to the crate's secret type.
pub(crate) const SECRET: &str = "Secret";

/// Gives every credential one named type, which is replaced by a type whose `Debug` is redacted.
///
/// Fact: `WeightsAndBiasesAuth.apiKey` comes back from the API in every gateway, and generated structs derive `Debug`. The
/// rule goes by the member's name, so that a credential which the API adds is covered on the day it appears.
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
                if is_credential(name) && property.get("type").is_some_and(|kind| kind == "string")
                {
                    found = true;
                    let description = property.get("description").cloned().unwrap_or_default();
                    *property = json!({
                        "description": description,
                        "allOf": [{"$ref": format!("#/components/schemas/{SECRET}")}],
                    });
                }
            }
        });
    }
    if found {
        schemas.insert(SECRET.to_owned(), json!({"type": "string"}));
    }
    Ok(())
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

    const SPEC: &str = "paths: {}\ncomponents:\n  schemas:\n    Auth:\n      type: object\n      properties:\n        apiKey: {type: string, description: The key.}\n        pageToken: {type: string}\n";

    #[test]
    fn a_credential_gets_the_secret_type_and_a_page_token_does_not() {
        let spec = crate::tests::spec(SPEC);
        let mut document = spec.value().clone();
        hoist(&spec, &mut document).unwrap();
        assert_eq!(
            document.pointer("/components/schemas/Auth/properties"),
            Some(&json!({
                "apiKey": {"description": "The key.", "allOf": [{"$ref": "#/components/schemas/Secret"}]},
                "pageToken": {"type": "string"},
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
