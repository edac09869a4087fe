//! A documentation site on a loopback port, sound or broken.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What a path responses.
#[derive(Clone)]
pub(crate) struct Response {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How many of the first requests get a 503 instead, with `Retry-After: 0`.
    pub(crate) failures: usize,
    /// The body for a request with `Cache-Control: no-cache`.
    pub(crate) uncached: Option<Vec<u8>>,
}

impl Response {
    pub(crate) fn text(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self {
            head: "HTTP/1.1 200 OK".to_owned(),
            body,
            failures: 0,
            uncached: None,
        }
    }

    pub(crate) fn gzip(text: &str) -> Self {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        Self {
            head: "HTTP/1.1 200 OK\r\ncontent-encoding: gzip".to_owned(),
            ..Self::text(encoder.finish().unwrap())
        }
    }

    pub(crate) fn status(status: &str, headers: &str) -> Self {
        Self {
            head: format!("HTTP/1.1 {status}\r\ncontent-length: 0{headers}"),
            body: Vec::new(),
            failures: 0,
            uncached: None,
        }
    }

    /// Promises more than it sends.
    pub(crate) fn cut_off(body: &str) -> Self {
        Self {
            head: format!("HTTP/1.1 200 OK\r\ncontent-length: {}", body.len() + 100),
            body: body.into(),
            failures: 0,
            uncached: None,
        }
    }
}

/// Serves until the test ends. Plain sockets, so that responses can be broken in any way.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    responses: Arc<Mutex<BTreeMap<String, Response>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

const REFERENCE: &str = "/products/inference/reference/api-overview";

impl Site {
    pub(crate) fn empty() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self {
            address: listener.local_addr().unwrap(),
            responses: Arc::default(),
            requests: Arc::default(),
        };
        let (responses, requests) = (Arc::clone(&site.responses), Arc::clone(&site.requests));
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (responses, requests) = (Arc::clone(&responses), Arc::clone(&requests));
                std::thread::spawn(move || serve(connection, &responses, &requests));
            }
        });
        site
    }

    /// The pages at upstream's paths, and an index that also lists other pages.
    pub(crate) fn of(pages: &BTreeMap<String, String>) -> Self {
        Self::below(REFERENCE, pages)
    }

    /// The pages below another path.
    pub(crate) fn below(reference: &str, pages: &BTreeMap<String, String>) -> Self {
        let site = Self::empty();
        let mut index = String::from(
            "# Docs\n\n- [Guide](/products/inference/guide.md): not a reference page\n",
        );
        index.push_str(&format!("- [Overview]({}.md)\n", site.url(reference)));
        for (name, page) in pages {
            let path = format!("{reference}/{name}");
            index.push_str(&format!("- [A page]({}): about it\n", site.url(&path)));
            index.push_str(&format!(
                "- [Une page]({})\n",
                site.url(&format!("/fr{path}"))
            ));
            site.put(&path, Response::text(page.as_str()));
        }
        site.put("/llms.txt", Response::text(index));
        site
    }

    /// Adds a page to the index, by `<service>/<operation>.md`.
    pub(crate) fn link(&self, name: &str) {
        let line = format!("- [A page]({REFERENCE}/{name})\n");
        let mut responses = self.responses.lock().unwrap();
        responses
            .get_mut("/llms.txt")
            .unwrap()
            .body
            .extend(line.bytes());
    }

    pub(crate) fn put(&self, path: &str, response: Response) {
        self.responses
            .lock()
            .unwrap()
            .insert(path.to_owned(), response);
    }

    /// Replaces a page, by `<service>/<operation>.md`.
    pub(crate) fn put_page(&self, name: &str, response: Response) {
        self.put(&format!("{REFERENCE}/{name}"), response);
    }

    /// What a path responds, as text.
    pub(crate) fn body(&self, path: &str) -> String {
        String::from_utf8(self.responses.lock().unwrap()[path].body.clone()).unwrap()
    }

    /// Moves the links of the index to further indexes that refer to each other and to it, and leaves out every page whose
    /// name has `hidden` in it.
    pub(crate) fn nest(&self, hidden: Option<&str>) {
        let mut responses = self.responses.lock().unwrap();
        let index = String::from_utf8(responses["/llms.txt"].body.clone()).unwrap();
        let shown = |line: &&str| hidden.is_none_or(|hidden| !line.contains(hidden));
        let lines: Vec<_> = index.lines().filter(shown).collect();
        let (first, second) = lines.split_at(lines.len() / 2);
        let back = "- [All](/llms.txt)\n- [Reference](/_llms/reference.md \"All pages\")\n";
        for (path, text) in [
            (
                "/llms.txt",
                "- [Reference](/_llms/reference.md)\n".to_owned(),
            ),
            (
                "/_llms/reference.md",
                format!(
                    "{back}- [More](</_llms/reference/more.md>)\n{}\n",
                    first.join("\n")
                ),
            ),
            (
                "/_llms/reference/more.md",
                format!("{back}{}\n", second.join("\n")),
            ),
        ] {
            responses.insert(path.to_owned(), Response::text(text));
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn index(&self) -> String {
        self.url("/llms.txt")
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut connection: TcpStream,
    responses: &Mutex<BTreeMap<String, Response>>,
    requests: &Mutex<Vec<String>>,
) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).is_ok_and(|read| read == 1)
    {
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    requests.lock().unwrap().push(request.clone());
    let path = request.split(' ').nth(1).unwrap_or_default();
    let mut response = Response::status("404 Not Found", "");
    if let Some(known) = responses.lock().unwrap().get_mut(path) {
        response = known.clone();
        if known.failures > 0 {
            known.failures -= 1;
            response = Response::status("503 Service Unavailable", "\r\nretry-after: 0");
        }
    }
    if let Some(body) = response.uncached
        && request.contains("cache-control: no-cache")
    {
        response.body = body;
    }
    let _ = write!(connection, "{}\r\nconnection: close\r\n\r\n", response.head);
    let _ = connection.write_all(&response.body);
}
