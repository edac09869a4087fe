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

    /// Returns the path parameter of a request, as it stands in the path: the id of the resource that it is about.
    pub(crate) fn resource_id<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (_, after) = self.path.split_once('}')?;
        let (_, id) = path.strip_suffix(after)?.rsplit_once('/')?;
        Some(id)
    }

    /// Returns whether the operation changes nothing on the server.
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
