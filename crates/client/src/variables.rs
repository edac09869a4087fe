//! The environment variables that the client reads.

/// The token, in the order of precedence.
pub(crate) const TOKEN: [&str; 2] = ["COREWEAVE_API_TOKEN", "CW_API_TOKEN"];

/// The base URL, in the order of precedence.
pub(crate) const BASE_URL: [&str; 3] =
    ["COREWEAVE_API_ENDPOINT", "COREWEAVE_API_URL", "CW_BASE_URL"];

/// The timeout of one attempt.
pub(crate) const TIMEOUT: &str = "COREWEAVE_HTTP_TIMEOUT";
