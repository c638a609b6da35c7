//! `parity replay`: one step input or one task on every engine.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use parity_model::{Ambient, StepInput};
use serde_json::{Value, json};

use super::args::{Format, Isolation, ReplayArgs};
use super::corpus::replay_all;
use super::diff::emit_test;
use super::engines::{Runtime, known_handler, known_template, subjects, templates, tree_of};
use super::error::{CliError, Exit};
use super::judge::OracleName;
use parity_campaign::CampaignError;
use parity_engine::Engine;
use parity_judge::Ledger;
use parity_judge::{Comparison, compare_on};
use parity_model::Observation;
use parity_report::{outcome_diff, pretty, printable, trace_lines, value_diff};
use parity_suite::workflow::{Runner, Task, Trace, WorkflowSignature, compare_traces};

pub(super) fn replay(args: &ReplayArgs) -> Result<Exit, CliError> {
    let Some(file) = &args.file else { return replay_all(args) };
    match read(file)? {
        Input::Step(step_input) => replay_step(args, &step_input),
        Input::Task(task) => replay_task(args, &task),
    }
}

fn replay_step(args: &ReplayArgs, step_input: &StepInput) -> Result<Exit, CliError> {
    let trees = args.trees();
    let known = reference_rs::find(&step_input.handler).is_some();
    if trees.templates.is_none() {
        known_handler(step_input.handler.as_str())?;
    }
    let judge = args.judge.judge(subjects(&args.engines), &trees, known, Ledger::default())?;
    let (mut oracle, engines) = judge.engines(&runtime(args), &trees)?;
    if !oracle.has(&step_input.handler) {
        let tree = match &judge.oracle {
            OracleName::Engine(engine) => tree_of(engine, &trees),
            _ => None,
        };
        let (handler, engine) = (step_input.handler.clone(), judge.oracle.name().to_owned());
        return Err(CliError::Absent { handler, engine, tree });
    }
    let expected = oracle.run(step_input)?;
    let mut comparisons = Vec::new();
    for mut engine in engines.into_iter().filter(|engine| engine.has(&step_input.handler)) {
        let sides: (&mut dyn Engine, &mut dyn Engine) = (oracle.as_mut(), engine.as_mut());
        let comparison = compare_on(sides, step_input, &expected, &judge.criteria)?;
        comparisons.push((engine.name().to_owned(), comparison));
    }
    if comparisons.is_empty() {
        return Err(CampaignError::NothingExecuted.into());
    }

    let mut out = std::io::stdout().lock();
    let oracle = judge.oracle.name();
    match args.format {
        Format::Text => out.write_all(text(step_input, (oracle, &expected), &comparisons).as_bytes())?,
        Format::Json => {
            writeln!(out, "{}", document(step_input, (oracle, &expected), &comparisons))?;
        }
    }
    for (_, comparison) in &comparisons {
        if let Some(signature) = &comparison.signature {
            emit_test(args.emit.map(Into::into), signature, step_input, &expected, &args.trees(), &mut out)?;
        }
    }
    let agree = comparisons.iter().all(|(_, comparison)| comparison.signature.is_none());
    Ok(if agree { Exit::Agreement } else { Exit::Divergence })
}

/// A run of a workflow, and how it differs from the oracle's.
struct Run {
    engine: String,
    trace: Trace,
    signature: Option<WorkflowSignature>,
}

