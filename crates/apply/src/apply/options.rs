use std::time::Duration;

/// Options for [`apply`](crate::apply()).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Whether to replace resources; otherwise replacements are skipped.
    pub replace: bool,
    /// Whether to delete resources; otherwise deletions are skipped.
    pub delete: bool,
    /// Whether to wait until every resource of the manifest is ready; a disabled deployment, until it is applied.
    pub wait: bool,
    /// How long to wait for everything together, from the call of [`apply`](crate::apply()); by default, each wait takes as long as
    /// the client's.
    pub timeout: Option<Duration>,
    /// Whether a resource in STATUS_ERROR ends its wait; otherwise it may recover.
    pub fail_on_error: bool,
    /// How many changes are made at the same time at most. It begins with 10, adapts to the service, and is 20 by
    /// default.
    pub parallelism: usize,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            replace: false,
            delete: false,
            wait: false,
            timeout: None,
            fail_on_error: false,
            parallelism: 20,
        }
    }
}
