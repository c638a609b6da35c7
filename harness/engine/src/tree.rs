//! Which files of a tree may hold handlers: those that are called so, and those whose text speaks of handlers.
//!
//! Importing a file runs it, and a tree holds scripts and servers beside its handlers. So a file is looked at as text first.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::error::TreeError;

/// A file of a tree: its name below the root, with slashes, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name below the root, with slashes.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// How handlers of a language are kept in files.
#[derive(Debug)]
pub struct Dialect {
    /// How a file is called that holds a handler for sure: `*_handler.py`.
    pub pattern: &'static str,
    /// What its name ends in otherwise.
    pub extensions: &'static [&'static str],
    /// What the names of files end in that are none of the program.
    pub skipped: &'static [&'static str],
    /// What the names of such files begin with.
    pub skipped_prefixes: &'static [&'static str],
    /// Words of which a file that defines a handler has one: the package's name, what is imported from it.
    pub marks: &'static [&'static str],
    /// What stands between a class's name and that of the class that it extends, and what ends the line of both.
    pub extends: (&'static str, &'static str),
    /// What is said of a file that is called a handler's and holds none.
    pub lacking: &'static str,
    /// What is said of a class without an identity.
    pub nameless: &'static str,
}

/// Python.
pub static PYTHON: Dialect = Dialect {
    pattern: "*_handler.py",
    extensions: &[".py"],
    skipped: &["_test.py", "conftest.py", "setup.py"],
    skipped_prefixes: &["test_"],
    marks: &["tasker_core", "StepHandler", "step_handler"],
    extends: ("(", ":"),
    lacking: "no handler here; define a class that extends tasker_core.StepHandler",
    nameless: "give class {name} a handler_name of the form 'namespace/step' (it is {declared})",
};

/// TypeScript.
pub static TYPESCRIPT: Dialect = Dialect {
    pattern: "*_handler.ts",
    extensions: &[".ts", ".tsx", ".mts"],
    skipped: &[".d.ts", ".d.mts", ".test.ts", ".spec.ts", ".test.tsx", ".spec.tsx"],
    skipped_prefixes: &[],
    marks: &["@tasker-systems/tasker", "StepHandler", "defineHandler"],
    extends: (" extends ", "{"),
    lacking: "it exports no handler of its own; export a class that extends StepHandler of \"@tasker-systems/tasker\"",
    nameless: "class {name} has no identity; give it static handlerName = 'namespace/step' (it is {declared})",
};

/// Ruby.
pub static RUBY: Dialect = Dialect {
    pattern: "*_handler.rb",
    extensions: &[".rb"],
    skipped: &["_test.rb", "_spec.rb", "spec_helper.rb", "test_helper.rb"],
    skipped_prefixes: &[],
    marks: &["TaskerCore", "StepHandler"],
    extends: ("<", "\n"),
    lacking: "no handler here; define a class below TaskerCore::StepHandler::Base",
    nameless: "give class {name} a constant HANDLER_NAME of the form 'namespace/step' (it is {declared})",
};

/// A language that is not known.
pub(crate) static UNKNOWN: Dialect = Dialect {
    pattern: "*",
    extensions: &[],
    skipped: &[],
    skipped_prefixes: &[],
    marks: &[],
    extends: ("", ""),
    lacking: "",
    nameless: "",
};

/// Directories of others.
const SKIPPED: [&str; 4] = ["__pycache__", "node_modules", "vendor", "site-packages"];

/// Directories that hold tests: importing a test runs what nobody deploys.
const TESTS: [&str; 4] = ["tests", "test", "__tests__", "spec"];

/// The files of a tree that may hold handlers, each sorted by name.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    /// Those that are loaded.
    pub files: Vec<SourceFile>,
    /// Those in directories of tests, which are not.
    pub of_tests: Vec<String>,
}

/// What marks a directory as an environment of Python's.
const ENVIRONMENT: &str = "pyvenv.cfg";

impl Dialect {
    /// Whether the name says that a file holds a handler.
    #[must_use]
    pub(crate) fn is_called(&self, file: &str) -> bool {
        file.ends_with(self.pattern.trim_start_matches('*'))
    }

    /// The files of `root` that may hold handlers.
    pub(crate) fn handler_files(&self, root: &Path, language: &'static str) -> Result<Sources, TreeError> {
        if !root.is_dir() {
            return Err(TreeError::NoDirectory { dir: root.to_path_buf(), language });
        }
        let mut sources = Vec::new();
        self.collect(root, "", &mut sources)?;
        let speaking = self.speaking(&sources);
        sources.retain(|source| speaking.contains(&source.name));
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        let (of_tests, files): (Vec<_>, Vec<_>) =
            sources.into_iter().partition(|source| test_folder(&source.name).is_some());
        let of_tests: Vec<String> = of_tests.into_iter().map(|source| source.name).collect();
        if files.is_empty() {
            let dir = root.to_path_buf();
            return Err(match of_tests.first().and_then(|file| test_folder(file)) {
                Some(folder) => TreeError::OnlyTests { dir, language, folder: folder.to_owned() },
                None => TreeError::NoHandlers { dir, language, pattern: self.pattern },
            });
        }
        Ok(Sources { files, of_tests })
    }

