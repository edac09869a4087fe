//! Base URLs for OpenAI clients.

use reqwest::Url;

use super::{Gateway, Routing};

impl Gateway {
    /// Returns the base URL for OpenAI clients: the first endpoint with `/v1`.
    ///
    /// `None` until the gateway is ready, and with path-based routing, where each model has its own base URL: see
    /// [`openai_base_url_for`](Self::openai_base_url_for).
    ///
    /// ```
    /// # use coreweave_inference::Gateway;
    /// let gateway: Gateway = serde_json::from_str(r#"{"spec": {"id": "5f0c"},
    ///     "status": {"endpoints": ["https://api.5f0c.gw.cwinference.com"]}}"#)?;
    /// assert_eq!(gateway.openai_base_url().as_deref(), Some("https://api.5f0c.gw.cwinference.com/v1"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn openai_base_url(&self) -> Option<String> {
        if self.routing() == Routing::Path {
            return None;
        }
        Some(format!("{}/v1", first_endpoint(self)?))
    }

    /// Returns the base URL for OpenAI clients that use this model.
    ///
    /// With path-based routing the model name is the first path segment. `None` until the gateway is ready, and for a name
    /// that cannot be a path segment: the empty one, `.` and `..`.
    ///
    /// ```
    /// # use coreweave_inference::Gateway;
    /// let gateway: Gateway = serde_json::from_str(r#"{"spec": {"id": "5f0c", "pathBasedRouting": {}},
    ///     "status": {"endpoints": ["https://api.5f0c.gw.cwinference.com"]}}"#)?;
    /// assert_eq!(
    ///     gateway.openai_base_url_for("meta/llama 3").as_deref(),
    ///     Some("https://api.5f0c.gw.cwinference.com/meta%2Fllama%203/v1"),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn openai_base_url_for(&self, model: &str) -> Option<String> {
        if self.routing() != Routing::Path {
            return self.openai_base_url();
        }
        if matches!(model, "" | "." | "..") {
            return None;
        }
        let mut url = Url::parse(first_endpoint(self)?).ok()?;
        url.path_segments_mut().ok()?.extend([model, "v1"]);
        Some(url.into())
    }
}

fn first_endpoint(gateway: &Gateway) -> Option<&str> {
    let url = gateway.endpoints().first()?.trim_end_matches('/');
    (!url.is_empty()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn gateway(routing: &str, endpoints: &[&str]) -> Gateway {
        serde_json::from_value(
            json!({"spec": {"id": "1", routing: {}}, "status": {"endpoints": endpoints}}),
        )
        .unwrap()
    }

    #[test]
    fn the_base_url_is_the_first_endpoint() {
        let by_body = gateway("bodyBasedRouting", &["https://a/", "https://b"]);
        assert_eq!(by_body.openai_base_url().unwrap(), "https://a/v1");
        assert_eq!(by_body.openai_base_url_for("m").unwrap(), "https://a/v1");
    }

    #[test]
    fn path_based_routing_puts_the_model_first() {
        let by_path = gateway("pathBasedRouting", &["https://a"]);
        assert_eq!(by_path.openai_base_url(), None);
        assert_eq!(
            by_path.openai_base_url_for("a-b_c.d~1").unwrap(),
            "https://a/a-b_c.d~1/v1"
        );
        assert_eq!(
            by_path.openai_base_url_for("é?#%").unwrap(),
            "https://a/%C3%A9%3F%23%25/v1"
        );
        for model in ["", ".", ".."] {
            assert_eq!(by_path.openai_base_url_for(model), None);
        }
    }

    #[test]
    fn there_is_no_base_url_without_an_endpoint() {
        assert_eq!(
            gateway("pathBasedRouting", &[]).openai_base_url_for("m"),
            None
        );
        assert_eq!(gateway("bodyBasedRouting", &[""]).openai_base_url(), None);
    }
}
