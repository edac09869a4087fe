//! The program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use reqwest::Certificate;
use serde_json::{Value, json};

use crate::support::{gateway, http};

struct Program {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    url: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_coreweave-inference-fake"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Program { child, out, url }
    }

    fn gateways(&self) -> String {
        format!("{}/v1alpha1/inference/gateways", self.url)
    }

    /// Stops the program and returns its stderr.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

/// Stops the program after a failed test.
impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn list(program: &Program) -> Value {
    let response = http()
        .get(program.gateways())
        .bearer_auth("secret-token")
        .send()
        .await
        .unwrap();
    response.json().await.unwrap()
}

#[tokio::test]
async fn it_prints_its_url_and_logs_without_secrets() {
    let program = Program::start(&[
        "--fault",
        r#"{"on": ["list_gateways"], "times": 1, "effect": {"kind": "status", "status": 503}}"#,
    ]);
    assert!(program.url.starts_with("http://127.0.0.1:"));
    assert_eq!(list(&program).await["code"], 14);
    assert_eq!(list(&program).await, json!({"items": []}));
    let log = program.stop();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].starts_with("503 GET /v1alpha1/inference/gateways list_gateways "));
    assert!(lines[0].contains(r#""effect":{"kind":"status","status":503}"#));
    assert!(lines[1].starts_with("200 GET "));
    assert!(!log.contains("secret-token"));
}

#[tokio::test]
async fn it_keeps_its_state_in_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fake.json");
    let arguments = ["--state", file.to_str().unwrap(), "--speed", "real"];
    let program = Program::start(&arguments);
    let created = http()
        .post(program.gateways())
        .bearer_auth("x")
        .json(&gateway("chat"));
    assert_eq!(created.send().await.unwrap().status(), 200);
    program.stop();
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(written["gateways"][0]["resource"]["spec"]["name"], "chat");

    let program = Program::start(&arguments);
    assert_eq!(list(&program).await["items"][0]["spec"]["name"], "chat");
    program.stop();
    assert_eq!(
        std::fs::read_dir(directory.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[tokio::test]
async fn it_speaks_tls_with_the_certificate_it_prints() {
    let mut program = Program::start(&["--tls"]);
    assert!(program.url.starts_with("https://"));
    let mut pem = String::new();
    while !pem.ends_with("-----END CERTIFICATE-----\n") {
        assert_ne!(program.out.read_line(&mut pem).unwrap(), 0);
    }
    http();
    let certificate = Certificate::from_pem(pem.as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .no_proxy()
        .build()
        .unwrap();
    let response = client
        .get(program.gateways())
        .bearer_auth("x")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    program.stop();
}

#[tokio::test]
async fn it_accepts_only_the_given_tokens() {
    let program = Program::start(&[
        "--admin-token",
        "org-a=secret-token",
        "--viewer-token",
        "org-a=v",
    ]);
    assert_eq!(list(&program).await, json!({"items": []}));
    let post = |token| {
        http()
            .post(program.gateways())
            .bearer_auth(token)
            .json(&gateway("chat"))
            .send()
    };
    assert_eq!(post("v").await.unwrap().status(), 403);
    assert_eq!(post("other").await.unwrap().status(), 401);
    program.stop();
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let id = async || {
        let program = Program::start(&["--seed", "42"]);
        let request = http()
            .post(program.gateways())
            .bearer_auth("x")
            .json(&gateway("chat"));
        let created: Value = request.send().await.unwrap().json().await.unwrap();
        program.stop();
        created["gateway"]["spec"]["id"].clone()
    };
    assert_eq!(id().await, id().await);
}

#[test]
fn invalid_arguments_are_explained() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("broken.json");
    std::fs::write(&file, "{").unwrap();
    for (arguments, problem) in [
        (
            [
                "--fault",
                r#"{"on": ["get_gate"], "effect": {"kind": "reset"}}"#,
            ],
            "unknown operation \"get_gate\"",
        ),
        (["--speed", "slow"], "invalid value 'slow'"),
        (["--admin-token", "nobody"], "expected ORGANIZATION=TOKEN"),
        (
            ["--listen", "192.0.2.1:1"],
            "choose another address with --listen",
        ),
        (
            ["--state", file.to_str().unwrap()],
            "delete it to start with an empty state",
        ),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_coreweave-inference-fake"))
            .args(arguments)
            .output();
        let run = run.unwrap();
        let error = String::from_utf8(run.stderr).unwrap();
        assert!(!run.status.success() && error.contains(problem), "{error}");
    }
}

#[test]
fn help_has_examples() {
    let run = Command::new(env!("CARGO_BIN_EXE_coreweave-inference-fake"))
        .arg("--help")
        .output();
    let help = String::from_utf8(run.unwrap().stdout).unwrap();
    for part in ["Examples:", "--fault", "--state", "--tls", "curl"] {
        assert!(help.contains(part), "{part}");
    }
}
