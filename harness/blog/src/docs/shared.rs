//! Pages of the files that several handlers share, and the templates by which Tasker's Python worker registers them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use reference_rs::HANDLERS;

use crate::docs::error::DocsError;
use crate::docs::identity::class_of;
use crate::docs::page::{WRITTEN_BY, fenced};
use crate::docs::sources::{Source, in_dir, read, sources_of};

/// A page of shared files: what it is called, what it says of them, and the files.
pub(super) struct Shared {
    /// Below the directory of the pages, without its suffix.
    pub(super) name: String,
    pub(super) title: String,
    intro: &'static str,
    sources: Vec<Source>,
}

impl Shared {
    /// The files beside the handlers of every namespace, those of the support modules, and those that register handlers.
    pub(super) fn all(root: &Path) -> Result<Vec<Self>, DocsError> {
        let mut pages = vec![
            Self {
                name: "support".to_owned(),
                title: "Support".to_owned(),
                intro: "What the handlers of all posts share: reading input, failing, numbers, times.",
                sources: in_dir(root, "support", |_| true)?,
            },
            Self {
                name: "registration".to_owned(),
                title: "Registration".to_owned(),
                intro: "How a worker gets to know all handlers.",
                sources: in_dir(root, "", |stem| stem == "register")?,
            },
        ];
        for (namespace, dir) in namespaces(root)? {
            let sources =
                in_dir(root, &dir, |stem| !stem.ends_with("_handler") && stem != "__init__" && stem != "index")?;
            let (name, title) = (format!("{namespace}/models"), format!("Models of {namespace}"));
            let intro = "What the handlers of this namespace read and share, with every rule of reading in one place.";
            pages.push(Self { name, title, intro, sources });
        }
        Ok(pages)
    }

    /// The page.
    pub(super) fn render(&self) -> String {
        let mut page = format!("{WRITTEN_BY}\n\n# {}\n\n{}\n\n{{% tabs %}}\n", self.title, self.intro);
        let mut tab = None;
        for source in &self.sources {
            if tab != Some(source.language.title) {
                page += if tab.is_some() { "{% endtab %}\n\n" } else { "" };
                let _ = writeln!(page, "{{% tab title=\"{}\" %}}", source.language.title);
                tab = Some(source.language.title);
            }
            let code = fenced(source.language.fence, source.text.trim_end());
            let _ = writeln!(page, "`{}`\n\n{code}\n", source.file);
        }
        page.truncate(page.trim_end().len());
        page + "\n{% endtab %}\n\n{% endtabs %}\n"
    }
}

/// The namespaces of our handlers, and the directory of each below a language's tree.
fn namespaces(root: &Path) -> Result<BTreeMap<&'static str, String>, DocsError> {
    let mut namespaces = BTreeMap::new();
    for spec in HANDLERS {
        for source in sources_of(root, spec)?.iter().filter(|source| source.language.fence == "python") {
            let dir = Path::new(source.below_tree()).parent().unwrap_or(Path::new(""));
            namespaces.insert(spec.namespace(), dir.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(namespaces)
}

/// The templates with the callables of Python, `module.Class`, which Tasker's worker imports when it starts: their names and
/// texts.
pub(super) fn python_templates(root: &Path, templates: &Path) -> Result<Vec<(String, String)>, DocsError> {
    let mut callables = Vec::new();
    for spec in HANDLERS {
        for source in sources_of(root, spec)?.iter().filter(|source| source.language.fence == "python") {
            let module = source.below_tree().trim_end_matches(".py").replace('/', ".");
            callables.push((format!("callable: {}\n", spec.id), format!("callable: {module}.{}\n", class_of(spec))));
        }
    }
    let unreadable = |source| DocsError::Io { path: templates.to_owned(), source };
    let mut written = Vec::new();
    for entry in fs::read_dir(templates).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let text = callables.iter().fold(read(&path)?, |text, (ours, theirs)| text.replace(ours, theirs));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        written.push((name, format!("# Written by `cargo parity docs`; do not edit.\n{text}")));
    }
    Ok(written)
}
