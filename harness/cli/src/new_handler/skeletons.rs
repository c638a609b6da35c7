//! The files of a new handler: its three sources, its step, and a planted defect a language.

use std::fs;
use std::path::{Path, PathBuf};

use parity_model::document_of;
use parity_schema::{Domain, Scope};
use parity_shrink::{Answer, shrink};
use parity_suite::template::{self, Template, TemplateError};
use parity_suite::{CaseId, Literals, TemplateSource};
use serde_json::{Value, json};

use super::error::NewHandlerError;
use super::name::Name;
use super::place::{RUST, TEMPLATES, post_of, read};

const RUST_HANDLER: &str = include_str!("../../templates/new_handler/handler.rs.tmpl");
const PYTHON_PACKAGE: &str = include_str!("../../templates/new_handler/package.py.tmpl");
const TEMPLATE: &str = include_str!("../../templates/new_handler/template.yaml.tmpl");
const STEP: &str = include_str!("../../templates/new_handler/step.yaml.tmpl");

/// How often an input is made smaller at most.
const BUDGET: u32 = 10_000;

/// A language of the handlers that are compared with the oracle.
struct Language {
    name: &'static str,
    suffix: &'static str,
    handler: &'static str,
    /// The placeholder of the time, the time, and the day alone, which is what the planted defect gives.
    stamp: [&'static str; 3],
}

const LANGUAGES: [Language; 2] = [
    Language {
        name: "python",
        suffix: "py",
        handler: include_str!("../../templates/new_handler/handler.py.tmpl"),
        stamp: ["{{stamp_py}}", "utc_stamp(utc_now())", "utc_stamp(utc_now())[:10]"],
    },
    Language {
        name: "typescript",
        suffix: "ts",
        handler: include_str!("../../templates/new_handler/handler.ts.tmpl"),
        stamp: ["{{stamp_ts}}", "utcStamp(new Date())", "utcStamp(new Date()).slice(0, 10)"],
    },
];

/// What is written.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A file that must not be there yet.
    New(String),
    /// A template with one step more.
    Extended(String),
    /// A link that must not be there yet.
    Link(PathBuf),
}

/// Everything that is written for a new handler; paths are below the repository.
#[derive(Clone, Debug)]
pub(super) struct Skeletons {
    pub(super) files: Vec<(PathBuf, Content)>,
    pub(super) sources: Vec<PathBuf>,
    pub(super) template: PathBuf,
    pub(super) defects: Vec<PathBuf>,
}

impl Skeletons {
    /// The skeletons of the handler `name` in the repository at `root`.
    pub(super) fn of(root: &Path, name: &Name) -> Result<Self, NewHandlerError> {
        let post = post_of(root, name)?;
        let depth = post.components().count();
        let filled = |text: &str| {
            text.replace("{{handler}}", &name.identity())
                .replace("{{namespace}}", &name.namespace)
                .replace("{{step}}", &name.step)
                .replace("{{class}}", &name.class())
                .replace("{{support}}", &vec![".."; depth].join("/"))
        };
        let file = |suffix: &str| post.join(format!("{}_handler.{suffix}", name.step));

        let rust = Path::new(RUST).join(file("rs"));
        let mut sources = vec![rust.clone()];
        let mut files = vec![(rust, Content::New(filled(RUST_HANDLER)))];
        let package = Path::new("handlers/python").join(&post).join("__init__.py");
        if !root.join(&package).exists() {
            files.push((package, Content::New(filled(PYTHON_PACKAGE))));
        }
        let (template, content) = template_of(root, name, &filled)?;
        let input = minimal_input(root, name, &template, &content)?;
        let mut defects = Vec::new();
        for language in LANGUAGES {
            let [placeholder, time, day] = language.stamp;
            let with = |stamp| Content::New(filled(&language.handler.replace(placeholder, stamp)));
            let tree = Path::new("handlers").join(language.name);
            sources.push(tree.join(file(language.suffix)));
            files.push((tree.join(file(language.suffix)), with(time)));

            let defect = format!("{}_{}_stamped_by_day_in_{}", name.namespace, name.step, language.name);
            let defect = Path::new("fixtures/defects").join(defect);
            files.push((defect.join(file(language.suffix)), with(day)));
            files.push((defect.join("support"), Content::Link(Path::new("../../..").join(&tree).join("support"))));
            files.push((defect.join("defect.json"), Content::New(defect_document(language.name, name, &input))));
            defects.push(defect);
        }
        files.push((template.clone(), content));
        Ok(Self { files, sources, template, defects })
    }
}

/// What a planted defect says of itself.
fn defect_document(language: &str, name: &Name, input: &Value) -> String {
    let document = json!({
        "language": language,
        "handler": name.identity(),
        "class": "value",
        "path": "/result/processed_at",
        "context": input["context"],
        "dependencies": input["dependencies"],
        "why": "Every call shows it and the handler reads nothing, so the input is the smallest that is well-formed.",
    });
    format!("{document:#}\n")
}

/// The template with the new step: that of the namespace, or a new one.
fn template_of(
    root: &Path,
    name: &Name,
    filled: &dyn Fn(&str) -> String,
) -> Result<(PathBuf, Content), NewHandlerError> {
    let templates = template::load_all(&root.join(TEMPLATES))?;
    let Some(known) = templates.iter().find(|template| template.id.namespace == name.namespace) else {
        let file = Path::new(TEMPLATES).join(format!("{}.yaml", name.namespace));
        return Ok((file, Content::New(filled(TEMPLATE) + &filled(STEP))));
    };
    let file = known.file.strip_prefix(root).unwrap_or(&known.file).to_owned();
    if let Some(step) = known.step(&name.step) {
        let message = format!("its line {} has a step of this name", step.line.unwrap_or_default());
        return Err(NewHandlerError::Template { file, message });
    }
    let text = read(&known.file)?;
    let line_break = if text.ends_with('\n') { "" } else { "\n" };
    Ok((file, Content::Extended(text + line_break + &filled(STEP))))
}

/// The smallest well-formed input of the new step, which is what shows a defect that every call shows.
fn minimal_input(root: &Path, name: &Name, file: &Path, content: &Content) -> Result<Value, NewHandlerError> {
    let (Content::New(text) | Content::Extended(text)) = content else { return Ok(Value::Null) };
    let refuse = |message: String| NewHandlerError::Template { file: root.join(file), message };
    let template = parsed(&root.join(file), text)?;
    let step = template.step(&name.step).ok_or_else(|| refuse("it is no step there".to_owned()))?;
    let source = TemplateSource::new(&template, step, &Literals::default())?;
    let domain = Domain::of_schema(&source.schema(&mut |_| None)?).map_err(refuse)?;
    let case = source.draw(CaseId { seed: 0, index: 0 }, Scope::Tiny, &mut |_| None)?;
    let Ok(minimal) = shrink(document_of(&case.step_input), BUDGET, &mut |document: &Value| {
        Ok::<_, std::convert::Infallible>(if domain.holds(document) { Answer::Holds } else { Answer::OutOfDomain })
    });
    Ok(minimal.value)
}

/// The template that `file` becomes with this text.
fn parsed(file: &Path, text: &str) -> Result<Template, NewHandlerError> {
    let failed = |source| NewHandlerError::Io { path: file.to_owned(), source };
    let dir = tempfile::tempdir().map_err(failed)?;
    let copy = dir.path().join("template.yaml");
    fs::write(&copy, text).map_err(failed)?;
    template::load(&copy).map_err(|error| TemplateError { file: file.to_owned(), ..error }.into())
}
