//! Reading manifests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use coreweave_inference::raw::normalization::ONE_OF;
use coreweave_inference_spec::yaml::{self, Data, Node};
use serde_json::{Map, Value};

use crate::check::Check;
use crate::kind::Kind;
use crate::problem::{Location, Problem, Problems};
use crate::schema::suggest;

/// The resources that should exist, as YAML documents describe them.
///
/// A document holds `kind: Gateway`, `Deployment` or `CapacityClaim` and the members of the API's create request. A
/// deployment can name its gateways in `gateways` instead of giving `gatewayIds`.
///
/// ```
/// use coreweave_inference_apply::Manifest;
///
/// let text = "kind: Gateway\nname: chat\ncoreWeaveAuth: {}\npathBasedRouting: {}\nzone: [US-EAST-04A]\n";
/// let problems = Manifest::parse("chat.yaml", text).unwrap_err();
/// assert_eq!(
///     problems.to_string(),
///     "chat.yaml:5: a gateway has no member `zone`; did you mean `zones`?"
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The resources, in the order of the documents.
    pub resources: Vec<ManifestResource>,
    /// What may be a mistake, such as members that this version does not know.
    pub warnings: Vec<Problem>,
}

/// One resource of a manifest. `Debug` leaves the body out, as it may hold secrets.
#[derive(Clone)]
pub struct ManifestResource {
    /// Its kind.
    pub kind: Kind,
    /// Its name, by which it is matched with an existing resource; its id, if it has no name.
    pub name: String,
    /// The members of the create request that the manifest gives, without `gateways`.
    pub body: Map<String, Value>,
    /// The names in `gateways`, if the member is there.
    pub gateways: Option<Vec<String>>,
    /// Where it begins.
    pub location: Location,
    lines: BTreeMap<String, usize>,
}

impl fmt::Debug for ManifestResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManifestResource")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

impl ManifestResource {
    /// Whether the manifest gives the member at a path, `null` included.
    pub(crate) fn gives(&self, path: &str) -> bool {
        self.lines.contains_key(path)
    }

    /// Returns the location of the member at a path such as `runtime.version`, or of the nearest enclosing one in the
    /// manifest.
    pub fn location_of(&self, path: &str) -> Location {
        let line = std::iter::successors(Some(path), |path| {
            path.rfind(['.', '[']).and_then(|end| path.get(..end))
        })
        .find_map(|path| self.lines.get(path))
        .unwrap_or(&self.location.line);
        Location {
            line: *line,
            ..self.location.clone()
        }
    }
}

impl Manifest {
    /// Reads the documents of one text; `file` is the name that problems refer to.
    ///
    /// # Errors
    /// Returns an error that lists every problem: invalid YAML, a member of a wrong type or with a misspelled name, a
    /// missing `kind` or `name`, two resources of one kind and name, no resources at all.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        let mut reader = ManifestReader::default();
        reader.text(file, text);
        reader.finish()
    }

    /// Reads files, and every `*.yaml`, `*.yml` and `*.json` file in folders and their subfolders, as one manifest.
    ///
    /// What is skipped in a folder is a warning.
    ///
    /// # Errors
    /// Returns an error as [`parse`](Self::parse) does, over all files, and if a file cannot be read.
    pub fn read(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, Problems> {
        let mut reader = ManifestReader::default();
        for path in paths {
            reader.path(path.as_ref());
        }
        reader.finish()
    }
}

/// Reads one manifest from several sources.
#[derive(Debug, Default)]
pub struct ManifestReader {
    default_kind: Option<Kind>,
    manifest: Manifest,
    problems: Vec<Problem>,
    /// The texts without resources.
    empty: Vec<String>,
}

impl ManifestReader {
    /// Creates a reader for which documents without a `kind` are of the default kind, if there is one.
    pub fn new(default_kind: Option<Kind>) -> Self {
        Self {
            default_kind,
            ..Self::default()
        }
    }

