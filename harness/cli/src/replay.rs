//! `parity replay`: one step input or one task on every engine.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use parity_campaign::{CampaignError, Divergence, Examined, Examiner, Panel, Setting, TaskProbe};
use parity_engine::Engine;
use parity_engines::Launcher;
use parity_model::{HandlerId, Observation, StepInput};
use parity_report::{heads, outcome_diff, pretty, printable, trace_lines, value_diff};
use parity_suite::workflow::{Runner, Task, Trace, WorkflowSignature};
use parity_suite::{Oracle, Suite};
use serde_json::{Value, json};

use super::args::{Format, IsolationChoice, ReplayArgs};
use super::corpus::replay_all;
use super::emit::emit_tests;
use super::error::{CliError, Exit};
use super::suite::{Asked, Chosen, known_template};

pub(super) fn replay(args: &ReplayArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let Some(file) = &args.file else { return replay_all(args, root, launch) };
    match read(file)? {
        Input::Step(step_input) => replay_step(args, root, launch, &step_input),
        Input::Task(task) => replay_task(args, root, launch, &task),
    }
}

/// One input is worth a process of its own, if nothing else was asked for.
fn setting<'a>(args: &ReplayArgs, suite: &'a Suite, launch: &'a Launcher) -> Setting<'a> {
    let isolated = args.runtime.isolation != IsolationChoice::InProcess;
    Setting { suite, launch, deadline: args.runtime.deadline, isolated, recorder: None }
}

fn replay_step(args: &ReplayArgs, root: Option<&Path>, launch: &Launcher, input: &StepInput) -> Result<Exit, CliError> {
    let asked = Asked::new(&args.suite, root, &Chosen::One(&input.handler), None)?;
    let suite = &asked.suite;
    let setting = setting(args, suite, launch);
    let mut examiner = Examiner::new(&setting)?;
    if let Some(error) = absence(&asked, examiner.panel(), &input.handler) {
        return Err(error);
    }
    let expected = examiner.expected(input)?;
    let results = examiner.examine(input)?;
    if results.is_empty() {
        return Err(CampaignError::NothingExecuted.into());
    }

    let mut out = std::io::stdout().lock();
    let oracle = (suite.oracle.name(), &expected);
    match args.format {
        Format::Text => out.write_all(text(input, oracle, &results).as_bytes())?,
        Format::Json => writeln!(out, "{}", document(input, oracle, &results))?,
    }
    drop(out);
    let found: Vec<Divergence> = results.iter().flat_map(|examined| examined.divergences.clone()).collect();
    let worst: Vec<Divergence> = heads(&found).into_iter().cloned().collect();
    emit_tests(args.emit.map(Into::into), &worst, &asked)?;
    Ok(match found.is_empty() {
        _ if results.iter().any(|examined| examined.incomparable.is_some()) => Exit::CouldNotCompare,
        true => Exit::Agreement,
        false => Exit::Divergence,
    })
}

/// Why nothing is expected of a handler, if the oracle has none of this name: where engines vote, one that lacks it tells.
fn absence(asked: &Asked, panel: &Panel, handler: &HandlerId) -> Option<CliError> {
    if panel.oracle.has(handler) {
        return None;
    }
    let suite = &asked.suite;
    let mut voters = panel.engines.iter().filter(|engine| suite.oracle == Oracle::Majority && !engine.has(handler));
    let engine = voters.next().unwrap_or(&panel.oracle);
    let tree = suite.engine(engine.name()).and_then(|engine| engine.tree.clone());
    let why = engine.inventory().map(|inventory| inventory.why_absent(handler, &suite.steps())).unwrap_or_default();
    Some(CliError::Absent { handler: handler.clone(), engine: engine.name().to_owned(), tree, why })
}

/// A run of a workflow, and how it differs from the oracle's.
struct Run {
    engine: String,
    trace: Trace,
    signature: Option<WorkflowSignature>,
}

