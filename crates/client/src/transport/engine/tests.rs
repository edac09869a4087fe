//! The engine's timing and its bounds, under paused time and without a network.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use http::HeaderMap;
use reqwest::StatusCode;

use super::*;
use crate::error::Error;
use crate::raw::BoxFuture;
use crate::token::TokenError;
use crate::transport::Backoff;

/// What the server does with one attempt.
#[derive(Clone)]
enum Step {
    Reply(u16, &'static [(&'static str, &'static str)], String),
    /// Never answers.
    Hang,
}

fn status(status: u16) -> Step {
    Step::Reply(status, &[], String::new())
}

/// A server by script. It repeats the last step for ever, and notes the tokens it saw.
struct Script {
    steps: Mutex<VecDeque<Step>>,
    tokens: Mutex<Vec<Option<String>>>,
}

impl Script {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Mutex::new(steps.into_iter().collect()),
            tokens: Mutex::default(),
        }
    }

    fn sent(&self) -> usize {
        self.tokens.lock().unwrap().len()
    }
}

impl Sender for Script {
    async fn send(&self, request: &Request, _: u32, limit: TimeLimit) -> Result<Answer, Failure> {
        let token = request
            .headers()
            .get(AUTHORIZATION)
            .map(|value| value.to_str().unwrap().to_owned());
        self.tokens.lock().unwrap().push(token);
        let step = {
            let mut steps = self.steps.lock().unwrap();
            if steps.len() > 1 {
                steps.pop_front().unwrap()
            } else {
                steps.front().unwrap().clone()
            }
        };
        match step {
            Step::Reply(status, headers, body) => Ok(Answer {
                url: request.url().clone(),
                extensions: http::Extensions::new(),
                version: http::Version::HTTP_11,
                status: StatusCode::from_u16(status).unwrap(),
                headers: headers
                    .iter()
                    .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                    .collect::<HeaderMap>(),
                body: body.into(),
                cut: None,
            }),
            Step::Hang => {
                tokio::time::sleep_until(limit.at).await;
                Err(Failure::NoAnswer(Cut::TimedOut(limit)))
            }
        }
    }
}

fn engine() -> Engine {
    Engine {
        base_url: BaseUrl::parse("https://api.test", "base_url", false).unwrap(),
        tokens: Tokens::Fixed(Token::new("token-1").unwrap()),
        user_agent: HeaderValue::from_static("test"),
        retry: Some(Arc::new(Backoff::default())),
        budget: RetryBudget::default(),
        attempt_timeout: Duration::from_secs(30),
        deadline: Duration::from_secs(120),
        max_body_size: 1 << 20,
    }
}

async fn run_with(
    engine: &Engine,
    script: &Script,
    name: &str,
    body: &'static str,
    options: &CallOptions,
) -> Outcome {
    let operation = Operation::named(name).unwrap();
    let url = format!("https://api.test{}", operation.path.replace(['{', '}'], ""));
    let mut request = Request::new(operation.method.parse().unwrap(), url.parse().unwrap());
    if !body.is_empty() {
        *request.body_mut() = Some(body.into());
    }
    let Finished { delivery, outcome } = engine
        .run_by(script, &mut request, operation, options)
        .await;
    Outcome {
        attempts: delivery.attempts,
        elapsed: delivery.elapsed,
        result: outcome
            .map(|answer| answer.status)
            .map_err(|failure| failure.into_error(delivery)),
    }
}

/// How a call ended, and what it took.
struct Outcome {
    attempts: u32,
    elapsed: Duration,
    result: Result<StatusCode, Error>,
}

async fn get(engine: &Engine, script: &Script) -> Outcome {
    run_with(engine, script, "get_gateway", "", &CallOptions::new()).await
}

#[tokio::test(start_paused = true)]
async fn a_read_is_tried_four_times_within_the_bounds_of_the_backoff() {
    let script = Script::new([status(503)]);
    let outcome = get(&engine(), &script).await;
    assert_eq!((outcome.attempts, script.sent()), (4, 4));
    assert!(
        outcome.elapsed <= Duration::from_millis(250 + 500 + 1000 + 3),
        "{:?}",
        outcome.elapsed
    );
    let error = outcome.result.unwrap_err();
    assert_eq!(
        (error.attempts(), error.status()),
        (4, Some(StatusCode::SERVICE_UNAVAILABLE))
    );
    assert!(error.is_transient() && error.is_unavailable() && !error.answer_lost());
}

