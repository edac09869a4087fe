//! Where OpenAI's clients find a gateway.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Gateway, Routing};
use crate::resource::kind;
use crate::resource::view::Resource;

/// All but what stands for itself in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Resource<kind::Gateway> {
    /// The base URL to give to an OpenAI client: the gateway's first endpoint, with `/v1`.
    ///
    /// There is none until the gateway is ready. There is none either for a gateway that routes by path, where each
    /// model has its own: see [`openai_base_url_for`](Self::openai_base_url_for).
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

    /// The base URL to give to an OpenAI client that uses this model.
    ///
    /// With path-based routing the model's name is the first segment of the path. Otherwise this is
    /// [`openai_base_url`](Self::openai_base_url), since the model is named elsewhere. There is none until the gateway is
    /// ready, and none for a name that no path can hold: the empty one, `.` and `..`.
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
        Some(format!(
            "{}/{}/v1",
            first_endpoint(self)?,
            utf8_percent_encode(model, SEGMENT)
        ))
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
    fn the_first_endpoint_counts() {
        let by_body = gateway("bodyBasedRouting", &["https://a/", "https://b"]);
        assert_eq!(by_body.openai_base_url().unwrap(), "https://a/v1");
        assert_eq!(by_body.openai_base_url_for("m").unwrap(), "https://a/v1");
    }

    #[test]
    fn path_routing_puts_the_model_first() {
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
    fn before_it_is_ready_there_is_none() {
        assert_eq!(
            gateway("pathBasedRouting", &[]).openai_base_url_for("m"),
            None
        );
        assert_eq!(gateway("bodyBasedRouting", &[""]).openai_base_url(), None);
    }
}