fn replay_task(args: &ReplayArgs, root: Option<&Path>, launch: &Launcher, task: &Task) -> Result<Exit, CliError> {
    let all = Asked::new(&args.suite, root, &Chosen::All, None)?;
    let template = known_template(&all.suite.templates, &task.workflow.to_string())?;
    let steps: Vec<String> = template.steps.iter().map(|step| step.handler.callable.to_string()).collect();
    let asked = Asked::new(&args.suite, root, &Chosen::Named(&steps), None)?;
    let suite = &asked.suite;
    let runner = Runner::new(&suite.templates).map_err(CampaignError::Runtime)?;
    let panel = setting(args, suite, launch).task_panel()?;
    let oracle = suite.oracle.name();
    let expected = runner.run(template, task, &panel.oracle)?.trace;
    let mut runs = vec![Run { engine: oracle.to_owned(), trace: expected, signature: None }];
    for subject in panel.engines.iter().filter(|subject| template.check_handlers(*subject).is_ok()) {
        let (oracle, criteria) = (&panel.oracle, &suite.criteria);
        let probe = TaskProbe { runner: &runner, template, oracle, subject, criteria };
        let trace = probe.actual(task)?;
        let signature = probe.compare(task, &runs[0].trace, &trace)?;
        runs.push(Run { engine: subject.name().to_owned(), trace, signature });
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

#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
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
    if !document.is_object() {
        let message = "it is no object".to_owned();
        return Err(CliError::NoInput { file: file.to_owned(), message });
    }
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

/// The outcomes of those that agree, once, and of each that does not, with the differences.
fn text(input: &StepInput, (oracle, expected): (&str, &Observation), examined: &[Examined]) -> String {
    let agreeing = examined.iter().filter(|examined| agrees(examined));
    let names: Vec<&str> = std::iter::once(oracle).chain(agreeing.map(|examined| examined.engine.as_str())).collect();
    let mut text = format!("{}\n\n{}:\n{}\n", input.handler, names.join(", "), pretty(expected));
    let mut verdict = "agreement";
    for Examined { engine, actual, divergences, incomparable } in examined.iter().filter(|examined| !agrees(examined)) {
        let _ = write!(text, "\n{engine}:\n{}\n", pretty(actual));
        if let Some(why) = incomparable {
            let why = printable(&why.to_string());
            let _ = writeln!(text, "\n{engine} was not compared with {oracle}: {why}");
            verdict = "could not compare";
        } else if verdict == "agreement" {
            verdict = "divergence";
        }
        for Divergence { signature, .. } in divergences {
            let what = printable(&format!("{} at {:?}", signature.class, signature.path));
            let _ = write!(text, "\n{engine} differs from {oracle}: {what}");
        }
        if let Some(Divergence { expected, actual: shown, evidence, .. }) = divergences.first() {
            let _ = writeln!(text, "\n{}", outcome_diff(expected, shown));
            for repeat in evidence.iter().flat_map(|evidence| &evidence.repeats) {
                let _ = write!(text, "\n{}:\n{}\n", printable(&repeat.run), pretty(&repeat.outcome));
            }
        }
    }
    text + "\n" + verdict + "\n"
}

fn agrees(examined: &Examined) -> bool {
    examined.divergences.is_empty() && examined.incomparable.is_none()
}

/// `{"input", "agree", "outcomes": [{"engine", "outcome", "signature", "beside", "incomparable"}]}`, the oracle first; `signature` is the first
/// difference and `beside` the others.
fn document(input: &StepInput, (oracle, expected): (&str, &Observation), examined: &[Examined]) -> Value {
    let mut outcomes = vec![json!({"engine": oracle, "outcome": expected, "signature": null})];
    outcomes.extend(examined.iter().map(|Examined { engine, actual, divergences, incomparable }| {
        let mut signatures = divergences.iter().map(|divergence| &divergence.signature);
        let first = signatures.next();
        let mut outcome = json!({"engine": engine, "outcome": actual, "signature": first});
        let beside: Vec<_> = signatures.collect();
        if !beside.is_empty() {
            outcome["beside"] = json!(beside);
        }
        if let Some(why) = incomparable {
            outcome["incomparable"] = json!(why.to_string());
        }
        outcome
    }));
    let agree = examined.iter().all(agrees);
    json!({"input": input, "agree": agree, "outcomes": outcomes})
}
