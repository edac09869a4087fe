use std::borrow::Cow;

use serde::Deserialize;

use crate::OPERATIONS;

/// An operation of the API, a row of [`OPERATIONS`].
///
/// ```
/// use coreweave_inference_api::Operation;
///
/// let operation = Operation::GET_GATEWAY;
/// assert_eq!(Operation::named("get_gateway"), Some(operation));
/// assert_eq!(operation.id, "GatewayService_GetGateway");
/// assert_eq!((operation.method, operation.path), ("GET", "/v1alpha1/inference/gateways/{id}"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// The name of the [`Client`](crate::Client) method: `get_gateway`.
    pub name: &'static str,
    /// The operation id in the OpenAPI description: `GatewayService_GetGateway`.
    pub id: &'static str,
    /// The HTTP method, upper case.
    pub method: &'static str,
    /// The path template, parameters in braces.
    pub path: &'static str,
    /// The HTTP statuses of a success; if there are none, every 2xx is one.
    pub success: &'static [u16],
}

impl Operation {
    /// Returns the operation of the [`Client`](crate::Client) method `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let index = OPERATIONS.binary_search_by_key(&name, |operation| operation.name);
        OPERATIONS.get(index.ok()?)
    }

    /// Returns the id of the resource that a request is about: the path parameter, as it stands in the path, or the id that
    /// a create carries.
    pub(crate) fn resource_id<'r>(&self, path: &'r str, body: &'r [u8]) -> Option<Cow<'r, str>> {
        let Some((_, after)) = self.path.split_once('}') else {
            return self.created_id(body);
        };
        let (_, id) = path.strip_suffix(after)?.rsplit_once('/')?;
        Some(Cow::Borrowed(id))
    }

    /// Returns the id that the body of a create asks for.
    pub(crate) fn created_id<'r>(&self, body: &'r [u8]) -> Option<Cow<'r, str>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Create<'a> {
            #[serde(borrow)]
            id: Option<Cow<'a, str>>,
            #[serde(borrow)]
            hot_load_id: Option<Cow<'a, str>>,
        }

        let create: Create<'_> = serde_json::from_slice(body).ok()?;
        // The API takes the id of a hot-load by this name only, and that of any other resource by the other.
        let id = match self == Self::CREATE_HOT_LOAD {
            true => create.hot_load_id,
            false => create.id,
        };
        id.filter(|id| !id.is_empty())
    }

    /// Whether the operation changes nothing on the server.
    pub fn is_read_only(&self) -> bool {
        self.method == "GET"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_name() {
        for operation in OPERATIONS {
            assert_eq!(Operation::named(operation.name), Some(operation));
        }
        assert_eq!(Operation::named("get_nothing"), None);
    }
}
