//! The `tracing` spans of calls and their attempts, under OpenTelemetry's names.
//!
//! All of it is at debug level: a call that succeeds says nothing at info or above. No header and no body is recorded.

use reqwest::Request;
use tracing::Span;
use tracing::field::Empty;

use super::attempt::Answer;
use super::failure::Failure;
use crate::raw::Operation;

/// The span of a call, from the first attempt to the last.
pub(crate) fn call(operation: &'static str, resource: Option<&str>) -> Span {
    tracing::debug_span!(
        "coreweave_inference.call",
        "otel.name" = operation,
        "coreweave.operation" = operation,
        "coreweave.resource.id" = resource,
        "error.type" = Empty,
    )
}

/// The span of one attempt.
pub(super) fn attempt(request: &Request, operation: &Operation, resends: u32) -> Span {
    let url = request.url();
    tracing::debug_span!(
        "coreweave_inference.attempt",
        "otel.name" = format_args!("{} {}", operation.method, operation.path),
        "otel.kind" = "client",
        "http.request.method" = request.method().as_str(),
        "http.request.resend_count" = (resends > 0).then_some(resends),
        "url.full" = url.as_str(),
        "url.template" = operation.path,
        "server.address" = url.host_str(),
        "server.port" = url.port_or_known_default(),
        "http.response.status_code" = Empty,
        "error.type" = Empty,
    )
}

/// Notes in its span how an attempt ended.
pub(super) fn attempt_ended(span: &Span, result: &Result<Answer, Failure>) {
    if let Ok(answer) = result {
        span.record("http.response.status_code", answer.status.as_u16());
    }
    let error_type = match result {
        Ok(Answer { cut: Some(cut), .. }) => cut.error_type(),
        Ok(Answer { status, .. }) if !status.is_success() => status.as_str(),
        Ok(_) => return,
        Err(failure) => failure.error_type(),
    };
    span.record("error.type", error_type);
}
