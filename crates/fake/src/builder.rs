//! The settings of a server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::auth::{Auth, Role};
use crate::clock::{Clock, Durations};
use crate::connection::{self, Transport};
use crate::fault::FaultQueue;
use crate::request_log::{RecordedRequest, RequestLog};
use crate::server::FakeServer;
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

    /// Sets the organization of the tokens that follow.
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

    /// Speaks TLS with a self-signed certificate, which [`FakeServer::certificate`] returns.
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Starts the server on the current tokio runtime.
    ///
    /// # Errors
    /// Fails if the address is not available, or if no certificate can be created.
    pub async fn start(mut self) -> io::Result<FakeServer> {
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let (transport, certificate) = self.transport(address)?;
        let clock = self.clock.clone();
        let state = Arc::new(AppState {
            faults: Mutex::new(FaultQueue::new(self.random.fork())),
            service: Mutex::new(Service::new(
                self.clock,
                self.durations,
                self.cancel_supported,
                self.random,
            )),
            log: Mutex::new(RequestLog::new(self.log_capacity)),
            auth: self.auth,
            observer: self.observer,
        });
        let (stop, stopped) = watch::channel(false);
        let serving = connection::serve(listener, transport, Arc::clone(&state), stopped);
        Ok(FakeServer {
            address,
            clock,
            state,
            stop,
            task: tokio::spawn(serving),
            certificate,
        })
    }

    #[cfg(feature = "tls")]
    fn transport(&self, address: SocketAddr) -> io::Result<(Transport, Option<String>)> {
        if !self.tls {
            return Ok((Transport::Tcp, None));
        }
        let (acceptor, certificate) = crate::tls::self_signed(address.ip())?;
        Ok((Transport::Tls(acceptor), Some(certificate)))
    }

    #[cfg(not(feature = "tls"))]
    #[allow(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "the same signature as with TLS"
    )]
    fn transport(&self, _: SocketAddr) -> io::Result<(Transport, Option<String>)> {
        Ok((Transport::Tcp, None))
    }
}

impl std::fmt::Debug for FakeServerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeServerBuilder")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
