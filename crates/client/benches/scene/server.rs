//! A server that answers with bytes made beforehand, and does nothing else that takes time.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Outcome, replies, runtime};

/// Before a path, it makes the server refuse every other request of a connection.
pub(crate) const FLAKY: &str = "/flaky";

/// Before a path, it makes the server wait before it answers.
pub(crate) const FAR: &str = "/far";

/// A server on a thread of its own, until the program ends.
pub(crate) struct Server {
    base: String,
}

struct Answers {
    gateway: Vec<u8>,
    deployments: Vec<u8>,
    missing: Vec<u8>,
    unavailable: Vec<u8>,
}

impl Server {
    pub(crate) fn start() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let base = format!("http://{}", listener.local_addr()?);
        let answers = Arc::new(Answers {
            gateway: answer("200 OK", &replies::gateway()),
            deployments: answer("200 OK", &replies::deployments(100)),
            missing: answer("404 Not Found", replies::NOT_FOUND),
            unavailable: answer("503 Service Unavailable", replies::UNAVAILABLE),
        });
        let runtime = runtime()?;
        thread::spawn(move || runtime.block_on(accept(listener, answers)));
        Ok(Self { base })
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ndate: Wed, 14 Jan 2026 09:30:00 GMT\r\n\
         x-request-id: 3b1d2c0a7e11\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn accept(listener: TcpListener, answers: Arc<Answers>) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, answers.clone()));
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Answers>) -> std::io::Result<()> {
    let mut received = Vec::new();
    let mut refused = false;
    loop {
        let whole = loop {
            if let Some(whole) = request_length(&received) {
                break whole;
            }
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
        };
        let path = received
            .split(|byte| *byte == b' ')
            .nth(1)
            .unwrap_or_default();
        if path.starts_with(FAR.as_bytes()) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        refused = path.starts_with(FLAKY.as_bytes()) && !refused;
        let answer = if refused {
            &answers.unavailable
        } else if path.ends_with(replies::MISSING.as_bytes()) {
            &answers.missing
        } else if path.ends_with(b"/deployments") {
            &answers.deployments
        } else {
            &answers.gateway
        };
        stream.write_all(answer).await?;
        received.drain(..whole);
    }
}

/// How long the first request is, once all of it is there.
fn request_length(received: &[u8]) -> Option<usize> {
    const END: &[u8] = b"\r\n\r\n";
    let head = received
        .windows(END.len())
        .position(|window| window == END)?
        + END.len();
    let text = std::str::from_utf8(received.get(..head)?).ok()?;
    let body = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse().ok())
        .unwrap_or(0);
    (received.len() >= head + body).then_some(head + body)
}
