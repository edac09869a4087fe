//! Deployments.

use serde_json::{Value, json};

use super::{Call, World, canonical, chosen_id, lifecycle, same_id};
use crate::catalogue::{self, HOT_LOAD_ENGINE};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::rules::{Fields, Rules};
use crate::state::Object;

const CAPACITY_CLASSES: &[&str] = &["CAPACITY_CLASS_RESERVED", "CAPACITY_CLASS_ON_DEMAND"];
const GPU_COUNTS: [u32; 5] = [1, 2, 4, 8, 16];

/// What the rules that look beyond the body need of a spec.
struct Spec<'a> {
    name: Option<&'a str>,
    gateway_ids: Vec<&'a str>,
    engine: Option<&'a str>,
    instance_type: Option<&'a str>,
}

/// The rules on the body that creates and updates share.
fn check_spec<'a>(body: &Fields<'a>) -> Spec<'a> {
    let name = body.required_text("name");
    let gateway_ids = body.required_texts("gatewayIds");
    let engine = body
        .required_message("runtime")
        .and_then(|runtime| check_runtime(&runtime));
    let instance_type = body.required_message("resources").and_then(|resources| {
        let count = resources.required_number("gpuCount");
        if count.is_some_and(|count| !GPU_COUNTS.contains(&count)) {
            resources.violation("gpuCount", "must be 1, 2, 4, 8 or 16");
        }
        resources.required_text("instanceType")
    });
    if let Some(model) = body.required_message("model") {
        check_model(&model);
    }
    if let Some(autoscaling) = body.required_message("autoscaling") {
        check_autoscaling(&autoscaling);
    }
    if let Some(traffic) = body.required_message("traffic") {
        traffic.in_range("weight", traffic.number("weight"), 0..=1000);
    }
    body.flag("disabled");
    Spec {
        name,
        gateway_ids,
        engine,
        instance_type,
    }
}

fn check_runtime<'a>(runtime: &Fields<'a>) -> Option<&'a str> {
    let name = runtime.required_text("engine");
    let version = runtime.text("version");
    let keys = runtime.text_map_keys("engineConfig");
    let names = runtime.text_map_keys("engineEnv");
    let Some(engine) = catalogue::engine(name?) else {
        let known = catalogue::engines().join(", ");
        runtime.violation("engine", format!("{:?} is not one of {known}", name?));
        return name;
    };
    if let Some(version) = version.filter(|version| !engine.versions.contains(version)) {
        let known = engine.versions.join(", ");
        runtime.violation("version", format!("{version:?} is not one of {known}"));
    }
    for key in keys.iter().filter(|key| !engine.config_keys.contains(key)) {
        runtime.violation(
            "engineConfig",
            format!("{key:?} is no option of {}", engine.name),
        );
    }
    for key in names.iter().filter(|key| !engine.env_names.contains(key)) {
        runtime.violation(
            "engineEnv",
            format!("{key:?} may not be set for {}", engine.name),
        );
    }
    name
}

fn check_model(model: &Fields<'_>) {
    if let Some(name) = model.required_text("name")
        && !(4..=63).contains(&name.chars().count())
    {
        model.violation("name", "must have 4 to 63 characters");
    }
    if let Some(bucket) = model.required_text("bucket")
        && !is_hostname_label(bucket)
    {
        model.violation(
            "bucket",
            "must be a hostname label: 1 to 63 letters, digits and inner hyphens",
        );
    }
    model.required_text("path");
}

fn is_hostname_label(text: &str) -> bool {
    text.len() <= 63
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn check_autoscaling(autoscaling: &Fields<'_>) {
    let min = autoscaling.required_number("min");
    let max = autoscaling.required_number("max");
    autoscaling.in_range("min", min, 1..=u32::MAX);
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        autoscaling.violation("max", format!("must be at least min, {min}, not {max}"));
    }
    autoscaling.in_range("priority", autoscaling.number("priority"), 0..=1000);
    autoscaling.in_range(
        "concurrency",
        autoscaling.number("concurrency"),
        1..=u32::MAX,
    );
    autoscaling.choices("capacityClasses", CAPACITY_CLASSES);
}

/// The rules on a spec's hot-load block.
fn check_hot_load(body: &Fields<'_>, engine: Option<&str>) {
    let Some(hot_load) = body.message("hotLoad") else {
        return;
    };
    hot_load.text("bucket");
    hot_load.text("pathPrefix");
    hot_load.choice("transitionMode", &["TRANSITION_MODE_ASYNC"]);
    if engine.is_some_and(|engine| engine != HOT_LOAD_ENGINE) {
        body.violation("hotLoad", format!("needs the engine {HOT_LOAD_ENGINE}"));
    }
}

/// The spec as stored: ids in one form, and the latest version when none is given.
fn completed(mut spec: Object) -> Object {
    if let Some(Value::Array(ids)) = spec.get_mut("gatewayIds") {
        for id in ids {
            *id = json!(id.as_str().map(canonical));
        }
    }
    if let Some(Value::Object(runtime)) = spec.get_mut("runtime") {
        let engine = runtime
            .get("engine")
            .and_then(Value::as_str)
            .and_then(catalogue::engine);
        let latest = engine.and_then(|engine| engine.versions.last());
        let given = runtime
            .get("version")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if let (Some(latest), true) = (latest, given.is_empty()) {
            runtime.insert("version".to_owned(), json!(latest));
        }
    }
    spec
}

