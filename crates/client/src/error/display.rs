//! How errors are displayed.

use std::borrow::Cow;
use std::fmt;

use reqwest::StatusCode;

use super::line::one_line;
use super::{Code, Conflict, Error, ErrorKind};
use crate::variables;

/// The most of a server's message that is displayed.
const MAX_MESSAGE: usize = 500;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        // The message of a wait says what was waited for, and what was seen last.
        if matches!(inner.kind, ErrorKind::WaitFailed | ErrorKind::WaitTimeout) {
            return write!(f, "{}", line(&inner.message));
        }
        if let Some(operation) = inner.operation {
            f.write_str(&operation.name.replace('_', " "))?;
            if let Some(resource) = &inner.resource {
                write!(f, " {}", line(resource))?;
            }
            f.write_str(": ")?;
        }
        match (inner.code, inner.status) {
            (Some(code), Some(status)) => write!(f, "{code} (HTTP {}): ", status.as_u16())?,
            (Some(code), None) => write!(f, "{code}: ")?,
            (None, Some(status)) => write!(f, "HTTP {}: ", status.as_u16())?,
            (None, None) => {}
        }
        write!(f, "{}", line(&inner.message))?;
        self.write_violations(f)?;
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        self.write_notes(f)
    }
}

impl Error {
    /// Writes the invalid fields that the message doesn't name already.
    fn write_violations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        let unnamed = self
            .field_violations()
            .filter(|violation| !message.contains(&violation.description));
        for (n, violation) in unnamed.enumerate() {
            let before = if n == 0 { ": " } else { ", " };
            let (field, description) = (line(&violation.field), line(&violation.description));
            write!(f, "{before}{field}: {description}")?;
        }
        Ok(())
    }

    /// Writes `[request id …, 3 attempts]`, as far as there is something to say.
    fn write_notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempts = self.attempts();
        match (self.request_id(), attempts > 1) {
            (Some(id), true) => write!(f, " [request id {}, {attempts} attempts]", line(id)),
            (Some(id), false) => write!(f, " [request id {}]", line(id)),
            (None, true) => write!(f, " [{attempts} attempts]"),
            (None, false) => Ok(()),
        }
    }

    /// What to do next, where that can be said.
    fn advice(&self) -> Option<Cow<'static, str>> {
        let advice = match self.kind() {
            ErrorKind::Transport => "check the network and the base URL",
            ErrorKind::Timeout => "try again, or allow more time",
            ErrorKind::Decode => "check the base URL, or update this crate",
            ErrorKind::BodyTooLarge => {
                "request less at once, or raise `max_body_size` on the client builder"
            }
            ErrorKind::Redirect => {
                "redirects are not followed: set the base URL to the final address"
            }
            ErrorKind::Invalid
            | ErrorKind::Config
            | ErrorKind::Token
            | ErrorKind::WaitFailed
            | ErrorKind::WaitTimeout => return None,
            ErrorKind::MissingResource | ErrorKind::RepeatedPageToken => {
                "report this to CoreWeave with the time of the call"
            }
            ErrorKind::Api => return self.api_advice(),
        };
        Some(advice.into())
    }

    fn api_advice(&self) -> Option<Cow<'static, str>> {
        let Some(code) = self.code() else {
            let not_found = self.status() == Some(StatusCode::NOT_FOUND);
            return not_found.then_some(
                "the response is not from the Inference API: check the base URL".into(),
            );
        };
        let advice = match code {
            Code::Unauthenticated => {
                let [first, second] = variables::TOKEN;
                return Some(
                    format!("set {first} (or {second}) to a valid API access token").into(),
                );
            }
            Code::PermissionDenied => {
                "the token needs the role Inference Viewer to read, Inference Admin to write"
            }
            Code::NotFound if self.outcome_unknown() => {
                "an earlier attempt, whose response was lost, may have deleted it"
            }
            Code::NotFound => "check the id, and that the token is of the right organization",
            Code::AlreadyExists => match self.conflict() {
                Some(Conflict::Name) => "the name is taken: choose another one",
                Some(Conflict::Id) => {
                    "the id is taken by another resource: choose another one, or leave it out"
                }
                None => "choose another id or name",
            },
            Code::FailedPrecondition if self.is_gateway_in_use() => {
                "delete the deployments that use the gateway first"
            }
            Code::FailedPrecondition if self.is_hot_load_in_progress() => {
                "wait for the running hot-load to end"
            }
            Code::Unimplemented => "the service does not offer this yet",
            Code::ResourceExhausted if !self.is_transient() => {
                "request less, or ask CoreWeave for a higher quota"
            }
            Code::ResourceExhausted | Code::Unavailable => {
                return Some(match self.retry_after() {
                    Some(delay) => format!("try again in {delay:?}").into(),
                    None => "try again later".into(),
                });
            }
            Code::Internal | Code::DeadlineExceeded | Code::Aborted => "try again later",
            _ => return None,
        };
        Some(advice.into())
    }
}

