use crate::raw::types::ResourceStatus as Status;

/// Where a resource is in its lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Progressing,
    Updating,
    Ready,
    /// In trouble, but it may recover.
    Error,
    Failed,
    Canceled,
    Deleting,
}

impl Phase {
    pub(crate) fn new(status: &Status) -> Self {
        match status {
            Status::Ready => Self::Ready,
            Status::Updating => Self::Updating,
            Status::Error => Self::Error,
            Status::Failed => Self::Failed,
            Status::Deleting => Self::Deleting,
            _ => Self::Progressing,
        }
    }
}
