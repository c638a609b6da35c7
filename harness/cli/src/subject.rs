//! What is compared with the oracle: an engine of ours by name, or any program that speaks the protocol.

use std::str::FromStr;

/// Whose handlers an engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Python,
    Typescript,
    Ruby,
}

/// An engine that is compared with the oracle, as `--engine` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SubjectName {
    /// CPython, in process
    Python,
    /// QuickJS, in process
    Typescript,
    /// The `python3` on PATH, in a process of its own
    PythonProcess,
    /// The `node` on PATH
    Node,
    /// The `ruby` on PATH
    Ruby,
    /// A program that speaks the protocol of `docs/protocol.md`
    Command {
        /// In reports.
        name: String,
        /// For `sh -c`.
        command: String,
    },
}

/// The engines that have a name of their own.
const NAMED: [(&str, SubjectName); 5] = [
    ("python", SubjectName::Python),
    ("typescript", SubjectName::Typescript),
    ("python-process", SubjectName::PythonProcess),
    ("node", SubjectName::Node),
    ("ruby", SubjectName::Ruby),
];

/// The oracles' names, and that of what no engine is.
const TAKEN: [&str; 3] = ["rust", "pool", "majority"];

impl SubjectName {
    /// The engine's name in reports.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Command { name, .. } => name,
            named => NAMED.iter().find(|(_, subject)| subject == named).map_or("", |(name, _)| name),
        }
    }

    /// What names it on the command line.
    pub(super) fn argument(&self) -> String {
        match self {
            Self::Command { name, command } => format!("{name}={command}"),
            named => named.name().to_owned(),
        }
    }

    /// Whether a failure that is raised in its language has no code of its own.
    pub(super) fn is_codeless(&self) -> bool {
        self.language() == Some(Language::Typescript)
    }

    /// Whose handlers it runs; nothing is known about those of a command.
    pub(super) fn language(&self) -> Option<Language> {
        match self {
            Self::Python | Self::PythonProcess => Some(Language::Python),
            Self::Typescript | Self::Node => Some(Language::Typescript),
            Self::Ruby => Some(Language::Ruby),
            Self::Command { .. } => None,
        }
    }
}

impl FromStr for SubjectName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = || NAMED.map(|(name, _)| name).join(", ");
        let Some((name, command)) = text.split_once('=') else {
            let named = NAMED.into_iter().find(|(name, _)| *name == text).map(|(_, subject)| subject);
            return named.ok_or_else(|| {
                format!("the engines are {}; any other program joins as NAME=COMMAND (see docs/protocol.md)", known())
            });
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.bytes().all(plain) {
            return Err(format!("{name:?} is no name of an engine; use lower-case letters, digits and hyphens"));
        }
        if TAKEN.contains(&name) || NAMED.iter().any(|(taken, _)| *taken == name) {
            return Err(format!("{name} is an engine of Parity's own; give yours another name"));
        }
        if command.trim().is_empty() {
            return Err(format!("{name} has no command; write {name}=COMMAND, e.g. {name}='./worker --verbose'"));
        }
        Ok(Self::Command { name: name.to_owned(), command: command.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("node")]
    #[case("python-process")]
    #[case("go=./worker --tree=x")]
    fn an_argument_reads_back(#[case] argument: &str) {
        assert_eq!(argument.parse::<SubjectName>().unwrap().argument(), argument);
    }

    #[rstest]
    #[case(
        "perl",
        "the engines are python, typescript, python-process, node, ruby; any other program joins as NAME=COMMAND"
    )]
    #[case("node=x", "node is an engine of Parity's own")]
    #[case("rust=x", "rust is an engine of Parity's own")]
    #[case("Go=x", "\"Go\" is no name of an engine")]
    #[case("=x", "\"\" is no name of an engine")]
    #[case("go= ", "go has no command; write go=COMMAND")]
    fn a_wrong_argument_says_what_to_do(#[case] argument: &str, #[case] message: &str) {
        let error = argument.parse::<SubjectName>().unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}
