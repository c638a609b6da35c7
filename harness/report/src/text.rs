//! The report as a person reads it.

use std::fmt::Write as _;

use console::{strip_ansi_codes, style};
use serde_json::Value;

use super::counts::{counted, counted_noun};
use super::document::{ALL, Absent, Report, ReportedDivergence, ReportedFault, Totals};
use super::escape::printable;
use super::next::next_steps;
use super::normalise::missing;
use super::outcomes::{pretty, push_outcomes};
use super::reached::Reached;
use super::summary::{odd, summary};
use super::table::{cut, table, table_within};
use super::view::View;
use super::workflows::{CUT_SHORT, push_workflow, push_workflow_fault, workflow_table};
use parity_campaign::Divergence;
use parity_campaign::{Fault, Row};
use parity_engine::REFERENCE;
use parity_judge::Strictness;
use parity_model::document_of;
use parity_model::{Ambient, INVALID_INPUT, Signature};

/// The report, of which `view` says how much.
#[must_use]
pub fn render(report: &Report, view: View) -> String {
    let mut text = String::new();
    push_divergences(&mut text, report, view);
    for fault in &report.faults {
        match fault {
            ReportedFault::Step(fault) => push_fault(&mut text, fault),
            ReportedFault::Run(fault) => push_workflow_fault(&mut text, fault),
        }
    }
    text.push_str(&summary(report, view));
    let handlers = report.handlers.as_deref().map(|rows| handler_table(rows, view));
    let workflows = report.workflows.as_deref().map(|rows| workflow_table(rows, view));
    text.push_str(&[handlers, workflows].into_iter().flatten().collect::<Vec<_>>().join("\n"));
    push_ends(&mut text, report, view);
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
    for field in &report.tolerated {
        let _ = writeln!(text, "tolerated: numbers may differ by {}", printable(field));
    }
    for line in report.by_form_lines() {
        let _ = writeln!(text, "{}", printable(&line));
    }
    for field in &report.unmet {
        let _ =
            writeln!(text, "no outcome has {}; is it spelt as it is in the outcomes?", printable(&field.to_string()));
    }
    for line in report.health() {
        let _ = writeln!(text, "health: {}", printable(&line));
    }
    for raised in &report.raised {
        let _ = writeln!(text, "raised: {}", printable(&raised.to_string()));
    }
    for opinion in &report.second_opinions {
        text.push_str(&opinion.render());
    }
    push_allowed(&mut text, report);
    text + &closing_line(report)
}

/// The worst divergences in full, of several that seem to have one cause the one that stands for them.
fn push_divergences(text: &mut String, report: &Report, view: View) {
    let is_head = |found: &ReportedDivergence| !matches!(found, ReportedDivergence::Step { under: Some(_), .. });
    let numbered = report.divergences.iter().enumerate().map(|(index, found)| (index + 1, found));
    let heads: Vec<(usize, &ReportedDivergence)> = numbered.filter(|(_, found)| is_head(found)).collect();
    for (number, found) in heads.iter().take(view.groups()) {
        push_in_full(text, report, (*number, found), view);
    }
    if let Some(more) = heads.len().checked_sub(view.groups()).filter(|more| *more > 0) {
        let groups = if more == 1 { "one more cause" } else { &format!("{more} more causes") };
        let _ = writeln!(
            text,
            "{groups}, less grave than these or as grave, in one line each below; --all shows all in full\n"
        );
    }
}

impl Report {
    /// The divergence of this number, from 1, as the report has it in full.
    #[must_use]
    pub fn divergence(&self, number: usize, view: View) -> Option<String> {
        let found = self.divergences.get(number.checked_sub(1)?)?;
        let mut text = String::new();
        push_in_full(&mut text, self, (number, found), view);
        Some(text)
    }
}

/// Everything about the divergence of this number.
pub(super) fn in_full(report: &Report, number: usize, found: &ReportedDivergence) -> String {
    let mut text = String::new();
    push_in_full(&mut text, report, (number, found), View { all: true, ..View::default() });
    text
}

fn push_in_full(text: &mut String, report: &Report, (number, found): (usize, &ReportedDivergence), view: View) {
    match found {
        ReportedDivergence::Step { divergence, .. } => {
            push_divergence(text, (number, &report.oracle), divergence, &under(report, number), view);
        }
        ReportedDivergence::Run { divergence, .. } => push_workflow(text, (number, &report.oracle), divergence),
    }
    push_next(text, report, found);
}

