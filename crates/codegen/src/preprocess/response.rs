//! Responses.

use serde_json::{Value, json};

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

/// Leaves each operation with one response, its success.
///
/// Fact: progenitor panics where responses differ in type, as `200` and `default` do, and an error body that is not the
/// declared JSON (a proxy's HTML) would lose its HTTP status and headers. The runtime takes any status from 200 to 299 for
/// the success and makes an error with the complete response of any other, so one success says all that is needed:
/// `supported` has seen to it that several are of one type.
pub(super) fn keep_one_success(document: &mut Value) {
    for operation in walk::operations_mut(document) {
        let Some(responses) = operation.get_mut("responses") else {
            continue;
        };
        let success = walk::members(Some(responses)).find(|(status, _)| status.starts_with('2'));
        if let Some((_, success)) = success {
            *responses = json!({"200": success});
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
    use super::*;

    #[test]
    fn one_success_is_left() {
        let thing = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}});
        for (responses, expected) in [
            (json!({"200": thing, "default": {}}), &thing),
            (json!({"201": thing, "202": thing}), &thing),
            (
                json!({"204": {"description": "None"}}),
                &json!({"description": "None"}),
            ),
            (
                json!({"200": {"content": {"application/json": {}}}}),
                &json!({}),
            ),
        ] {
            let mut document = json!({"paths": {"/a": {"get": {"responses": responses}}}});
            drop_empty_content(&mut document);
            keep_one_success(&mut document);
            assert_eq!(
                document.pointer("/paths/~1a/get/responses"),
                Some(&json!({"200": expected}))
            );
        }
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
