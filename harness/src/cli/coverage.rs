//! `parity coverage`: what the generated cases reach.

use std::io::Write;

use reference_rs::HANDLERS;
use serde_json::json;

use super::args::{CoverageArgs, Format};
use super::engines::known_handler;
use super::error::{CliError, Exit};
use crate::coverage::{Coverage, Thresholds, percent};
use crate::report::table;

pub(super) fn coverage(args: &CoverageArgs) -> Result<Exit, CliError> {
    let thresholds = Thresholds::ours()?;
    let handlers = args.handlers.iter().map(|name| known_handler(name)).collect::<Result<Vec<_>, _>>()?;
    let is_asked_for = |id: &str| handlers.is_empty() || handlers.iter().any(|handler| handler.as_str() == id);
    let cases = args.cases.unwrap_or(thresholds.cases);
    let specs = HANDLERS.iter().filter(|spec| is_asked_for(spec.id));
    let coverages = specs.map(|spec| Coverage::of(spec, cases, args.seed)).collect::<Result<Vec<_>, _>>()?;
    let shortfalls: Vec<String> = coverages.iter().flat_map(|coverage| coverage.shortfalls(&thresholds)).collect();

    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => {
            let mut rows = vec![["handler", "outcome", "cases", "share"].map(str::to_owned).to_vec()];
            for coverage in &coverages {
                for (number, reached) in coverage.outcomes.iter().enumerate() {
                    let handler = if number == 0 { coverage.handler.to_owned() } else { String::new() };
                    rows.push(vec![
                        handler,
                        reached.outcome.clone(),
                        reached.cases.to_string(),
                        percent(reached.share),
                    ]);
                }
            }
            out.write_all(table(&rows, 2).as_bytes())?;
            for shortfall in &shortfalls {
                writeln!(out, "{shortfall}")?;
            }
            let verdict = if shortfalls.is_empty() { "adequate" } else { "not adequate" };
            writeln!(out, "\n{verdict}: {cases} cases a handler, seed {:016x}", args.seed)?;
        }
        Format::Json => {
            let seed = format!("{:016x}", args.seed);
            writeln!(out, "{}", json!({"seed": seed, "handlers": coverages, "shortfalls": shortfalls}))?;
        }
    }
    Ok(if shortfalls.is_empty() { Exit::Agreement } else { Exit::Divergence })
}
