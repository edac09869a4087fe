//! The rules for a deployment's setup, the same for a new one and for an update.

use crate::raw::types;
use crate::validate::Check;

/// The only engine that can hot-load.
const HOT_LOAD_ENGINE: &str = "dynamo-vllm";

/// What a request to create and one to update have in common.
pub(super) struct Setup<'a> {
    pub(super) name: &'a str,
    pub(super) gateway_ids: &'a [String],
    pub(super) runtime: &'a types::DeploymentRuntime,
    pub(super) resources: &'a types::DeploymentResources,
    pub(super) model: &'a types::DeploymentModel,
    pub(super) autoscaling: &'a types::DeploymentAutoscaling,
    pub(super) traffic: &'a types::DeploymentTraffic,
}

impl Setup<'_> {
    pub(super) fn check(&self, check: &mut Check) {
        check.filled("name", self.name);
        check.that(
            !self.gateway_ids.is_empty(),
            "gatewayIds",
            "must name at least one gateway",
        );
        let named = self.gateway_ids.iter().all(|id| !id.trim().is_empty());
        check.that(named, "gatewayIds", "must not hold an empty id");
        check.filled("runtime.engine", &self.runtime.engine);

        check.filled("resources.instanceType", &self.resources.instance_type);
        let gpus = self.resources.gpu_count;
        let possible = matches!(gpus, 1 | 2 | 4 | 8 | 16);
        check.that(
            possible,
            "resources.gpuCount",
            format_args!("must be 1, 2, 4, 8 or 16, not {gpus}"),
        );

        check.length("model.name", &self.model.name, 4..=63);
        check.hostname_label("model.bucket", &self.model.bucket);
        check.filled("model.path", &self.model.path);

        let types::DeploymentAutoscaling { min, max, .. } = *self.autoscaling;
        check.within("autoscaling.min", min, 1..=u32::MAX);
        check.that(
            max >= min,
            "autoscaling.max",
            format_args!("must be at least `min`, {min}, not {max}"),
        );
        check.within(
            "autoscaling.priority",
            self.autoscaling.priority.unwrap_or(0),
            0..=1000,
        );
        check.within(
            "autoscaling.concurrency",
            self.autoscaling.concurrency.unwrap_or(1),
            1..=u32::MAX,
        );
        check.within("traffic.weight", self.traffic.weight.unwrap_or(0), 0..=1000);
    }
}

pub(super) fn check_new(body: &types::CreateDeploymentRequest, check: &mut Check) {
    check.uuid("id", body.id.as_deref());
    Setup {
        name: &body.name,
        gateway_ids: &body.gateway_ids,
        runtime: &body.runtime,
        resources: &body.resources,
        model: &body.model,
        autoscaling: &body.autoscaling,
        traffic: &body.traffic,
    }
    .check(check);
    if let Some(hot_load) = &body.hot_load {
        check.that(
            body.runtime.engine == HOT_LOAD_ENGINE,
            "hotLoad",
            format_args!(
                "needs the engine {HOT_LOAD_ENGINE}, not {:?}",
                body.runtime.engine
            ),
        );
        if let Some(bucket) = &hot_load.bucket {
            check.hostname_label("hotLoad.bucket", bucket);
        }
    }
}

pub(super) fn check_spec(spec: &types::UpdateDeploymentRequest, check: &mut Check) {
    Setup {
        name: &spec.name,
        gateway_ids: &spec.gateway_ids,
        runtime: &spec.runtime,
        resources: &spec.resources,
        model: &spec.model,
        autoscaling: &spec.autoscaling,
        traffic: &spec.traffic,
    }
    .check(check);
}
