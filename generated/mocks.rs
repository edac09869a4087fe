// @generated: the typed mocks of the CoreWeave Inference API, generated from openapi.yaml by coreweave-inference-codegen with progenitor.
// Do not edit: change openapi.yaml or crates/codegen, then run `cargo xtask generate`.

pub mod operations {
    //! [`When`](::httpmock::When) and [`Then`](::httpmock::Then)
    //! wrappers for each operation. Each can be converted to
    //! its inner type with a call to `into_inner()`. This can
    //! be used to explicitly deviate from permitted values.
    use crate::*;
    pub struct ListCapacityClaimsWhen(::httpmock::When);
    impl ListCapacityClaimsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/capacityclaims$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn updated_after<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a ::chrono::DateTime<::chrono::offset::Utc>>>,
        {
            if let Some(value) = value.into() {
                Self(
                    self
                        .0
                        .query_param(
                            "updatedAfter",
                            value.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true),
                        ),
                )
            } else {
                Self(self.0.query_param_missing("updatedAfter"))
            }
        }
    }
    pub struct ListCapacityClaimsThen(::httpmock::Then);
    impl ListCapacityClaimsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::ListCapacityClaimsResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct CreateCapacityClaimWhen(::httpmock::When);
    impl CreateCapacityClaimWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::POST)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/capacityclaims$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn body(self, value: &types::CreateCapacityClaimRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct CreateCapacityClaimThen(::httpmock::Then);
    impl CreateCapacityClaimThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::CreateCapacityClaimResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetCapacityClaimParametersWhen(::httpmock::When);
    impl GetCapacityClaimParametersWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new(
                                "^/v1alpha1/inference/capacityclaims/parameters$",
                            )
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
    }
    pub struct GetCapacityClaimParametersThen(::httpmock::Then);
    impl GetCapacityClaimParametersThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetCapacityClaimParametersResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetCapacityClaimWhen(::httpmock::When);
    impl GetCapacityClaimWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/capacityclaims/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/capacityclaims/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct GetCapacityClaimThen(::httpmock::Then);
    impl GetCapacityClaimThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetCapacityClaimResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct DeleteCapacityClaimWhen(::httpmock::When);
    impl DeleteCapacityClaimWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::DELETE)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/capacityclaims/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/capacityclaims/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct DeleteCapacityClaimThen(::httpmock::Then);
    impl DeleteCapacityClaimThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::DeleteCapacityClaimResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct UpdateCapacityClaimWhen(::httpmock::When);
    impl UpdateCapacityClaimWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::PATCH)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/capacityclaims/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/capacityclaims/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn body(self, value: &types::UpdateCapacityClaimRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct UpdateCapacityClaimThen(::httpmock::Then);
    impl UpdateCapacityClaimThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::UpdateCapacityClaimResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListDeploymentsWhen(::httpmock::When);
    impl ListDeploymentsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/deployments$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn parent_gateway_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("parentGatewayId", value.to_string()))
            } else {
                Self(self.0.query_param_missing("parentGatewayId"))
            }
        }
        pub fn updated_after<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a ::chrono::DateTime<::chrono::offset::Utc>>>,
        {
            if let Some(value) = value.into() {
                Self(
                    self
                        .0
                        .query_param(
                            "updatedAfter",
                            value.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true),
                        ),
                )
            } else {
                Self(self.0.query_param_missing("updatedAfter"))
            }
        }
    }
    pub struct ListDeploymentsThen(::httpmock::Then);
    impl ListDeploymentsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::ListDeploymentsResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct CreateDeploymentWhen(::httpmock::When);
    impl CreateDeploymentWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::POST)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/deployments$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn body(self, value: &types::CreateDeploymentRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct CreateDeploymentThen(::httpmock::Then);
    impl CreateDeploymentThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::CreateDeploymentResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetDeploymentParametersWhen(::httpmock::When);
    impl GetDeploymentParametersWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/deployments/parameters$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn gateway_ids<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("gatewayIds", value.to_string()))
            } else {
                Self(self.0.query_param_missing("gatewayIds"))
            }
        }
    }
    pub struct GetDeploymentParametersThen(::httpmock::Then);
    impl GetDeploymentParametersThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetDeploymentParametersResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetDeploymentWhen(::httpmock::When);
    impl GetDeploymentWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/deployments/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/deployments/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct GetDeploymentThen(::httpmock::Then);
    impl GetDeploymentThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetDeploymentResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct DeleteDeploymentWhen(::httpmock::When);
    impl DeleteDeploymentWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::DELETE)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/deployments/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/deployments/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct DeleteDeploymentThen(::httpmock::Then);
    impl DeleteDeploymentThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::DeleteDeploymentResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct UpdateDeploymentWhen(::httpmock::When);
    impl UpdateDeploymentWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::PATCH)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/deployments/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/deployments/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn body(self, value: &types::UpdateDeploymentRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct UpdateDeploymentThen(::httpmock::Then);
    impl UpdateDeploymentThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::UpdateDeploymentResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListGatewaysWhen(::httpmock::When);
    impl ListGatewaysWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/gateways$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn updated_after<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a ::chrono::DateTime<::chrono::offset::Utc>>>,
        {
            if let Some(value) = value.into() {
                Self(
                    self
                        .0
                        .query_param(
                            "updatedAfter",
                            value.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true),
                        ),
                )
            } else {
                Self(self.0.query_param_missing("updatedAfter"))
            }
        }
    }
    pub struct ListGatewaysThen(::httpmock::Then);
    impl ListGatewaysThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::ListGatewaysResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct CreateGatewayWhen(::httpmock::When);
    impl CreateGatewayWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::POST)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/gateways$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn body(self, value: &types::CreateGatewayRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct CreateGatewayThen(::httpmock::Then);
    impl CreateGatewayThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::CreateGatewayResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetGatewayParametersWhen(::httpmock::When);
    impl GetGatewayParametersWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/gateways/parameters$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
    }
    pub struct GetGatewayParametersThen(::httpmock::Then);
    impl GetGatewayParametersThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetGatewayParametersResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetGatewayWhen(::httpmock::When);
    impl GetGatewayWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/gateways/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/gateways/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct GetGatewayThen(::httpmock::Then);
    impl GetGatewayThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetGatewayResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct DeleteGatewayWhen(::httpmock::When);
    impl DeleteGatewayWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::DELETE)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/gateways/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/gateways/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct DeleteGatewayThen(::httpmock::Then);
    impl DeleteGatewayThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::DeleteGatewayResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct UpdateGatewayWhen(::httpmock::When);
    impl UpdateGatewayWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::PATCH)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/gateways/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/gateways/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn body(self, value: &types::UpdateGatewayRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct UpdateGatewayThen(::httpmock::Then);
    impl UpdateGatewayThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::UpdateGatewayResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListHotLoadsWhen(::httpmock::When);
    impl ListHotLoadsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/hotLoads$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn max_page_size<T>(self, value: T) -> Self
        where
            T: Into<Option<i32>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("maxPageSize", value.to_string()))
            } else {
                Self(self.0.query_param_missing("maxPageSize"))
            }
        }
        pub fn page_token<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("pageToken", value.to_string()))
            } else {
                Self(self.0.query_param_missing("pageToken"))
            }
        }
        pub fn parent_deployment_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("parentDeploymentId", value.to_string()))
            } else {
                Self(self.0.query_param_missing("parentDeploymentId"))
            }
        }
    }
    pub struct ListHotLoadsThen(::httpmock::Then);
    impl ListHotLoadsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::ListHotLoadsResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct CreateHotLoadWhen(::httpmock::When);
    impl CreateHotLoadWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::POST)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/hotLoads$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn body(self, value: &types::CreateHotLoadRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct CreateHotLoadThen(::httpmock::Then);
    impl CreateHotLoadThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::CreateHotLoadResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListHotLoadReplicasWhen(::httpmock::When);
    impl ListHotLoadReplicasWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new(
                                "^/v1alpha1/inference/hotLoads/[^/]*/replicas$",
                            )
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn hot_load_id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/hotLoads/{}/replicas$", regex::escape(&
                        crate ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn max_page_size<T>(self, value: T) -> Self
        where
            T: Into<Option<i32>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("maxPageSize", value.to_string()))
            } else {
                Self(self.0.query_param_missing("maxPageSize"))
            }
        }
        pub fn page_token<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("pageToken", value.to_string()))
            } else {
                Self(self.0.query_param_missing("pageToken"))
            }
        }
    }
    pub struct ListHotLoadReplicasThen(::httpmock::Then);
    impl ListHotLoadReplicasThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::ListHotLoadReplicasResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetHotLoadWhen(::httpmock::When);
    impl GetHotLoadWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/hotLoads/[^/]*$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/hotLoads/{}$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
    }
    pub struct GetHotLoadThen(::httpmock::Then);
    impl GetHotLoadThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::GetHotLoadResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct CancelHotLoadWhen(::httpmock::When);
    impl CancelHotLoadWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::POST)
                    .path_matches(
                        regex::Regex::new("^/v1alpha1/inference/hotLoads/[^/]*:cancel$")
                            .unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!(
                        "^/v1alpha1/inference/hotLoads/{}:cancel$", regex::escape(& crate
                        ::runtime::encode_path(& value.to_string()).to_string())
                    ),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn body(self, value: &crate::types::CancelHotLoadRequest) -> Self {
            Self(self.0.json_body_obj(value))
        }
    }
    pub struct CancelHotLoadThen(::httpmock::Then);
    impl CancelHotLoadThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn default_response(self, status: u16, value: &types::Status) -> Self {
            Self(
                self
                    .0
                    .status(status)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
        pub fn ok(self, value: &types::CancelHotLoadResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
}
/// An extension trait for [`MockServer`](::httpmock::MockServer) that
/// adds a method for each operation. These are the equivalent of
/// type-checked [`mock()`](::httpmock::MockServer::mock) calls.
pub trait MockServerExt {
    fn list_capacity_claims<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::ListCapacityClaimsWhen,
            operations::ListCapacityClaimsThen,
        );
    fn create_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::CreateCapacityClaimWhen,
            operations::CreateCapacityClaimThen,
        );
    fn get_capacity_claim_parameters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetCapacityClaimParametersWhen,
            operations::GetCapacityClaimParametersThen,
        );
    fn get_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetCapacityClaimWhen, operations::GetCapacityClaimThen);
    fn delete_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::DeleteCapacityClaimWhen,
            operations::DeleteCapacityClaimThen,
        );
    fn update_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::UpdateCapacityClaimWhen,
            operations::UpdateCapacityClaimThen,
        );
    fn list_deployments<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListDeploymentsWhen, operations::ListDeploymentsThen);
    fn create_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateDeploymentWhen, operations::CreateDeploymentThen);
    fn get_deployment_parameters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetDeploymentParametersWhen,
            operations::GetDeploymentParametersThen,
        );
    fn get_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetDeploymentWhen, operations::GetDeploymentThen);
    fn delete_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::DeleteDeploymentWhen, operations::DeleteDeploymentThen);
    fn update_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::UpdateDeploymentWhen, operations::UpdateDeploymentThen);
    fn list_gateways<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListGatewaysWhen, operations::ListGatewaysThen);
    fn create_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateGatewayWhen, operations::CreateGatewayThen);
    fn get_gateway_parameters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetGatewayParametersWhen,
            operations::GetGatewayParametersThen,
        );
    fn get_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetGatewayWhen, operations::GetGatewayThen);
    fn delete_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::DeleteGatewayWhen, operations::DeleteGatewayThen);
    fn update_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::UpdateGatewayWhen, operations::UpdateGatewayThen);
    fn list_hot_loads<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListHotLoadsWhen, operations::ListHotLoadsThen);
    fn create_hot_load<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateHotLoadWhen, operations::CreateHotLoadThen);
    fn list_hot_load_replicas<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::ListHotLoadReplicasWhen,
            operations::ListHotLoadReplicasThen,
        );
    fn get_hot_load<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetHotLoadWhen, operations::GetHotLoadThen);
    fn cancel_hot_load<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CancelHotLoadWhen, operations::CancelHotLoadThen);
}
impl MockServerExt for ::httpmock::MockServer {
    fn list_capacity_claims<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::ListCapacityClaimsWhen,
            operations::ListCapacityClaimsThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListCapacityClaimsWhen::new(when),
                operations::ListCapacityClaimsThen::new(then),
            )
        })
    }
    fn create_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::CreateCapacityClaimWhen,
            operations::CreateCapacityClaimThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::CreateCapacityClaimWhen::new(when),
                operations::CreateCapacityClaimThen::new(then),
            )
        })
    }
    fn get_capacity_claim_parameters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetCapacityClaimParametersWhen,
            operations::GetCapacityClaimParametersThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetCapacityClaimParametersWhen::new(when),
                operations::GetCapacityClaimParametersThen::new(then),
            )
        })
    }
    fn get_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetCapacityClaimWhen, operations::GetCapacityClaimThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetCapacityClaimWhen::new(when),
                operations::GetCapacityClaimThen::new(then),
            )
        })
    }
    fn delete_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::DeleteCapacityClaimWhen,
            operations::DeleteCapacityClaimThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::DeleteCapacityClaimWhen::new(when),
                operations::DeleteCapacityClaimThen::new(then),
            )
        })
    }
    fn update_capacity_claim<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::UpdateCapacityClaimWhen,
            operations::UpdateCapacityClaimThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::UpdateCapacityClaimWhen::new(when),
                operations::UpdateCapacityClaimThen::new(then),
            )
        })
    }
    fn list_deployments<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListDeploymentsWhen, operations::ListDeploymentsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListDeploymentsWhen::new(when),
                operations::ListDeploymentsThen::new(then),
            )
        })
    }
    fn create_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateDeploymentWhen, operations::CreateDeploymentThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::CreateDeploymentWhen::new(when),
                operations::CreateDeploymentThen::new(then),
            )
        })
    }
    fn get_deployment_parameters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetDeploymentParametersWhen,
            operations::GetDeploymentParametersThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetDeploymentParametersWhen::new(when),
                operations::GetDeploymentParametersThen::new(then),
            )
        })
    }
    fn get_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetDeploymentWhen, operations::GetDeploymentThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetDeploymentWhen::new(when),
                operations::GetDeploymentThen::new(then),
            )
        })
    }
    fn delete_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::DeleteDeploymentWhen, operations::DeleteDeploymentThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::DeleteDeploymentWhen::new(when),
                operations::DeleteDeploymentThen::new(then),
            )
        })
    }
    fn update_deployment<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::UpdateDeploymentWhen, operations::UpdateDeploymentThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::UpdateDeploymentWhen::new(when),
                operations::UpdateDeploymentThen::new(then),
            )
        })
    }
    fn list_gateways<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListGatewaysWhen, operations::ListGatewaysThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListGatewaysWhen::new(when),
                operations::ListGatewaysThen::new(then),
            )
        })
    }
    fn create_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateGatewayWhen, operations::CreateGatewayThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::CreateGatewayWhen::new(when),
                operations::CreateGatewayThen::new(then),
            )
        })
    }
    fn get_gateway_parameters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetGatewayParametersWhen,
            operations::GetGatewayParametersThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetGatewayParametersWhen::new(when),
                operations::GetGatewayParametersThen::new(then),
            )
        })
    }
    fn get_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetGatewayWhen, operations::GetGatewayThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetGatewayWhen::new(when),
                operations::GetGatewayThen::new(then),
            )
        })
    }
    fn delete_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::DeleteGatewayWhen, operations::DeleteGatewayThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::DeleteGatewayWhen::new(when),
                operations::DeleteGatewayThen::new(then),
            )
        })
    }
    fn update_gateway<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::UpdateGatewayWhen, operations::UpdateGatewayThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::UpdateGatewayWhen::new(when),
                operations::UpdateGatewayThen::new(then),
            )
        })
    }
    fn list_hot_loads<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListHotLoadsWhen, operations::ListHotLoadsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListHotLoadsWhen::new(when),
                operations::ListHotLoadsThen::new(then),
            )
        })
    }
    fn create_hot_load<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateHotLoadWhen, operations::CreateHotLoadThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::CreateHotLoadWhen::new(when),
                operations::CreateHotLoadThen::new(then),
            )
        })
    }
    fn list_hot_load_replicas<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::ListHotLoadReplicasWhen,
            operations::ListHotLoadReplicasThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListHotLoadReplicasWhen::new(when),
                operations::ListHotLoadReplicasThen::new(then),
            )
        })
    }
    fn get_hot_load<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetHotLoadWhen, operations::GetHotLoadThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetHotLoadWhen::new(when),
                operations::GetHotLoadThen::new(then),
            )
        })
    }
    fn cancel_hot_load<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CancelHotLoadWhen, operations::CancelHotLoadThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::CancelHotLoadWhen::new(when),
                operations::CancelHotLoadThen::new(then),
            )
        })
    }
}
