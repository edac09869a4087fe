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
    pub(crate) fn new(status: Option<&Status>) -> Self {
        match status {
            Some(Status::Ready) => Self::Ready,
            Some(Status::Updating) => Self::Updating,
            Some(Status::Error) => Self::Error,
            Some(Status::Failed) => Self::Failed,
            Some(Status::Deleting) => Self::Deleting,
            _ => Self::Progressing,
        }
    }
}
