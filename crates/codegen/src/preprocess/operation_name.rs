//! Names of operations.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rust_name::{is_identifier, method_name};
use crate::walk;
use coreweave_inference_spec::{Spec, SpecError, operations};

/// Names that the generated client and its calls use for something else: methods of their own, and methods of the traits
/// that they implement and that a caller would reach for.
const RESERVED: [&str; 20] = [
    "base_url",
    "body",
    "borrow",
    "check",
    "clone",
    "execute",
    "explain",
    "fmt",
    "from",
    "into",
    "json",
    "new",
    "operation",
    "options",
    "query",
    "request",
    "send",
    "send_json",
    "unlisted",
    "with_options",
];

/// Removes the service from every operation id, `<Service>_<Name>`, and returns the original ids by the name of the method.
///
/// With the service, progenitor would generate `gateway_service_get_gateway` for `GatewayService_GetGateway`. Two operations
/// with the same name would silently become one method, so they are refused, as are names that no method can have.
pub(super) fn strip_service(
    spec: &Spec,
    document: &mut Value,
) -> Result<BTreeMap<String, String>, SpecError> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for operation in operations(spec.value()) {
        let id = operation.id;
        if id.is_empty() {
            return Err(spec.error(operation.at.as_str(), "an operation needs an `operationId`"));
        }
        let refuse =
            |message: String| Err(spec.error(operation.at.child("operationId").as_str(), message));
        let short = short_name(&id);
        if short.is_empty() || !short.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return refuse(format!(
                "operation `{id}`: `{short}` makes no method name; expected `<Service>_<Name>`"
            ));
        }
        let name = method_name(short);
        if !is_identifier(&name) || RESERVED.contains(&name.as_str()) {
            return refuse(format!(
                "operation `{id}`: no method can be named `{name}`, which Rust or the generated client uses"
            ));
        }
        if let Some(other) = ids.insert(name.clone(), id.clone()) {
            return refuse(format!(
                "operations `{other}` and `{id}` would both become the method `{name}`"
            ));
        }
    }
    for operation in walk::operations_mut(document) {
        if let Some(Value::String(id)) = operation.get_mut("operationId") {
            *id = method_name(short_name(id));
        }
    }
    Ok(ids)
}

fn short_name(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, name)| name)
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

    fn refusal(first: &str, second: &str) -> String {
        let spec = spec(first, second);
        let error = strip_service(&spec, &mut spec.value().clone()).unwrap_err();
        error.to_string()
    }

    #[test]
    fn method_names_do_not_contain_the_service() {
        let spec = spec(
            "GatewayService_GetGateway",
            "HotLoadService_ListHotLoadReplicas",
        );
        let mut document = spec.value().clone();
        let ids = strip_service(&spec, &mut document).unwrap();
        let ids: Vec<_> = ids.into_iter().collect();
        assert_eq!(
            ids,
            [
                ("get_gateway".into(), "GatewayService_GetGateway".into()),
                (
                    "list_hot_load_replicas".into(),
                    "HotLoadService_ListHotLoadReplicas".into()
                ),
            ]
        );
        assert_eq!(
            document.pointer("/paths/~1a/get/operationId").unwrap(),
            "get_gateway"
        );
    }

    #[test]
    fn two_operations_of_the_same_name_are_refused() {
        let error = refusal("A_GetIt", "B_GetIt");
        assert!(error.contains("small.yaml:12"), "{error}");
        assert!(error.contains("`A_GetIt` and `B_GetIt`"), "{error}");
    }

    #[test]
    fn a_name_that_is_not_an_identifier_is_refused() {
        let error = refusal("A_Get-It", "B_Get");
        assert!(error.contains("operation `A_Get-It`"), "{error}");
    }

    #[test]
    fn names_of_keywords_and_of_the_client_s_own_methods_are_refused() {
        for name in ["Move", "New", "Clone", "Execute", "BaseUrl"] {
            let error = refusal(&format!("A_{name}"), "B_GetIt");
            assert!(error.contains(&format!("operation `A_{name}`")), "{error}");
            assert!(error.contains("/paths/~1a/get/operationId"), "{error}");
        }
    }
}
