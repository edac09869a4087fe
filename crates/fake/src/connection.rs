//! Connections, served by hand so that a fault can cut one at the level of TCP.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// How the bytes of a connection are carried.
#[derive(Clone)]
pub(crate) enum Carrier {
    Plain,
    #[cfg(feature = "tls")]
    Tls(tokio_rustls::TlsAcceptor),
}

/// A handle on the connection of a request, by which the request's handler can cut it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<CutState>);

#[derive(Debug, Default)]
struct CutState {
    cut: AtomicBool,
    wake: Notify,
}

impl Cut {
    /// Cuts the connection: the peer sees a reset, and the calling handler never goes on.
    pub(crate) async fn now(&self) -> std::convert::Infallible {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.wake.notify_one();
        std::future::pending().await
    }
}

/// Accepts and serves connections until `stop` changes, then lets those under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    carrier: Carrier,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A peer that is gone before it was accepted concerns nobody else.
                if let Ok((stream, _)) = accepted {
                    let serving = carry(stream, carrier.clone(), router.clone(), stop.clone());
                    connections.spawn(serving);
                }
            }
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn carry(stream: TcpStream, carrier: Carrier, router: Router, stop: watch::Receiver<bool>) {
    // Without it small replies wait for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let stream = CuttableStream {
        stream,
        cut: cut.clone(),
    };
    match carrier {
        Carrier::Plain => speak_http(stream, cut, router, stop).await,
        #[cfg(feature = "tls")]
        Carrier::Tls(acceptor) => {
            // A peer that trusts another certificate ends the handshake; it knows why.
            if let Ok(stream) = acceptor.accept(stream).await {
                speak_http(stream, cut, router, stop).await;
            }
        }
    }
}

async fn speak_http(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    cut: Cut,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(cut.clone());
        router.call(request)
    });
    let mut connection =
        pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let mut stopping = false;
    loop {
        tokio::select! {
            _ = connection.as_mut() => break,
            () = cut.0.wake.notified() => break,
            _ = stop.changed(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// A TCP stream that resets its peer when dropped after a cut.
struct CuttableStream {
    stream: TcpStream,
    cut: Cut,
}

impl Drop for CuttableStream {
    fn drop(&mut self) {
        if self.cut.0.cut.load(Ordering::SeqCst) {
            // Without lingering, closing sends RST instead of FIN.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
