//! Where a spec comes from: an index of reference pages, a folder of them, or a document.

pub(crate) mod fetch;
mod index;
mod merge;
mod page;
mod problems;

use std::path::{Path, PathBuf};

use coreweave_inference_spec::{Spec, canonical};
use reqwest::Url;

use self::fetch::{Fetcher, MAX_BYTES};
use self::page::Page;
pub(crate) use self::problems::Problems;
use crate::lock::Origin;

/// The documentation index that reference pages are found in.
pub(crate) const REFERENCE_INDEX: &str = "https://docs.coreweave.com/llms.txt";

/// A place to read a spec from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// An index (`….txt`), a reference page (`….md`) or a document.
    Remote(Url),
    /// A folder of reference pages, a reference page or a document.
    Local(PathBuf),
}

/// What a source says.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) spec: Spec,
    /// Whether this is the whole API. Pages are a part of it, unless an index lists them all.
    pub(crate) complete: bool,
    pub(crate) origins: Vec<Origin>,
}

/// One text and what to call it.
struct Text {
    name: String,
    /// The name that says the same on any machine.
    location: String,
    text: String,
}

impl Source {
    /// Tells a URL from a path.
    pub(crate) fn parse(from: &str) -> Self {
        match Url::parse(from) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::Remote(url),
            _ => Self::Local(PathBuf::from(from)),
        }
    }

    /// Reads the source, whole or not at all.
    pub(crate) fn load(&self, fetcher: &Fetcher) -> Result<Loaded, Problems> {
        match self {
            Self::Remote(url) if url.path().ends_with(".txt") => {
                let pages = index::reference_pages(url, &fetcher.text(url)?)?;
                let texts = fetcher.texts(&pages)?;
                let remote = |(url, text): (&Url, String)| Text {
                    name: url.to_string(),
                    location: url.to_string(),
                    text,
                };
                from_pages(
                    url.as_str(),
                    pages.iter().zip(texts).map(remote).collect(),
                    true,
                )
            }
            Self::Remote(url) => {
                let text = Text {
                    name: url.to_string(),
                    location: url.to_string(),
                    text: fetcher.text(url)?,
                };
                from_text(text)
            }
            Self::Local(path) if path.is_dir() => {
                from_pages(&path.display().to_string(), pages_in(path)?, false)
            }
            Self::Local(path) => from_text(read(path)?),
        }
    }
}

fn from_text(text: Text) -> Result<Loaded, Problems> {
    if text.location.ends_with(".md") {
        let name = text.name.clone();
        return from_pages(&name, vec![text], false);
    }
    let spec = Spec::parse(&text.name, &text.text)?;
    let origin = Origin::new(&text.location, None, &text.text);
    Ok(Loaded {
        spec,
        complete: true,
        origins: vec![origin],
    })
}

fn from_pages(name: &str, texts: Vec<Text>, complete: bool) -> Result<Loaded, Problems> {
    let mut problems = Problems::default();
    let mut pages = Vec::new();
    let mut origins = Vec::new();
    for Text {
        name,
        location,
        text,
    } in &texts
    {
        match Page::parse(name, text) {
            Ok(page) => {
                origins.push(Origin::new(location, Some(&page.operation), text));
                pages.push(page);
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    let pages = problems.unless_any(pages)?;
    let merged = merge::merge(&pages)?;
    let spec = Spec::parse(&format!("{name} (merged)"), &canonical::write(&merged))?;
    Ok(Loaded {
        spec,
        complete,
        origins,
    })
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
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Text, Problems> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| Problems::with(&name, format_args!("can't read the file: {error}")))?;
    if bytes.len() > MAX_BYTES {
        return Err(Problems::with(
            &name,
            format_args!("larger than {MAX_BYTES} bytes"),
        ));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Problems::with(&name, format_args!("not text: {error}")))?;
    let location = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Text {
        name,
        location,
        text,
    })
}
