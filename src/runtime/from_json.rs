use serde_json::Result;

use crate::proto_json::{self, Decode};

/// The body of a response: a message, or the unit type for a response without a body.
///
/// Decoding is compiled here, once, whatever a program does with the result.
pub trait FromJson: Sized {
    /// Decodes a body.
    ///
    /// # Errors
    /// Returns an error if the body is not JSON, or has a member of another type than expected.
    fn from_json(json: &[u8]) -> Result<Self>;
}

impl<T: Decode + Default> FromJson for T {
    fn from_json(json: &[u8]) -> Result<Self> {
        let mut body = Self::default();
        proto_json::from_slice(json, &mut body)?;
        Ok(body)
    }
}

/// Whatever arrives is ignored.
impl FromJson for () {
    fn from_json(_: &[u8]) -> Result<Self> {
        Ok(())
    }
}
