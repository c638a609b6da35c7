//! The report as data: what is printed as JSON, read back, and joined with the reports of other shards.

use std::collections::{BTreeMap, BTreeSet};

use parity_engine::naming::WhyAbsent;
use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

use super::opinions::SecondOpinion;
use super::raised::RaisedErrors;
use super::reproduce::Trees;
use parity_campaign::Divergence;
use parity_campaign::{
    Effort, Fault, Mode, Quiet, Row, Seen, Shard, Tally, WorkflowDivergence, WorkflowFault, WorkflowRow, WorkflowTally,
};
use parity_judge::{Field, Strictness, Tolerance};
use parity_model::Signature;
use parity_schema::Scope;
use parity_suite::template::TemplateId;

/// Everything that is said about a campaign over single handlers, over workflows, or over both.
///
/// JSON: `{"version", "seed", "oracle", "strictness", "scope", "shards": [ShardCounts], "cases", "tasks", "quiet", "interrupted", "unconfined", "doors", "seconds", "handlers": [Row], "workflows": [WorkflowRow],
/// "divergences": [ReportedDivergence], "faults": [Fault], "stale": [Signature], "absent": [{"handler", "engine", "why": [WhyAbsent]} or {"workflow",
/// "engine", "reason"}], "second_opinions": [SecondOpinion], "allowed": Allowed, "places": [Place]}`. `handlers` are there if single handlers were run, `workflows` if workflows were, `tasks` if both, `quiet` if nothing new
/// ended the campaign, `interrupted` names the signal that did, `unconfined` says who ran handlers that were not shut in, `doors` what handlers were
/// allowed beside what all are,
/// `shards` unless the whole campaign is in it, `oracle` unless it is `rust`, `strictness` unless it is `full`, `ignored` if there are such fields, `tolerated` if numbers may differ, `unmet` if no outcome has fields that were named, `by_form` if random fields were compared by their form (`{"shop/pay": ["/result/id"]}`), `refused` if templates cannot be used, `uncalled` if runs of a workflow never called some of its handlers (`{"shop/order": ["shop/pay"]}`), `raised` if handlers raised what their worker retries. `stale` are entries of the ledger that no longer occur.
///
/// `cases` counts generated step inputs, or tasks if only workflows were run. Only `seconds` differs between two runs with one
/// seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The form of the document, as `docs/report.schema.json` describes it.
    #[serde(default)]
    pub version: Version,
    /// The campaign's seed.
    #[serde(with = "hex")]
    pub seed: u64,
    /// What the engines were compared with.
    #[serde(default = "rust", skip_serializing_if = "is_rust")]
    pub oracle: String,
    /// How strictly.
    #[serde(default, skip_serializing_if = "is_full")]
    pub strictness: Strictness,
    /// Fields that were not compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Field>,
    /// Fields whose numbers may differ, each with by how much: `/result/price=0.01`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tolerated: Vec<String>,
    /// Fields that were named to be treated apart, and that no outcome had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Field>,
    /// Fields of handlers' outcomes that are random where they are expected, so that only their form was compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_form: BTreeMap<HandlerId, BTreeSet<String>>,
    /// Templates that cannot be used, each with why: nothing of them was compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// Handlers that are steps of a workflow which was run, and that no run of it has called.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uncalled: BTreeMap<TemplateId, BTreeSet<HandlerId>>,
    /// Who raised what Tasker's worker does not take for permanent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raised: Vec<RaisedErrors>,
    /// Its largest scope.
    pub scope: Scope,
    /// The shards that are in it; none says that all are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shards: Vec<ShardCounts>,
    /// Generated inputs.
    pub cases: u64,
    /// Generated tasks, beside step inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<u64>,
    /// How the campaign became quiet, if it was to end then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
    /// The signal that ended it before its end, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<String>,
    /// Who ran handlers that the operating system did not shut in, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unconfined: Vec<String>,
    /// What handlers were allowed beside what every handler is, so that what they answer may depend on what is outside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doors: Vec<String>,
    /// How long it took; of several machines, the one that took longest.
    pub seconds: f64,
    /// Handler by handler, engine by engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handlers: Option<Vec<Row>>,
    /// Workflow by workflow, engine by engine, mode by mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflows: Option<Vec<WorkflowRow>>,
    /// One a signature.
    pub divergences: Vec<ReportedDivergence>,
    /// What could not be compared.
    pub faults: Vec<ReportedFault>,
    /// Entries of the ledger that no longer occur.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<Vec<Signature>>,
    /// What other runtimes said of engines' answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_opinions: Vec<SecondOpinion>,
    /// What was not run.
    pub absent: Vec<Absent>,
    /// What of it, and of what was run to no purpose, is accepted.
    #[serde(default, skip_serializing_if = "Allowed::is_nothing")]
    pub allowed: Allowed,
    /// Where the handlers are, as far as it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// What was drawn of the handlers and what that took, which differs from run to run and is in no document.
    #[serde(skip)]
    pub efforts: BTreeMap<HandlerId, Effort>,
}

