//! Retries, time limits and tokens, under paused time and without a network.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use super::*;
use crate::Client;
use crate::error::{Code, Detail};
use crate::retry::{TokenError, WithTimeout};
use crate::types::CreateGatewayRequest;

/// How the server responds to one attempt.
#[derive(Clone)]
enum Step {
    Reply(u16, &'static [(&'static str, &'static str)], String),
    /// It never responds.
    Hang,
}

fn status(status: u16) -> Step {
    Step::Reply(status, &[], String::new())
}

/// A server that follows a script and repeats its last step forever. It records the tokens it saw.
#[derive(Clone)]
struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    tokens: Arc<Mutex<Vec<Option<String>>>>,
}

impl Script {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Arc::new(Mutex::new(steps.into_iter().collect())),
            tokens: Arc::default(),
        }
    }

    fn sent(&self) -> usize {
        self.tokens.lock().unwrap().len()
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn execute(
        &self,
        request: Request,
        _: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        let token = request.headers().get(AUTHORIZATION);
        let token = token.map(|value| value.to_str().unwrap().to_owned());
        self.tokens.lock().unwrap().push(token);
        let mut steps = self.steps.lock().unwrap();
        let step = match steps.len() {
            1 => steps.front().unwrap().clone(),
            _ => steps.pop_front().unwrap(),
        };
        Box::pin(async move {
            match step {
                Step::Reply(status, headers, body) => {
                    let headers = headers
                        .iter()
                        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
                    Ok(Response::new(status, body).with_headers(headers.collect()))
                }
                Step::Hang => std::future::pending().await,
            }
        })
    }
}

fn over(script: &Script) -> RetryTransport {
    RetryTransport::new(WithTimeout(script.clone())).token(Token::new("token-1").unwrap())
}

async fn run(
    transport: &RetryTransport,
    name: &str,
    body: &'static str,
    options: &CallOptions,
) -> Outcome {
    let operation = Operation::named(name).unwrap();
    let url = format!("https://api.test{}", operation.path.replace(['{', '}'], ""));
    let mut request = Request::new(operation.method.parse().unwrap(), url.parse().unwrap());
    request.set_body(body);
    request.set_options(options.clone());
    let started = Instant::now();
    let result = transport.execute(request, operation).await;
    let report = match &result {
        Ok(response) => response.report(),
        Err(error) => Report::new(error.attempts(), error.elapsed()),
    };
    assert_eq!(report.elapsed, started.elapsed());
    Outcome {
        attempts: report.attempts,
        elapsed: report.elapsed,
        result: result.map(|response| response.status()),
    }
}

/// How a call ended, and what it took.
struct Outcome {
    attempts: u32,
    elapsed: Duration,
    result: Result<StatusCode, Error>,
}

async fn get(transport: &RetryTransport) -> Outcome {
    run(transport, "get_gateway", "", &CallOptions::new()).await
}

