//! Deploy a model, stream a chat completion from it with an OpenAI client, and delete everything again.
//!
//! This runs against a fake, unless the argument is `--real-account`. Then it uses the account of the environment, where
//! resources cost money; replace zone, instance type and model by yours first.

use std::env;
use std::error::Error;
use std::time::Duration;

use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{ChatCompletionRequestUserMessage, CreateChatCompletionRequest};
use coreweave_inference::{Backoff, Client, DeploymentId, GatewayAuth, GatewayId, Model};
use coreweave_inference::{NewDeployment, NewGateway, Resources, Routing};
use coreweave_inference_fake::FakeServer;
use futures_util::StreamExt;

/// Deploys a model and talks to it. Whether that works or not, nothing of it is left.
pub async fn run(client: &Client) -> Result<(), Box<dyn Error>> {
    // The same in each run, so that what a killed one has left is used and deleted by the next.
    let gateway = GatewayId::from_name("chat");
    let deployment = DeploymentId::from_name("chat");
    let chat = async {
        let (auth, routing) = (GatewayAuth::CoreWeave, Routing::OpenAiBody);
        let new = NewGateway::new("chat", "US-EAST-04A", auth, routing);
        let create = client.gateways().create(new.id(&gateway));
        let url = create.and_wait().await?.openai_base_url();
        let model = Model::new("llama", "my-models", "llama/3-8b");
        let gpus = Resources::new("gb200-4x", 4);
        let new = NewDeployment::new("chat", [&gateway], "vllm", gpus, model, 1..=1);
        let create = client.deployments().create(new.id(&deployment));
        create.and_wait().await?;

        let url = url.ok_or("the gateway has no endpoint")?;
        let token = client.token().await?;
        let config = OpenAIConfig::new().with_api_base(url);
        let config = config.with_api_key(token.expose());
        let message = ChatCompletionRequestUserMessage::from("Hello, how are you?");
        let request = CreateChatCompletionRequest {
            model: "llama".to_owned(),
            messages: vec![message.into()],
            ..Default::default()
        };
        let openai = async_openai::Client::with_config(config);
        let mut chunks = openai.chat().create_stream(request).await?;
        while let Some(chunk) = chunks.next().await {
            for choice in chunk?.choices {
                print!("{}", choice.delta.content.unwrap_or_default());
            }
        }
        println!();
        Ok(())
    };
    let chat: Result<(), Box<dyn Error>> = chat.await;
    let cleanup = async {
        client.deployments().delete(&deployment).and_wait().await?;
        client.gateways().delete(&gateway).and_wait().await
    };
    match (chat, cleanup.await) {
        (Err(chat), Err(cleanup)) => {
            Err(format!("{chat}; and not all is deleted: {cleanup}").into())
        }
        (chat, cleanup) => Ok(chat.and(cleanup.map_err(Into::into))?),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("--real-account") {
        return run(&Client::from_env()?).await;
    }
    let fake = FakeServer::builder().data_plane().start().await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .build()?;
    run(&client).await
}
