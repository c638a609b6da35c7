//! `parity coverage`: what the generated cases reach.

use std::io::Write;
use std::path::Path;

use reference_rs::HANDLERS;
use serde_json::json;

use super::args::{CoverageArgs, Format};
use super::error::{CliError, Exit};
use super::lines::lines;
use super::root::Root;
use super::suite::known_handler;
use parity_blog::coverage::{Coverage, Thresholds, percent};
use parity_report::table;

pub(super) fn coverage(args: &CoverageArgs, root: Option<&Path>) -> Result<Exit, CliError> {
    let instead = "the report of `parity diff` says under `expected ends` what their cases reached";
    let root = Root::find_for("coverage", instead, root)?;
    let thresholds = Thresholds::ours()?;
    let handlers = args.handlers.iter().map(|name| known_handler(name)).collect::<Result<Vec<_>, _>>()?;
    let is_asked_for = |id: &str| handlers.is_empty() || handlers.iter().any(|handler| handler.as_str() == id);
    let cases = args.cases.unwrap_or(thresholds.cases);
    let specs: Vec<_> = HANDLERS.iter().filter(|spec| is_asked_for(spec.id)).collect();
    let files = if args.lines { lines(args, &root, &specs, cases)? } else { Vec::new() };
    let coverages =
        specs.into_iter().map(|spec| Coverage::of(spec, cases, args.seed)).collect::<Result<Vec<_>, _>>()?;
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
            if !files.is_empty() {
                let mut rows = vec![["file", "lines", "branches"].map(str::to_owned).to_vec()];
                rows.extend(files.iter().map(|found| {
                    vec![found.file.clone(), percent(found.lines / 100.0), percent(found.branches / 100.0)]
                }));
                write!(out, "\n{}\n", table(&rows, 1))?;
            }
            for shortfall in &shortfalls {
                writeln!(out, "{shortfall}")?;
            }
            let verdict = if shortfalls.is_empty() { "adequate" } else { "not adequate" };
            writeln!(out, "\n{verdict}: {cases} cases a handler, seed {:016x}", args.seed)?;
        }
        Format::Json => {
            let seed = format!("{:016x}", args.seed);
            writeln!(
                out,
                "{}",
                json!({"seed": seed, "handlers": coverages, "files": files, "shortfalls": shortfalls})
            )?;
        }
    }
    Ok(if shortfalls.is_empty() { Exit::Agreement } else { Exit::Divergence })
}
