//! Fetches texts over the network, with a limit on everything.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant, SystemTime};

use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::header::{CACHE_CONTROL, LAST_MODIFIED, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, StatusCode, Url};
use tokio::runtime::Runtime;

use super::page::is_html;
use crate::problems::Problems;

const CONCURRENCY: usize = 8;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_REDIRECTS: usize = 5;
/// Larger texts are refused: a page has some kilobytes, the full spec some hundred.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Fetches texts over HTTP: several at once, with retries, through the proxy that the environment names.
#[derive(Debug)]
pub(crate) struct Fetcher {
    runtime: Runtime,
    client: Client,
    retry_for: Duration,
}

/// A text, and when it was last changed if the server says so.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) text: String,
    pub(super) modified: Option<SystemTime>,
}

/// Why an attempt failed.
struct Failure {
    message: String,
    /// Whether another attempt may succeed.
    is_transient: bool,
    /// Whether the server responded that there is no such text.
    is_absent: bool,
    retry_after: Option<Duration>,
}

impl Failure {
    fn permanent(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_transient: false,
            is_absent: false,
            retry_after: None,
        }
    }
}

impl Fetcher {
    /// A fetcher that retries transient failures until `retry_for` has passed.
    pub(crate) fn new(retry_for: Duration) -> Result<Self, Problems> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        // Fails only where a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!(
                "coreweave-inference-xtask/",
                env!("CARGO_PKG_VERSION")
            ))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(Policy::custom(same_origin_only))
            .build();
        Ok(Self {
            runtime: runtime
                .map_err(|error| Problems::with("can't start the network runtime", error))?,
            client: client
                .map_err(|error| Problems::with("can't set up the HTTP client", chain(&error)))?,
            retry_for,
        })
    }

    /// Fetches one text.
    pub(super) fn text(&self, url: &Url) -> Result<Fetched, Problems> {
        self.runtime
            .block_on(self.fetch(url, false))
            .map_err(|failure| Problems::with(url, failure.message))
    }

    /// Fetches one text from its origin, whatever caches hold.
    pub(super) fn text_uncached(&self, url: &Url) -> Result<Fetched, Problems> {
        self.runtime
            .block_on(self.fetch(url, true))
            .map_err(|failure| Problems::with(url, failure.message))
    }

    /// Fetches one text, or says why the server has none.
    pub(super) fn text_if_present(&self, url: &Url) -> Result<Result<Fetched, String>, Problems> {
        match self.runtime.block_on(self.fetch(url, false)) {
            Ok(fetched) => Ok(Ok(fetched)),
            Err(failure) if failure.is_absent => Ok(Err(format!("{url}: {}", failure.message))),
            Err(failure) => Err(Problems::with(url, failure.message)),
        }
    }

    /// Fetches all texts, in the order of their addresses. The error names every text that failed.
    pub(super) fn texts(&self, urls: &[Url]) -> Result<Vec<Fetched>, Problems> {
        let progress = Progress::new(urls.len());
        let fetches = urls.iter().map(|url| {
            let progress = &progress;
            async move {
                let result = self.fetch(url, false).await;
                progress.done(url);
                result.map_err(|failure| Problems::with(url, failure.message))
            }
        });
        let results: Vec<_> = self.runtime.block_on(
            futures_util::stream::iter(fetches)
                .buffered(CONCURRENCY)
                .collect(),
        );
        progress.finish();
        let mut problems = Problems::default();
        let mut texts = Vec::new();
        for result in results {
            match result {
                Ok(text) => texts.push(text),
                Err(error) => problems.extend(error),
            }
        }
        problems.unless_any(texts)
    }

    async fn fetch(&self, url: &Url, past_caches: bool) -> Result<Fetched, Failure> {
        if url.scheme() != "https" && !is_loopback(url) {
            return Err(Failure::permanent(
                "only https is read from, except from this machine",
            ));
        }
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut attempts = 1;
        loop {
            let mut failure = match self.attempt(url, past_caches).await {
                Ok(fetched) => return Ok(fetched),
                Err(failure) => failure,
            };
            let wait = failure.retry_after.unwrap_or(pause);
            let left = self.retry_for.saturating_sub(started.elapsed());
            if !failure.is_transient || wait > left {
                if attempts > 1 {
                    failure.message = format!("{} ({attempts} attempts)", failure.message);
                }
                return Err(failure);
            }
            tokio::time::sleep(wait).await;
            pause = MAX_PAUSE.min(pause * 2);
            attempts += 1;
        }
    }

    async fn attempt(&self, url: &Url, past_caches: bool) -> Result<Fetched, Failure> {
        let transport = |error: reqwest::Error| Failure {
            is_transient: !error.is_redirect(),
            ..Failure::permanent(chain(&error))
        };
        let mut request = self.client.get(url.clone());
        if past_caches {
            request = request.header(CACHE_CONTROL, "no-cache");
        }
        let mut response = request.send().await.map_err(transport)?;
        let status = response.status();
        let header = |name| response.headers().get(name)?.to_str().ok();
        if status != StatusCode::OK {
            return Err(Failure {
                is_transient: status.is_server_error()
                    || status == StatusCode::TOO_MANY_REQUESTS
                    || status == StatusCode::REQUEST_TIMEOUT,
                is_absent: status.is_client_error(),
                retry_after: header(RETRY_AFTER).and_then(parse_retry_after),
                message: format!("the server returned {status}"),
            });
        }
        let modified = header(LAST_MODIFIED).and_then(|date| httpdate::parse_http_date(date).ok());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(Failure::permanent(format!("larger than {MAX_BYTES} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| Failure::permanent(format!("not text: {error}")))?;
        if is_html(&text) {
            return Err(Failure {
                is_absent: true,
                ..Failure::permanent("an HTML page, where Markdown or a spec is expected")
            });
        }
        Ok(Fetched { text, modified })
    }
}

/// The pause that a `Retry-After` header asks for, in seconds or as a date.
fn parse_retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

fn same_origin_only(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let Some(origin) = attempt.previous().first().map(Url::origin) else {
        return attempt.stop();
    };
    if attempt.url().origin() != origin {
        let message = format!(
            "redirected to another host, {}",
            attempt.url().origin().ascii_serialization()
        );
        attempt.error(message)
    } else if attempt.previous().len() > MAX_REDIRECTS {
        attempt.error("redirected too often")
    } else {
        attempt.follow()
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
}

/// An error with its causes, of which reqwest's last is the most specific.
fn chain(error: &reqwest::Error) -> String {
    let mut message = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if !message.is_empty() {
            message.push_str(": ");
        }
        message.push_str(&error.to_string());
        cause = error.source();
    }
    let what = if error.is_timeout() {
        "timed out"
    } else if error.is_redirect() {
        "redirect refused"
    } else if error.is_connect() {
        "can't connect"
    } else if error.is_body() || error.is_decode() {
        "the download broke off"
    } else {
        "the request failed"
    };
    if message.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {message}")
    }
}

/// Progress on stderr: a bar on a terminal, otherwise one line per page.
struct Progress {
    bar: ProgressBar,
    plain: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = if plain {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(0)
        };
        bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        Self { bar, plain }
    }

    fn done(&self, url: &Url) {
        self.bar.inc(1);
        let page = url
            .path_segments()
            .and_then(Iterator::last)
            .unwrap_or_default();
        self.bar.set_message(page.to_owned());
        if self.plain {
            eprintln!(
                "read {}/{} {url}",
                self.bar.position(),
                self.bar.length().unwrap_or_default()
            );
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