    /// All files of the language below `root` but those in directories of tests, as far as they can be read: first those that may hold handlers, each kind sorted.
    #[must_use]
    pub fn sources(&self, root: &Path) -> Vec<SourceFile> {
        let mut sources = Vec::new();
        if self.collect(root, "", &mut sources).is_err() {
            return Vec::new();
        }
        sources.retain(|source| test_folder(&source.name).is_none());
        let speaking = self.speaking(&sources);
        sources.sort_by_key(|source| (!speaking.contains(&source.name), source.name.clone()));
        sources
    }

    /// Gathers all files of the language.
    fn collect(&self, root: &Path, below: &str, sources: &mut Vec<SourceFile>) -> Result<(), TreeError> {
        let dir = root.join(below);
        let unreadable =
            |error: std::io::Error| TreeError::BadFile { file: dir.clone(), line: None, message: error.to_string() };
        for entry in fs::read_dir(&dir).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let file = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if entry.file_type().map_err(unreadable)?.is_dir() {
                // A link to a directory is not followed: it could lead back here.
                let is_environment = root.join(&file).join(ENVIRONMENT).is_file();
                if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) && !is_environment {
                    self.collect(root, &file, sources)?;
                }
            } else if self.is_ours(&name) && root.join(&file).is_file() {
                let text = fs::read(root.join(&file)).map_err(unreadable)?;
                sources.push(SourceFile { name: file, text: String::from_utf8_lossy(&text).into_owned() });
            }
        }
        Ok(())
    }

    fn is_ours(&self, name: &str) -> bool {
        let ends_in = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        ends_in(self.extensions)
            && !ends_in(self.skipped)
            && !self.skipped_prefixes.iter().any(|prefix| name.starts_with(prefix))
    }

    /// The files that are called a handler's or speak of handlers, and those with a class that extends one of theirs.
    fn speaking(&self, sources: &[SourceFile]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut handlers: BTreeSet<&str> = BTreeSet::new();
        loop {
            let before = (found.len(), handlers.len());
            for SourceFile { name: file, text } in sources {
                let classes = || self.classes(text).filter(|(_, extended)| is_handler(extended, &handlers));
                let named: Vec<&str> = classes().map(|(name, _)| name).collect();
                if !named.is_empty() || self.is_called(file) || self.marks.iter().any(|mark| text.contains(mark)) {
                    found.insert(file.clone());
                }
                handlers.extend(named);
            }
            if before == (found.len(), handlers.len()) {
                return found;
            }
        }
    }

    /// The classes of a text: name, and what stands where the classes are named that it extends.
    fn classes<'a>(&self, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (extends, end) = self.extends;
        text.split("class ").skip(1).filter_map(move |rest| {
            let name = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()?;
            let extended = rest.split(end).next()?.split_once(extends)?.1;
            (!name.is_empty()).then_some((name, extended))
        })
    }
}

/// The directory of tests in which a file stands, with all before it.
pub(crate) fn test_folder(file: &str) -> Option<&str> {
    let (folders, _) = file.rsplit_once('/')?;
    let ends = folders.match_indices('/').map(|(end, _)| end).chain([folders.len()]);
    ends.map(|end| &folders[..end]).find(|folder| TESTS.contains(&folder.rsplit('/').next().unwrap_or(folder)))
}

/// Whether one of the classes that are extended is a handler.
fn is_handler(extended: &str, handlers: &BTreeSet<&str>) -> bool {
    extended
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .any(|name| name == "StepHandler" || handlers.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::catalog::Catalog;
    use crate::naming::Naming;

    const HANDLER: &str = "class Quote(StepHandler):\n";

    fn catalog(files: &[(&str, &str)]) -> Result<Catalog, TreeError> {
        static PYTHON: Dialect =
            Dialect { pattern: "*_handler.py", extensions: &[".py"], extends: ("(", ":"), ..UNKNOWN };
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Catalog::read(dir.path(), "python", &PYTHON, &Naming::default().lenient())
    }

    #[test]
    fn handlers_in_directories_of_tests_are_told_and_not_loaded() {
        let catalog =
            catalog(&[("pay.py", HANDLER), ("a/tests/b/fake.py", HANDLER), ("tests/data.py", "X = 1\n")]).unwrap();
        assert_eq!(catalog.names(), ["pay.py"]);
        let told = catalog.resolve(&[], Vec::new()).unwrap().not_loaded;
        let told: Vec<String> = told.into_iter().map(|file| format!("{}: {}", file.file, file.message)).collect();
        assert_eq!(
            told,
            ["a/tests/b/fake.py: a/tests/ is not looked into, since tests are there; name it if it is meant"]
        );
    }

    #[test]
    fn a_tree_whose_handlers_all_stand_in_tests_says_where() {
        let message = catalog(&[("src/spec/quote.py", HANDLER)]).unwrap_err().to_string();
        assert!(
            message.ends_with(
                "no python handlers here but in src/spec/, where tests are; name that directory if they are meant"
            ),
            "{message}"
        );
        assert!(matches!(catalog(&[("node_modules/quote.py", HANDLER)]), Err(TreeError::NoHandlers { .. })));
    }
}
