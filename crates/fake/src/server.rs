//! The server: starting it, and talking to it from the test that started it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::api::{self, Observer, Shared};
use crate::clock::{Clock, Durations};
use crate::connection::{self, Carrier};
use crate::fault::{Fault, Plan};
use crate::kind::Kind;
use crate::lock::lock;
use crate::operation::Operation;
use crate::request_log::{Entry, RecordedRequest, RequestLog};
use crate::tenancy::{DEFAULT_ORGANIZATION, Role, Tenancy};
use crate::world::{SeedError, World};

/// How many requests the log keeps unless told otherwise.
const LOG_CAPACITY: usize = 10_000;

/// A fake of the API that listens on a loopback port until it is dropped.
///
/// ```
/// use coreweave_inference_fake::{FakeServer, Operation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let fake = FakeServer::start().await?;
/// let gateway = fake.seed_gateway(serde_json::json!({"spec": {"name": "chat"}}))?;
/// // Point a client at fake.url() with fake.token(), then ask what it did:
/// assert_eq!(fake.count(Operation::GetGateway), 0);
/// assert_eq!(fake.state()["gateways"][0]["resource"]["spec"]["id"], gateway);
/// # Ok(())
/// # }
/// ```
pub struct FakeServer {
    address: SocketAddr,
    clock: Clock,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    #[cfg(feature = "tls")]
    certificate: Option<String>,
}

