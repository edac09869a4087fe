//! Names of operations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::walk;
use coreweave_inference_spec::{Spec, SpecError};

/// An operation, as in the generated table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The name of the generated method: `get_gateway`.
    pub name: String,
    /// The operation id in the spec: `GatewayService_GetGateway`.
    pub id: String,
    /// The HTTP method, upper case.
    pub method: String,
    /// The path template.
    pub path: String,
}

/// Removes the service from every operation id, `<Service>_<Name>`, and returns the operations sorted by name.
///
/// With the service, progenitor would generate `gateway_service_get_gateway` for `GatewayService_GetGateway`. Two operations
/// with the same name would silently become one method, so they are refused.
pub(super) fn strip_service(
    spec: &Spec,
    document: &mut Value,
) -> Result<Vec<Operation>, SpecError> {
    let mut by_name = BTreeMap::new();
    for (pointer, path, method, operation) in walk::operations(spec.value()) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            return Err(spec.error(pointer.as_str(), "an operation needs an `operationId`"));
        };
        let short = short_name(id);
        if short.is_empty() || !short.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!(
                "operation `{id}`: `{short}` makes no method name; expected `<Service>_<Name>`"
            );
            return Err(spec.error(pointer.child("operationId").as_str(), message));
        }
        let entry = Operation {
            name: snake_case(short),
            id: id.to_owned(),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
        };
        if let Some(other) = by_name.insert(entry.name.clone(), entry) {
            let message = format!(
                "operations `{}` and `{id}` would both become the method `{}`",
                other.id, other.name
            );
            return Err(spec.error(pointer.child("operationId").as_str(), message));
        }
    }
    for operation in walk::operations_mut(document) {
        if let Some(Value::String(id)) = operation.get_mut("operationId") {
            *id = snake_case(short_name(id));
        }
    }
    Ok(by_name.into_values().collect())
}

fn short_name(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, name)| name)
}

/// `GetCapacityClaimParameters` -> `get_capacity_claim_parameters`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut previous_lower = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = !character.is_ascii_uppercase();
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(first: &str, second: &str) -> Spec {
        let text = format!(
            "paths:\n  /a:\n    get:\n      operationId: {first}\n      responses: {{'200': {{description: OK}}}}\n    patch:\n      operationId: {second}\n      responses: {{'200': {{description: OK}}}}\n"
        );
        crate::tests::spec(&text)
    }

    #[test]
    fn method_names_do_not_contain_the_service() {
        let spec = spec(
            "GatewayService_GetGateway",
            "HotLoadService_ListHotLoadReplicas",
        );
        let mut document = spec.value().clone();
        let operations = strip_service(&spec, &mut document).unwrap();
        assert_eq!(
            operations,
            [
                Operation {
                    name: "get_gateway".into(),
                    id: "GatewayService_GetGateway".into(),
                    method: "GET".into(),
                    path: "/a".into()
                },
                Operation {
                    name: "list_hot_load_replicas".into(),
                    id: "HotLoadService_ListHotLoadReplicas".into(),
                    method: "PATCH".into(),
                    path: "/a".into()
                },
            ]
        );
        assert_eq!(
            document.pointer("/paths/~1a/get/operationId").unwrap(),
            "get_gateway"
        );
    }

    #[test]
    fn two_operations_of_the_same_name_are_refused() {
        let spec = spec("A_Get", "B_Get");
        let error = strip_service(&spec, &mut spec.value().clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains("small.yaml:12"), "{error}");
        assert!(error.contains("`A_Get` and `B_Get`"), "{error}");
    }

    #[test]
    fn a_name_that_is_not_an_identifier_is_refused() {
        let spec = spec("A_Get-It", "B_Get");
        let error = strip_service(&spec, &mut spec.value().clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains("operation `A_Get-It`"), "{error}");
    }
}
