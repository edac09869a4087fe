//! Shifting traffic between the deployments of a model.

use std::collections::VecDeque;
use std::convert::Infallible;

use super::{Deployment, DeploymentId};
use crate::api::Api;
use crate::call::{Call, Context, Target};
use crate::error::{Error, FieldViolation};
use crate::list::{self, Filter};
use crate::raw::Operation;
use crate::resource::IntoId;
use crate::update::{self, Change};
use crate::wait::{Goal, Probe, Progress, Rules, State, Step, Verdict, Wait, describe, verdict};

/// A shift of traffic that is ready to be sent: `.await` sends it, and `.and_wait()` also waits for what gets traffic.
pub type ShiftTraffic = Call<'static, Shift, Vec<Deployment>>;

/// A shift of traffic, as far as it has come.
#[derive(Clone, Debug)]
pub struct Shift {
    model: String,
    weights: Vec<(Target<Deployment>, u32)>,
    /// What is left to change, raises first; nothing before it is planned.
    changes: Option<VecDeque<WeightChange>>,
    /// What has to be ready before a weight is lowered.
    gets_traffic: Vec<DeploymentId>,
    updated: Vec<Deployment>,
    /// What was changed, for messages.
    changed: Vec<String>,
}

impl Api<Deployment> {
    /// Shifts traffic between the deployments of a model: sets the weights of these, and leaves the others as they are.
    /// Returns the deployments that changed.
    ///
    /// Weights are raised before others are lowered. So the model is never without traffic, whatever the order of the
    /// arguments and wherever a failure or a crash ends the shift. The error then says what was changed; repeating the call
    /// does the rest. Weights that are as they should be send nothing.
    ///
    /// The API has no transactions: between two updates, the shares are those of the weights so far.
    ///
    /// ```no_run
    /// # use coreweave_inference::{Client, DeploymentId, Error};
    /// # async fn example(client: Client, stable: DeploymentId, canary: DeploymentId) -> Result<(), Error> {
    /// client.deployments().shift_traffic("llama-3", [(&stable, 90), (&canary, 10)]).and_wait().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error and sends nothing if a deployment does not serve the model, or if all weights of enabled deployments
    /// would be 0.
    pub fn shift_traffic(
        &self,
        model: impl Into<String>,
        weights: impl IntoIterator<Item = (impl IntoId<Deployment>, u32)>,
    ) -> ShiftTraffic {
        let weights = weights.into_iter();
        let shift = Shift {
            model: model.into(),
            weights: weights
                .map(|(id, weight)| (Target::new(id), weight))
                .collect(),
            changes: None,
            gets_traffic: Vec::new(),
            updated: Vec::new(),
            changed: Vec::new(),
        };
        Call::new(self.context(), shift, |context, mut shift| {
            Box::pin(async move {
                let context = context.start();
                shift.plan(&context).await?;
                while shift.change(&context).await? {}
                Ok(shift.updated)
            })
        })
    }
}

impl ShiftTraffic {
    /// Shifts the traffic, and lowers no weight until the deployments that get traffic are ready.
    ///
    /// One that fails, is deleted or is disabled ends the wait with an error. The default timeout is an hour.
    pub fn and_wait(self) -> Wait<'static, Deployment, Vec<Deployment>> {
        Wait::new(self.context, self.body)
    }
}

/// A deployment, and the weight that it gets.
#[derive(Clone, Debug)]
struct WeightChange {
    deployment: Deployment,
    weight: u32,
}

impl WeightChange {
    fn lowers(&self) -> bool {
        self.weight < self.deployment.weight()
    }
}

