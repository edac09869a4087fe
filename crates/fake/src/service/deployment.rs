//! Deployments.

use serde_json::{Value, json};

use super::{Call, Service, canonical};
use crate::catalog::{self, HOT_LOAD_ENGINE};
use crate::error::ApiError;
use crate::json::{at, set, text, texts};
use crate::kind::Kind;
use crate::validation::Violations;

const GPU_COUNTS: [u64; 5] = [1, 2, 4, 8, 16];

/// Checks the rules that a deployment's message does not express.
pub(super) fn check(spec: &Value, violations: &mut Violations) {
    violations.check_label("name", text(spec, "/name"));
    violations.check_label("model.bucket", text(spec, "/model/bucket"));
    violations.check_label("hotLoad.bucket", text(spec, "/hotLoad/bucket"));
    check_runtime(at(spec, "/runtime"), violations);
    let count = spec.pointer("/resources/gpuCount").and_then(Value::as_u64);
    if count.is_some_and(|count| !GPU_COUNTS.contains(&count)) {
        violations.add("resources.gpuCount", "must be in list [1, 2, 4, 8, 16]");
    }
    match text(spec, "/model/name").chars().count() {
        0 | 4..=63 => {}
        ..4 => violations.add("model.name", "must be at least 4 characters"),
        _ => violations.add("model.name", "must be at most 63 characters"),
    }
    let (min, max) = (at(spec, "/autoscaling/min"), at(spec, "/autoscaling/max"));
    if max.as_u64() < min.as_u64() && max.is_u64() {
        violations.add("autoscaling.max", format!("must be at least min, {min}"));
    }
    if let Some(hot_load) = spec.get("hotLoad") {
        if text(spec, "/runtime/engine") != HOT_LOAD_ENGINE {
            violations.add("hotLoad", format!("requires the engine {HOT_LOAD_ENGINE}"));
        }
        let mut segments = text(hot_load, "/pathPrefix").split('/');
        if segments.any(|segment| segment == "..") {
            violations.add("hotLoad.pathPrefix", "must not have a segment ..");
        }
    }
}

fn check_runtime(runtime: &Value, violations: &mut Violations) {
    let name = text(runtime, "/engine");
    if name.is_empty() {
        return;
    }
    let Some(engine) = catalog::engine(name) else {
        violations.check_known("runtime.engine", name, &catalog::engines());
        return;
    };
    let version = text(runtime, "/version");
    if !version.is_empty() {
        violations.check_known("runtime.version", version, engine.versions);
    }
    for (member, allowed) in [
        ("engineConfig", engine.config_keys),
        ("engineEnv", engine.env_names),
    ] {
        for key in runtime[member]
            .as_object()
            .into_iter()
            .flat_map(|map| map.keys())
        {
            violations.check_known(&format!("runtime.{member}"), key, allowed);
        }
    }
}

/// Whether two specs configure hot-loading alike. A member that is absent equals an empty one.
pub(super) fn have_same_hot_load(one: &Value, other: &Value) -> bool {
    let members = ["bucket", "pathPrefix", "transitionMode"];
    let is_same = |member| {
        let pointer = format!("/hotLoad/{member}");
        text(one, &pointer) == text(other, &pointer)
    };
    one.get("hotLoad").is_some() == other.get("hotLoad").is_some()
        && members.into_iter().all(is_same)
}

/// Whether an update changes nothing but the scale, for which no revision rolls out.
pub(super) fn is_scale_alone(old: &Value, new: &Value) -> bool {
    let without = |spec: &Value| {
        let mut spec = spec.clone();
        for member in ["autoscaling", "traffic"] {
            spec.as_object_mut().and_then(|spec| spec.remove(member));
        }
        spec
    };
    without(old) == without(new)
}

/// Completes a spec that a request gives: ids in canonical form, and the latest version of the
/// engine unless the spec names one.
pub(super) fn complete(spec: &mut Value) {
    let gateways: Vec<_> = texts(spec, "/gatewayIds")
        .into_iter()
        .map(canonical)
        .collect();
    set(spec, "gatewayIds", gateways);
    let engine = catalog::engine(text(spec, "/runtime/engine"));
    if let Some(latest) = engine.and_then(|engine| engine.versions.last())
        && text(spec, "/runtime/version").is_empty()
        && let Some(runtime) = spec.get_mut("runtime")
    {
        set(runtime, "version", *latest);
    }
}

impl Service {
    /// The parameters for deployments on the gateways in the query, or on any of the caller's
    /// gateways.
    pub(super) fn deployment_parameters(&mut self, call: &Call) -> Result<Value, ApiError> {
        let mut ids = call.query.all("gatewayIds");
        let types = if ids.is_empty() {
            let owned = self.store.of(Kind::Gateway).owned(&call.organization);
            let mut zones = Vec::new();
            for gateway in owned {
                ids.push(gateway.id());
                zones.extend(texts(&gateway.resource.spec, "/zones"));
            }
            catalog::instance_types(&zones)
        } else {
            self.common_instance_types(&call.organization, &ids)?
        };
        Ok(json!({
            "gatewayIds": ids,
            "runtimeParameters": catalog::runtime_parameters(),
            "resourceParameters": {"instanceTypes": types},
        }))
    }

    /// The instance types that a deployment on all of these gateways can use.
    fn common_instance_types(
        &self,
        organization: &str,
        gateways: &[&str],
    ) -> Result<Vec<&'static str>, ApiError> {
        let mut common = catalog::instance_types(&catalog::zones());
        for id in gateways {
            let gateway = self.owned(Kind::Gateway, organization, id)?;
            let types = catalog::instance_types(&texts(&gateway.resource.spec, "/zones"));
            common.retain(|instance| types.contains(instance));
        }
        Ok(common)
    }

    /// Checks a spec against the gateways that it names.
    pub(super) fn check_gateways(
        &mut self,
        organization: &str,
        spec: &Value,
    ) -> Result<(), ApiError> {
        let ids = texts(spec, "/gatewayIds");
        let types = self.common_instance_types(organization, &ids)?;
        let mut zones = Vec::new();
        for id in ids {
            let gateway = self.owned(Kind::Gateway, organization, id)?;
            let id = gateway.id().to_owned();
            if gateway.status(Kind::Gateway) == "STATUS_DELETING" {
                self.poll(Kind::Gateway, &id);
                let description = "the gateway is being deleted";
                return Err(ApiError::precondition("GATEWAY_DELETING", &id, description));
            }
            let gateway_zones = texts(&gateway.resource.spec, "/zones").into_iter();
            zones.extend(gateway_zones.map(str::to_ascii_uppercase));
        }
        zones.sort_unstable();
        zones.dedup();
        let mut violations = Violations::default();
        if spec.get("hotLoad").is_some() && zones.len() > 1 {
            violations.add("hotLoad", "requires all gateways to be in one zone");
        }
        let instance = text(spec, "/resources/instanceType");
        violations.check_known("resources.instanceType", instance, &types);
        violations.into_result()
    }

    /// Lets a deployment's running hot-load fail, because the deployment is being deleted.
    pub(super) fn fail_running_hot_load(&mut self, deployment: &str) {
        if let Some(id) = self.running_hot_load(deployment) {
            self.begin(Kind::HotLoad, &id, "HOT_LOAD_STATE_FAILED", None);
        }
    }
}
