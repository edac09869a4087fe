//! Errors are declared once per operation, as its `default` response.

use serde_json::Value;

use super::walk;

/// Leaves each operation with its successes alone.
///
/// Fact: progenitor panics where a `200` and a `default` differ in type, and an error body that is not the declared JSON
/// (a proxy's HTML) loses its HTTP status and headers in the generated client. Without the declaration every response but
/// 200 is an error of the kind `Status` that keeps the complete response, and the wrapper decodes what it really holds.
pub(super) fn drop_from_client(document: &mut Value) {
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
    fn only_the_success_is_left() {
        let mut document =
            json!({"paths": {"/a": {"get": {"responses": {"200": {}, "default": {}}}}}});
        drop_from_client(&mut document);
        assert_eq!(
            document,
            json!({"paths": {"/a": {"get": {"responses": {"200": {}}}}}})
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
