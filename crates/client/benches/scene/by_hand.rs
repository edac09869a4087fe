//! What a program would have without this crate: reqwest and serde_json, written out, into the same structs.

use std::time::Duration;

use coreweave_inference::raw::types;
use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Outcome, Way, replies, server, ways};

pub(crate) const TOKEN: &str = "CW-SECRET-0123456789abcdef";

pub(crate) struct ByHand {
    http: reqwest::Client,
    base: String,
    /// A body can't be sent twice, so whoever retries keeps a copy. Nobody does without a need.
    retries: bool,
}

/// An error as the API describes it.
#[derive(Deserialize)]
struct Status {
    code: i32,
    message: String,
    details: Vec<Value>,
}

impl ByHand {
    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Outcome<T> {
        let request = request.bearer_auth(TOKEN).build()?;
        let again = if self.retries {
            request.try_clone()
        } else {
            None
        };
        let mut response = self.http.execute(request).await?;
        if response.status() == StatusCode::SERVICE_UNAVAILABLE
            && let Some(again) = again
        {
            response.bytes().await?;
            response = self.http.execute(again).await?;
        }
        let body = response.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1alpha1/inference/{path}", self.base)
    }
}

impl Way for ByHand {
    const NAME: &'static str = "by hand";

    fn new(base: &str) -> Outcome<Self> {
        let http = reqwest::Client::builder()
            .user_agent("by-hand/1.0")
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            base: base.to_owned(),
            retries: base.ends_with(server::FLAKY),
        })
    }

    async fn get(&self) -> Outcome<types::Gateway> {
        let request = self
            .http
            .get(self.url(&format!("gateways/{}", replies::GATEWAY)));
        let reply: types::GetGatewayResponse = self.send(request).await?;
        Ok(reply.gateway.ok_or("no gateway")?)
    }

    async fn create(&self) -> Outcome<types::Gateway> {
        let request = self
            .http
            .post(self.url("gateways"))
            .json(&ways::new_gateway());
        let reply: types::CreateGatewayResponse = self.send(request).await?;
        Ok(reply.gateway.ok_or("no gateway")?)
    }

    async fn list(&self) -> Outcome<usize> {
        let reply: types::ListDeploymentsResponse =
            self.send(self.http.get(self.url("deployments"))).await?;
        Ok(reply.items.len())
    }

    async fn refused(&self) -> Outcome<String> {
        let request = self
            .http
            .get(self.url(&format!("gateways/{}", replies::MISSING)))
            .bearer_auth(TOKEN);
        explain(request.send().await?).await
    }
}

/// What an error reply says.
pub(crate) async fn explain(response: reqwest::Response) -> Outcome<String> {
    let http = response.status();
    let status: Status = serde_json::from_slice(&response.bytes().await?)?;
    match (http, status.code) {
        (StatusCode::NOT_FOUND, 5) if status.details.len() == 2 => Ok(status.message),
        _ => Err("another error than the server gives".into()),
    }
}