impl Shift {
    /// Compares the weights with those that the deployments have.
    async fn plan(&mut self, context: &Context) -> Result<(), Error> {
        let model = &self.model;
        let mut others: Vec<Deployment> = list::list(context, &Filter::default()).await?;
        others.retain(|deployment| deployment.model_name() == model);
        let mut changes: Vec<WeightChange> = Vec::new();
        for (target, weight) in &self.weights {
            let id = target.id(Operation::UPDATE_DEPLOYMENT)?;
            if let Some(index) = others.iter().position(|deployment| deployment.id() == id) {
                let (deployment, weight) = (others.swap_remove(index), *weight);
                changes.push(WeightChange { deployment, weight });
            } else if changes.iter().any(|change| change.deployment.id() == id) {
                return Err(refused(format!("deployment {id} is given twice")));
            } else {
                return Err(refused(format!(
                    "deployment {id} does not serve the model `{model}`"
                )));
            }
        }
        let weights_of_others = others.iter().filter(|other| !other.is_disabled());
        let mut before: u64 = weights_of_others
            .map(|other| u64::from(other.weight()))
            .sum();
        let mut after = before;
        for change in changes
            .iter()
            .filter(|change| !change.deployment.is_disabled())
        {
            before += u64::from(change.deployment.weight());
            after += u64::from(change.weight);
        }
        if after == 0 && before > 0 && others.len() + changes.len() > 1 {
            return Err(refused(format!(
                "no enabled deployment of the model `{model}` would get traffic"
            )));
        }
        let gets_traffic = changes
            .iter()
            .filter(|change| !change.lowers() && change.weight > 0);
        self.gets_traffic = gets_traffic
            .map(|change| change.deployment.id().clone())
            .collect();
        changes.retain(|change| change.weight != change.deployment.weight());
        let (lowered, raised): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(WeightChange::lowers);
        self.changes = Some(raised.into_iter().chain(lowered).collect());
        Ok(())
    }

    fn next(&self) -> Option<&WeightChange> {
        self.changes.as_ref()?.front()
    }

    /// Sends the next change. Returns false if there is none.
    async fn change(&mut self, context: &Context) -> Result<bool, Error> {
        let Some(WeightChange { deployment, weight }) = self.next() else {
            return Ok(false);
        };
        let (id, weight) = (deployment.id().clone(), *weight);
        let change = Change::edit(Target::new(id), move |spec| {
            spec.traffic.weight = Some(weight);
            Ok::<_, Infallible>(())
        });
        let done = format!("{} {} -> {weight}", deployment.name(), deployment.weight());
        let updated = update::run(context.clone(), change).await;
        let updated = updated.map_err(|error| match self.changed.is_empty() {
            true => error,
            false => error.with_note(&format!("changed before: {}", self.changed.join(", "))),
        })?;
        self.updated.push(updated);
        self.changed.push(done);
        self.changes.as_mut().and_then(VecDeque::pop_front);
        Ok(true)
    }
}

fn refused(why: String) -> Error {
    let violations = vec![FieldViolation::new("traffic.weight", why)];
    Error::invalid(Operation::UPDATE_DEPLOYMENT, violations)
}

impl Probe<Deployment, Vec<Deployment>> for Shift {
    fn step(&mut self, context: Context, rules: Rules) -> Step<'_, Deployment, Vec<Deployment>> {
        Box::pin(async move {
            let reads = context.without_retries();
            if self.changes.is_none() {
                self.plan(&reads).await?;
            }
            while self.next().is_some_and(|change| !change.lowers()) {
                self.change(&context).await?;
            }
            while let Some(id) = self.gets_traffic.first() {
                let deployment: Deployment = reads.get(id).await?;
                match verdict(Operation::GET_DEPLOYMENT, &deployment, rules) {
                    Verdict::Ready => drop(self.gets_traffic.remove(0)),
                    Verdict::Failed(error) => return Ok(Progress::failed(deployment, error)),
                    Verdict::Pending => {
                        let reason = describe(&deployment);
                        return Ok(Progress::new(deployment, State::Pending(Some(reason))));
                    }
                }
            }
            while self.change(&context).await? {}
            Ok(Progress::done(std::mem::take(&mut self.updated)))
        })
    }

    /// An update has been retried already.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient() && error.operation().is_some_and(Operation::is_read_only)
    }

    fn goal(&self, _: Option<&Deployment>) -> Goal {
        let changed = match self.changed.is_empty() {
            true => String::new(),
            false => format!(" (changed so far: {})", self.changed.join(", ")),
        };
        Goal {
            operation: Operation::UPDATE_DEPLOYMENT,
            id: None,
            text: format!(
                "the traffic of the model `{}` to shift{changed}",
                self.model
            ),
        }
    }
}
