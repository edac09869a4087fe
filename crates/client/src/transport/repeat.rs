//! Which requests may be sent again although the first may have been acted on.

use std::borrow::Cow;

use reqwest::{Method, Request};
use serde::Deserialize;

use crate::raw::Operation;

/// Whether a request can be repeated without doubling what it does.
///
/// - Reads do nothing, and deleting twice deletes once (the second answer is NOT_FOUND).
/// - An update sends the whole spec, so that the second changes nothing.
/// - A create that names its id is refused the second time (ALREADY_EXISTS). One that doesn't makes a second resource.
/// - A hot-load that is cancelled twice stays cancelled (the second answer may say that there is nothing to cancel).
pub(super) fn is_safe(request: &Request, operation: &Operation) -> bool {
    match *request.method() {
        Method::GET
        | Method::HEAD
        | Method::OPTIONS
        | Method::PUT
        | Method::PATCH
        | Method::DELETE => true,
        Method::POST => operation.path.ends_with(":cancel") || names_its_id(request, operation),
        _ => false,
    }
}

fn names_its_id(request: &Request, operation: &Operation) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Create<'a> {
        #[serde(borrow)]
        id: Option<Cow<'a, str>>,
        #[serde(borrow)]
        hot_load_id: Option<Cow<'a, str>>,
    }

    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let Ok(create) = serde_json::from_slice::<Create<'_>>(body) else {
        return false;
    };
    // The API takes a hot-load's id by this name only, and any other resource's by the other.
    let id = if operation.path.ends_with("/hotLoads") {
        create.hot_load_id
    } else {
        create.id
    };
    id.is_some_and(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(operation: &str, body: &'static str) -> bool {
        let operation = Operation::named(operation).unwrap();
        let mut request = Request::new(
            operation.method.parse().unwrap(),
            "http://localhost".parse().unwrap(),
        );
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        is_safe(&request, operation)
    }

    #[test]
    fn every_operation_but_a_create_without_an_id_may_be_repeated() {
        for operation in crate::raw::OPERATIONS {
            assert_eq!(
                safe(operation.name, "{}"),
                !operation.name.starts_with("create_"),
                "{}",
                operation.name
            );
        }
    }

    #[test]
    fn a_create_may_be_repeated_if_its_body_names_the_id() {
        assert!(safe("create_gateway", r#"{"name": "x", "id": "1"}"#));
        assert!(safe(
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
            assert!(!safe(operation, body), "{operation} {body}");
        }
    }
}