fn replay_task(args: &ReplayArgs, task: &Task) -> Result<Exit, CliError> {
    let trees = args.trees();
    let templates = templates(&trees)?;
    let template = known_template(&templates, &task.workflow.to_string())?;
    let runner = Runner::new(&templates).map_err(CampaignError::Runtime)?;
    let known = template.steps.iter().all(|step| reference_rs::find(&step.handler.callable).is_some());
    let judge = args.judge.judge(subjects(&args.engines), &trees, known, Ledger::default())?;
    let oracle = judge.oracle.name();
    let oracle_pool = judge.pool(&runtime(args), &trees)?;
    let expected = runner.run(template, task, &oracle_pool)?.trace;
    let mut runs = vec![Run { engine: oracle.to_owned(), trace: expected, signature: None }];
    for name in &judge.subjects {
        let pool = runtime(args).pool(name, &trees)?;
        if template.check_handlers(&pool).is_ok() {
            let trace = runner.run(template, task, &pool)?.trace;
            let again = &mut |ambient: &Ambient| runner.run_again(template, task, ambient, &oracle_pool);
            let counts = (&judge.criteria, &task.ambient);
            let signature = compare_traces(&runs[0].trace, &trace, pool.name(), counts, again)?;
            runs.push(Run { engine: pool.name().to_owned(), trace, signature });
        }
    }
    if runs.len() == 1 {
        return Err(CampaignError::NothingExecuted.into());
    }

    let agree = runs.iter().all(|run| run.signature.is_none());
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => {
            for run in &runs {
                writeln!(out, "{}:", run.engine)?;
                for line in trace_lines(&run.trace) {
                    writeln!(out, "  {line}")?;
                }
                if let Some(signature) = &run.signature {
                    let diff = value_diff(&runs[0].trace, &run.trace);
                    writeln!(
                        out,
                        "\n{} differs from {oracle}: {}\n{diff}",
                        run.engine,
                        printable(&signature.to_string())
                    )?;
                }
                writeln!(out)?;
            }
            writeln!(out, "{}", if agree { "agreement" } else { "divergence" })?;
        }
        Format::Json => {
            let trace = |run: &Run| json!({"engine": run.engine, "trace": run.trace, "signature": run.signature});
            let traces: Vec<Value> = runs.iter().map(trace).collect();
            writeln!(out, "{}", json!({"input": task, "agree": agree, "traces": traces}))?;
        }
    }
    Ok(if agree { Exit::Agreement } else { Exit::Divergence })
}

/// One input is worth a process of its own, if nothing else was asked for.
pub(super) fn runtime(args: &ReplayArgs) -> Runtime {
    Runtime { isolated: args.runtime.isolation != Isolation::InProcess, ..Runtime::of(&args.runtime) }
}

enum Input {
    Step(StepInput),
    Task(Task),
}

fn read(file: &Path) -> Result<Input, CliError> {
    let unreadable = |source| CliError::Unreadable { file: file.to_owned(), source };
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        text
    } else {
        std::fs::read_to_string(file).map_err(unreadable)?
    };
    let no_input = |error: serde_json::Error| CliError::NoInput { file: file.to_owned(), message: error.to_string() };
    let mut document: Value = serde_json::from_str(&text).map_err(no_input)?;
    // Otherwise parsed from the text again, because the errors of the text parser name line and column.
    let input = document.as_object_mut().filter(|members| members.contains_key("signature"));
    let input = input.map(|members| members.remove("input").unwrap_or_default());
    let is_task = input.as_ref().unwrap_or(&document).get("workflow").is_some();
    Ok(match (is_task, input) {
        (true, Some(input)) => Input::Task(serde_json::from_value(input).map_err(no_input)?),
        (true, None) => Input::Task(serde_json::from_str(&text).map_err(no_input)?),
        (false, Some(input)) => Input::Step(serde_json::from_value(input).map_err(no_input)?),
        (false, None) => Input::Step(serde_json::from_str(&text).map_err(no_input)?),
    })
}

fn text(
    step_input: &StepInput,
    (oracle, expected): (&str, &Observation),
    comparisons: &[(String, Comparison<'_>)],
) -> String {
    let agreeing =
        comparisons.iter().filter(|(_, comparison)| comparison.signature.is_none()).map(|(name, _)| name.as_str());
    let names: Vec<&str> = std::iter::once(oracle).chain(agreeing).collect();
    let mut text = format!("{}\n\n{}:\n{}\n", step_input.handler, names.join(", "), pretty(expected));
    for (name, comparison) in comparisons {
        if let Some(signature) = &comparison.signature {
            let what = printable(&format!("{} at {:?}", signature.class, signature.path));
            let diff = outcome_diff(comparison.expected, comparison.actual());
            let actual = pretty(comparison.actual());
            let _ = write!(text, "\n{name}:\n{actual}\n\n{name} differs from {oracle}: {what}\n{diff}");
        }
    }
    text + if names.len() > comparisons.len() { "\nagreement\n" } else { "\ndivergence\n" }
}

/// `{"input", "agree", "outcomes": [{"engine", "outcome", "signature"}]}`, the oracle first.
fn document(
    step_input: &StepInput,
    (oracle, expected): (&str, &Observation),
    comparisons: &[(String, Comparison<'_>)],
) -> Value {
    let mut outcomes = vec![json!({"engine": oracle, "outcome": expected, "signature": null})];
    outcomes.extend(comparisons.iter().map(
        |(name, comparison)| json!({"engine": name, "outcome": comparison.actual(), "signature": comparison.signature}),
    ));
    let agree = comparisons.iter().all(|(_, comparison)| comparison.signature.is_none());
    json!({"input": step_input, "agree": agree, "outcomes": outcomes})
}
