//! What `tracing` hears of a call: OpenTelemetry's names, nothing loud, no secret.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coreweave_inference::raw::types::{
    CreateGatewayRequest, CreateHotLoadRequest, WeightsAndBiasesAuth,
};
use coreweave_inference::{Backoff, Client};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use crate::server::{Act, Server};

const GATEWAY: &str = r#"{"gateway":{"spec":{"id":"1","name":"chat"}}}"#;

type Fields = BTreeMap<String, String>;

/// A span or an event, as it was in the end.
#[derive(Clone, Debug)]
struct Heard {
    id: Option<u64>,
    parent: Option<u64>,
    name: &'static str,
    level: Level,
    fields: Fields,
}

#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<Heard>>>);

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(
            field.name().to_owned(),
            format!("{value:?}").trim_matches('"').to_owned(),
        );
    }
}

impl<S: Subscriber> Layer<S> for Ear {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Collect(&mut fields));
        self.0.lock().unwrap().push(Heard {
            id: Some(id.into_u64()),
            parent: context.current_span().id().map(Id::into_u64),
            name: attributes.metadata().name(),
            level: *attributes.metadata().level(),
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut heard = self.0.lock().unwrap();
        let span = heard
            .iter_mut()
            .rev()
            .find(|heard| heard.id == Some(id.into_u64()))
            .unwrap();
        values.record(&mut Collect(&mut span.fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Collect(&mut fields));
        self.0.lock().unwrap().push(Heard {
            id: None,
            parent: context.current_span().id().map(Id::into_u64),
            name: event.metadata().name(),
            level: *event.metadata().level(),
            fields,
        });
    }
}

/// A dispatcher that hears nothing, to be kept while another one listens.
///
/// While there is only one dispatcher, tracing-core asks the thread that meets a call site first, which may be that of another
/// test, and remembers that nobody is interested.
#[must_use]
pub(crate) fn second_dispatcher() -> Dispatch {
    Dispatch::new(NoSubscriber::default())
}

/// Runs something and gives all that was heard meanwhile.
async fn listen(run: impl Future<Output = ()>) -> Vec<Heard> {
    let _second = second_dispatcher();
    let ear = Ear::default();
    run.with_subscriber(Registry::default().with(ear.clone()))
        .await;
    ear.0.lock().unwrap().clone()
}

fn named<'h>(heard: &'h [Heard], name: &str) -> Vec<&'h Heard> {
    heard.iter().filter(|heard| heard.name == name).collect()
}

fn client(url: &str) -> Client {
    let at_once = Backoff::default().initial_delay(Duration::ZERO);
    Client::builder()
        .token("planted-token")
        .base_url(url)
        .retry_policy(at_once)
        .build()
        .unwrap()
}

fn assert_fields(heard: &Heard, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(
            heard.fields.get(*name).map(String::as_str),
            Some(*value),
            "{name} in {heard:?}"
        );
    }
}

