//! What an argument may be that is one of a few names: clap's side of enums that know nothing of a command line.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use parity_campaign::Isolation;
use parity_campaign::Mode;
use parity_engine::{EngineConfig, REFERENCE};
use parity_judge::Strictness;
use parity_judge::majority::NAME as MAJORITY;
use parity_report::Emit;
use parity_schema::Scope;

/// An enum as an argument.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident for $value:ident { $($(#[$help:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
        pub(crate) enum $name {
            $($(#[$help])* $variant),+
        }

        impl From<$name> for $value {
            fn from(choice: $name) -> Self {
                match choice {
                    $($name::$variant => Self::$variant),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.to_possible_value().as_ref().map_or("", |value| value.get_name()))
            }
        }
    };
}

choice! {
    /// `--scope`.
    ScopeChoice for Scope {
        /// At most one element a list, the plainest numbers and texts: nearly minimal already
        Tiny,
        /// Up to three elements a list
        Small,
        /// Up to eight elements a list
        Normal,
        /// Inputs of all these sizes with mutations that nobody meant: other types, missing and unknown keys, texts and
        /// numbers at the end of what there is
        Hostile,
    }
}

choice! {
    /// `--strictness`.
    StrictnessChoice for Strictness {
        /// Every field, exactly: languages that are meant to answer the same
        Full,
        /// What other steps and the engine rely on: no message texts, no metadata; what is random is matched by its shape
        Contract,
    }
}

choice! {
    /// `--mode`.
    ModeChoice for Mode {
        /// Every step gets the oracle's upstream results, which pins a divergence to one handler
        LockStep,
        /// Every engine feeds itself, and the whole trace is compared
        EndToEnd,
    }
}

choice! {
    /// `--emit`.
    EmitChoice for Emit {
        /// A test for pytest; of our own handlers, for handlers/python/tests
        Pytest,
        /// A test for node --test; of our own handlers, for handlers/typescript/tests
        Node,
        /// A test for vitest, of handlers that are not our own
        Vitest,
        /// A test for harness/cli/tests, of our own handlers
        Rust,
    }
}

choice! {
    /// `--isolation`.
    IsolationChoice for Isolation {
        /// In processes that are watched by this one; once more as `process` if one does not survive
        Auto,
        /// In this process
        InProcess,
        /// Every engine in a process of its own, which is replaced when a handler ends it
        Process,
    }
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// `--node`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NodeChoice {
    /// None is asked
    Off,
    /// This program
    Program(PathBuf),
}

impl From<OsString> for NodeChoice {
    fn from(text: OsString) -> Self {
        if text == "off" { Self::Off } else { Self::Program(text.into()) }
    }
}

impl NodeChoice {
    /// What names it on the command line.
    pub(crate) fn argument(&self) -> String {
        match self {
            Self::Off => "off".to_owned(),
            Self::Program(program) => program.display().to_string(),
        }
    }
}

/// `--oracle`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OracleChoice {
    /// The reference implementation
    Reference,
    /// What most engines answer
    Majority,
    /// An engine
    Engine(EngineConfig),
}

impl FromStr for OracleChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            REFERENCE => Ok(Self::Reference),
            MAJORITY => Ok(Self::Majority),
            other => other.parse().map(Self::Engine).map_err(|error| format!("{error}; or {REFERENCE}, or {MAJORITY}")),
        }
    }
}

impl OracleChoice {
    /// What names it on the command line.
    pub(crate) fn argument(&self) -> String {
        match self {
            Self::Reference => REFERENCE.to_owned(),
            Self::Majority => MAJORITY.to_owned(),
            Self::Engine(engine) => engine.argument(),
        }
    }
}
