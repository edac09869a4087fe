//! The API in memory, so that tests need no socket and time can be paused.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coreweave_inference::error::Code;
use coreweave_inference::raw::{self, BoxFuture, Operation, Request, Transport};
use coreweave_inference::{Client, ClientBuilder, Error};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How the API responds to a request.
#[derive(Clone)]
pub(crate) enum Reply {
    Status(u16, Value),
    RetryAfter(u16, u64),
    /// A successful response after some seconds.
    Delayed(u64, Value),
    /// It never responds.
    Hang,
}

/// A successful response.
pub(crate) fn ok(body: Value) -> Reply {
    Reply::Status(200, body)
}

/// An error response, with the code that the status stands for.
pub(crate) fn error(status: u16, message: &str) -> Reply {
    let code = Code::from_http(status.try_into().unwrap()).number();
    Reply::Status(status, json!({"code": code, "message": message}))
}

/// The requests so far.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<(Duration, String)>>>);

impl Log {
    /// The requests: method, path below the API's prefix, query.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.0.lock().unwrap();
        log.iter().map(|(_, line)| line.clone()).collect()
    }

    /// When they were sent, in seconds since the start.
    pub(crate) fn seconds(&self) -> Vec<f64> {
        let log = self.0.lock().unwrap();
        log.iter().map(|(at, _)| at.as_secs_f64()).collect()
    }
}

type Handler = Box<dyn FnMut(&str) -> Reply + Send>;

struct InMemory {
    handler: Mutex<Handler>,
    log: Log,
    start: Instant,
}

/// A client whose requests `handler` responds to. It gets each as [`Log::requests`] shows it.
pub(crate) fn play(handler: impl FnMut(&str) -> Reply + Send + 'static) -> (Client, Log) {
    play_with(Client::builder().token("token"), handler)
}

/// Like [`play`], with a client of these settings.
pub(crate) fn play_with(
    builder: ClientBuilder,
    handler: impl FnMut(&str) -> Reply + Send + 'static,
) -> (Client, Log) {
    let log = Log::default();
    let transport = InMemory {
        handler: Mutex::new(Box::new(handler)),
        log: log.clone(),
        start: Instant::now(),
    };
    (builder.transport(transport).build().unwrap(), log)
}

impl Transport for InMemory {
    fn execute(
        &self,
        request: Request,
        _: &'static Operation,
    ) -> BoxFuture<'_, Result<raw::Response, Error>> {
        let url = request.url();
        let path = url.path().trim_start_matches("/v1alpha1/inference");
        let query = url.query().map(|query| format!("?{query}"));
        let line = format!("{} {path}{}", request.method(), query.unwrap_or_default());
        let entry = (self.start.elapsed(), line.clone());
        self.log.0.lock().unwrap().push(entry);
        let reply = (self.handler.lock().unwrap())(&line);
        Box::pin(async move {
            match reply {
                Reply::Status(status, body) => Ok(raw::Response::new(status, body.to_string())),
                Reply::RetryAfter(status, seconds) => {
                    let headers = [("retry-after".parse().unwrap(), seconds.into())];
                    Ok(raw::Response::new(status, "").with_headers(headers.into_iter().collect()))
                }
                Reply::Delayed(seconds, body) => {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    Ok(raw::Response::new(200, body.to_string()))
                }
                Reply::Hang => std::future::pending().await,
            }
        })
    }
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InMemory")
    }
}
