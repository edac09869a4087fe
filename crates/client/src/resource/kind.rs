//! The traits that describe a kind of resource.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::raw::{self, Operation, types};

/// Keeps the set of kinds closed.
pub trait Sealed {}

/// A kind of resource: gateways, deployments, capacity claims or hot-loads.
///
/// Use it to write code that is generic over kinds; it cannot be implemented outside this crate.
///
/// ```
/// use coreweave_inference::{Resource, kind::Kind};
///
/// fn describe<K: Kind>(resource: &Resource<K>) -> String {
///     format!("{} {resource}", K::NOUN)
/// }
/// ```
pub trait Kind: Sealed + Copy + fmt::Debug + Ord + Hash + Send + Sync + 'static {
    /// What a resource of this kind is called in messages, for example `capacity claim`.
    const NOUN: &'static str;
    /// The generated type of the resource.
    type Raw: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The generated type of a create request.
    type Create: Clone + fmt::Debug + PartialEq + Serialize + Send + Sync + 'static;

    /// The name of the member that holds the resource in a response.
    #[doc(hidden)]
    const MEMBER: &'static str;
    #[doc(hidden)]
    const GET: &'static Operation;
    #[doc(hidden)]
    const CREATE: &'static Operation;
    /// Whether names are unique, so that a create can conflict by name.
    #[doc(hidden)]
    const UNIQUE_NAMES: bool;
    #[doc(hidden)]
    const POLL: PollDefaults;
    #[doc(hidden)]
    fn metadata(raw: &Self::Raw) -> Metadata<'_>;
    #[doc(hidden)]
    fn phase(raw: &Self::Raw) -> Phase;
    /// The status, of a kind that has one.
    #[doc(hidden)]
    fn last_status(_raw: &Self::Raw) -> Option<types::ResourceStatus> {
        None
    }
    /// Why the resource will never become ready although it has not failed.
    #[doc(hidden)]
    fn never_ready(_raw: &Self::Raw) -> Option<&'static str> {
        None
    }
    /// The id that a create request chooses.
    #[doc(hidden)]
    fn create_id(body: &mut Self::Create) -> &mut Option<String>;
    #[doc(hidden)]
    fn get(client: raw::Client, id: &str) -> impl RawFuture<Option<Self::Raw>>;
    #[doc(hidden)]
    fn create(client: raw::Client, body: &Self::Create) -> impl RawFuture<Option<Self::Raw>>;
}

/// A kind whose resources can be listed, updated and deleted: all but hot-loads.
pub trait Managed: Kind {
    /// The part of a resource that an update can change.
    type Spec: Clone + fmt::Debug + PartialEq + Send + Sync + 'static;
    /// The generated query parameters of a list.
    #[doc(hidden)]
    type Params: Clone + fmt::Debug + Default + Send + Sync + 'static;

    #[doc(hidden)]
    const LIST: &'static Operation;
    #[doc(hidden)]
    const UPDATE: &'static Operation;
    #[doc(hidden)]
    const DELETE: &'static Operation;
    #[doc(hidden)]
    fn status(raw: &Self::Raw) -> Option<&types::ResourceStatus>;
    /// The spec of an update that changes nothing.
    #[doc(hidden)]
    fn to_update(raw: &Self::Raw) -> Result<Self::Spec, serde_json::Error>;
    #[doc(hidden)]
    fn spec_id(spec: &mut Self::Spec) -> &mut String;
    /// Why sending this spec would lose something that the caller cannot have meant to lose.
    #[doc(hidden)]
    fn data_loss(_spec: &Self::Spec) -> Option<(&'static str, &'static str)> {
        None
    }
    /// Rejects parameters that would select something else.
    #[doc(hidden)]
    fn check_params(_params: &Self::Params) -> Result<(), Error> {
        Ok(())
    }
    #[doc(hidden)]
    fn set_updated_after(params: &mut Self::Params, time: Option<DateTime<Utc>>);
    #[doc(hidden)]
    fn list(client: raw::Client, params: &Self::Params) -> impl RawFuture<Items<Self::Raw>>;
    #[doc(hidden)]
    fn update(client: raw::Client, id: &str, spec: Self::Spec)
    -> impl RawFuture<Option<Self::Raw>>;
    #[doc(hidden)]
    fn delete(client: raw::Client, id: &str) -> impl RawFuture<Option<Self::Raw>>;
}

/// What a generated method returns.
pub(crate) type RawResult<T> = Result<raw::Response<T>, Error>;

/// The future of a generated method.
pub trait RawFuture<T>: Future<Output = RawResult<T>> + Send {}

impl<T, F: Future<Output = RawResult<T>> + Send> RawFuture<T> for F {}

/// What a list response holds.
#[derive(Debug)]
pub struct Items<T> {
    pub items: Vec<T>,
    pub next_page_token: Option<String>,
    /// The members that this version does not know.
    pub unknown: Map<String, Value>,
}

