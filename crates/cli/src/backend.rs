//! Requests to the service for any kind of resource. This is the one place that calls the client's kinds.

use std::collections::HashMap;
use std::time::Duration;

use coreweave_inference::kind::{self, HotLoad};
use coreweave_inference::{Api, Client, ConditionStatus, Error, NewResource, Resource, WatchEvent};
use coreweave_inference_apply::{merge_spec, schema::suggest};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Map, Value};

use crate::condition::{Condition, Status};
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::view::View;

/// Shows a resource as it is now.
pub(crate) type Show<'a> = dyn FnMut(View) + Send + 'a;

/// How often hot-loads are polled by default.
const HOT_LOAD_INTERVAL: Duration = Duration::from_secs(5);

/// How many hot-loads are watched, the newest: one page of the greatest size.
const HOT_LOADS_WATCHED: u32 = 1000;

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

pub(crate) async fn list(client: &Client, kind: Kind) -> Result<Vec<View>, Error> {
    Ok(with_api!(client, kind,
        api => api.list().await?.into_iter().map(View::from).collect(),
        api => api.list().stream().map_ok(View::from).try_collect().await?
    ))
}

pub(crate) async fn get(client: &Client, kind: Kind, id: &str) -> Result<View, Error> {
    Ok(with_api!(client, kind, api => api.get(id).await?.into(), api => api.get(id).await?.into()))
}

/// Finds a resource by its id or its name; of several hot-loads of one snapshot, the newest.
pub(crate) async fn find(client: &Client, kind: Kind, resource: &str) -> Result<View, Failure> {
    if is_uuid(resource) {
        return Ok(get(client, kind, resource).await?);
    }
    let mut all = list(client, kind).await?;
    if let Some(index) = all.iter().position(|view| view.name == resource) {
        return Ok(all.swap_remove(index));
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
        api => api.create(NewResource::from_raw(serde_json::from_value(body).map_err(misfit)?)).await?.into(),
        api => api.create(NewResource::from_raw(serde_json::from_value(body).map_err(misfit)?)).await?.into()
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
        api => {
            let mut watch = api.watch();
            if let Some(interval) = interval {
                watch = watch.interval(interval);
            }
            watch.stream().map_ok(|event| match event {
                WatchEvent::Added(resource) => Event::Added(resource.into()),
                WatchEvent::Modified(resource) => Event::Modified(resource.into()),
                WatchEvent::Deleted(resource) => Event::Deleted(resource.into()),
                WatchEvent::InitDone => Event::Listed,
            }).boxed()
        },
        api => watch_hot_loads(api, interval.unwrap_or(HOT_LOAD_INTERVAL))
    )
}

/// Watches hot-loads, which the client does not: compares listings of the newest ones.
fn watch_hot_loads(
    api: Api<HotLoad>,
    interval: Duration,
) -> BoxStream<'static, Result<Event, Error>> {
    let known: HashMap<String, View> = HashMap::new();
    let polls = stream::unfold(
        (api, known, Duration::ZERO),
        move |(api, mut known, pause)| async move {
            tokio::time::sleep(pause).await;
            let page = api
                .list()
                .page_size(HOT_LOADS_WATCHED)
                .pages()
                .try_next()
                .await;
            let events = match page {
                Ok(page) => changes(&mut known, page.into_iter().flatten().map(View::from)),
                Err(error) => vec![Err(error)],
            };
            Some((stream::iter(events), (api, known, interval)))
        },
    );
    polls.flatten().boxed()
}

/// Compares a listing with the one before, and keeps it.
fn changes(
    known: &mut HashMap<String, View>,
    listing: impl Iterator<Item = View>,
) -> Vec<Result<Event, Error>> {
    let mut before = std::mem::take(known);
    let mut events = Vec::new();
    for view in listing {
        match before.remove(&view.id) {
            None => events.push(Ok(Event::Added(view.clone()))),
            Some(old) if old.json != view.json => events.push(Ok(Event::Modified(view.clone()))),
            Some(_) => {}
        }
        known.insert(view.id.clone(), view);
    }
    events.extend(before.into_values().map(|gone| Ok(Event::Deleted(gone))));
    events.push(Ok(Event::Listed));
    events
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
fn has_condition<K: kind::Kind>(
    name: &str,
    wanted: Status,
) -> impl Fn(&Resource<K>) -> bool + Send + Sync + 'static {
    let name = name.to_owned();
    let wanted = match wanted {
        Status::True => ConditionStatus::True,
        Status::False => ConditionStatus::False,
        Status::Unknown => ConditionStatus::Unknown,
    };
    move |resource| {
        let of_type = resource
            .conditions()
            .filter(|condition| condition.kind().eq_ignore_ascii_case(&name));
        let mut statuses = of_type
            .map(|condition| *condition.status() == wanted)
            .peekable();
        statuses.peek().is_some() && statuses.all(|is_wanted| is_wanted)
    }
}
