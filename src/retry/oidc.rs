use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::token::{Token, TokenError, TokenProvider};
use crate::error::{Error, ErrorKind, Reason, Redactor};
use crate::proto_json;
use crate::{BoxFuture, Operation, Request, Transport};

/// Where the OIDC token of a workload is. It is read anew for each exchange, because whoever issues it replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OidcToken {
    /// A file, such as a projected volume of Kubernetes.
    File(PathBuf),
    /// An environment variable, of this name.
    Variable(String),
}

impl OidcToken {
    fn read(&self) -> Result<String, Error> {
        let (what, token) = match self {
            Self::File(path) => {
                let what = format!("the OIDC token file {}", path.display());
                let token = std::fs::read_to_string(path).map_err(|error| {
                    Error::new(ErrorKind::Config, format!("can't read {what}")).with_cause(error)
                })?;
                (what, token)
            }
            Self::Variable(name) => (name.clone(), std::env::var(name).unwrap_or_default()),
        };
        match token.trim() {
            "" => Err(Error::new(
                ErrorKind::Config,
                format!("{what} has no token"),
            )),
            token => Ok(token.to_owned()),
        }
    }
}

static EXCHANGE: Operation = Operation {
    name: "exchange_oidc_token",
    id: "InternalDirectoryService_ServiceAccountOidcAuth",
    method: "POST",
    path: "/coreweave.directory.v1alpha.InternalDirectoryService/ServiceAccountOidcAuth",
    success: &[200],
};

const REFUSED: Reason = Reason::new(
    "OIDC_TOKEN_REFUSED",
    "check the id of the service account, and that it trusts the issuer of the OIDC token",
);

/// How long the exchanged token is asked to be valid.
const LIFETIME: Duration = Duration::from_secs(3600);
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long a token that is still valid is used after its renewal has failed.
const RENEWAL_DELAY: Duration = Duration::from_secs(10);

/// Exchanges OIDC tokens for API access tokens, one exchange at a time.
pub(super) struct OidcExchange {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) url: Url,
    pub(super) service_account: String,
    pub(super) source: OidcToken,
    pub(super) current: Mutex<Option<Current>>,
}

pub(super) struct Current {
    token: Token,
    renewal: Instant,
    expiry: Instant,
}

#[derive(Default)]
struct Exchanged {
    bearer_token: Option<String>,
    expire_time: Option<DateTime<Utc>>,
    extra: Map<String, Value>,
}

proto_json::message! {
    Exchanged { bearer_token => "bearerToken", expire_time => "expireTime", } extra
}

impl OidcExchange {
    pub(super) fn new(
        transport: Arc<dyn Transport>,
        base_url: &Url,
        service_account: String,
        source: OidcToken,
    ) -> Self {
        let mut url = base_url.clone();
        url.set_path(&[base_url.path().trim_end_matches('/'), EXCHANGE.path].concat());
        Self {
            transport,
            url,
            service_account,
            source,
            current: Mutex::new(None),
        }
    }

    async fn exchange(&self) -> Result<Current, Error> {
        let oidc_token = self.source.read()?;
        let json = HeaderValue::from_static("application/json");
        let mut request = Request::new(Method::POST, self.url.clone());
        request.headers_mut().insert(ACCEPT, json.clone());
        request.headers_mut().insert(CONTENT_TYPE, json);
        request.set_timeout(Some(TIMEOUT));
        let body = json!({
            "oidcToken": oidc_token,
            "serviceAccountUid": self.service_account,
            "durationSeconds": LIFETIME.as_secs().to_string(),
        });
        request.set_body(body.to_string());
        let response = self.transport.execute(request, &EXCHANGE).await?;
        if !response.status().is_success() {
            let mut redactor = Redactor::default();
            redactor.add(&oidc_token);
            let error = Error::from_redacted(response, &redactor);
            return Err(
                match error
                    .status()
                    .is_some_and(|status| status.is_client_error())
                    && !error.is_transient()
                {
                    true => error.with_reason(REFUSED),
                    false => error,
                },
            );
        }
        let exchanged = response.decode::<Exchanged>()?.into_inner();
        let token = exchanged.bearer_token.unwrap_or_default();
        let token = Token::from_source(&token, "`bearerToken` of the response")?;
        // By a clock that is wrong, the token may have expired before it was issued. It is renewed when it is refused, too.
        let expiry = exchanged.expire_time.map(SystemTime::from);
        let left = expiry.and_then(|expiry| expiry.duration_since(SystemTime::now()).ok());
        let left = left.unwrap_or(LIFETIME).min(LIFETIME);
        let now = Instant::now();
        Ok(Current {
            token,
            renewal: now + left * 9 / 10,
            expiry: now + left,
        })
    }
}

