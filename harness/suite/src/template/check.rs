//! What must hold of the steps of a template before anything runs.

use std::collections::BTreeMap;
use std::path::Path;

use parity_model::HandlerId;

use crate::template::error::{Problem, TemplateError};
use crate::template::lines::line_of;
use crate::template::model::{Step, Template};
use parity_engine::Engine;
use parity_engine::naming::Spelling;
use parity_json::pointer;
use parity_schema::{Schema, SchemaError, Scope, Strategies};
use serde_json::{Map, Value};

/// Checks names, dependencies and attempts.
pub(super) fn check(template: &Template) -> Result<(), TemplateError> {
    if template.steps.is_empty() {
        return Err(TemplateError::of_file(&template.file, Problem::NoSteps));
    }
    for (index, step) in template.steps.iter().enumerate() {
        if let Some(first) = template.steps[..index].iter().find(|first| first.name == step.name) {
            return Err(template.error(step, Problem::DuplicateStep { first: first.line.unwrap_or(0) }));
        }
    }
    for step in &template.steps {
        if let Some(dependency) = step.dependencies.iter().find(|name| template.step(name).is_none()) {
            return Err(template.error(step, Problem::UnknownDependency { dependency: dependency.clone() }));
        }
        if step.retry.max_attempts == 0 {
            return Err(template.error(step, Problem::NoAttempts));
        }
    }
    check_callables(std::slice::from_ref(template))?;
    for step in &template.steps {
        if let Some(cycle) = way_back(template, step) {
            return Err(template.error(step, Problem::Cycle { cycle }));
        }
    }
    Ok(())
}

/// Checks that contexts can be drawn from the input schema; returns the notes on what of it is never drawn. `text` is that of
/// the file.
pub(super) fn check_schema(template: &Template, text: &str) -> Result<Vec<String>, TemplateError> {
    let line_of = |error: &SchemaError| line_of(text, &format!("/input_schema{}", error.at));
    let drawn = Schema::new(&template.input_schema)
        .and_then(|schema| schema.objects(Scope::Normal).map(|_| schema.undrawn(Scope::Normal)));
    let undrawn = drawn.map_err(|error| TemplateError {
        line: line_of(&error),
        ..TemplateError::of_file(&template.file, Problem::InputSchema(error))
    })?;
    let note = |error: SchemaError| {
        let what = format!("never drawn, and so not compared: input_schema {error}");
        template.note(line_of(&error), &what)
    };
    Ok(undrawn.into_iter().map(note).collect())
}

/// The strategies of a template, whose paths its input schema must state. `text` is that of the file.
pub(super) fn strategies(
    template: &Template,
    stated: &Map<String, Value>,
    text: &str,
) -> Result<Strategies, TemplateError> {
    Strategies::new(stated, &template.input_schema).map_err(|error| TemplateError {
        line: line_of(text, &pointer::child("/x-parity", &error.path)),
        ..TemplateError::of_file(&template.file, Problem::Strategy(error))
    })
}

/// Checks that no identity of a class stands for two callables.
pub(super) fn check_callables(templates: &[Template]) -> Result<(), TemplateError> {
    let mut seen: BTreeMap<HandlerId, Vec<(&Spelling, &Path)>> = BTreeMap::new();
    for template in templates {
        for step in &template.steps {
            let (handler, spelling) = (step.handler.callable.class(), &step.handler.spelling);
            let same = seen.entry(handler.clone()).or_default();
            if let Some((first, file)) = same.iter().find(|(first, _)| !first.agrees_with(spelling)) {
                let (callable, first) = (spelling.to_string(), first.to_string());
                let file = (*file).to_owned();
                return Err(template.error(step, Problem::TwoCallables { handler, callable, first, file }));
            }
            same.push((spelling, &template.file));
        }
    }
    Ok(())
}

impl Template {
    /// A note with file and line.
    pub(super) fn note(&self, line: Option<u32>, what: &str) -> String {
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{}{line}: {what}", self.file.display())
    }

    /// Checks that `engine` has every handler of the template.
    pub fn check_handlers(&self, engine: &dyn Engine) -> Result<(), TemplateError> {
        self.check_handlers_of(engine.name(), |handler| engine.has(handler))
    }

    /// The same for an engine that is elsewhere, by its name and what it has.
    pub fn check_handlers_of(&self, engine: &str, has: impl Fn(&HandlerId) -> bool) -> Result<(), TemplateError> {
        match self.steps.iter().find(|step| !has(&step.handler.callable)) {
            None => Ok(()),
            Some(step) => {
                let handler = step.handler.callable.clone();
                Err(self.error(step, Problem::MissingHandler { engine: engine.to_owned(), handler }))
            }
        }
    }

    fn error(&self, step: &Step, problem: Problem) -> TemplateError {
        TemplateError { file: self.file.clone(), line: step.line, step: Some(step.name.clone()), problem }
    }
}

/// The shortest way along dependencies from `start` back to it, if there is one.
fn way_back(template: &Template, start: &Step) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.name.as_str()]];
    let mut visited = Vec::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let step = way.last().and_then(|name| template.step(name))?;
            for dependency in &step.dependencies {
                let next: Vec<&str> = way.iter().copied().chain([dependency.as_str()]).collect();
                if *dependency == start.name {
                    return Some(next.into_iter().map(str::to_owned).collect());
                }
                if !visited.contains(&dependency) {
                    visited.push(dependency);
                    longer.push(next);
                }
            }
        }
        ways = longer;
    }
    None
}
