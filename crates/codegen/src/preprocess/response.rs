//! Responses.

use serde_json::Value;

use crate::walk;

/// Removes content without a schema: such a response has no body.
pub(super) fn drop_empty_content(document: &mut Value) {
    for operation in walk::operations_mut(document) {
        let responses = operation.get_mut("responses");
        for (_, response) in walk::members_mut(responses) {
            if !walk::has_content(response)
                && let Some(response) = response.as_object_mut()
            {
                response.remove("content");
            }
        }
    }
}

/// Declares repeated query parameters with the type of their items.
///
/// progenitor's mock helpers match a parameter's `to_string()`, which a list does not have. With the type of the item, the
/// helper is called once per expected value.
pub(super) fn single_values_for_repeated_parameters(document: &mut Value) {
    for operation in walk::operations_mut(document) {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let Some(schema) = parameter.get_mut("schema") else {
                continue;
            };
            if let Some(items) = schema.get("items").cloned() {
                *schema = items;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_content_with_a_schema_is_kept() {
        let thing = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}});
        let mut document = json!({"paths": {"/a": {"get": {"responses": {
            "200": thing,
            "202": {"content": {"application/json": {}}},
            "204": {},
        }}}}});
        drop_empty_content(&mut document);
        assert_eq!(
            document.pointer("/paths/~1a/get/responses"),
            Some(&json!({"200": thing, "202": {}, "204": {}}))
        );
    }

    #[test]
    fn a_repeated_parameter_becomes_its_item() {
        let mut document = json!({"paths": {"/a": {"get": {"parameters": [
            {"name": "ids", "schema": {"type": "array", "items": {"type": "string"}}},
            {"name": "size", "schema": {"type": "integer"}},
        ]}}}});
        single_values_for_repeated_parameters(&mut document);
        assert_eq!(
            document.pointer("/paths/~1a/get/parameters"),
            Some(&json!([
                {"name": "ids", "schema": {"type": "string"}},
                {"name": "size", "schema": {"type": "integer"}},
            ]))
        );
    }
}
