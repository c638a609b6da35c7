//! Replaying vectors: what every engine answers to them, and where that is not what they expect.

use std::fmt;
use std::path::Path;

use parity_model::{HandlerId, Outcome, StepInput};

use super::answering::{Answering, Mismatch};
use super::error::VectorError;
use super::model::{Provenance, TraceFile, Vector, VectorFile};
use super::refresh::refreshed;
use parity_blog::{Oracle, OwnCases};
use parity_campaign::Saved;
use parity_engine::{Engine, TreeError};
use parity_engine_typescript::TypeScriptEngine;
use parity_judge::compare;
use parity_suite::template::{Template, load_all};
use parity_suite::workflow::{Pool, Runner, Task, Trace, compare_traces_fully};

/// The widest of our workflows has three steps side by side.
const WORKERS: usize = 3;

/// An engine, and what starts others like it.
type Started = (Box<dyn Engine>, Box<dyn Fn() -> Result<Box<dyn Engine>, TreeError> + Send + Sync>);

/// The embedded CPython, whose engines share what it has loaded.
#[cfg(feature = "embedded-python")]
fn python_at(tree: &Path) -> Result<Started, TreeError> {
    let engine = parity_engine_python::PythonEngine::load(tree)?;
    Ok((Box::new(engine.clone()), Box::new(move || Ok(Box::new(engine.clone())))))
}

/// CPython as it is installed.
#[cfg(not(feature = "embedded-python"))]
fn python_at(tree: &Path) -> Result<Started, TreeError> {
    use parity_engine::LaunchOptions;
    use parity_engine::allowed::Allowed;

    let tree = tree.to_owned();
    let start = move || -> Result<Box<dyn Engine>, TreeError> {
        let LaunchOptions { naming, surroundings, deadline, .. } = LaunchOptions::default();
        let python = ("python", Path::new("python3"));
        Ok(Box::new(parity_engine_python::python_process(
            python,
            &tree,
            &naming,
            &Allowed::default(),
            &surroundings,
            deadline,
        )?))
    };
    Ok((start()?, Box::new(start)))
}

/// The oracle and every engine of the repository, for steps and for workflows.
pub struct Engines {
    steps: Vec<Box<dyn Engine>>,
    pools: Vec<Pool>,
    templates: Vec<Template>,
    runner: Runner,
}

impl fmt::Debug for Engines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps.iter().map(|engine| engine.name())).finish()
    }
}

impl Engines {
    /// Starts the engines on the handlers of the repository at `root`.
    pub fn of_repository(root: &Path) -> Result<Self, VectorError> {
        let (python, typescript) = (root.join("handlers/python"), root.join("handlers/typescript"));
        let mut engines = Self::of_oracle(root)?;
        let (engine, start) = python_at(&python)?;
        engines.steps.push(engine);
        engines.pools.push(Pool::start(WORKERS, start)?);
        engines.steps.push(Box::new(TypeScriptEngine::load(&typescript)?));
        engines.pools.push(Pool::start(WORKERS, move || Ok(Box::new(TypeScriptEngine::load(&typescript)?)))?);
        Ok(engines)
    }

    /// Starts the oracle alone, for the workflows of the repository at `root`: what it answers shows what has changed.
    pub fn of_oracle(root: &Path) -> Result<Self, VectorError> {
        let steps: Vec<Box<dyn Engine>> = vec![Box::new(Oracle::default())];
        let pools = vec![Pool::start(WORKERS, || Ok(Box::new(Oracle::default())))?];
        let templates = load_all(&root.join("fixtures/templates"))?;
        let runner = Runner::new(&templates).map_err(|source| VectorError::Io { path: root.to_owned(), source })?;
        Ok(Self { steps, pools, templates, runner })
    }

    /// The templates of the repository.
    #[must_use]
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// What every engine answers otherwise than the traces of a workflow expect.
    pub fn replay_traces(&self, file: &TraceFile) -> Result<Vec<Mismatch>, VectorError> {
        let mut found = Vec::new();
        let template = self.runner.template(&file.workflow);
        for (pool, vector) in self.pools.iter().flat_map(|pool| file.vectors.iter().map(move |vector| (pool, vector))) {
            let differs = |what: String| Mismatch {
                id: vector.id.clone(),
                engine: pool.name().to_owned(),
                what,
                was_compared: true,
            };
            let Some(template) = template.filter(|_| vector.input.workflow == file.workflow) else {
                found.push(differs(format!("there is no workflow {}", vector.input.workflow)));
                continue;
            };
            let trace = self.runner.run(template, &vector.input, pool)?.trace;
            let signature = compare_traces_fully(&vector.expected, &trace, pool.name())?;
            found.extend(signature.map(|signature| differs(signature.to_string())));
        }
        Ok(found)
    }

    /// The oracle's run of a task.
    pub(super) fn trace_of(&self, template: &Template, task: &Task) -> Result<Trace, VectorError> {
        Ok(self.runner.run(template, task, &self.pools[0])?.trace)
    }
}

impl Answering for Engines {
    fn provenance(&self) -> Provenance {
        Provenance::now()
    }

    fn vector_of(
        &mut self,
        saved: Saved,
        note: &str,
        refuse: &dyn Fn(String) -> VectorError,
    ) -> Result<Vector, VectorError> {
        let cases = OwnCases::of(&saved.input.handler)?;
        let expected = saved.expected.planned().cloned();
        let expected = expected.ok_or_else(|| refuse("no oracle planned what it expects".to_owned()))?;
        let vector = refreshed(&Vector::new(saved.input, expected, Vec::new(), note.to_owned()), cases.domain());
        if vector.flags.is_empty() {
            return Err(refuse("the oracle has no declared outcome for its input".to_owned()));
        }
        Ok(vector)
    }

    fn replay(&mut self, file: &VectorFile) -> Result<Vec<Mismatch>, VectorError> {
        let mut found = Vec::new();
        for engine in &mut self.steps {
            found.extend(mismatches(engine.as_mut(), file)?);
        }
        Ok(found)
    }
}

/// What one engine answers otherwise than `file` expects.
pub fn mismatches(engine: &mut dyn Engine, file: &VectorFile) -> Result<Vec<Mismatch>, VectorError> {
    let mut found = Vec::new();
    for vector in &file.vectors {
        if let Some(what) = difference(engine, &file.handler, &vector.input, &vector.expected)? {
            let (id, engine) = (vector.id.clone(), engine.name().to_owned());
            found.push(Mismatch { id, engine, what, was_compared: true });
        }
    }
    Ok(found)
}

fn difference(
    engine: &mut dyn Engine,
    handler: &HandlerId,
    input: &StepInput,
    expected: &Outcome,
) -> Result<Option<String>, VectorError> {
    if input.handler != *handler {
        return Ok(Some(format!("its input is one of {}", input.handler)));
    }
    if !engine.has(handler) {
        return Ok(Some(format!("it has no handler {handler}")));
    }
    let actual = engine.run(input)?;
    let named_by_data = parity_blog::named_by_data();
    let signature = compare(expected, &actual)
        .map(|difference| difference.signature(handler, engine.name(), named_by_data.of(handler)));
    Ok(signature.map(|signature| format!("{} at {:?}", signature.class, signature.path)))
}