/// The one form of reports that this program writes and reads.
///
/// JSON: `1`. A document without it is read as one that has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version;

/// Another number says that a reader of the last one no longer understands everything.
const VERSION: u32 = 1;

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => Err(serde::de::Error::custom(format!(
                "a report of version {other}; this program reads version {VERSION}"
            ))),
        }
    }
}

/// Where an engine's tree has a handler.
///
/// JSON: `{"handler", "engine", "file", "line"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The handler.
    pub handler: HandlerId,
    /// The engine.
    pub engine: String,
    /// The file, from the working directory if it is below.
    pub file: String,
    /// The line, from 1, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What one shard counted.
///
/// JSON: `{"shard": "1/4", "cases", "tasks", "handlers", "workflows", "second_opinions"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardCounts {
    /// The number of the shard.
    pub shard: Shard,
    /// Generated inputs.
    pub cases: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// Generated tasks, beside step inputs.
    pub tasks: Option<u64>,
    /// The rows of single handlers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handlers: Option<Vec<Row>>,
    /// The rows of workflows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflows: Option<Vec<WorkflowRow>>,
    /// What other runtimes said of engines' answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_opinions: Vec<SecondOpinion>,
}

/// A divergence, and the command that shows it again.
///
/// JSON: the members of the divergence, `"mode"` if it was found in a workflow, `"under"` if another one stands for it, and
/// `"reproduce"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ReportedDivergence {
    /// Of a whole run.
    Run {
        /// What was found.
        #[serde(flatten)]
        divergence: Box<WorkflowDivergence>,
        /// Always end-to-end.
        mode: Mode,
        /// A shell command.
        reproduce: String,
    },
    /// Of a single step input.
    Step {
        /// What was found.
        #[serde(flatten)]
        divergence: Box<Divergence>,
        /// Lock-step, if it was found in a workflow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mode: Option<Mode>,
        /// The number, from 1, of the divergence of the report that seems to have the same cause and stands for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        under: Option<usize>,
        /// A shell command.
        reproduce: String,
    },
}

impl ReportedDivergence {
    /// The handler or the workflow.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Run { divergence, .. } => divergence.input.workflow.to_string(),
            Self::Step { divergence, .. } => divergence.signature.handler.to_string(),
        }
    }
}

/// An engine failed, on a step input or on a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "a report has few of them")]
pub enum ReportedFault {
    /// On a task.
    Run(WorkflowFault),
    /// On a step input.
    Step(Fault),
}

/// Something that an engine's tree lacks, and that was not run there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Absent {
    /// A handler.
    Handler {
        /// The handler that is missing.
        handler: HandlerId,
        /// The engine that lacks it.
        engine: String,
        /// Why, as far as can be told.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<WhyAbsent>,
    },
    /// A workflow, of which a handler is missing.
    Workflow {
        /// The workflow that was not run.
        workflow: TemplateId,
        /// The engine that lacks the handler.
        engine: String,
        /// Which handler is missing, and where it is asked for.
        reason: String,
    },
}

impl Absent {
    /// The handler or the workflow.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Handler { handler, .. } => handler.to_string(),
            Self::Workflow { workflow, .. } => workflow.to_string(),
        }
    }
}

/// What may go uncompared: the handlers and workflows, or `all`.
///
/// JSON: `{"absent": ["all"], "unexercised": ["shop/receipt"]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Allowed {
    /// What a tree may lack.
    pub absent: Vec<String>,
    /// What may never be expected to complete.
    pub unexercised: Vec<String>,
}

/// Stands for everything in [`Allowed`].
pub const ALL: &str = "all";

impl Allowed {
    /// Whether `list` allows it for `name`.
    pub(super) fn holds(list: &[String], name: &str) -> bool {
        list.iter().any(|allowed| allowed == ALL || allowed == name)
    }

