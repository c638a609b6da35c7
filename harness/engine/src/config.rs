//! Which engine runs which handlers, as data: what the command line names, and what one process hands to another.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::allowed::Allowed;
use super::engine::REFERENCE;
use super::language::{Interpreter, LANGUAGES, Language, RUST};
use super::path_document;

/// An engine and the handlers that it runs.
///
/// JSON: `{"name": "node", "runner": {"interpreter": {"language": "typescript", "program": "node"}}, "tree": "handlers",
/// "aliases": ["@app/*=./src/*"]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineConfig {
    /// Its name in reports.
    pub name: String,
    /// What runs the handlers.
    pub runner: Runner,
    /// The root of the handlers, absolute or as it was given; none for what finds its handlers by itself.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "path_document::optional")]
    pub tree: Option<PathBuf>,
    /// What specifiers of TypeScript mean that lead to no file, each `PATTERN=TARGET`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Who is asked for a second opinion on what an embedded runtime answers; none where nothing is to be said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Second>,
    /// The version, by its first number, that an embedded runtime is to be like; none for the oldest that it knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What its handlers may do beside what every handler may; nothing of a command's, which may do what its user may.
    #[serde(default, skip_serializing_if = "Allowed::is_empty")]
    pub allowed: Allowed,
}

/// The interpreter that is right where a runtime that is built in answers otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Second {
    /// There is none.
    Nobody {
        /// Why.
        why: String,
    },
    /// This one.
    Program {
        /// A path, or a name on PATH.
        #[serde(with = "path_document")]
        program: PathBuf,
        /// What it is, e.g. `Node 20.20.2`.
        runtime: String,
    },
}

/// What runs handlers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Runner {
    /// The reference implementation, which is built in.
    Reference,
    /// The runtime of a language that is built in: in this process, or in another one of the same program.
    Embedded {
        /// Whose runtime.
        language: &'static Language,
    },
    /// An interpreter of a language as it is installed.
    Interpreter {
        /// Whose interpreter.
        language: &'static Language,
        /// Looked for on PATH, unless it is a path.
        #[serde(with = "path_document")]
        program: PathBuf,
    },
    /// Any program that speaks the protocol of `docs/protocol.md`.
    Command {
        /// For `sh -c`.
        command: String,
    },
}

/// Names that no program of the user's can have: the oracles', and that of what no engine is.
const TAKEN: [&str; 3] = [REFERENCE, "pool", "majority"];

impl EngineConfig {
    /// The reference implementation.
    #[must_use]
    pub fn reference() -> Self {
        Self::new(REFERENCE, Runner::Reference)
    }

    /// The engine that runs a language in this process, if there is one.
    #[must_use]
    pub fn embedded(language: &'static Language) -> Option<Self> {
        let name = language.embedded.filter(|name| *name != REFERENCE)?;
        Some(Self::new(name, Runner::Embedded { language }))
    }

    /// The engine that runs a language in the program of an ordinary installation, if there is one.
    #[must_use]
    pub fn interpreter(language: &'static Language) -> Option<Self> {
        let interpreter = language.interpreter.as_ref()?;
        Some(Self::new(interpreter.engine, Runner::Interpreter { language, program: interpreter.program.into() }))
    }

    /// Every engine that has a name of its own on the command line: first those that are built in.
    pub fn named() -> impl Iterator<Item = Self> {
        let all = LANGUAGES.into_iter();
        all.clone().filter_map(Self::embedded).chain(all.filter_map(Self::interpreter))
    }

    fn new(name: &str, runner: Runner) -> Self {
        let name = name.to_owned();
        Self { name, runner, tree: None, aliases: Vec::new(), second: None, version: None, allowed: Allowed::default() }
    }

