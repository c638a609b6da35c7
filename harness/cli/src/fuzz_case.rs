//! `parity fuzz-case`: the step input of a file that a fuzz target has written, and what it shows.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use parity_model::StepInput;

use super::args::{TreeArgs, seconds};
use super::corpus::{REGRESSIONS, corpus_dir};
use super::engines::{Runtime, SUBJECTS, known_template, templates};
use super::error::{CliError, Exit};
use parity_blog::Oracle;
use parity_blog::find;
use parity_blog::fuzz::ByteSource;
use parity_campaign::CampaignError;
use parity_campaign::shrink_case;
use parity_campaign::{Corpus, Saved};
use parity_engine::Engine;
use parity_judge::Criteria;
use parity_judge::compare_on;
use parity_report::printable;

#[derive(Debug, clap::Args)]
pub(super) struct FuzzCaseArgs {
    /// The target's workflow, as namespace/name
    pub(super) workflow: String,
    /// What the target has written, a file named crash- and a digest
    pub(super) file: PathBuf,
    /// Save each divergence as a value, as small as it becomes, by default in vectors/regressions, instead of showing the input
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = REGRESSIONS)]
    pub(super) save: Option<PathBuf>,
    #[command(flatten)]
    pub(super) trees: TreeArgs,
    /// How long one call of a handler may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    pub(super) deadline: Duration,
}

pub(super) fn fuzz_case(args: &FuzzCaseArgs) -> Result<Exit, CliError> {
    let templates = templates(&args.trees.trees())?;
    let template = known_template(&templates, &args.workflow)?;
    let bytes = std::fs::read(&args.file).map_err(|source| CliError::Unreadable { file: args.file.clone(), source })?;
    let source = ByteSource::new(template).ok_or(CampaignError::NothingExecuted)?;
    let input = source.draw(&bytes).map_err(CampaignError::from)?;
    if args.save.is_some() { save(args, &input) } else { print(&input) }
}

fn print(input: &StepInput) -> Result<Exit, CliError> {
    writeln!(std::io::stdout().lock(), "{}", serde_json::json!(input))?;
    Ok(Exit::Agreement)
}

/// Saves what differs, as small as it becomes.
fn save(args: &FuzzCaseArgs, input: &StepInput) -> Result<Exit, CliError> {
    let corpus = Corpus::new(corpus_dir(args.save.as_ref()));
    let generator = find(&input.handler).ok_or_else(|| CampaignError::NoGenerator(input.handler.clone()))?;
    let (mut oracle, domain, criteria) = (Oracle::default(), generator.domain(), Criteria::default());
    let runtime = Runtime { isolated: true, deadline: args.deadline, journal: None };
    let mut engines = runtime.load_all(&SUBJECTS, &args.trees.trees())?;
    engines.retain(|engine| engine.has(&input.handler));
    if engines.is_empty() {
        return Err(CampaignError::NothingExecuted.into());
    }
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::Agreement;
    for engine in &mut engines {
        let expected = oracle.run(input)?;
        let comparison = compare_on((&mut oracle, engine.as_mut()), input, &expected, &criteria)?;
        let Some(signature) = comparison.signature else { continue };
        let input = input.clone();
        let divergence = shrink_case(&mut oracle, engine.as_mut(), &domain, &signature, &criteria, input)?;
        let file = corpus.save(&Saved::of(&divergence, &parity_blog::OWN))?;
        writeln!(out, "saved: {}", printable(&file.display().to_string()))?;
        exit = Exit::Divergence;
    }
    if exit == Exit::Agreement {
        writeln!(out, "agreement: nothing to save")?;
    }
    Ok(exit)
}
