//! How errors are displayed.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use super::path::with_json_paths;
use super::status::is_html;
use super::text::line;
use super::{Code, Error, ErrorKind, Reason};
use crate::Operation;
use crate::retry::Token;

/// A time in hours and minutes, or in seconds if it is short.
struct Rounded(Duration);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.as_secs().div_ceil(60);
        match (minutes / 60, minutes % 60) {
            (0, 0..=2) => write!(f, "{:?}", self.0),
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, 0) => write!(f, "{hours} h"),
            (hours, minutes) => write!(f, "{hours} h {minutes} min"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        // The message of a wait says what was waited for, and what was seen last.
        if matches!(inner.kind, ErrorKind::WaitFailed | ErrorKind::WaitTimeout) {
            return write!(f, "{}", line(&inner.message));
        }
        if let Some(operation) = inner.operation {
            f.write_str(&operation.name.replace('_', " "))?;
            match (&inner.resource_name, &inner.resource_id) {
                // A create may have made the id up. It matters if the resource may exist.
                (Some(name), Some(id)) if self.outcome_unknown() => {
                    write!(f, " {} ({})", line(name), line(id))?;
                }
                (Some(text), _) | (None, Some(text)) => write!(f, " {}", line(text))?,
                (None, None) => {}
            }
            f.write_str(": ")?;
        }
        // UNKNOWN says less than the status.
        let code = inner
            .code
            .filter(|code| *code != Code::Unknown || inner.status.is_none());
        match (code, inner.status) {
            (Some(code), Some(status)) => write!(f, "{code} (HTTP {}): ", status.as_u16())?,
            (Some(code), None) => write!(f, "{code}: ")?,
            (None, Some(status)) => write!(f, "HTTP {}: ", status.as_u16())?,
            (None, None) => {}
        }
        let message = match inner.code {
            Some(Code::InvalidArgument) => with_json_paths(&inner.message).into(),
            _ => Cow::Borrowed(&*inner.message),
        };
        write!(f, "{}", line(&message))?;
        self.write_violations(f)?;
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        self.write_notes(f)
    }
}

impl Error {
    /// Writes the violations that the message doesn't name already.
    fn write_violations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = ": ";
        let mut write = |description: &str, violation: &dyn fmt::Display| {
            if self.message().contains(description) && !description.is_empty() {
                return Ok(());
            }
            write!(f, "{}{violation}", std::mem::replace(&mut before, ", "))
        };
        for violation in self.field_violations() {
            write(&violation.description, violation)?;
        }
        for violation in self.precondition_violations() {
            write(&violation.description, violation)?;
        }
        for violation in self.quota_violations() {
            write(&violation.description, violation)?;
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
        if let Some(reason) = self.reason() {
            let advice = reason.advice();
            return (!advice.is_empty()).then_some(advice.into());
        }
        // The context names its id.
        let is_create = |operation: &Operation| operation.name.starts_with("create_");
        if self.outcome_unknown() && self.operation().is_some_and(is_create) {
            return Some("it may exist all the same: get it before creating it again".into());
        }
        let advice = match self.kind() {
            ErrorKind::Connect | ErrorKind::Transport => "check the network and the base URL",
            ErrorKind::Timeout => "try again, or allow more time",
            ErrorKind::Decode => "check the base URL, or update this client",
            ErrorKind::BodyTooLarge => "request less at once",
            ErrorKind::Redirect => {
                "redirects are not followed: set the base URL to the final address"
            }
            ErrorKind::Invalid
            | ErrorKind::Config
            | ErrorKind::Token
            | ErrorKind::WaitFailed
            | ErrorKind::WaitTimeout => return None,
            ErrorKind::Protocol => "report this to CoreWeave with the time of the call",
            ErrorKind::Api => return self.api_advice(),
        };
        Some(advice.into())
    }