#[tokio::test(start_paused = true)]
async fn a_read_is_attempted_four_times_within_the_bounds_of_the_backoff() {
    let script = Script::new([status(503)]);
    let outcome = get(&over(&script)).await;
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
    assert!(error.is_transient() && error.is_unavailable() && !error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn retries_end_with_the_first_success() {
    let script = Script::new([status(500), Step::Hang, status(200)]);
    let outcome = get(&over(&script)).await;
    assert_eq!(
        (outcome.attempts, outcome.result.unwrap()),
        (3, StatusCode::OK)
    );
}

#[tokio::test(start_paused = true)]
async fn permanent_failures_are_not_retried() {
    for code in [302, 400, 401, 403, 404, 409, 412, 501] {
        let script = Script::new([status(code)]);
        assert_eq!(get(&over(&script)).await.attempts, 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_respected_in_all_its_forms() {
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
        let outcome = get(&over(&Script::new([step, status(200)]))).await;
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
async fn a_retry_after_above_the_maximum_ends_the_call_at_once_and_is_named() {
    for (asked, said) in [("3601", "1 h 1 min"), ("18446744073709551615", " h ")] {
        let headers: &'static [_] = vec![("retry-after", asked)].leak();
        let script = Script::new([Step::Reply(503, headers, String::new()), status(200)]);
        let outcome = get(&over(&script)).await;
        assert_eq!((outcome.attempts, outcome.elapsed), (1, Duration::ZERO));
        let error = outcome.result.unwrap_err();
        assert!(error.is_transient(), "{error}");
        assert!(error.to_string().contains("try again in "), "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_exceeded_quota_is_not_retried_and_spends_no_budget() {
    for detail in [
        r#"{"@type":"x/google.rpc.QuotaFailure","violations":[{"subject":"org"}]}"#,
        r#"{"type":"google.rpc.QuotaFailure","value":"CgUKA29yZw"}"#,
        r#"{"type":"google.rpc.QuotaFailure","value":"not base64"}"#,
        r#"{"type":"google.rpc.QuotaFailure","debug":{"violations":[{"subject":"org"}]}}"#,
    ] {
        let quota = format!(r#"{{"code":8,"details":[{detail}]}}"#);
        let budget = RetryBudget::default();
        let script = Script::new([Step::Reply(429, &[], quota)]);
        let outcome = get(&over(&script).retry_budget(budget.clone())).await;
        assert_eq!(
            (outcome.attempts, budget.left()),
            (1, Some(100)),
            "{detail}"
        );
        let error = outcome.result.unwrap_err();
        assert!(
            error.is_resource_exhausted() && !error.is_transient(),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_sees_code_and_details() {
    #[derive(Debug)]
    struct Stockout;

    impl RetryPolicy for Stockout {
        fn delay_before_next(&self, error: &Error, _: u32) -> Option<Duration> {
            let is_stockout = |detail: &Detail| matches!(detail, Detail::ErrorInfo(info) if info.reason == "STOCKOUT");
            assert_eq!(error.code(), Some(Code::ResourceExhausted));
            error
                .details()
                .iter()
                .any(is_stockout)
                .then_some(Duration::from_secs(1))
        }
    }

    let stockout =
        r#"{"code":8,"details":[{"@type":"x/google.rpc.ErrorInfo","reason":"STOCKOUT"}]}"#;
    let script = Script::new([Step::Reply(429, &[], stockout.into()), status(200)]);
    let options = CallOptions::new().retry_policy(Stockout);
    let outcome = run(&over(&script), "get_gateway", "", &options).await;
    assert_eq!((outcome.attempts, outcome.elapsed.as_secs()), (2, 1));
}

/// The attempts, the seconds and the error of a call that nothing responds to.
async fn unanswered(options: &CallOptions) -> (u32, u64, Error) {
    let script = Script::new([Step::Hang]);
    let outcome = run(&over(&script), "get_gateway", "", options).await;
    let error = outcome.result.unwrap_err();
    (outcome.attempts, outcome.elapsed.as_secs(), error)
}

#[tokio::test(start_paused = true)]
async fn a_started_call_has_one_deadline_for_all_of_its_requests() {
    let options = CallOptions::new()
        .call_timeout(Duration::from_secs(25))
        .start(Duration::from_secs(120));
    sleep(Duration::from_secs(20)).await;
    let (attempts, seconds, error) = unanswered(&options).await;
    assert_eq!((attempts, seconds), (1, 5));
    assert!(
        error
            .to_string()
            .contains("25s allowed for the entire call"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_delay_past_the_deadline_is_not_waited_for() {
    let script = Script::new([Step::Reply(503, &[("retry-after", "10")], String::new())]);
    let options = CallOptions::new().call_timeout(Duration::from_secs(5));
    let outcome = run(&over(&script), "get_gateway", "", &options).await;
    assert_eq!((outcome.attempts, outcome.elapsed), (1, Duration::ZERO));
    assert_eq!(
        outcome.result.unwrap_err().retry_after(),
        Some(Duration::from_secs(10))
    );
}

#[tokio::test(start_paused = true)]
async fn attempts_and_calls_have_time_limits() {
    let options = CallOptions::new().attempt_timeout(Duration::from_secs(10));
    let (attempts, seconds, error) = unanswered(&options).await;
    assert_eq!(attempts, 4);
    assert!((40..=42).contains(&seconds), "{seconds}");
    assert!(error.is_timeout() && error.is_transient());
    assert!(
        error.to_string().contains("10s allowed for one attempt"),
        "{error}"
    );

    let options = options.call_timeout(Duration::from_secs(25));
    let (attempts, seconds, error) = unanswered(&options).await;
    assert_eq!((attempts, seconds), (3, 25));
    assert!(
        error
            .to_string()
            .contains("25s allowed for the entire call"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn unlimited_times_are_possible() {
    let options = CallOptions::new()
        .attempt_timeout(Duration::MAX)
        .call_timeout(Duration::MAX);
    let outcome = run(
        &over(&Script::new([status(200)])),
        "get_gateway",
        "",
        &options,
    )
    .await;
    assert!(outcome.result.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_budget_bounds_the_retries_of_all_calls() {
    let budget = RetryBudget::new(4);
    let outage = over(&Script::new([status(503)])).retry_budget(budget.clone());
    let healthy = over(&Script::new([status(200)])).retry_budget(budget);
    let attempts = async || get(&outage).await.attempts;
    assert_eq!(
        [attempts().await, attempts().await, attempts().await],
        [4, 2, 1]
    );
    for _ in 0..10 {
        assert!(get(&healthy).await.result.is_ok());
    }
    assert_eq!([attempts().await, attempts().await], [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_call_can_override_the_retry_policy() {
    let script = Script::new([status(503)]);
    assert_eq!(
        run(
            &over(&script),
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
        run(&over(&script), "get_gateway", "", &own).await.attempts,
        7
    );
    let once = over(&script).retry_policy(Backoff::default().max_attempts(1));
    assert_eq!(get(&once).await.attempts, 1);
    assert_eq!(run(&once, "get_gateway", "", &own).await.attempts, 7);
}

#[tokio::test(start_paused = true)]
async fn a_create_is_retried_only_with_an_id_whatever_the_policy() {
    /// Always tries again.
    #[derive(Debug)]
    struct Stubborn;

    impl RetryPolicy for Stubborn {
        fn delay_before_next(&self, _: &Error, attempt: u32) -> Option<Duration> {
            (attempt < 5).then_some(Duration::ZERO)
        }
    }

    let options = CallOptions::new()
        .retry_policy(Stubborn)
        .attempt_timeout(Duration::from_secs(1));
    for (id, attempts) in [(None, 1), (Some("1"), 5)] {
        let body = CreateGatewayRequest {
            id: id.map(str::to_owned),
            ..Default::default()
        };
        for step in [status(503), status(500), status(429), Step::Hang] {
            let transport = Arc::new(over(&Script::new([step])));
            let client = Client::new("https://api.test", transport).unwrap();
            let client = client.with_options(options.clone());
            let error = client.create_gateway(&body).await.unwrap_err();
            assert_eq!(error.attempts(), attempts, "{id:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_says_whether_its_outcome_is_unknown() {
    let lost = async |name: &str, step: Step| {
        let not_found = Step::Reply(404, &[], r#"{"code":5}"#.into());
        let script = Script::new([step, not_found]);
        run(&over(&script), name, "{}", &CallOptions::new())
            .await
            .result
            .unwrap_err()
    };
    let canceled = Step::Reply(400, &[], r#"{"code":1}"#.into());
    let statuses = [408, 499, 500, 502, 503, 504, 507, 522, 529, 530].map(status);
    for step in statuses.into_iter().chain([canceled]) {
        let error = lost("delete_gateway", step).await;
        assert!(error.is_not_found() && error.outcome_unknown(), "{error}");
        assert!(error.to_string().contains("may have deleted it"), "{error}");
    }
    assert!(
        !lost("delete_gateway", status(429)).await.outcome_unknown(),
        "refused outright"
    );
    assert!(
        !lost("delete_gateway", status(501)).await.outcome_unknown(),
        "not implemented"
    );
    assert!(
        !lost("get_gateway", status(503)).await.outcome_unknown(),
        "reads leave no doubt"
    );
    assert!(lost("delete_gateway", Step::Hang).await.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_stops_it() {
    let script = Script::new([Step::Reply(503, &[("retry-after", "50")], String::new())]);
    let transport = over(&script);
    let call = get(&transport);
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
    renewals: Arc<AtomicUsize>,
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
async fn a_refused_token_is_renewed_once_without_delay() {
    let provider = Rotating::default();
    let renewals = provider.renewals.clone();
    let script = Script::new([status(401), status(200), status(401)]);
    let transport = over(&script).token_provider(provider);
    let options = CallOptions::new().no_retries();
    let outcome = run(&transport, "create_gateway", "{}", &options).await;
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

    let outcome = get(&transport).await;
    assert_eq!((outcome.attempts, renewals.load(Ordering::SeqCst)), (2, 2));
    assert!(outcome.result.unwrap_err().is_unauthenticated());
}

#[tokio::test(start_paused = true)]
async fn a_refused_fixed_token_is_not_retried() {
    let outcome = get(&over(&Script::new([status(401)]))).await;
    let error = outcome.result.unwrap_err();
    assert_eq!(outcome.attempts, 1);
    assert!(
        error.is_unauthenticated() && error.to_string().contains("COREWEAVE_API_TOKEN"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failing_token_provider_ends_the_call_before_anything_is_sent() {
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

    /// Fails once.
    #[derive(Default)]
    struct Flaky(AtomicUsize);
    impl TokenProvider for Flaky {
        fn token<'a>(&'a self, _: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
            Box::pin(async {
                match self.0.fetch_add(1, Ordering::SeqCst) {
                    0 => Err("the vault is closed".into()),
                    _ => Ok(Token::new("token-1")?),
                }
            })
        }
    }

    let script = Script::new([status(200)]);
    let outcome = get(&over(&script).token_provider(Flaky::default())).await;
    assert_eq!((outcome.attempts, outcome.result.is_ok()), (1, true));

    let broken = Arc::new(over(&script).token_provider(Broken));
    let client = Client::new("https://api.test", broken).unwrap();
    let error = client.get_gateway("id").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Token, 0));
    assert!(error.is_transient());
    assert_eq!(
        error.to_string(),
        "get gateway {id}: the token provider failed: the vault is closed".replace("{id}", "id")
    );
    assert!(
        std::error::Error::source(&error).is_none(),
        "its text is in the message"
    );

    let outcome = get(&over(&script).token_provider(Stuck)).await;
    assert_eq!((outcome.elapsed.as_secs(), outcome.attempts), (120, 0));
    let error = outcome.result.unwrap_err();
    assert!(error.is_timeout());
    assert!(
        error
            .to_string()
            .contains("no token from its provider within the 120s"),
        "{error}"
    );
    assert_eq!(script.sent(), 1, "by the flaky provider");
}

#[tokio::test(start_paused = true)]
async fn the_token_is_sent_to_its_own_origin_only() {
    for (origin, sent) in [
        ("https://api.test:443/other", true),
        ("http://api.test/path", false),
        ("https://api.test:444/path", false),
        ("https://api.test.elsewhere/path", false),
        ("https://other.test", false),
    ] {
        let script = Script::new([status(200)]);
        let transport = over(&script).origin(origin.parse().unwrap());
        assert!(get(&transport).await.result.is_ok());
        assert_eq!(script.tokens.lock().unwrap()[0].is_some(), sent, "{origin}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_refusal_of_a_request_without_a_token_is_final() {
    let script = Script::new([status(401), status(200)]);
    let transport = over(&script)
        .token_provider(Rotating::default())
        .origin("https://other.test".parse().unwrap());
    assert_eq!(get(&transport).await.attempts, 1);
}
