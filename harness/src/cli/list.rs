//! `parity list`: the handlers.

use std::io::Write;

use reference_rs::HANDLERS;
use serde_json::json;

use super::args::{Format, ListArgs};
use super::engines::{SUBJECTS, load_all};
use super::error::{CliError, Exit};
use crate::report::table;

pub(super) fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let engines = load_all(&SUBJECTS, &args.trees.trees())?;
    let mut rows = vec![["handler", "engines", "outcomes"].map(str::to_owned).to_vec()];
    let mut documents = Vec::new();
    for spec in HANDLERS {
        let handler = spec.id.parse().ok();
        let having = engines.iter().filter(|engine| handler.as_ref().is_some_and(|handler| engine.has(handler)));
        let names: Vec<&str> = std::iter::once("rust").chain(having.map(|engine| engine.name())).collect();
        let outcomes: Vec<String> = spec.outcomes.iter().map(ToString::to_string).collect();
        for (number, outcome) in outcomes.iter().enumerate() {
            let first = |text: &str| if number == 0 { text.to_owned() } else { String::new() };
            rows.push(vec![first(spec.id), first(&names.join(", ")), outcome.clone()]);
        }
        documents.push(json!({
            "handler": spec.id,
            "dependencies": spec.dependencies,
            "engines": names,
            "outcomes": outcomes,
        }));
    }
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(table(&rows, 3).as_bytes())?,
        Format::Json => writeln!(out, "{}", json!({ "handlers": documents }))?,
    }
    Ok(Exit::Agreement)
}
