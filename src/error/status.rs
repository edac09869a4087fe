//! Reads a response with an error status.

use std::fmt;
use std::time::SystemTime;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::text::one_line;
use super::{Code, Detail, Error, ErrorKind, Redactor, retry_after};
use crate::Response;

/// The most that is quoted of a body that isn't JSON.
const MAX_QUOTE: usize = 300;

impl Error {
    /// Creates the error of a response whose status is not the expected one.
    ///
    /// It reads any body: a `Status` as google.rpc and as Connect write it, complete or truncated; HTML; text; nothing.
    #[must_use]
    pub fn from_response(response: Response) -> Self {
        Self::from_redacted(response, &Redactor::default())
    }

    /// Like [`from_response`](Self::from_response), for a response that may echo what `redactor` knows.
    pub(crate) fn from_redacted(response: Response, redactor: &Redactor) -> Self {
        if response.status().is_success() {
            let message = format!("unexpected HTTP status {}", response.status());
            return Self::new(ErrorKind::Decode, message).with_response(response);
        }
        let (status, headers) = (response.status(), response.headers());
        let text = String::from_utf8_lossy(response.body());
        let text = redactor.redact(text.trim());
        let mut body = Body::read(&text);
        let message = match body.take_message() {
            Some(message) => Some(message),
            None if status.is_redirection() => Some(redirect(headers, redactor)),
            None if text.starts_with('{') => None,
            None if is_html(headers, &text) => quote(&html_text(&text)),
            None => quote(&text),
        };
        let message = message.unwrap_or_else(|| {
            let reason = status.canonical_reason();
            reason.unwrap_or("no reason given").to_owned()
        });
        let kind = match status.is_redirection() {
            true => ErrorKind::Redirect,
            false => ErrorKind::Api,
        };
        // A proxy may respond with 404. Only the service knows that a resource does not exist.
        let implied = kind == ErrorKind::Api && status != StatusCode::NOT_FOUND;
        let retry_after = headers
            .get(RETRY_AFTER)
            .and_then(|value| retry_after::parse(value.as_bytes(), SystemTime::now()));
        let code = body.code().or(implied.then(|| Code::from_http(status)));
        let details = body.into_details();
        let mut error = Self::new(kind, message).with_response(response);
        let inner = error.0.as_mut();
        inner.code = code;
        inner.retry_after = retry_after;
        inner.details = details;
        for detail in &inner.details {
            match detail {
                Detail::RequestInfo(info)
                    if inner.request_id.is_none() && !info.request_id.is_empty() =>
                {
                    inner.request_id = Some(info.request_id.clone());
                }
                Detail::RetryInfo(info) => {
                    inner.retry_after = inner.retry_after.max(info.retry_delay);
                }
                _ => {}
            }
        }
        error
    }
}

/// The members of a `Status`.
#[derive(Default)]
struct Body {
    code: Value,
    message: Value,
    error: Value,
    details: Value,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Member {
    Code,
    Message,
    Error,
    Details,
    #[serde(other)]
    Unknown,
}

impl Body {
    /// Reads the members that are complete: a truncated body still gives its code and message.
    fn read(text: &str) -> Self {
        let mut body = Self::default();
        // The members before a syntax error are kept.
        let _ = serde_json::Deserializer::from_str(text).deserialize_map(&mut body);
        body
    }

    /// The code as a number (google.rpc) or as a name (Connect). 0 is not an error, and a number of 100 or more is the
    /// HTTP status that a proxy put there.
    fn code(&self) -> Option<Code> {
        let number = |number: i32| (number > 0 && number < 100).then(|| Code::from(number));
        match &self.code {
            Value::Number(value) => number(i32::try_from(value.as_i64()?).ok()?),
            Value::String(value) => value.parse().ok().or_else(|| number(value.parse().ok()?)),
            _ => None,
        }
        .filter(|code| *code != Code::Ok)
    }

    fn take_message(&mut self) -> Option<String> {
        match (self.message.take(), self.error.take()) {
            (Value::String(message), _) | (_, Value::String(message)) => Some(message),
            _ => None,
        }
        .filter(|message| !message.trim().is_empty())
    }

