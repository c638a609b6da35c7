//! `parity replay --all`: what has become of saved divergences.

use std::io::Write;
use std::path::Path;

use parity_campaign::{Corpus, Examiner, Fate, Setting};
use parity_engines::Launcher;
use parity_report::printable;

use super::args::{IsolationChoice, ReplayArgs};
use super::error::{CliError, Exit};
use super::suite::{Asked, Chosen};

/// Replays every saved divergence.
pub(super) fn replay_all(args: &ReplayArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let asked = Asked::new(&args.suite, root, &Chosen::All, None)?;
    let suite = &asked.suite;
    let dir = args.corpus.clone().unwrap_or(asked.corpus);
    if !dir.is_dir() {
        return Err(CliError::NoCorpus { dir });
    }
    let corpus = Corpus::new(dir.clone());
    let isolated = args.runtime.isolation != IsolationChoice::InProcess;
    let setting = Setting { suite, launch, deadline: args.runtime.deadline, isolated, recorder: None };
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::Agreement;
    let files = corpus.files(None)?;
    let mut examiner = if files.is_empty() { None } else { Some(Examiner::new(&setting)?) };
    for file in &files {
        let fate = match (corpus.read(file), &mut examiner) {
            (Ok(saved), Some(examiner)) => examiner.fate(&saved),
            (Err(error), _) => Fate::Error(error.to_string()),
            (Ok(_), None) => continue,
        };
        exit = match (&fate, exit) {
            (Fate::Error(_), _) | (_, Exit::CouldNotCompare) => Exit::CouldNotCompare,
            (Fate::StillFailing(_), _) => Exit::Divergence,
            (_, exit) => exit,
        };
        let shown = file.strip_prefix(&dir).unwrap_or(file).display();
        writeln!(out, "{}", printable(&format!("{shown}: {fate}")))?;
    }
    writeln!(out, "{} saved divergences", files.len())?;
    Ok(exit)
}
