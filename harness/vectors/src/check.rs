//! Whether the files in `vectors/` are what the tool wrote, and still true.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use reference_rs::{HANDLERS, HandlerSpec};
use serde_json::Value;

use super::answering::{Answering, Mismatch};
use super::error::VectorError;
use super::examine::Examined;
use super::flag::{Flag, class_flag};
use super::model::{Provenance, SCHEMA_VERSION, TraceFile, Vector, VectorFile};
use super::replay::Engines;
use super::schema::{SCHEMA_FILE, schema};
use super::store::{REGRESSIONS, Store};
use crate::identity::id_of;
use parity_blog::OwnCases;
use parity_campaign::Corpus;
use parity_json::document::{DocumentError, id_near, parse, read_regular};
use parity_json::file_text;
use parity_json::{digest_of, named_id};
use parity_schema::Domain;

/// Something that is wrong with a file of vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, below the repository.
    pub file: String,
    /// The vector, if it is one.
    pub vector: Option<String>,
    /// What is wrong.
    pub what: String,
    /// Whether it is known to be wrong: an engine that could not be compared may answer as it is to.
    pub is_known: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if let Some(vector) = &self.vector {
            write!(f, "{vector}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// Everything that is wrong with the vectors of the repository at `root`.
pub fn check(root: &Path, engines: &mut Engines) -> Result<Vec<Problem>, VectorError> {
    let store = Store::of_repository(root);
    let mut checker = Checker::new(&store);
    for spec in HANDLERS {
        checker.handler(spec, engines)?;
    }
    for template in engines.templates().to_vec() {
        let file = store.trace_file_of(&template.id);
        checker.traces(&file, &template.id.to_string(), engines)?;
    }
    checker.schema_file()?;
    checker.others()?;
    Ok(checker.problems)
}

/// Everything that is wrong with vectors in a directory all of which were promoted.
pub fn check_promoted(store: &Store, answering: &mut dyn Answering) -> Result<Vec<Problem>, VectorError> {
    let no_vectors = || VectorError::NoVectors { dir: store.dir().to_owned() };
    if !store.dir().is_dir() {
        return Err(no_vectors());
    }
    let is_vectors = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "json")
            && !path.starts_with(store.dir().join(REGRESSIONS))
    };
    let files: Vec<PathBuf> = store.files()?.into_iter().filter(is_vectors).collect();
    if files.is_empty() {
        return Err(no_vectors());
    }
    let mut checker = Checker::new(store);
    for path in files {
        let Some(text) = checker.text_of(&path)? else { continue };
        let Some(file) = checker.vectors(&path, &text) else { continue };
        if file.schema_version != SCHEMA_VERSION {
            let what = format!("is of version {} of the format, not {SCHEMA_VERSION}", file.schema_version);
            checker.report(&path, None, what);
        }
        if file.vectors.is_empty() {
            checker.report(&path, None, "holds no vector");
        }
        checker.replay(&path, &file, answering)?;
    }
    checker.others()?;
    Ok(checker.problems)
}

