//! Tokens, and the organizations and roles they stand for.

use std::collections::HashMap;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::error::ApiError;

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
    /// The first admin token, and the organization that seeds belong to.
    token: String,
    organization: String,
}

impl Default for Auth {
    fn default() -> Auth {
        Auth {
            callers: HashMap::new(),
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

    /// The first admin token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The organization of the first admin token.
    pub(crate) fn organization(&self) -> &str {
        &self.organization
    }

    /// Authenticates a request.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let token = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .filter(|token| !token.is_empty())
            .ok_or_else(|| ApiError::unauthenticated("the request has no bearer token"))?;
        if self.callers.is_empty() {
            return Ok(Caller {
                organization: self.organization.clone(),
                role: Role::Admin,
            });
        }
        let caller = self.callers.get(token).cloned();
        caller.ok_or_else(|| ApiError::unauthenticated("the token is unknown"))
    }
}
