//! Where a spec comes from: a documentation site, an index of reference pages, a folder of them, or a document.

pub(crate) mod fetch;
mod index;
mod merge;
mod page;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use coreweave_inference_spec::yaml::{Data, Node};
use coreweave_inference_spec::{Json, Spec, canonical};
use reqwest::Url;

use self::fetch::{Fetched, Fetcher};
use self::merge::{Conflicts, Merged, merge};
use self::page::Page;
use crate::lock::Origin;
use crate::problems::Problems;

/// The documentation site.
pub(crate) const SITE: &str = "https://docs.coreweave.com/";
/// Larger files are refused. Those of the largest public APIs have some ten mebibytes.
const MAX_FILE: usize = 64 * 1024 * 1024;
/// The full document on the site, at the path that its pages name.
const DOCUMENT: &str = "/openapi/inference/openapi.yaml";
const INDEX: &str = "/llms.txt";

/// A place to read a spec from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A documentation site (no path), an index (`….txt`), a reference page (`….md`) or a document.
    Remote(Url),
    /// A folder of reference pages, a reference page or a document.
    Local(PathBuf),
}

/// A spec that was read from a source.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) document: Node,
    /// Whether this is the full API. Pages are a part of it, unless an index lists them all.
    pub(crate) complete: bool,
    /// Whether it was put together from pages, of which some may be missing.
    pub(crate) from_pages: bool,
    pub(crate) origins: Vec<Origin>,
    /// The names of pages without a spec block, and the same names on any machine.
    pub(crate) skipped: Vec<(String, String)>,
    /// What was skipped and how differences between pages were resolved.
    pub(crate) notes: Vec<String>,
}

/// One text of a source.
struct Text {
    name: String,
    /// The name that is the same on any machine.
    location: String,
    text: String,
    modified: Option<SystemTime>,
    url: Option<Url>,
}

impl Text {
    fn remote(url: &Url, Fetched { text, modified }: Fetched) -> Self {
        Self {
            name: url.to_string(),
            location: url.to_string(),
            text,
            modified,
            url: Some(url.clone()),
        }
    }

    fn local(path: &Path) -> Result<Self, Problems> {
        let name = path.display().to_string();
        let unreadable = |error: std::io::Error| {
            Problems::with(&name, format_args!("can't read the file: {error}"))
        };
        let bytes = std::fs::read(path).map_err(unreadable)?;
        if bytes.len() > MAX_FILE {
            return Err(Problems::with(
                &name,
                format_args!("larger than {MAX_FILE} bytes"),
            ));
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| Problems::with(&name, format_args!("not text: {error}")))?;
        let location = path.file_name().unwrap_or_default();
        Ok(Self {
            location: location.to_string_lossy().into_owned(),
            text,
            modified: std::fs::metadata(path)
                .and_then(|file| file.modified())
                .ok(),
            url: None,
            name,
        })
    }
}

impl Source {
    /// Tells a URL from a path.
    pub(crate) fn parse(from: &str) -> Self {
        match Url::parse(from) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::Remote(url),
            _ => Self::Local(PathBuf::from(from)),
        }
    }

    /// Reads the full source. Pages named by `prefer` win where pages differ.
    pub(crate) fn load(&self, fetcher: &Fetcher, prefer: &[String]) -> Result<Loaded, Problems> {
        match self {
            Self::Remote(url) if url.path() == "/" => site(url, fetcher, prefer),
            Self::Remote(url) if url.path().ends_with(".txt") => index(url, fetcher, prefer),
            Self::Remote(url) => {
                let text = Text::remote(url, fetcher.text(url)?);
                single(text, fetcher, prefer)
            }
            Self::Local(path) if path.is_dir() => {
                let name = path.display().to_string();
                from_pages(&name, pages_in(path)?, false, fetcher, prefer)
            }
            Self::Local(path) => single(Text::local(path)?, fetcher, prefer),
        }
    }
}

/// The full document of a site; without one, its index and pages.
fn site(url: &Url, fetcher: &Fetcher, prefer: &[String]) -> Result<Loaded, Problems> {
    let at = |path: &str| {
        url.join(path)
            .map_err(|error| Problems::with(url, format_args!("not a usable address: {error}")))
    };
    let document = at(DOCUMENT)?;
    match fetcher.text_if_present(&document)? {
        Ok(fetched) => from_document(Text::remote(&document, fetched)),
        Err(reason) => {
            let mut loaded = index(&at(INDEX)?, fetcher, prefer)?;
            let note = format!("{reason}; the reference pages are read instead");
            loaded.notes.insert(0, note);
            Ok(loaded)
        }
    }
}

fn index(url: &Url, fetcher: &Fetcher, prefer: &[String]) -> Result<Loaded, Problems> {
    let links = index::follow(url, fetcher)?;
    let pages: Vec<_> = links.pages.into_iter().collect();
    let texts = pages.iter().zip(fetcher.texts(&pages)?);
    let texts = texts.map(|(url, fetched)| Text::remote(url, fetched));
    let mut loaded = from_pages(url.as_str(), texts.collect(), true, fetcher, prefer)?;
    loaded.notes.splice(0..0, links.notes);
    Ok(loaded)
}

