//! What an argument may be that is one of a few names: clap's side of enums that know nothing of a command line.

use std::fmt;

use clap::ValueEnum;
use parity_campaign::Mode;
use parity_judge::Strictness;
use parity_report::Emit;
use parity_schema::Scope;

/// An enum as an argument.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident for $value:ident { $($(#[$help:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
        pub(super) enum $name {
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
        /// A test for handlers/python/tests
        Pytest,
        /// A test for handlers/typescript/tests
        Node,
        /// A test for harness/cli/tests
        Rust,
    }
}