    /// Reads a file, or every `*.yaml`, `*.yml` and `*.json` file in a folder and its subfolders.
    pub fn path(&mut self, path: &Path) {
        let read = match path.is_dir() {
            true => self.folder(path),
            false => self.file(path),
        };
        if let Err(error) = read {
            let message = format!("cannot read {}: {error}", path.display());
            self.problems.push(Problem::new(None, message));
        }
    }

    fn file(&mut self, path: &Path) -> io::Result<()> {
        let text = fs::read_to_string(path)?;
        self.text(&path.display().to_string(), &text);
        Ok(())
    }

    fn folder(&mut self, path: &Path) -> io::Result<()> {
        let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
        let mut entries = entries.collect::<io::Result<Vec<PathBuf>>>()?;
        entries.sort();
        let (manifests, skipped): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| is_manifest(entry));
        if !skipped.is_empty() {
            let names = skipped.iter().filter_map(|path| path.file_name());
            let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
            let message = format!("skipped in {}: {}", path.display(), names.join(", "));
            self.manifest.warnings.push(
                Problem::new(None, message)
                    .help("manifests are *.yaml, *.yml and *.json files that are not hidden"),
            );
        }
        manifests.iter().for_each(|manifest| self.path(manifest));
        Ok(())
    }

    /// Reads the documents of one text; `file` is the name that problems refer to.
    pub fn text(&mut self, file: &str, text: &str) {
        let documents = match yaml::read(file, text, 1) {
            Ok(documents) => documents,
            Err(error) => return self.problems.push(error.into()),
        };
        // The output of `export -o json` is one list.
        let documents = documents.iter().flat_map(|document| match &document.data {
            Data::List(documents) => documents.as_slice(),
            _ => std::slice::from_ref(document),
        });
        let is_empty = |document: &&Node| matches!(document.data, Data::Scalar(Value::Null));
        let mut holds_any = false;
        for document in documents.filter(|document| !is_empty(document)) {
            holds_any = true;
            if let Err(problem) = self.document(file, document) {
                self.problems.push(problem);
            }
        }
        if !holds_any {
            self.empty.push(file.to_owned());
        }
    }

    /// Returns what was read.
    ///
    /// # Errors
    /// Returns an error that lists every problem of every source, or if there are no resources.
    pub fn finish(self) -> Result<Manifest, Problems> {
        let Self {
            mut manifest,
            mut problems,
            empty,
            ..
        } = self;
        let emptiness = match empty.join(", ").as_str() {
            "" => None,
            names => Some(Problem::new(None, format!("{names} holds no resources"))),
        };
        if manifest.resources.is_empty() && problems.is_empty() {
            // Nothing is what a mistake asks for, and pruning would delete everything.
            problems = manifest.warnings;
            problems.push(emptiness.unwrap_or_else(|| {
                Problem::new(None, "there are no manifests, and so no resources")
            }));
            return Err(Problems(problems));
        }
        manifest.warnings.extend(emptiness);
        Problems(problems).into_result()?;
        Ok(manifest)
    }

    /// Adds the resource that a document describes.
    fn document(&mut self, file: &str, node: &Node) -> Result<(), Problem> {
        let problem = |line, message: String| {
            let file = file.to_owned();
            Problem::new(Some(Location { file, line }), message)
        };
        let Data::Object(members) = &node.data else {
            let message = "a document must be an object with `kind` and `name`";
            return Err(problem(node.line, message.to_owned()));
        };
        let text = |wanted| {
            let found = node.get(wanted)?;
            match &found.data {
                Data::Scalar(Value::String(text)) => Some((text.as_str(), found.line)),
                _ => None,
            }
        };
        let kind = match (text("kind"), self.default_kind) {
            (Some((name, line)), _) => kind(name).map_err(|message| problem(line, message))?,
            (None, Some(kind)) => kind,
            (None, None) if node.get("spec").is_some() => {
                let message = "this is a resource as the API returns it, not a manifest; export the resource instead";
                return Err(problem(node.line, message.to_owned()));
            }
            (None, None) => {
                let message = format!("`kind` is missing; set it to {KINDS}");
                return Err(problem(node.line, message));
            }
        };
        let given = |member| {
            let text = text(member).map(|(text, _)| text);
            text.filter(|text| !text.is_empty())
        };
        // A claim needs no name, and is exported with its id then.
        let name = match (given("name"), kind) {
            (None, Kind::CapacityClaim) => given("id"),
            (name, _) => name,
        };
        let name =
            name.ok_or_else(|| problem(node.line, format!("the {kind} has no `name`, a string")))?;
        let mut resources = self.manifest.resources.iter();
        if let Some(earlier) = resources.find(|r| r.kind == kind && r.name == name) {
            let message = format!(
                "the {kind} {name} is already defined at {}",
                earlier.location
            );
            return Err(problem(node.line, message));
        }
        let mut check = Check::new(file, kind.to_string(), UNKNOWN);
        let mut body = Map::new();
        let mut gateways = None;
        for (member, node) in members.iter().filter(|(member, _)| member != "kind") {
            if kind == Kind::Deployment && member == "gateways" {
                check.lines.insert(member.clone(), node.line);
                gateways = names(node);
                if gateways.is_none() {
                    self.problems.push(problem(
                        node.line,
                        "`gateways` must be a list of names".to_owned(),
                    ));
                }
            } else {
                check.member(kind.schema(), "", member, node);
                body.insert(member.clone(), node.value());
            }
        }
        if let (Some(_), Some(line)) = (&gateways, check.lines.get("gatewayIds")) {
            let message = "give either `gateways` or `gatewayIds`, not both";
            self.problems.push(problem(*line, message.to_owned()));
        }
        self.problems.extend(check.problems);
        // A merge would drop all but the last.
        for group in ONE_OF {
            let is_set = |(name, node): &&(String, Node)| {
                group.contains(&name.as_str()) && !matches!(node.data, Data::Scalar(Value::Null))
            };
            let mut set = members.iter().filter(is_set);
            if let (Some((first, _)), Some((second, node))) = (set.next(), set.next()) {
                let message = format!("`{first}` and `{second}` exclude each other; keep one");
                self.problems.push(problem(node.line, message));
            }
        }
        self.manifest.warnings.extend(check.warnings);
        self.manifest.resources.push(ManifestResource {
            kind,
            name: name.to_owned(),
            body,
            gateways,
            location: Location {
                file: file.to_owned(),
                line: node.line,
            },
            lines: check.lines,
        });
        Ok(())
    }
}

