//! The API played by a test, without a socket, so that time can be paused.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use reqwest::{Request, Response, ResponseBuilderExt};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::client::Client;

/// What the API does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    Status(u16, Value),
    RetryAfter(u16, u64),
    /// It never answers.
    Hang,
}

/// An answer of success.
pub(crate) fn ok(body: Value) -> Reply {
    Reply::Status(200, body)
}

/// An error answer, with the code that goes with the status.
pub(crate) fn error(status: u16, message: &str) -> Reply {
    let code = crate::Code::from_http(status.try_into().unwrap()).number();
    Reply::Status(status, json!({"code": code, "message": message}))
}

/// What was asked so far.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<(Duration, String)>>>);

impl Log {
    /// The requests: method, path below the API's prefix, query.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.0
            .borrow()
            .iter()
            .map(|(_, line)| line.clone())
            .collect()
    }

    /// When they came, in seconds since the start.
    pub(crate) fn seconds(&self) -> Vec<f64> {
        self.0
            .borrow()
            .iter()
            .map(|(at, _)| at.as_secs_f64())
            .collect()
    }
}

type Handler = Box<dyn FnMut(&str) -> Reply>;

struct Played {
    handler: Handler,
    log: Log,
    start: Instant,
}

thread_local! {
    static API: RefCell<Option<Played>> = const { RefCell::new(None) };
}

/// Has this thread's requests answered by `handler`, which gets each as its [log](Log::requests) shows it.
pub(crate) fn play(handler: impl FnMut(&str) -> Reply + 'static) -> (Client, Log) {
    let log = Log::default();
    let played = Played {
        handler: Box::new(handler),
        log: log.clone(),
        start: Instant::now(),
    };
    API.with_borrow_mut(|api| *api = Some(played));
    let client = Client::builder()
        .token("token")
        .base_url("http://127.0.0.1:1")
        .build()
        .unwrap();
    (client, log)
}

pub(crate) async fn respond(request: &Request) -> Option<Response> {
    let reply = API.with_borrow_mut(|api| {
        let Played {
            handler,
            log,
            start,
        } = api.as_mut()?;
        let path = request
            .url()
            .path()
            .trim_start_matches("/v1alpha1/inference");
        let query = request
            .url()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let line = format!("{} {path}{query}", request.method());
        log.0.borrow_mut().push((start.elapsed(), line.clone()));
        Some(handler(&line))
    })?;
    let response = http::Response::builder()
        .url(request.url().clone())
        .header("content-type", "application/json");
    let response = match reply {
        Reply::Status(status, body) => response.status(status).body(body.to_string()),
        Reply::RetryAfter(status, seconds) => response
            .status(status)
            .header("retry-after", seconds)
            .body(String::new()),
        Reply::Hang => std::future::pending().await,
    };
    Some(response.unwrap().into())
}
