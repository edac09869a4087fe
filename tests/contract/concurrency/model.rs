//! A model of the API, without HTTP, JSON and time: the possible outcomes of two concurrent calls.

use coreweave_inference::error::Reason;
use coreweave_inference::reason;

/// A call of a client. Slots stand for ids, names and so on. There are few, so that calls conflict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Call {
    CreateGateway {
        id: usize,
        name: usize,
        header: u32,
    },
    GetGateway {
        id: usize,
    },
    ListGateways,
    UpdateGateway {
        id: usize,
        header: u32,
    },
    DeleteGateway {
        id: usize,
    },
    CreateDeployment {
        id: usize,
        name: usize,
        gateway: usize,
        max: u32,
    },
    GetDeployment {
        id: usize,
    },
    ListDeployments {
        gateway: usize,
    },
    UpdateDeployment {
        id: usize,
        max: u32,
    },
    WeighDeployment {
        id: usize,
        weight: u32,
    },
    DeleteDeployment {
        id: usize,
    },
    CreateHotLoad {
        id: usize,
        deployment: usize,
        identity: usize,
    },
    GetHotLoad {
        id: usize,
    },
    ListHotLoads {
        deployment: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Status {
    Creating,
    Ready,
    Deleting,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LoadState {
    Pending,
    InProgress,
    Completed,
    Failed,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gateway {
    pub(crate) id: usize,
    pub(crate) name: usize,
    pub(crate) header: u32,
    pub(crate) status: Status,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deployment {
    pub(crate) id: usize,
    pub(crate) name: usize,
    pub(crate) gateway: usize,
    pub(crate) max: u32,
    pub(crate) weight: u32,
    pub(crate) status: Status,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HotLoad {
    pub(crate) id: usize,
    pub(crate) deployment: usize,
    pub(crate) identity: usize,
    pub(crate) state: LoadState,
}

/// The weight that every deployment is created with.
pub(crate) const WEIGHT: u32 = 100;

/// The result of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Gateways(Vec<Gateway>),
    Deployments(Vec<Deployment>),
    HotLoads(Vec<HotLoad>),
    NotFound,
    AlreadyExists(Option<Reason>),
    /// Failed precondition.
    Precondition(Precondition),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Precondition {
    GatewayInUse,
    HotLoadInProgress,
    Other,
}

/// The state of the server, each kind in order of creation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    pub(crate) gateways: Vec<Gateway>,
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) hot_loads: Vec<HotLoad>,
}

/// The progress of a call. A step is one request; the other call may run between two steps.
#[derive(Clone, Debug)]
enum Progress {
    Sent(Call),
    /// An update has read, and is about to write.
    Read(Change),
    /// A create failed because its id or name is taken, and is about to get the resource.
    Refused(Call),
    Done(Outcome),
}

#[derive(Clone, Debug)]
enum Change {
    Gateway(Gateway),
    Deployment(Deployment),
}

/// A possible state after two calls, and the result of each.
pub(crate) type End = (Model, Outcome, Outcome);

impl Model {
    /// Returns all possible outcomes of two concurrent calls.
    pub(crate) fn race(&self, one: Call, other: Call) -> Vec<End> {
        let mut ends = Vec::new();
        interleave(
            self,
            &Progress::Sent(one),
            &Progress::Sent(other),
            &mut ends,
        );
        ends
    }

    /// Starts pending hot-loads. Nothing else changes.
    pub(crate) fn tick(&mut self) {
        for load in self
            .hot_loads
            .iter_mut()
            .filter(|load| load.state == LoadState::Pending)
        {
            load.state = LoadState::InProgress;
        }
    }

    /// Completes everything that is in progress.
    pub(crate) fn settle(&mut self) {
        self.gateways
            .retain(|gateway| gateway.status != Status::Deleting);
        self.deployments
            .retain(|deployment| deployment.status != Status::Deleting);
        let deployments = &self.deployments;
        self.hot_loads.retain(|load| {
            deployments
                .iter()
                .any(|deployment| deployment.id == load.deployment)
        });
        for gateway in &mut self.gateways {
            gateway.status = Status::Ready;
        }
        for deployment in &mut self.deployments {
            deployment.status = Status::Ready;
        }
        for load in self.hot_loads.iter_mut().filter(|load| load.is_running()) {
            load.state = LoadState::Completed;
        }
    }

    fn step(&mut self, progress: &Progress) -> Progress {
        let next = match progress {
            Progress::Sent(call) => self.send(*call),
            Progress::Read(change) => self.write(change).map(Progress::Done),
            Progress::Refused(call) => Ok(Progress::Done(self.whose(*call))),
            Progress::Done(_) => Ok(progress.clone()),
        };
        next.unwrap_or_else(Progress::Done)
    }

    fn send(&mut self, call: Call) -> Result<Progress, Outcome> {
        let outcome = match call {
            Call::CreateGateway { id, name, header } => {
                if self
                    .gateways
                    .iter()
                    .any(|gateway| gateway.id == id || gateway.name == name)
                {
                    return Ok(Progress::Refused(call));
                }
                self.gateways.push(Gateway {
                    id,
                    name,
                    header,
                    status: Status::Creating,
                });
                Outcome::Gateways(vec![self.gateway(id)?.clone()])
            }
            Call::GetGateway { id } => Outcome::Gateways(vec![self.gateway(id)?.clone()]),
            Call::ListGateways => Outcome::Gateways(self.gateways.clone()),
            Call::UpdateGateway { id, header } => {
                let read = self.gateway(id)?.clone();
                // An update that changes nothing sends nothing.
                if read.header == header {
                    Outcome::Gateways(vec![read])
                } else {
                    let changed = Gateway { header, ..read };
                    return Ok(Progress::Read(Change::Gateway(changed)));
                }
            }
            Call::DeleteGateway { id } => {
                let used = self
                    .deployments
                    .iter()
                    .any(|deployment| deployment.gateway == id);
                let gateway = self.gateway(id)?;
                if used {
                    return Err(Outcome::Precondition(Precondition::GatewayInUse));
                }
                gateway.status = Status::Deleting;
                Outcome::Gateways(vec![gateway.clone()])
            }
            Call::CreateDeployment {
                id,
                name,
                gateway,
                max,
            } => {
                if self
                    .deployments
                    .iter()
                    .any(|deployment| deployment.id == id || deployment.name == name)
                {
                    return Ok(Progress::Refused(call));
                }
                if self.gateway(gateway)?.status == Status::Deleting {
                    return Err(Outcome::Precondition(Precondition::Other));
                }
                self.deployments.push(Deployment {
                    id,
                    name,
                    gateway,
                    max,
                    weight: WEIGHT,
                    status: Status::Creating,
                });
                Outcome::Deployments(vec![self.deployment(id)?.clone()])
            }
            Call::GetDeployment { id } => Outcome::Deployments(vec![self.deployment(id)?.clone()]),
            Call::ListDeployments { gateway } => {
                let behind = self
                    .deployments
                    .iter()
                    .filter(|deployment| deployment.gateway == gateway);
                Outcome::Deployments(behind.cloned().collect())
            }
            Call::UpdateDeployment { id, max } => {
                let read = self.deployment(id)?.clone();
                if read.max == max {
                    Outcome::Deployments(vec![read])
                } else {
                    let changed = Deployment { max, ..read };
                    return Ok(Progress::Read(Change::Deployment(changed)));
                }
            }
            Call::WeighDeployment { id, weight } => {
                let read = self.deployment(id)?.clone();
                if read.weight == weight {
                    Outcome::Deployments(vec![read])
                } else {
                    let changed = Deployment { weight, ..read };
                    return Ok(Progress::Read(Change::Deployment(changed)));
                }
            }
            Call::DeleteDeployment { id } => {
                let deployment = self.deployment(id)?;
                deployment.status = Status::Deleting;
                let deleted = deployment.clone();
                for load in self
                    .hot_loads
                    .iter_mut()
                    .filter(|load| load.deployment == id && load.is_running())
                {
                    load.state = LoadState::Failed;
                }
                Outcome::Deployments(vec![deleted])
            }
            Call::CreateHotLoad {
                id,
                deployment,
                identity,
            } => {
                let status = self.deployment(deployment)?.status;
                if self.hot_loads.iter().any(|load| load.id == id) {
                    return Ok(Progress::Refused(call));
                }
                let is_foreign =
                    |load: &HotLoad| load.identity == identity && load.deployment != deployment;
                if status != Status::Ready || self.hot_loads.iter().any(is_foreign) {
                    return Err(Outcome::Precondition(Precondition::Other));
                }
                self.refuse_running(deployment)?;
                let load = HotLoad {
                    id,
                    deployment,
                    identity,
                    state: LoadState::Pending,
                };
                self.hot_loads.push(load.clone());
                Outcome::HotLoads(vec![load])
            }
            Call::GetHotLoad { id } => Outcome::HotLoads(vec![self.hot_load(id)?.clone()]),
            Call::ListHotLoads { deployment } => {
                let into = self
                    .hot_loads
                    .iter()
                    .rev()
                    .filter(|load| load.deployment == deployment);
                Outcome::HotLoads(into.cloned().collect())
            }
        };
        Ok(Progress::Done(outcome))
    }

    /// Writes a complete spec, which shows in the status only later: an update that read before another one wrote reverts the other's change.
    fn write(&mut self, change: &Change) -> Result<Outcome, Outcome> {
        match change {
            Change::Gateway(changed) => {
                let gateway = self.gateway(changed.id)?;
                refuse_deleting(gateway.status)?;
                *gateway = Gateway {
                    status: gateway.status,
                    ..changed.clone()
                };
                Ok(Outcome::Gateways(vec![gateway.clone()]))
            }
            Change::Deployment(changed) => {
                refuse_deleting(self.deployment(changed.id)?.status)?;
                self.refuse_running(changed.id)?;
                let deployment = self.deployment(changed.id)?;
                *deployment = Deployment {
                    status: deployment.status,
                    ..changed.clone()
                };
                Ok(Outcome::Deployments(vec![deployment.clone()]))
            }
        }
    }

    /// Resolves a conflict of a create: a resource that equals the request counts as created.
    fn whose(&mut self, call: Call) -> Outcome {
        let found = match call {
            Call::CreateGateway { id, name, header } => self.gateway(id).map(|found| {
                (found.name == name && found.header == header)
                    .then(|| Outcome::Gateways(vec![found.clone()]))
            }),
            Call::CreateDeployment {
                id,
                name,
                gateway,
                max,
            } => self.deployment(id).map(|found| {
                let asked = found.name == name
                    && found.gateway == gateway
                    && found.max == max
                    && found.weight == WEIGHT;
                asked.then(|| Outcome::Deployments(vec![found.clone()]))
            }),
            Call::CreateHotLoad {
                id,
                deployment,
                identity,
            } => self.hot_load(id).map(|found| {
                let asked = found.deployment == deployment && found.identity == identity;
                asked.then(|| Outcome::HotLoads(vec![found.clone()]))
            }),
            other => panic!("{other:?} creates nothing"),
        };
        match found {
            Ok(Some(ours)) => ours,
            Ok(None) => Outcome::AlreadyExists(Some(reason::ID_TAKEN)),
            Err(_) => Outcome::AlreadyExists(Some(reason::NAME_TAKEN)),
        }
    }

    fn refuse_running(&self, deployment: usize) -> Result<(), Outcome> {
        let running = self
            .hot_loads
            .iter()
            .any(|load| load.deployment == deployment && load.is_running());
        if running {
            return Err(Outcome::Precondition(Precondition::HotLoadInProgress));
        }
        Ok(())
    }

    fn gateway(&mut self, id: usize) -> Result<&mut Gateway, Outcome> {
        self.gateways
            .iter_mut()
            .find(|gateway| gateway.id == id)
            .ok_or(Outcome::NotFound)
    }

    fn deployment(&mut self, id: usize) -> Result<&mut Deployment, Outcome> {
        self.deployments
            .iter_mut()
            .find(|deployment| deployment.id == id)
            .ok_or(Outcome::NotFound)
    }

    fn hot_load(&mut self, id: usize) -> Result<&mut HotLoad, Outcome> {
        self.hot_loads
            .iter_mut()
            .find(|load| load.id == id)
            .ok_or(Outcome::NotFound)
    }
}

impl HotLoad {
    fn is_running(&self) -> bool {
        matches!(self.state, LoadState::Pending | LoadState::InProgress)
    }
}

fn refuse_deleting(status: Status) -> Result<(), Outcome> {
    match status {
        Status::Deleting => Err(Outcome::Precondition(Precondition::Other)),
        _ => Ok(()),
    }
}

fn interleave(model: &Model, one: &Progress, other: &Progress, ends: &mut Vec<End>) {
    if let (Progress::Done(one), Progress::Done(other)) = (one, other) {
        ends.push((model.clone(), one.clone(), other.clone()));
        return;
    }
    if !matches!(one, Progress::Done(_)) {
        let mut model = model.clone();
        let one = model.step(one);
        interleave(&model, &one, other, ends);
    }
    if !matches!(other, Progress::Done(_)) {
        let mut model = model.clone();
        let other = model.step(other);
        interleave(&model, one, &other, ends);
    }
}
