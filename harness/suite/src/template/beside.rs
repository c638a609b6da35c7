//! `parity.yaml` in a directory of templates: by workflow, what the key `x-parity` would say in its template. So it can be said of
//! templates that are somebody else's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parity_json::{pointer, yaml};
use parity_schema::Strategies;
use serde_json::{Map, Value};

use crate::template::error::{Problem, TemplateError};
use crate::template::files::{BESIDE, text_of};
use crate::template::keys::nearest;
use crate::template::lines::line_of;
use crate::template::model::{Template, TemplateId};

/// Such a file. The default says nothing.
#[derive(Debug, Default)]
pub(super) struct Beside {
    file: PathBuf,
    text: String,
    workflows: BTreeMap<String, Map<String, Value>>,
}

impl Beside {
    /// What is said in a directory.
    pub(super) fn of(dir: &Path) -> Result<Self, TemplateError> {
        let Some(file) = BESIDE.iter().map(|name| dir.join(name)).find(|file| file.exists()) else {
            return Ok(Self::default());
        };
        let text = text_of(&file).map_err(|error| TemplateError::of_file(&file, error.into()))?;
        let workflows = yaml::parse::<Option<BTreeMap<String, Map<String, Value>>>>(&text).map_err(|error| {
            let problem = Problem::Yaml(error.message);
            TemplateError { line: error.line, ..TemplateError::of_file(&file, problem) }
        })?;
        Ok(Self { file, text, workflows: workflows.unwrap_or_default() })
    }

    /// What a template and this say together; of a path of which both do, this does.
    pub(super) fn strategies(
        &self,
        template: &Template,
        own: &Map<String, Value>,
    ) -> Result<Option<Strategies>, TemplateError> {
        let workflow = template.id.to_string();
        let Some(stated) = self.workflows.get(&workflow) else { return Ok(None) };
        let mut all = own.clone();
        all.extend(stated.clone());
        let strategies = Strategies::new(&all, &template.input_schema).map_err(|error| {
            let line = self.line_of(&[&workflow, &error.path]);
            let problem = Problem::Beside { workflow: workflow.clone(), error };
            TemplateError { line, ..TemplateError::of_file(&self.file, problem) }
        })?;
        Ok(Some(strategies))
    }

    /// The workflows that are none of these.
    pub(super) fn of_nobody<'t>(&self, known: impl Iterator<Item = &'t TemplateId>) -> Vec<TemplateError> {
        let known: Vec<String> = known.map(TemplateId::to_string).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let of_nobody = self.workflows.keys().filter(|workflow| !known.contains(&workflow.as_str()));
        let error = |workflow: &String| {
            let nearest = nearest(workflow, &known).map(str::to_owned);
            let problem = Problem::NoWorkflow { workflow: workflow.clone(), nearest };
            TemplateError { line: self.line_of(&[workflow]), ..TemplateError::of_file(&self.file, problem) }
        };
        of_nobody.map(error).collect()
    }

    fn line_of(&self, place: &[&str]) -> Option<u32> {
        line_of(&self.text, &place.iter().fold(String::new(), |place, key| pointer::child(&place, key)))
    }
}