    fn api_advice(&self) -> Option<Cow<'static, str>> {
        let status = self.status();
        if status == Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED) {
            return Some(Reason::PROXY_CREDENTIALS.advice().into());
        }
        let Some(code) = self.code() else {
            let not_found = status == Some(StatusCode::NOT_FOUND);
            return not_found.then_some(
                "the response is not from the Inference API: check the base URL".into(),
            );
        };
        let is_page = || self.0.response.as_ref().is_some_and(is_html);
        let advice = match code {
            Code::Unauthenticated | Code::PermissionDenied if is_page() => {
                "the response is from a proxy, not from the Inference API: check the proxy and the base URL"
            }
            Code::Unauthenticated => {
                let [first, second] = Token::VARIABLES;
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
            Code::AlreadyExists => "choose another id or name",
            Code::Unimplemented => "the service does not offer this yet",
            Code::ResourceExhausted if !self.is_transient() => {
                "request less, or ask CoreWeave for a higher quota"
            }
            _ if self.is_transient() => {
                return Some(match self.retry_after() {
                    Some(delay) => format!("try again in {}", Rounded(delay)).into(),
                    None => "try again later".into(),
                });
            }
            Code::Aborted => "try again later",
            _ => return None,
        };
        Some(advice.into())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let inner = self.0.as_ref();
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field(
                "operation",
                &inner.operation.map(|operation| operation.name),
            )
            .field("resource_id", &inner.resource_id)
            .field("resource_name", &inner.resource_name)
            .field("status", &inner.status)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("reason", &inner.reason)
            .field("details", &inner.details)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &self.attempts())
            .field("elapsed", &self.elapsed())
            .field("outcome_unknown", &self.outcome_unknown())
            .field("transient", &self.is_transient())
            // Not the body: it may echo credentials.
            .field("body_length", &self.body().len())
            .field("last_status", &inner.last_status)
            .field("conditions", &inner.conditions)
            .field("source", &std::error::Error::source(self))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::RETRY_AFTER;

    use crate::Response;
    use crate::error::FieldViolation;
    use crate::error::text::MAX_LENGTH;

    fn refused(operation: &'static Operation, status: u16, body: &'static str) -> Error {
        Error::from_response(Response::new(status, body)).with_operation(operation)
    }

    #[test]
    fn each_case_says_what_to_do_next() {
        let reason = Reason::new("NAME_TAKEN", "the name is taken: choose another one");
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
                    Operation::CREATE_GATEWAY,
                    409,
                    r#"{"code":6,"message":"taken"}"#,
                )
                .with_reason(reason)
                .with_resource_name("chat"),
                "create gateway chat: ALREADY_EXISTS (HTTP 409): taken; the name is taken: choose another one",
            ),
            (
                refused(
                    Operation::CREATE_GATEWAY,
                    409,
                    r#"{"code":6,"message":"taken"}"#,
                )
                .with_resource_name("chat")
                .with_resource_id("5f0c")
                .with_outcome_unknown(true),
                "create gateway chat (5f0c): ALREADY_EXISTS (HTTP 409): taken; it may exist all the same: get it before creating it \
                 again",
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
                refused(
                    Operation::CREATE_DEPLOYMENT,
                    429,
                    r#"{"code":8,"message":"quota","details":[{"@type":"x/google.rpc.QuotaFailure","violations":[
                        {"subject":"organization 7","description":"8 of 8 GPUs are in use"}]}]}"#,
                ),
                "create deployment: RESOURCE_EXHAUSTED (HTTP 429): quota: organization 7: 8 of 8 GPUs are in use; request \
                 less, or ask CoreWeave for a higher quota",
            ),
            (
                refused(
                    Operation::DELETE_GATEWAY,
                    400,
                    r#"{"code":9,"message":"not now","details":[{"@type":"x/google.rpc.PreconditionFailure","violations":[
                        {"type":"USE","subject":"","description":"still used"},{"subject":"d-1"}]}]}"#,
                ),
                "delete gateway: FAILED_PRECONDITION (HTTP 400): not now: still used, d-1",
            ),
            (
                refused(Operation::GET_GATEWAY, 404, "<title>404 Not Found</title>"),
                "get gateway: HTTP 404: 404 Not Found; the response is not from the Inference API: check the base URL",
            ),
            (
                refused(Operation::GET_GATEWAY, 307, ""),
                "get gateway: HTTP 307: the server redirects without a location; redirects are not followed: set the base \
                 URL to the final address",
            ),
            (
                refused(
                    Operation::CREATE_CAPACITY_CLAIM,
                    400,
                    r#"{"code":3,"message":"resources.capacity_type: must be managed","details":[
                        {"@type":"x/google.rpc.BadRequest","field_violations":[
                            {"field":"resources.capacity_type","description":"must be managed"},
                            {"field":"resources.zones[0]","description":"no such zone"}]}]}"#,
                ),
                "create capacity claim: INVALID_ARGUMENT (HTTP 400): resources.capacityType: must be managed: \
                 resources.zones[0]: no such zone",
            ),
            (
                refused(
                    Operation::LIST_GATEWAYS,
                    401,
                    "<html><title>401 Unauthorized</title>",
                ),
                "list gateways: UNAUTHENTICATED (HTTP 401): 401 Unauthorized; the response is from a proxy, not from the \
                 Inference API: check the proxy and the base URL",
            ),
            (
                refused(
                    Operation::LIST_GATEWAYS,
                    407,
                    "<html><title>Cache Access Denied</title>",
                ),
                "list gateways: HTTP 407: Cache Access Denied; set the credentials in the URL of the proxy, as in \
                 http://user:password@proxy:3128",
            ),
            (
                refused(Operation::LIST_GATEWAYS, 418, ""),
                "list gateways: HTTP 418: I'm a teapot",
            ),
            (
                refused(Operation::CREATE_GATEWAY, 504, "")
                    .with_outcome_unknown(true)
                    .with_resource_name("chat")
                    .with_resource_id("5f0c"),
                "create gateway chat (5f0c): DEADLINE_EXCEEDED (HTTP 504): Gateway Timeout; it may exist all the same: get it \
                 before creating it again",
            ),
            (
                refused(Operation::DELETE_GATEWAY, 504, "").with_outcome_unknown(true),
                "delete gateway: DEADLINE_EXCEEDED (HTTP 504): Gateway Timeout; try again later",
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
    fn an_error_says_when_to_try_again() {
        for (seconds, said) in [
            (7, "7s"),
            (120, "120s"),
            (121, "3 min"),
            (3600, "1 h"),
            (7500, "2 h 5 min"),
        ] {
            let headers = [(RETRY_AFTER, seconds.into())].into_iter().collect();
            let error = Error::from_response(Response::new(500, "").with_headers(headers));
            assert_eq!(
                error.to_string(),
                format!("INTERNAL (HTTP 500): Internal Server Error; try again in {said}")
            );
        }
    }

    #[test]
    fn debug_output_is_the_same_line_and_the_alternate_form_has_every_member() {
        let error = refused(
            Operation::GET_GATEWAY,
            404,
            r#"{"code":5,"message":"none"}"#,
        );
        assert_eq!(format!("{error:?}"), error.to_string());
        let members = format!("{error:#?}");
        assert!(members.contains("body_length: 27"), "{members}");
    }

    #[test]
    fn a_server_message_is_displayed_on_one_line_of_bounded_length() {
        let hostile = r#"{"code":3,"message":"a\n\n\u001b[31mred\u0007\r\n b"}"#;
        let said = refused(Operation::GET_GATEWAY, 400, hostile).to_string();
        assert_eq!(
            said,
            "get gateway: INVALID_ARGUMENT (HTTP 400): a [31mred b"
        );
        let long = Error::new(ErrorKind::Config, "x".repeat(10_000));
        assert_eq!(long.to_string().chars().count(), MAX_LENGTH + 1);
    }
}
