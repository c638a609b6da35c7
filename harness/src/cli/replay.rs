//! `parity replay`: one step input on every engine.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use reference_rs::StepInput;
use serde_json::{Value, json};

use super::args::{Format, ReplayArgs};
use super::engines::{SUBJECTS, known_handler, load_all};
use super::error::{CliError, Exit};
use crate::divergence::{Comparison, compare_on, expect};
use crate::engine::oracle::Oracle;
use crate::report::{outcome_diff, pretty, printable};

pub(super) fn replay(args: &ReplayArgs) -> Result<Exit, CliError> {
    let step_input = read_step_input(&args.file)?;
    let handler = known_handler(step_input.handler.as_str())?;
    let expected = expect(&mut Oracle::default(), &step_input)?;
    let mut comparisons = Vec::new();
    for mut engine in load_all(&SUBJECTS, &args.trees.trees())?.into_iter().filter(|engine| engine.has(&handler)) {
        comparisons.push((engine.name(), compare_on(engine.as_mut(), &step_input, expected.clone())?));
    }
    if comparisons.is_empty() {
        return Err(crate::campaign::CampaignError::NothingExecuted.into());
    }

    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(text(&step_input, &json!(expected), &comparisons).as_bytes())?,
        Format::Json => {
            writeln!(out, "{}", document(&step_input, &json!(expected), &comparisons))?;
        }
    }
    let agree = comparisons.iter().all(|(_, comparison)| comparison.signature.is_none());
    Ok(if agree { Exit::Agreement } else { Exit::Divergence })
}

fn read_step_input(file: &Path) -> Result<StepInput, CliError> {
    let unreadable = |source| CliError::Unreadable { file: file.to_owned(), source };
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        text
    } else {
        std::fs::read_to_string(file).map_err(unreadable)?
    };
    let no_step_input =
        |error: serde_json::Error| CliError::NoStepInput { file: file.to_owned(), message: error.to_string() };
    let document: Value = serde_json::from_str(&text).map_err(no_step_input)?;
    match document {
        Value::Object(mut members) if members.contains_key("signature") => {
            serde_json::from_value(members.remove("input").unwrap_or_default()).map_err(no_step_input)
        }
        // Parsed from the text again, because the errors of the text parser name line and column.
        _ => serde_json::from_str(&text).map_err(no_step_input),
    }
}

fn text(step_input: &StepInput, expected: &Value, comparisons: &[(&'static str, Comparison)]) -> String {
    let agreeing = comparisons.iter().filter(|(_, comparison)| comparison.signature.is_none()).map(|(name, _)| *name);
    let names: Vec<&str> = std::iter::once("rust").chain(agreeing).collect();
    let mut text = format!("{}\n\n{}:\n{}\n", step_input.handler, names.join(", "), pretty(expected));
    for (name, comparison) in comparisons {
        if let Some(signature) = &comparison.signature {
            let what = printable(&format!("{} at {:?}", signature.class, signature.path));
            let diff = outcome_diff(&comparison.expected, &comparison.actual);
            let actual = pretty(&comparison.actual);
            let _ = write!(text, "\n{name}:\n{actual}\n\n{name} differs from rust: {what}\n{diff}");
        }
    }
    text + if names.len() > comparisons.len() { "\nagreement\n" } else { "\ndivergence\n" }
}

/// `{"input", "agree", "outcomes": [{"engine", "outcome", "signature"}]}`, the oracle first.
fn document(step_input: &StepInput, expected: &Value, comparisons: &[(&'static str, Comparison)]) -> Value {
    let mut outcomes = vec![json!({"engine": "rust", "outcome": expected, "signature": null})];
    outcomes.extend(comparisons.iter().map(
        |(name, comparison)| json!({"engine": name, "outcome": comparison.actual, "signature": comparison.signature}),
    ));
    let agree = comparisons.iter().all(|(_, comparison)| comparison.signature.is_none());
    json!({"input": step_input, "agree": agree, "outcomes": outcomes})
}
