//! The data plane: models behind gateways, as OpenAI's API serves them.

use std::collections::BTreeMap;

use coreweave_inference_fake::FakeServer;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::support::{Api, Response, deployment, gateway, minutes, send, start};

/// A fake with a data plane and the tokens of two organizations.
async fn api() -> Api {
    let builder = FakeServer::builder()
        .clock(coreweave_inference_fake::Clock::manual(start()))
        .organization("org-a")
        .admin_token("a")
        .organization("org-b")
        .admin_token("b")
        .data_plane();
    Api::with(builder).await
}

/// Seeds a gateway with this authentication and routing, and returns its id and first endpoint.
async fn serving(api: &Api, spec: Value) -> (String, String) {
    let id = api.fake.seed_gateway(json!({"spec": spec})).unwrap();
    let found = api.get(&format!("/gateways/{id}")).await.ok();
    let endpoint = found["status"]["endpoints"][0].as_str().unwrap().to_owned();
    (id, endpoint)
}

fn seed(api: &Api, gateway: &str, name: &str, model: &str, weight: u32, status: &str) {
    let mut spec = deployment(name, gateway);
    spec["model"]["name"] = json!(model);
    spec["traffic"] = json!({"weight": weight});
    let status = json!({"status": format!("STATUS_{status}")});
    api.fake
        .seed_deployment(json!({"spec": spec, "status": status}))
        .unwrap();
}

fn chat(api: &Api, endpoint: &str, body: &Value) -> RequestBuilder {
    let url = format!("{endpoint}/v1/chat/completions");
    api.http.post(url).bearer_auth("a").json(body)
}

fn hello(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "hello there"}]})
}

#[track_caller]
fn assert_refused(response: &Response, status: u16, code: &str) {
    assert_eq!(response.status, status, "{}", response.body);
    assert_eq!(response.body["error"]["code"], code);
    assert_eq!(response.body["error"]["type"], "invalid_request_error");
    assert!(response.body["error"]["message"].is_string());
}

#[tokio::test]
async fn an_endpoint_serves_once_its_gateway_is_ready() {
    let api = api().await;
    let created = api.post("/gateways", &gateway("chat")).await.ok();
    let id = created["spec"]["id"].as_str().unwrap();
    assert!(created["status"].get("endpoints").is_none());
    let endpoint = format!("{}/gateways/{id}", api.fake.url());
    let early = send(chat(&api, &endpoint, &hello("llama-3"))).await;
    assert_refused(&early, 404, "gateway_not_found");
    api.fake.clock().advance(minutes(3));
    let ready = api.get(&format!("/gateways/{id}")).await.ok();
    assert_eq!(ready["status"]["endpoints"], json!([endpoint]));
    seed(&api, id, "llama", "llama-3", 100, "READY");
    assert_eq!(
        send(chat(&api, &endpoint, &hello("llama-3"))).await.status,
        200
    );
}

#[tokio::test]
async fn a_completion_repeats_what_was_said() {
    let api = api().await;
    let (id, endpoint) = serving(&api, json!({})).await;
    seed(&api, &id, "llama", "llama-3", 100, "READY");
    let body = json!({"model": "llama-3", "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "hello "}, {"type": "text", "text": "there"}]},
    ]});
    let completion = send(chat(&api, &endpoint, &body)).await.body;
    assert!(completion["id"].as_str().unwrap().starts_with("chatcmpl-"));
    let expected = json!({
        "id": completion["id"],
        "object": "chat.completion",
        "created": start().timestamp(),
        "model": "llama-3",
        "system_fingerprint": "llama",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": "You said: hello there"},
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 4, "completion_tokens": 4, "total_tokens": 8},
    });
    assert_eq!(completion, expected);
}

