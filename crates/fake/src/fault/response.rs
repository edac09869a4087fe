//! Responses, with faults applied.

use std::iter;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::body::{Body, Part, body, padding};
use super::{Effect, ErrorBody, ErrorResponse, Fault};
use crate::error::{code_of, connect_name};

/// A response before it is sent.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    /// A response with a JSON body.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Response {
        Response::new(status, "application/json", body.to_string())
    }

    /// A stream of server-sent events.
    #[cfg(feature = "data-plane")]
    pub(crate) fn events(events: String) -> Response {
        Response::new(StatusCode::OK, EVENT_STREAM, events)
    }

    fn new(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Response {
        let response = Response {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        };
        response.header(CONTENT_TYPE, content_type)
    }

    /// Adds a header, unless its value is invalid.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Response {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The response that a fault sends instead of this one. `request` is what an error echoes.
    pub(crate) fn replaced_by(self, fault: &Fault, request: impl Fn() -> String) -> Response {
        match fault.effect() {
            Effect::Status(error) => error.response(request),
            Effect::Redirect { location, status } => {
                Response::new(valid_status(*status), "text/plain", "").header(LOCATION, location)
            }
            Effect::CutJson => Response {
                body: self.body.slice(..self.body.len() / 2),
                ..self
            },
            _ => self,
        }
    }

    /// The response to send, its body in the parts that the fault requires.
    pub(crate) fn into_http(self, fault: Option<&Fault>) -> http::Response<Body> {
        let length = self.body.len();
        let (declared, body) = match fault.map(Fault::effect) {
            Some(Effect::SlowBody { millis }) => {
                let pause = Duration::from_millis(*millis);
                let size = length.div_ceil(4).max(1);
                let pieces = (0..length).step_by(size).flat_map(move |start| {
                    let piece = self.body.slice(start..length.min(start + size));
                    [Part::Pause(pause), Part::Data(piece)]
                });
                (None, body(pieces))
            }
            Some(Effect::Truncate) => {
                let half = self.body.slice(..length / 2);
                (Some(length), body([Part::Data(half), Part::Close]))
            }
            Some(Effect::Oversize { bytes, declared }) => {
                let total = usize::try_from(*bytes).unwrap_or(usize::MAX).max(length);
                let parts = iter::once(Part::Data(self.body)).chain(padding(total - length));
                (declared.then_some(total), body(parts))
            }
            _ if self
                .headers
                .get(CONTENT_TYPE)
                .is_some_and(|it| it == EVENT_STREAM) =>
            {
                (None, body(events(&self.body)))
            }
            _ => (Some(length), body([Part::Data(self.body)])),
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(length) = declared {
            let headers = response.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}

const EVENT_STREAM: &str = "text/event-stream";

/// Each event of a stream.
fn events(body: &Bytes) -> Vec<Part> {
    let text = str::from_utf8(body).unwrap_or_default();
    let events = text.split_inclusive("\n\n");
    events
        .map(|event| Part::Data(body.slice_ref(event.as_bytes())))
        .collect()
}

fn valid_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl ErrorResponse {
    fn response(&self, request: impl Fn() -> String) -> Response {
        let status = valid_status(self.status);
        let code = self.code.unwrap_or_else(|| code_of(status));
        let reason = status.canonical_reason().unwrap_or("Unknown");
        let mut message = match &self.message {
            Some(message) => message.clone(),
            None => format!("injected fault: {reason}"),
        };
        if self.echo {
            message = format!("{message}: {}", request());
        }
        let mut response = match self.body {
            ErrorBody::Status => Response::json(
                status,
                &json!({"code": code, "message": message, "details": self.details}),
            ),
            ErrorBody::Connect => {
                let details: Vec<_> = self.details.iter().map(connect_detail).collect();
                let code = connect_name(code);
                let body = json!({"code": code, "message": message, "details": details});
                Response::json(status, &body)
            }
            ErrorBody::Html => {
                let title = format!("{} {reason}", status.as_u16());
                let page = format!(
                    "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{message}</p></body></html>"
                );
                Response::new(status, "text/html", page)
            }
            ErrorBody::Plain => Response::new(status, "text/plain", message),
            ErrorBody::Empty => Response {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            },
        };
        if let Some(seconds) = self.retry_after_seconds {
            response = response.header(RETRY_AFTER, &seconds.to_string());
        }
        if let Some(date) = self.retry_after_date {
            let date = httpdate::fmt_http_date(SystemTime::from(date));
            response = response.header(RETRY_AFTER, &date);
        }
        response
    }
}

/// A detail in Connect's form. Its `value` should be protobuf's binary encoding, of which the fake
/// knows nothing: it is empty, and everything is in `debug`.
fn connect_detail(detail: &Value) -> Value {
    let mut debug = detail.clone();
    let members = debug.as_object_mut();
    let name = members.and_then(|members| members.remove("@type"));
    let name = name.as_ref().and_then(Value::as_str).unwrap_or_default();
    let name = name.rsplit('/').next();
    json!({"type": name, "value": "", "debug": debug})
}
