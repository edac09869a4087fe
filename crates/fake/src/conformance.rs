//! Checks recorded requests and responses against the API's OpenAPI document.

use coreweave_inference_spec::conformance::{Conformance, Exchange, Violation};

use crate::request_log::RecordedRequest;

/// What the paths of the API begin with.
const PREFIX: &str = "/v1alpha1/inference/";

impl RecordedRequest {
    /// Checks the response against the document, and the request too if the API accepted it.
    ///
    /// Returns every violation; none if the connection was reset instead of a response, nor for
    /// another API: the exchange of tokens, and the data plane.
    ///
    /// ```no_run
    /// use coreweave_inference_fake::FakeServer;
    /// use coreweave_inference_spec::{Spec, conformance::Conformance};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let conformance = Conformance::new(&Spec::load("openapi.yaml")?)?;
    /// let fake = FakeServer::start().await?;
    /// // … requests …
    /// for request in fake.requests() {
    ///     assert!(request.violations(&conformance).is_empty());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn violations(&self, conformance: &Conformance) -> Vec<Violation> {
        let Some(status) = self.response_status else {
            return Vec::new();
        };
        if !self.path.starts_with(PREFIX) {
            return Vec::new();
        }
        let operation = self.operation.as_ref();
        let operation = operation.map(|operation| (&*self.method, operation.path()));
        conformance.check(&Exchange {
            operation,
            query: self.query.as_deref().unwrap_or_default(),
            request_body: &self.body,
            status,
            response_body: &self.response_body,
        })
    }
}
