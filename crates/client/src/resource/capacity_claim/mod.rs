//! Capacity claims: reserved instances.

mod new;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use new::NewCapacityClaim;

use super::facts::{Facts, LifeNames, Names, Patience, Stage};
use super::handle::Handle;
use super::kind::{self, Kind, Managed};
use super::parameters::CapacityClaimParameters;
use super::spec::editable;
use super::view::Resource;
use crate::error::Error;
use crate::raw::Operation;
use crate::raw::Response;
use crate::raw::types::{self, CapacityType, ResourceStatus};
use crate::request::{Request, Sender};
use crate::validate::Check;

/// A capacity claim: instances reserved for deployments to run on.
pub type CapacityClaim = Resource<kind::CapacityClaim>;

/// The capacity claims of the account; see [`Client::capacity_claims`](crate::Client::capacity_claims).
pub type CapacityClaims = Handle<kind::CapacityClaim>;

/// The complete spec of a capacity claim, to be changed and sent back: the generated type of an update.
pub type CapacityClaimSpec = types::UpdateCapacityClaimRequest;

impl Resource<kind::CapacityClaim> {
    /// The instance type that is claimed.
    ///
    /// ```no_run
    /// # fn f(claim: coreweave_inference::CapacityClaim) {
    /// println!("{} of {}", claim.instance_count(), claim.instance_type());
    /// # }
    /// ```
    pub fn instance_type(&self) -> &str {
        self.resources()
            .map_or("", |resources| &resources.instance_id)
    }

    /// How many instances are claimed.
    ///
    /// ```no_run
    /// # fn f(claim: coreweave_inference::CapacityClaim) {
    /// let whole = claim.allocated_instances() == claim.instance_count();
    /// # let _ = whole; }
    /// ```
    pub fn instance_count(&self) -> u32 {
        self.resources()
            .map_or(0, |resources| resources.instance_count)
    }

    /// The zones that the instances may come from, most preferred first.
    ///
    /// ```no_run
    /// # fn f(claim: coreweave_inference::CapacityClaim) {
    /// let preferred = claim.zones().first();
    /// # let _ = preferred; }
    /// ```
    pub fn zones(&self) -> &[String] {
        self.resources().map_or(&[], |resources| &resources.zones)
    }

    /// Where the capacity comes from.
    ///
    /// ```no_run
    /// use coreweave_inference::CapacityType;
    ///
    /// # fn f(claim: coreweave_inference::CapacityClaim) {
    /// let own_nodes = *claim.capacity_type() == CapacityType::Customer;
    /// # let _ = own_nodes; }
    /// ```
    pub fn capacity_type(&self) -> &CapacityType {
        self.resources()
            .map_or(&CapacityType::Unspecified, |resources| {
                &resources.capacity_type
            })
    }

    /// How many instances are there.
    ///
    /// ```no_run
    /// # fn f(claim: coreweave_inference::CapacityClaim) {
    /// println!("{} there, {} to come", claim.allocated_instances(), claim.pending_instances());
    /// # }
    /// ```
    pub fn allocated_instances(&self) -> u32 {
        self.raw()
            .status
            .as_ref()
            .and_then(|status| status.allocated_instances)
            .unwrap_or(0)
    }

    /// How many instances are on their way.
    ///
    /// ```no_run
    /// # fn f(claim: coreweave_inference::CapacityClaim) {
    /// let settled = claim.pending_instances() == 0;
    /// # let _ = settled; }
    /// ```
    pub fn pending_instances(&self) -> u32 {
        self.raw()
            .status
            .as_ref()
            .and_then(|status| status.pending_instances)
            .unwrap_or(0)
    }

    fn resources(&self) -> Option<&types::CapacityClaimResources> {
        self.raw().spec.as_ref()?.resources.as_ref()
    }
}

impl Handle<kind::CapacityClaim> {
    /// What a new claim can be asked for with: the instance types of each zone.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.capacity_claims().parameters().await?;
    /// println!("{:?}", parameters.instance_types("US-EAST-04A"));
    /// # Ok(()) }
    /// ```
    pub fn parameters(&self) -> Request<'static, CapacityClaimParameters> {
        Request::new(self.client.clone(), |sender| async move {
            let call =
                |raw: crate::raw::Client| async move { raw.get_capacity_claim_parameters().await };
            sender
                .send(None, call)
                .await
                .map(|reply| CapacityClaimParameters::from(reply.into_inner()))
        })
    }
}