    /// Whose handlers it runs; nothing is known about those of a command.
    #[must_use]
    pub fn language(&self) -> Option<&'static Language> {
        match &self.runner {
            Runner::Reference => Some(&RUST),
            Runner::Embedded { language } | Runner::Interpreter { language, .. } => Some(language),
            Runner::Command { .. } => None,
        }
    }

    /// Whether a failure that is raised in its language has no code of its own.
    #[must_use]
    pub fn is_codeless(&self) -> bool {
        self.language().is_some_and(|language| language.is_codeless)
    }

    /// Whether Tasker's worker for its language retries a permanent error that a class raises.
    #[must_use]
    pub fn retries_raised(&self) -> bool {
        self.language().is_some_and(|language| language.retries_raised)
    }

    /// Whether its runtime is built in, so that it may run in this process.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.runner, Runner::Embedded { .. })
    }

    /// Whether nothing is known of what it runs: it is a program of the user's.
    #[must_use]
    pub fn is_command(&self) -> bool {
        matches!(self.runner, Runner::Command { .. })
    }

    /// What names it on the command line.
    #[must_use]
    pub fn argument(&self) -> String {
        match &self.runner {
            Runner::Command { command } => format!("{}={command}", self.name),
            Runner::Interpreter { program, .. } if self.named_program().is_some() => {
                format!("{}={}", self.name, program.display())
            }
            _ => self.name.clone(),
        }
    }

    /// The interpreter's program, if it is not the usual one.
    #[must_use]
    pub fn named_program(&self) -> Option<(&'static Interpreter, &Path)> {
        let Runner::Interpreter { language, program } = &self.runner else { return None };
        let interpreter = language.interpreter.as_ref()?;
        let is_usual = program == Path::new(interpreter.program) && self.name == interpreter.engine;
        (!is_usual).then_some((interpreter, program.as_path()))
    }
}

/// Between the name of an engine and the label that tells it from others of its kind: `node@24`.
const LABEL: char = '@';

/// A text that names no engine.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineNameError {
    /// Nobody knows it.
    #[error(
        "the engines are {}; {} take a program of yours as NAME=PROGRAM or NAME@LABEL=PROGRAM, and any other program joins as \
         NAME=COMMAND (see docs/protocol.md)",
        names().join(", "),
        interpreters().join(", ")
    )]
    Unknown,
    /// It can not stand in reports.
    #[error("{name:?} is no name of an engine; use lower-case letters, digits and hyphens")]
    NoName {
        /// What was given.
        name: String,
    },
    /// An interpreter without a program.
    #[error("{name} has no program; write {name}=PROGRAM, e.g. {name}=/usr/bin/{usual}")]
    NoProgram {
        /// What was given.
        name: String,
        /// What such programs are called.
        usual: &'static str,
    },
    /// It is one of Parity's own.
    #[error("{name} is an engine of Parity's own; give yours another name")]
    Taken {
        /// What was given.
        name: String,
    },
    /// A program of the user's without a command.
    #[error("{name} has no command; write {name}=COMMAND, e.g. {name}='./worker --verbose'")]
    NoCommand {
        /// What was given.
        name: String,
    },
}

fn names() -> Vec<String> {
    EngineConfig::named().map(|engine| engine.name).collect()
}

fn interpreters() -> Vec<&'static str> {
    LANGUAGES.into_iter().filter_map(|language| Some(language.interpreter.as_ref()?.engine)).collect()
}

/// Whether a text tells one engine from others of its kind.
fn is_label(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}

impl EngineConfig {
    /// An interpreter's engine whose name may have a label, as in `node@24`.
    fn labelled(name: &str) -> Option<(&'static Language, &'static Interpreter)> {
        let (kind, label) = name.split_once(LABEL).map_or((name, None), |(kind, label)| (kind, Some(label)));
        let language = LANGUAGES
            .into_iter()
            .find(|language| language.interpreter.as_ref().is_some_and(|interpreter| interpreter.engine == kind))?;
        label.is_none_or(is_label).then_some((language, language.interpreter.as_ref()?))
    }
}

impl FromStr for EngineConfig {
    type Err = EngineNameError;

