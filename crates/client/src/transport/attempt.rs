//! One attempt: a request sent, and its answer read to the end within time and size.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode, Version};
use reqwest::{Request, Response, Url};
use tokio::time::{Instant, timeout_at};

/// An answer, as much of it as came.
pub(super) struct Answer {
    pub(super) url: Url,
    pub(super) version: Version,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// What the HTTP client notes of a reply, such as where from it came.
    pub(super) extensions: Extensions,
    pub(super) body: Bytes,
    /// Why the body isn't whole, if it isn't.
    pub(super) cut: Option<Cut>,
}

/// Why an answer, or its body, isn't there or isn't whole.
#[derive(Debug)]
pub(super) enum Cut {
    /// The HTTP client failed.
    Broken(reqwest::Error),
    /// The time was up.
    TimedOut(TimeLimit),
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The request's body can be sent only once, which no operation's is.
    Streamed,
    /// The HTTP client, brought along, followed a redirect to here. There is no asking it beforehand whether it would.
    Elsewhere(Url),
}

/// A point in time and the setting that it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeLimit {
    pub(super) at: Instant,
    pub(super) allowed: Duration,
    pub(super) of: TimeLimitOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeLimitOf {
    Attempt,
    Call,
}

impl TimeLimit {
    pub(super) fn new(from: Instant, allowed: Duration, of: TimeLimitOf) -> Self {
        /// As good as never, and yet a time that a clock can hold.
        const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
        Self {
            at: from.checked_add(allowed).unwrap_or_else(|| from + NEVER),
            allowed,
            of,
        }
    }

    /// Whichever comes first.
    pub(super) fn or(self, other: Self) -> Self {
        if other.at <= self.at { other } else { self }
    }
}

/// Sends a copy of a request and reads its answer, whatever its status.
pub(super) async fn send(
    http: &reqwest::Client,
    request: &Request,
    limit: TimeLimit,
    max_body: usize,
) -> Result<Answer, Cut> {
    let copy = request.try_clone().ok_or(Cut::Streamed)?;
    let mut begun = None;
    let mut body = Collected::default();
    let cut = {
        // Pinned before it is wrapped: futures of this size cost more to move than to wrap.
        let whole = pin!(async {
            let response = begun.insert(execute(http, copy).await.map_err(Cut::Broken)?);
            if response.url() != request.url() {
                return Err(Cut::Elsewhere(response.url().clone()));
            }
            body.read(response, max_body).await
        });
        match timeout_at(limit.at, whole).await {
            Ok(Ok(())) => None,
            Ok(Err(cut)) => Some(cut),
            Err(_) => Some(Cut::TimedOut(limit)),
        }
    };
    match (begun, cut) {
        // What comes from elsewhere is no answer.
        (Some(_), Some(cut @ Cut::Elsewhere(_))) => Err(cut),
        (Some(mut response), cut) => Ok(Answer {
            url: request.url().clone(),
            version: response.version(),
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            extensions: std::mem::take(response.extensions_mut()),
            body: body.into_bytes(),
            cut,
        }),
        (None, cut) => Err(cut.unwrap_or(Cut::TimedOut(limit))),
    }
}

/// Hands a request to the network, or to the API that a test plays in memory.
async fn execute(http: &reqwest::Client, request: Request) -> reqwest::Result<Response> {
    #[cfg(test)]
    if let Some(response) = crate::in_memory::respond(&request).await {
        return Ok(response);
    }
    http.execute(request).await
}

/// A body as it comes in. One that comes in one piece, as most do, isn't copied.
#[derive(Default)]
struct Collected {
    first: Bytes,
    all: Vec<u8>,
}

impl Collected {
    async fn read(&mut self, response: &mut Response, max: usize) -> Result<(), Cut> {
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced)
            .ok()
            .filter(|length| *length <= max)
            .ok_or(Cut::TooLarge(max))?;
        while let Some(chunk) = response.chunk().await.map_err(Cut::Broken)? {
            if chunk.len() > max - self.len() {
                return Err(Cut::TooLarge(max));
            }
            if self.len() == 0 {
                self.first = chunk;
                continue;
            }
            if self.all.is_empty() {
                self.all
                    .reserve(announced.max(self.first.len() + chunk.len()));
                self.all.extend_from_slice(&self.first);
            }
            self.all.extend_from_slice(&chunk);
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.into()
        }
    }
}