impl FakeServer {
    /// Starts with an instant [`Clock`], on a port that the system picks.
    ///
    /// # Errors
    /// When no port can be had.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// assert!(fake.url().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start() -> io::Result<FakeServer> {
        FakeServer::builder().start().await
    }

    /// For a fake with other settings.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().seed(42).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> FakeServerBuilder {
        FakeServerBuilder {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: Clock::instant(),
            durations: Durations::default(),
            random: fastrand::Rng::new(),
            cancel_supported: false,
            organization: DEFAULT_ORGANIZATION.to_owned(),
            tenancy: Tenancy::default(),
            log_capacity: LOG_CAPACITY,
            observer: None,
            #[cfg(feature = "tls")]
            tls: false,
        }
    }

    /// Where it listens.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// let connection = tokio::net::TcpStream::connect(fake.address()).await?;
    /// # drop(connection);
    /// # Ok(())
    /// # }
    /// ```
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for a client, such as `http://127.0.0.1:41234`.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// println!("CW_BASE_URL={} CW_API_TOKEN={}", fake.url(), fake.token());
    /// # Ok(())
    /// # }
    /// ```
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme(), self.address)
    }

    #[cfg(feature = "tls")]
    fn scheme(&self) -> &'static str {
        if self.certificate.is_some() {
            "https"
        } else {
            "http"
        }
    }

    #[cfg(not(feature = "tls"))]
    fn scheme(&self) -> &'static str {
        "http"
    }

    /// The certificate to trust, in PEM, when it speaks TLS.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().tls().start().await?;
    /// let pem = fake.certificate().unwrap_or_default();
    /// assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// A token that may do everything in the first organization that has an admin.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().viewer_token("a-viewer").admin_token("a-admin").start().await?;
    /// assert_eq!(fake.token(), "a-admin");
    /// # Ok(())
    /// # }
    /// ```
    pub fn token(&self) -> &str {
        self.shared.tenancy.token()
    }

    /// The clock that its resources live by.
    ///
    /// ```
    /// use std::time::Duration;
    /// use chrono::Utc;
    /// use coreweave_inference_fake::{Clock, FakeServer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().clock(Clock::manual(Utc::now())).start().await?;
    /// fake.clock().advance(Duration::from_secs(600)); // what was being created is ready now
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Adds a fault behind those that are there.
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
        lock(&self.shared.faults).add(fault);
    }

    /// Forgets all faults.
    ///
    /// ```
    /// use coreweave_inference_fake::{Fault, FakeServer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// fake.fault(Fault::reset_before_effect());
    /// // How does the program put up with an outage?
    /// fake.clear_faults();
    /// // And does it recover?
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// The requests answered so far, oldest first: the last ten thousand unless told otherwise,
    /// and no more than fit into 32 MiB.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// // Run what is to be tested, and then:
    /// for request in fake.requests() {
    ///     println!("{} {} -> {:?}", request.method, request.path, request.response_status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        let entries = lock(&self.shared.log).entries();
        entries.iter().map(Entry::read).collect()
    }

    /// How often an operation was called.
    ///
    /// ```
    /// use coreweave_inference_fake::{FakeServer, Operation};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// // Run what is to be tested, and then:
    /// assert_eq!(fake.count(Operation::CreateGateway), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn count(&self, operation: Operation) -> usize {
        lock(&self.shared.log).count(operation)
    }

    /// Forgets the requests answered so far.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// // Set the scene through the API, and then:
    /// fake.clear_requests();
    /// assert!(fake.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }

    /// Puts a gateway in, `{"spec": {…}, "status": {…}}`, in place of any with its id, and gives
    /// its id.
    ///
    /// No rule is applied, and unknown members are kept. What is left out is filled in: an id, the
    /// organization, timestamps, and `STATUS_READY`. It stays in its status until a request or
    /// another seed changes it.
    ///
    /// # Errors
    /// When it is no JSON object, or its name belongs to another.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// let id = fake.seed_gateway(json!({"spec": {"name": "chat"}, "status": {"status": "STATUS_FAILED"}}))?;
    /// # drop(id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed_gateway(&self, gateway: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::Gateway, gateway)
    }

    /// Puts a deployment in, as [`seed_gateway`](FakeServer::seed_gateway) does a gateway.
    ///
    /// # Errors
    /// When it is no JSON object, or its name belongs to another.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
    /// let id = fake.seed_deployment(json!({"spec": {"name": "llama", "gatewayIds": [gateway]}}))?;
    /// # drop(id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed_deployment(&self, deployment: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::Deployment, deployment)
    }

    /// Puts a capacity claim in, as [`seed_gateway`](FakeServer::seed_gateway) does a gateway.
    ///
    /// # Errors
    /// When it is no JSON object, or its name belongs to another.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// let id = fake.seed_capacity_claim(json!({"spec": {"name": "reserve"}}))?;
    /// # drop(id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed_capacity_claim(&self, claim: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::CapacityClaim, claim)
    }

    /// Puts a hot-load in, as [`seed_gateway`](FakeServer::seed_gateway) does a gateway; its
    /// status is `HOT_LOAD_STATE_COMPLETED` unless given, and its replicas come as a member
    /// `replicas` beside `spec` and `status`.
    ///
    /// # Errors
    /// When it is no JSON object.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// let id = fake.seed_hot_load(json!({"spec": {"identity": "step-100"}}))?;
    /// # drop(id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed_hot_load(&self, hot_load: impl Serialize) -> Result<String, SeedError> {
        self.seed(Kind::HotLoad, hot_load)
    }

    fn seed(&self, kind: Kind, resource: impl Serialize) -> Result<String, SeedError> {
        let resource = serde_json::to_value(resource)
            .map_err(|error| SeedError::new(format!("seed a {}: {error}", kind.noun())))?;
        let organization = self.shared.tenancy.organization();
        lock(&self.shared.world).seed(kind, organization, resource)
    }

    /// All that it knows, as JSON for [`load_state`](FakeServer::load_state).
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// fake.seed_gateway(serde_json::json!({"spec": {"name": "chat"}}))?;
    /// assert_eq!(fake.state()["gateways"][0]["resource"]["spec"]["name"], "chat");
    /// # Ok(())
    /// # }
    /// ```
    pub fn state(&self) -> Value {
        lock(&self.shared.world).dump().unwrap_or_default()
    }

    /// Puts a state that was dumped in place of all that it knows.
    ///
    /// # Errors
    /// When it is no such dump.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let first = FakeServer::start().await?;
    /// first.seed_gateway(serde_json::json!({"spec": {"name": "chat"}}))?;
    /// let second = FakeServer::start().await?;
    /// second.load_state(first.state())?;
    /// assert_eq!(second.state(), first.state());
    /// # Ok(())
    /// # }
    /// ```
    pub fn load_state(&self, state: Value) -> Result<(), SeedError> {
        lock(&self.shared.world).load_dump(state)
    }

    /// Stops listening, lets the requests under way finish, and gives the final state.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::start().await?;
    /// let state = fake.shutdown().await;
    /// assert_eq!(state["gateways"].as_array().map(Vec::len), Some(0));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(mut self) -> Value {
        self.stop.send_replace(true);
        // It ends by itself, or was aborted with its runtime: over in either case.
        let _ = (&mut self.serving).await;
        self.state()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl std::fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeServer")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The settings of a [`FakeServer`] to be.
///
/// ```
/// use std::time::Duration;
/// use chrono::Utc;
/// use coreweave_inference_fake::{Clock, FakeServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let fake = FakeServer::builder()
///     .clock(Clock::manual(Utc::now()))
///     .seed(42)
///     .organization("org-a")
///     .admin_token("a-admin")
///     .viewer_token("a-viewer")
///     .organization("org-b")
///     .admin_token("b-admin")
///     .start()
///     .await?;
/// fake.clock().advance(Duration::from_secs(60));
/// # Ok(())
/// # }
/// ```
pub struct FakeServerBuilder {
    listen: SocketAddr,
    clock: Clock,
    durations: Durations,
    random: fastrand::Rng,
    cancel_supported: bool,
    organization: String,
    tenancy: Tenancy,
    log_capacity: usize,
    observer: Option<Observer>,
    #[cfg(feature = "tls")]
    tls: bool,
}

