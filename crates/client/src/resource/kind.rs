//! What a kind of resource is: the one description that everything generic is written against.

use std::fmt;
use std::future::Future;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::facts::{Facts, LifeNames, Names, Patience, Stage};
use crate::error::Error;
use crate::raw::Response;
use crate::raw::types::ResourceStatus;
use crate::request::Sender;
use crate::validate::Check;

/// The kind of [`Gateway`](crate::Gateway)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gateway {}

/// The kind of [`Deployment`](crate::Deployment)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deployment {}

/// The kind of [`CapacityClaim`](crate::CapacityClaim)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CapacityClaim {}

/// The kind of [`HotLoad`](crate::HotLoad)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HotLoad {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Gateway {}
    impl Sealed for super::Deployment {}
    impl Sealed for super::CapacityClaim {}
    impl Sealed for super::HotLoad {}
}

/// A kind of resource: gateways, deployments, capacity claims, hot-loads. The set is fixed by the API.
///
/// Bound a type parameter by it to write code that serves all of them:
///
/// ```
/// use coreweave_inference::{Resource, kind::Kind};
///
/// fn label<K: Kind>(resource: &Resource<K>) -> String {
///     format!("{} {}", K::NOUN, resource.id())
/// }
/// ```
pub trait Kind: sealed::Sealed + Copy + fmt::Debug + Ord + Hash + Send + Sync + 'static {
    /// What one of them is called in a sentence.
    const NOUN: &'static str;
    /// The generated type of the resource itself.
    type Raw: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The generated type of a request to create one.
    type Create: Clone + fmt::Debug + PartialEq + Serialize + Send + Sync + 'static;

    #[doc(hidden)]
    const NAMES: Names;
    #[doc(hidden)]
    const PATIENCE: Patience;
    #[doc(hidden)]
    fn facts(raw: &Self::Raw) -> Facts<'_>;
    #[doc(hidden)]
    fn stage(raw: &Self::Raw) -> Stage;
    #[doc(hidden)]
    fn id_to_create(body: &mut Self::Create) -> &mut Option<String>;
    /// Whether the resource is called what the request calls it.
    #[doc(hidden)]
    fn answers_to(body: &Self::Create, raw: &Self::Raw) -> bool;
    #[doc(hidden)]
    fn check(body: &Self::Create, check: &mut Check);
    #[doc(hidden)]
    fn get(
        sender: &Sender,
        id: &str,
    ) -> impl Future<Output = Result<Response<Option<Self::Raw>>, Error>> + Send;
    #[doc(hidden)]
    fn create(
        sender: &Sender,
        body: &Self::Create,
    ) -> impl Future<Output = Result<Response<Option<Self::Raw>>, Error>> + Send;
}

/// A kind with the whole life cycle: it can be listed whole, updated and deleted, and has a status and a unique name.
/// Those are gateways, deployments and capacity claims.
pub trait Managed: Kind {
    /// The complete, editable spec, as [`Handle::update`](crate::Handle::update) hands it out.
    type Spec: Clone + fmt::Debug + PartialEq + Send + Sync + 'static;
    /// What a listing can be narrowed to, besides what all listings can.
    type Filter: Clone + fmt::Debug + Default + Send + Sync + 'static;

    #[doc(hidden)]
    const LIFE: LifeNames;
    #[doc(hidden)]
    fn status(raw: &Self::Raw) -> Option<&ResourceStatus>;
    #[doc(hidden)]
    fn spec(raw: &Self::Raw) -> Result<Self::Spec, serde_json::Error>;
    #[doc(hidden)]
    fn spec_id(spec: &mut Self::Spec) -> &mut String;
    #[doc(hidden)]
    fn check_spec(spec: &Self::Spec, check: &mut Check);
    /// What the spec sets that can't be changed, `before` being what was read, where something was.
    #[doc(hidden)]
    fn check_fixed(before: Option<&Self::Spec>, spec: &Self::Spec, check: &mut Check);
    #[doc(hidden)]
    fn list(
        sender: &Sender,
        filter: &Self::Filter,
        updated_after: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<Response<Vec<Self::Raw>>, Error>> + Send;
    #[doc(hidden)]
    fn update(
        sender: &Sender,
        id: &str,
        spec: Self::Spec,
    ) -> impl Future<Output = Result<Response<Option<Self::Raw>>, Error>> + Send;
    #[doc(hidden)]
    fn delete(
        sender: &Sender,
        id: &str,
    ) -> impl Future<Output = Result<Response<Option<Self::Raw>>, Error>> + Send;
}
