//! The fake as a program, for tests in any language.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use coreweave_inference_fake::{Clock, FakeServer, Fault, RecordedRequest};
use serde_json::Value;

/// How much faster than the service `--speed fast` is: twenty minutes take two seconds.
const FAST: f64 = 600.0;

/// How long requests under way may take to finish once the program is told to stop.
const GRACE: Duration = Duration::from_secs(5);

const EXAMPLES: &str = "\
Examples:
  Resources are ready as soon as somebody looks:
    coreweave-inference-fake --listen 127.0.0.1:8080

  A gateway takes 0.3 seconds, a deployment two; the second read of a gateway fails:
    coreweave-inference-fake --speed fast \\
      --fault '{\"on\": [\"get_gateway\"], \"skip\": 1, \"times\": 1, \"effect\": {\"kind\": \"status\", \"status\": 503}}'

  Every create is answered 503 twice, and one in ten reads is reset:
    coreweave-inference-fake --seed 42 --fault create_gateway=503:2 \\
      --fault '{\"on\": [\"get_gateway\"], \"probability\": 0.1, \"effect\": {\"kind\": \"reset\"}}'

  Two organizations, kept in a file between runs, over TLS:
    coreweave-inference-fake --tls --state fake.json \\
      --admin-token org-a=secret --viewer-token org-a=public --admin-token org-b=other

Once it listens:
    curl -H 'Authorization: Bearer any' http://127.0.0.1:8080/v1alpha1/inference/gateways
    curl -X POST -d '{\"seconds\": 600}' http://127.0.0.1:8080/__fake/clock/advance";

/// The CoreWeave Inference API as a fake server: real behaviour, no account, nothing costs money.
///
/// The first line on stdout says where it listens; with --tls the certificate to trust follows.
/// Each request is a line on stderr. SIGINT or SIGTERM stops it.
#[derive(Debug, Parser)]
#[command(name = "coreweave-inference-fake", version, after_help = EXAMPLES)]
struct Arguments {
    /// Where to listen; port 0 lets the system pick one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// How fast resources change.
    #[arg(long, value_enum, default_value_t = Speed::Instant)]
    speed: Speed,

    /// Makes ids and chance the same on every run.
    #[arg(long)]
    seed: Option<u64>,

    /// Loads the state from this file if it exists, and writes it back at the end.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Adds a fault: OPERATION=EFFECT[:TIMES], or JSON. May be repeated.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Fault>,

    /// Adds a token that may read and write; without any token, every token may. May be repeated.
    #[arg(long, value_name = "ORGANIZATION=TOKEN", value_parser = organization_and_token)]
    admin_token: Vec<(String, String)>,

    /// Adds a token that may read. May be repeated.
    #[arg(long, value_name = "ORGANIZATION=TOKEN", value_parser = organization_and_token)]
    viewer_token: Vec<(String, String)>,

    /// Lets hot-loads be cancelled, which the service does not do so far.
    #[arg(long)]
    cancel_supported: bool,

    /// Speaks TLS with a self-signed certificate, printed after the first line.
    #[cfg(feature = "tls")]
    #[arg(long)]
    tls: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Speed {
    /// Each look at a resource moves it on to its next status.
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
        _ => Err("write ORGANIZATION=TOKEN".to_owned()),
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
    let state = arguments
        .state
        .as_deref()
        .map(read_state)
        .transpose()?
        .flatten();
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
    #[cfg(feature = "tls")]
    if arguments.tls {
        builder = builder.tls();
    }
    let signals = stop_signals().map_err(|error| format!("watch for signals: {error}"))?;
    let fake = builder.start().await.map_err(|error| {
        format!(
            "listen on {}: {error}; choose another with --listen",
            arguments.listen
        )
    })?;
    if let Some(state) = state {
        fake.load_state(state).map_err(|error| error.to_string())?;
    }
    arguments
        .fault
        .into_iter()
        .for_each(|fault| fake.fault(fault));
    announce(&fake).map_err(|error| format!("write to stdout: {error}"))?;

    signals.await;
    let before = fake.state();
    let state = tokio::time::timeout(GRACE, fake.shutdown())
        .await
        .unwrap_or(before);
    match &arguments.state {
        Some(file) => write_state(file, &state),
        None => Ok(()),
    }
}

/// Says where it listens, and what to trust.
fn announce(fake: &FakeServer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", fake.url())?;
    #[cfg(feature = "tls")]
    write!(out, "{}", fake.certificate().unwrap_or_default())?;
    out.flush()
}

/// One line for each request, without its secrets.
fn log(request: &RecordedRequest) {
    let status = request
        .response_status
        .map_or("cut".to_owned(), |status| status.to_string());
    let operation = request
        .operation
        .map_or("-".to_owned(), |operation| operation.to_string());
    let fault = request
        .fault
        .as_ref()
        .map_or(String::new(), |fault| format!(" fault: {fault}"));
    let RecordedRequest {
        method,
        path,
        request_id,
        ..
    } = request;
    eprintln!("{status} {method} {path} {operation} {request_id}{fault}");
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

/// The state in the file; none when there is no file yet.
fn read_state(file: &Path) -> Result<Option<Value>, String> {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("read the state from {}: {error}", file.display())),
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        format!(
            "read the state from {}: {error}; delete it to begin anew",
            file.display()
        )
    })
}

/// Writes the state whole or not at all: beside the file first, then in its place.
fn write_state(file: &Path, state: &Value) -> Result<(), String> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let write = || {
        fs::write(&beside, format!("{state:#}\n"))?;
        fs::rename(&beside, file)
    };
    write().map_err(|error| format!("write the state to {}: {error}", file.display()))
}