impl FakeServerBuilder {
    /// Listens here instead of on a loopback port that the system picks.
    ///
    /// ```no_run
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().listen("[::1]:0".parse()?).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Lives by this clock instead of an instant one.
    ///
    /// ```
    /// use coreweave_inference_fake::{Clock, FakeServer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let twice_as_fast = FakeServer::builder().clock(Clock::scaled(2.0)).start().await?;
    /// # drop(twice_as_fast);
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Changes how long things take.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference_fake::{Durations, FakeServer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let slow = Durations { gateway_create: Duration::from_secs(3600), ..Durations::default() };
    /// let fake = FakeServer::builder().durations(slow).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn durations(mut self, durations: Durations) -> Self {
        self.durations = durations;
        self
    }

    /// Makes ids and chance the same on every run.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = serde_json::json!({"spec": {"name": "chat"}});
    /// let one = FakeServer::builder().seed(42).start().await?.seed_gateway(&gateway)?;
    /// let two = FakeServer::builder().seed(42).start().await?.seed_gateway(&gateway)?;
    /// assert_eq!(one, two);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// Whether hot-loads can be cancelled; the service answers UNIMPLEMENTED so far.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().cancel_supported(true).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel_supported(mut self, supported: bool) -> Self {
        self.cancel_supported = supported;
        self
    }

    /// The organization of the tokens that follow.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // Two tenants, neither of which sees what the other has.
    /// let fake = FakeServer::builder()
    ///     .organization("org-a")
    ///     .admin_token("a-admin")
    ///     .organization("org-b")
    ///     .admin_token("b-admin")
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn organization(mut self, organization: impl Into<String>) -> Self {
        self.organization = organization.into();
        self
    }

    /// A token that may do everything in the organization. Once there is any token, no other is
    /// accepted; without one, any token is.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // Anything but this token is answered UNAUTHENTICATED.
    /// let fake = FakeServer::builder().admin_token("a-admin").start().await?;
    /// assert_eq!(fake.token(), "a-admin");
    /// # Ok(())
    /// # }
    /// ```
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.tenancy
            .add(&self.organization, token.into(), Role::Admin);
        self
    }

    /// A token that may only read what the organization has.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // What changes something is answered PERMISSION_DENIED to `a-viewer`.
    /// let fake = FakeServer::builder().admin_token("a-admin").viewer_token("a-viewer").start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn viewer_token(mut self, token: impl Into<String>) -> Self {
        self.tenancy
            .add(&self.organization, token.into(), Role::Viewer);
        self
    }

    /// How many requests the log keeps.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().request_log(100).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request_log(mut self, requests: usize) -> Self {
        self.log_capacity = requests;
        self
    }

    /// Calls this with each request once it is answered.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder()
    ///     .on_request(|request| eprintln!("{} {}", request.method, request.path))
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_request(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Speaks TLS with a certificate of its own; [`FakeServer::certificate`] is what to trust.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().tls().start().await?;
    /// assert!(fake.url().starts_with("https://"));
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Starts listening, on the runtime of the caller.
    ///
    /// # Errors
    /// When the address can't be had, or no certificate be made.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().start().await?;
    /// assert!(fake.address().ip().is_loopback());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(mut self) -> io::Result<FakeServer> {
        let listener = TcpListener::bind(self.listen).await?;
        let address = listener.local_addr()?;
        #[cfg(feature = "tls")]
        let (carrier, certificate) =
            match self.tls.then(|| crate::tls::own_certificate(address.ip())) {
                Some(made) => {
                    let (acceptor, certificate) = made?;
                    (Carrier::Tls(acceptor), Some(certificate))
                }
                None => (Carrier::Plain, None),
            };
        #[cfg(not(feature = "tls"))]
        let carrier = Carrier::Plain;
        let faults = Plan::new(self.random.fork());
        let clock = self.clock.clone();
        let world = World::new(
            self.clock,
            self.durations,
            self.cancel_supported,
            self.random,
        );
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            faults: Mutex::new(faults),
            log: Mutex::new(RequestLog::new(self.log_capacity)),
            tenancy: self.tenancy,
            observer: self.observer,
        });
        let (stop, stopped) = watch::channel(false);
        let router = api::router(Arc::clone(&shared));
        let serving = tokio::spawn(connection::serve(listener, carrier, router, stopped));
        Ok(FakeServer {
            address,
            clock,
            shared,
            stop,
            serving,
            #[cfg(feature = "tls")]
            certificate,
        })
    }
}

impl std::fmt::Debug for FakeServerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeServerBuilder")
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}
