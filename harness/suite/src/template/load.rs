//! Reads templates from files.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::template::beside::Beside;
use crate::template::error::{Problem, TemplateError};
use crate::template::files::{Found, is_template, text_of};
use crate::template::model::{BatchConfig, HandlerRef, Retry, Step, StepKind, Template, TemplateId};
use crate::template::{check, keys};
use parity_engine::naming::{Naming, Spelling};
use parity_json::yaml;
use parity_schema::Strategies;

/// The method that is called of a handler.
const CALL: &str = "call";

/// A template as the file spells it. Members that are not listed are not ours to judge.
#[derive(Deserialize)]
struct Document {
    name: String,
    namespace_name: String,
    version: String,
    /// Without one every input is well-formed.
    #[serde(default = "anything")]
    input_schema: Value,
    /// A key of ours: by path of the task's input, what is drawn there.
    #[serde(default, rename = "x-parity")]
    strategies: Map<String, Value>,
    steps: Vec<StepDocument>,
}

/// A step as the file spells it.
#[derive(Deserialize)]
struct StepDocument {
    name: String,
    #[serde(default, rename = "type")]
    kind: StepKind,
    #[serde(rename = "batch_config")]
    batches: Option<BatchConfig>,
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
    method: Option<String>,
    #[serde(default)]
    initialization: Map<String, Value>,
}

impl StepDocument {
    fn step(self, namespace: &str, line: Option<u32>) -> Result<Step, Problem> {
        let HandlerDocument { callable: spelling, method, initialization } = self.handler;
        let class = spelling.identity_in(namespace).map_err(Problem::Yaml)?;
        let callable = match method.filter(|method| method != CALL) {
            None => class,
            Some(method) if is_method(&method) => class.with_method(&method),
            Some(method) => return Err(Problem::Method { method }),
        };
        let handler = HandlerRef { callable, spelling, initialization };
        let Self { name, kind, batches, dependencies, retry, timeout_seconds, .. } = self;
        Ok(Step { name, kind, batches, handler, dependencies, retry, timeout_seconds, line })
    }
}

/// Whether a text may be the name of a method in some language: `refund`, `$refund`, `refund!`.
fn is_method(text: &str) -> bool {
    let name = text.strip_suffix(['!', '?']).unwrap_or(text);
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_numeric())
        && name.chars().all(|letter| letter.is_alphanumeric() || "_$".contains(letter))
}

fn anything() -> Value {
    Value::Bool(true)
}

/// Reads and checks one template.
pub fn load(file: &Path) -> Result<Template, TemplateError> {
    let text = std::fs::read_to_string(file).map_err(|error| TemplateError::of_file(file, error.into()))?;
    load_text(file, &text, &Beside::of(directory_of(file))?)
}

