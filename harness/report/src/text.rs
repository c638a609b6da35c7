//! The report as a person reads it.

use std::fmt::Write as _;

use console::style;
use serde_json::Value;

use super::document::{ALL, Absent, Report, ReportedDivergence, ReportedFault, Totals};
use super::escape::printable;
use super::normalise::missing;
use super::outcomes::{pretty, push_outcomes};
use super::reached::{Reached, counted};
use super::summary::{odd, summary};
use super::table::table;
use super::workflows::{CUT_SHORT, push_workflow, push_workflow_fault, workflow_table};
use parity_campaign::Divergence;
use parity_campaign::{Fault, Row};
use parity_engine::REFERENCE;
use parity_judge::Strictness;
use parity_model::document_of;
use parity_model::{Ambient, INVALID_INPUT, Signature};

/// The whole report.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    for (number, found) in report.divergences.iter().enumerate() {
        match found {
            ReportedDivergence::Step { under: Some(_), .. } => {}
            ReportedDivergence::Step { divergence, reproduce, .. } => {
                let others = under(report, number + 1);
                push_divergence(&mut text, (number + 1, &report.oracle), (divergence, &others), reproduce);
            }
            ReportedDivergence::Run { divergence, reproduce, .. } => {
                push_workflow(&mut text, (number + 1, &report.oracle), divergence, reproduce);
            }
        }
    }
    for fault in &report.faults {
        match fault {
            ReportedFault::Step(fault) => push_fault(&mut text, fault),
            ReportedFault::Run(fault) => push_workflow_fault(&mut text, fault),
        }
    }
    text.push_str(&summary(report));
    let tables = [report.handlers.as_deref().map(handler_table), report.workflows.as_deref().map(workflow_table)];
    text.push_str(&tables.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    push_ends(&mut text, report);
    push_incomplete(&mut text, report);
    for signature in report.stale.iter().flatten() {
        let signature = printable(&signature.to_string());
        let _ = writeln!(text, "stale: the known divergence {signature} no longer occurs; remove it from the ledger");
    }
    let missing = missing(&report.shards);
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "not all of the campaign: shard {} is not in it", names.join(", "));
    }
    for field in &report.ignored {
        let _ = writeln!(text, "ignored: {} was not compared", printable(&field.to_string()));
    }
    for field in &report.unmet {
        let _ =
            writeln!(text, "no outcome has {}; is it spelt as it is in the outcomes?", printable(&field.to_string()));
    }
    for opinion in &report.second_opinions {
        text.push_str(&opinion.render());
    }
    push_allowed(&mut text, report);
    text + &closing_line(report)
}

/// The divergences that the one of this number stands for, with their numbers.
fn under(report: &Report, head: usize) -> Vec<(usize, &Divergence)> {
    let numbered = report.divergences.iter().enumerate();
    let others = numbered.filter_map(|(number, found)| match found {
        ReportedDivergence::Step { divergence, under: Some(under), .. } if *under == head => {
            Some((number + 1, divergence.as_ref()))
        }
        _ => None,
    });
    others.collect()
}

/// How the cases were expected to end.
fn push_ends(text: &mut String, report: &Report) {
    let mut rows = Vec::new();
    for Reached { name, counts } in report.ends() {
        rows.push(vec![name, printable(&counted(&counts))]);
    }
    if !rows.is_empty() {
        rows.insert(0, ["expected ends", ""].map(str::to_owned).to_vec());
        let _ = writeln!(text, "\n{}", table(&rows, 2));
    }
}