    /// Whether a tree may lack a handler.
    #[must_use]
    pub fn may_lack(&self, handler: &HandlerId) -> bool {
        Self::holds(&self.absent, handler.as_str())
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// How much a report holds of what makes a campaign fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Divergences that are not known.
    pub divergences: usize,
    /// Entries of the ledger that no longer occur.
    pub stale: usize,
    /// Engine faults.
    pub faults: usize,
    /// Handlers and workflows that a tree lacks, and that are not allowed to be absent.
    pub absent: usize,
    /// Handlers and workflows that were never expected to complete, and are not allowed to be so.
    pub unexercised: usize,
    /// Handlers and workflows that asked for what is not provided.
    pub unsupported: usize,
    /// Templates that cannot be used.
    pub refused: usize,
    /// Whether it was ended before its end.
    pub interrupted: bool,
}

impl Totals {
    /// Whether something is not as it is to be.
    #[must_use]
    pub fn is_divergent(&self) -> bool {
        self.divergences + self.stale > 0
    }

    /// Whether something was not compared that was to be.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.interrupted || self.faults + self.absent + self.unexercised + self.unsupported + self.refused > 0
    }
}

/// What a report is made of.
#[derive(Clone, Debug)]
pub struct Results {
    /// The campaign's seed.
    pub seed: u64,
    /// The oracle's name.
    pub oracle: String,
    /// How strictly the engines were compared with it.
    pub strictness: Strictness,
    /// Fields that were not compared.
    pub ignored: Vec<Field>,
    /// Fields whose numbers may differ, and by how much.
    pub tolerances: Vec<Tolerance>,
    /// Templates that cannot be used, each with why.
    pub refused: Vec<String>,
    /// The workflows that were run, each with the handlers that are its steps.
    pub steps: BTreeMap<TemplateId, BTreeSet<HandlerId>>,
    /// Its largest scope.
    pub scope: Scope,
    /// Which of its cases.
    pub shard: Shard,
    /// What was found in single handlers.
    pub handlers: Option<Tally>,
    /// What was found in workflows.
    pub workflows: Option<WorkflowTally>,
    /// What other runtimes are asked of engines' answers; what they said is in the tallies.
    pub second_opinions: Vec<SecondOpinion>,
    /// What was not run.
    pub absent: Vec<Absent>,
    /// What of it is accepted.
    pub allowed: Allowed,
    /// Where the handlers are, as far as it is known.
    pub places: Vec<Place>,
    /// The trees that were named.
    pub trees: Trees,
    /// The signal that ended it before its end, if one did.
    pub interrupted: Option<String>,
    /// Who ran handlers that were not shut in, and why.
    pub unconfined: Vec<String>,
    /// What handlers were allowed beside what every handler is, of all engines.
    pub doors: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// The report on `results`.
    #[must_use]
    pub fn of(results: Results) -> Self {
        let Results {
            seed,
            oracle,
            strictness,
            ignored,
            tolerances,
            refused,
            steps,
            scope,
            shard,
            handlers,
            workflows,
            mut second_opinions,
            absent,
            allowed,
            places,
            trees,
            interrupted,
            unconfined,
            doors,
            seconds,
        } = results;
        let told = handlers.iter().map(|tally| &tally.opinions).chain(workflows.iter().map(|tally| &tally.opinions));
        for (engine, opinion) in told.flatten() {
            if let Some(known) = second_opinions.iter_mut().find(|known| known.engine == *engine) {
                known.opinion.add(opinion.clone());
            }
        }
        let mut seen = Seen::default();
        let those = handlers.iter().map(|tally| &tally.seen).chain(workflows.iter().map(|tally| &tally.seen));
        those.cloned().for_each(|other| seen.add(other));
        let uncalled = workflows.iter().flat_map(|tally| uncalled(steps.clone(), tally, &seen)).collect();
        let tasks = workflows.as_ref().map(|tally| tally.cases);
        let mut report = Self {
            version: Version,
            seed,
            oracle,
            strictness,
            ignored,
            tolerated: tolerances.iter().map(ToString::to_string).collect(),
            unmet: seen.unmet.unwrap_or_default().into_fields(),
            by_form: seen.by_form,
            efforts: seen.efforts,
            refused,
            uncalled,
            raised: RaisedErrors::of(seen.raised),
            scope,
            shards: Vec::new(),
            cases: handlers.as_ref().map_or_else(|| tasks.unwrap_or_default(), |tally| tally.cases),
            tasks: tasks.filter(|_| handlers.is_some()),
            quiet: handlers.as_ref().and_then(|tally| tally.quiet),
            interrupted,
            unconfined,
            doors,
            seconds: (seconds * 1000.0).round() / 1000.0,
            handlers: None,
            workflows: None,
            divergences: Vec::new(),
            faults: Vec::new(),
            stale: None,
            second_opinions,
            absent,
            allowed,
            places,
        };
        let step = |divergence: Divergence, mode| {
            let reproduce = trees.reproduce(&divergence.input);
            ReportedDivergence::Step { divergence: Box::new(divergence), mode, under: None, reproduce }
        };
        if let Some(tally) = handlers {
            report.handlers = Some(tally.rows);
            report.divergences.extend(tally.divergences.into_iter().map(|divergence| step(divergence, None)));
            report.faults.extend(tally.faults.into_iter().map(ReportedFault::Step));
            report.stale.get_or_insert_default().extend(tally.stale);
        }
        if let Some(tally) = workflows {
            report.workflows = Some(tally.rows);
            report.stale.get_or_insert_default().extend(tally.stale);
            let lock_step = tally.lock_step.into_iter().map(|divergence| step(divergence, Some(Mode::LockStep)));
            report.divergences.extend(lock_step);
            report.divergences.extend(tally.end_to_end.into_iter().map(|divergence| {
                let reproduce = trees.reproduce_task(&divergence.input);
                ReportedDivergence::Run { divergence: Box::new(divergence), mode: Mode::EndToEnd, reproduce }
            }));
            report.faults.extend(tally.faults.into_iter().map(ReportedFault::Run));
            report.faults.extend(tally.step_faults.into_iter().map(ReportedFault::Step));
        }
        if shard != Shard::WHOLE {
            let Self { cases, tasks, handlers, workflows, second_opinions, .. } = report.clone();
            report.shards.push(ShardCounts { shard, cases, tasks, handlers, workflows, second_opinions });
        }
        report.normalised()
    }