fn single(text: Text, fetcher: &Fetcher, prefer: &[String]) -> Result<Loaded, Problems> {
    if text.location.ends_with(".md") {
        let name = text.name.clone();
        return from_pages(&name, vec![text], false, fetcher, prefer);
    }
    from_document(text)
}

fn from_document(text: Text) -> Result<Loaded, Problems> {
    let mut document = Spec::parse(&text.name, &text.text)?.into_node();
    let mut notes = Vec::new();
    let is_placeholder = document.get("servers").is_some_and(is_placeholder);
    if let Data::Object(members) = &mut document.data
        && is_placeholder
    {
        members.retain(|(key, _)| key != "servers");
        notes.push(format!(
            "{}: the placeholder in `servers` is ignored",
            text.name
        ));
    }
    Ok(Loaded {
        document,
        complete: true,
        from_pages: false,
        origins: vec![Origin::new(&text.location, None, &text.text)],
        skipped: Vec::new(),
        notes,
    })
}

fn from_pages(
    name: &str,
    mut texts: Vec<Text>,
    complete: bool,
    fetcher: &Fetcher,
    prefer: &[String],
) -> Result<Loaded, Problems> {
    for wanted in prefer {
        if !texts
            .iter()
            .any(|text| text.name.ends_with(wanted.as_str()))
        {
            return Err(Problems::with(
                name,
                format_args!("no page is called `{wanted}`, which --prefer names"),
            ));
        }
    }
    let mut parsed = Parsed::of(&texts)?;
    let merged = match merge(&parsed.pages, prefer) {
        Err(Conflicts { pages, .. }) if refetch(&mut texts, &parsed, &pages, fetcher)? => {
            parsed = Parsed::of(&texts)?;
            merge(&parsed.pages, prefer)
        }
        result => result,
    };
    let Merged { document, notes } = merged.map_err(|conflicts| conflicts.problems)?;
    if parsed.pages.is_empty() {
        return Err(Problems::with(
            name,
            "no page has a spec block, opened by four backticks and `yaml [FILE or URL] METHOD PATH`",
        ));
    }
    let spec = Spec::parse(&format!("{name} (merged)"), &canonical::write(&document))?;
    Ok(Loaded {
        document: spec.into_node(),
        complete,
        from_pages: true,
        origins: parsed.origins,
        skipped: parsed.skipped,
        notes: [parsed.notes, notes].concat(),
    })
}

/// The pages among some texts.
#[derive(Default)]
struct Parsed {
    pages: Vec<Page>,
    /// Which text each page is.
    indices: Vec<usize>,
    origins: Vec<Origin>,
    skipped: Vec<(String, String)>,
    notes: Vec<String>,
}

impl Parsed {
    fn of(texts: &[Text]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut parsed = Self::default();
        for (index, text) in texts.iter().enumerate() {
            match Page::parse(&text.name, &text.text, text.modified) {
                Ok(Some(page)) => {
                    let operation = Some(page.operation.as_str());
                    parsed
                        .origins
                        .push(Origin::new(&text.location, operation, &text.text));
                    let servers = page.spec.value().get("servers");
                    if servers.is_some_and(is_placeholder) {
                        parsed.notes.push(format!(
                            "{}: the placeholder in `servers` is ignored",
                            text.name
                        ));
                    }
                    parsed.pages.push(page);
                    parsed.indices.push(index);
                }
                Ok(None) => {
                    let note = format!("{}: skipped, it has no spec block of this API", text.name);
                    parsed.notes.push(note);
                    let names = (text.name.clone(), text.location.clone());
                    parsed.skipped.push(names);
                }
                Err(error) => problems.push(error.to_string()),
            }
        }
        problems.unless_any(parsed)
    }
}

/// Fetches the pages that differ again, past caches. False if none of them is remote.
fn refetch(
    texts: &mut [Text],
    parsed: &Parsed,
    pages: &std::collections::BTreeSet<usize>,
    fetcher: &Fetcher,
) -> Result<bool, Problems> {
    let mut any = false;
    for index in pages.iter().filter_map(|page| parsed.indices.get(*page)) {
        if let Some(text) = texts.get_mut(*index)
            && let Some(url) = text.url.clone()
        {
            *text = Text::remote(&url, fetcher.text_uncached(&url)?);
            any = true;
        }
    }
    Ok(any)
}

fn pages_in(folder: &Path) -> Result<Vec<Text>, Problems> {
    let unreadable = |error: std::io::Error| {
        Problems::with(
            folder.display(),
            format_args!("can't read the folder: {error}"),
        )
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Problems::with(
            folder.display(),
            "there are no reference pages (`*.md`) in this folder",
        ));
    }
    paths.iter().map(|path| Text::local(path)).collect()
}

/// Whether every address of a `servers` list is at a host reserved for examples.
fn is_placeholder<V: Json>(servers: &V) -> bool {
    let is_example = |server: &V| {
        let url = server.get("url").and_then(V::as_str);
        let host = url.and_then(|url| Some(Url::parse(url).ok()?.host_str()?.to_owned()));
        host.is_some_and(|host| {
            ["example.com", "example.org", "example.net"]
                .iter()
                .any(|example| host == *example || host.ends_with(&format!(".{example}")))
        })
    };
    let servers = servers.items();
    !servers.is_empty() && servers.iter().all(is_example)
}
