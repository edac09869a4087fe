//! Raw requests to a server that answers as no operation does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

/// Runs `cwinf api` against a server with one response.
fn run(method: &str, response: &'static str) -> Output {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(&stream).lines().map(Result::unwrap);
        let request = lines.next().unwrap();
        lines.find(String::is_empty).unwrap();
        (&stream).write_all(response.as_bytes()).unwrap();
        request
    });
    let output = Command::new(env!("CARGO_BIN_EXE_cwinf"))
        .env_clear()
        .env("CW_BASE_URL", url)
        .env("COREWEAVE_API_TOKEN", "cw-token")
        .args(["api", method, "/v1alpha1/any?x=1"])
        .output()
        .unwrap();
    assert_eq!(
        server.join().unwrap(),
        format!("{method} /v1alpha1/any?x=1 HTTP/1.1")
    );
    output
}

#[test]
fn every_2xx_is_a_success() {
    let created = "HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{\"a\": 1}\n";
    let output = run("POST", created);
    assert_eq!(output.stdout, b"{\n  \"a\": 1\n}\n", "{output:?}");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_response_without_a_body_prints_nothing() {
    for (method, response) in [
        ("DELETE", "HTTP/1.1 204 No Content\r\n\r\n"),
        ("PUT", "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"),
        (
            "HEAD",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1234\r\n\r\n",
        ),
    ] {
        let output = run(method, response);
        assert!(output.status.success(), "{method}: {output:?}");
        assert!(
            output.stdout.is_empty() && output.stderr.is_empty(),
            "{method}: {output:?}"
        );
    }
}

#[test]
fn a_redirect_is_a_failure() {
    let output = run("GET", "HTTP/1.1 304 Not Modified\r\n\r\n");
    assert_ne!(output.status.code(), Some(0), "{output:?}");
}
