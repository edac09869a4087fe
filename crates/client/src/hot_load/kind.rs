//! The description of hot-loads.

use std::time::Duration;

use crate::raw::types::{self, HotLoadState};
use crate::resource::kind::{
    Kind, Metadata, Phase, PollDefaults, RawResult, Sealed, bind_kind, metadata,
};

/// The kind of [`HotLoad`](crate::HotLoad)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HotLoad {}

impl Sealed for HotLoad {}

impl Kind for HotLoad {
    const NOUN: &'static str = "hot-load";
    type Raw = types::HotLoad;
    type Create = types::CreateHotLoadRequest;

    const MEMBER: &'static str = "hotLoad";
    const UNIQUE_NAMES: bool = false;
    const POLL: PollDefaults = PollDefaults {
        timeout: Duration::from_secs(3600),
        interval: Duration::from_secs(5),
    };

    bind_kind!(hot_load, get_hot_load: GET_HOT_LOAD, create_hot_load: CREATE_HOT_LOAD);

    fn metadata(raw: &types::HotLoad) -> Metadata<'_> {
        metadata!(raw, name: identity, state: state: HotLoadState)
    }

    fn phase(raw: &types::HotLoad) -> Phase {
        let status = raw.status.as_ref();
        match status.and_then(|status| status.state.as_ref()) {
            Some(HotLoadState::Completed) => Phase::Ready,
            Some(HotLoadState::Failed | HotLoadState::Canceled) => Phase::Failed,
            _ => Phase::Progressing,
        }
    }

    fn create_id(body: &mut types::CreateHotLoadRequest) -> &mut Option<String> {
        &mut body.hot_load_id
    }
}
