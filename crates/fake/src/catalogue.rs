//! What the fake's CoreWeave has to offer: the parameters operations answer with it, and creates
//! are held to it.

use serde_json::{Map, Value, json};

/// The zones, each with its instance types.
const ZONES: &[(&str, &[&str])] = &[
    (
        "US-EAST-04A",
        &["gd-8xh100ib-i128", "gd-8xh200ib-i128", "gb200-4x"],
    ),
    ("US-WEST-04A", &["gd-8xh200ib-i128", "gb200-4x", "gb300-4x"]),
    ("EU-SOUTH-04A", &["gd-8xh100ib-i128", "gd-8xl40s-i128"]),
];

/// An engine that runs models.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    /// Oldest first.
    pub(crate) versions: &'static [&'static str],
    pub(crate) config_keys: &'static [&'static str],
    pub(crate) env_names: &'static [&'static str],
}

/// The engine that can hot-load.
pub(crate) const HOT_LOAD_ENGINE: &str = "dynamo-vllm";

const VLLM_KEYS: &[&str] = &[
    "dtype",
    "enable-prefix-caching",
    "gpu-memory-utilization",
    "kv-cache-dtype",
    "max-model-len",
    "max-num-batched-tokens",
    "max-num-seqs",
    "quantization",
    "tensor-parallel-size",
    "tool-call-parser",
];
const VLLM_NAMES: &[&str] = &[
    "HF_HUB_OFFLINE",
    "VLLM_ATTENTION_BACKEND",
    "VLLM_LOGGING_LEVEL",
];

const ENGINES: &[Engine] = &[
    Engine {
        name: "vllm",
        versions: &["0.9.2", "0.10.2", "0.11.0"],
        config_keys: VLLM_KEYS,
        env_names: VLLM_NAMES,
    },
    Engine {
        name: "sglang",
        versions: &["0.4.10", "0.5.3"],
        config_keys: &[
            "context-length",
            "mem-fraction-static",
            "quantization",
            "tp-size",
        ],
        env_names: &["HF_HUB_OFFLINE", "SGLANG_LOG_LEVEL"],
    },
    Engine {
        name: HOT_LOAD_ENGINE,
        versions: &["0.5.0", "0.6.1"],
        config_keys: VLLM_KEYS,
        env_names: VLLM_NAMES,
    },
];

/// The names of the zones.
pub(crate) fn zones() -> Vec<&'static str> {
    ZONES.iter().map(|(zone, _)| *zone).collect()
}

/// Whether there is a zone of exactly this name.
pub(crate) fn has_zone(name: &str) -> bool {
    ZONES.iter().any(|(zone, _)| *zone == name)
}

/// The instance types of a zone, whose name may be in any case; none if there is no such zone.
pub(crate) fn instance_types(name: &str) -> Option<&'static [&'static str]> {
    ZONES
        .iter()
        .find(|(zone, _)| zone.eq_ignore_ascii_case(name))
        .map(|(_, types)| *types)
}

/// The instance types that every one of the zones has; of all zones together if none is given.
pub(crate) fn common_instance_types(zones: &[&str]) -> Vec<&'static str> {
    let mut types: Vec<&str> = ZONES
        .iter()
        .flat_map(|(_, types)| types.iter().copied())
        .collect();
    types.sort_unstable();
    types.dedup();
    types.retain(|kind| {
        zones
            .iter()
            .all(|zone| instance_types(zone).is_some_and(|types| types.contains(kind)))
    });
    types
}

/// The engine of this name.
pub(crate) fn engine(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

/// The names of the engines.
pub(crate) fn engines() -> Vec<&'static str> {
    ENGINES.iter().map(|engine| engine.name).collect()
}

/// `zoneInstanceTypes` of the capacity claims' parameters.
pub(crate) fn zone_instance_types() -> Value {
    let zones: Map<String, Value> = ZONES
        .iter()
        .map(|(zone, types)| ((*zone).to_owned(), json!({"instanceTypes": types})))
        .collect();
    Value::Object(zones)
}

/// `runtimeParameters` of the deployments' parameters.
pub(crate) fn runtime_parameters() -> Value {
    let per_engine = |member: &str, list: fn(&Engine) -> &'static [&'static str]| -> Value {
        let engines: Map<String, Value> = ENGINES
            .iter()
            .map(|engine| (engine.name.to_owned(), json!({member: list(engine)})))
            .collect();
        Value::Object(engines)
    };
    json!({
        "runtimeVersions": per_engine("versions", |engine| engine.versions),
        "runtimeConfigOptions": per_engine("allowedKeys", |engine| engine.config_keys),
        "engineEnvOptions": per_engine("allowedNames", |engine| engine.env_names),
    })
}
