//! The operations of the API and the way from a request line to one of them.

use std::fmt;
use std::str::FromStr;

use http::Method;
use percent_encoding::percent_decode_str;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the operations: variant, name, method, and path below the prefix.
macro_rules! operations {
    ($($variant:ident $name:literal $method:ident $path:literal,)*) => {
        /// One operation of the API.
        ///
        /// ```
        /// use coreweave_inference_fake::Operation;
        ///
        /// let operation = Operation::named("get_gateway").unwrap();
        /// assert_eq!(operation.path(), "/v1alpha1/inference/gateways/{id}");
        /// assert_eq!(Operation::ALL.len(), 23);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each variant is named after its operation")]
        #[non_exhaustive]
        pub enum Operation {
            $($variant,)*
        }

        impl Operation {
            /// All of them.
            pub const ALL: &[Operation] = &[$(Operation::$variant,)*];

            /// The name in snake case, as a Rust client spells it: `get_gateway`.
            ///
            /// ```
            /// use coreweave_inference_fake::Operation;
            ///
            /// assert_eq!(Operation::GetGateway.name(), "get_gateway");
            /// ```
            pub fn name(self) -> &'static str {
                match self { $(Operation::$variant => $name,)* }
            }

            /// The HTTP method.
            ///
            /// ```
            /// use coreweave_inference_fake::Operation;
            ///
            /// assert_eq!(Operation::UpdateGateway.method(), "PATCH");
            /// ```
            pub fn method(self) -> Method {
                match self { $(Operation::$variant => Method::$method,)* }
            }

            /// The path with its parameters in braces.
            ///
            /// ```
            /// use coreweave_inference_fake::Operation;
            ///
            /// assert_eq!(Operation::GetHotLoad.path(), "/v1alpha1/inference/hotLoads/{id}");
            /// ```
            pub fn path(self) -> &'static str {
                match self { $(Operation::$variant => concat!("/v1alpha1/inference", $path),)* }
            }
        }
    };
}

operations! {
    ListCapacityClaims "list_capacity_claims" GET "/capacityclaims",
    CreateCapacityClaim "create_capacity_claim" POST "/capacityclaims",
    GetCapacityClaimParameters "get_capacity_claim_parameters" GET "/capacityclaims/parameters",
    GetCapacityClaim "get_capacity_claim" GET "/capacityclaims/{id}",
    UpdateCapacityClaim "update_capacity_claim" PATCH "/capacityclaims/{id}",
    DeleteCapacityClaim "delete_capacity_claim" DELETE "/capacityclaims/{id}",
    ListDeployments "list_deployments" GET "/deployments",
    CreateDeployment "create_deployment" POST "/deployments",
    GetDeploymentParameters "get_deployment_parameters" GET "/deployments/parameters",
    GetDeployment "get_deployment" GET "/deployments/{id}",
    UpdateDeployment "update_deployment" PATCH "/deployments/{id}",
    DeleteDeployment "delete_deployment" DELETE "/deployments/{id}",
    ListGateways "list_gateways" GET "/gateways",
    CreateGateway "create_gateway" POST "/gateways",
    GetGatewayParameters "get_gateway_parameters" GET "/gateways/parameters",
    GetGateway "get_gateway" GET "/gateways/{id}",
    UpdateGateway "update_gateway" PATCH "/gateways/{id}",
    DeleteGateway "delete_gateway" DELETE "/gateways/{id}",
    ListHotLoads "list_hot_loads" GET "/hotLoads",
    CreateHotLoad "create_hot_load" POST "/hotLoads",
    GetHotLoad "get_hot_load" GET "/hotLoads/{id}",
    ListHotLoadReplicas "list_hot_load_replicas" GET "/hotLoads/{hotLoadId}/replicas",
    CancelHotLoad "cancel_hot_load" POST "/hotLoads/{id}:cancel",
}

