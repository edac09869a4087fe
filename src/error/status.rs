//! Reads a response with an error status.

use std::fmt;
use std::time::SystemTime;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use serde_core::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::text::{self, one_line};
use super::{Code, Detail, Error, ErrorKind, Redactor, retry_after};
use crate::Response;

/// The most that is quoted of a body that isn't JSON.
const MAX_QUOTE: usize = 300;

impl Error {
    /// Creates the error of a response whose status is not the expected one.
    ///
    /// It reads any body: a `Status` as google.rpc and as Connect write it, complete or truncated; other JSON with a text in
    /// it, such as RFC 9457's; HTML; text; nothing.
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
        let text = text::from_utf8(response.body());
        let text = redactor.redact(text.trim());
        let mut body = Body::read(&text);
        let is_redirect = status.is_redirection() && status != StatusCode::NOT_MODIFIED;
        let details = body.take_details();
        let said = text_in(&body.0);
        // grpc-gateway v2 responds so if no operation has the path. The service says what it did not find.
        let is_routing = said.as_deref() == Some("Not Found") && details.is_empty();
        let message = match said {
            Some(message) => Some(message),
            None if is_redirect => Some(redirect(headers, redactor)),
            None if response.content_encoding().is_some() => Some(response.compressed()),
            None if text.starts_with('{') => None,
            None if is_html(&response) => quote(&html_text(&text)),
            None => quote(&text),
        };
        let message = message.unwrap_or_else(|| {
            let reason = status.canonical_reason();
            reason.unwrap_or("no reason given").to_owned()
        });
        let kind = match is_redirect {
            true => ErrorKind::Redirect,
            false => ErrorKind::Api,
        };
        // A proxy may respond with 404. Only the service knows that a resource does not exist.
        let implied = kind == ErrorKind::Api && status != StatusCode::NOT_FOUND;
        let retry_after = headers
            .get(RETRY_AFTER)
            .and_then(|value| retry_after::parse(value.as_bytes(), SystemTime::now()));
        let said = body.code();
        let code = said
            .filter(|code| !(is_redirect || is_routing && *code == Code::NotFound))
            .or(implied.then(|| Code::from_http(status)));
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

/// The members of a body.
#[derive(Default)]
struct Body(Map<String, Value>);

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
        match self.0.get("code")? {
            Value::Number(value) => number(i32::try_from(value.as_i64()?).ok()?),
            Value::String(value) => value.parse().ok().or_else(|| number(value.parse().ok()?)),
            _ => None,
        }
        .filter(|code| *code != Code::Ok)
    }

    fn take_details(&mut self) -> Vec<Detail> {
        match self.0.get_mut("details").map(Value::take) {
            Some(Value::Array(entries)) => entries.into_iter().map(Detail::from_entry).collect(),
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
        while let Some((name, value)) = members.next_entry()? {
            self.0.insert(name, value);
        }
        Ok(())
    }
}

/// Members that say what is wrong, the best first: of google.rpc, RFC 9457, OAuth, Google's APIs and other frameworks.
const TEXTS: [&str; 7] = [
    "message",
    "detail",
    "error_description",
    "error",
    "errors",
    "msg",
    "title",
];

/// The text in an object that says what is wrong.
fn text_in(members: &Map<String, Value>) -> Option<String> {
    fn text_of(value: &Value) -> Option<String> {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Array(items) => items
                .iter()
                .filter_map(text_of)
                .collect::<Vec<_>>()
                .join(", "),
            Value::Object(members) => text_in(members)?,
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }
    TEXTS.iter().find_map(|name| text_of(members.get(*name)?))
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

/// Whether the body is a page for people, so that it comes from a proxy and not from the API.
pub(super) fn is_html(response: &Response) -> bool {
    let declared = response.headers().get(CONTENT_TYPE);
    let declared = declared.and_then(|value| value.to_str().ok());
    let declared = declared.unwrap_or_default().to_ascii_lowercase();
    declared.contains("html") || response.body().trim_ascii_start().starts_with(b"<")
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
    fn only_a_decoded_status_is_not_found() {
        for body in [
            "",
            "<html><title>404 Not Found</title></html>",
            "404 page not found",
            "{}",
            r#"{"message": "not found"}"#,
            r#"{"code": 404, "message": "Not Found"}"#,
            r#"{"error": "not_found"}"#,
            r#"{"code":5,"message":"Not Found","details":[]}"#,
            r#"{"code":5,"message":"Not Found"}"#,
        ] {
            assert_eq!(read(404, body).code(), None, "{body}");
        }
        for body in [
            r#"{"code": 5}"#,
            r#"{"code": "not_found"}"#,
            r#"{"code": 5, "mess"#,
            r#"{"code": 5, "message": "gateway Not Found"}"#,
            r#"{"code": 5, "message": "Not Found", "details": [{"@type": "x/google.rpc.ResourceInfo"}]}"#,
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
    fn the_text_of_other_json_is_shown() {
        for (body, message) in [
            (
                r#"{"error":{"code":403,"message":"no access","status":"PERMISSION_DENIED"}}"#,
                "no access",
            ),
            (
                r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"no access"}"#,
                "no access",
            ),
            (r#"{"type":"about:blank","title":"no access"}"#, "no access"),
            (
                r#"{"error":"invalid_token","error_description":"the token expired"}"#,
                "the token expired",
            ),
            (
                r#"{"errors":[{"message":"one"},{"detail":"two"},"three",null,7,{}]}"#,
                "one, two, three",
            ),
            (
                r#"{"detail":[{"loc":["body","name"],"msg":"field required"}]}"#,
                "field required",
            ),
            (r#"{"message":" ","error":"no access"}"#, "no access"),
            (r#"{"message":{"code":7},"errors":[]}"#, "Forbidden"),
        ] {
            assert_eq!(read(403, body).message(), message, "{body}");
        }
    }

    #[test]
    fn a_compressed_body_that_was_not_asked_for_is_named() {
        let reply = read_with(503, &[("content-encoding", "gzip")], &b"\x1f\x8b\x08"[..]);
        assert_eq!(
            (reply.message(), reply.code()),
            (
                "the response is compressed (Content-Encoding: gzip), which was not asked for",
                Some(Code::Unavailable)
            )
        );
        let reply = read_with(503, &[("content-encoding", "identity")], "plain");
        assert_eq!(reply.message(), "plain");
    }

    #[test]
    fn not_modified_is_no_redirect() {
        let reply = read(304, "");
        assert_eq!(
            (reply.kind(), reply.message()),
            (ErrorKind::Api, "Not Modified")
        );
        assert_eq!(reply.to_string(), "HTTP 304: Not Modified");
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
