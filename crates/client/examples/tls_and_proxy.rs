//! Trust another certificate authority and connect through a proxy.
//!
//! `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are respected without any code.

use std::error::Error;

use coreweave_inference::Client;
use coreweave_inference::reqwest::{Certificate, Proxy, tls::Version};
use coreweave_inference_fake::FakeServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The fake is the proxy: it responds to whatever host a request is for.
    let fake = FakeServer::start().await?;
    let proxy = Proxy::all(fake.url())?.basic_auth("user", "password");
    let authority = Certificate::from_pem(include_bytes!("ca.pem"))?;

    let client = Client::builder()
        .token(fake.token())
        // A proxy tunnels https. This one cannot, so that plain http must be allowed.
        .base_url("http://inference.internal.example")
        .allow_plain_http(true)
        .reqwest_builder(|http| {
            http.add_root_certificate(authority)
                .tls_version_min(Version::TLS_1_3)
                .proxy(proxy)
        })
        .build()?;
    println!("{} gateways", client.gateways().list().await?.len());
    for request in fake.requests() {
        println!("the proxy received {} {}", request.method, request.path);
    }
    Ok(())
}