fn directory_of(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

fn load_text(file: &Path, text: &str, beside: &Beside) -> Result<Template, TemplateError> {
    let lines = StepLines::of(text);
    let document: Document = yaml::parse(text).map_err(|error| TemplateError {
        file: file.to_owned(),
        line: error.line,
        step: error.line.and_then(|line| lines.step_at(line)),
        problem: Problem::Yaml(with_key(error.message, text)),
    })?;
    let mut unused = lines.0;
    let mut steps = Vec::new();
    for step in document.steps {
        let place = unused.iter().position(|(name, _)| *name == step.name);
        let (name, line) = (step.name.clone(), place.map(|place| unused.remove(place).1));
        let unusable = |problem| TemplateError { file: file.to_owned(), line, step: Some(name), problem };
        steps.push(step.step(&document.namespace_name, line).map_err(unusable)?);
    }
    let id = TemplateId { namespace: document.namespace_name, name: document.name };
    let (version, input_schema) = (document.version, document.input_schema);
    let strategies = Strategies::default();
    let mut template =
        Template { file: file.to_owned(), id, version, input_schema, strategies, steps, notes: Vec::new() };
    check::check(&template)?;
    let undrawn = check::check_schema(&template, text)?;
    let own = check::strategies(&template, &document.strategies, text)?;
    template.strategies = beside.strategies(&template, &document.strategies)?.unwrap_or(own);
    let unknown = yaml::parse(text).map(|document: Value| keys::unknown(text, &document)).unwrap_or_default();
    let unknown = unknown.into_iter().map(|(line, what)| template.note(line, &what));
    template.notes = unknown.chain(undrawn).collect();
    Ok(template)
}

/// What is wrong with a text, and of a key that it lacks the one that may be meant by it.
fn with_key(message: String, text: &str) -> String {
    let lacking = message.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`'));
    let document: Option<Value> = yaml::parse(text).ok();
    match lacking.zip(document).and_then(|((lacking, _), document)| keys::instead_of(lacking, text, &document)) {
        Some(note) => format!("{message}; {note}"),
        None => message,
    }
}

/// The templates of a directory, or of a file.
#[derive(Debug)]
pub struct Loaded {
    /// Those that can be used.
    pub templates: Vec<Template>,
    /// Why the others cannot.
    pub refused: Vec<TemplateError>,
    /// What else is to be said of the directory, with file and line.
    pub notes: Vec<String>,
}

/// Reads all templates of a directory and of those below it, in the order of their paths, or the one of a file. One that cannot be used
/// is an error.
pub fn load_all(place: &Path) -> Result<Vec<Template>, TemplateError> {
    let Loaded { templates, refused, .. } = load_usable(place)?;
    match refused.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(templates),
    }
}

/// The same; one that cannot be used does not stand in the way of the others. Of several versions the newest is used.
pub fn load_usable(place: &Path) -> Result<Loaded, TemplateError> {
    let found = Found::at(place).map_err(|error| TemplateError::of_file(place, error.into()))?;
    let mut loaded = Loaded { templates: Vec::new(), refused: Vec::new(), notes: found.passed_over() };
    let mut beside: BTreeMap<PathBuf, Beside> = BTreeMap::new();
    for file in found.files {
        let dir = directory_of(&file);
        if !beside.contains_key(dir) {
            let here = Beside::of(dir).unwrap_or_else(|error| {
                loaded.refused.push(error);
                Beside::default()
            });
            beside.insert(dir.to_owned(), here);
        }
        match text_of(&file) {
            // What somebody has named, or has put where templates are looked for, is meant to be one.
            Ok(text) if file != place && file.parent() != Some(place) && !is_template(&text) => {}
            Ok(text) => match load_text(&file, &text, &beside[dir]) {
                Ok(template) => loaded.add(template),
                Err(error) => loaded.refused.push(error),
            },
            Err(error) => loaded.refused.push(TemplateError::of_file(&file, error.into())),
        }
    }
    if loaded.templates.is_empty() && loaded.refused.is_empty() {
        return Err(TemplateError::of_file(place, Problem::NoTemplates));
    }
    // Whether a workflow is of nobody is not known where a template cannot be read, or is not to be.
    if loaded.refused.is_empty() && place.is_dir() {
        let of_nobody = |(dir, beside): (&PathBuf, &Beside)| {
            let here = loaded.templates.iter().filter(|template| directory_of(&template.file) == dir);
            beside.of_nobody(here.map(|template| &template.id))
        };
        let of_nobody: Vec<TemplateError> = beside.iter().flat_map(of_nobody).collect();
        loaded.refused.extend(of_nobody);
    }
    loaded.refuse_double_callables();
    loaded.notes.extend(loaded.templates.iter().flat_map(|template| template.notes.clone()));
    Ok(loaded)
}

impl Loaded {
    fn add(&mut self, template: Template) {
        let Some(index) = self.templates.iter().position(|other| other.id == template.id) else {
            self.templates.push(template);
            return;
        };
        let other = std::mem::replace(&mut self.templates[index], template);
        let template = &self.templates[index];
        match newer(&template.version, &other.version) {
            Ordering::Greater => self.notes.push(outdated(&other, template)),
            Ordering::Less => {
                self.notes.push(outdated(template, &other));
                self.templates[index] = other;
            }
            Ordering::Equal => {
                let problem = Problem::DuplicateTemplate { id: template.id.to_string(), first: other.file.clone() };
                self.refused.push(TemplateError::of_file(&template.file, problem));
                self.templates[index] = other;
            }
        }
    }

    /// Leaves out templates of whose callables another one means something else by the same name.
    fn refuse_double_callables(&mut self) {
        let mut usable: Vec<Template> = Vec::new();
        for template in std::mem::take(&mut self.templates) {
            usable.push(template);
            if let Err(error) = check::check_callables(&usable) {
                usable.pop();
                self.refused.push(error);
            }
        }
        self.templates = usable;
    }
}

fn outdated(older: &Template, used: &Template) -> String {
    let Template { file, id, version, .. } = used;
    older.note(None, &format!("not compared: {} has the newer version {version} of {id}", file.display()))
}

/// Which of two versions is the newer one.
fn newer(one: &str, other: &str) -> Ordering {
    match (semver::Version::parse(one), semver::Version::parse(other)) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
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

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use rstest::rstest;
    use serde_json::json;
    use similar_asserts::assert_eq;

    use super::*;

    const STEPS: &str = "steps:\n  - name: a\n    handler: {callable: n/a}\n";

    fn loaded(files: &[(&str, &str)]) -> (tempfile::TempDir, Loaded) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = dir.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let loaded = load_usable(dir.path()).unwrap();
        (dir, loaded)
    }

    /// The texts without the directory.
    fn told(dir: &tempfile::TempDir, texts: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
        let dir = format!("{}/", dir.path().display());
        texts.into_iter().map(|text| text.to_string().replace(&dir, "")).collect()
    }

    fn template(name: &str, version: &str) -> String {
        format!("name: {name}\nnamespace_name: n\nversion: {version}\n{STEPS}")
    }

    #[test]
    fn a_file_that_is_named_is_read_alone_whatever_its_name() {
        let (dir, _) = loaded(&[
            ("a.yaml", &template("a", "1.0.0")),
            ("b.yml.erb", &template("b", "1.0.0")),
            ("c.yaml", "x: 1\n"),
        ]);
        let of = |file: &str| load_usable(&dir.path().join(file)).unwrap();
        for (file, name) in [("a.yaml", "a"), ("b.yml.erb", "b")] {
            let names: Vec<String> = of(file).templates.into_iter().map(|template| template.id.name).collect();
            assert_eq!(names, [name]);
        }
        let refused = told(&dir, of("c.yaml").refused);
        assert!(refused[0].starts_with("c.yaml:") && refused[0].contains("missing field `name`"), "{refused:?}");
        let missing = load_usable(&dir.path().join("d.yaml")).unwrap_err();
        assert_eq!(told(&dir, [missing]), ["d.yaml: can not be read: No such file or directory (os error 2)"]);
    }

    #[test]
    fn a_strategy_for_a_path_that_is_not_there_is_told_with_its_line() {
        let schema = "input_schema:\n  properties:\n    tier: {type: string}\n";
        let strategies = "x-parity:\n  /tier: {values: [gold]}\n  /tear: {values: [gold]}\n";
        let (dir, loaded) = loaded(&[("a.yaml", &(template("a", "1.0.0") + schema + strategies))]);
        let message = "a.yaml:12: x-parity: /tear: the input_schema states no /tear; name a member of its properties, or state it there";
        assert_eq!(told(&dir, &loaded.refused), [message]);
    }

    #[test]
    fn what_is_stated_beside_templates_holds_for_those_of_its_directory() {
        let schema = "input_schema:\n  properties:\n    tier: {type: string}\n    mode: {type: string}\n";
        let own = "x-parity:\n  /tier: {values: [gold]}\n";
        let a = template("a", "1.0.0") + schema + own;
        let beside = "# ours\nn/a:\n  /mode: {values: [fast]}\n  /tier: {values: [silver]}\n";
        let (dir, loaded) =
            loaded(&[("here/a.yaml", &a), ("here/parity.yaml", beside), ("there/b.yaml", &template("b", "1.0.0"))]);
        assert_eq!(told(&dir, &loaded.refused), [""; 0]);
        let stated = json!({"/tier": {"values": ["silver"]}, "/mode": {"values": ["fast"]}});
        let template = &loaded.templates[0];
        let expected = Strategies::new(stated.as_object().unwrap(), &template.input_schema).unwrap();
        assert_eq!(format!("{:?}", template.strategies), format!("{expected:?}"));
        assert_eq!(load(&dir.path().join("here/a.yaml")).unwrap().strategies.is_empty(), false);
    }

    #[rstest]
    #[case(
        "n/a:\n  /tear: {values: [x]}\n",
        "parity.yml:2: n/a: /tear: the input_schema states no /tear; name a member of its properties, or state it there"
    )]
    #[case(
        "n/a: {}\nn/b: {}\n",
        "parity.yml:2: no template in this directory is of the workflow n/b; did you mean n/a?"
    )]
    #[case("- n/a\n", "parity.yml:1: invalid type: sequence, expected a map")]
    fn what_cannot_be_used_of_it_is_told_with_its_line(#[case] beside: &str, #[case] message: &str) {
        let a = template("a", "1.0.0") + "input_schema:\n  properties:\n    tier: {type: string}\n";
        let (dir, loaded) = loaded(&[("a.yaml", &a), ("parity.yml", beside)]);
        assert_eq!(told(&dir, &loaded.refused), [message]);
    }

    #[test]
    fn a_template_that_cannot_be_used_is_told_with_its_line_and_the_others_are_read() {
        let contradiction = template("b", "1.0.0")
            + "input_schema:\n  required: [n]\n  properties:\n    n:\n      type: string\n      minLength: 3\n      maxLength: 2\n";
        let no_schema = template("c", "1.0.0") + "input_schema:\n  properties:\n    n: {type: strin}\n";
        let nowhere = template("d", "1.0.0") + "input_schema:\n  properties:\n    n:\n      $ref: other.json\n";
        let (dir, loaded) = loaded(&[
            ("a.yaml", &template("a", "1.0.0")),
            ("b.yaml", &contradiction),
            ("c.yaml", &no_schema),
            ("d.yaml", &nowhere),
            ("e.yaml", "steps: ["),
        ]);
        assert_eq!(loaded.templates.iter().map(|template| template.id.name.as_str()).collect::<Vec<_>>(), ["a"]);
        let refused = told(&dir, &loaded.refused);
        let expected = [
            "b.yaml:10: input_schema at /properties/n: minLength is greater than maxLength; loosen one of the two",
            "c.yaml:9: input_schema at /properties/n/type: no JSON Schema: ",
            "d.yaml:9: input_schema at /properties/n: $ref \"other.json\" leads nowhere; ",
            "e.yaml:",
        ];
        assert_eq!(refused.len(), expected.len());
        for (refused, expected) in refused.iter().zip(expected) {
            assert!(refused.starts_with(expected), "{refused}");
        }
        assert!(load_all(dir.path()).is_err());
    }

    #[test]
    fn what_of_a_schema_is_never_drawn_and_unknown_keys_are_notes() {
        let text = template("a", "1.0.0")
            + "imput_schema: {}\ninput_schema:\n  properties:\n    n:\n      type: string\n      pattern: (?!a)a\n";
        let (dir, loaded) = loaded(&[("a.yaml", &text)]);
        let expected = [
            "a.yaml:7: the key imput_schema is not known and not read; did you mean input_schema?",
            "a.yaml:10: never drawn, and so not compared: input_schema at /properties/n: no value that meets all keywords was \
             found in 1000 tries; state them in one place, or list values in examples",
        ];
        assert_eq!(told(&dir, &loaded.notes), expected);
    }

    #[test]
    fn templates_lie_below_the_directory_beside_other_yaml() {
        let (_dir, loaded) = loaded(&[
            ("shop/pay/1.0.0.yaml", &template("pay", "1.0.0")),
            ("compose.d/compose.yaml", "services: {}\n"),
            (".git/old.yaml", &template("old", "1.0.0")),
        ]);
        assert_eq!(loaded.templates.iter().map(|template| template.id.name.as_str()).collect::<Vec<_>>(), ["pay"]);
        assert!(loaded.refused.is_empty());
    }

    #[test]
    fn templates_that_are_passed_over_are_told() {
        let (dir, loaded) = loaded(&[
            ("a.YAML", &template("a", "1.0.0")),
            (".old/b.yaml", &template("b", "1.0.0")),
            (".github/workflows/ci.yml", "jobs: {}\n"),
        ]);
        assert_eq!(loaded.templates.iter().map(|template| template.id.name.as_str()).collect::<Vec<_>>(), ["a"]);
        let old = dir.path().join(".old");
        let expected =
            format!(".old/b.yaml: not read, since {} is hidden; name that directory with --templates", old.display());
        assert_eq!(told(&dir, &loaded.notes), [expected.replace(&format!("{}/", dir.path().display()), "")]);
    }

    #[test]
    fn what_cannot_be_read_as_a_file_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe.yaml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let no_text = dir.path().join(OsStr::from_bytes(b"\xff.yaml"));
        std::fs::write(&no_text, template("t", "1.0.0")).unwrap();
        let refused = load_usable(dir.path()).unwrap().refused;
        let messages: Vec<String> = refused.iter().map(ToString::to_string).collect();
        assert!(messages[0].ends_with("pipe.yaml: can not be read: it is no regular file"), "{messages:?}");
        assert!(messages[1].ends_with("can not be read: its path is no UTF-8; give it another one"), "{messages:?}");
    }

    #[test]
    fn of_several_versions_the_newest_is_used_and_the_others_are_told() {
        let (dir, loaded) = loaded(&[
            ("a.yaml", &template("t", "1.9.0")),
            ("b.yaml", &template("t", "1.10.0")),
            ("c.yaml", &template("t", "1.2.0")),
            ("d.yaml", &template("t", "1.10.0")),
        ]);
        assert_eq!(loaded.templates.iter().map(|template| template.version.as_str()).collect::<Vec<_>>(), ["1.10.0"]);
        let refused = told(&dir, &loaded.refused);
        assert!(refused[0].starts_with("d.yaml: the template n/t is also in b.yaml"), "{refused:?}");
        let newer = "not compared: b.yaml has the newer version 1.10.0 of n/t";
        assert_eq!(told(&dir, &loaded.notes), [format!("a.yaml: {newer}"), format!("c.yaml: {newer}")]);
    }

    #[test]
    fn merge_keys_and_a_byte_order_mark_are_understood() {
        let text = format!(
            "\u{feff}{}",
            template("t", "1.0.0").replace("- name: a", "- <<: {depends_on: [no_such_step]}\n    name: a")
        );
        let (dir, loaded) = loaded(&[("t.yaml", &text)]);
        assert_eq!(
            told(&dir, &loaded.refused),
            ["t.yaml:6: step a: depends on no_such_step, which is no step of this template"]
        );
    }
}