const KINDS: &str = "Gateway, Deployment or CapacityClaim";

/// What happens to members that this version does not know.
const UNKNOWN: &str = "it is sent with other changes, and compared once the service returns it";

/// The kind with this name in a manifest.
fn kind(name: &str) -> Result<Kind, String> {
    let mut kinds = Kind::ALL.into_iter();
    kinds
        .find(|kind| kind.manifest_name() == name)
        .ok_or_else(|| {
            let message = format!("unknown kind `{name}`");
            match suggest(name, Kind::ALL.map(Kind::manifest_name)) {
                Some(kind) => format!("{message}; did you mean `{kind}`?"),
                None => format!("{message}; use {KINDS}"),
            }
        })
}

/// The strings of a list; `None` if it is anything else.
fn names(node: &Node) -> Option<Vec<String>> {
    let Data::List(items) = &node.data else {
        return None;
    };
    let names = items.iter().map(|item| match &item.data {
        Data::Scalar(Value::String(name)) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// Whether an entry of a folder is read: a folder, or a file with the extension of a manifest.
fn is_manifest(path: &Path) -> bool {
    let is_hidden = path
        .file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    if is_hidden || (path.is_dir() && path.is_symlink()) {
        return false;
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    path.is_dir() || (path.is_file() && matches!(extension, Some("yaml" | "yml" | "json")))
}

/// Writes a document of a manifest, or any other value, as YAML.
///
/// The members `kind` and `name` come first, the others in alphabetical order.
///
/// ```
/// let value = serde_json::json!({"a": [1, "two"], "kind": "Gateway"});
/// assert_eq!(coreweave_inference_apply::to_yaml(&value), "kind: Gateway\na:\n  - 1\n  - two\n");
/// ```
pub fn to_yaml(value: &Value) -> String {
    yaml::write(value, &["kind", "name"][..])
}
