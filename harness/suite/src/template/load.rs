//! Reads templates from files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::template::check;
use crate::template::error::{Problem, TemplateError};
use crate::template::model::{HandlerRef, Retry, Step, Template, TemplateId};
use parity_engine::naming::{Naming, Spelling};
use parity_json::yaml;

/// A template as the file spells it. Members that are not listed are not ours to judge.
#[derive(Deserialize)]
struct Document {
    name: String,
    namespace_name: String,
    version: String,
    /// Without one every input is well-formed.
    #[serde(default = "anything")]
    input_schema: Value,
    steps: Vec<StepDocument>,
}

/// A step as the file spells it.
#[derive(Deserialize)]
struct StepDocument {
    name: String,
    handler: HandlerDocument,
    #[serde(default, alias = "depends_on")]
    dependencies: Vec<String>,
    #[serde(default)]
    retry: Retry,
    timeout_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct HandlerDocument {
    callable: Spelling,
    #[serde(default)]
    initialization: Map<String, Value>,
}

impl StepDocument {
    fn step(self, namespace: &str, line: Option<u32>) -> Result<Step, String> {
        let HandlerDocument { callable: spelling, initialization } = self.handler;
        let handler = HandlerRef { callable: spelling.identity_in(namespace)?, spelling, initialization };
        let Self { name, dependencies, retry, timeout_seconds, .. } = self;
        Ok(Step { name, handler, dependencies, retry, timeout_seconds, line })
    }
}

fn anything() -> Value {
    Value::Bool(true)
}

/// Reads and checks one template.
pub fn load(file: &Path) -> Result<Template, TemplateError> {
    let text = std::fs::read_to_string(file).map_err(|error| TemplateError::of_file(file, error.into()))?;
    let lines = StepLines::of(&text);
    let document: Document = yaml::parse(&text).map_err(|error| TemplateError {
        file: file.to_owned(),
        line: error.line,
        step: error.line.and_then(|line| lines.step_at(line)),
        problem: Problem::Yaml(error.message),
    })?;
    let mut unused = lines.0;
    let mut steps = Vec::new();
    for step in document.steps {
        let place = unused.iter().position(|(name, _)| *name == step.name);
        let (name, line) = (step.name.clone(), place.map(|place| unused.remove(place).1));
        let unusable =
            |message| TemplateError { file: file.to_owned(), line, step: Some(name), problem: Problem::Yaml(message) };
        steps.push(step.step(&document.namespace_name, line).map_err(unusable)?);
    }
    let id = TemplateId { namespace: document.namespace_name, name: document.name };
    let template =
        Template { file: file.to_owned(), id, version: document.version, input_schema: document.input_schema, steps };
    check::check(&template)?;
    Ok(template)
}

/// Reads all templates of a directory, in the order of their file names.
pub fn load_all(dir: &Path) -> Result<Vec<Template>, TemplateError> {
    let failed = |error: std::io::Error| TemplateError::of_file(dir, error.into());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(TemplateError::of_file(dir, Problem::NoTemplates));
    }
    let templates: Vec<Template> = files.iter().map(|file| load(file)).collect::<Result<_, _>>()?;
    let mut seen: BTreeMap<&TemplateId, &Path> = BTreeMap::new();
    for template in &templates {
        if let Some(first) = seen.insert(&template.id, &template.file) {
            let problem = Problem::DuplicateTemplate { id: template.id.to_string(), first: first.to_owned() };
            return Err(TemplateError::of_file(&template.file, problem));
        }
    }
    check::check_callables(&templates)?;
    Ok(templates)
}

/// What the handlers of these templates are called.
#[must_use]
pub fn naming(templates: &[Template]) -> Naming {
    let handlers = templates.iter().flat_map(|template| &template.steps).map(|step| &step.handler);
    Naming::of(handlers.map(|handler| (handler.callable.clone(), handler.spelling.clone())))
}

/// The steps' names and the lines in which they stand: below `steps:`, a line `name: …`, in a list item or on its own.
struct StepLines(Vec<(String, u32)>);

impl StepLines {
    fn of(text: &str) -> Self {
        let below_steps = text.lines().zip(1..).skip_while(|(line, _)| line.trim_end() != "steps:");
        let step = |(line, number): (&str, u32)| {
            let line = line.trim_start().trim_start_matches("- ").trim_start();
            let name = line.strip_prefix("name:")?.split(" #").next()?.trim().trim_matches(['"', '\'']);
            Some((name.to_owned(), number))
        };
        Self(below_steps.filter_map(step).collect())
    }

    /// The step in which a line stands.
    fn step_at(&self, line: u32) -> Option<String> {
        self.0.iter().rev().find(|(_, first)| *first <= line).map(|(name, _)| name.clone())
    }
}
