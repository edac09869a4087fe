//! Which requests may be sent again although the server may have acted on the first.

use reqwest::Method;

use crate::{Operation, Request};

/// Whether sending a request twice has the effect of sending it once.
///
/// - Reads have no effect, and a second delete ends in NOT_FOUND.
/// - An update sends the full spec, so that a second one changes nothing.
/// - A create that carries its id is refused the second time (ALREADY_EXISTS). Without an id it would create two resources.
/// - A hot-load that is canceled twice stays canceled.
pub(super) fn is_idempotent(request: &Request, operation: &Operation) -> bool {
    match *request.method() {
        Method::POST => {
            operation.path.ends_with(":cancel") || operation.created_id(request.body()).is_some()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idempotent(operation: &str, body: &'static str) -> bool {
        let operation = Operation::named(operation).unwrap();
        let mut request = Request::new(
            operation.method.parse().unwrap(),
            "http://localhost".parse().unwrap(),
        );
        request.set_body(body);
        is_idempotent(&request, operation)
    }

    #[test]
    fn every_operation_but_a_create_without_an_id_is_idempotent() {
        for operation in crate::OPERATIONS {
            assert_eq!(
                idempotent(operation.name, "{}"),
                !operation.name.starts_with("create_"),
                "{}",
                operation.name
            );
        }
    }

    #[test]
    fn a_create_is_idempotent_if_its_body_carries_the_id() {
        assert!(idempotent("create_gateway", r#"{"name": "x", "id": "1"}"#));
        assert!(idempotent(
            "create_hot_load",
            r#"{"hotLoadId": "\u0031", "deploymentId": "d"}"#
        ));
        for (operation, body) in [
            ("create_gateway", r#"{"name": "x"}"#),
            ("create_gateway", r#"{"id": ""}"#),
            ("create_gateway", r#"{"id": null}"#),
            ("create_gateway", r#"{"id": 7}"#),
            ("create_gateway", r#"{"spec": {"id": "1"}}"#),
            ("create_gateway", r#"{"id": "1""#),
            ("create_gateway", r#"{"hotLoadId": "1"}"#),
            ("create_hot_load", r#"{"id": "1"}"#),
            ("create_gateway", ""),
        ] {
            assert!(!idempotent(operation, body), "{operation} {body}");
        }
    }
}
