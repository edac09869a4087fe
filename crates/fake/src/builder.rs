//! The settings of a server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::auth::{Auth, Role};
use crate::clock::{Clock, Durations};
use crate::connection::{self, Protocol};
use crate::fault::FaultQueue;
use crate::request_log::{RecordedRequest, RequestLog};
use crate::server::{self, FakeServer, Listener};
use crate::service::Service;
use crate::state::{AppState, Observer};

/// How many requests the log holds by default.
const LOG_CAPACITY: usize = 10_000;

/// Configures and starts a [`FakeServer`].
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference_fake::{Clock, FakeServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let fake = FakeServer::builder()
///     .clock(Clock::manual("2026-01-01T00:00:00Z".parse()?))
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
    address: SocketAddr,
    clock: Clock,
    durations: Durations,
    random: fastrand::Rng,
    cancel_supported: bool,
    organization: String,
    auth: Auth,
    log_capacity: usize,
    observer: Option<Observer>,
    data_plane: bool,
    #[cfg(feature = "tls")]
    tls: bool,
}

impl FakeServerBuilder {
    pub(crate) fn new() -> FakeServerBuilder {
        FakeServerBuilder {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: Clock::instant(),
            durations: Durations::default(),
            random: fastrand::Rng::new(),
            cancel_supported: false,
            organization: Auth::DEFAULT_ORGANIZATION.to_owned(),
            auth: Auth::default(),
            log_capacity: LOG_CAPACITY,
            observer: None,
            data_plane: false,
            #[cfg(feature = "tls")]
            tls: false,
        }
    }

    /// Sets the address to listen on. The default is a loopback port that the system picks.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets the clock. The default is [`Clock::instant`].
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets how long changes take.
    pub fn durations(mut self, durations: Durations) -> Self {
        self.durations = durations;
        self
    }

    /// Seeds the random generator, so that ids and probabilities are the same on every run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// Sets whether hot-loads can be canceled. The default is UNIMPLEMENTED, as with the service.
    pub fn cancel_supported(mut self, supported: bool) -> Self {
        self.cancel_supported = supported;
        self
    }

    /// Sets the organization of the tokens and service accounts that follow.
    pub fn organization(mut self, organization: impl Into<String>) -> Self {
        self.organization = organization.into();
        self
    }

    /// Accepts a token that may read and write. While no token is set, every token is accepted.
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.auth.add(&self.organization, token.into(), Role::Admin);
        self
    }

    /// Accepts a token that may only read.
    pub fn viewer_token(mut self, token: impl Into<String>) -> Self {
        self.auth
            .add(&self.organization, token.into(), Role::Viewer);
        self
    }

    /// Lets a service account exchange this OIDC token for a bearer token of the organization that
    /// may read and write, and expires by the clock. Repeat it for more tokens or accounts. While
    /// neither an account nor a token is set, every exchange succeeds.
    ///
    /// ```
    /// use coreweave_inference_fake::{FakeServer, Fault, Operation};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = FakeServer::builder().service_account("ci", "token-of-the-workload");
    /// let fake = builder.start().await?;
    /// fake.fault(Fault::status(503).on(Operation::ExchangeToken).once());
    /// # Ok(())
    /// # }
    /// ```
    pub fn service_account(
        mut self,
        uid: impl Into<String>,
        oidc_token: impl Into<String>,
    ) -> Self {
        let (uid, oidc_token) = (uid.into(), oidc_token.into());
        self.auth
            .add_service_account(&self.organization, uid, oidc_token);
        self
    }

    /// Sets how many requests the log holds. The default is 10,000.
    pub fn request_log(mut self, requests: usize) -> Self {
        self.log_capacity = requests;
        self
    }

    /// Calls `observer` with each request, just before its response is sent.
    pub fn on_request(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Serves the models of ready gateways at the URLs of their endpoints, as OpenAI's API does.
    /// See the README for what it serves.
    #[cfg(feature = "data-plane")]
    pub fn data_plane(mut self) -> Self {
        self.data_plane = true;
        self
    }

    /// Speaks TLS with a self-signed certificate, which [`FakeServer::certificate`] returns.
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Builds a fake that does not listen, and handles requests in-process instead. It needs no
    /// runtime. The address to listen on and TLS have no effect.
    pub fn build(self) -> FakeServer {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        FakeServer {
            address,
            state: Arc::new(self.state(server::url(address, false))),
            listener: None,
            certificate: None,
        }
    }

    /// Starts the server on the current tokio runtime.
    ///
    /// # Errors
    /// Returns an error if the address is not available, or if no certificate can be created.
    pub async fn start(self) -> io::Result<FakeServer> {
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        #[cfg_attr(not(feature = "tls"), allow(unused_mut))]
        let (mut protocol, mut certificate) = (Protocol::Http, None);
        #[cfg(feature = "tls")]
        if self.tls {
            let (acceptor, pem) = crate::tls::self_signed(server::reachable(address.ip()))?;
            (protocol, certificate) = (Protocol::Https(acceptor), Some(pem));
        }
        let url = server::url(address, certificate.is_some());
        let state = Arc::new(self.state(url));
        let (stop, stopped) = watch::channel(false);
        let serving = connection::serve(listener, protocol, Arc::clone(&state), stopped);
        let task = tokio::spawn(serving);
        Ok(FakeServer {
            address,
            state,
            listener: Some(Listener { stop, task }),
            certificate,
        })
    }

    fn state(mut self, url: String) -> AppState {
        let faults = FaultQueue::new(self.random.fork());
        let service = Service::new(
            self.clock.clone(),
            self.durations,
            self.cancel_supported,
            self.random,
            self.data_plane.then_some(url),
        );
        AppState {
            service: Mutex::new(service),
            faults: Mutex::new(faults),
            log: Mutex::new(RequestLog::new(self.log_capacity)),
            clock: self.clock,
            auth: self.auth,
            observer: self.observer,
        }
    }
}

impl std::fmt::Debug for FakeServerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeServerBuilder")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
