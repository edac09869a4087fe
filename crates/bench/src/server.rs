//! An HTTP server with fixed responses, so that a measurement contains as little of a server as possible.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::{io, thread};

use crate::{Result, fixtures};

/// Starts the server on a port of its own, until the program ends, and returns its URL.
pub(crate) fn start() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let responses = Arc::new(Responses {
        gateway: response("200 OK", &fixtures::gateway()),
        deployments: response("200 OK", &fixtures::deployments(100)),
        not_found: response("404 Not Found", fixtures::NOT_FOUND),
    });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let responses = responses.clone();
            thread::spawn(move || serve(stream, &responses));
        }
    });
    Ok(url)
}

struct Responses {
    gateway: Vec<u8>,
    deployments: Vec<u8>,
    not_found: Vec<u8>,
}

fn response(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ndate: Wed, 14 Jan 2026 09:30:00 GMT\r\n\
         x-request-id: 3b1d2c0a7e11\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn serve(mut stream: TcpStream, responses: &Responses) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    loop {
        head.clear();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let mut body = vec![0; content_length(&head)];
        reader.read_exact(&mut body)?;
        let path = head.split(' ').nth(1).unwrap_or_default();
        stream.write_all(if path.ends_with(fixtures::MISSING) {
            &responses.not_found
        } else if path.ends_with("/deployments") {
            &responses.deployments
        } else {
            &responses.gateway
        })?;
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse().ok())
        .unwrap_or(0)
}
