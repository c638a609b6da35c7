//! `parity fuzz-case`: the step input of a file that a fuzz target has written, and what it shows.

use std::io::Write;
use std::path::Path;

use parity_blog::fuzz::ByteSource;
use parity_campaign::{CampaignError, Corpus, Divergence, Examiner, Setting};
use parity_engines::Launcher;
use parity_model::StepInput;
use parity_report::printable;

use super::args::FuzzCaseArgs;
use super::diff::save;
use super::error::{CliError, Exit};
use super::suite::{Asked, Chosen, known_template};

pub(super) fn fuzz_case(args: &FuzzCaseArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let asked = Asked::new(&args.suite, root, &Chosen::All, None)?;
    let template = known_template(&asked.suite.templates, &args.workflow)?;
    let bytes = std::fs::read(&args.file).map_err(|source| CliError::Unreadable { file: args.file.clone(), source })?;
    let source = ByteSource::new(template).ok_or(CampaignError::NothingExecuted)?;
    let input = source.draw(&bytes).map_err(CampaignError::from)?;
    let Some(dir) = &args.save else {
        writeln!(std::io::stdout().lock(), "{}", serde_json::json!(input))?;
        return Ok(Exit::Agreement);
    };
    let setting = Setting { suite: &asked.suite, launch, deadline: args.deadline, isolated: true, recorder: None };
    save_all(&setting, &Corpus::new(dir.clone().unwrap_or(asked.corpus)), &input)
}

/// Saves what differs, as small as it becomes. What does not repeat is told and not saved.
fn save_all(setting: &Setting<'_>, corpus: &Corpus, input: &StepInput) -> Result<Exit, CliError> {
    let mut examiner = Examiner::new(setting)?;
    let results = examiner.examine(input)?;
    if results.is_empty() {
        return Err(CampaignError::NothingExecuted.into());
    }
    let mut found: Vec<Divergence> = Vec::new();
    for divergence in results.into_iter().flat_map(|examined| examined.divergences) {
        found.push(match &divergence.evidence {
            Some(_) => divergence,
            None => examiner.triage(&divergence.signature, input.clone())?,
        });
    }
    let mut out = std::io::stdout().lock();
    for Divergence { signature, .. } in found.iter().filter(|divergence| divergence.evidence.is_some()) {
        let text = format!("not saved: {} in {} is {}", signature.handler, signature.engine, signature.class);
        writeln!(out, "{}", printable(&text))?;
    }
    for file in save(corpus, &mut examiner, &found)? {
        writeln!(out, "saved: {}", printable(&file.display().to_string()))?;
    }
    if found.is_empty() {
        writeln!(out, "agreement: nothing to save")?;
        return Ok(Exit::Agreement);
    }
    Ok(Exit::Divergence)
}
