//! Starting hot-loads.

use super::after_active::AfterActive;
use super::complete::complete;
use super::list::current;
use super::refusal::explain;
use super::{HotLoad, NewHotLoad};
use crate::call::{Call, Context, Target};
use crate::create::NewResource;
use crate::error::{Code, Error, ErrorKind};
use crate::raw::Operation;
use crate::raw::types::SnapshotType;
use crate::reason;
use crate::wait::Wait;

/// A hot-load that is ready to be started: `.await` starts it, and `.and_wait()` also waits until it is served.
pub type CreateHotLoad = Call<'static, Start, HotLoad>;

/// What a hot-load starts with.
#[derive(Clone, Debug)]
pub struct Start {
    pub(super) new: NewResource<HotLoad>,
    if_current: Option<Option<String>>,
}

impl CreateHotLoad {
    /// Starts the hot-load only if the deployment serves the snapshot with this identity, or with `None`, its base weights.
    /// Otherwise the error has the reason [`NOT_CURRENT`](reason::NOT_CURRENT).
    ///
    /// The API has no such condition: the identity is read right before the hot-load is created, and if another client
    /// completes a hot-load in between, this one starts nevertheless. The service only makes sure that one is active at a
    /// time, and that the previous snapshot of a delta was loaded at some time.
    ///
    /// ```no_run
    /// use coreweave_inference::{NewHotLoad, reason};
    ///
    /// # async fn example(client: coreweave_inference::Client, deployment: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let delta = NewHotLoad::incremental(&deployment, "step-101", "step-100");
    /// match client.hot_loads().create(delta).if_current(Some("step-100")).await {
    ///     Err(e) if e.is(reason::NOT_CURRENT) => println!("another trainer has loaded a snapshot"),
    ///     load => println!("{}", load?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn if_current(mut self, identity: Option<&str>) -> Self {
        self.body.if_current = Some(identity.map(str::to_owned));
        self
    }

    /// Starts the hot-load and waits until it is completed and every replica serves it; see
    /// [`wait_complete`](crate::Api::wait_complete).
    pub fn and_wait(self) -> Wait<'static, HotLoad> {
        let start = self.body;
        let until = complete(start.new.target.clone());
        let until = until.after(Operation::CREATE_HOT_LOAD, |context| {
            Box::pin(async move { Ok((start.create(&context).await?, None)) })
        });
        Wait::new(self.context, until)
    }

    /// Waits until the deployment can take a hot-load, and then starts this one: until its active hot-load has ended, and
    /// while it is updating.
    ///
    /// The progress callback gets the active hot-load, and [`on_error`](Wait::on_error) each refusal. A deployment that has
    /// failed, is being deleted or is disabled ends the wait with an error. The default timeout is an hour.
    pub fn after_active(self) -> Wait<'static, HotLoad> {
        let after = AfterActive(self.body);
        Wait::new(self.context, after)
    }
}

impl Start {
    pub(super) fn new(new: NewHotLoad) -> Self {
        Self {
            new: NewResource::new(new),
            if_current: None,
        }
    }

    /// Starts the hot-load. As its id is the same for each try, it is created once at most.
    pub(super) async fn create(&self, context: &Context) -> Result<HotLoad, Error> {
        let context = context.start();
        let body = &self.new.body;
        if let Some(expected) = &self.if_current {
            let deployment = Target::new(&body.deployment_id);
            let current = current(&context, &deployment).await?;
            let identity = current.as_ref().map(HotLoad::identity);
            // An earlier try may have started it although its response was lost.
            let started = current.as_ref().map(|load| load.id().as_str());
            if identity != expected.as_deref() && started != Some(self.new.target.text()) {
                return Err(self.not_current(identity, expected.as_deref()));
            }
        }
        let created = self.new.create(&context).await;
        created.map_err(|refused| explain(refused, body.type_ == SnapshotType::Incremental))
    }

    fn not_current(&self, current: Option<&str>, expected: Option<&str>) -> Error {
        let name = |identity: Option<&str>| match identity {
            Some(identity) => format!("`{identity}`"),
            None => "its base weights".to_owned(),
        };
        let NewResource { target, body } = &self.new;
        let deployment = &body.deployment_id;
        let (current, expected) = (name(current), name(expected));
        let message = format!("deployment {deployment} serves {current}, not {expected}");
        Error::new(ErrorKind::Invalid, message)
            .with_code(Code::FailedPrecondition)
            .with_operation(Operation::CREATE_HOT_LOAD)
            .with_resource_name(&body.identity)
            .with_resource_id(target.text())
            .with_reason(reason::NOT_CURRENT)
    }
}
