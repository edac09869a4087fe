//! Who is calling: organizations, tokens and roles.

use std::collections::HashMap;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::failure::Failure;

/// The organization of every caller unless tokens say otherwise.
pub(crate) const DEFAULT_ORGANIZATION: &str = "org-fake";

/// The token handed out when none is configured.
const DEFAULT_TOKEN: &str = "fake-admin-token";

/// What a token allows.
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

/// The tokens that a fake knows. Without any, every token is an admin of one organization.
#[derive(Debug, Default)]
pub(crate) struct Tenancy {
    callers: HashMap<String, Caller>,
    admin: Option<(String, String)>,
}

impl Tenancy {
    /// Makes `token` a caller of `organization`.
    pub(crate) fn add(&mut self, organization: &str, token: String, role: Role) {
        if role == Role::Admin && self.admin.is_none() {
            self.admin = Some((token.clone(), organization.to_owned()));
        }
        let organization = organization.to_owned();
        self.callers.insert(token, Caller { organization, role });
    }

    /// A token that may do everything in [`Self::organization`].
    pub(crate) fn token(&self) -> &str {
        self.admin
            .as_ref()
            .map_or(DEFAULT_TOKEN, |(token, _)| token)
    }

    /// The organization that seeded resources belong to unless they say otherwise.
    pub(crate) fn organization(&self) -> &str {
        self.admin
            .as_ref()
            .map_or(DEFAULT_ORGANIZATION, |(_, organization)| organization)
    }

    /// The caller that the request's token stands for.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, Failure> {
        let header = headers
            .get(AUTHORIZATION)
            .ok_or_else(|| Failure::unauthenticated("the request has no Authorization header"))?;
        let token = header
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .filter(|token| !token.is_empty())
            .ok_or_else(|| {
                Failure::unauthenticated("the Authorization header holds no bearer token")
            })?;
        if self.callers.is_empty() {
            return Ok(Caller {
                organization: DEFAULT_ORGANIZATION.to_owned(),
                role: Role::Admin,
            });
        }
        self.callers
            .get(token)
            .cloned()
            .ok_or_else(|| Failure::unauthenticated("the token is not known"))
    }
}
