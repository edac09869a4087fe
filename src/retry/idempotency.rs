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
        Method::POST => operation.path.ends_with(":cancel") || request.created_id().is_some(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idempotent(operation: &str, created_id: Option<&str>) -> bool {
        let operation = Operation::named(operation).unwrap();
        let mut request = Request::new(
            operation.method.parse().unwrap(),
            "http://localhost".parse().unwrap(),
        );
        request.set_created_id(created_id.map(Into::into));
        is_idempotent(&request, operation)
    }

    #[test]
    fn every_operation_but_a_create_without_an_id_is_idempotent() {
        for operation in crate::OPERATIONS {
            let creates = operation.name.starts_with("create_");
            assert_eq!(
                idempotent(operation.name, None),
                !creates,
                "{}",
                operation.name
            );
            assert!(idempotent(operation.name, Some("1")), "{}", operation.name);
        }
    }
}
