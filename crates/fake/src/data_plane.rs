//! The data plane: serves the models of gateways, as OpenAI's API does.
//!
//! It is reached at the endpoints of the gateways, which are `/gateways/{id}` below the fake's URL.

use http::request::Parts;
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::auth::bearer_token;
use crate::fault::Response;
use crate::json::{at, set, text};
use crate::state::{AppState, lock};

/// An error in OpenAI's form.
fn refusal(status: StatusCode, code: &str, message: impl Into<String>) -> Box<Response> {
    let (message, kind) = (message.into(), "invalid_request_error");
    let error = json!({"message": message, "type": kind, "param": null, "code": code});
    Box::new(Response::json(status, &json!({"error": error})))
}

fn invalid(message: impl Into<String>) -> Box<Response> {
    refusal(StatusCode::BAD_REQUEST, "invalid_value", message)
}

impl AppState {
    /// The response to a request below the endpoint of a gateway; none for other paths, and if the
    /// data plane is off.
    pub(crate) fn serve_model(&self, parts: &Parts, body: &[u8]) -> Option<Response> {
        let path = parts.uri.path().strip_prefix("/gateways/")?;
        let (id, path) = path.split_once('/').unwrap_or((path, ""));
        if !lock(&self.service).has_data_plane() {
            return None;
        }
        let served = self.serve(parts, id, path, body);
        Some(served.unwrap_or_else(|refusal| *refusal))
    }

    fn serve(
        &self,
        parts: &Parts,
        id: &str,
        path: &str,
        body: &[u8],
    ) -> Result<Response, Box<Response>> {
        let not_found = |code, message| refusal(StatusCode::NOT_FOUND, code, message);
        let gateway = lock(&self.service).serving_gateway(id).ok_or_else(|| {
            let message = format!("the gateway {id} does not exist or is not ready");
            not_found("gateway_not_found", message)
        })?;
        let spec = &gateway.resource.spec;
        let caller = || self.auth.caller(&parts.headers, self.clock.now());
        // The fake cannot check the keys of Weights & Biases.
        let is_authenticated = match spec.get("weightsAndBiasesAuth") {
            Some(_) => bearer_token(&parts.headers).is_some(),
            None => caller().is_ok_and(|caller| caller.organization == gateway.organization()),
        };
        if !is_authenticated {
            let message = "the API key is missing or not valid for this gateway";
            return Err(refusal(
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                message,
            ));
        }
        let (model, path) = match spec.get("pathBasedRouting") {
            Some(_) => {
                let (model, path) = path.split_once('/').unwrap_or((path, ""));
                let model = percent_decode_str(model).decode_utf8_lossy();
                (Some(model.into_owned()), path)
            }
            None => (None, path),
        };
        match (parts.method.as_str(), path) {
            ("GET", "v1/models") => {
                let mut models = lock(&self.service).models(gateway.id());
                models.retain(|name| model.as_ref().is_none_or(|model| model == name));
                let created = self.clock.now().timestamp();
                let entry = |id| json!({"id": id, "object": "model", "created": created, "owned_by": "coreweave"});
                let data: Vec<_> = models.into_iter().map(entry).collect();
                let body = json!({"object": "list", "data": data});
                Ok(Response::json(StatusCode::OK, &body))
            }
            ("POST", "v1/chat/completions") => {
                let request = serde_json::from_slice(body)
                    .map_err(|error| invalid(format!("invalid JSON: {error}")))?;
                let model = match model {
                    Some(model) => model,
                    None => routed_model(spec, &parts.headers, &request).map_err(invalid)?,
                };
                self.complete_chat(gateway.id(), &model, &request)
            }
            (method, _) => {
                let message = format!("the gateway has no {method} /{path}");
                Err(not_found("unknown_url", message))
            }
        }
    }

    fn complete_chat(
        &self,
        gateway: &str,
        model: &str,
        request: &Value,
    ) -> Result<Response, Box<Response>> {
        let messages = at(request, "/messages").as_array();
        let last = messages
            .and_then(|messages| messages.last())
            .ok_or_else(|| invalid("messages must be a list of at least one message"))?;
        let mut service = lock(&self.service);
        let deployment = service.next_deployment(gateway, model).ok_or_else(|| {
            let message = format!("the model {model:?} does not exist or is not ready");
            refusal(StatusCode::NOT_FOUND, "model_not_found", message)
        })?;
        let answer = format!("You said: {}", content(last));
        let head = json!({
            "id": format!("chatcmpl-{}", service.random_uuid()),
            "created": self.clock.now().timestamp(),
            "model": model,
            "system_fingerprint": deployment,
        });
        let count = |text: &str| text.split_whitespace().count();
        let prompt: usize = messages
            .into_iter()
            .flatten()
            .map(|it| count(&content(it)))
            .sum();
        let usage = json!({
            "prompt_tokens": prompt,
            "completion_tokens": count(&answer),
            "total_tokens": prompt + count(&answer),
        });
        if at(request, "/stream") != true {
            let message = json!({"role": "assistant", "content": answer});
            let choice =
                json!({"index": 0, "message": message, "logprobs": null, "finish_reason": "stop"});
            let body = json!({"object": "chat.completion", "choices": [choice], "usage": usage});
            return Ok(Response::json(StatusCode::OK, &joined(&head, body)));
        }
        let mut events = String::new();
        let mut send = |body: Value| {
            let mut chunk = joined(&head, body);
            set(&mut chunk, "object", "chat.completion.chunk");
            events += &format!("data: {chunk}\n\n");
        };
        let choice = |delta: Value, reason: Option<&str>| json!({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]});
        send(choice(json!({"role": "assistant", "content": ""}), None));
        for word in answer.split_inclusive(' ') {
            send(choice(json!({"content": word}), None));
        }
        send(choice(json!({}), Some("stop")));
        if at(request, "/stream_options/include_usage") == true {
            send(json!({"choices": [], "usage": usage}));
        }
        events += "data: [DONE]\n\n";
        Ok(Response::events(events))
    }
}

/// The model that a request is for, by its body or a header; or what is wrong.
fn routed_model(spec: &Value, headers: &HeaderMap, request: &Value) -> Result<String, String> {
    let (model, place) = match text(spec, "/headerBasedRouting/headerName") {
        "" => (
            at(request, "/model").as_str(),
            "the member model".to_owned(),
        ),
        name => {
            let model = headers.get(name).and_then(|value| value.to_str().ok());
            (model, format!("the header {name}"))
        }
    };
    let missing = || format!("{place} must name a model");
    model.map(str::to_owned).ok_or_else(missing)
}

/// The text of a message, whose content is a string or a list of parts.
fn content(message: &Value) -> String {
    match at(message, "/content") {
        Value::Array(parts) => parts.iter().map(|part| text(part, "/text")).collect(),
        content => content.as_str().unwrap_or_default().to_owned(),
    }
}

/// The members of both objects.
fn joined(head: &Value, mut body: Value) -> Value {
    if let (Value::Object(body), Value::Object(head)) = (&mut body, head) {
        body.extend(head.clone());
    }
    body
}
