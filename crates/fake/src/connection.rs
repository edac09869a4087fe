//! Connections, which faults can reset.

use std::error::Error;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::Reset;
use crate::state::AppState;

/// The protocol below HTTP.
#[derive(Clone)]
pub(crate) enum Transport {
    Tcp,
    #[cfg(feature = "tls")]
    Tls(tokio_rustls::TlsAcceptor),
}

/// Serves connections until `stop` changes, then lets requests in progress finish.
pub(crate) async fn serve(
    listener: TcpListener,
    transport: Transport,
    state: Arc<AppState>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that failed before it was accepted concerns nobody else.
                if let Ok((stream, _)) = accepted {
                    let (transport, state) = (transport.clone(), Arc::clone(&state));
                    connections.spawn(serve_connection(stream, transport, state, stop.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(
    stream: TcpStream,
    transport: Transport,
    state: Arc<AppState>,
    stop: watch::Receiver<bool>,
) {
    // Without it small responses wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    match transport {
        Transport::Tcp => serve_http(stream, |stream| stream, state, stop).await,
        #[cfg(feature = "tls")]
        Transport::Tls(acceptor) => {
            // A client that does not trust the certificate ends the handshake.
            if let Ok(stream) = acceptor.accept(stream).await {
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
    let service = service_fn(|request| {
        let state = Arc::clone(&state);
        async move { state.handle(request).await }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let result = tokio::select! {
        result = &mut connection => result,
        _ = stop.changed() => {
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