struct Checker<'a> {
    store: &'a Store,
    validator: Option<Validator>,
    known: BTreeSet<PathBuf>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn new(store: &'a Store) -> Self {
        let known = BTreeSet::from([store.dir().join("README.md"), store.dir().join(SCHEMA_FILE)]);
        // The schema is a constant, and a test compiles it.
        Self { store, validator: jsonschema::validator_for(&schema()).ok(), known, problems: Vec::new() }
    }

    fn report(&mut self, file: &Path, vector: Option<&str>, what: impl Into<String>) {
        let file = self.store.shown(file);
        let vector = vector.map(str::to_owned);
        self.problems.push(Problem { file, vector, what: what.into(), is_known: true });
    }

    /// The text of a file that must be there.
    fn text_of(&mut self, file: &Path) -> Result<Option<String>, VectorError> {
        self.known.insert(file.to_owned());
        match read_regular(file) {
            Ok(text) => Ok(Some(text)),
            Err(source) if source.kind() == ErrorKind::NotFound => {
                self.report(file, None, "is missing; `parity vectors regenerate` writes it");
                Ok(None)
            }
            Err(source) => Err(VectorError::Io { path: file.to_owned(), source }),
        }
    }

    /// The vectors of a file, of which everything is checked that is the same for all.
    fn vectors(&mut self, path: &Path, text: &str) -> Option<VectorFile> {
        self.canonical(path, text);
        let file = self.parsed::<VectorFile>(path, text)?;
        if self.store.file_of(&file.handler) != path {
            self.report(path, None, format!("holds the vectors of {}", file.handler));
            return None;
        }
        self.digest(path, &file.digest, &digest_of(&file.vectors));
        self.ids(path, file.vectors.iter().map(|vector| (vector.id.as_str(), id_of(&vector.input))));
        for vector in file.vectors.iter().filter(|vector| vector.note.trim().is_empty()) {
            self.report(path, Some(&vector.id), "has no note");
        }
        Some(file)
    }

    fn replay(&mut self, path: &Path, file: &VectorFile, answering: &mut dyn Answering) -> Result<(), VectorError> {
        for mismatch in answering.replay(file)? {
            self.mismatch(path, &mismatch);
        }
        Ok(())
    }

    fn mismatch(&mut self, path: &Path, mismatch: &Mismatch) {
        let (file, vector) = (self.store.shown(path), Some(mismatch.id.clone()));
        self.problems.push(Problem { file, vector, what: mismatch.sentence(), is_known: mismatch.was_compared });
    }

    fn handler(&mut self, spec: &'static HandlerSpec, engines: &mut Engines) -> Result<(), VectorError> {
        let handler = spec.handler();
        let path = self.store.file_of(&handler);
        let Some(text) = self.text_of(&path)? else { return Ok(()) };
        self.by_schema(&path, &text);
        let Some(file) = self.vectors(&path, &text) else { return Ok(()) };
        self.provenance(&path, &file.provenance);
        let cases = OwnCases::of(&handler)?;
        for vector in &file.vectors {
            self.vector(&path, vector, cases.domain());
        }
        for class in spec.outcomes.iter().map(|class| class_flag(*class)) {
            if !file.vectors.iter().any(|vector| vector.flags.contains(&class)) {
                self.report(&path, None, format!("the declared outcome {class} has no vector"));
            }
        }
        self.replay(&path, &file, engines)
    }

    fn traces(&mut self, path: &Path, workflow: &str, engines: &Engines) -> Result<(), VectorError> {
        let Some(text) = self.text_of(path)? else { return Ok(()) };
        self.canonical(path, &text);
        let Some(file) = self.parsed::<TraceFile>(path, &text) else { return Ok(()) };
        if file.workflow.to_string() != workflow {
            self.report(path, None, format!("holds the traces of {}", file.workflow));
            return Ok(());
        }
        self.digest(path, &file.digest, &digest_of(&file.vectors));
        self.provenance(path, &file.provenance);
        let name = &file.workflow.name;
        self.ids(path, file.vectors.iter().map(|vector| (vector.id.as_str(), named_id(name, &vector.input))));
        for vector in file.vectors.iter().filter(|vector| vector.note.trim().is_empty()) {
            self.report(path, Some(&vector.id), "has no note");
        }
        for mismatch in engines.replay_traces(&file)? {
            self.mismatch(path, &mismatch);
        }
        Ok(())
    }

    fn parsed<T: serde::de::DeserializeOwned>(&mut self, path: &Path, text: &str) -> Option<T> {
        match parse(path, text) {
            Ok(file) => Some(file),
            Err(DocumentError::Malformed { message, .. }) => {
                self.report(path, None, message);
                None
            }
            Err(error) => {
                self.report(path, None, error.to_string());
                None
            }
        }
    }

    fn canonical(&mut self, path: &Path, text: &str) {
        // What is no JSON at all is told by whoever parses it as a document.
        let Ok(value) = serde_json::from_str::<Value>(text) else { return };
        let canonical = file_text(&value);
        if canonical != text {
            let differs = |(line, other): (&str, &str)| line != other;
            let line = 1 + text.lines().zip(canonical.lines()).position(differs).unwrap_or(canonical.lines().count());
            let vector = id_near(text, line).map(str::to_owned);
            self.report(
                path,
                vector.as_deref(),
                format!("line {line} is not in canonical text; the tool writes these files"),
            );
        }
    }

    fn by_schema(&mut self, path: &Path, text: &str) {
        let Ok(value) = serde_json::from_str::<Value>(text) else { return };
        let Some(validator) = &self.validator else { return };
        let found: Vec<(Option<String>, String)> = validator
            .iter_errors(&value)
            .map(|error| {
                let place = error.instance_path().to_string();
                let index = place.strip_prefix("/vectors/").and_then(|rest| rest.split('/').next());
                let id = index.and_then(|index| value.pointer(&format!("/vectors/{index}/id"))).and_then(Value::as_str);
                let id = id.map(str::to_owned).or_else(|| index.map(|index| format!("vector number {index}")));
                (id, format!("breaks {SCHEMA_FILE} at {place:?}: {error}"))
            })
            .collect();
        for (id, what) in found {
            self.report(path, id.as_deref(), what);
        }
    }

    fn digest(&mut self, path: &Path, stated: &str, actual: &str) {
        if stated != actual {
            self.report(path, None, "the digest is not that of the vectors: they were edited by hand");
        }
    }

    fn provenance(&mut self, path: &Path, provenance: &Provenance) {
        if *provenance != Provenance::now() {
            self.report(path, None, "is stale: the provenance is not that of this tool; see `parity vectors diff`");
        }
    }

    fn ids<'v>(&mut self, path: &Path, ids: impl Iterator<Item = (&'v str, String)>) {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        let mut last = "";
        for (stated, actual) in ids {
            if stated != actual {
                self.report(path, Some(stated), format!("the id is not that of the input, which is {actual}"));
            }
            let count = seen.entry(stated).or_default();
            *count += 1;
            if *count == 2 {
                self.report(path, Some(stated), "the id is there twice");
            } else if stated < last {
                self.report(path, Some(stated), format!("stands behind {last}; vectors are sorted by id"));
            }
            last = stated;
        }
    }

    fn vector(&mut self, path: &Path, vector: &Vector, domain: &Domain) {
        let Some(examined) = Examined::new(&vector.input) else {
            self.report(path, Some(&vector.id), "ends in no declared outcome");
            return;
        };
        let regression = Flag::Regression.name();
        let mut flags = examined.flags(domain);
        if vector.flags.iter().any(|flag| flag == regression) {
            flags.push(regression.to_owned());
            flags.sort();
        }
        let unknown = vector.flags.iter().filter(|flag| !flags.contains(flag));
        let unknown: Vec<&str> = unknown.map(String::as_str).collect();
        if vector.flags != flags {
            let what = format!("the flags are [{}], but [{}] hold", vector.flags.join(", "), flags.join(", "));
            let wrong = if unknown.is_empty() { String::new() } else { format!("; wrong: {}", unknown.join(", ")) };
            self.report(path, Some(&vector.id), what + &wrong);
        }
    }

    fn schema_file(&mut self) -> Result<(), VectorError> {
        let path = self.store.dir().join(SCHEMA_FILE);
        let text = self.text_of(&path)?;
        if text.is_some_and(|text| text != file_text(&schema())) {
            self.report(&path, None, "is stale; `parity vectors regenerate` writes it");
        }
        Ok(())
    }

    /// Files that belong to nothing, and saved divergences that can not be replayed.
    fn others(&mut self) -> Result<(), VectorError> {
        let regressions = self.store.dir().join(REGRESSIONS);
        let corpus = Corpus::new(regressions.clone());
        for file in self.store.files()? {
            if file.starts_with(&regressions) {
                if let Err(error) = corpus.read(&file) {
                    let what = error.to_string();
                    let what = what.strip_prefix(&format!("{}: ", file.display())).unwrap_or(&what).to_owned();
                    self.report(&file, None, what);
                }
            } else if !self.known.contains(&file) {
                self.report(&file, None, "belongs to no handler or workflow");
            }
        }
        Ok(())
    }
}
