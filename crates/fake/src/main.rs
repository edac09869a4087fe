//! The server as a program, for tests in any language.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use coreweave_inference_fake::{Clock, FakeServer, Fault, RecordedRequest};

/// The speed of `--speed fast`: twenty minutes take two seconds.
const FAST: f64 = 600.0;

/// How long requests in progress may take during shutdown.
const GRACE: Duration = Duration::from_secs(5);

const EXAMPLES: &str = "\
Examples:
  Resources become ready on the first read:
    coreweave-inference-fake --listen 127.0.0.1:8080

  A gateway takes 0.3 seconds and a deployment two; the second read of a gateway fails:
    coreweave-inference-fake --speed fast \\
      --fault '{\"on\": [\"get_gateway\"], \"skip\": 1, \"times\": 1, \"effect\": {\"kind\": \"status\", \"status\": 503}}'

  One read in ten is reset:
    coreweave-inference-fake --seed 42 \\
      --fault '{\"on\": [\"get_gateway\"], \"probability\": 0.1, \"effect\": {\"kind\": \"reset\"}}'

  Two organizations, kept in a file between runs:
    coreweave-inference-fake --state fake.json \\
      --admin-token org-a=secret --viewer-token org-a=public --admin-token org-b=other

Once it listens:
    curl -H 'Authorization: Bearer any' http://127.0.0.1:8080/v1alpha1/inference/gateways
    curl -X POST -d '{\"seconds\": 600}' http://127.0.0.1:8080/__fake/clock/advance";

/// A fake server of the CoreWeave Inference API, for tests.
///
/// The first line on stdout has the URL; with --tls, the certificate to trust follows. Each
/// request is logged as a line on stderr. SIGINT or SIGTERM stops the program.
#[derive(Debug, Parser)]
#[command(name = "coreweave-inference-fake", version, after_help = EXAMPLES)]
struct Arguments {
    /// The address to listen on; with port 0, the system picks a port.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// How fast resources change.
    #[arg(long, value_enum, default_value_t = Speed::Instant)]
    speed: Speed,

    /// Makes ids and probabilities the same on every run.
    #[arg(long)]
    seed: Option<u64>,

    /// Loads the state from this file if it exists, and writes it there whenever it changes.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Adds a fault, in the JSON form of the control endpoint. May be repeated.
    #[arg(long, value_name = "JSON")]
    fault: Vec<Fault>,

    /// Accepts a token that may read and write. May be repeated. Without tokens, all are accepted.
    #[arg(long, value_name = "ORGANIZATION=TOKEN", value_parser = organization_and_token)]
    admin_token: Vec<(String, String)>,

    /// Accepts a token that may only read. May be repeated.
    #[arg(long, value_name = "ORGANIZATION=TOKEN", value_parser = organization_and_token)]
    viewer_token: Vec<(String, String)>,

    /// Lets a service account exchange this OIDC token. May be repeated.
    #[arg(long, value_name = "ORGANIZATION=UID=TOKEN", value_parser = service_account)]
    service_account: Vec<(String, String, String)>,

    /// Lets hot-loads be canceled, which the service does not support yet.
    #[arg(long)]
    cancel_supported: bool,

    /// Serves the models of ready gateways at the URLs of their endpoints.
    #[cfg(feature = "data-plane")]
    #[arg(long)]
    data_plane: bool,

    /// Speaks TLS with a self-signed certificate.
    #[cfg(feature = "tls")]
    #[arg(long)]
    tls: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Speed {
    /// Each read of a resource moves it to its next status.
    Instant,
    /// Six hundred times as fast as the service.
    Fast,
    /// As long as the service takes.
    Real,
}

fn organization_and_token(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((organization, token)) if !organization.is_empty() && !token.is_empty() => {
            Ok((organization.to_owned(), token.to_owned()))
        }
        _ => Err("expected ORGANIZATION=TOKEN".to_owned()),
    }
}

fn service_account(text: &str) -> Result<(String, String, String), String> {
    let parts: Vec<_> = text.splitn(3, '=').collect();
    match *parts {
        [organization, uid, token] if parts.iter().all(|part| !part.is_empty()) => {
            Ok((organization.to_owned(), uid.to_owned(), token.to_owned()))
        }
        _ => Err("expected ORGANIZATION=UID=TOKEN".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("coreweave-inference-fake: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let mut builder = FakeServer::builder()
        .listen(arguments.listen)
        .clock(match arguments.speed {
            Speed::Instant => Clock::instant(),
            Speed::Fast => Clock::scaled(FAST),
            Speed::Real => Clock::real(),
        })
        .cancel_supported(arguments.cancel_supported)
        .on_request(log);
    if let Some(seed) = arguments.seed {
        builder = builder.seed(seed);
    }
    for (organization, token) in arguments.admin_token {
        builder = builder.organization(organization).admin_token(token);
    }
    for (organization, token) in arguments.viewer_token {
        builder = builder.organization(organization).viewer_token(token);
    }
    for (organization, uid, token) in arguments.service_account {
        builder = builder
            .organization(organization)
            .service_account(uid, token);
    }
    #[cfg(feature = "data-plane")]
    if arguments.data_plane {
        builder = builder.data_plane();
    }
    #[cfg(feature = "tls")]
    if arguments.tls {
        builder = builder.tls();
    }
    let signals = stop_signals().map_err(|error| format!("failed to handle signals: {error}"))?;
    let fake = builder.start().await.map_err(|error| {
        format!(
            "failed to listen on {}: {error}; choose another address with --listen",
            arguments.listen
        )
    })?;
    if let Some(file) = arguments.state {
        fake.keep_state_in(file)
            .map_err(|error| error.to_string())?;
    }
    for fault in arguments.fault {
        fake.fault(fault);
    }
    announce(&fake).map_err(|error| format!("failed to write to stdout: {error}"))?;

    signals.await;
    // What has changed is in the file of the state already.
    let _ = tokio::time::timeout(GRACE, fake.shutdown()).await;
    Ok(())
}

/// Prints the URL, and the certificate if there is one.
fn announce(fake: &FakeServer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", fake.url())?;
    #[cfg(feature = "tls")]
    write!(out, "{}", fake.certificate().unwrap_or_default())?;
    out.flush()
}

/// Logs a request without its secrets.
fn log(request: &RecordedRequest) {
    let status = match request.response_status {
        Some(status) => status.to_string(),
        None => "reset".to_owned(),
    };
    let operation = request.operation.map_or("-", |operation| operation.name());
    let fault = request.fault.as_deref().unwrap_or_default();
    let (method, path, id) = (&request.method, &request.path, &request.request_id);
    eprintln!("{status} {method} {path} {operation} {id} {fault}");
}

#[cfg(unix)]
fn stop_signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signals() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