#[tokio::test]
async fn a_completion_can_be_streamed() {
    let api = api().await;
    let (id, endpoint) = serving(&api, json!({})).await;
    seed(&api, &id, "llama", "llama-3", 100, "READY");
    let mut body = hello("llama-3");
    body["stream"] = json!(true);
    body["stream_options"] = json!({"include_usage": true});
    let response = send(chat(&api, &endpoint, &body)).await;
    assert_eq!(response.headers["content-type"], "text/event-stream");
    assert!(response.headers.get("content-length").is_none());
    let text = response.body.as_str().unwrap();
    let events: Vec<_> = text.split_terminator("\n\n").collect();
    assert_eq!(events.last(), Some(&"data: [DONE]"));
    let chunks: Vec<Value> = events[..events.len() - 1]
        .iter()
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect();
    for chunk in &chunks {
        assert_eq!(chunk["object"], "chat.completion.chunk");
        assert_eq!(
            (&chunk["id"], &chunk["model"]),
            (&chunks[0]["id"], &json!("llama-3"))
        );
    }
    let deltas = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
    assert_eq!(
        deltas.collect::<Vec<_>>(),
        ["", "You ", "said: ", "hello ", "there"]
    );
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    assert_eq!(chunks[5]["choices"][0]["finish_reason"], "stop");
    assert_eq!(chunks[6]["choices"], json!([]));
    assert_eq!(chunks[6]["usage"]["total_tokens"], 6);
}

#[tokio::test]
async fn models_are_routed_by_body_header_and_path() {
    let api = api().await;
    let (body, by_body) = serving(&api, json!({"name": "body"})).await;
    let header = json!({"name": "header", "headerBasedRouting": {"headerName": "x-model"}});
    let (header, by_header) = serving(&api, header).await;
    let (path, by_path) = serving(&api, json!({"name": "path", "pathBasedRouting": {}})).await;
    for (number, id) in [&body, &header, &path].into_iter().enumerate() {
        seed(&api, id, &format!("a-{number}"), "llama 3", 100, "READY");
        seed(&api, id, &format!("b-{number}"), "mixtral", 100, "READY");
    }
    let silent = json!({"messages": [{"role": "user", "content": "hi"}]});
    let requests = [
        chat(&api, &by_body, &hello("mixtral")),
        // Where the header or path decides, the body does not.
        chat(&api, &by_header, &hello("llama 3")).header("x-model", "mixtral"),
        chat(&api, &format!("{by_path}/mixtral"), &hello("llama 3")),
    ];
    for (number, request) in requests.into_iter().enumerate() {
        let completion = send(request).await.body;
        assert_eq!(completion["model"], "mixtral");
        assert_eq!(completion["system_fingerprint"], format!("b-{number}"));
    }
    let encoded = send(chat(&api, &format!("{by_path}/llama%203"), &silent)).await;
    assert_eq!(encoded.body["model"], "llama 3");
    for endpoint in [by_body, by_header] {
        let refused = send(chat(&api, &endpoint, &silent)).await;
        assert_refused(&refused, 400, "invalid_value");
    }
    let listed = api.http.get(format!("{by_path}/mixtral/v1/models"));
    let listed = send(listed.bearer_auth("a")).await.body;
    let ids: Vec<_> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| &model["id"])
        .collect();
    assert_eq!(ids, ["mixtral"]);
    let refused = send(chat(&api, &format!("{by_path}/nothing"), &silent)).await;
    assert_refused(&refused, 404, "model_not_found");
}

#[tokio::test]
async fn weights_are_respected_among_ready_deployments() {
    let api = api().await;
    let (id, endpoint) = serving(&api, json!({})).await;
    seed(&api, &id, "stable", "llama-3", 9, "READY");
    seed(&api, &id, "canary", "llama-3", 1, "READY");
    seed(&api, &id, "off", "llama-3", 0, "READY");
    seed(&api, &id, "new", "llama-3", 10, "CREATING");
    seed(&api, &id, "one", "equal", 0, "READY");
    seed(&api, &id, "two", "equal", 0, "READY");
    let served = async |model: &str| {
        let mut served = BTreeMap::new();
        for _ in 0..20 {
            let completion = send(chat(&api, &endpoint, &hello(model))).await.body;
            let name = completion["system_fingerprint"]
                .as_str()
                .unwrap()
                .to_owned();
            *served.entry(name).or_insert(0) += 1;
        }
        served
    };
    let counts = |pairs: [(&str, i32); 2]| pairs.map(|(name, n)| (name.to_owned(), n)).into();
    assert_eq!(
        served("llama-3").await,
        counts([("stable", 18), ("canary", 2)])
    );
    // Without weights, each gets the same.
    assert_eq!(served("equal").await, counts([("one", 10), ("two", 10)]));
}