/// What was not compared, and why.
fn push_incomplete(text: &mut String, report: &Report) {
    for absent in &report.absent {
        match absent {
            Absent::Handler { handler, engine, why } => {
                let _ = writeln!(text, "absent: {} has no {handler}", place_of(engine));
                for why in why.iter().take(MOST_REASONS) {
                    let _ = writeln!(text, "  {}", printable(&why.to_string()));
                }
                if let Some(more) = why.len().checked_sub(MOST_REASONS).filter(|more| *more > 0) {
                    let _ = writeln!(text, "  and {more} more; `parity list` has all");
                }
            }
            Absent::Workflow { workflow, engine, reason } => {
                let _ = writeln!(text, "absent: {workflow} on {engine}: {}", printable(reason));
            }
        }
    }
    let outside: u64 = report.handlers.iter().flatten().map(|row| row.outside).sum();
    if outside > 0 {
        let _ = writeln!(
            text,
            "outside the contract: {outside} calls, whose input the reference answers with {INVALID_INPUT}; --include-invalid \
             compares them"
        );
    }
    let malformed: u64 = report.handlers.iter().flatten().map(|row| row.malformed).sum();
    if malformed > 0 {
        let _ = writeln!(
            text,
            "outside the schema: {malformed} calls with bad input; of these only the handlers' own checks are compared"
        );
    }
    for Reached { name, counts } in report.unexercised() {
        let ends = if counts.is_empty() { "no case was run".to_owned() } else { counted(&counts) };
        let _ = writeln!(text, "not exercised: no case of {name} was expected to complete: {}", printable(&ends));
    }
    for Reached { name, counts } in report.unsupported() {
        let _ = writeln!(text, "unsupported: {name} asks for what is not provided: {}", printable(&counted(&counts)));
    }
}

/// Files that cannot be loaded are told in full by `parity list`.
const MOST_REASONS: usize = 3;

fn place_of(engine: &str) -> String {
    if engine == REFERENCE { "the reference".to_owned() } else { format!("the {engine} tree") }
}

/// What was allowed and did not need to be.
fn push_allowed(text: &mut String, report: &Report) {
    let absent: Vec<String> = report.absent.iter().map(Absent::name).collect();
    let unexercised: Vec<String> = report.unexercised().into_iter().map(|one| one.name).collect();
    for (flag, allowed, needed) in [
        ("--allow-absent", &report.allowed.absent, &absent),
        ("--allow-unexercised", &report.allowed.unexercised, &unexercised),
    ] {
        for name in allowed.iter().filter(|name| *name != ALL && !needed.contains(name)) {
            let _ = writeln!(text, "note: {flag}={} is not needed", printable(name));
        }
    }
}

fn handler_table(rows: &[Row]) -> String {
    let mut cells = vec![["handler", "engine", "cases", "agreed", "known", "divergences"].map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(|row| {
        vec![
            row.handler.to_string(),
            row.engine.clone(),
            row.cases.to_string(),
            row.agreed.to_string(),
            row.known.to_string(),
            row.divergences.to_string(),
        ]
    }));
    table(&cells, 2)
}

