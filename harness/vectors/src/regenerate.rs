//! Writing the vectors anew: chosen, re-read, replayed on every engine, and only then put in the place of the old ones.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use parity_model::HandlerId;
use reference_rs::{HANDLERS, HandlerSpec};

use super::answering::Answering as _;
use super::error::VectorError;
use super::flag::Flag;
use super::model::{TraceFile, VectorFile};
use super::refresh::refreshed;
use super::replay::{Engines, mismatches};
use super::schema::{SCHEMA_FILE, schema};
use super::select::select;
use super::store::Store;
use super::traces::select_traces;
use parity_blog::{Oracle, OwnCases};
use parity_json::document::{parse, read_text, write_atomically};
use parity_json::file_text;

/// What to do.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The handlers to choose vectors for; all of them, and the workflows, if there is none.
    pub handlers: Vec<HandlerId>,
    /// Whether vectors may be dropped.
    pub allow_removals: bool,
    /// Whether nothing is to be written.
    pub check: bool,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regenerated {
    /// The files that differ from what they must be, or did until now; below the repository.
    pub stale: Vec<String>,
    /// Files that were looked at.
    pub files: usize,
}

/// A file as it must be.
struct Page {
    file: PathBuf,
    text: String,
}

/// Chooses vectors anew in the repository at `root` and writes what is stale.
pub fn regenerate(root: &Path, request: &Request) -> Result<Regenerated, VectorError> {
    let store = Store::of_repository(root);
    let is_named = |spec: &&HandlerSpec| {
        request.handlers.is_empty() || request.handlers.iter().any(|handler| handler.as_str() == spec.id)
    };
    let (named, others): (Vec<_>, Vec<_>) = HANDLERS.iter().partition(is_named);

    check_unchanged(&store, &others)?;
    let mut pages = Vec::new();
    let mut engines = Engines::of_repository(root)?;
    let mut disagreement = Vec::new();
    let mut removed = Vec::new();
    for chosen in select_all(&named)? {
        let old = store.read(&chosen.handler)?;
        let file = with_kept(chosen, old.as_ref())?;
        let page = Page { file: store.file_of(&file.handler), text: file_text(&file) };
        let ids = |file: &VectorFile| file.vectors.iter().map(|vector| vector.id.clone()).collect();
        removed.extend(gone(&store.shown(&page.file), &old.as_ref().map(ids).unwrap_or_default(), &ids(&file)));
        // What is replayed is what a reader will see.
        let reread: VectorFile = parse(&page.file, &page.text)?;
        let shown = store.shown(&page.file);
        disagreement.extend(engines.replay(&reread)?.into_iter().map(|mismatch| format!("{shown}: {mismatch}")));
        pages.push(page);
    }
    for template in engines.templates() {
        // Traces go through many handlers: those that are there follow whichever was named.
        let old = store.read_traces(&template.id)?;
        let is_of_named = || template.steps.iter().any(|step| request.handlers.contains(&step.handler.callable));
        if old.is_none() && !request.handlers.is_empty() && !is_of_named() {
            continue;
        }
        let file = TraceFile::new(template.id.clone(), select_traces(template, &engines)?);
        let page = Page { file: store.trace_file_of(&template.id), text: file_text(&file) };
        let ids = |file: &TraceFile| file.vectors.iter().map(|vector| vector.id.clone()).collect();
        removed.extend(gone(&store.shown(&page.file), &old.as_ref().map(ids).unwrap_or_default(), &ids(&file)));
        let reread: TraceFile = parse(&page.file, &page.text)?;
        let shown = store.shown(&page.file);
        let found = engines.replay_traces(&reread)?;
        disagreement.extend(found.into_iter().map(|mismatch| format!("{shown}: {mismatch}")));
        pages.push(page);
    }
    if request.handlers.is_empty() {
        pages.push(Page { file: store.dir().join(SCHEMA_FILE), text: file_text(&schema()) });
    }
    if !disagreement.is_empty() {
        return Err(VectorError::Disagreement { mismatches: disagreement });
    }

    let stale = stale(&pages)?;
    if !request.check {
        if !removed.is_empty() && !request.allow_removals {
            return Err(VectorError::Removals { vectors: removed });
        }
        for page in &stale {
            write_atomically(&page.file, &page.text)?;
        }
    }
    Ok(Regenerated { stale: stale.iter().map(|page| store.shown(&page.file)).collect(), files: pages.len() })
}

fn stale(pages: &[Page]) -> Result<Vec<&Page>, VectorError> {
    let mut stale = Vec::new();
    for page in pages {
        if read_text(&page.file)?.as_deref() != Some(page.text.as_str()) {
            stale.push(page);
        }
    }
    Ok(stale)
}

/// Chooses the vectors of several handlers, on all processors; in the order of `specs`.
fn select_all(specs: &[&'static HandlerSpec]) -> Result<Vec<VectorFile>, VectorError> {
    let next = Mutex::new(specs.iter().enumerate());
    let chosen = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from).min(specs.len());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let job = lock(&next).next();
                    let Some((place, spec)) = job else { return };
                    let file = select(spec);
                    lock(&chosen).push((place, *spec, file));
                }
            });
        }
    });
    let mut chosen = chosen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    chosen.sort_by_key(|(place, ..)| *place);
    chosen.into_iter().map(|(_, spec, vectors)| Ok(VectorFile::new(spec.handler(), vectors?))).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// `chosen` with the promoted vectors of the old file, which nobody chooses again. What the oracle answers may have changed.
fn with_kept(chosen: VectorFile, old: Option<&VectorFile>) -> Result<VectorFile, VectorError> {
    let regression = Flag::Regression.name();
    let promoted = old.into_iter().flat_map(|old| &old.vectors);
    let promoted = promoted.filter(|vector| vector.flags.iter().any(|flag| flag == regression));
    let cases = OwnCases::of(&chosen.handler)?;
    let mut vectors = chosen.vectors;
    for vector in promoted {
        vectors.retain(|other| other.id != vector.id);
        vectors.push(refreshed(vector, cases.domain()));
    }
    Ok(VectorFile::new(chosen.handler, vectors))
}

/// The vectors of `old` that are not in `new`, each with its file.
fn gone(file: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Vec<String> {
    old.difference(new).map(|id| format!("{file}: {id}")).collect()
}

/// Makes sure that the oracle still answers to the vectors of handlers that nobody named as they expect: they stay as they are.
fn check_unchanged(store: &Store, others: &[&'static HandlerSpec]) -> Result<(), VectorError> {
    let mut changed = Vec::new();
    for handler in others.iter().map(|spec| spec.handler()) {
        let Some(file) = store.read(&handler)? else { continue };
        let shown = store.shown(&store.file_of(&handler));
        let found = mismatches(&mut Oracle::default(), &file)?;
        changed.extend(found.into_iter().map(|mismatch| format!("{shown}: {mismatch}")));
    }
    if changed.is_empty() { Ok(()) } else { Err(VectorError::OthersChanged { vectors: changed }) }
}