impl World {
    pub(super) fn list_deployments(&mut self, call: &Call) -> Result<Value, Failure> {
        let parent = call
            .query
            .one("parentGatewayId")?
            .filter(|id| !id.is_empty())
            .map(canonical);
        self.list(Kind::Deployment, call, |deployment| {
            parent
                .as_deref()
                .is_none_or(|id| deployment.spec_texts("gatewayIds").contains(&id))
        })
    }

    pub(super) fn deployment_parameters(&mut self, call: &Call) -> Result<Value, Failure> {
        let ids = call.query.all("gatewayIds");
        let zones = self.zones_of(&call.organization, &ids)?;
        let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
        Ok(json!({
            "gatewayIds": ids,
            "runtimeParameters": catalogue::runtime_parameters(),
            "resourceParameters": {"instanceTypes": catalogue::common_instance_types(&zones)},
        }))
    }

    pub(super) fn create_deployment(&mut self, call: Call) -> Result<Value, Failure> {
        let kind = Kind::Deployment;
        let rules = Rules::default();
        let body = rules.body(&call.body);
        let id = chosen_id(&body, "id");
        let spec = check_spec(&body);
        check_hot_load(&body, spec.engine);
        let hot_load = body.has("hotLoad");
        rules.verdict()?;
        let id = self.claim_identity(kind, &call.organization, id, spec.name)?;
        self.check_gateways(&call.organization, &spec, hot_load)?;
        let steps = self.arrival(kind, self.durations.deployment_create, call.outcome);
        let spec = completed(call.body);
        self.admit(
            kind,
            &call.organization,
            &id,
            spec,
            "STATUS_CREATING",
            steps,
        )
    }

    pub(super) fn update_deployment(&mut self, call: Call) -> Result<Value, Failure> {
        let kind = Kind::Deployment;
        let deployment = self.owned(kind, &call.organization, &call.id)?;
        let id = deployment.id().to_owned();
        let old_name = deployment.name().to_owned();
        let hot_load = deployment.resource.spec.get("hotLoad").cloned();
        let rules = Rules::default();
        let body = rules.body(&call.body);
        same_id(&body, &call.id);
        let spec = check_spec(&body);
        if body.has("hotLoad") && call.body.get("hotLoad") != hot_load.as_ref() {
            body.violation("hotLoad", "can be set only at creation");
        }
        if hot_load.is_some() && spec.engine.is_some_and(|engine| engine != HOT_LOAD_ENGINE) {
            let description =
                format!("must stay {HOT_LOAD_ENGINE} while the deployment has hotLoad");
            body.violation("runtime.engine", description);
        }
        rules.verdict()?;
        if let Some(name) = spec.name.filter(|name| *name != old_name) {
            self.refuse_taken_name(kind, &call.organization, name)?;
        }
        self.refuse_unchangeable(kind, &id)?;
        self.refuse_running_hot_load(&id)?;
        self.check_gateways(&call.organization, &spec, hot_load.is_some())?;
        let spec = completed(call.body);
        let after = self.durations.deployment_update;
        self.replace_spec(kind, &id, spec, &["hotLoad"], after, call.outcome)
    }

    /// Deletes a deployment; a hot-load that is running on it fails.
    pub(super) fn delete_deployment(&mut self, call: &Call) -> Result<Value, Failure> {
        let id = self
            .owned(Kind::Deployment, &call.organization, &call.id)?
            .id()
            .to_owned();
        for hot_load in self.hot_loads_of(&id) {
            let running = self
                .state
                .of(Kind::HotLoad)
                .get(&hot_load)
                .is_some_and(lifecycle::is_running);
            if running {
                self.set_out(
                    Kind::HotLoad,
                    &hot_load,
                    "HOT_LOAD_STATE_FAILED",
                    Vec::new(),
                );
            }
        }
        self.delete(Kind::Deployment, call, self.durations.deployment_delete)
    }

    /// The zones of the caller's gateways.
    fn zones_of(&self, organization: &str, gateway_ids: &[&str]) -> Result<Vec<String>, Failure> {
        let mut zones = Vec::new();
        for id in gateway_ids {
            let gateway = self.owned(Kind::Gateway, organization, id)?;
            zones.extend(gateway.spec_texts("zones").into_iter().map(str::to_owned));
        }
        Ok(zones)
    }

    /// Holds a spec to the gateways it names.
    fn check_gateways(
        &mut self,
        organization: &str,
        spec: &Spec<'_>,
        hot_load: bool,
    ) -> Result<(), Failure> {
        let mut zones = self.zones_of(organization, &spec.gateway_ids)?;
        zones.sort_unstable();
        zones.dedup();
        for id in spec.gateway_ids.iter().map(|id| canonical(id)) {
            let gateway = self.owned(Kind::Gateway, organization, &id)?;
            if gateway.status(Kind::Gateway) == "STATUS_DELETING" {
                self.look(Kind::Gateway, &id);
                let description = "the gateway is being deleted";
                return Err(Failure::precondition("GATEWAY_DELETING", &id, description));
            }
        }
        let rules = Rules::default();
        let no_body = Object::new();
        let body = rules.body(&no_body);
        if hot_load && zones.len() > 1 {
            body.violation("hotLoad", "needs all gateways in one zone");
        }
        let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
        let types = catalogue::common_instance_types(&zones);
        if let Some(instance) = spec
            .instance_type
            .filter(|instance| !types.contains(instance))
        {
            let description = format!(
                "{instance:?} is not in every gateway's zone; these are: {}",
                types.join(", ")
            );
            body.violation("resources.instanceType", description);
        }
        rules.verdict()
    }
}
