//! Deployments to create.

use std::ops::RangeInclusive;

use super::Deployment;
use crate::gateway::Gateway;
use crate::raw::types::{self, CapacityClass, TransitionMode};
use crate::resource::{IntoId, id_text, new_resource, wrapper};

/// The default weight.
const DEFAULT_WEIGHT: u32 = 100;

new_resource! {
    /// The request for a new deployment.
    ///
    /// ```
    /// use coreweave_inference::{GatewayId, Resources, Model, NewDeployment};
    ///
    /// # let gateway = GatewayId::random();
    /// let deployment = NewDeployment::new(
    ///     "llama",
    ///     [gateway],
    ///     "vllm",
    ///     Resources::new("gb200-4x", 4),
    ///     Model::new("llama-3-8b", "my-models", "llama/3-8b"),
    ///     1..=4,
    /// )
    /// .engine_config("max-model-len", "8192")
    /// .concurrency(32);
    /// assert_eq!(deployment.raw().autoscaling.max, 4);
    /// ```
    NewDeployment(CreateDeploymentRequest), id: Deployment
}

wrapper! {
    /// The instance type of the replicas, and the number of GPUs for each.
    ///
    /// ```
    /// # use coreweave_inference::Resources;
    /// let resources = Resources::new("gb200-4x", 4);
    /// assert_eq!(resources.raw().gpu_count, 4);
    /// ```
    Resources(DeploymentResources)
}

impl Resources {
    /// Asks for a number of GPUs of an instance type.
    pub fn new(instance_type: impl Into<String>, gpu_count: u32) -> Self {
        Self::from(types::DeploymentResources {
            instance_type: instance_type.into(),
            gpu_count,
            ..Default::default()
        })
    }
}

wrapper! {
    /// The model that a deployment serves: its name in requests, and where its weights are stored.
    ///
    /// ```
    /// # use coreweave_inference::Model;
    /// let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    /// assert_eq!(model.raw().bucket, "my-models");
    /// ```
    Model(DeploymentModel)
}

impl Model {
    /// Names a model whose weights are in a bucket at a path.
    pub fn new(
        name: impl Into<String>,
        bucket: impl Into<String>,
        path: impl Into<String>,
    ) -> Self {
        Self::from(types::DeploymentModel {
            name: name.into(),
            bucket: bucket.into(),
            path: path.into(),
            ..Default::default()
        })
    }
}

impl NewDeployment {
    /// Asks for a deployment that serves a model through gateways, with an engine and a range of replicas.
    ///
    /// [`parameters`](crate::Api::parameters) lists the engines and instance types. The [`weight`](Self::weight) is 100 by
    /// default.
    pub fn new(
        name: impl Into<String>,
        gateways: impl IntoIterator<Item = impl IntoId<Gateway>>,
        engine: impl Into<String>,
        resources: Resources,
        model: Model,
        replicas: RangeInclusive<u32>,
    ) -> Self {
        Self::from(types::CreateDeploymentRequest {
            name: name.into(),
            gateway_ids: gateways.into_iter().map(id_text).collect(),
            runtime: types::DeploymentRuntime {
                engine: engine.into(),
                ..Default::default()
            },
            resources: resources.into(),
            model: model.into(),
            autoscaling: types::DeploymentAutoscaling {
                min: *replicas.start(),
                max: *replicas.end(),
                ..Default::default()
            },
            traffic: types::DeploymentTraffic {
                weight: Some(DEFAULT_WEIGHT),
                ..Default::default()
            },
            ..Default::default()
        })
    }

    /// Sets the version of the engine. By default the service picks the latest.
    pub fn engine_version(mut self, version: impl Into<String>) -> Self {
        self.raw.runtime.version = Some(version.into());
        self
    }

    /// Sets a configuration key of the engine.
    pub fn engine_config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.raw
            .runtime
            .engine_config
            .insert(key.into(), value.into());
        self
    }

    /// Sets an environment variable of the engine.
    pub fn engine_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.raw
            .runtime
            .engine_env
            .insert(name.into(), crate::raw::Secret::from(value.into()));
        self
    }

    /// Sets the priority when capacity is short, from 0 to 1000; higher ones scale up first.
    pub fn priority(mut self, priority: u32) -> Self {
        self.raw.autoscaling.priority = Some(priority);
        self
    }

    /// Sets the number of concurrent requests per replica that scaling aims for.
    pub fn concurrency(mut self, requests: u32) -> Self {
        self.raw.autoscaling.concurrency = Some(requests);
        self
    }

    /// Sets the capacity classes that replicas may run on, in order of preference.
    pub fn capacity_classes(mut self, classes: impl IntoIterator<Item = CapacityClass>) -> Self {
        self.raw.autoscaling.capacity_classes = classes.into_iter().collect();
        self
    }

    /// Sets the weight, from 0 to 1000, relative to the other deployments that serve the same model name.
    pub fn weight(mut self, weight: u32) -> Self {
        self.raw.traffic.weight = Some(weight);
        self
    }

    /// Creates the deployment disabled.
    pub fn disabled(mut self) -> Self {
        self.raw.disabled = Some(true);
        self
    }

    /// Lets weights be hot-loaded from below a path in a bucket. This cannot be changed later.
    pub fn hot_load(mut self, bucket: impl Into<String>, path_prefix: impl Into<String>) -> Self {
        self.raw.hot_load = Some(types::DeploymentHotLoad {
            bucket: Some(bucket.into()),
            path_prefix: Some(path_prefix.into()),
            transition_mode: Some(TransitionMode::Async),
            ..Default::default()
        });
        self
    }
}