    fn into_details(self) -> Vec<Detail> {
        match self.details {
            Value::Array(entries) => entries.into_iter().map(detail).collect(),
            _ => Vec::new(),
        }
    }
}

impl<'de> Visitor<'de> for &mut Body {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key()? {
            let member = match name {
                Member::Code => &mut self.code,
                Member::Message => &mut self.message,
                Member::Error => &mut self.error,
                Member::Details => &mut self.details,
                Member::Unknown => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *member = members.next_value()?;
        }
        Ok(())
    }
}

/// One entry of `details`: `{"@type": URL, members…}`, or Connect's `{"type", "value": base64, "debug": JSON}`.
fn detail(entry: Value) -> Detail {
    let known = || {
        let member = |name| entry.get(name).and_then(Value::as_str);
        let (url, json) = match member("@type") {
            Some(url) => (url, &entry),
            None => (member("type")?, entry.get("debug")?),
        };
        Detail::from_json(url.rsplit('/').next()?, json)
    };
    match known() {
        Some(detail) => detail,
        None => Detail::Other(entry),
    }
}

/// Where a redirect points, without the query, which may hold credentials.
fn redirect(headers: &HeaderMap, redactor: &Redactor) -> String {
    let target = headers
        .get(LOCATION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    match target
        .as_deref()
        .and_then(|target| target.split(['?', '#']).next())
        .and_then(|target| quote(&redactor.redact(target)))
    {
        Some(target) => format!("the server redirects to {target}"),
        None => "the server redirects without a location".to_owned(),
    }
}

fn is_html(headers: &HeaderMap, text: &str) -> bool {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    declared.to_ascii_lowercase().contains("html") || text.starts_with('<')
}

/// The title of an HTML page, else its text.
fn html_text(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|start| {
        let start = start + "<title>".len();
        page.get(start..start + lower.get(start..)?.find('<')?)
    });
    if let Some(title) = title.filter(|title| !title.trim().is_empty()) {
        return title.to_owned();
    }
    let mut text = String::new();
    for part in page.split('<') {
        // The first part has no tag before it.
        text.push_str(
            part.split_once('>')
                .map_or(if text.is_empty() { part } else { "" }, |(_, after)| after),
        );
        text.push(' ');
    }
    text
}

/// The beginning of a text; `None` if there is only white space.
fn quote(text: &str) -> Option<String> {
    Some(one_line(text, MAX_QUOTE)).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{BadRequest, FieldViolation, RetryInfo};
    use bytes::Bytes;
    use proptest::prelude::*;
    use serde_json::json;
    use std::time::Duration;

    fn read_with(status: u16, headers: &[(&'static str, &str)], body: impl Into<Bytes>) -> Error {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        Error::from_response(Response::new(status, body).with_headers(headers))
    }

    fn read(status: u16, body: impl Into<Bytes>) -> Error {
        read_with(status, &[], body)
    }

    #[test]
    fn a_status_is_read_with_its_details() {
        let reply = read(
            400,
            json!({"code": 9, "message": "still used", "details": [
                {"@type": "type.googleapis.com/google.rpc.BadRequest",
                 "fieldViolations": [{"field": "id", "description": "in use"}]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"},
                {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "r-1"},
                {"@type": "type.googleapis.com/acme.Novelty", "x": 1},
                7,
            ]})
            .to_string(),
        );
        assert_eq!(
            (reply.code(), reply.message()),
            (Some(Code::FailedPrecondition), "still used")
        );
        assert_eq!(
            reply.details(),
            [
                Detail::BadRequest(BadRequest {
                    field_violations: vec![FieldViolation::new("id", "in use")]
                }),
                Detail::RetryInfo(RetryInfo {
                    retry_delay: Some(Duration::from_millis(1500))
                }),
                Detail::RequestInfo(super::super::RequestInfo {
                    request_id: "r-1".into(),
                    serving_data: String::new()
                }),
                Detail::Other(json!({"@type": "type.googleapis.com/acme.Novelty", "x": 1})),
                Detail::Other(json!(7)),
            ]
        );
        assert_eq!(reply.request_id(), Some("r-1"));
        assert_eq!(reply.retry_after(), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn details_of_connect_are_read_from_debug_and_else_kept() {
        let bytes = json!({"type": "google.rpc.BadRequest", "value": "CgcKAmlkEgF4"});
        let reply = read(
            404,
            json!({"code": "not_found", "message": "no gateway", "details": [
                {"type": "google.rpc.BadRequest", "value": "", "debug": {"fieldViolations": [{"field": "id", "description": "x"}]}},
                bytes,
            ]})
            .to_string(),
        );
        assert_eq!(
            (reply.code(), reply.message()),
            (Some(Code::NotFound), "no gateway")
        );
        let expected = Detail::BadRequest(BadRequest {
            field_violations: vec![FieldViolation::new("id", "x")],
        });
        assert_eq!(reply.details(), [expected, Detail::Other(bytes)]);
    }

    #[test]
    fn only_a_decoded_status_is_not_found() {
        for body in [
            "",
            "<html><title>404 Not Found</title></html>",
            "404 page not found",
            "{}",
            r#"{"message": "not found"}"#,
            r#"{"code": 404, "message": "Not Found"}"#,
            r#"{"error": "not_found"}"#,
        ] {
            assert_eq!(read(404, body).code(), None, "{body}");
        }
        for body in [
            r#"{"code": 5}"#,
            r#"{"code": "not_found"}"#,
            r#"{"code": 5, "mess"#,
        ] {
            assert_eq!(read(404, body).code(), Some(Code::NotFound), "{body}");
        }
    }

    #[test]
    fn the_code_falls_back_to_the_status() {
        for (body, code) in [
            (r#"{"code": 0, "message": "m"}"#, Code::Internal),
            (r#"{"code": "ok"}"#, Code::Internal),
            (r#"{"code": 500}"#, Code::Internal),
            (r#"{"code": "weird"}"#, Code::Internal),
            (r#"{"code": {}}"#, Code::Internal),
            (r#"{"code": null}"#, Code::Internal),
            (r#"{"code": "14"}"#, Code::Unavailable),
            (r#"{"code": "UNAVAILABLE"}"#, Code::Unavailable),
            (r#"{"code": 17}"#, Code::Unrecognized(17)),
            ("[]", Code::Internal),
            ("", Code::Internal),
        ] {
            assert_eq!(read(500, body).code(), Some(code), "{body}");
        }
    }

    #[test]
    fn a_truncated_body_gives_what_is_complete() {
        let full = json!({"code": 6, "details": [], "message": "taken"}).to_string();
        let cut = read(
            409,
            r#"{"code":9,"message":"still used","details":[{"@type":"type.goo"#,
        );
        assert_eq!(
            (cut.code(), cut.message()),
            (Some(Code::FailedPrecondition), "still used")
        );
        let early = read(409, full[..5].to_owned());
        assert_eq!(
            (early.code(), early.message()),
            (Some(Code::AlreadyExists), "Conflict")
        );
    }

    #[test]
    fn html_text_and_empty_bodies_become_one_readable_line() {
        let page = "<html>\n<head><title>502 Bad\n Gateway</title></head><body><h1>nginx</h1></body></html>";
        assert_eq!(
            read_with(502, &[("content-type", "text/html")], page).message(),
            "502 Bad Gateway"
        );
        assert_eq!(
            read(502, "<html><body><h1>Bad</h1> <p>Gateway</p></body>").message(),
            "Bad Gateway"
        );
        assert_eq!(read(502, "<p></p>").message(), "Bad Gateway");
        assert_eq!(
            read(503, "upstream\n\n connect error").message(),
            "upstream connect error"
        );
        assert_eq!(read(504, "").message(), "Gateway Timeout");
        assert_eq!(
            read(502, "x".repeat(1000)).message().chars().count(),
            MAX_QUOTE + 1
        );
        assert_eq!(
            read(502, Bytes::from_static(&[0xff, 0xfe])).code(),
            Some(Code::Unavailable)
        );
        assert_eq!(read(500, r#"{"error": "boom"}"#).message(), "boom");
        assert_eq!(read(599, "").message(), "no reason given");
    }

    #[test]
    fn a_redirect_is_named_without_its_query() {
        let reply = read_with(
            302,
            &[("location", "https://elsewhere.test/login?state=planted")],
            "",
        );
        assert_eq!(
            reply.message(),
            "the server redirects to https://elsewhere.test/login"
        );
        assert_eq!((reply.kind(), reply.code()), (ErrorKind::Redirect, None));
    }

    #[test]
    fn the_longer_of_header_and_detail_is_the_wait() {
        let body = r#"{"code":8,"details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"3s"}]}"#;
        assert_eq!(
            read_with(429, &[("retry-after", "2")], body).retry_after(),
            Some(Duration::from_secs(3))
        );
        assert_eq!(
            read_with(429, &[("retry-after", "5")], body).retry_after(),
            Some(Duration::from_secs(5))
        );
        assert_eq!(
            read_with(429, &[("retry-after", "soon")], "").retry_after(),
            None
        );
    }

    #[test]
    fn an_echoed_secret_is_redacted() {
        let mut redactor = Redactor::default();
        redactor.add("planted-secret");
        let body = json!({"message": "bad planted-secret", "details": [{"x": "planted-secret"}]})
            .to_string();
        let reply = Error::from_redacted(Response::new(400, body), &redactor);
        assert_eq!(reply.message(), "bad [redacted]");
        assert!(!format!("{:?}", reply.details()).contains("planted"));
    }

    fn arbitrary_body() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..512),
            // Nearly right ones reach deeper.
            (any::<i64>(), ".{0,40}", 0..200_usize).prop_map(|(code, message, cut)| {
                let mut body = json!({"code": code, "message": message, "details": [
                    {"type": "google.rpc.RetryInfo", "value": message, "debug": {"retryDelay": format!("{code}s")}},
                    {"@type": message}, {"@type": "x/google.rpc.Help", "links": [null, {"url": code}]},
                ]})
                .to_string()
                .into_bytes();
                body.truncate(body.len().saturating_sub(cut));
                body
            }),
            ".{0,20}<title.{0,20}>.{0,20}<.{0,20}".prop_map(String::into_bytes),
        ]
    }

    proptest! {
        #[test]
        fn whatever_the_body_there_is_a_message_and_a_code(
            status in 300..=999_u16, body in arbitrary_body(), kind in "[a-z/;]{0,20}", wait in "[ -~]{0,30}",
        ) {
            let reply = read_with(status, &[("content-type", &kind), ("retry-after", &wait)], body);
            let may_lack_code = status == 404 || reply.kind() == ErrorKind::Redirect;
            prop_assert!(reply.code() != Some(Code::Ok) && (reply.code().is_some() || may_lack_code));
            prop_assert!(!reply.message().is_empty());
        }
    }
}
