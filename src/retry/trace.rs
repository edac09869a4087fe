//! The `tracing` spans of calls and attempts, under OpenTelemetry's names.
//!
//! All of them are at debug level. No header and no body is recorded.

use tracing::Span;
use tracing::field::Empty;

use crate::{Operation, Request};

/// The span of a call, from its first attempt to its last.
pub(super) fn call(operation: &Operation, request: &Request) -> Span {
    let id = request.created_id();
    tracing::debug_span!(
        "coreweave_inference.call",
        "otel.name" = operation.name,
        "coreweave.operation" = operation.name,
        "coreweave.resource.id" = id.or_else(|| operation.resource_id(request.url().path())),
        "error.type" = Empty,
    )
}

/// The span of one attempt.
pub(super) fn attempt(operation: &Operation, request: &Request, resends: u32) -> Span {
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