    /// What is said of fields that were compared by their form alone.
    pub(crate) fn by_form_lines(&self) -> Vec<String> {
        let line = |(handler, fields): (&HandlerId, &BTreeSet<String>)| {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            format!(
                "by form: {handler} {}: random where it is expected, so that no value was compared",
                fields.join(", ")
            )
        };
        self.by_form.iter().map(line).collect()
    }

    /// The report as one JSON document.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// The numbers that decide how a campaign ended.
    #[must_use]
    pub fn totals(&self) -> Totals {
        Totals {
            divergences: self.divergences.len(),
            stale: self.stale.as_ref().map_or(0, Vec::len),
            faults: self.faults.len(),
            absent: self.absent.iter().filter(|one| !Allowed::holds(&self.allowed.absent, &one.name())).count(),
            unexercised: self
                .unexercised()
                .iter()
                .filter(|one| !Allowed::holds(&self.allowed.unexercised, &one.name))
                .count()
                + self.never_called().len(),
            unsupported: self.unsupported().len(),
            refused: self.refused.len(),
            interrupted: self.interrupted.is_some(),
        }
    }
}

/// Of the workflows that were run, the handlers that no run has called.
fn uncalled(
    steps: BTreeMap<TemplateId, BTreeSet<HandlerId>>,
    tally: &WorkflowTally,
    seen: &Seen,
) -> Vec<(TemplateId, BTreeSet<HandlerId>)> {
    let was_run = |workflow: &TemplateId| tally.rows.iter().any(|row| row.workflow == *workflow && row.cases > 0);
    let left = |(workflow, handlers): (TemplateId, BTreeSet<HandlerId>)| {
        let called = seen.called.get(&workflow);
        let left = handlers.into_iter().filter(|handler| called.is_none_or(|called| !called.contains(handler)));
        (workflow, left.collect())
    };
    let run = steps.into_iter().filter(|(workflow, _)| was_run(workflow)).map(left);
    run.filter(|(_, left): &(TemplateId, BTreeSet<HandlerId>)| !left.is_empty()).collect()
}

fn rust() -> String {
    "rust".to_owned()
}

