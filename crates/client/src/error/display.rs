//! What an error says to a person, and to a developer.

use std::borrow::Cow;
use std::fmt;

use super::{Code, Error, ErrorKind, Inner, Taken};

/// The most of a server's message that fits on a line.
const LONGEST_MESSAGE: usize = 500;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        if let Some(operation) = inner.operation {
            f.write_str(&operation.replace('_', " "))?;
            if let Some(resource) = &inner.resource {
                write!(f, " {}", Line(resource))?;
            }
            f.write_str(": ")?;
        }
        match (inner.code, inner.status) {
            (Some(code), Some(status)) => write!(f, "{code} (HTTP {}): ", status.as_u16())?,
            (Some(code), None) => write!(f, "{code}: ")?,
            (None, Some(status)) => write!(f, "HTTP {}: ", status.as_u16())?,
            (None, None) => {}
        }
        write!(f, "{}", Line(&inner.message))?;
        self.write_violations(f)?;
        if let Some(seen) = &inner.last_seen {
            write!(f, "; last seen {}", Line(&seen.status))?;
            for condition in &seen.conditions {
                if let Some(message) = condition
                    .message
                    .as_deref()
                    .filter(|message| !message.is_empty())
                {
                    write!(
                        f,
                        " ({}: {})",
                        Line(condition.type_.as_deref().unwrap_or_default()),
                        Line(message)
                    )?;
                }
            }
        }
        if let Some(advice) = advice(inner) {
            write!(f, "; {advice}")?;
        }
        self.write_notes(f)
    }
}

impl Error {
    /// Every refused field with its reason.
    fn write_violations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, violation) in self.field_violations().enumerate() {
            let before = if n == 0 { ": " } else { ", " };
            write!(
                f,
                "{before}{}: {}",
                Line(&violation.field),
                Line(&violation.description)
            )?;
        }
        Ok(())
    }

    /// `[request id …, 3 attempts]`, as far as there is something to say.
    fn write_notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        let attempts = inner.delivery.attempts;
        match (&inner.request_id, attempts > 1) {
            (Some(id), true) => write!(f, " [request id {}, {attempts} attempts]", Line(id)),
            (Some(id), false) => write!(f, " [request id {}]", Line(id)),
            (None, true) => write!(f, " [{attempts} attempts]"),
            (None, false) => Ok(()),
        }
    }
}

/// What to do next, where that can be told.
fn advice(inner: &Inner) -> Option<Cow<'static, str>> {
    let fixed = match inner.kind {
        ErrorKind::Transport => "check the network and CW_BASE_URL",
        ErrorKind::Timeout => "try again, or allow more time",
        ErrorKind::Decode => "check that CW_BASE_URL is the API's address, or update this crate",
        ErrorKind::BodyTooLarge => {
            "ask for less at once, or raise `max_body_size` on the client builder"
        }
        ErrorKind::Redirect => "redirects aren't followed: set CW_BASE_URL to the final address",
        ErrorKind::WaitTimeout => "wait longer, or look at the resource's conditions",
        ErrorKind::WaitFailed => "fix what the conditions say, then create it anew",
        ErrorKind::Invalid | ErrorKind::Config | ErrorKind::Token => return None,
        ErrorKind::MissingResource | ErrorKind::RepeatedPageToken => {
            "report this to CoreWeave with the time of the call"
        }
        ErrorKind::Api => return api_advice(inner),
    };
    Some(fixed.into())
}

fn api_advice(inner: &Inner) -> Option<Cow<'static, str>> {
    let fixed = match inner.code? {
        Code::Unauthenticated => {
            "set COREWEAVE_API_TOKEN (or CW_API_TOKEN) to a valid API access token"
        }
        Code::PermissionDenied => {
            "the token needs the role Inference Viewer to read, Inference Admin to write"
        }
        Code::NotFound if inner.delivery.answer_lost => {
            "an earlier attempt, whose answer was lost, may have deleted it"
        }
        Code::NotFound => "check the id, and that the token is of the right organization",
        Code::AlreadyExists => match inner.taken {
            Some(Taken::Name) => "the name is taken: choose another one",
            Some(Taken::Id) => {
                "the id is taken by another resource: choose another one, or leave it out"
            }
            None => "choose another id or name",
        },
        Code::FailedPrecondition if inner.operation == Some("delete_gateway") => {
            "delete the deployments that use the gateway first"
        }
        Code::FailedPrecondition
            if inner
                .message
                .to_ascii_lowercase()
                .contains("already in progress") =>
        {
            "wait for the running hot-load to end"
        }
        Code::Unimplemented => "the service doesn't offer this yet",
        Code::ResourceExhausted | Code::Unavailable => {
            return Some(match inner.retry_after {
                Some(wait) => format!("try again in {wait:?}").into(),
                None => "try again later".into(),
            });
        }
        Code::Internal | Code::DeadlineExceeded | Code::Aborted => "try again later",
        _ => return None,
    };
    Some(fixed.into())
}

