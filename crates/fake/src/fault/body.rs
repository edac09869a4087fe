//! Response bodies, complete or broken.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use http_body::Frame;
use http_body_util::StreamBody;

/// How much of the padding of an oversize body is sent at a time.
const CHUNK: usize = 64 * 1024;

/// A body that is sent part by part.
pub(crate) type Body = StreamBody<BoxStream<'static, io::Result<Frame<Bytes>>>>;

/// A part of a body.
pub(super) enum Part {
    Data(Bytes),
    Pause(Duration),
    /// Closes the connection.
    Close,
}

pub(super) fn body(parts: impl IntoIterator<Item = Part, IntoIter: Send + 'static>) -> Body {
    let send = async |part| match part {
        Part::Data(data) => Ok(Frame::data(data)),
        Part::Pause(pause) => {
            tokio::time::sleep(pause).await;
            Ok(Frame::data(Bytes::new()))
        }
        Part::Close => {
            // Lets the connection send what it has buffered.
            tokio::task::yield_now().await;
            Err(io::ErrorKind::BrokenPipe.into())
        }
    };
    StreamBody::new(stream::iter(parts).then(send).boxed())
}

/// This many blanks.
pub(super) fn padding(size: usize) -> impl Iterator<Item = Part> {
    let chunks = (0..size).step_by(CHUNK);
    chunks.map(move |start| Part::Data(vec![b' '; CHUNK.min(size - start)].into()))
}
