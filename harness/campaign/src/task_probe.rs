//! The one way to ask a task: the oracle and one subject run the same workflow, and the traces are judged.

use std::time::Instant;

use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_model::Ambient;
use parity_schema::Domain;
use parity_suite::template::Template;
use parity_suite::workflow::{
    Pool, Runner, Task, Trace, WorkflowSignature, compare_traces, document_of_task, with_task_document,
};
use serde_json::Value;

use crate::minimise::{Minimiser, Shrinkable};
use crate::note::is_over;
use crate::workflow_tally::WorkflowDivergence;

/// A workflow, the oracle, one subject, and what counts as a difference between their runs.
pub struct TaskProbe<'a> {
    /// Runs workflows.
    pub runner: &'a Runner,
    /// The workflow.
    pub template: &'a Template,
    /// What is expected.
    pub oracle: &'a Pool,
    /// What is compared with it.
    pub subject: &'a Pool,
    /// What counts.
    pub criteria: &'a Criteria,
}

impl TaskProbe<'_> {
    /// The oracle's run.
    pub fn expected(&self, task: &Task) -> Result<Trace, EngineFault> {
        Ok(self.runner.run(self.template, task, self.oracle)?.trace)
    }

    /// The subject's run.
    pub fn actual(&self, task: &Task) -> Result<Trace, EngineFault> {
        Ok(self.runner.run(self.template, task, self.subject)?.trace)
    }

    /// How two runs of a task differ.
    pub fn compare(
        &self,
        task: &Task,
        expected: &Trace,
        actual: &Trace,
    ) -> Result<Option<WorkflowSignature>, EngineFault> {
        let again = &mut |ambient: &Ambient| self.runner.run_again(self.template, task, ambient, self.oracle);
        compare_traces(expected, actual, self.subject.name(), (self.criteria, &task.ambient), again)
    }

    /// How the subject's run differs from what was `expected`, and that run.
    pub(crate) fn differs(
        &self,
        task: &Task,
        expected: &Trace,
    ) -> Result<Option<(WorkflowSignature, Trace)>, EngineFault> {
        let actual = self.actual(task)?;
        Ok(self.compare(task, expected, &actual)?.map(|signature| (signature, actual)))
    }

    /// The divergence of `signature`, which `start` shows: its smallest task.
    pub(crate) fn shrink(
        &self,
        signature: &WorkflowSignature,
        start: &Task,
        domain: &Domain,
        limit: Option<Instant>,
    ) -> Result<WorkflowDivergence, EngineFault> {
        let build = |document: &Value, ambient: &Ambient| {
            with_task_document(start, document).map(|task| Task { ambient: ambient.clone(), ..task })
        };
        let mut shows = |task: Task| {
            let found = self.differs(&task, &self.expected(&task)?)?;
            Ok(found.is_some_and(|(found, _)| found == *signature))
        };
        let shrinkable = Shrinkable { document: document_of_task(start), ambient: start.ambient.clone() };
        let mut minimiser = Minimiser { domain, build: &build, shows: &mut shows, limit };
        let (minimal, evaluations) = minimiser.minimise(shrinkable)?;
        let input = build(&minimal.document, &minimal.ambient).unwrap_or_else(|| start.clone());
        let (expected, actual) = (self.expected(&input)?, self.actual(&input)?);
        let (signature, cut_short) = (signature.clone(), is_over(limit));
        Ok(WorkflowDivergence { signature, input, expected, actual, evaluations, cut_short, start: None })
    }
}
