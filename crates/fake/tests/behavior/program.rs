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
        let program = env!("CARGO_BIN_EXE_coreweave-inference-fake");
        Program::start_with(Command::new(program).args(arguments))
    }

    fn start_with(command: &mut Command) -> Program {
        let mut child = command
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
async fn a_kill_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fake.json");
    let arguments = ["--state", file.to_str().unwrap(), "--speed", "real"];
    let program = Program::start(&arguments);
    let post = http().post(program.gateways()).bearer_auth("x");
    let post = post.json(&gateway("chat"));
    assert_eq!(post.send().await.unwrap().status(), 200);
    let advance = format!("{}/__fake/clock/advance", program.url);
    let advance = http().post(advance).body(r#"{"seconds": 86400}"#);
    let now: Value = advance.send().await.unwrap().json().await.unwrap();
    // Dropping it kills it.
    drop(program);

    let program = Program::start(&arguments);
    let gateway = list(&program).await["items"][0].clone();
    assert_eq!(gateway["spec"]["name"], "chat");
    assert_eq!(gateway["status"]["status"], "STATUS_READY");
    let clock = http().get(format!("{}/__fake/clock", program.url));
    let clock: Value = clock.send().await.unwrap().json().await.unwrap();
    assert!(
        clock["now"].as_str() >= now["now"].as_str(),
        "{clock} {now}"
    );
    program.stop();
}

#[tokio::test]
async fn it_prints_a_url_that_can_be_used_when_it_listens_everywhere() {
    for (listen, expected) in [
        ("0.0.0.0:0", "http://127.0.0.1:"),
        ("[::]:0", "http://[::1]:"),
    ] {
        let program = Program::start(&["--listen", listen]);
        assert!(program.url.starts_with(expected), "{}", program.url);
        assert_eq!(list(&program).await, json!({"items": []}));
        program.stop();
    }
}

#[tokio::test]
async fn it_exchanges_tokens_and_serves_models() {
    let program = Program::start(&["--service-account", "org-a=ci=oidc", "--data-plane"]);
    let url = format!(
        "{}/coreweave.directory.v1alpha.InternalDirectoryService/ServiceAccountOidcAuth",
        program.url
    );
    let request = json!({"oidcToken": "oidc", "serviceAccountUid": "ci"});
    let issued: Value = http()
        .post(url)
        .json(&request)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = issued["bearerToken"].as_str().unwrap();
    let get = async |url: String| -> Value {
        let response = http().get(url).bearer_auth(token).send().await.unwrap();
        response.json().await.unwrap()
    };
    let seed = json!({"kind": "gateway", "resource": {}}).to_string();
    let seed = http()
        .post(format!("{}/__fake/seed", program.url))
        .body(seed);
    seed.send().await.unwrap();
    let gateways = get(program.gateways()).await;
    let endpoint = gateways["items"][0]["status"]["endpoints"][0]
        .as_str()
        .unwrap();
    let models = get(format!("{endpoint}/v1/models")).await;
    assert_eq!(models, json!({"object": "list", "data": []}));
    program.stop();
}

/// The processor time of a process, in clock ticks, of which there are 100 a second.
#[cfg(target_os = "linux")]
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_waits_when_there_are_no_file_descriptors_left() {
    use std::time::Duration;

    let program = Program::start_with(Command::new("sh").args([
        "-c",
        "ulimit -n 24; exec \"$0\"",
        env!("CARGO_BIN_EXE_coreweave-inference-fake"),
    ]));
    let address = program.url.strip_prefix("http://").unwrap().to_owned();
    let mut held = Vec::new();
    for _ in 0..40 {
        held.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    let before = ticks(program.child.id());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let busy = ticks(program.child.id()) - before;
    assert!(busy < 40, "the program was busy for {busy} of 100 ticks");
    drop(held);
    assert_eq!(list(&program).await, json!({"items": []}));
    program.stop();
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
