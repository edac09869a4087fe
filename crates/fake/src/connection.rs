//! Connections, which faults can reset.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{Reset, max_body};
use crate::error::ApiError;
use crate::state::AppState;

/// The most bytes of a body that are read, so that a client that sends too many gets a response
/// rather than a reset.
const MAX_READ: usize = 64 * 1024 * 1024;

/// How long to wait after a connection could not be accepted, as without file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// What runs on a connection.
#[derive(Clone)]
pub(crate) enum Protocol {
    Http,
    #[cfg(feature = "tls")]
    Https(tokio_rustls::TlsAcceptor),
}

/// Serves connections until `stop` changes, then lets requests in progress finish.
pub(crate) async fn serve(
    listener: TcpListener,
    protocol: Protocol,
    state: Arc<AppState>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (protocol, state) = (protocol.clone(), Arc::clone(&state));
                    connections.spawn(serve_connection(stream, protocol, state, stop.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(
    stream: TcpStream,
    protocol: Protocol,
    state: Arc<AppState>,
    stop: watch::Receiver<bool>,
) {
    // Without it small responses wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    match protocol {
        Protocol::Http => serve_http(stream, |stream| stream, state, stop).await,
        #[cfg(feature = "tls")]
        Protocol::Https(acceptor) => {
            let mut stopped = stop.clone();
            let accepted = tokio::select! {
                accepted = acceptor.accept(stream) => accepted,
                _ = stopped.changed() => return,
            };
            // A client that does not trust the certificate ends the handshake.
            if let Ok(stream) = accepted {
                serve_http(stream, |stream| stream.into_inner().0, state, stop).await;
            }
        }
    }
}

async fn serve_http<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    into_tcp: impl FnOnce(S) -> TcpStream,
    state: Arc<AppState>,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(|request: Request<Incoming>| {
        let state = Arc::clone(&state);
        async move {
            let (parts, body) = request.into_parts();
            let body = read(body, max_body(parts.uri.path())).await;
            state.handle(parts, body).await
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        result = &mut connection => Some(result),
        _ = stop.changed() => None,
    };
    let result = match ended {
        Some(result) => result,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    let is_reset = |error: hyper::Error| error.source().is_some_and(|source| source.is::<Reset>());
    if result.is_err_and(is_reset) {
        // Without lingering, closing the socket sends RST instead of FIN.
        let stream = into_tcp(connection.into_parts().io.into_inner());
        let _ = stream.set_zero_linger();
    }
}

/// Reads a body of at most `limit` bytes, and what is sent beyond that.
async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, ApiError> {
    let mut bytes = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|error| ApiError::malformed(format!("the body is incomplete: {error}")))?;
        let data = frame.into_data().unwrap_or_default();
        size = size.saturating_add(data.len());
        if size <= limit {
            bytes.extend_from_slice(&data);
        } else if size > MAX_READ {
            break;
        }
    }
    match size <= limit {
        true => Ok(bytes.into()),
        false => Err(ApiError::too_large(limit)),
    }
}
