//! Refusals, as the API words them.

use http::StatusCode;
use serde_json::{Value, json};

/// The canonical codes that the fake answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidArgument,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    FailedPrecondition,
    Unimplemented,
    Unauthenticated,
}

impl Code {
    /// The number in `google.rpc.Code`.
    pub(crate) fn number(self) -> i32 {
        match self {
            Code::InvalidArgument => 3,
            Code::NotFound => 5,
            Code::AlreadyExists => 6,
            Code::PermissionDenied => 7,
            Code::FailedPrecondition => 9,
            Code::Unimplemented => 12,
            Code::Unauthenticated => 16,
        }
    }

    /// The HTTP status it is sent with.
    fn http(self) -> StatusCode {
        match self {
            Code::InvalidArgument | Code::FailedPrecondition => StatusCode::BAD_REQUEST,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::AlreadyExists => StatusCode::CONFLICT,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        }
    }
}

/// A request refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) http: StatusCode,
    code: Code,
    message: String,
    details: Vec<Value>,
}

/// The `@type` of a detail message.
fn detail(name: &str, mut members: Value) -> Value {
    if let Some(object) = members.as_object_mut() {
        object.insert(
            "@type".to_owned(),
            json!(format!("type.googleapis.com/google.rpc.{name}")),
        );
    }
    members
}

impl Failure {
    fn new(code: Code, message: impl Into<String>, details: Vec<Value>) -> Failure {
        Failure {
            http: code.http(),
            code,
            message: message.into(),
            details,
        }
    }

    /// The request breaks rules on fields: (field, what is wrong with it).
    pub(crate) fn invalid(violations: &[(String, String)]) -> Failure {
        let message = violations
            .iter()
            .map(|(field, description)| format!("{field}: {description}"))
            .collect::<Vec<_>>()
            .join("; ");
        let violations: Vec<_> = violations
            .iter()
            .map(|(field, description)| json!({"field": field, "description": description}))
            .collect();
        let details = detail("BadRequest", json!({"fieldViolations": violations}));
        Failure::new(Code::InvalidArgument, message, vec![details])
    }

    /// The request breaks one rule on one field.
    pub(crate) fn invalid_field(field: &str, description: impl Into<String>) -> Failure {
        Failure::invalid(&[(field.to_owned(), description.into())])
    }

    /// No such resource, as far as this caller may know.
    pub(crate) fn not_found(noun: &str, id: &str) -> Failure {
        Failure::new(
            Code::NotFound,
            format!("{noun} {id:?} not found"),
            vec![resource_info(
                noun,
                id,
                "there is none in the caller's organization",
            )],
        )
    }

    /// The id or the name is taken.
    pub(crate) fn already_exists(noun: &str, member: &str, value: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("a {noun} with {member} {value:?} already exists"),
            vec![resource_info(
                noun,
                value,
                &format!("the {member} is taken"),
            )],
        )
    }

    /// The state of things does not allow it: (kind of condition, subject, description).
    pub(crate) fn precondition(kind: &str, subject: &str, description: &str) -> Failure {
        let violation = json!({"type": kind, "subject": subject, "description": description});
        let details = detail("PreconditionFailure", json!({"violations": [violation]}));
        Failure::new(Code::FailedPrecondition, description, vec![details])
    }

    /// No token, or none that the fake knows.
    pub(crate) fn unauthenticated(message: &str) -> Failure {
        let info = error_info("TOKEN_INVALID", json!({}));
        Failure::new(Code::Unauthenticated, message, vec![info])
    }

    /// The caller's role does not allow it.
    pub(crate) fn permission_denied(operation: &str) -> Failure {
        Failure::new(
            Code::PermissionDenied,
            format!("{operation} needs the role Inference Admin"),
            vec![error_info(
                "ROLE_MISSING",
                json!({"role": "Inference Admin"}),
            )],
        )
    }

    /// The service does not do this.
    pub(crate) fn unimplemented(message: &str) -> Failure {
        Failure::new(Code::Unimplemented, message, Vec::new())
    }

    /// No operation has this path.
    pub(crate) fn no_such_path(path: &str) -> Failure {
        Failure::new(
            Code::NotFound,
            format!("no operation has the path {path}"),
            Vec::new(),
        )
    }

    /// The path has operations, but none with this method.
    pub(crate) fn wrong_method(method: &str, path: &str) -> Failure {
        let message = format!("{method} is no method of {path}");
        let mut failure = Failure::unimplemented(&message);
        failure.http = StatusCode::METHOD_NOT_ALLOWED;
        failure
    }

    /// The request's body is larger than the fake reads.
    pub(crate) fn too_large(limit: usize) -> Failure {
        let mut failure =
            Failure::invalid_field("", format!("the body is larger than {limit} bytes"));
        failure.http = StatusCode::PAYLOAD_TOO_LARGE;
        failure
    }

    /// The `Status` message of a reply.
    pub(crate) fn status(&self, request_id: &str) -> Value {
        let mut details = self.details.clone();
        details.push(detail("RequestInfo", json!({"requestId": request_id})));
        json!({"code": self.code.number(), "message": self.message, "details": details})
    }
}

fn resource_info(noun: &str, name: &str, description: &str) -> Value {
    detail(
        "ResourceInfo",
        json!({"resourceType": noun, "resourceName": name, "description": description}),
    )
}

fn error_info(reason: &str, metadata: Value) -> Value {
    detail(
        "ErrorInfo",
        json!({"reason": reason, "domain": "inference.coreweave.com", "metadata": metadata}),
    )
}
