//! Reading from the network, with a bound on everything.

use std::io::IsTerminal as _;
use std::time::Duration;

use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, StatusCode, Url};
use tokio::runtime::Runtime;

use super::page::is_html;
use super::problems::Problems;

const AT_ONCE: usize = 8;
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(60);
const REDIRECTS: usize = 5;
/// Larger texts are refused: a page has some kilobytes, the whole spec some hundred.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Fetches texts over HTTP: several at once, each more than once if need be, through the proxy that
/// the environment names.
#[derive(Debug)]
pub(crate) struct Fetcher {
    runtime: Runtime,
    client: Client,
}

/// Why one attempt failed, and whether another may not.
struct Failure {
    message: String,
    passing: bool,
}

impl Fetcher {
    pub(crate) fn new() -> Result<Self, Problems> {
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
        })
    }

    /// Fetches one text.
    pub(super) fn text(&self, url: &Url) -> Result<String, Problems> {
        self.runtime.block_on(fetch(&self.client, url))
    }

    /// Fetches all texts, in the order of their addresses. What fails doesn't hide what else fails.
    pub(super) fn texts(&self, urls: &[Url]) -> Result<Vec<String>, Problems> {
        let progress = Progress::new(urls.len());
        let fetches = urls.iter().map(|url| async {
            let text = fetch(&self.client, url).await;
            progress.done(url);
            text
        });
        let results: Vec<_> = self.runtime.block_on(
            futures_util::stream::iter(fetches)
                .buffered(AT_ONCE)
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
}

async fn fetch(client: &Client, url: &Url) -> Result<String, Problems> {
    if url.scheme() != "https" && !is_loopback(url) {
        return Err(Problems::with(
            url,
            "only https is read from, except from this machine",
        ));
    }
    let mut pause = FIRST_PAUSE;
    let mut attempt = 1;
    loop {
        match once(client, url).await {
            Ok(text) => return Ok(text),
            Err(failure) if failure.passing && attempt < ATTEMPTS => {
                tokio::time::sleep(pause).await;
                pause *= 2;
                attempt += 1;
            }
            Err(failure) if attempt > 1 => {
                return Err(Problems::with(
                    url,
                    format_args!("{} ({attempt} attempts)", failure.message),
                ));
            }
            Err(failure) => return Err(Problems::with(url, failure.message)),
        }
    }
}

async fn once(client: &Client, url: &Url) -> Result<String, Failure> {
    let transport = |error: reqwest::Error| Failure {
        passing: !error.is_redirect(),
        message: chain(&error),
    };
    let lasting = |message: String| Failure {
        message,
        passing: false,
    };
    let mut response = client.get(url.clone()).send().await.map_err(transport)?;
    let status = response.status();
    if status != StatusCode::OK {
        let passing = status.is_server_error()
            || status == StatusCode::TOO_MANY_REQUESTS
            || status == StatusCode::REQUEST_TIMEOUT;
        return Err(Failure {
            message: format!("the server answers {status}"),
            passing,
        });
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(lasting(format!("larger than {MAX_BYTES} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|error| lasting(format!("not text: {error}")))?;
    if is_html(&text) {
        return Err(lasting(
            "an HTML page, where Markdown or a spec is expected".to_owned(),
        ));
    }
    Ok(text)
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
    } else if attempt.previous().len() > REDIRECTS {
        attempt.error("redirected too often")
    } else {
        attempt.follow()
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
}

/// An error with its causes; reqwest says the most telling thing last.
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

/// A bar on a terminal, a line a page elsewhere; on the error stream either way.
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
