//! Errors as the API reports them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::json::{set, snake_case};

/// Each google.rpc.Code, the HTTP status that stands for it, and its name in Connect's JSON.
const CODES: [(i32, u16, &str); 14] = [
    (INVALID_ARGUMENT, 400, "invalid_argument"),
    (4, 504, "deadline_exceeded"),
    (NOT_FOUND, 404, "not_found"),
    (ALREADY_EXISTS, 409, "already_exists"),
    (PERMISSION_DENIED, 403, "permission_denied"),
    (8, 429, "resource_exhausted"),
    (FAILED_PRECONDITION, 412, "failed_precondition"),
    (10, 409, "aborted"),
    (11, 400, "out_of_range"),
    (UNIMPLEMENTED, 501, "unimplemented"),
    (INTERNAL, 500, "internal"),
    (14, 503, "unavailable"),
    (15, 500, "data_loss"),
    (UNAUTHENTICATED, 401, "unauthenticated"),
];

const UNKNOWN: i32 = 2;
const INVALID_ARGUMENT: i32 = 3;
const NOT_FOUND: i32 = 5;
const ALREADY_EXISTS: i32 = 6;
const PERMISSION_DENIED: i32 = 7;
const FAILED_PRECONDITION: i32 = 9;
const UNIMPLEMENTED: i32 = 12;
const INTERNAL: i32 = 13;
const UNAUTHENTICATED: i32 = 16;

/// The google.rpc.Code that usually comes with an HTTP status.
pub(crate) fn code_of(status: StatusCode) -> i32 {
    let mut codes = CODES.iter();
    let found = codes.find(|(_, http, _)| status.as_u16() == *http);
    found.map_or(UNKNOWN, |(code, ..)| *code)
}

/// The name of a google.rpc.Code in Connect's JSON.
pub(crate) fn connect_name(code: i32) -> &'static str {
    let found = CODES.iter().find(|(known, ..)| *known == code);
    found.map_or("unknown", |(_, _, name)| name)
}

/// Why the API refuses a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    /// The methods that the path has, for the `Allow` header.
    pub(crate) allow: Option<String>,
    code: i32,
    message: String,
    details: Vec<Value>,
}

impl ApiError {
    fn new(status: StatusCode, code: i32, message: impl Into<String>) -> ApiError {
        ApiError {
            status,
            allow: None,
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// Adds a detail message of `google.rpc`.
    fn detail(mut self, name: &str, mut members: Value) -> ApiError {
        set(
            &mut members,
            "@type",
            json!(format!("type.googleapis.com/google.rpc.{name}")),
        );
        self.details.push(members);
        self
    }

    /// INVALID_ARGUMENT for these fields, with a description each. Their paths are those of the
    /// protobuf messages.
    pub(crate) fn invalid(violations: &[(String, String)]) -> ApiError {
        let mut lines = Vec::new();
        let mut details = Vec::new();
        for (field, description) in violations {
            let field = snake_case(field);
            lines.push(format!("{field}: {description}"));
            details.push(json!({"field": field, "description": description}));
        }
        ApiError::malformed(lines.join("; "))
            .detail("BadRequest", json!({"fieldViolations": details}))
    }

    /// INVALID_ARGUMENT for one field.
    pub(crate) fn invalid_field(field: &str, description: impl Into<String>) -> ApiError {
        ApiError::invalid(&[(field.to_owned(), description.into())])
    }

    /// INVALID_ARGUMENT for a body that cannot be read.
    pub(crate) fn malformed(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, INVALID_ARGUMENT, message)
    }

    /// INVALID_ARGUMENT for a body of more than `limit` bytes.
    pub(crate) fn too_large(limit: usize) -> ApiError {
        let message = format!("the body has more than {limit} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, INVALID_ARGUMENT, message)
    }

    /// NOT_FOUND for a resource.
    pub(crate) fn not_found(noun: &str, id: &str) -> ApiError {
        let message = format!("{noun} {id:?} not found");
        ApiError::new(StatusCode::NOT_FOUND, NOT_FOUND, message).detail(
            "ResourceInfo",
            json!({"resourceType": noun, "resourceName": id}),
        )
    }

    /// NOT_FOUND for a path that no operation has.
    pub(crate) fn no_such_path(path: &str) -> ApiError {
        let message = format!("no operation has the path {path}");
        ApiError::new(StatusCode::NOT_FOUND, NOT_FOUND, message)
    }

    /// UNIMPLEMENTED for a method that no operation of this path has.
    pub(crate) fn wrong_method(path: &str, allow: String) -> ApiError {
        let message = format!("{path} has only the methods {allow}");
        ApiError {
            status: StatusCode::METHOD_NOT_ALLOWED,
            allow: Some(allow),
            ..ApiError::unimplemented(&message)
        }
    }

    /// ALREADY_EXISTS for a taken id or name.
    pub(crate) fn already_exists(noun: &str, member: &str, value: &str) -> ApiError {
        let message = format!("a {noun} with {member} {value:?} already exists");
        ApiError::new(StatusCode::CONFLICT, ALREADY_EXISTS, message).detail(
            "ResourceInfo",
            json!({"resourceType": noun, "resourceName": value}),
        )
    }

    /// FAILED_PRECONDITION with one violation.
    pub(crate) fn precondition(
        kind: &str,
        subject: &str,
        description: impl Into<String>,
    ) -> ApiError {
        let description = description.into();
        let violation = json!({"type": kind, "subject": subject, "description": description});
        ApiError::new(StatusCode::BAD_REQUEST, FAILED_PRECONDITION, description)
            .detail("PreconditionFailure", json!({"violations": [violation]}))
    }

    /// UNAUTHENTICATED for a missing or unknown token.
    pub(crate) fn unauthenticated(message: &str) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED, message)
            .detail("ErrorInfo", error_info("TOKEN_INVALID"))
    }

    /// PERMISSION_DENIED for a caller that may only read.
    pub(crate) fn permission_denied(operation: &str) -> ApiError {
        let message = format!("{operation} requires the role Inference Admin");
        ApiError::new(StatusCode::FORBIDDEN, PERMISSION_DENIED, message)
            .detail("ErrorInfo", error_info("ROLE_MISSING"))
    }

    /// UNIMPLEMENTED.
    pub(crate) fn unimplemented(message: &str) -> ApiError {
        ApiError::new(StatusCode::NOT_IMPLEMENTED, UNIMPLEMENTED, message)
    }

    /// INTERNAL.
    pub(crate) fn internal(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL, message)
    }

    /// The JSON form of the Connect protocol.
    pub(crate) fn connect_body(&self) -> Value {
        json!({"code": connect_name(self.code), "message": self.message})
    }

    /// The `Status` message, with the request's id among its details.
    pub(crate) fn body(self, request_id: &str) -> Value {
        let error = self.detail("RequestInfo", json!({"requestId": request_id}));
        json!({"code": error.code, "message": error.message, "details": error.details})
    }
}

fn error_info(reason: &str) -> Value {
    json!({"reason": reason, "domain": "inference.coreweave.com"})
}