fn is_rust(oracle: &str) -> bool {
    oracle == "rust"
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_full(strictness: &Strictness) -> bool {
    *strictness == Strictness::Full
}

/// A number as 16 hex digits.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(|_| D::Error::custom(format!("a seed is 16 hex digits, not {text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value, json};

    use super::*;

    /// A report with every member that there is.
    fn complete() -> Value {
        let mut report = json!(crate::samples::report(2, "dear"));
        let input = report["divergences"][0]["input"].clone();
        let answer = report["divergences"][0]["actual"].clone();
        let signature = report["divergences"][0]["signature"].clone();
        let task = json!({"workflow": "shop/order", "context": {}, "ambient": input["ambient"]});
        let trace = json!({"workflow": "shop/order", "state": "completed", "steps": []});
        let row = json!({"handler": "shop/quote_0", "engine": "python", "cases": 10, "agreed": 5, "known": 1, "outside": 1,
            "malformed": 1, "divergences": 1, "ends": {"completed": 10}, "unsupported": {"DecisionHandler": 1}});
        let workflow = json!({"workflow": "shop/order", "mode": "end-to-end", "engine": "python", "cases": 4, "agreed": 3,
            "divergences": 1, "ends": {"completed": 4}, "unsupported": {"a": 1}, "signatures": ["a"]});
        let opinion = json!({"engine": "typescript", "first": "QuickJS", "second": "Node 20.0.0", "why": "because", "calls": 3,
            "otherwise": {"shop/quote_0": {"calls": 1, "input": input, "first": answer, "second": answer}}, "troubles": ["late"]});
        let more = json!({
            "oracle": "python", "strictness": "contract", "ignored": ["/result/debug"], "unmet": ["/result/debug"], "tolerated": ["/result/a=1"],
            "by_form": {"shop/quote_0": ["/result/id"]}, "refused": ["a.yaml:1: no"], "uncalled": {"shop/order": ["shop/quote_0"]},
            "raised": [{"engine": "python", "grade": "contract", "handlers": ["shop/quote_1"], "instead": "return"}], "tasks": 4,
            "quiet": {"seconds": 5.0, "last_new": 7}, "interrupted": "SIGINT", "unconfined": ["python"], "doors": ["network"],
            "shards": [{"shard": "1/2", "cases": 20, "tasks": 4, "handlers": [row], "workflows": [workflow],
                "second_opinions": [opinion]}],
            "handlers": [row], "workflows": [workflow], "stale": [signature], "second_opinions": [opinion],
            "faults": [{"handler": "shop/quote_0", "engine": "python", "message": "died", "input": input, "case": 1},
                {"workflow": "shop/order", "engine": "python", "message": "died", "input": task, "case": 1}],
            "absent": [{"handler": "shop/quote_1", "engine": "ruby", "why": [{"file": "a.rb", "line": 1, "message": "no"}]},
                {"workflow": "shop/order", "engine": "ruby", "reason": "no"}],
            "allowed": {"absent": ["all"], "unexercised": ["shop/quote_1"]},
        });
        for (name, value) in more.as_object().unwrap() {
            report[name] = value.clone();
        }
        let step = json!({"beside": [signature], "malformed": true, "broad": true, "cut_short": true, "mode": "lock-step",
            "evidence": {"seen_as": signature, "repeats": [{"run": "again", "outcome": answer}]},
            "start": {"case": 1, "workflow": "shop/order", "well_formed": true, "input": input}});
        for (name, value) in step.as_object().unwrap() {
            report["divergences"][0][name] = value.clone();
        }
        report["divergences"][0]["under"] = json!(1);
        let run = json!({"signature": {"workflow": "shop/order", "step": "pay", "engine": "python", "class": "value", "path": "/a"},
            "input": task, "expected": trace, "actual": trace, "evaluations": 2, "cut_short": true,
            "start": {"case": 1, "well_formed": true, "task": task}, "mode": "end-to-end", "reproduce": "parity replay -"});
        report["divergences"].as_array_mut().unwrap().push(run);
        report
    }

    fn names(members: &Map<String, Value>) -> BTreeSet<&str> {
        members.keys().map(String::as_str).collect()
    }

    #[test]
    fn the_schema_knows_every_member_of_a_report_and_no_others() {
        let schema: Value = serde_json::from_str(include_str!("../../../docs/report.schema.json")).unwrap();
        let read: Report = serde_json::from_value(complete()).unwrap();
        let written = json!(read);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let problems: Vec<String> =
            validator.iter_errors(&written).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(problems.is_empty(), "{problems:#?}");
        for (part, document) in [
            ("/properties", &written),
            ("/$defs/row/properties", &written["handlers"][0]),
            ("/$defs/workflow_row/properties", &written["workflows"][0]),
            ("/$defs/divergence/properties", &written["divergences"][0]),
            ("/$defs/workflow_divergence/properties", &written["divergences"][2]),
            ("/$defs/second_opinion/properties", &written["second_opinions"][0]),
        ] {
            let described = schema.pointer(part).unwrap().as_object().unwrap();
            assert_eq!(names(described), names(document.as_object().unwrap()), "{part}");
        }
    }

    #[test]
    fn a_report_of_another_version_is_refused() {
        let mut report = complete();
        report["version"] = json!(2);
        let error = serde_json::from_value::<Report>(report).unwrap_err().to_string();
        assert!(error.contains("a report of version 2; this program reads version 1"), "{error}");
    }
}
