//! The members of create requests and their types.
//!
//! The integration tests compare these tables with `openapi.yaml`.

use serde_json::{Map, Value};

/// A member of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name in JSON.
    pub name: &'static str,
    /// The type of the value.
    pub shape: Shape,
    /// Whether a create request needs it.
    pub required: bool,
}

/// The type of a member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// An enum, by name or number.
    Enum,
    /// An integer.
    Number,
    /// A boolean.
    Flag,
    /// A list of strings or enum values.
    List,
    /// An object with any keys and string values.
    Map,
    /// An object with these members.
    Object(&'static [Member]),
}

impl Shape {
    /// What a value of this type is called in an error message.
    pub fn noun(self) -> &'static str {
        match self {
            Shape::Text => "a string",
            Shape::Enum => "the name of an enum value",
            Shape::Number => "an integer",
            Shape::Flag => "true or false",
            Shape::List => "a list",
            Shape::Map | Shape::Object(_) => "an object",
        }
    }
}

/// Finds the type of the member at a path such as `runtime.version`; `None` for an unknown one.
///
/// Below a [`Shape::Map`] every key is known.
pub fn find(members: &'static [Member], path: &str) -> Option<Shape> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let shape = members.iter().find(|member| member.name == name)?.shape;
    match (shape, rest) {
        (shape, None) => Some(shape),
        (Shape::Object(members), Some(rest)) => find(members, rest),
        (Shape::Map, Some(_)) => Some(Shape::Text),
        _ => None,
    }
}

/// Lists the paths of all members, `runtime` as well as `runtime.version`.
pub fn paths(members: &'static [Member]) -> Vec<String> {
    let mut paths = Vec::new();
    for member in members {
        paths.push(member.name.to_owned());
        if let Shape::Object(members) = member.shape {
            paths.extend(
                self::paths(members)
                    .into_iter()
                    .map(|path| format!("{}.{path}", member.name)),
            );
        }
    }
    paths
}

/// Lists the paths of the members that a create request needs and `body` lacks.
pub fn missing(members: &'static [Member], body: &Map<String, Value>) -> Vec<String> {
    let mut paths = Vec::new();
    for member in members {
        match (member.shape, body.get(member.name)) {
            (_, None | Some(Value::Null)) if member.required => paths.push(member.name.to_owned()),
            (Shape::Object(members), Some(Value::Object(body))) => {
                let inner = missing(members, body).into_iter();
                paths.extend(inner.map(|path| format!("{}.{path}", member.name)));
            }
            _ => {}
        }
    }
    paths
}

/// Finds the candidate that is most similar to a misspelled name.
pub fn suggest<T: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = T>) -> Option<T> {
    let distance = |candidate: &str| {
        strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase())
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate.as_ref()), candidate))
        .filter(|(distance, _)| *distance <= (name.len() / 4).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

const fn member(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        required: false,
    }
}

const fn required(name: &'static str, shape: Shape) -> Member {
    Member {
        required: true,
        ..member(name, shape)
    }
}

/// The members of `CreateGatewayRequest`.
pub const GATEWAY: &[Member] = &[
    member(
        "bodyBasedRouting",
        Shape::Object(&[required("apiType", Shape::Enum)]),
    ),
    member("coreWeaveAuth", Shape::Object(&[])),
    member(
        "endpointConfiguration",
        Shape::Object(&[
            member("additionalDns", Shape::List),
            member("allowedSourceIpRanges", Shape::List),
            member("edgeProxyMode", Shape::Enum),
        ]),
    ),
    member(
        "headerBasedRouting",
        Shape::Object(&[required("headerName", Shape::Text)]),
    ),
    member("id", Shape::Text),
    required("name", Shape::Text),
    member("pathBasedRouting", Shape::Object(&[])),
    member(
        "weightsAndBiasesAuth",
        Shape::Object(&[
            member("apiKey", Shape::Text),
            member("enableRateLimiting", Shape::Flag),
            member("enableUsageReports", Shape::Flag),
            member("serverUrl", Shape::Text),
        ]),
    ),
    member("zones", Shape::List),
];

/// The members of `CreateDeploymentRequest`.
pub const DEPLOYMENT: &[Member] = &[
    required(
        "autoscaling",
        Shape::Object(&[
            member("capacityClasses", Shape::List),
            member("concurrency", Shape::Number),
            required("max", Shape::Number),
            required("min", Shape::Number),
            member("priority", Shape::Number),
        ]),
    ),
    member("disabled", Shape::Flag),
    required("gatewayIds", Shape::List),
    member(
        "hotLoad",
        Shape::Object(&[
            member("bucket", Shape::Text),
            member("pathPrefix", Shape::Text),
            member("transitionMode", Shape::Enum),
        ]),
    ),
    member("id", Shape::Text),
    required(
        "model",
        Shape::Object(&[
            required("bucket", Shape::Text),
            required("name", Shape::Text),
            required("path", Shape::Text),
        ]),
    ),
    required("name", Shape::Text),
    required(
        "resources",
        Shape::Object(&[
            required("gpuCount", Shape::Number),
            required("instanceType", Shape::Text),
        ]),
    ),
    required(
        "runtime",
        Shape::Object(&[
            required("engine", Shape::Text),
            member("engineConfig", Shape::Map),
            member("engineEnv", Shape::Map),
            member("version", Shape::Text),
        ]),
    ),
    required("traffic", Shape::Object(&[member("weight", Shape::Number)])),
];

/// The members of `CreateCapacityClaimRequest`.
pub const CAPACITY_CLAIM: &[Member] = &[
    member("id", Shape::Text),
    member("name", Shape::Text),
    required(
        "resources",
        Shape::Object(&[
            required("capacityType", Shape::Enum),
            required("instanceCount", Shape::Number),
            required("instanceId", Shape::Text),
            required("zones", Shape::List),
        ]),
    ),
];

/// The members of `CreateHotLoadRequest`.
pub const HOT_LOAD: &[Member] = &[
    required("deploymentId", Shape::Text),
    member("hotLoadId", Shape::Text),
    required("identity", Shape::Text),
    member(
        "incrementalSnapshotMetadata",
        Shape::Object(&[
            member("checksumFormat", Shape::Enum),
            member("compressionFormat", Shape::Enum),
            required("previousSnapshotIdentity", Shape::Text),
        ]),
    ),
    member("promptCachePolicy", Shape::Enum),
    required("type", Shape::Enum),
];
