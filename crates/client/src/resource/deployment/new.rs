//! A deployment that is yet to be created.

use std::ops::RangeInclusive;

use crate::ids::GatewayId;
use crate::raw::types::{self, CapacityClass, TransitionMode};
use crate::resource::kind;
use crate::resource::new::NewResource;

/// What share of a model's traffic a new deployment asks for unless it says otherwise.
const DEFAULT_WEIGHT: u32 = 100;

/// A deployment that is yet to be created.
///
/// ```
/// use coreweave_inference::{GatewayId, Gpus, Model, NewDeployment};
///
/// # let gateway = GatewayId::random();
/// let deployment = NewDeployment::new(
///     "llama",
///     [gateway],
///     "vllm",
///     Gpus::new("gb200-4x", 4),
///     Model::new("llama-3-8b", "my-models", "llama/3-8b"),
///     1..=4,
/// )
/// .engine_config("max-model-len", "8192")
/// .concurrency(32);
/// assert!(deployment.check().is_ok());
/// ```
pub type NewDeployment = NewResource<kind::Deployment>;

/// The instances that replicas run on: of which type, and how many GPUs for each replica.
///
/// ```
/// # use coreweave_inference::Gpus;
/// let gpus = Gpus::new("gb200-4x", 4);
/// assert_eq!(gpus.count, 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gpus {
    /// The instance type.
    pub instance_type: String,
    /// GPUs for each replica: 1, 2, 4, 8 or 16.
    pub count: u32,
}

impl Gpus {
    /// This many GPUs of an instance type.
    ///
    /// ```
    /// # use coreweave_inference::Gpus;
    /// let gpus = Gpus::new("gb200-4x", 4);
    /// # let _ = gpus;
    /// ```
    pub fn new(instance_type: impl Into<String>, count: u32) -> Self {
        Self {
            instance_type: instance_type.into(),
            count,
        }
    }
}

/// The model that a deployment serves: what requests call it, and where it lies.
///
/// ```
/// # use coreweave_inference::Model;
/// let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
/// assert_eq!(model.bucket, "my-models");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Model {
    /// The name by which requests ask for it, of 4 to 63 characters.
    pub name: String,
    /// The bucket that its weights lie in.
    pub bucket: String,
    /// The path of the weights in the bucket.
    pub path: String,
}

impl Model {
    /// A model of this name whose weights lie in a bucket at a path.
    ///
    /// ```
    /// # use coreweave_inference::Model;
    /// let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    /// # let _ = model;
    /// ```
    pub fn new(
        name: impl Into<String>,
        bucket: impl Into<String>,
        path: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            bucket: bucket.into(),
            path: path.into(),
        }
    }
}

impl NewResource<kind::Deployment> {
    /// A deployment that serves a model through gateways, on an engine, with between so many replicas.
    ///
    /// The engines, their versions and the instance types on offer are what
    /// [`parameters`](crate::Handle::parameters) says. Its share of the model's traffic is weight 100 unless
    /// [said otherwise](Self::weight).
    ///
    /// ```
    /// # use coreweave_inference::{GatewayId, Gpus, Model, NewDeployment};
    /// # let (near, far) = (GatewayId::random(), GatewayId::random());
    /// let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    /// let deployment = NewDeployment::new("llama", [near, far], "vllm", Gpus::new("gb200-4x", 4), model, 1..=4);
    /// # let _ = deployment;
    /// ```
    pub fn new(
        name: impl Into<String>,
        gateways: impl IntoIterator<Item = impl Into<GatewayId>>,
        engine: impl Into<String>,
        gpus: Gpus,
        model: Model,
        replicas: RangeInclusive<u32>,
    ) -> Self {
        Self::from_raw(types::CreateDeploymentRequest {
            name: name.into(),
            gateway_ids: gateways
                .into_iter()
                .map(|id| id.into().into_string())
                .collect(),
            runtime: types::DeploymentRuntime {
                engine: engine.into(),
                ..Default::default()
            },
            resources: types::DeploymentResources {
                instance_type: gpus.instance_type,
                gpu_count: gpus.count,
                ..Default::default()
            },
            model: types::DeploymentModel {
                name: model.name,
                bucket: model.bucket,
                path: model.path,
                ..Default::default()
            },
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

    /// The version of the engine. Otherwise it is the latest.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.engine_version("0.11.0");
    /// # let _ = new; }
    /// ```
    pub fn engine_version(mut self, version: impl Into<String>) -> Self {
        self.body.runtime.version = Some(version.into());
        self
    }

    /// A setting of the engine. Call it once for each.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.engine_config("max-model-len", "8192").engine_config("enable-prefix-caching", "true");
    /// # let _ = new; }
    /// ```
    pub fn engine_config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.body
            .runtime
            .engine_config
            .insert(key.into(), value.into());
        self
    }

    /// An environment variable of the engine. Call it once for each.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.engine_env("VLLM_LOGGING_LEVEL", "INFO");
    /// # let _ = new; }
    /// ```
    pub fn engine_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.body
            .runtime
            .engine_env
            .insert(name.into(), crate::raw::Secret::from(value.into()));
        self
    }

    /// Which deployments scale up first when capacity is short, from 0 to 1000.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.priority(10);
    /// # let _ = new; }
    /// ```
    pub fn priority(mut self, priority: u32) -> Self {
        self.body.autoscaling.priority = Some(priority);
        self
    }

    /// How many requests at once a replica is meant to serve; it is what scaling goes by.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.concurrency(32);
    /// # let _ = new; }
    /// ```
    pub fn concurrency(mut self, requests: u32) -> Self {
        self.body.autoscaling.concurrency = Some(requests);
        self
    }

    /// Which capacity replicas may run on, most preferred first.
    ///
    /// ```
    /// use coreweave_inference::CapacityClass;
    ///
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.capacity_classes([CapacityClass::Reserved, CapacityClass::OnDemand]);
    /// # let _ = new; }
    /// ```
    pub fn capacity_classes(mut self, classes: impl IntoIterator<Item = CapacityClass>) -> Self {
        self.body.autoscaling.capacity_classes = classes.into_iter().collect();
        self
    }

    /// The share of the model's traffic, from 0 to 1000, relative to the other deployments of the model.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let canary = new.weight(5);
    /// # let _ = canary; }
    /// ```
    pub fn weight(mut self, weight: u32) -> Self {
        self.body.traffic.weight = Some(weight);
        self
    }

    /// Creates it switched off.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.disabled();
    /// # let _ = new; }
    /// ```
    pub fn disabled(mut self) -> Self {
        self.body.disabled = Some(true);
        self
    }

    /// Lets weights be hot-loaded from under a path of a bucket. This needs the engine `dynamo-vllm`, and all gateways
    /// in one zone, and can't be changed later.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewDeployment) {
    /// let new = new.hot_load("my-snapshots", "llama/run-7");
    /// # let _ = new; }
    /// ```
    pub fn hot_load(mut self, bucket: impl Into<String>, path_prefix: impl Into<String>) -> Self {
        self.body.hot_load = Some(types::DeploymentHotLoad {
            bucket: Some(bucket.into()),
            path_prefix: Some(path_prefix.into()),
            transition_mode: Some(TransitionMode::Async),
            ..Default::default()
        });
        self
    }
}