/// How long waits for a kind take, and how often they poll.
#[derive(Clone, Copy, Debug)]
pub struct PollDefaults {
    pub timeout: Duration,
    pub interval: Duration,
}

/// What all kinds have in common.
#[derive(Clone, Copy, Debug)]
pub struct Metadata<'a> {
    pub id: Option<&'a str>,
    pub name: Option<&'a str>,
    pub state: &'a str,
    pub conditions: &'a [types::Condition],
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

/// Where a resource is in its lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Progressing,
    Updating,
    Ready,
    /// In trouble, but it may recover.
    Error,
    Failed,
    Deleting,
}

impl Phase {
    pub(crate) fn new(status: Option<&types::ResourceStatus>) -> Self {
        use types::ResourceStatus as Status;
        match status {
            Some(Status::Ready) => Self::Ready,
            Some(Status::Updating) => Self::Updating,
            Some(Status::Error) => Self::Error,
            Some(Status::Failed) => Self::Failed,
            Some(Status::Deleting) => Self::Deleting,
            _ => Self::Progressing,
        }
    }
}

/// Collects the [`Metadata`] of a generated resource.
macro_rules! metadata {
    ($raw:ident, name: $name:ident, state: $state:ident: $enum:ident) => {{
        let (spec, status) = ($raw.spec.as_ref(), $raw.status.as_ref());
        $crate::resource::kind::Metadata {
            id: spec.and_then(|spec| spec.id.as_deref()),
            name: spec.and_then(|spec| spec.$name.as_deref()),
            state: status
                .and_then(|status| status.$state.as_ref())
                .unwrap_or(&$crate::raw::types::$enum::Unspecified)
                .as_str(),
            conditions: status.map_or(&[], |status| &status.conditions),
            created_at: status.and_then(|status| status.created_at),
            updated_at: status.and_then(|status| status.updated_at),
        }
    }};
}

/// Binds the generated methods that every kind has.
macro_rules! bind_kind {
    ($member:ident, $get:ident: $GET:ident, $create:ident: $CREATE:ident) => {
        const GET: &'static $crate::raw::Operation = $crate::raw::Operation::$GET;
        const CREATE: &'static $crate::raw::Operation = $crate::raw::Operation::$CREATE;

        async fn get(client: $crate::raw::Client, id: &str) -> RawResult<Option<Self::Raw>> {
            Ok(client.$get(id).await?.map(|body| body.$member))
        }

        async fn create(
            client: $crate::raw::Client,
            body: &Self::Create,
        ) -> RawResult<Option<Self::Raw>> {
            Ok(client.$create(body).await?.map(|body| body.$member))
        }
    };
}

/// Binds the generated methods of the kinds that can be listed, updated and deleted.
macro_rules! bind_managed {
    (
        $member:ident,
        $items:ident,
        $list:ident($params:ident): $LIST:ident,
        $update:ident: $UPDATE:ident,
        $delete:ident: $DELETE:ident
    ) => {
        type Params = $crate::raw::params::$params;

        const LIST: &'static $crate::raw::Operation = $crate::raw::Operation::$LIST;
        const UPDATE: &'static $crate::raw::Operation = $crate::raw::Operation::$UPDATE;
        const DELETE: &'static $crate::raw::Operation = $crate::raw::Operation::$DELETE;

        fn status(raw: &Self::Raw) -> Option<&$crate::raw::types::ResourceStatus> {
            raw.status.as_ref()?.status.as_ref()
        }

        fn set_updated_after(
            params: &mut Self::Params,
            time: Option<chrono::DateTime<chrono::Utc>>,
        ) {
            params.updated_after = time;
        }

        async fn list(
            client: $crate::raw::Client,
            params: &Self::Params,
        ) -> RawResult<Items<Self::Raw>> {
            let response = client.$list(params).await?;
            Ok(response.map(|body| Items {
                items: body.$items,
                next_page_token: None,
                unknown: body.extra,
            }))
        }

        async fn update(
            client: $crate::raw::Client,
            id: &str,
            spec: Self::Spec,
        ) -> RawResult<Option<Self::Raw>> {
            let response = client.$update(id, &spec.into()).await?;
            Ok(response.map(|body| body.$member))
        }

        async fn delete(client: $crate::raw::Client, id: &str) -> RawResult<Option<Self::Raw>> {
            Ok(client.$delete(id).await?.map(|body| body.$member))
        }
    };
}

pub(crate) use {bind_kind, bind_managed, metadata};

/// Converts the spec in a response into the spec of an update, leaving out what only the service sets.
pub(crate) fn to_update<S, U>(spec: &Option<S>, fixed: &[&str]) -> Result<U, serde_json::Error>
where
    S: Serialize,
    U: DeserializeOwned,
{
    let mut spec = match serde_json::to_value(spec)? {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for member in fixed {
        spec.remove(*member);
    }
    serde_json::from_value(Value::Object(spec))
}
