//! `parity replay --all` and `parity promote`: what becomes of saved divergences.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{PromoteArgs, ReplayArgs};
use super::engines::{SUBJECTS, own_dir};
use super::error::{CliError, Exit};
use super::replay::runtime;
use super::vectors::root_of;
use parity_blog::Oracle;
use parity_campaign::{Corpus, Verdict};
use parity_report::printable;
use parity_vectors::Engines;
use parity_vectors::promote as promote_saved;

/// Our own saved divergences.
pub(super) const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/regressions");

/// The directory that was named, or our own.
pub(super) fn corpus_dir(named: Option<&PathBuf>) -> PathBuf {
    named.cloned().unwrap_or_else(|| own_dir(REGRESSIONS))
}

/// Replays every saved divergence.
pub(super) fn replay_all(args: &ReplayArgs) -> Result<Exit, CliError> {
    let dir = corpus_dir(args.corpus.as_ref());
    let corpus = Corpus::new(dir.clone());
    let mut engines = runtime(args).load_all(&SUBJECTS, &args.trees())?;
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::Agreement;
    let files = corpus.files(None)?;
    for file in &files {
        let verdict = match corpus.read(file) {
            Ok(saved) => {
                saved.verdict(&mut Oracle::default(), &mut engines, &parity_blog::own_criteria(), &parity_blog::OWN)
            }
            Err(error) => Verdict::Error(error.to_string()),
        };
        exit = match (&verdict, exit) {
            (Verdict::Error(_), _) | (_, Exit::CouldNotCompare) => Exit::CouldNotCompare,
            (Verdict::StillFailing(_), _) => Exit::Divergence,
            (_, exit) => exit,
        };
        let shown = file.strip_prefix(&dir).unwrap_or(file).display();
        writeln!(out, "{}", printable(&format!("{shown}: {verdict}")))?;
    }
    writeln!(out, "{} saved divergences", files.len())?;
    Ok(exit)
}

/// Turns a saved divergence into a golden vector.
pub(super) fn promote(args: &PromoteArgs) -> Result<Exit, CliError> {
    let root = root_of(&args.root);
    let mut engines = Engines::of_repository(&root)?;
    let (file, id) = promote_saved(&root, &mut engines, Path::new(&args.file), &args.note)?;
    let shown = file.strip_prefix(&root).unwrap_or(&file).display();
    writeln!(std::io::stdout().lock(), "{}", printable(&format!("{shown}: {id}")))?;
    Ok(Exit::Agreement)
}