#[tokio::test]
async fn only_models_that_are_ready_are_served_and_listed() {
    let api = api().await;
    let (id, endpoint) = serving(&api, json!({})).await;
    let (other, _) = serving(&api, json!({"name": "other"})).await;
    seed(&api, &id, "one", "mixtral", 100, "READY");
    seed(&api, &id, "two", "llama-3", 100, "READY");
    seed(&api, &id, "three", "llama-3", 100, "READY");
    seed(&api, &id, "four", "qwen", 100, "CREATING");
    seed(&api, &other, "five", "gemma", 100, "READY");
    let url = format!("{endpoint}/v1/models");
    let listed = send(api.http.get(url).bearer_auth("a")).await.body;
    let data = listed["data"].as_array().unwrap();
    let ids: Vec<_> = data
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        (&listed["object"], ids),
        (&json!("list"), vec!["llama-3", "mixtral"])
    );
    assert_eq!(data[0]["object"], "model");
    for model in ["qwen", "gemma", "unknown"] {
        let refused = send(chat(&api, &endpoint, &hello(model))).await;
        assert_refused(&refused, 404, "model_not_found");
    }
}

#[tokio::test]
async fn a_refused_model_makes_progress_under_an_instant_clock() {
    let api = Api::with(FakeServer::builder().data_plane()).await;
    let (id, endpoint) = serving(&api, json!({})).await;
    api.create("/deployments", &deployment("chat", &id)).await;
    let refused = send(chat(&api, &endpoint, &hello("llama-3"))).await;
    assert_refused(&refused, 404, "model_not_found");
    assert_eq!(
        send(chat(&api, &endpoint, &hello("llama-3"))).await.status,
        200
    );
}

#[tokio::test]
async fn requests_are_authenticated_as_the_gateway_says() {
    let api = api().await;
    let (coreweave, by_token) = serving(&api, json!({"name": "coreweave"})).await;
    let wandb = json!({"name": "wandb", "weightsAndBiasesAuth": {}});
    let (wandb, by_key) = serving(&api, wandb).await;
    for (id, name) in [(&coreweave, "one"), (&wandb, "two")] {
        seed(&api, id, name, "llama-3", 100, "READY");
    }
    for (endpoint, token, accepted) in [
        (&by_token, Some("a"), true),
        (&by_token, Some("b"), false),
        (&by_token, Some("other"), false),
        (&by_token, None, false),
        (&by_key, Some("a key of W&B"), true),
        (&by_key, None, false),
    ] {
        let request = api.http.post(format!("{endpoint}/v1/chat/completions"));
        let request = request.json(&hello("llama-3"));
        let response = send(match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await;
        match accepted {
            true => assert_eq!(response.status, 200),
            false => assert_refused(&response, 401, "invalid_api_key"),
        }
    }
}

#[tokio::test]
async fn what_openai_does_not_have_is_refused_in_its_form() {
    let api = api().await;
    let (id, endpoint) = serving(&api, json!({})).await;
    seed(&api, &id, "one", "llama-3", 100, "READY");
    let at = |path: &str| format!("{endpoint}{path}");
    for path in ["", "/v1", "/v1/completions", "/v1/chat/completions"] {
        let refused = send(api.http.get(at(path)).bearer_auth("a")).await;
        assert_refused(&refused, 404, "unknown_url");
    }
    for body in [
        json!({"model": "llama-3"}),
        json!({"model": "llama-3", "messages": []}),
        json!([]),
    ] {
        let refused = send(chat(&api, &endpoint, &body)).await;
        assert_refused(&refused, 400, "invalid_value");
    }
    let broken = api.http.post(at("/v1/chat/completions")).bearer_auth("a");
    assert_refused(&send(broken.body("{")).await, 400, "invalid_value");
    let recorded = api.fake.requests().pop().unwrap();
    assert_eq!(
        (recorded.operation, recorded.response_status),
        (None, Some(400))
    );
}

#[tokio::test]
async fn a_loaded_state_serves_at_the_url_of_its_new_fake() {
    let first = api().await;
    let (id, old) = serving(&first, json!({})).await;
    let second = api().await;
    second.fake.load_state(first.fake.state()).unwrap();
    let found = second.get(&format!("/gateways/{id}")).await.ok();
    let endpoint = found["status"]["endpoints"][0].as_str().unwrap();
    assert_ne!(endpoint, old);
    assert!(endpoint.starts_with(&second.fake.url()));
}