impl Operation {
    /// The operation of this name, if there is one.
    ///
    /// ```
    /// use coreweave_inference_fake::Operation;
    ///
    /// assert_eq!(Operation::named("get_gateway"), Some(Operation::GetGateway));
    /// assert_eq!(Operation::named("get_nothing"), None);
    /// ```
    pub fn named(name: &str) -> Option<Operation> {
        Operation::ALL
            .iter()
            .copied()
            .find(|operation| operation.name() == name)
    }

    /// Whether the operation changes anything, so that a viewer may not call it.
    pub(crate) fn writes(self) -> bool {
        self.method() != Method::GET
    }

    /// Whether the operation reads a JSON body.
    pub(crate) fn takes_body(self) -> bool {
        matches!(self.method(), Method::POST | Method::PATCH)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads the operation's name.
impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(name: &str) -> Result<Operation, UnknownOperation> {
        Operation::named(name).ok_or_else(|| UnknownOperation(name.to_owned()))
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Operation, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(D::Error::custom)
    }
}

/// A name that no operation has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOperation(String);

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no operation is called {:?}; names look like get_gateway",
            self.0
        )
    }
}

impl std::error::Error for UnknownOperation {}

/// What a request line leads to.
#[derive(Debug, PartialEq)]
pub(crate) enum Route {
    /// An operation, with the id its path names (empty when it names none).
    Operation(Operation, String),
    /// The path exists, but not with this method; with those it has.
    WrongMethod(Vec<Method>),
    /// No operation has this path.
    Nowhere,
}

/// Finds the operation that a request line asks for.
///
/// Literal paths win over parameters, so `/gateways/parameters` is never an id.
pub(crate) fn route(method: &Method, path: &str) -> Route {
    let mut allowed = Vec::new();
    let literal = Operation::ALL
        .iter()
        .any(|operation| operation.path() == path);
    for operation in Operation::ALL {
        if literal && operation.path() != path {
            continue;
        }
        let Some(id) = matches(operation.path(), path) else {
            continue;
        };
        if operation.method() == method {
            return Route::Operation(*operation, id);
        }
        allowed.push(operation.method());
    }
    if allowed.is_empty() {
        Route::Nowhere
    } else {
        Route::WrongMethod(allowed)
    }
}

/// The decoded parameter of `path` if it has the form of `template`; empty for a template without.
fn matches(template: &str, path: &str) -> Option<String> {
    let Some((before, rest)) = template.split_once('{') else {
        return (template == path).then(String::new);
    };
    let (_, after) = rest.split_once('}')?;
    let raw = path.strip_prefix(before)?.strip_suffix(after)?;
    if raw.is_empty() || raw.contains('/') || (after.is_empty() && raw.ends_with(":cancel")) {
        return None;
    }
    Some(percent_decode_str(raw).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_reached_by_its_own_request_line() {
        for operation in Operation::ALL {
            let path = operation
                .path()
                .replace("{id}", "a%20b")
                .replace("{hotLoadId}", "a%20b");
            let id = if operation.path().contains('{') {
                "a b"
            } else {
                ""
            };
            assert_eq!(
                route(&operation.method(), &path),
                Route::Operation(*operation, id.to_owned())
            );
        }
    }

    #[test]
    fn parameters_are_never_an_id() {
        let path = "/v1alpha1/inference/gateways/parameters";
        assert_eq!(
            route(&Method::DELETE, path),
            Route::WrongMethod(vec![Method::GET])
        );
    }

    #[test]
    fn a_known_path_with_another_method_names_those_it_has() {
        let path = "/v1alpha1/inference/hotLoads/x";
        assert_eq!(
            route(&Method::DELETE, path),
            Route::WrongMethod(vec![Method::GET])
        );
        let path = "/v1alpha1/inference/hotLoads/x:cancel";
        assert_eq!(
            route(&Method::GET, path),
            Route::WrongMethod(vec![Method::POST])
        );
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for path in [
            "/",
            "/gateways",
            "/v1alpha1/inference/gateways/",
            "/v1alpha1/inference/gateways/a/b",
        ] {
            assert_eq!(route(&Method::GET, path), Route::Nowhere, "{path}");
        }
    }
}
