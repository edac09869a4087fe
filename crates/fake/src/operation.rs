//! The operations of the API, and routing to them.

use std::fmt;
use std::str::FromStr;

use http::Method;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::schema::{self, Message};

/// What an operation does with resources of its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verb {
    List,
    Create,
    Parameters,
    Get,
    Update,
    Delete,
    Replicas,
    Cancel,
}

/// Declares the operations: variant, verb, kind, name, and path below the prefix.
macro_rules! operations {
    ($($variant:ident $verb:ident $kind:ident $name:literal $path:literal,)*) => {
        /// One operation of the API.
        ///
        /// ```
        /// use coreweave_inference_fake::Operation;
        ///
        /// let operation = Operation::GetGateway;
        /// assert_eq!(operation.name(), "get_gateway");
        /// assert_eq!(operation.method(), "GET");
        /// assert_eq!(operation.path(), "/v1alpha1/inference/gateways/{id}");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        #[allow(missing_docs, reason = "each variant is named after its operation")]
        #[non_exhaustive]
        pub enum Operation {
            $($variant,)*
            ExchangeToken,
        }

        impl Operation {
            /// All operations of the inference API: not the exchange of tokens.
            pub const ALL: &[Operation] = &[$(Operation::$variant,)*];

            /// Returns the name in snake case.
            pub fn name(self) -> &'static str {
                match self { $(Operation::$variant => $name,)* Operation::ExchangeToken => "exchange_token" }
            }

            /// Returns the path, with its parameters in braces.
            pub fn path(self) -> &'static str {
                match self {
                    $(Operation::$variant => concat!("/v1alpha1/inference", $path),)*
                    Operation::ExchangeToken => EXCHANGE_TOKEN,
                }
            }

            /// What the operation does, and with what; none for the exchange of tokens.
            pub(crate) fn on_resource(self) -> Option<(Verb, Kind)> {
                match self {
                    $(Operation::$variant => Some((Verb::$verb, Kind::$kind)),)*
                    Operation::ExchangeToken => None,
                }
            }
        }
    };
}

operations! {
    ListCapacityClaims List CapacityClaim "list_capacity_claims" "/capacityclaims",
    CreateCapacityClaim Create CapacityClaim "create_capacity_claim" "/capacityclaims",
    GetCapacityClaimParameters Parameters CapacityClaim "get_capacity_claim_parameters" "/capacityclaims/parameters",
    GetCapacityClaim Get CapacityClaim "get_capacity_claim" "/capacityclaims/{id}",
    UpdateCapacityClaim Update CapacityClaim "update_capacity_claim" "/capacityclaims/{id}",
    DeleteCapacityClaim Delete CapacityClaim "delete_capacity_claim" "/capacityclaims/{id}",
    ListDeployments List Deployment "list_deployments" "/deployments",
    CreateDeployment Create Deployment "create_deployment" "/deployments",
    GetDeploymentParameters Parameters Deployment "get_deployment_parameters" "/deployments/parameters",
    GetDeployment Get Deployment "get_deployment" "/deployments/{id}",
    UpdateDeployment Update Deployment "update_deployment" "/deployments/{id}",
    DeleteDeployment Delete Deployment "delete_deployment" "/deployments/{id}",
    ListGateways List Gateway "list_gateways" "/gateways",
    CreateGateway Create Gateway "create_gateway" "/gateways",
    GetGatewayParameters Parameters Gateway "get_gateway_parameters" "/gateways/parameters",
    GetGateway Get Gateway "get_gateway" "/gateways/{id}",
    UpdateGateway Update Gateway "update_gateway" "/gateways/{id}",
    DeleteGateway Delete Gateway "delete_gateway" "/gateways/{id}",
    ListHotLoads List HotLoad "list_hot_loads" "/hotLoads",
    CreateHotLoad Create HotLoad "create_hot_load" "/hotLoads",
    GetHotLoad Get HotLoad "get_hot_load" "/hotLoads/{id}",
    ListHotLoadReplicas Replicas HotLoad "list_hot_load_replicas" "/hotLoads/{hotLoadId}/replicas",
    CancelHotLoad Cancel HotLoad "cancel_hot_load" "/hotLoads/{id}:cancel",
}

