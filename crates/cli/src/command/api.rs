//! Raw requests.

use std::path::Path;

use coreweave_inference::reqwest::Method;
use serde_json::Value;

use crate::command::manifest::source;
use crate::failure::Failure;
use crate::output::{self, Format};
use crate::session::Session;
use crate::text::Text;

/// Sends a request with the token, retries and limits of the client, and prints the response.
pub(crate) async fn run(
    session: &Session,
    method: &str,
    path: &str,
    data: Option<String>,
) -> Result<(), Failure> {
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
        .map_err(|_| Failure::usage(format!("`{method}` is no HTTP method")))?;
    if !path.starts_with('/') {
        return Err(Failure::usage(format!(
            "the path `{path}` must begin with a slash, such as /v1alpha1/inference/gateways"
        )));
    }
    let body = data.as_deref().map(body).transpose()?;
    let response = session
        .client
        .raw()
        .send_json(method, path, body.as_ref())
        .await?;
    let json = response.into_inner();
    match session.output.format {
        // The response had no body.
        _ if json.is_null() => {}
        Format::Yaml => output::write(&Text::yaml(&json)),
        _ => output::write(&Text::json(&json)),
    }
    Ok(())
}

fn body(data: &str) -> Result<Value, Failure> {
    let (name, text) = match data.strip_prefix('@') {
        Some(file) => source(Path::new(file))?,
        None => ("--data".to_owned(), data.to_owned()),
    };
    serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("{name} is not JSON: {error}")))
}