/// A text from elsewhere, made fit for one line of a log or a terminal.
struct Line<'t>(&'t str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = 0;
        let mut gap = false;
        for c in self.0.trim().chars() {
            if c.is_whitespace() || c.is_control() {
                gap = true;
                continue;
            }
            if written >= LONGEST_MESSAGE {
                return f.write_str("…");
            }
            if std::mem::take(&mut gap) {
                f.write_str(" ")?;
            }
            fmt::Write::write_char(f, c)?;
            written += 1;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("resource_id", &inner.resource)
            .field("status", &inner.status)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("details", &inner.details)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &inner.delivery.attempts)
            .field("elapsed", &inner.delivery.elapsed)
            .field("answer_lost", &inner.delivery.answer_lost)
            // Not the body itself: it may echo anything.
            .field("body_length", &inner.body.len())
            .field("taken", &inner.taken)
            .field("last_status", &self.last_status())
            .field("conditions", &self.conditions())
            .field("source", &inner.source)
            .finish()
    }
}
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::call::CallInfo;
    use crate::error::{Delivery, FieldViolation, LastSeen, Reply, Scrub};
    use crate::raw::types::Condition;

    fn refused(operation: &'static str, status: u16, body: &'static str) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        let now = std::time::SystemTime::UNIX_EPOCH;
        let reply = Reply::read(
            status,
            &HeaderMap::new(),
            body.into(),
            now,
            &Scrub::default(),
        );
        Error::from_reply(reply).during(CallInfo::new(operation, None))
    }

    #[test]
    fn each_case_names_its_next_step() {
        for (error, said) in [
            (
                refused("list_gateways", 401, r#"{"code":16,"message":"no"}"#),
                "list gateways: UNAUTHENTICATED (HTTP 401): no; set COREWEAVE_API_TOKEN (or CW_API_TOKEN) to a valid API \
                 access token",
            ),
            (
                refused(
                    "delete_gateway",
                    400,
                    r#"{"code":9,"message":"2 deployments"}"#,
                ),
                "delete gateway: FAILED_PRECONDITION (HTTP 400): 2 deployments; delete the deployments that use the \
                 gateway first",
            ),
            (
                refused(
                    "create_hot_load",
                    412,
                    r#"{"code":9,"message":"h is Already in progress"}"#,
                ),
                "create hot load: FAILED_PRECONDITION (HTTP 412): h is Already in progress; wait for the running hot-load \
                 to end",
            ),
            (
                refused("create_gateway", 409, r#"{"code":6,"message":"taken"}"#)
                    .with_taken(Taken::Name),
                "create gateway: ALREADY_EXISTS (HTTP 409): taken; the name is taken: choose another one",
            ),
            (
                refused("cancel_hot_load", 501, ""),
                "cancel hot load: UNIMPLEMENTED (HTTP 501): Not Implemented; the service doesn't offer this yet",
            ),
            (
                refused(
                    "create_gateway",
                    400,
                    r#"{"code":3,"message":"bad","details":[{"@type":"x/google.rpc.BadRequest","fieldViolations":[
                        {"field":"name","description":"too long"},{"field":"zones","description":"empty"}]}]}"#,
                ),
                "create gateway: INVALID_ARGUMENT (HTTP 400): bad: name: too long, zones: empty",
            ),
            (
                Error::invalid(
                    "create_gateway",
                    vec![FieldViolation::new("name", "must be given")],
                ),
                "create gateway: refused before sending: name: must be given",
            ),
            (
                Error::repeated_page_token("list_hot_loads"),
                "list hot loads: the server gave out the same page token twice; report this to CoreWeave with the time of \
                 the call",
            ),
        ] {
            assert_eq!(error.to_string(), said);
        }
    }

    #[test]
    fn a_wait_that_fails_says_what_was_seen_last() {
        let condition = Condition {
            type_: Some("Ready".into()),
            message: Some("no capacity".into()),
            ..Default::default()
        };
        let seen = || LastSeen {
            status: "STATUS_FAILED".into(),
            conditions: vec![condition.clone(), Condition::default()],
            resource: Box::new(7_u32),
        };
        let call = CallInfo::new("get_gateway", Some("1"));
        let error = Error::wait_failed(call, "it won't get ready", seen());
        assert_eq!(
            error.to_string(),
            "get gateway 1: it won't get ready; last seen STATUS_FAILED (Ready: no capacity); fix what the conditions \
             say, then create it anew"
        );
        assert_eq!(
            (error.last_seen::<u32>(), error.last_seen::<u64>()),
            (Some(&7), None)
        );

        let source = refused("get_gateway", 503, "");
        let error = Error::wait_timeout(call, Duration::from_secs(9), Some(seen()), Some(source));
        assert!(error.is_timeout() && !error.is_transient());
        assert_eq!(
            (error.last_status(), error.conditions().len()),
            (Some("STATUS_FAILED"), 2)
        );
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.to_string().contains("UNAVAILABLE"), "{source}");
    }

    #[test]
    fn whatever_a_server_says_stays_on_one_line_of_bounded_length() {
        let hostile = r#"{"code":3,"message":"a\n\n\u001b[31mred\u0007\r\n b"}"#;
        let said = refused("get_gateway", 400, hostile).to_string();
        assert_eq!(
            said,
            "get gateway: INVALID_ARGUMENT (HTTP 400): a [31mred b"
        );
        let long = Error::config("x".repeat(10_000)).with_delivery(Delivery::default());
        assert_eq!(long.to_string().chars().count(), LONGEST_MESSAGE + 1);
    }
}
