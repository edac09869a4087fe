//! Tokens, and the organizations and roles they stand for.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::clock::later;
use crate::error::ApiError;
use crate::json::{at, text, timestamp};
use crate::schema::TOKEN_REQUEST;
use crate::state::lock;
use crate::validation::Violations;

/// How long the token of an exchange is valid, unless the request says.
const DEFAULT_SECONDS: u64 = 3600;

const DEFAULT_TOKEN: &str = "fake-admin-token";

/// What a token permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Inference Viewer: reads.
    Viewer,
    /// Inference Admin: reads and writes.
    Admin,
}

/// The caller of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) organization: String,
    pub(crate) role: Role,
}

/// The accepted tokens. While there are none, every token is an admin's.
#[derive(Debug)]
pub(crate) struct Auth {
    callers: HashMap<String, Caller>,
    /// The organizations of service accounts, by their uids and OIDC tokens.
    service_accounts: HashMap<(String, String), String>,
    /// The tokens given for OIDC tokens, with the times at which they expire.
    issued: Mutex<HashMap<String, (Caller, DateTime<Utc>)>>,
    /// The first admin token, and the organization that seeds belong to: that of this token, or of
    /// the first service account.
    token: String,
    organization: String,
}

impl Default for Auth {
    fn default() -> Auth {
        Auth {
            callers: HashMap::new(),
            service_accounts: HashMap::new(),
            issued: Mutex::default(),
            token: DEFAULT_TOKEN.to_owned(),
            organization: Auth::DEFAULT_ORGANIZATION.to_owned(),
        }
    }
}

impl Auth {
    /// The organization of all callers while there are no tokens.
    pub(crate) const DEFAULT_ORGANIZATION: &str = "org-fake";

    /// Accepts a token.
    pub(crate) fn add(&mut self, organization: &str, token: String, role: Role) {
        let is_admin = |caller: &Caller| caller.role == Role::Admin;
        if role == Role::Admin && !self.callers.values().any(is_admin) {
            self.token.clone_from(&token);
            organization.clone_into(&mut self.organization);
        }
        let organization = organization.to_owned();
        self.callers.insert(token, Caller { organization, role });
    }

    /// Lets a service account exchange an OIDC token.
    pub(crate) fn add_service_account(&mut self, organization: &str, uid: String, oidc: String) {
        if self.is_open() {
            organization.clone_into(&mut self.organization);
        }
        let organization = organization.to_owned();
        self.service_accounts.insert((uid, oidc), organization);
    }

    /// Whether every token is accepted, of both kinds.
    fn is_open(&self) -> bool {
        self.callers.is_empty() && self.service_accounts.is_empty()
    }

    /// Exchanges an OIDC token for the bearer token `bearer`, and returns the response.
    pub(crate) fn exchange(
        &self,
        request: &Value,
        bearer: String,
        now: DateTime<Utc>,
    ) -> Result<Value, ApiError> {
        let mut violations = Violations::default();
        violations.check(TOKEN_REQUEST, request);
        let seconds = match at(request, "/durationSeconds").as_i64() {
            None | Some(0) => DEFAULT_SECONDS,
            Some(seconds) => u64::try_from(seconds).unwrap_or_else(|_| {
                violations.add("durationSeconds", "must be greater than or equal to 0");
                0
            }),
        };
        violations.into_result()?;
        let (uid, oidc) = (
            text(request, "/serviceAccountUid"),
            text(request, "/oidcToken"),
        );
        let account = (uid.to_owned(), oidc.to_owned());
        let organization = match self.service_accounts.get(&account) {
            Some(organization) => organization,
            None if self.is_open() => &self.organization,
            None => {
                let message =
                    format!("the OIDC token is not valid for the service account {uid:?}");
                return Err(ApiError::unauthenticated(&message));
            }
        };
        let caller = Caller {
            organization: organization.clone(),
            role: Role::Admin,
        };
        let expires = later(now, Duration::from_secs(seconds));
        lock(&self.issued).insert(bearer.clone(), (caller, expires));
        Ok(json!({"bearerToken": bearer, "expireTime": timestamp(expires)}))
    }

    /// The first admin token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The organization of the first admin token.
    pub(crate) fn organization(&self) -> &str {
        &self.organization
    }

    /// Authenticates a request.
    pub(crate) fn caller(
        &self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<Caller, ApiError> {
        let token = bearer_token(headers)
            .ok_or_else(|| ApiError::unauthenticated("the request has no bearer token"))?;
        match lock(&self.issued).get(token) {
            Some((caller, expires)) if now < *expires => return Ok(caller.clone()),
            Some(_) => return Err(ApiError::unauthenticated("the token has expired")),
            None => {}
        }
        if self.is_open() {
            return Ok(Caller {
                organization: self.organization.clone(),
                role: Role::Admin,
            });
        }
        let caller = self.callers.get(token).cloned();
        caller.ok_or_else(|| ApiError::unauthenticated("the token is unknown"))
    }
}

/// The token of a request, if it has one.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