    /// An engine as `--engine` names it, on no tree yet.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text.split_once('=');
        let name = named.map_or(text, |(name, _)| name);
        let owned = name.to_owned();
        if let Some((language, interpreter)) = Self::labelled(name) {
            let program = named.map(|(_, program)| program.trim());
            let program = program.or((name == interpreter.engine).then_some(interpreter.program));
            let no_program = EngineNameError::NoProgram { name: owned, usual: interpreter.program };
            let program = program.filter(|program| !program.is_empty()).ok_or(no_program)?;
            return Ok(Self::new(name, Runner::Interpreter { language, program: program.into() }));
        }
        let Some((_, command)) = named else {
            return Self::named().find(|engine| engine.name == text).ok_or(EngineNameError::Unknown);
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.bytes().all(plain) {
            return Err(EngineNameError::NoName { name: owned });
        }
        if TAKEN.contains(&name) || Self::named().any(|engine| engine.name == name) {
            return Err(EngineNameError::Taken { name: owned });
        }
        if command.trim().is_empty() {
            return Err(EngineNameError::NoCommand { name: owned });
        }
        Ok(Self::new(name, Runner::Command { command: command.to_owned() }))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::language::PYTHON;

    #[rstest]
    #[case("node")]
    #[case("python-process")]
    #[case("go=./worker --tree=x")]
    #[case("node=/opt/node 24/bin/node")]
    #[case("node@24=/opt/node")]
    #[case("python-process@3.13=python3.13")]
    #[case("ruby=ruby3.4")]
    fn an_argument_reads_back(#[case] argument: &str) {
        assert_eq!(argument.parse::<EngineConfig>().unwrap().argument(), argument);
    }

    #[rstest]
    #[case(
        "perl",
        "the engines are python, typescript, python-process, node, ruby; python-process, node, ruby take a program of yours \
         as NAME=PROGRAM or NAME@LABEL=PROGRAM, and any other program joins as NAME=COMMAND"
    )]
    #[case("rust", "the engines are python, typescript, python-process, node, ruby; ")]
    #[case("typescript=x", "typescript is an engine of Parity's own")]
    #[case("node=", "node has no program; write node=PROGRAM, e.g. node=/usr/bin/node")]
    #[case("node@24", "node@24 has no program; write node@24=PROGRAM")]
    #[case("node@=x", "\"node@\" is no name of an engine")]
    #[case("node@A b=x", "\"node@A b\" is no name of an engine")]
    #[case("typescript@24=x", "\"typescript@24\" is no name of an engine")]
    #[case("rust=x", "rust is an engine of Parity's own")]
    #[case("Go=x", "\"Go\" is no name of an engine")]
    #[case("=x", "\"\" is no name of an engine")]
    #[case("go= ", "go has no command; write go=COMMAND")]
    fn a_wrong_argument_says_what_to_do(#[case] argument: &str, #[case] message: &str) {
        let error = argument.parse::<EngineConfig>().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }

    #[rstest]
    #[case("typescript", Some("typescript"), true, true)]
    #[case("node", Some("typescript"), true, false)]
    #[case("node@24=x", Some("typescript"), true, false)]
    #[case("python", Some("python"), false, true)]
    #[case("ruby", Some("ruby"), false, false)]
    #[case("go=x", None, false, false)]
    fn what_is_known_of_an_engine(
        #[case] argument: &str,
        #[case] language: Option<&str>,
        #[case] is_codeless: bool,
        #[case] is_embedded: bool,
    ) {
        let engine: EngineConfig = argument.parse().unwrap();
        assert_eq!(engine.language().map(|language| language.name), language);
        assert_eq!((engine.is_codeless(), engine.is_embedded()), (is_codeless, is_embedded));
    }

    #[test]
    fn every_engine_crosses_a_process_border_whole() {
        let [go, node] = ["go=./worker 'é'", "node@24=/opt/node"].map(|engine| engine.parse().unwrap());
        let second = Some(Second::Program { program: "/opt/node".into(), runtime: "Node 24.0.0".to_owned() });
        for engine in EngineConfig::named().chain([EngineConfig::reference(), go, node]) {
            let (tree, aliases) = (Some("a tree".into()), vec!["a=./b".to_owned()]);
            let allowed = ["file:src", "network"].map(|door| door.parse().unwrap()).into_iter().collect();
            let engine = EngineConfig { tree, aliases, second: second.clone(), version: Some(24), allowed, ..engine };
            let text = serde_json::to_string(&engine).unwrap();
            assert_eq!(serde_json::from_str::<EngineConfig>(&text).unwrap(), engine, "{text}");
        }
        let node = EngineConfig::interpreter(&crate::language::TYPESCRIPT).unwrap();
        assert_eq!(
            json!(node),
            json!({"name": "node", "runner": {"interpreter": {"language": "typescript", "program": "node"}}})
        );
    }

    #[test]
    fn a_path_that_is_no_text_crosses_a_process_border_whole() {
        let path = PathBuf::from(OsString::from_vec(b"tr\xe9e".to_vec()));
        let runner = Runner::Interpreter { language: &PYTHON, program: path.clone() };
        let engine = EngineConfig { tree: Some(path), ..EngineConfig::new("python-process", runner) };
        let text = serde_json::to_string(&engine).unwrap();
        assert_eq!(serde_json::from_str::<EngineConfig>(&text).unwrap(), engine, "{text}");
    }

    #[rstest]
    #[case(json!({"name": "x", "runner": {"embedded": {"language": "perl"}}}), "\"perl\" is no language that Parity knows")]
    #[case(json!({"name": "x", "runner": "reference", "trees": []}), "unknown field `trees`")]
    #[case(json!({"name": "x", "runner": {"command": {"command": "x", "shell": "sh"}}}), "unknown field `shell`")]
    fn an_unknown_member_is_refused(#[case] document: serde_json::Value, #[case] message: &str) {
        let error = serde_json::from_value::<EngineConfig>(document).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
