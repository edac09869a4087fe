//! Requests to the service for any kind of resource. This is the one place that calls the client's kinds.

use std::collections::HashMap;
use std::time::Duration;

use coreweave_inference::kind::Resource;
use coreweave_inference::types::ConditionStatus;
use coreweave_inference::{Backoff, Client, Deployment, Error, Wait, Watch, WatchEvent};
use coreweave_inference_apply::{merge_spec, schema::suggest};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Map, Value};

use crate::condition::{Condition, Status};
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::view::View;

/// Shows a resource as it is now.
pub(crate) type Show<'a> = dyn FnMut(View) + Send + 'a;

/// Evaluates an expression with the `Api` of a kind; the second is for hot-loads, which have fewer operations.
macro_rules! with_api {
    ($client:expr, $kind:expr, $api:ident => $managed:expr, $hot_loads:ident => $other:expr) => {
        match $kind {
            Kind::Gateways => {
                let $api = $client.gateways();
                $managed
            }
            Kind::Deployments => {
                let $api = $client.deployments();
                $managed
            }
            Kind::Claims => {
                let $api = $client.capacity_claims();
                $managed
            }
            Kind::HotLoads => {
                let $hot_loads = $client.hot_loads();
                $other
            }
        }
    };
}

/// Runs a wait of the client with a timeout and progress.
macro_rules! follow {
    ($wait:expr, $timeout:expr, $on_progress:expr) => {{
        let mut wait = $wait.on_progress(|resource| $on_progress(resource.clone().into()));
        if let Some(timeout) = $timeout {
            wait = wait.timeout(timeout);
        }
        wait.await?
    }};
}

/// Lists the resources of a kind, those of a gateway or a deployment alone if there is one.
pub(crate) async fn list(
    client: &Client,
    kind: Kind,
    parent: Option<&str>,
    limit: usize,
) -> Result<Vec<View>, Error> {
    let views = match (kind, parent) {
        (Kind::Deployments, Some(gateway)) => {
            views(client.deployments().list().gateway(gateway).await?)
        }
        (Kind::HotLoads, parent) => {
            let mut list = client.hot_loads().list();
            if let Some(deployment) = parent {
                list = list.deployment(deployment);
            }
            let views = list.stream().take(limit).map_ok(View::from);
            return views.try_collect().await;
        }
        (Kind::Gateways, _) => views(client.gateways().list().await?),
        (Kind::Deployments, None) => views(client.deployments().list().await?),
        (Kind::Claims, _) => views(client.capacity_claims().list().await?),
    };
    Ok(views)
}

fn views<T: Into<View>>(resources: Vec<T>) -> Vec<View> {
    resources.into_iter().map(T::into).collect()
}

/// The names of resources by id.
pub(crate) type Names = HashMap<String, String>;

/// The names of what the resources of a kind belong to.
pub(crate) async fn parent_names(client: &Client, kind: Kind) -> Result<Names, Error> {
    let parents = match kind.parent() {
        Some(parent) => list(client, parent, None, usize::MAX).await?,
        None => Vec::new(),
    };
    Ok(parents
        .into_iter()
        .map(|view| (view.id, view.name))
        .collect())
}

pub(crate) async fn get(client: &Client, kind: Kind, id: &str) -> Result<View, Error> {
    Ok(with_api!(client, kind, api => api.get(id).await?.into(), api => api.get(id).await?.into()))
}

/// Finds a resource by its id or its name; of several hot-loads of one snapshot, the newest.
pub(crate) async fn find(client: &Client, kind: Kind, resource: &str) -> Result<View, Failure> {
    if is_uuid(resource) {
        return Ok(get(client, kind, resource).await?);
    }
    find_in(kind, &list(client, kind, None, usize::MAX).await?, resource).cloned()
}

/// Finds several resources, each of them once. Those that do not exist are left out where that is accepted.
pub(crate) async fn find_all(
    client: &Client,
    kind: Kind,
    resources: &[String],
    ignore_not_found: bool,
) -> Result<Vec<View>, Failure> {
    let all = match resources.iter().all(|resource| is_uuid(resource)) {
        true => Vec::new(),
        false => list(client, kind, None, usize::MAX).await?,
    };
    let mut found: Vec<View> = Vec::new();
    let mut failures = None;
    for resource in resources {
        let view = match is_uuid(resource) {
            true => get(client, kind, resource).await.map_err(Failure::from),
            false => find_in(kind, &all, resource).cloned(),
        };
        match view {
            Ok(view) if found.iter().any(|other| other.id == view.id) => {}
            Ok(view) => found.push(view),
            Err(failure) if ignore_not_found && failure.is_not_found() => {}
            Err(failure) => Failure::add(&mut failures, failure),
        }
    }
    failures.map_or(Ok(found), Err)
}

fn find_in<'a>(kind: Kind, all: &'a [View], resource: &str) -> Result<&'a View, Failure> {
    if let Some(view) = all.iter().find(|view| view.name == resource) {
        return Ok(view);
    }
    let noun = kind.noun();
    let message = format!("there is no {noun} `{resource}`");
    let names = all.iter().map(|view| view.name.as_str());
    Err(Failure::new(
        Exit::NotFound,
        match suggest(resource, names) {
            Some(name) => format!("{message}; did you mean `{name}`?"),
            None => format!("{message}; `cwinf {} list` shows all", kind.name()),
        },
    ))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Creates a resource with the members of the API's create request.
