//! Responses.

use serde_json::Value;

use super::walk;

/// Drops content without a schema, which is no body.
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

/// Leaves each operation with its successes alone.
///
/// Fact: progenitor panics where responses differ in type, as `200` and `default` do, and an error body that is not the
/// declared JSON (a proxy's HTML) would lose its HTTP status and headers. Without the declaration every other response is an
/// error of the kind `Status` that keeps the complete response, and the wrapper decodes what it really holds.
pub(super) fn drop_errors(document: &mut Value) {
    for operation in walk::operations_mut(document) {
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            responses.remove("default");
        }
    }
}

/// Declares repeated query parameters by their item.
///
/// Fact: progenitor's mock helpers compare a parameter's `to_string()`, which a list does not have. With the item's type
/// the helper is called once per expected value.
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
    fn successes_are_left_and_content_without_a_schema_is_dropped() {
        let thing = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}});
        let mut document = json!({"paths": {"/a": {"get": {"responses": {
            "200": thing,
            "202": {"content": {"application/json": {}}},
            "204": {},
            "default": thing,
        }}}}});
        drop_empty_content(&mut document);
        drop_errors(&mut document);
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
