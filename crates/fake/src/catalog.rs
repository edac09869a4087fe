//! The zones, instance types and engines that the parameters operations list and creates accept.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The zones with their instance types.
const ZONES: &[(&str, &[&str])] = &[
    (
        "US-EAST-04A",
        &["gd-8xh100ib-i128", "gd-8xh200ib-i128", "gb200-4x"],
    ),
    ("US-WEST-04A", &["gd-8xh200ib-i128", "gb200-4x", "gb300-4x"]),
    ("EU-SOUTH-04A", &["gd-8xh100ib-i128", "gd-8xl40s-i128"]),
];

/// An inference engine.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    /// Oldest first.
    pub(crate) versions: &'static [&'static str],
    pub(crate) config_keys: &'static [&'static str],
    pub(crate) env_names: &'static [&'static str],
}

/// The engine that supports hot-loading.
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

const SGLANG_KEYS: &[&str] = &[
    "context-length",
    "mem-fraction-static",
    "quantization",
    "tp-size",
];
const SGLANG_NAMES: &[&str] = &["HF_HUB_OFFLINE", "SGLANG_LOG_LEVEL"];

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
        config_keys: SGLANG_KEYS,
        env_names: SGLANG_NAMES,
    },
    Engine {
        name: HOT_LOAD_ENGINE,
        versions: &["0.5.0", "0.6.1", "0.30.0+crwv.5"],
        config_keys: VLLM_KEYS,
        env_names: VLLM_NAMES,
    },
    Engine {
        name: "dynamo-sglang",
        versions: &["0.6.1-rc.1", "0.6.1+crwv.2"],
        config_keys: SGLANG_KEYS,
        env_names: SGLANG_NAMES,
    },
];

/// The names of the zones.
pub(crate) fn zones() -> Vec<&'static str> {
    ZONES.iter().map(|(zone, _)| *zone).collect()
}

/// Whether these are all the zones. Names compare without case.
pub(crate) fn are_all_zones(zones: &[&str]) -> bool {
    let is_among = |name: &str| zones.iter().any(|zone| zone.eq_ignore_ascii_case(name));
    ZONES.iter().all(|(name, _)| is_among(name))
}

/// The instance types in any of these zones, in alphabetical order.
pub(crate) fn instance_types(zones: &[&str]) -> Vec<&'static str> {
    let is_wanted = |name: &str| zones.iter().any(|zone| zone.eq_ignore_ascii_case(name));
    let wanted = ZONES.iter().filter(|(name, _)| is_wanted(name));
    let types: BTreeSet<_> = wanted
        .flat_map(|(_, types)| types.iter().copied())
        .collect();
    types.into_iter().collect()
}

/// The engine with this name.
pub(crate) fn engine(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

/// The names of the engines.
pub(crate) fn engines() -> Vec<&'static str> {
    ENGINES.iter().map(|engine| engine.name).collect()
}

/// The `zoneInstanceTypes` of the parameters for capacity claims.
pub(crate) fn zone_instance_types() -> Value {
    let zones: Map<String, Value> = ZONES
        .iter()
        .map(|(zone, types)| ((*zone).to_owned(), json!({"instanceTypes": types})))
        .collect();
    Value::Object(zones)
}

/// The `runtimeParameters` of the parameters for deployments.
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
