//! Response bodies, complete or broken.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use tokio::time::Sleep;

/// How much of the padding of an oversize body is sent at a time.
const CHUNK: usize = 64 * 1024;

/// A part of a body.
#[derive(Debug)]
pub(super) enum Part {
    Data(Bytes),
    /// This many blanks.
    Padding(usize),
    Pause(Duration),
    /// Lets the connection send what it has buffered.
    Flush,
    /// Closes the connection.
    Close,
}

/// A body that is sent part by part.
pub(crate) struct Body {
    parts: VecDeque<Part>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Body {
    pub(super) fn new(parts: impl IntoIterator<Item = Part>) -> Body {
        Body {
            parts: parts.into_iter().collect(),
            pause: None,
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                std::task::ready!(pause.as_mut().poll(cx));
                self.pause = None;
            }
            let data = match self.parts.pop_front() {
                None => return Poll::Ready(None),
                Some(Part::Data(data)) => data,
                Some(Part::Padding(0)) => continue,
                Some(Part::Padding(left)) => {
                    let size = left.min(CHUNK);
                    self.parts.push_front(Part::Padding(left - size));
                    Bytes::from(vec![b' '; size])
                }
                Some(Part::Pause(pause)) => {
                    self.pause = Some(Box::pin(tokio::time::sleep(pause)));
                    continue;
                }
                Some(Part::Flush) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Part::Close) => {
                    return Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())));
                }
            };
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
    }
}