/// Where Terraform exchanges the OIDC token of a service account.
const EXCHANGE_TOKEN: &str =
    "/coreweave.directory.v1alpha.InternalDirectoryService/ServiceAccountOidcAuth";

impl Operation {
    fn all() -> impl Iterator<Item = Operation> {
        Operation::ALL
            .iter()
            .copied()
            .chain([Operation::ExchangeToken])
    }

    /// Returns the HTTP method.
    pub fn method(self) -> Method {
        match self.on_resource() {
            Some((Verb::List | Verb::Parameters | Verb::Get | Verb::Replicas, _)) => Method::GET,
            Some((Verb::Create | Verb::Cancel, _)) | None => Method::POST,
            Some((Verb::Update, _)) => Method::PATCH,
            Some((Verb::Delete, _)) => Method::DELETE,
        }
    }

    /// The message in the body of a request, if it has one.
    pub(crate) fn request(self) -> Option<Message> {
        match self.on_resource() {
            None => Some(schema::TOKEN_REQUEST),
            Some((Verb::Create | Verb::Update, kind)) => Some(kind.spec()),
            Some((Verb::Cancel, _)) => Some(&[]),
            Some(_) => None,
        }
    }

    /// The message in the body of a response.
    pub(crate) fn response(self) -> Message {
        let response = self.on_resource().map(|(_, kind)| kind.response());
        response.unwrap_or(schema::TOKEN_RESPONSE)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parses an operation's name.
impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(name: &str) -> Result<Operation, UnknownOperation> {
        let mut all = Operation::all();
        all.find(|operation| operation.name() == name)
            .ok_or_else(|| UnknownOperation(name.to_owned()))
    }
}

impl TryFrom<String> for Operation {
    type Error = UnknownOperation;

    fn try_from(name: String) -> Result<Operation, UnknownOperation> {
        name.parse()
    }
}

impl From<Operation> for &'static str {
    fn from(operation: Operation) -> &'static str {
        operation.name()
    }
}

/// No operation has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOperation(String);

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UnknownOperation(name) = self;
        write!(
            f,
            "unknown operation {name:?}; expected a name such as get_gateway"
        )
    }
}

impl std::error::Error for UnknownOperation {}

/// What a method and path lead to.
#[derive(Debug, PartialEq)]
pub(crate) enum Route {
    /// An operation, with the id in its path or an empty string.
    Operation(Operation, String),
    /// The path exists, but only with these methods.
    WrongMethod(Vec<Method>),
    /// No operation has this path.
    NotFound,
}

/// Finds the operation of a request. Literal paths win over parameters, so `parameters` is never
/// an id.
pub(crate) fn route(method: &Method, path: &str) -> Route {
    let mut allowed = Vec::new();
    let is_literal = Operation::all().any(|operation| operation.path() == path);
    for operation in Operation::all() {
        if is_literal && operation.path() != path {
            continue;
        }
        let Some(id) = match_path(operation.path(), path) else {
            continue;
        };
        if operation.method() == method {
            return Route::Operation(operation, id);
        }
        allowed.push(operation.method());
    }
    match allowed.is_empty() {
        true => Route::NotFound,
        false => Route::WrongMethod(allowed),
    }
}

/// The decoded parameter of a path that matches the template; empty if the template has none.
fn match_path(template: &str, path: &str) -> Option<String> {
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
    fn every_operation_is_routed_by_its_method_and_path() {
        for operation in Operation::all() {
            let path = operation.path();
            let id = if path.contains('{') { "a b" } else { "" };
            let path = path
                .replace("{id}", "a%20b")
                .replace("{hotLoadId}", "a%20b");
            let expected = Route::Operation(operation, id.to_owned());
            assert_eq!(route(&operation.method(), &path), expected);
        }
    }

    #[test]
    fn a_wrong_method_lists_those_allowed() {
        for (method, path, allowed) in [
            (Method::DELETE, "gateways/parameters", Method::GET),
            (Method::DELETE, "hotLoads/x", Method::GET),
            (Method::GET, "hotLoads/x:cancel", Method::POST),
        ] {
            let found = route(&method, &format!("/v1alpha1/inference/{path}"));
            assert_eq!(found, Route::WrongMethod(vec![allowed]), "{path}");
        }
    }
}