impl TokenProvider for OidcExchange {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
        Box::pin(async move {
            // Whoever else needs a token waits here for the same exchange.
            let mut current = self.current.lock().await;
            let now = Instant::now();
            let valid =
                |current: &&mut Current| now < current.expiry && Some(&current.token) != refused;
            let valid = current.as_mut().filter(valid);
            if let Some(current) = &valid
                && now < current.renewal
            {
                return Ok(current.token.clone());
            }
            // Neither body may reach an error: they hold tokens.
            let exchanged = self.exchange().await;
            match (exchanged, valid) {
                (Ok(exchanged), _) => Ok(current.insert(exchanged).token.clone()),
                (Err(error), Some(current)) => {
                    tracing::warn!(error = %error, "the API access token could not be renewed yet");
                    current.renewal = now + RENEWAL_DELAY;
                    Ok(current.token.clone())
                }
                (Err(error), None) => Err(error.with_operation(&EXCHANGE).without_body().into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::Mutex as StdMutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::retry::RetryTransport;
    use crate::{Client, Response};

    /// An API that issues `issued-1`, `issued-2`, … and accepts the last one only.
    #[derive(Default)]
    struct Api {
        exchanges: AtomicUsize,
        oidc_tokens: StdMutex<Vec<String>>,
        /// Responds to exchanges instead.
        instead: StdMutex<Option<(u16, &'static str)>>,
        /// Added to `expireTime`.
        ahead: i64,
    }

    impl fmt::Debug for Api {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Api")
        }
    }

    impl Api {
        fn respond(&self, request: &Request) -> Response {
            if request.url().path() != format!("/prefix{}", EXCHANGE.path) {
                let last = format!("Bearer issued-{}", self.exchanges.load(Ordering::SeqCst));
                return match request.headers().get("authorization") {
                    Some(token) if *token == last => Response::new(200, r#"{"zones":[]}"#),
                    _ => Response::new(401, r#"{"code":16,"message":"expired"}"#),
                };
            }
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            assert_eq!(
                (&body["serviceAccountUid"], &body["durationSeconds"]),
                (&"ci".into(), &"3600".into())
            );
            let oidc_token = body["oidcToken"].as_str().unwrap().to_owned();
            self.oidc_tokens.lock().unwrap().push(oidc_token);
            if let Some((status, body)) = *self.instead.lock().unwrap() {
                return Response::new(status, body);
            }
            let number = self.exchanges.fetch_add(1, Ordering::SeqCst) + 1;
            let expiry = Utc::now() + chrono::TimeDelta::seconds(3600 + self.ahead);
            let body = json!({"bearerToken": format!("issued-{number}"), "expireTime": expiry, "unknown": 1});
            Response::new(200, body.to_string())
        }
    }

    impl Transport for Api {
        fn execute(
            &self,
            request: Request,
            _: &'static Operation,
        ) -> BoxFuture<'_, Result<Response, Error>> {
            Box::pin(async move {
                // Others get their turn.
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(self.respond(&request))
            })
        }
    }

    struct Stage {
        api: Arc<Api>,
        client: Client,
        path: PathBuf,
    }

    impl Stage {
        /// A client whose OIDC token is in a file of this name.
        fn new(name: &str, api: Api) -> Self {
            let path = std::env::temp_dir().join(format!("oidc-{name}-{}", std::process::id()));
            std::fs::write(&path, "planted-oidc-1\n").unwrap();
            let api = Arc::new(api);
            let url = "https://api.test/prefix/";
            let token = OidcToken::File(path.clone());
            let transport = RetryTransport::new(Arc::clone(&api)).oidc_token(
                &url.parse().unwrap(),
                "ci",
                token,
            );
            let client = Client::new(url, Arc::new(transport)).unwrap();
            Self { api, client, path }
        }

        async fn call(&self) -> Result<(), Error> {
            self.client.get_gateway_parameters().await.map(drop)
        }

        fn exchanges(&self) -> usize {
            self.api.oidc_tokens.lock().unwrap().len()
        }

        fn respond_instead(&self, reply: Option<(u16, &'static str)>) {
            *self.api.instead.lock().unwrap() = reply;
        }
    }

    impl Drop for Stage {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.path);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_calls_of_all_clones_share_one_exchange() {
        let stage = Stage::new("shared", Api::default());
        let client = stage.client.clone();
        let (one, two, three) =
            tokio::join!(stage.call(), client.get_gateway_parameters(), stage.call());
        one.and(three).unwrap();
        two.unwrap();
        stage.call().await.unwrap();
        assert_eq!(stage.exchanges(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_it_expires_with_the_oidc_token_of_that_time() {
        let stage = Stage::new("renewed", Api::default());
        for (elapsed, exchanges) in [(0, 1), (3200, 1), (100, 2), (3100, 2), (4000, 3)] {
            tokio::time::sleep(Duration::from_secs(elapsed)).await;
            stage.call().await.unwrap();
            assert_eq!(stage.exchanges(), exchanges);
            std::fs::write(&stage.path, format!("planted-oidc-{}", exchanges + 1)).unwrap();
        }
        let sent = stage.api.oidc_tokens.lock().unwrap().clone();
        assert_eq!(sent, ["planted-oidc-1", "planted-oidc-2", "planted-oidc-3"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_renewed() {
        let stage = Stage::new("refused", Api::default());
        stage.call().await.unwrap();
        // The API forgets the first token.
        stage.api.exchanges.fetch_add(1, Ordering::SeqCst);
        stage.call().await.unwrap();
        assert_eq!(stage.exchanges(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_clock_causes_no_exchange_for_each_call() {
        for ahead in [-7200, 7200] {
            let stage = Stage::new(
                &format!("clock{ahead}"),
                Api {
                    ahead,
                    ..Api::default()
                },
            );
            stage.call().await.unwrap();
            stage.call().await.unwrap();
            assert_eq!(stage.exchanges(), 1, "{ahead}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_is_still_valid_outlives_a_failed_renewal() {
        let stage = Stage::new("outlives", Api::default());
        stage.call().await.unwrap();
        stage.respond_instead(Some((503, "")));
        tokio::time::sleep(Duration::from_secs(3300)).await;
        stage.call().await.unwrap();
        stage.call().await.unwrap();
        assert_eq!(stage.exchanges(), 2, "not for each call");
        tokio::time::sleep(Duration::from_secs(300)).await;
        assert!(stage.call().await.is_err(), "it has expired");
        stage.respond_instead(None);
        stage.call().await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_says_which_step_failed_and_shows_no_token() {
        let stage = Stage::new("steps", Api::default());
        let before = "get gateway parameters: the token provider failed: ";
        for (reply, exchanges, said) in [
            (
                (401, r#"{"code":16,"message":"planted-oidc-1 has expired"}"#),
                1,
                "exchange oidc token: UNAUTHENTICATED (HTTP 401): [redacted] has expired; check the id of the service account, \
                 and that it trusts the issuer of the OIDC token",
            ),
            (
                (429, "planted-oidc-1"),
                4,
                "exchange oidc token: RESOURCE_EXHAUSTED (HTTP 429): [redacted]; try again later",
            ),
            (
                (503, "planted-oidc-1"),
                4,
                "exchange oidc token: UNAVAILABLE (HTTP 503): [redacted]; try again later",
            ),
            (
                (
                    200,
                    r#"{"bearerToken":"planted-issued","expireTime":"planted"}"#,
                ),
                1,
                "exchange oidc token: HTTP 200: the response could not be decoded: ",
            ),
            (
                (200, "{}"),
                1,
                "exchange oidc token: `bearerToken` of the response is empty",
            ),
        ] {
            stage.respond_instead(Some(reply));
            let sent = stage.exchanges();
            let error = stage.call().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Token);
            assert_eq!(stage.exchanges() - sent, exchanges, "{error}");
            let shown = error.to_string();
            assert!(shown.starts_with(&format!("{before}{said}")), "{shown}");
            assert!(!format!("{error:#?}").contains("planted"), "{error:#?}");
            assert_eq!(error.body(), b"");
        }
        std::fs::write(&stage.path, " \n").unwrap();
        let error = stage.call().await.unwrap_err().to_string();
        assert!(
            error.contains("the OIDC token file") && error.ends_with("has no token"),
            "{error}"
        );
        std::fs::remove_file(&stage.path).unwrap();
        let error = stage.call().await.unwrap_err().to_string();
        assert!(
            error.contains("can't read the OIDC token file") && error.contains("(os error 2)"),
            "{error}"
        );
    }
}