/// A text of the server, fit for a log or a terminal.
fn line(text: &str) -> String {
    one_line(text, MAX_MESSAGE)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &self.operation())
            .field("resource_id", &inner.resource)
            .field("status", &inner.status)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("details", &inner.details)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &self.attempts())
            .field("elapsed", &self.elapsed())
            .field("outcome_unknown", &self.outcome_unknown())
            // Not the body: it may echo credentials.
            .field("body_length", &self.body().len())
            .field("conflict", &inner.conflict)
            .field("last_status", &self.last_status())
            .field("conditions", &self.conditions())
            .field("source", &std::error::Error::source(self))
            .finish()
    }
}
#[cfg(test)]
mod tests {

    use super::*;
    use crate::error::FieldViolation;
    use crate::raw::{self, Operation};

    fn refused(operation: &'static Operation, status: u16, body: &'static str) -> Error {
        let raw = raw::Error::from_status(raw::Response::new(status, body));
        Error::from(raw).during(operation, None)
    }

    #[test]
    fn each_case_says_what_to_do_next() {
        for (error, said) in [
            (
                refused(
                    Operation::LIST_GATEWAYS,
                    401,
                    r#"{"code":16,"message":"no"}"#,
                ),
                "list gateways: UNAUTHENTICATED (HTTP 401): no; set COREWEAVE_API_TOKEN (or CW_API_TOKEN) to a valid API \
                 access token",
            ),
            (
                refused(
                    Operation::DELETE_GATEWAY,
                    400,
                    r#"{"code":9,"message":"2 deployments"}"#,
                ),
                "delete gateway: FAILED_PRECONDITION (HTTP 400): 2 deployments; delete the deployments that use the \
                 gateway first",
            ),
            (
                refused(
                    Operation::CREATE_HOT_LOAD,
                    412,
                    r#"{"code":9,"message":"h is Already in progress"}"#,
                ),
                "create hot load: FAILED_PRECONDITION (HTTP 412): h is Already in progress; wait for the running hot-load \
                 to end",
            ),
            (
                refused(
                    Operation::CREATE_GATEWAY,
                    409,
                    r#"{"code":6,"message":"taken"}"#,
                )
                .with_conflict(Conflict::Name),
                "create gateway: ALREADY_EXISTS (HTTP 409): taken; the name is taken: choose another one",
            ),
            (
                refused(Operation::CANCEL_HOT_LOAD, 501, ""),
                "cancel hot load: UNIMPLEMENTED (HTTP 501): Not Implemented; the service does not offer this yet",
            ),
            (
                refused(
                    Operation::CREATE_GATEWAY,
                    400,
                    r#"{"code":3,"message":"bad","details":[{"@type":"x/google.rpc.BadRequest","fieldViolations":[
                        {"field":"name","description":"too long"},{"field":"zones","description":"empty"}]}]}"#,
                ),
                "create gateway: INVALID_ARGUMENT (HTTP 400): bad: name: too long, zones: empty",
            ),
            (
                refused(
                    Operation::CREATE_GATEWAY,
                    400,
                    r#"{"code":3,"message":"name: too long","details":[{"@type":"x/google.rpc.BadRequest","fieldViolations":[
                        {"field":"name","description":"too long"}]}]}"#,
                ),
                "create gateway: INVALID_ARGUMENT (HTTP 400): name: too long",
            ),
            (
                refused(Operation::GET_GATEWAY, 404, "<title>404 Not Found</title>"),
                "get gateway: HTTP 404: 404 Not Found; the response is not from the Inference API: check the base URL",
            ),
            (
                Error::invalid(
                    Operation::CREATE_GATEWAY,
                    vec![FieldViolation::new("name", "must be given")],
                ),
                "create gateway: refused before sending: name: must be given",
            ),
        ] {
            assert_eq!(error.to_string(), said);
        }
    }

    #[test]
    fn a_server_message_is_displayed_on_one_line_of_bounded_length() {
        let hostile = r#"{"code":3,"message":"a\n\n\u001b[31mred\u0007\r\n b"}"#;
        let said = refused(Operation::GET_GATEWAY, 400, hostile).to_string();
        assert_eq!(
            said,
            "get gateway: INVALID_ARGUMENT (HTTP 400): a [31mred b"
        );
        let long = Error::config("x".repeat(10_000));
        assert_eq!(long.to_string().chars().count(), MAX_MESSAGE + 1);
    }
}