#[tokio::test(start_paused = true)]
async fn it_stops_at_the_first_success() {
    let script = Script::new([status(500), Step::Hang, status(200)]);
    let outcome = get(&engine(), &script).await;
    assert_eq!(
        (outcome.attempts, outcome.result.unwrap()),
        (3, StatusCode::OK)
    );
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_tried_once() {
    for code in [302, 400, 401, 403, 404, 409, 412, 501] {
        let script = Script::new([status(code)]);
        assert_eq!(get(&engine(), &script).await.attempts, 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_for_in_all_its_forms() {
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(21));
    let date: &'static [(&str, &str)] = vec![("retry-after", &*date.leak())].leak();
    let info = r#"{"code":8,"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"20s"}]}"#;
    for (what, step) in [
        (
            "seconds",
            Step::Reply(429, &[("retry-after", "20")], String::new()),
        ),
        ("date", Step::Reply(429, date, String::new())),
        ("detail", Step::Reply(503, &[], info.to_owned())),
    ] {
        let outcome = get(&engine(), &Script::new([step, status(200)])).await;
        assert_eq!(
            (outcome.attempts, outcome.result.unwrap()),
            (2, StatusCode::OK),
            "{what}"
        );
        let waited = outcome.elapsed.as_secs_f64();
        assert!((18.0..=21.1).contains(&waited), "{what}: {waited}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_ages_is_granted_a_minute() {
    let outcome = get(
        &engine(),
        &Script::new([
            Step::Reply(503, &[("retry-after", "99999")], String::new()),
            status(200),
        ]),
    )
    .await;
    assert_eq!((outcome.attempts, outcome.elapsed.as_secs()), (2, 60));
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_is_not_begun() {
    let script = Script::new([Step::Reply(503, &[("retry-after", "10")], String::new())]);
    let options = CallOptions::new().deadline(Duration::from_secs(5));
    let outcome = run_with(&engine(), &script, "get_gateway", "", &options).await;
    assert_eq!((outcome.attempts, outcome.elapsed), (1, Duration::ZERO));
    assert_eq!(
        outcome.result.unwrap_err().retry_after(),
        Some(Duration::from_secs(10))
    );
}

#[tokio::test(start_paused = true)]
async fn each_attempt_and_the_whole_call_have_their_limits() {
    let options = CallOptions::new().attempt_timeout(Duration::from_secs(10));
    let outcome = run_with(
        &engine(),
        &Script::new([Step::Hang]),
        "get_gateway",
        "",
        &options,
    )
    .await;
    assert_eq!(outcome.attempts, 4);
    assert!(
        (40..=42).contains(&outcome.elapsed.as_secs()),
        "{:?}",
        outcome.elapsed
    );
    let error = outcome.result.unwrap_err();
    assert!(error.is_timeout() && error.is_transient());
    assert!(
        error.to_string().contains("10s allowed for one attempt"),
        "{error}"
    );

    let options = options.deadline(Duration::from_secs(25));
    let outcome = run_with(
        &engine(),
        &Script::new([Step::Hang]),
        "get_gateway",
        "",
        &options,
    )
    .await;
    assert_eq!((outcome.attempts, outcome.elapsed.as_secs()), (3, 25));
    let error = outcome.result.unwrap_err();
    assert!(
        error.to_string().contains("25s allowed for the whole call"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn limits_without_end_are_possible() {
    let options = CallOptions::new()
        .attempt_timeout(Duration::MAX)
        .deadline(Duration::MAX);
    let outcome = run_with(
        &engine(),
        &Script::new([status(200)]),
        "get_gateway",
        "",
        &options,
    )
    .await;
    assert!(outcome.result.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_budget_bounds_the_retries_of_all_calls() {
    let engine = Engine {
        budget: RetryBudget::new(4),
        ..engine()
    };
    let outage = Script::new([status(503)]);
    let attempts = async || get(&engine, &outage).await.attempts;
    assert_eq!(
        [attempts().await, attempts().await, attempts().await],
        [4, 2, 1]
    );
    for _ in 0..10 {
        assert!(
            get(&engine, &Script::new([status(200)]))
                .await
                .result
                .is_ok()
        );
    }
    assert_eq!([attempts().await, attempts().await], [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_call_can_go_without_retries_or_have_its_own_policy() {
    let script = Script::new([status(503)]);
    assert_eq!(
        run_with(
            &engine(),
            &script,
            "get_gateway",
            "",
            &CallOptions::new().no_retries()
        )
        .await
        .attempts,
        1
    );
    let own = CallOptions::new().retry_policy(Backoff::default().max_attempts(7));
    assert_eq!(
        run_with(&engine(), &script, "get_gateway", "", &own)
            .await
            .attempts,
        7
    );
    let none = Engine {
        retry: None,
        ..engine()
    };
    assert_eq!(get(&none, &script).await.attempts, 1);
    assert_eq!(
        run_with(&none, &script, "get_gateway", "", &own)
            .await
            .attempts,
        7
    );
}

#[tokio::test(start_paused = true)]
async fn a_create_is_repeated_only_if_it_names_its_id_whatever_the_policy() {
    /// Always tries again.
    #[derive(Debug)]
    struct Stubborn;

    impl RetryPolicy for Stubborn {
        fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration> {
            (failed.attempt < 5).then_some(Duration::ZERO)
        }
    }

    let options = CallOptions::new()
        .retry_policy(Stubborn)
        .attempt_timeout(Duration::from_secs(1));
    for (body, attempts) in [(r#"{"name":"x"}"#, 1), (r#"{"name":"x","id":"1"}"#, 5)] {
        for step in [status(503), status(500), status(429), Step::Hang] {
            let outcome = run_with(
                &engine(),
                &Script::new([step]),
                "create_gateway",
                body,
                &options,
            )
            .await;
            assert_eq!(outcome.attempts, attempts, "{body}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_tells_whether_an_answer_was_lost() {
    let lost = async |name: &str, step: Step| {
        let script = Script::new([step, status(404)]);
        run_with(&engine(), &script, name, "{}", &CallOptions::new())
            .await
            .result
            .unwrap_err()
    };
    for code in [500, 502, 503, 504] {
        let error = lost("delete_gateway", status(code)).await;
        assert!(error.is_not_found() && error.answer_lost(), "{code}");
        assert!(error.to_string().contains("may have deleted it"), "{error}");
    }
    assert!(
        !lost("delete_gateway", status(429)).await.answer_lost(),
        "refused outright"
    );
    assert!(
        !lost("get_gateway", status(503)).await.answer_lost(),
        "reads leave no doubt"
    );
    assert!(lost("delete_gateway", Step::Hang).await.answer_lost());
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_stops_it() {
    let (engine, script) = (
        engine(),
        Script::new([Step::Reply(503, &[("retry-after", "50")], String::new())]),
    );
    let call = get(&engine, &script);
    assert!(
        tokio::time::timeout(Duration::from_secs(10), call)
            .await
            .is_err()
    );
    tokio::time::sleep(Duration::from_secs(1000)).await;
    assert_eq!(script.sent(), 1);
}

/// Gives out `token-1`, `token-2`, …: the next one whenever the last was refused.
#[derive(Default)]
struct Rotating {
    renewals: AtomicUsize,
}

impl TokenProvider for Rotating {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
        Box::pin(async move {
            let renewals = self
                .renewals
                .fetch_add(refused.is_some().into(), Ordering::SeqCst);
            let token = Token::new(format!(
                "token-{}",
                1 + renewals + usize::from(refused.is_some())
            ))?;
            assert_ne!(Some(&token), refused);
            Ok(token)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_at_once() {
    let provider = Arc::new(Rotating::default());
    let engine = Engine {
        tokens: Tokens::Provider(provider.clone()),
        ..engine()
    };
    let script = Script::new([status(401), status(200)]);
    let options = CallOptions::new().no_retries();
    let outcome = run_with(&engine, &script, "create_gateway", "{}", &options).await;
    assert_eq!(
        (outcome.attempts, outcome.elapsed, outcome.result.unwrap()),
        (2, Duration::ZERO, StatusCode::OK)
    );
    let tokens: Vec<_> = script
        .tokens
        .lock()
        .unwrap()
        .iter()
        .flatten()
        .cloned()
        .collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);

    let refusing = Script::new([status(401)]);
    let outcome = run_with(&engine, &refusing, "get_gateway", "", &CallOptions::new()).await;
    assert_eq!(
        (outcome.attempts, provider.renewals.load(Ordering::SeqCst)),
        (2, 2)
    );
    assert!(outcome.result.unwrap_err().is_unauthenticated());
}

#[tokio::test(start_paused = true)]
async fn a_fixed_token_that_is_refused_is_not_tried_again() {
    let outcome = get(&engine(), &Script::new([status(401)])).await;
    let error = outcome.result.unwrap_err();
    assert_eq!(outcome.attempts, 1);
    assert!(
        error.is_unauthenticated() && error.to_string().contains("COREWEAVE_API_TOKEN"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_provider_without_a_token_ends_the_call_before_anything_is_sent() {
    struct Broken;
    impl TokenProvider for Broken {
        fn token<'a>(&'a self, _: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
            Box::pin(async { Err("the vault is closed".into()) })
        }
    }
    struct Stuck;
    impl TokenProvider for Stuck {
        fn token<'a>(&'a self, _: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
            Box::pin(std::future::pending())
        }
    }

    let script = Script::new([status(200)]);
    let broken = Engine {
        tokens: Tokens::Provider(Arc::new(Broken)),
        ..engine()
    };
    let error = get(&broken, &script).await.result.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (crate::ErrorKind::Token, 0)
    );
    assert!(error.to_string().contains("the vault is closed"), "{error}");

    let stuck = Engine {
        tokens: Tokens::Provider(Arc::new(Stuck)),
        ..engine()
    };
    let outcome = get(&stuck, &script).await;
    assert_eq!((outcome.elapsed.as_secs(), outcome.attempts), (120, 0));
    assert!(outcome.result.unwrap_err().is_timeout());
    assert_eq!(script.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_token_goes_to_its_own_origin_only() {
    let engine = Engine {
        base_url: BaseUrl::parse("https://other.test", "base_url", false).unwrap(),
        ..engine()
    };
    let script = Script::new([status(200)]);
    assert!(get(&engine, &script).await.result.is_ok());
    assert_eq!(*script.tokens.lock().unwrap(), [None]);
}
