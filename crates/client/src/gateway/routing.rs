//! How a gateway finds the model that a request is for.

use std::fmt;

use crate::raw::types::{self, ApiType};

/// How a gateway finds the model that a request is for.
///
/// ```
/// use coreweave_inference::Routing;
///
/// assert_eq!(Routing::Header("X-Model".into()).to_string(), "header X-Model");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Routing {
    /// By the member `model` of the body, as in the OpenAI API.
    OpenAiBody,
    /// By the request header with this name.
    Header(String),
    /// By the first path segment.
    Path,
    /// A choice that this version does not know; the [raw](crate::Gateway::raw) spec has it.
    ///
    /// In an update it keeps what the gateway has. A create with it sends no choice.
    Other,
}

impl Routing {
    pub(super) fn from_members(
        body: Option<&types::BodyBasedRouting>,
        header: Option<&types::HeaderBasedRouting>,
        path: Option<&types::PathBasedRouting>,
    ) -> Self {
        match (body, header, path) {
            (Some(body), None, None) if body.api_type == ApiType::Openai => Self::OpenAiBody,
            (None, Some(header), None) => Self::Header(header.header_name.clone()),
            (None, None, Some(_)) => Self::Path,
            _ => Self::Other,
        }
    }

    /// The three members that the API has for this choice.
    pub(super) fn into_members(
        self,
    ) -> (
        Option<types::BodyBasedRouting>,
        Option<types::HeaderBasedRouting>,
        Option<types::PathBasedRouting>,
    ) {
        match self {
            Self::OpenAiBody => {
                let body = types::BodyBasedRouting {
                    api_type: ApiType::Openai,
                    ..Default::default()
                };
                (Some(body), None, None)
            }
            Self::Header(header_name) => {
                let header = types::HeaderBasedRouting {
                    header_name,
                    ..Default::default()
                };
                (None, Some(header), None)
            }
            Self::Path => (None, None, Some(types::PathBasedRouting::default())),
            Self::Other => (None, None, None),
        }
    }
}

impl fmt::Display for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenAiBody => f.write_str("OpenAI body"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Path => f.write_str("path"),
            Self::Other => f.write_str("other"),
        }
    }
}
