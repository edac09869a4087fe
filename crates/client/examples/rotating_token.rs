//! Use a token that something else rotates, such as a mounted secret.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Mutex;

use coreweave_inference::Client;
use coreweave_inference::retry::{Token, TokenError, TokenProvider};
use coreweave_inference_fake::FakeServer;
use futures_util::future::BoxFuture;

/// Keeps the token and reads the file again when the service rejects it.
struct TokenFile {
    path: PathBuf,
    current: Mutex<Option<Token>>,
}

impl TokenProvider for TokenFile {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
        Box::pin(async move {
            let mut current = self.current.lock().map_err(|_| "a reader panicked")?;
            if let Some(token) = current.as_ref().filter(|token| Some(*token) != refused) {
                return Ok(token.clone());
            }
            println!("reading {}", self.path.display());
            let token = Token::new(std::fs::read_to_string(&self.path)?)?;
            Ok(current.insert(token).clone())
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::builder()
        .admin_token("second-token")
        .start()
        .await?;
    let path = std::env::temp_dir().join(format!("token-{}", std::process::id()));
    std::fs::write(&path, "first-token")?;
    let provider = TokenFile {
        path: path.clone(),
        current: Mutex::default(),
    };
    let client = Client::builder()
        .base_url(fake.url())
        .token_provider(provider)
        .build()?;

    if let Err(error) = client.gateways().list().await {
        println!("the first token: {error}");
    }
    std::fs::write(&path, "second-token")?;
    println!("{} gateways", client.gateways().list().await?.len());
    std::fs::remove_file(path)?;
    Ok(())
}