pub(crate) async fn create(
    client: &Client,
    kind: Kind,
    body: Map<String, Value>,
) -> Result<View, Failure> {
    let misfit =
        |error| Failure::usage(format!("the {} does not fit the API: {error}", kind.noun()));
    let body = Value::from(body);
    Ok(with_api!(client, kind,
        api => api.create(serde_json::from_value(body).map_err(misfit)?).await?.into(),
        api => api.create(serde_json::from_value(body).map_err(misfit)?).await?.into()
    ))
}

/// Changes the members in `body` of a resource.
pub(crate) async fn update(
    client: &Client,
    kind: Kind,
    id: &str,
    body: &Map<String, Value>,
) -> Result<View, Failure> {
    with_api!(client, kind,
        api => Ok(api.try_update(id, |spec| merge_spec(spec, body)).await?.into()),
        _api => Err(Failure::usage("hot-loads cannot be updated"))
    )
}

/// Changes the members in `body` of a resource, and waits until the change has taken effect.
pub(crate) async fn update_and_wait(
    client: &Client,
    kind: Kind,
    id: &str,
    body: &Map<String, Value>,
    timeout: Option<Duration>,
    on_progress: &mut Show<'_>,
) -> Result<View, Failure> {
    with_api!(client, kind,
        api => {
            let update = api.try_update(id, |spec| merge_spec(spec, body)).and_wait();
            Ok(follow!(update, timeout, on_progress).into())
        },
        _api => Err(Failure::usage("hot-loads cannot be updated"))
    )
}

/// Shifts traffic, and waits until what gets traffic is ready.
pub(crate) async fn shift_and_wait(
    shift: Wait<'_, Deployment, Vec<Deployment>>,
    timeout: Option<Duration>,
    on_progress: &mut Show<'_>,
) -> Result<Vec<Deployment>, Failure> {
    Ok(follow!(shift, timeout, on_progress))
}

pub(crate) async fn delete(client: &Client, kind: Kind, id: &str) -> Result<View, Failure> {
    with_api!(client, kind,
        api => Ok(api.delete(id).await?.into()),
        _api => Err(Failure::usage("hot-loads cannot be deleted"))
    )
}

/// A change of a resource, as a watch reports it.
#[derive(Debug)]
pub(crate) enum Event {
    Added(View),
    Modified(View),
    Deleted(View),
    /// All resources of the kind have been reported.
    Listed,
}

/// Watches a kind. The stream goes on after errors.
pub(crate) fn watch(
    client: &Client,
    kind: Kind,
    interval: Option<Duration>,
) -> BoxStream<'static, Result<Event, Error>> {
    with_api!(client, kind,
        api => events(api.watch(), interval),
        api => events(api.watch(), interval)
    )
}

fn events<R: Resource + Into<View>>(
    mut watch: Watch<R>,
    interval: Option<Duration>,
) -> BoxStream<'static, Result<Event, Error>> {
    if let Some(interval) = interval {
        watch = watch.poll_backoff(Backoff::constant(interval));
    }
    let events = watch.stream().map_err(Error::from);
    let events = events.map_ok(|event| match event {
        WatchEvent::Added(resource) => Event::Added(resource.into()),
        WatchEvent::Modified(resource) => Event::Modified(resource.into()),
        WatchEvent::Deleted(resource) => Event::Deleted(resource.into()),
        WatchEvent::InitDone => Event::Listed,
    });
    events.boxed()
}

/// Waits until a resource meets a condition, and returns it unless it is gone.
pub(crate) async fn wait(
    client: &Client,
    view: &View,
    condition: &Condition,
    timeout: Option<Duration>,
    on_progress: &mut Show<'_>,
) -> Result<Option<View>, Failure> {
    let id = view.id.as_str();
    macro_rules! until {
        ($api:ident, $name:expr, $status:expr) => {
            Some(
                follow!(
                    $api.wait_until(id, has_condition($name, $status)),
                    timeout,
                    on_progress
                )
                .into(),
            )
        };
    }
    Ok(match condition {
        Condition::Complete => {
            Some(follow!(client.hot_loads().wait_complete(id), timeout, on_progress).into())
        }
        Condition::Applied => {
            Some(follow!(client.deployments().wait_applied(id), timeout, on_progress).into())
        }
        Condition::Ready => with_api!(client, view.kind,
            api => Some(follow!(api.wait_ready(id), timeout, on_progress).into()),
            _api => return Err(condition.misplaced(view.kind))
        ),
        Condition::Deleted => with_api!(client, view.kind,
            api => {
                follow!(api.wait_deleted(id), timeout, on_progress);
                None
            },
            _api => return Err(condition.misplaced(view.kind))
        ),
        Condition::Type { name, status } => {
            with_api!(client, view.kind, api => until!(api, name, *status), api => until!(api, name, *status))
        }
    })
}

/// Whether the condition of a type has a status, in every zone that reports it.
fn has_condition<R: Resource>(
    name: &str,
    wanted: Status,
) -> impl Fn(&R) -> bool + Send + Sync + 'static {
    let name = name.to_owned();
    let wanted = match wanted {
        Status::True => ConditionStatus::True,
        Status::False => ConditionStatus::False,
        Status::Unknown => ConditionStatus::Unknown,
    };
    move |resource: &R| {
        let of_type = resource
            .conditions()
            .filter(|condition| condition.type_().eq_ignore_ascii_case(&name));
        let mut statuses = of_type
            .map(|condition| *condition.status() == wanted)
            .peekable();
        statuses.peek().is_some() && statuses.all(|is_wanted| is_wanted)
    }
}