/// The command that shows it again, and what to do with it.
fn push_next(text: &mut String, report: &Report, found: &ReportedDivergence) {
    let (ReportedDivergence::Step { reproduce, .. } | ReportedDivergence::Run { reproduce, .. }) = found;
    let _ = writeln!(text, "\n  reproduce:\n    {reproduce}\n\n  what next:");
    for step in next_steps(report, found) {
        let _ = writeln!(text, "    {step}");
    }
    text.push('\n');
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
fn push_ends(text: &mut String, report: &Report, view: View) {
    let ends = report.ends();
    let Some(widest) = ends.iter().map(|Reached { name, .. }| name.chars().count()).max() else { return };
    let mut rows = vec![["expected ends", ""].map(str::to_owned).to_vec()];
    for Reached { name, counts } in ends {
        let lines = wrapped(&printable(&counted(&counts)), view.width.saturating_sub(widest + 2));
        let names = std::iter::once(name).chain(std::iter::repeat(String::new()));
        rows.extend(names.zip(lines).map(|(name, line)| vec![name, line]));
    }
    let _ = writeln!(text, "\n{}", table(&rows, 2));
}

/// A list in lines of at most `width`, unless one of its items is longer.
fn wrapped(list: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in list.split_inclusive(", ") {
        match lines.last_mut().filter(|line| (line.chars().count() + item.trim_end().chars().count()) <= width) {
            Some(line) => line.push_str(item),
            None => lines.push(item.to_owned()),
        }
    }
    lines
}

/// What was not compared, and why.
fn push_incomplete(text: &mut String, report: &Report) {
    for template in &report.refused {
        let _ = writeln!(text, "not compared: {}", printable(template));
    }
    for what in report.never_called() {
        let _ = writeln!(text, "not exercised: {}", printable(&what));
    }
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
    let mut unexercised: Vec<String> = report.unexercised().into_iter().map(|one| one.name).collect();
    for (workflow, handlers) in &report.uncalled {
        unexercised.push(workflow.to_string());
        unexercised.extend(handlers.iter().map(ToString::to_string));
    }
    for (flag, allowed, needed) in [
        ("--allow-absent", &report.allowed.absent, &absent),
        ("--allow-unexercised", &report.allowed.unexercised, &unexercised),
    ] {
        for name in allowed.iter().filter(|name| *name != ALL && !needed.contains(name)) {
            let _ = writeln!(text, "note: {flag}={} is not needed", printable(name));
        }
    }
}

fn handler_table(rows: &[Row], view: View) -> String {
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
    table_within(&cells, 2, view.width)
}

/// One word on a campaign, with the numbers that it rests on.
fn verdict(totals: Totals) -> String {
    let Totals { divergences, stale, faults, absent, unexercised, unsupported, refused, interrupted } = totals;
    let divergent = counted_noun(divergences, "divergence");
    if totals.is_incomplete() {
        let mut parts = Vec::new();
        if interrupted {
            parts.push("interrupted".to_owned());
        }
        if faults > 0 {
            parts.push(counted_noun(faults, "engine fault"));
        }
        if refused > 0 {
            parts.push(counted_noun(refused, "unusable template"));
        }
        for (number, what) in [(absent, "absent"), (unexercised, "not exercised"), (unsupported, "unsupported")] {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        style(format!("could not compare: {}, {divergent}", parts.join(", "))).yellow().bold()
    } else if divergences == 0 && stale > 0 {
        style(format!("agreement, but the ledger is stale: {}", counted_noun(stale, "entry"))).red().bold()
    } else if divergences == 0 {
        style("agreement".to_owned()).green().bold()
    } else {
        style(divergent).red().bold()
    }
    .to_string()
}

/// The last line of a report.
fn closing_line(report: &Report) -> String {
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
    let doors = match report.doors.as_slice() {
        [] => String::new(),
        doors => format!("\nallowed: {}; answers may depend on what is outside", printable(&doors.join(", "))),
    };
    format!("{quiet}{doors}{unconfined}{interrupted}\n{}\n", styled_verdict(report))
}

/// What the campaign comes to, in one line without colours.
pub(super) fn verdict_line(report: &Report) -> String {
    strip_ansi_codes(&styled_verdict(report)).into_owned()
}

fn styled_verdict(report: &Report) -> String {
    let verdict = verdict(report.totals());
    let tasks = report.tasks.map_or_else(String::new, |tasks| format!(" and {tasks} tasks"));
    let Report { cases, seconds, seed, scope, .. } = report;
    let strictness = match report.strictness {
        Strictness::Full => "",
        Strictness::Contract => ", strictness contract: messages and metadata were not compared",
    };
    format!("{verdict}: {cases} cases{tasks} in {seconds:.1} s, seed {seed:016x}, scope {scope}{strictness}")
}

fn push_divergence(
    text: &mut String,
    (number, oracle): (usize, &str),
    divergence: &Divergence,
    others: &[(usize, &Divergence)],
    view: View,
) {
    let signature = &divergence.signature;
    let title = format!("divergence {number}: {} in {}", signature.handler, signature.engine);
    let place = if signature.path.is_empty() { "the outcome as a whole" } else { &signature.path };
    let class = printable(&signature.class.to_string());
    let _ =
        writeln!(text, "{}\n  what differs: {class} at {}{}", style(title).bold(), printable(place), manner(signature));
    let _ = writeln!(text, "  grade: {}; odd one out: {}", divergence.grade, odd(divergence));
    for (number, other) in others.iter().take(view.members()) {
        let Signature { handler, class, path, .. } = &other.signature;
        let handler = if *handler == signature.handler { String::new() } else { format!("{handler} ") };
        let what = printable(format!("{handler}{class} {path}").trim_end()) + &manner(&other.signature);
        let line = format!("  seems to be the same: divergence {number}: {what} (grade {})", other.grade);
        let _ = writeln!(text, "{}", if view.all { line.into() } else { cut(&line, view.width) });
    }
    if let Some(more) = others.len().checked_sub(view.members()).filter(|more| *more > 0) {
        let _ = writeln!(text, "  seems to be the same: {more} more, in one line each below");
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