impl Kind for kind::CapacityClaim {
    const NOUN: &'static str = "capacity claim";
    const NAMES: Names = Names {
        member: "capacityClaim",
        get: Operation::GET_CAPACITY_CLAIM,
        create: Operation::CREATE_CAPACITY_CLAIM,
        unique_names: true,
    };
    const PATIENCE: Patience = Patience {
        ready: Duration::from_secs(45 * 60),
        interval: Duration::from_secs(5),
    };

    type Raw = types::CapacityClaim;
    type Create = types::CreateCapacityClaimRequest;

    fn facts(raw: &types::CapacityClaim) -> Facts<'_> {
        let (spec, status) = (raw.spec.as_ref(), raw.status.as_ref());
        Facts {
            id: spec.and_then(|spec| spec.id.as_deref()),
            label: spec.and_then(|spec| spec.name.as_deref()),
            state: Self::status(raw)
                .unwrap_or(&ResourceStatus::Unspecified)
                .as_str(),
            conditions: status.map_or(&[], |status| &status.conditions),
            created_at: status.and_then(|status| status.created_at),
            updated_at: status.and_then(|status| status.updated_at),
        }
    }

    fn stage(raw: &types::CapacityClaim) -> Stage {
        Stage::of(Self::status(raw))
    }

    fn id_to_create(body: &mut types::CreateCapacityClaimRequest) -> &mut Option<String> {
        &mut body.id
    }

    fn answers_to(body: &types::CreateCapacityClaimRequest, raw: &types::CapacityClaim) -> bool {
        // The service may name a claim that was given none.
        body.name.is_none() || Self::facts(raw).label == body.name.as_deref()
    }

    fn check(body: &types::CreateCapacityClaimRequest, check: &mut Check) {
        new::check_new(body, check);
    }

    async fn get(
        sender: &Sender,
        id: &str,
    ) -> Result<Response<Option<types::CapacityClaim>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.get_capacity_claim(id).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.capacity_claim))
    }

    async fn create(
        sender: &Sender,
        body: &types::CreateCapacityClaimRequest,
    ) -> Result<Response<Option<types::CapacityClaim>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.create_capacity_claim(body).await };
        Ok(sender
            .send(body.id.as_deref(), call)
            .await?
            .map(|reply| reply.capacity_claim))
    }
}

impl Managed for kind::CapacityClaim {
    const LIFE: LifeNames = LifeNames {
        list: Operation::LIST_CAPACITY_CLAIMS,
        update: Operation::UPDATE_CAPACITY_CLAIM,
        delete: Operation::DELETE_CAPACITY_CLAIM,
    };

    type Spec = CapacityClaimSpec;
    type Filter = ();

    fn status(raw: &types::CapacityClaim) -> Option<&ResourceStatus> {
        raw.status.as_ref()?.status.as_ref()
    }

    fn spec(raw: &types::CapacityClaim) -> Result<CapacityClaimSpec, serde_json::Error> {
        editable(&raw.spec, &["organizationId", "name"])
    }

    fn spec_id(spec: &mut CapacityClaimSpec) -> &mut String {
        &mut spec.id
    }

    fn check_spec(spec: &CapacityClaimSpec, check: &mut Check) {
        new::check_resources(&spec.resources, check);
    }

    fn check_fixed(_: Option<&CapacityClaimSpec>, spec: &CapacityClaimSpec, check: &mut Check) {
        let absent = !spec.extra.contains_key("name");
        check.that(absent, "name", "can only be set when a claim is created");
    }

    async fn list(
        sender: &Sender,
        (): &(),
        updated_after: Option<DateTime<Utc>>,
    ) -> Result<Response<Vec<types::CapacityClaim>>, Error> {
        let call = |raw: crate::raw::Client| async move {
            let params = crate::raw::params::ListCapacityClaimsParams {
                updated_after,
                ..Default::default()
            };
            raw.list_capacity_claims(&params).await
        };
        Ok(sender
            .send(None, call)
            .await?
            .map(|reply| reply.capacity_claims))
    }

    async fn update(
        sender: &Sender,
        id: &str,
        spec: CapacityClaimSpec,
    ) -> Result<Response<Option<types::CapacityClaim>>, Error> {
        let body = &spec;
        let call =
            |raw: crate::raw::Client| async move { raw.update_capacity_claim(id, body).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.capacity_claim))
    }

    async fn delete(
        sender: &Sender,
        id: &str,
    ) -> Result<Response<Option<types::CapacityClaim>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.delete_capacity_claim(id).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.capacity_claim))
    }
}
