//! All pages together: rendered, compared with what is on disk, written.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use reference_rs::{HANDLERS, HandlerSpec};

use crate::cases::OwnCases;
use crate::docs::error::{BEGIN, DocsError, END};
use crate::docs::identity::{class_of, ruby_of};
use crate::docs::page::{Subject, WRITTEN_BY, code_list, render};
use crate::docs::shared::{Shared, python_templates};
use crate::docs::sources::{read, sources_of};
use parity_suite::template::{Template, load_all};

/// The templates of our workflows, below the repository, and those with the callables of Python.
const TEMPLATES: &str = "fixtures/templates";
const PYTHON_TEMPLATES: &str = "handlers/python/config/tasks";

/// Where the pages are, below the repository.
const GITBOOK: &str = "docs/gitbook";

/// The page with the mapping table between two marks; the rest of it is written by hand.
const HANDLERS_PAGE: &str = "handlers/README.md";

/// A page as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its file.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
}

/// All pages of one repository.
#[derive(Clone, Debug)]
pub struct Pages {
    gitbook: PathBuf,
    pages: Vec<Page>,
}

impl Pages {
    /// Renders the pages from the sources and templates below `root`.
    pub fn render(root: &Path) -> Result<Self, DocsError> {
        let templates = load_all(&root.join(TEMPLATES))?;
        let gitbook = root.join(GITBOOK);
        let mut pages = Vec::new();
        let mut rows = Vec::new();
        for spec in HANDLERS {
            let subject = subject(root, spec, &templates)?;
            rows.push(row(&subject));
            pages.push(Page { file: gitbook.join(format!("{}.md", spec.id)), text: render(&subject) });
        }
        let table = format!(
            "| Identity | Ruby | Python, TypeScript | Rust | Files | Reads | Declared outcomes |\n|---|---|---|---|---|---|---|\n{}",
            rows.concat()
        );
        for shared in Shared::all(root)? {
            pages.push(Page { file: gitbook.join(format!("{}.md", shared.name)), text: shared.render() });
        }
        for (name, text) in python_templates(root, &root.join(TEMPLATES))? {
            pages.push(Page { file: root.join(PYTHON_TEMPLATES).join(name), text });
        }
        pages.push(Page { file: gitbook.join("README.md"), text: overview(&templates, &table) });
        pages.push(Page { file: gitbook.join("SUMMARY.md"), text: summary() });
        pages.push(handlers_page(&root.join(HANDLERS_PAGE), &table)?);
        Ok(Self { gitbook, pages })
    }

    /// The files that differ from their pages, are missing, or have no page.
    pub fn stale(&self) -> Result<Vec<PathBuf>, DocsError> {
        let mut stale = self.orphans()?;
        for page in &self.pages {
            match fs::read_to_string(&page.file) {
                Ok(text) if text == page.text => {}
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(DocsError::Io { path: page.file.clone(), source });
                }
                _ => stale.push(page.file.clone()),
            }
        }
        stale.sort();
        Ok(stale)
    }

    /// Writes what is stale and removes what has no page; answers the files.
    pub fn write(&self) -> Result<Vec<PathBuf>, DocsError> {
        let stale = self.stale()?;
        for file in &stale {
            let failed = |source| DocsError::Io { path: file.clone(), source };
            match self.pages.iter().find(|page| page.file == *file) {
                Some(page) => {
                    if let Some(dir) = file.parent() {
                        fs::create_dir_all(dir).map_err(failed)?;
                    }
                    fs::write(file, &page.text).map_err(failed)?;
                }
                None => fs::remove_file(file).map_err(failed)?,
            }
        }
        Ok(stale)
    }

    /// Files among the pages that no page belongs to.
    fn orphans(&self) -> Result<Vec<PathBuf>, DocsError> {
        let mut orphans = Vec::new();
        let mut dirs = vec![self.gitbook.clone()];
        while let Some(dir) = dirs.pop().filter(|dir| dir.is_dir()) {
            let failed = |source| DocsError::Io { path: dir.clone(), source };
            for entry in fs::read_dir(&dir).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    dirs.push(path);
                } else if !self.pages.iter().any(|page| page.file == path) {
                    orphans.push(path);
                }
            }
        }
        Ok(orphans)
    }
}

fn subject<'a>(root: &Path, spec: &'static HandlerSpec, templates: &'a [Template]) -> Result<Subject<'a>, DocsError> {
    let id = spec.handler();
    let steps = templates.iter().flat_map(|template| template.steps.iter().map(move |step| (template, step)));
    let (template, step) = steps
        .into_iter()
        .find(|(_, step)| step.handler.callable == id)
        .ok_or(DocsError::NoStep { handler: spec.id })?;
    let schema = OwnCases::of(&id)?.schema().clone();
    Ok(Subject { spec, schema, template, step, sources: sources_of(root, spec)? })
}

fn row(subject: &Subject<'_>) -> String {
    let spec = subject.spec;
    let files: Vec<&str> = subject.sources.iter().map(|source| source.file.as_str()).collect();
    let outcomes: Vec<String> = spec.outcomes.iter().map(ToString::to_string).collect();
    let rust = files.first().map_or_else(String::new, |file| {
        let path = file.trim_start_matches("reference_rs/src/").trim_end_matches(".rs");
        format!("`{}::SPEC`", path.replace('/', "::"))
    });
    format!(
        "| `{}` | `{}` | `{}` | {rust} | {} | {} | {} |\n",
        spec.id,
        ruby_of(spec),
        class_of(spec),
        code_list(&files).replace(", ", "<br>"),
        code_list(spec.dependencies),
        code_list(&outcomes),
    )
}

fn overview(templates: &[Template], table: &str) -> String {
    let mut text = format!("{WRITTEN_BY}\n\n# Step handlers in three languages\n\n");
    text.push_str("Every handler has one page: its contract, and its text in Rust, Python and TypeScript.\n");
    for template in templates {
        let _ = writeln!(text, "\n## `{}`\n", template.id);
        for step in template.in_order() {
            let handler = &step.handler.callable;
            let after = match step.dependencies.as_slice() {
                [] => String::new(),
                dependencies => format!(", after {}", code_list(dependencies)),
            };
            let _ = writeln!(text, "- [{}]({handler}.md){after}", step.name);
        }
    }
    let _ = write!(text, "\n## Who is who\n\n{table}");
    text
}

/// The table of contents that `GitBook` reads.
fn summary() -> String {
    let mut text = format!("{WRITTEN_BY}\n\n# Summary\n\n* [Step handlers](README.md)\n");
    text.push_str("* [Registration](registration.md)\n* [Support](support.md)\n");
    let mut namespace = "";
    for spec in HANDLERS {
        if spec.namespace() != namespace {
            namespace = spec.namespace();
            let _ = writeln!(text, "\n## {namespace}\n\n* [models]({namespace}/models.md)");
        }
        let _ = writeln!(text, "* [{}]({}.md)", spec.step(), spec.id);
    }
    text
}

fn handlers_page(file: &Path, table: &str) -> Result<Page, DocsError> {
    let text = read(file)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| DocsError::NoMarks { file: file.to_owned() })?;
    Ok(Page { file: file.to_owned(), text: format!("{before}{BEGIN}\n\n{table}\n{END}{after}") })
}
