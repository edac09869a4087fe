//! The signals that concern the dashboard alone.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Flow;
use crate::failure::Exit;

pub(super) struct Signals {
    hang_up: Signal,
    stop: Signal,
    resume: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        let raw = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            stop: signal(raw(rustix::process::Signal::TSTP))?,
            resume: signal(raw(rustix::process::Signal::CONT))?,
        })
    }

    pub(super) async fn next(&mut self) -> Flow {
        tokio::select! {
            _ = self.hang_up.recv() => Flow::End(Exit::HungUp),
            _ = self.stop.recv() => Flow::Suspend,
            _ = self.resume.recv() => Flow::Resume,
        }
    }
}
