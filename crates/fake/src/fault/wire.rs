//! Replies as they go over the wire, whole or broken.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::Frame;
use serde_json::{Value, json};
use tokio::time::Sleep;

use super::disguise;
use super::{BodyForm, Effect, Fault, StatusEffect};

/// How much of an oversize body is handed over at a time.
const CHUNK: usize = 64 * 1024;

/// A reply, not yet on the wire.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    /// A reply with a JSON body.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Reply {
        Reply::with(status, "application/json", body.to_string())
    }

    fn with(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Reply {
            status,
            headers,
            body: body.into(),
        }
    }

    /// Adds a header, unless its value cannot be one.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Reply {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// What `fault` makes of this reply before it is sent; `body` is what it holds if it is a
    /// success.
    pub(crate) fn after(self, fault: &Fault, body: Option<&mut Value>) -> Reply {
        match fault.effect() {
            Effect::Status(error) => error.reply(),
            Effect::Redirect { location } => {
                Reply::with(StatusCode::TEMPORARY_REDIRECT, "text/plain", "")
                    .header(LOCATION, location)
            }
            Effect::CutJson => {
                let half = self.body.len() / 2;
                Reply {
                    body: self.body.slice(..half),
                    ..self
                }
            }
            effect => match body {
                Some(body) => {
                    disguise::apply(effect, body);
                    Reply {
                        body: body.to_string().into(),
                        ..self
                    }
                }
                None => self,
            },
        }
    }

    /// The response to send, its body in the pieces that `fault` wants.
    pub(crate) fn into_response(self, fault: Option<&Fault>) -> Response {
        let whole = self.body.len();
        let mut pieces = VecDeque::new();
        let mut declared = None;
        match fault.map(Fault::effect) {
            Some(Effect::SlowBody { millis }) => {
                for piece in self.body.chunks(whole.div_ceil(4).max(1)) {
                    pieces.push_back(Piece::Pause(Duration::from_millis(*millis)));
                    pieces.push_back(Piece::Data(self.body.slice_ref(piece)));
                }
            }
            Some(Effect::Truncate) => {
                declared = Some(whole);
                pieces.push_back(Piece::Data(self.body.slice(..whole / 2)));
                pieces.push_back(Piece::Flush);
                pieces.push_back(Piece::Break);
            }
            Some(Effect::Oversize {
                bytes,
                declared: announce,
            }) => {
                let total = usize::try_from(*bytes).unwrap_or(usize::MAX).max(whole);
                declared = announce.then_some(total);
                pieces.push_back(Piece::Data(self.body));
                pieces.push_back(Piece::Blanks(total - whole));
            }
            _ => {
                declared = Some(whole);
                pieces.push_back(Piece::Data(self.body));
            }
        }
        let mut response = Response::new(axum::body::Body::new(Body {
            pieces,
            pause: None,
        }));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(length) = declared {
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}

impl StatusEffect {
    fn reply(&self) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = self.code.unwrap_or_else(|| code_of(status));
        let phrase = status.canonical_reason().unwrap_or("Unknown");
        let message = self
            .message
            .clone()
            .unwrap_or_else(|| format!("scripted fault: {phrase}"));
        let mut reply = match self.body {
            BodyForm::Status => Reply::json(
                status,
                &json!({"code": code, "message": message, "details": self.details}),
            ),
            BodyForm::Connect => {
                let details: Vec<Value> = self.details.iter().map(connect_detail).collect();
                let body =
                    json!({"code": connect_code(code), "message": message, "details": details});
                Reply::json(status, &body)
            }
            BodyForm::Html => {
                let number = status.as_u16();
                let page = format!(
                    "<html><head><title>{number} {phrase}</title></head><body><h1>{number} {phrase}</h1></body></html>"
                );
                Reply::with(status, "text/html", page)
            }
            BodyForm::Plain => Reply::with(status, "text/plain", message),
            BodyForm::Empty => Reply {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            },
        };
        if let Some(seconds) = self.retry_after_seconds {
            reply = reply.header(RETRY_AFTER, &seconds.to_string());
        }
        if let Some(date) = self.retry_after_date {
            reply = reply.header(
                RETRY_AFTER,
                &httpdate::fmt_http_date(SystemTime::from(date)),
            );
        }
        reply
    }
}

/// The google.rpc.Code that usually comes with a status.
fn code_of(status: StatusCode) -> i32 {
    match status.as_u16() {
        400 => 3,
        401 => 16,
        403 => 7,
        404 => 5,
        409 => 6,
        412 => 9,
        429 => 8,
        500 => 13,
        501 => 12,
        503 => 14,
        504 => 4,
        _ => 2,
    }
}

/// How the Connect protocol spells a google.rpc.Code.
fn connect_code(code: i32) -> &'static str {
    match code {
        1 => "canceled",
        3 => "invalid_argument",
        4 => "deadline_exceeded",
        5 => "not_found",
        6 => "already_exists",
        7 => "permission_denied",
        8 => "resource_exhausted",
        9 => "failed_precondition",
        10 => "aborted",
        11 => "out_of_range",
        12 => "unimplemented",
        13 => "internal",
        14 => "unavailable",
        15 => "data_loss",
        16 => "unauthenticated",
        _ => "unknown",
    }
}

/// A detail in Connect's form. Its `value` would be the message in protobuf's binary encoding;
/// the fake knows no protobuf and sends it empty, with everything in `debug`.
fn connect_detail(detail: &Value) -> Value {
    let name = detail
        .get("@type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let mut debug = detail.clone();
    if let Some(members) = debug.as_object_mut() {
        members.remove("@type");
    }
    json!({"type": name, "value": STANDARD_NO_PAD.encode(""), "debug": debug})
}

/// One piece of a body.
#[derive(Debug)]
enum Piece {
    Data(Bytes),
    /// That many blanks.
    Blanks(usize),
    /// Nothing, for so long.
    Pause(Duration),
    /// A turn in which what was handed over so far is sent.
    Flush,
    /// The end of the connection.
    Break,
}

/// A body sent piece by piece.
struct Body {
    pieces: VecDeque<Piece>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        loop {
            if let Some(pause) = &mut this.pause {
                std::task::ready!(pause.as_mut().poll(cx));
                this.pause = None;
            }
            match this.pieces.pop_front() {
                None => return Poll::Ready(None),
                Some(Piece::Pause(pause)) => this.pause = Some(Box::pin(tokio::time::sleep(pause))),
                Some(Piece::Flush) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Piece::Break) => {
                    return Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())));
                }
                Some(Piece::Data(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(Piece::Blanks(0)) => {}
                Some(Piece::Blanks(left)) => {
                    let size = left.min(CHUNK);
                    this.pieces.push_front(Piece::Blanks(left - size));
                    return Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b' '; size])))));
                }
            }
        }
    }
}
