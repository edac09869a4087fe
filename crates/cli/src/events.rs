//! Server-sent events.

/// Reads the data of events from bytes as they come.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// The line that is not complete.
    line: Vec<u8>,
    /// The data of the event that is not complete.
    data: Option<String>,
}

impl Events {
    /// Adds bytes, and returns the data of the events that they complete.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut events = Vec::new();
        for &byte in bytes {
            if byte != b'\n' {
                self.line.push(byte);
                continue;
            }
            let line = String::from_utf8_lossy(&self.line).into_owned();
            self.line.clear();
            let line = line.strip_suffix('\r').unwrap_or(&line);
            if line.is_empty() {
                events.extend(self.data.take());
            } else if let Some(data) = line.strip_prefix("data:") {
                let data = data.strip_prefix(' ').unwrap_or(data);
                match &mut self.data {
                    None => self.data = Some(data.to_owned()),
                    Some(before) => {
                        before.push('\n');
                        before.push_str(data);
                    }
                }
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_the_same_however_the_bytes_come() {
        let stream = ": comment\r\n\r\nevent: x\r\ndata: é漢\r\n\r\ndata:a\ndata: b\nid: 7\n\n\n\ndata: [DONE]\n\ndata: half\n";
        let expected = ["é漢", "a\nb", "[DONE]"];
        for size in 1..=stream.len() {
            let mut events = Events::default();
            let parts = stream.as_bytes().chunks(size);
            let read: Vec<_> = parts.flat_map(|part| events.read(part)).collect();
            assert_eq!(read, expected, "in parts of {size}");
        }
    }
}
