//! The server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::builder::FakeServerBuilder;
use crate::clock::Clock;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::operation::Operation;
use crate::request_log::RecordedRequest;
use crate::service::SeedError;
use crate::state::{AppState, lock};

/// A fake of the API.
///
/// [`start`](FakeServer::start) lets it listen on a loopback port until it is dropped. A fake that a
/// builder [builds](FakeServerBuilder::build) has no socket: it [handles](FakeServer::handle)
/// requests in-process.
///
/// ```
/// use coreweave_inference_fake::{FakeServer, Operation};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let fake = FakeServer::start().await?;
/// let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
/// println!("run a client with {} and {}", fake.url(), fake.token());
/// assert_eq!(fake.count(Operation::GetGateway), 0);
/// # Ok(())
/// # }
/// ```
pub struct FakeServer {
    pub(crate) address: SocketAddr,
    pub(crate) state: Arc<AppState>,
    /// The task that listens, if there is one.
    pub(crate) listener: Option<Listener>,
    /// In PEM, if the server speaks TLS.
    pub(crate) certificate: Option<String>,
}

/// A task that listens until it is told to stop.
pub(crate) struct Listener {
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) task: JoinHandle<()>,
}

impl FakeServer {
    /// Starts a server with an instant [`Clock`], on a port that the system picks.
    ///
    /// # Errors
    /// Returns an error if no port is available.
    pub async fn start() -> io::Result<FakeServer> {
        FakeServer::builder().start().await
    }

    /// Creates a builder for a server with other settings.
    pub fn builder() -> FakeServerBuilder {
        FakeServerBuilder::new()
    }

    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL for clients, such as `http://127.0.0.1:41234`. For a server that listens on all
    /// addresses it is the loopback one's; for one that does not listen, the port is 0.
    pub fn url(&self) -> String {
        url(self.address, self.certificate.is_some())
    }

    /// Returns the certificate for clients to trust, in PEM, if the server speaks TLS.
    #[cfg(feature = "tls")]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// Returns the first admin token.
    pub fn token(&self) -> &str {
        self.state.auth.token()
    }

    /// Returns the clock that decides when resources change.
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    /// Adds a fault, to be tried after those added before.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, FakeServer, Operation};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// fake.fault(Fault::status(503).on(Operation::GetGateway).times(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(&self, fault: Fault) {
        lock(&self.state.faults).add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        lock(&self.state.faults).clear();
    }

    /// Returns the latest requests, oldest first: as many as the log holds, and at most 32 MiB of bodies.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.state.log).requests()
    }

    /// Returns the number of requests of an operation.
    pub fn count(&self, operation: Operation) -> usize {
        lock(&self.state.log).count(operation)
    }

    /// Clears the requests and their numbers.
    pub fn clear_requests(&self) {
        lock(&self.state.log).clear();
    }

    /// Stores a gateway, in place of any with its id, and returns its id.
    ///
    /// The seed is an object with the optional members `spec` and `status`. No rules are checked,
    /// and unknown members are kept. What a valid resource needs and the seed lacks is added: id,
    /// name, configuration, timestamps, conditions, and `STATUS_READY`.
    ///
    /// The resource stays in its status until a request changes it, unless the seed has one of
    /// these members:
    ///
    /// - `"resume": true` continues what the status says the service is doing. For example, a
    ///   gateway in `STATUS_CREATING` becomes ready, and a running hot-load updates its replicas.
    /// - `transitions` are the statuses to go through, each some seconds by the clock after the
    ///   one before. With `"repeat": true` they start over at the end.
    ///
    /// ```
    /// use coreweave_inference_fake::{Clock, FakeServer};
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().clock(Clock::scaled(60.0)).start().await?;
    /// fake.seed_gateway(json!({"status": {"status": "STATUS_CREATING"}, "resume": true}))?;
    /// fake.seed_gateway(json!({
    ///     "spec": {"name": "chat"},
    ///     "transitions": [
    ///         {"afterSeconds": 600, "status": "STATUS_ERROR"},
    ///         {"afterSeconds": 60, "status": "STATUS_READY"},
    ///     ],
    ///     "repeat": true,
    /// }))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the seed is not such an object, or if another gateway has its name.
    pub fn seed_gateway(&self, gateway: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::Gateway, gateway)
    }

    /// Stores a deployment, as [`seed_gateway`](FakeServer::seed_gateway) does a gateway. Without
    /// `gatewayIds`, it uses the first gateway, which is seeded if there is none.
    ///
    /// # Errors
    /// See [`seed_gateway`](FakeServer::seed_gateway).
    pub fn seed_deployment(&self, deployment: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::Deployment, deployment)
    }

    /// Stores a capacity claim, as [`seed_gateway`](FakeServer::seed_gateway) does a gateway.
    ///
    /// # Errors
    /// See [`seed_gateway`](FakeServer::seed_gateway).
    pub fn seed_capacity_claim(&self, claim: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::CapacityClaim, claim)
    }

    /// Stores a hot-load, as [`seed_gateway`](FakeServer::seed_gateway) does a gateway, with
    /// `HOT_LOAD_STATE_COMPLETED` unless the seed says otherwise. Without `deploymentId`, it
    /// belongs to the first deployment, which is seeded if there is none. A member `replicas`
    /// beside `spec` and `status` sets its replicas.
    ///
    /// # Errors
    /// See [`seed_gateway`](FakeServer::seed_gateway).
    pub fn seed_hot_load(&self, hot_load: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::HotLoad, hot_load)
    }

    fn seed(&self, kind: Kind, seed: impl Serialize) -> Result<String, SeedError> {
        let seed = serde_json::to_value(seed).map_err(|error| SeedError::new(kind, error))?;
        let organization = self.state.auth.organization();
        lock(&self.state.service).seed(kind, organization, seed)
    }

    /// Returns everything stored and the time, as JSON for [`load_state`](FakeServer::load_state).
    pub fn state(&self) -> Value {
        lock(&self.state.service).dump()
    }

    /// Replaces everything stored, and moves the clock forward to the time of the state.
    ///
    /// # Errors
    /// Returns an error if the value is not what [`state`](FakeServer::state) returns.
    pub fn load_state(&self, state: Value) -> Result<(), SeedError> {
        lock(&self.state.service).load(state)
    }

    /// Loads the state from a file, if it exists, and keeps it there: the file is replaced before
    /// the response to each request that has changed the state, so that nothing is lost.
    ///
    /// # Errors
    /// Returns an error if the file holds no state, or cannot be written.
    pub fn keep_state_in(&self, file: impl Into<PathBuf>) -> Result<(), SeedError> {
        lock(&self.state.service).keep_in(file.into())
    }

    /// Stops listening, waits for requests in progress, and returns the final state.
    pub async fn shutdown(mut self) -> Value {
        if let Some(listener) = &mut self.listener {
            listener.stop.send_replace(true);
            // The task ends by itself, or was aborted with its runtime.
            let _ = (&mut listener.task).await;
        }
        // Nothing is lost but the time since the last change.
        let _ = lock(&self.state.service).save_now();
        self.state()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            listener.task.abort();
        }
    }
}

/// The URL at which clients on this machine reach a server.
pub(crate) fn url(address: SocketAddr, is_tls: bool) -> String {
    let scheme = if is_tls { "https" } else { "http" };
    let ip = reachable(address.ip());
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

/// The address itself, or the loopback address in place of all addresses.
pub(crate) fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

impl std::fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeServer")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