/// One word on a campaign, with the numbers that it rests on.
fn verdict(totals: Totals) -> String {
    let Totals { divergences, stale, faults, absent, unexercised, unsupported, interrupted } = totals;
    let count = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let divergent = count(divergences, "divergence");
    if totals.is_incomplete() {
        let mut parts = Vec::new();
        if interrupted {
            parts.push("interrupted".to_owned());
        }
        if faults > 0 {
            parts.push(count(faults, "engine fault"));
        }
        for (number, what) in [(absent, "absent"), (unexercised, "not exercised"), (unsupported, "unsupported")] {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        style(format!("could not compare: {}, {divergent}", parts.join(", "))).yellow().bold()
    } else if divergences == 0 && stale > 0 {
        style(format!("agreement, but the ledger is stale: {}", count(stale, "entry"))).red().bold()
    } else if divergences == 0 {
        style("agreement".to_owned()).green().bold()
    } else {
        style(divergent).red().bold()
    }
    .to_string()
}

/// The last line of a report.
fn closing_line(report: &Report) -> String {
    let verdict = verdict(report.totals());
    let tasks = report.tasks.map_or_else(String::new, |tasks| format!(" and {tasks} tasks"));
    let Report { cases, seconds, seed, scope, .. } = report;
    let quiet = report.quiet.map_or_else(String::new, |quiet| match quiet.last_new {
        0 => format!("\nquiet: no divergence for {} s", quiet.seconds),
        last => format!(
            "\nquiet: the last new divergence was found after {last} cases, none in {} s after it",
            quiet.seconds
        ),
    });
    let interrupted = report.interrupted.as_ref().map_or_else(String::new, |signal| {
        format!(
            "\ninterrupted by {}: this is what was found until then, and not all of it is shrunk",
            printable(signal)
        )
    });
    let unconfined: Vec<String> =
        report.unconfined.iter().map(|who| format!("\nnot confined: {}", printable(who))).collect();
    let unconfined = unconfined.concat();
    let strictness = match report.strictness {
        Strictness::Full => "",
        Strictness::Contract => ", strictness contract: messages and metadata were not compared",
    };
    format!(
        "{quiet}{unconfined}{interrupted}\n{verdict}: {cases} cases{tasks} in {seconds:.1} s, seed {seed:016x}, scope {scope}{strictness}\n"
    )
}

fn push_divergence(
    text: &mut String,
    (number, oracle): (usize, &str),
    (divergence, others): (&Divergence, &[(usize, &Divergence)]),
    reproduce: &str,
) {
    let signature = &divergence.signature;
    let title = format!("divergence {number}: {} in {}", signature.handler, signature.engine);
    let place = if signature.path.is_empty() { "the outcome as a whole" } else { &signature.path };
    let class = printable(&signature.class.to_string());
    let _ =
        writeln!(text, "{}\n  what differs: {class} at {}{}", style(title).bold(), printable(place), manner(signature));
    let _ = writeln!(text, "  grade: {}; odd one out: {}", divergence.grade, odd(divergence));
    for (number, other) in others {
        let Signature { handler, class, path, .. } = &other.signature;
        let handler = if *handler == signature.handler { String::new() } else { format!("{handler} ") };
        let what = printable(format!("{handler}{class} {path}").trim_end()) + &manner(&other.signature);
        let _ = writeln!(text, "  seems to be the same: divergence {number}: {what} (grade {})", other.grade);
    }
    text.push('\n');
    let mut input: Value = document_of(&divergence.input);
    if divergence.input.ambient != Ambient::default() {
        input["ambient"] = serde_json::json!(divergence.input.ambient);
    }
    let malformed = if divergence.malformed { ", which is not well-formed" } else { "" };
    let _ = writeln!(text, "  minimal step input{malformed}, found in {} evaluations:", divergence.evaluations);
    for line in pretty(&input).lines() {
        let _ = writeln!(text, "    {line}");
    }
    if !divergence.matters.is_empty() {
        let _ = writeln!(text, "\n  it depends on: {}", printable(&divergence.matters.join(", ")));
    }
    push_outcomes(text, oracle, divergence);
    push_evidence(text, divergence);
    if divergence.cut_short {
        let _ = writeln!(text, "\n  {CUT_SHORT}");
    }
    let _ = writeln!(text, "\n  reproduce:\n    {reproduce}\n");
}

/// What the difference does, in brackets.
fn manner(signature: &Signature) -> String {
    if signature.manner.is_empty() { String::new() } else { format!(" ({})", printable(&signature.manner)) }
}

/// What a nondeterministic handler answered elsewhere, outcomes that are the same on one line.
fn push_evidence(text: &mut String, divergence: &Divergence) {
    let Some(evidence) = &divergence.evidence else { return };
    let seen_as = printable(&format!("{} at {}", evidence.seen_as.class, evidence.seen_as.path));
    let _ = writeln!(text, "\n  nondeterministic: it was seen as {seen_as}, but the same input gives elsewhere:");
    let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
    for repeat in &evidence.repeats {
        let outcome = printable(&serde_json::json!(repeat.outcome).to_string());
        match outcomes.iter_mut().find(|(other, _)| *other == outcome) {
            Some((_, runs)) => runs.push(&repeat.run),
            None => outcomes.push((outcome, vec![&repeat.run])),
        }
    }
    for (outcome, runs) in outcomes {
        let _ = writeln!(text, "    {}:\n      {outcome}", runs.join(", "));
    }
}

fn push_fault(text: &mut String, fault: &Fault) {
    let title = style(format!("could not compare {} in {}", fault.handler, fault.engine)).yellow().bold();
    let input = printable(&serde_json::json!(fault.input).to_string());
    let _ = writeln!(text, "{title}\n  {}\n  step input: {input}\n", printable(&fault.message));
}
