use serde_json::{Result, Value};

/// The body of a response.
///
/// Generated code implements it for the body of every operation, so that decoding is compiled here, once, whatever a program
/// does with the result.
pub trait FromJson: Sized {
    /// Decodes a body.
    ///
    /// # Errors
    /// Returns an error if the body is not JSON, or has a member of another type than expected.
    fn from_json(json: &[u8]) -> Result<Self>;
}

/// The body of a response that has none. Whatever arrives is ignored.
impl FromJson for () {
    fn from_json(_: &[u8]) -> Result<Self> {
        Ok(())
    }
}

impl FromJson for Value {
    fn from_json(json: &[u8]) -> Result<Self> {
        serde_json::from_slice(json)
    }
}