#[tokio::test]
async fn calls_and_attempts_are_spans_with_opentelemetry_names() {
    let server = Server::start([Act::json(503, "{}"), Act::json(200, GATEWAY)]).await;
    let client = client(&server.url);
    let heard = listen(async {
        client.gateways().get("1").await.unwrap();
    })
    .await;

    let calls = named(&heard, "coreweave_inference.call");
    let [call] = calls[..] else {
        panic!("{heard:?}")
    };
    assert_fields(
        call,
        &[
            ("coreweave.operation", "get_gateway"),
            ("coreweave.resource.id", "1"),
        ],
    );
    assert_eq!(call.fields.get("error.type"), None);

    let attempts = named(&heard, "coreweave_inference.attempt");
    let [first, second] = attempts[..] else {
        panic!("{heard:?}")
    };
    let port = server.url.rsplit(':').next().unwrap();
    for attempt in [first, second] {
        assert_eq!(attempt.parent, call.id);
        assert_fields(
            attempt,
            &[
                ("otel.kind", "client"),
                ("otel.name", "GET /v1alpha1/inference/gateways/{id}"),
                ("http.request.method", "GET"),
                (
                    "url.full",
                    &format!("{}/v1alpha1/inference/gateways/1", server.url),
                ),
                ("url.template", "/v1alpha1/inference/gateways/{id}"),
                ("server.address", "127.0.0.1"),
                ("server.port", port),
            ],
        );
    }
    assert_fields(
        first,
        &[("http.response.status_code", "503"), ("error.type", "503")],
    );
    assert_eq!(first.fields.get("http.request.resend_count"), None);
    assert_fields(
        second,
        &[
            ("http.response.status_code", "200"),
            ("http.request.resend_count", "1"),
        ],
    );
    assert_eq!(second.fields.get("error.type"), None);
    assert!(heard.iter().any(|event| {
        event
            .fields
            .get("message")
            .is_some_and(|m| m.contains("retrying"))
    }));
    assert!(
        heard.iter().all(|heard| heard.level > Level::INFO),
        "{heard:?}"
    );
}

#[tokio::test]
async fn the_span_of_a_create_has_the_id_in_its_body() {
    let created = r#"{"hotLoad":{"id":"1"}}"#;
    let server = Server::start([Act::json(200, GATEWAY), Act::json(200, created)]).await;
    let raw = client(&server.url).raw().clone();
    let heard = listen(async {
        let id = Some("1".to_owned());
        let gateway = CreateGatewayRequest {
            id,
            ..Default::default()
        };
        raw.create_gateway(&gateway).await.unwrap();
        let hot_load_id = Some("2".to_owned());
        let hot_load = CreateHotLoadRequest {
            hot_load_id,
            ..Default::default()
        };
        raw.create_hot_load(&hot_load).await.unwrap();
    })
    .await;
    for (call, id) in named(&heard, "coreweave_inference.call")
        .iter()
        .zip(["1", "2"])
    {
        assert_fields(call, &[("coreweave.resource.id", id)]);
    }
    assert_eq!(named(&heard, "coreweave_inference.call").len(), 2);
}

#[tokio::test]
async fn failures_record_the_error_type() {
    for (act, attempt, call) in [
        (Act::json(404, "{}"), "404", "api"),
        (Act::Reset, "transport", "transport"),
        (
            Act::reply(200, &[], "x".repeat(17 << 20)),
            "body_too_large",
            "body_too_large",
        ),
    ] {
        let server = Server::start([act]).await;
        let client = client(&server.url);
        let heard = listen(async {
            client.gateways().get("1").await.unwrap_err();
        })
        .await;
        assert_fields(
            named(&heard, "coreweave_inference.attempt")[0],
            &[("error.type", attempt)],
        );
        assert_fields(
            named(&heard, "coreweave_inference.call")[0],
            &[("error.type", call)],
        );
    }
}

#[tokio::test]
async fn raw_calls_are_traced_and_secrets_are_not() {
    let echo = r#"{"code":3,"message":"planted-token planted-key"}"#;
    let server = Server::start([Act::json(400, echo), Act::json(200, GATEWAY)]).await;
    let client = client(&server.url);
    let body = CreateGatewayRequest {
        weights_and_biases_auth: Some(WeightsAndBiasesAuth {
            api_key: Some("planted-key".into()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let heard = listen(async {
        client.raw().create_gateway(&body).await.unwrap_err();
        client.raw().create_gateway(&body).await.unwrap();
    })
    .await;
    assert!(
        server.seen()[0].head.contains("planted-token")
            && server.seen()[0].body.contains("planted-key")
    );
    assert_eq!(named(&heard, "coreweave_inference.call").len(), 2);
    assert_eq!(named(&heard, "coreweave_inference.attempt").len(), 2);
    assert!(!format!("{heard:?}").contains("planted"), "{heard:?}");
}
