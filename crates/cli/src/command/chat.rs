//! One request to a model.

use std::time::Duration;

use coreweave_inference::reqwest::{self, Url};
use coreweave_inference::{Gateway, GatewayAuth, Routing};
use serde_json::{Value, json};

use crate::command::manifest::source;
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::output::{self, Format};
use crate::session::Session;
use crate::text::{Text, printable};
use crate::{backend, events::Events};

/// How long a connection may take, and how long the model may be silent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(120);

/// The variable with the key for gateways with Weights & Biases authentication.
const WANDB_KEY: &str = "WANDB_API_KEY";

/// The most of a message of an error that is no JSON.
const LONGEST: usize = 300;

/// What is asked of a model.
pub(crate) struct Question {
    pub(crate) model: String,
    pub(crate) text: String,
    pub(crate) system: Option<String>,
    pub(crate) max_tokens: Option<u32>,
}

/// Sends a question through a gateway, and prints the answer as it comes.
pub(crate) async fn run(
    session: &Session,
    gateway: &str,
    mut question: Question,
) -> Result<(), Failure> {
    if question.text == "-" {
        question.text = source("-".as_ref())?.1;
    }
    if question.text.trim().is_empty() {
        return Err(Failure::usage("there is no text to send"));
    }
    let id = backend::find(&session.client, Kind::Gateways, gateway)
        .await?
        .id;
    let gateway = session.client.gateways().get(id.as_str()).await?;
    let mut response = send(session, &gateway, &question).await?;
    let mut events = Events::default();
    let mut printed = String::new();
    let lost = |error: reqwest::Error| unreachable(&gateway, error);
    while !output::is_closed()
        && let Some(bytes) = response.chunk().await.map_err(lost)?
    {
        for event in events.read(&bytes) {
            if event == "[DONE]" {
                if !printed.is_empty() && !printed.ends_with('\n') {
                    output::write(&Text::default().end());
                }
                return Ok(());
            }
            print(session, &event, &mut printed)?;
        }
    }
    if output::is_closed() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Unreachable,
        "the answer ended before it was complete",
    ))
}

async fn send(
    session: &Session,
    gateway: &Gateway,
    question: &Question,
) -> Result<reqwest::Response, Failure> {
    let model = &question.model;
    let base = gateway.openai_base_url_for(model).ok_or_else(|| {
        Failure::new(
            Exit::Refused,
            format!(
                "the gateway {} has no endpoint for the model {model} yet; it is {}",
                gateway.name(),
                gateway.status()
            ),
        )
    })?;
    let url = Url::parse(&format!("{base}/chat/completions"))
        .map_err(|error| Failure::usage(format!("the endpoint {base} is not a URL: {error}")))?;
    let is_loopback = url.host_str().is_some_and(is_loopback);
    if url.scheme() != "https" && !is_loopback {
        return Err(Failure::usage(format!(
            "the endpoint {base} is not https, and would expose the token"
        )));
    }
    let key = match gateway.auth() {
        GatewayAuth::WeightsAndBiases(_) => std::env::var(WANDB_KEY).map_err(|_| {
            Failure::usage(format!(
                "{WANDB_KEY} is not set: set it to the key for the gateway {}",
                gateway.name()
            ))
        })?,
        _ => session.client.token().await?.expose().to_owned(),
    };
    let mut messages = vec![json!({"role": "user", "content": question.text})];
    if let Some(system) = &question.system {
        messages.insert(0, json!({"role": "system", "content": system}));
    }
    let mut body = json!({"model": model, "messages": messages, "stream": true});
    if let (Some(most), Some(body)) = (question.max_tokens, body.as_object_mut()) {
        body.insert("max_tokens".to_owned(), most.into());
    }
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback {
        builder = builder.no_proxy();
    }
    let client = builder
        .build()
        .map_err(|error| Failure::usage(format!("the HTTP client can't be built: {error}")))?;
    let mut request = client
        .post(url)
        .bearer_auth(key)
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(body.to_string());
    if let Routing::Header(name) = gateway.routing() {
        request = request.header(name, model);
    }
    let response = request
        .send()
        .await
        .map_err(|error| unreachable(gateway, error))?;
    match response.status().is_success() {
        true => Ok(response),
        false => Err(refused(gateway, response).await),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost",
    }
}

fn unreachable(gateway: &Gateway, error: reqwest::Error) -> Failure {
    let message = format!("the gateway {} does not answer: {error}", gateway.name());
    let mut failure = Failure::new(Exit::Unreachable, message);
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        failure = failure.note(format_args!("caused by: {cause}"));
        source = cause.source();
    }
    failure
}

/// The failure that a response with an error status stands for.
async fn refused(gateway: &Gateway, response: reqwest::Response) -> Failure {
    let status = response.status();
    let exit = match status.as_u16() {
        404 => Exit::NotFound,
        status => Exit::of_status(status),
    };
    let body = response.text().await.unwrap_or_default();
    let message = match serde_json::from_str::<Value>(&body) {
        Ok(json) => error_message(&json),
        Err(_) => Some(body.chars().take(LONGEST).collect::<String>())
            .filter(|text| !text.trim().is_empty()),
    };
    let reason = status.canonical_reason().unwrap_or("no reason given");
    Failure::new(
        exit,
        format!(
            "gateway {}: HTTP {}: {}",
            gateway.name(),
            status.as_u16(),
            message.as_deref().unwrap_or(reason)
        ),
    )
}

/// The message of an error in OpenAI's form, or in that of other servers.
fn error_message(json: &Value) -> Option<String> {
    let places = ["/error/message", "/message", "/error", "/detail"];
    let mut found = places
        .iter()
        .filter_map(|place| json.pointer(place)?.as_str());
    found.next().map(str::to_owned)
}

/// Prints a part of the answer.
fn print(session: &Session, event: &str, printed: &mut String) -> Result<(), Failure> {
    let json: Value = serde_json::from_str(event).map_err(|error| {
        Failure::new(
            Exit::Unreachable,
            format!("the answer has a part that is not JSON: {error}"),
        )
    })?;
    if json.get("error").is_some() {
        let message = error_message(&json).unwrap_or_else(|| event.to_owned());
        return Err(Failure::new(
            Exit::Refused,
            format!("the model failed: {message}"),
        ));
    }
    match session.output.format {
        Format::Json => output::write(&Text::json_line(&json)),
        Format::Yaml => output::write(&Text::default().line("---").then(Text::yaml(&json))),
        _ => {
            let delta = json
                .pointer("/choices/0/delta/content")
                .and_then(Value::as_str);
            let delta = delta.unwrap_or_default();
            printed.push_str(delta);
            let mut lines = delta.split('\n').map(printable);
            let first = Text::default().plain(lines.next().unwrap_or_default());
            output::write(&lines.fold(first, |text, line| text.end().plain(line)));
        }
    }
    if json
        .pointer("/choices/0/finish_reason")
        .and_then(Value::as_str)
        == Some("length")
    {
        output::warning("the answer was cut off: it is as long as allowed");
    }
    Ok(())
}
