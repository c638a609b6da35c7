//! The languages that Parity knows, a row each: whatever depends on the language of handlers is read here.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::engine::REFERENCE;
use super::tree::{self, Dialect};

/// A language of handlers.
#[derive(Debug)]
pub struct Language {
    /// In documents and messages, e.g. `python`.
    pub name: &'static str,
    /// The option that names a tree of its handlers, e.g. `--python`; none for a language whose handlers are not given as a
    /// tree.
    pub flag: Option<&'static str>,
    /// The engine that runs it in this process, if there is one.
    pub embedded: Option<&'static str>,
    /// What that engine is, if it is not what handlers of the language run on elsewhere, e.g. `QuickJS`.
    pub runtime: Option<&'static str>,
    /// The engine that runs it in the program of an ordinary installation, if there is one.
    pub interpreter: Option<Interpreter>,
    /// How its handlers are kept in files.
    pub dialect: &'static Dialect,
    /// What the names of all its source files end in, those that only others import included.
    pub sources: &'static [&'static str],
    /// The stems of files that are imported by the name of their directory.
    pub index_files: &'static [&'static str],
    /// Whether a failure that is raised in it has no code of its own.
    pub is_codeless: bool,
    /// Whether Tasker's worker for it retries a permanent error that a class raises, and drops its code and its context.
    pub retries_raised: bool,
    /// What a stand-alone test of its handlers is written for, if one can be written.
    pub test: Option<TestKind>,
    /// The type that runs it in a test in Rust, with the crate that it is in.
    pub rust_type: Option<&'static str>,
}

/// The engine that runs a language in a program of its own.
#[derive(Debug)]
pub struct Interpreter {
    /// The engine's name.
    pub engine: &'static str,
    /// The program that it runs unless another one is named.
    pub program: &'static str,
    /// What people call it, e.g. `Node`.
    pub title: &'static str,
    /// What stands before its version, when it is asked with `--version`.
    pub banner: &'static str,
    /// The oldest version that will do.
    pub oldest: (u32, u32),
}

/// What a stand-alone test of handlers is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// `python -m pytest`
    Pytest,
    /// `node --test`
    Node,
}

/// Python.
pub static PYTHON: Language = Language {
    name: "python",
    flag: Some("--python"),
    embedded: Some("python"),
    runtime: None,
    interpreter: Some(Interpreter {
        engine: "python-process",
        program: "python3",
        title: "Python",
        banner: "Python ",
        oldest: (3, 10),
    }),
    dialect: &tree::PYTHON,
    sources: &[".py"],
    index_files: &["__init__"],
    is_codeless: false,
    retries_raised: true,
    test: Some(TestKind::Pytest),
    rust_type: Some("parity_engine_python::PythonEngine"),
};

/// TypeScript.
pub static TYPESCRIPT: Language = Language {
    name: "typescript",
    flag: Some("--typescript"),
    embedded: Some("typescript"),
    runtime: Some("QuickJS"),
    interpreter: Some(Interpreter { engine: "node", program: "node", title: "Node", banner: "v", oldest: (20, 0) }),
    dialect: &tree::TYPESCRIPT,
    sources: &[".ts", ".tsx", ".mts", ".js", ".mjs"],
    index_files: &["index"],
    is_codeless: true,
    retries_raised: false,
    test: Some(TestKind::Node),
    rust_type: Some("parity_engine_typescript::TypeScriptEngine"),
};

/// Ruby.
pub static RUBY: Language = Language {
    name: "ruby",
    flag: Some("--ruby"),
    embedded: None,
    runtime: None,
    interpreter: Some(Interpreter { engine: "ruby", program: "ruby", title: "Ruby", banner: "ruby ", oldest: (3, 0) }),
    dialect: &tree::RUBY,
    sources: &[".rb"],
    index_files: &[],
    is_codeless: false,
    retries_raised: false,
    test: None,
    rust_type: None,
};

/// Rust, in which the reference implementation is written: it is built in, so that no tree of it is named and no file of it is
/// looked at for handlers.
pub static RUST: Language = Language {
    name: "rust",
    flag: None,
    embedded: Some(REFERENCE),
    runtime: None,
    interpreter: None,
    dialect: &tree::UNKNOWN,
    sources: &[".rs"],
    index_files: &["mod"],
    is_codeless: false,
    retries_raised: false,
    test: None,
    rust_type: None,
};

/// All of them, in the order in which messages name them.
pub static LANGUAGES: [&Language; 4] = [&PYTHON, &TYPESCRIPT, &RUBY, &RUST];

impl Language {
    /// The language of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        LANGUAGES.into_iter().find(|language| language.name == name)
    }

    /// The names of the engines that run it, the embedded one first.
    pub fn engines(&self) -> impl Iterator<Item = &'static str> {
        self.embedded.into_iter().chain(self.interpreter.as_ref().map(|interpreter| interpreter.engine))
    }

    /// Whether a file of this name is one of its sources.
    #[must_use]
    pub fn is_source(&self, file: &str) -> bool {
        self.sources.iter().any(|ending| file.ends_with(ending))
    }
}

/// A language is its name.
impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Language {}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for &'static Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Language::named(&name).ok_or_else(|| de::Error::custom(format!("{name:?} is no language that Parity knows")))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_languages_have_a_name_an_engine_a_flag_or_a_source_file_in_common() {
        let all = |names: fn(&'static Language) -> Vec<&'static str>| {
            let names: Vec<&str> = LANGUAGES.into_iter().flat_map(names).collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        };
        all(|language| vec![language.name]);
        all(|language| language.engines().collect());
        all(|language| language.flag.into_iter().collect());
        all(|language| language.sources.to_vec());
    }

    #[test]
    fn what_may_hold_a_handler_is_a_source() {
        for language in LANGUAGES {
            assert!(language.dialect.extensions.iter().all(|ending| language.sources.contains(ending)), "{language}");
        }
    }

    #[test]
    fn the_option_of_a_tree_is_the_name_of_its_language() {
        for language in LANGUAGES {
            let expected = language.flag.map(|_| format!("--{}", language.name));
            assert_eq!(language.flag.map(str::to_owned), expected);
        }
    }
}
