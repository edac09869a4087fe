//! The clients that are compared: hand-written reqwest, the generated client and the wrapper.

use std::future::Future;
use std::time::Duration;

use coreweave_inference::raw::{self, types};
use coreweave_inference::{Client, Deployment, Gateway, GatewayAuth, NewGateway, Routing};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Result, fixtures};

const TOKEN: &str = "CW-SECRET-0123456789abcdef";

pub(crate) trait ApiClient: Sized {
    const NAME: &'static str;
    type Gateway;
    type Deployments;

    fn new(url: &str) -> Result<Self>;
    fn get(&self) -> impl Future<Output = Result<Self::Gateway>>;
    fn create(&self) -> impl Future<Output = Result<Self::Gateway>>;
    fn list(&self) -> impl Future<Output = Result<Self::Deployments>>;
    /// Gets a gateway that does not exist and returns the error's message.
    fn not_found(&self) -> impl Future<Output = Result<String>>;
    /// Decodes a list from memory.
    fn decode(body: &[u8]) -> Result<Self::Deployments>;
}

/// What a program without this crate would write: reqwest and serde_json, into the same structs.
pub(crate) struct Reqwest {
    http: reqwest::Client,
    url: String,
}

impl Reqwest {
    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}/v1alpha1/inference/{path}", self.url))
            .bearer_auth(TOKEN)
    }

    async fn send<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T> {
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl ApiClient for Reqwest {
    const NAME: &'static str = "reqwest";
    type Gateway = types::Gateway;
    type Deployments = Vec<types::Deployment>;

    fn new(url: &str) -> Result<Self> {
        // Installs the crypto provider, which reqwest leaves to the program.
        wrapper(url)?;
        let http = reqwest::Client::builder()
            .user_agent("reqwest/1.0")
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            url: url.to_owned(),
        })
    }

    async fn get(&self) -> Result<types::Gateway> {
        let path = format!("gateways/{}", fixtures::GATEWAY);
        let request = self.request(reqwest::Method::GET, &path);
        let response: types::GetGatewayResponse = Self::send(request).await?;
        Ok(response.gateway.ok_or("no gateway")?)
    }

    async fn create(&self) -> Result<types::Gateway> {
        let request = self.request(reqwest::Method::POST, "gateways");
        let response: types::CreateGatewayResponse =
            Self::send(request.json(&create_request())).await?;
        Ok(response.gateway.ok_or("no gateway")?)
    }

    async fn list(&self) -> Result<Vec<types::Deployment>> {
        let request = self.request(reqwest::Method::GET, "deployments");
        let response: types::ListDeploymentsResponse = Self::send(request).await?;
        Ok(response.items)
    }

    async fn not_found(&self) -> Result<String> {
        let path = format!("gateways/{}", fixtures::MISSING);
        let response = self.request(reqwest::Method::GET, &path).send().await?;
        status_message(&response.bytes().await?)
    }

    fn decode(body: &[u8]) -> Result<Vec<types::Deployment>> {
        Ok(serde_json::from_slice::<types::ListDeploymentsResponse>(body)?.items)
    }
}

/// The generated client, with the wrapper's token, retries and limits.
pub(crate) struct RawClient(raw::Client);

impl ApiClient for RawClient {
    const NAME: &'static str = "raw client";
    type Gateway = types::Gateway;
    type Deployments = Vec<types::Deployment>;

    fn new(url: &str) -> Result<Self> {
        Ok(Self(wrapper(url)?.raw().clone()))
    }

    async fn get(&self) -> Result<types::Gateway> {
        let response = self.0.get_gateway(fixtures::GATEWAY).await?;
        Ok(response.into_inner().gateway.ok_or("no gateway")?)
    }

    async fn create(&self) -> Result<types::Gateway> {
        let response = self.0.create_gateway(&create_request()).await?;
        Ok(response.into_inner().gateway.ok_or("no gateway")?)
    }

    async fn list(&self) -> Result<Vec<types::Deployment>> {
        let response = self.0.list_deployments(&Default::default()).await?;
        Ok(response.into_inner().items)
    }

    async fn not_found(&self) -> Result<String> {
        match self.0.get_gateway(fixtures::MISSING).await {
            Err(error) if error.is_not_found() => Ok(error.message().to_owned()),
            other => Err(format!("unexpected result: {other:?}").into()),
        }
    }

    fn decode(body: &[u8]) -> Result<Vec<types::Deployment>> {
        Reqwest::decode(body)
    }
}

pub(crate) struct Wrapper(Client);

impl ApiClient for Wrapper {
    const NAME: &'static str = "wrapper";
    type Gateway = Gateway;
    type Deployments = Vec<Deployment>;

    fn new(url: &str) -> Result<Self> {
        wrapper(url).map(Self)
    }

    async fn get(&self) -> Result<Gateway> {
        Ok(self.0.gateways().get(fixtures::GATEWAY).await?)
    }

    async fn create(&self) -> Result<Gateway> {
        let (auth, routing) = (GatewayAuth::CoreWeave, Routing::OpenAiBody);
        let gateway = NewGateway::new("chat", "US-EAST-04A", auth, routing).id(fixtures::GATEWAY);
        Ok(self.0.gateways().create(gateway).await?)
    }

    async fn list(&self) -> Result<Vec<Deployment>> {
        Ok(self.0.deployments().list().await?)
    }

    async fn not_found(&self) -> Result<String> {
        match self.0.gateways().get(fixtures::MISSING).await {
            Err(error) if error.is_not_found() => Ok(error.message().to_owned()),
            other => Err(format!("unexpected result: {other:?}").into()),
        }
    }

    fn decode(body: &[u8]) -> Result<Vec<Deployment>> {
        let items = Reqwest::decode(body)?;
        let mut deployments = Vec::with_capacity(items.len());
        for raw in items {
            deployments.push(Deployment::try_from(raw)?);
        }
        Ok(deployments)
    }
}

fn wrapper(url: &str) -> Result<Client> {
    Ok(Client::builder().token(TOKEN).base_url(url).build()?)
}

fn create_request() -> types::CreateGatewayRequest {
    types::CreateGatewayRequest {
        id: Some(fixtures::GATEWAY.to_owned()),
        name: "chat".to_owned(),
        zones: vec!["US-EAST-04A".to_owned()],
        core_weave_auth: Some(types::CoreWeaveAuth::default()),
        body_based_routing: Some(types::BodyBasedRouting {
            api_type: types::ApiType::Openai,
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn status_message(body: &[u8]) -> Result<String> {
    #[derive(Deserialize)]
    struct Status {
        code: i32,
        message: String,
        details: Vec<Value>,
    }
    let status: Status = serde_json::from_slice(body)?;
    match (status.code, status.details.len()) {
        (5, 2) => Ok(status.message),
        (code, _) => Err(format!("unexpected code {code}").into()),
    }
}
