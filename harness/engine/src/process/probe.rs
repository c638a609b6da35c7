//! What an interpreter says of itself, before it is started as a worker that is shut in.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use parity_confine::{Readable, outside};

/// What stands before the number of the process that an interpreter says it was started by.
const PARENT: &[u8] = b"parent ";

/// What stands before an option that an interpreter says it was given.
const OPTION: &[u8] = b"option ";

/// How an interpreter is started.
#[derive(Clone, Debug, Default)]
pub struct Interpreter {
    /// The program that it really is; or the script that it is started by, if that does more than to choose one.
    pub program: PathBuf,
    /// The options that such a script gives it.
    pub options: Vec<OsString>,
    /// What it reads, where it can be shut in.
    pub readable: Option<Readable>,
}

/// Asks an interpreter how it was started, by the `script` among `arguments`, which prints lines: its path, what else it reads, `parent`
/// and the number of the process that started it, and `option` and each that it was given. It may be named by a script. One that makes
/// room for the interpreter chose it and gave it options; one that stays beside it is run as it is, and cannot be shut in: what it does
/// is its own. So is one that says nothing.
#[must_use]
pub fn interpreter(program: &Path, arguments: &[&str]) -> Interpreter {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let said = outside(move || command.output()).ok().filter(|output| output.status.success());
    let said = said.map(|output| output.stdout).unwrap_or_default();
    let lines = || said.split(|byte| *byte == b'\n');
    let of = |kind| lines().filter_map(move |line| line.strip_prefix(kind));
    let own = std::process::id().to_string();
    if of(PARENT).next() != Some(own.as_bytes()) {
        return Interpreter { program: program.to_owned(), ..Interpreter::default() };
    }
    let options: Vec<OsString> = of(OPTION).map(|option| OsStr::from_bytes(option).to_owned()).collect();
    let mut places = lines().filter(|line| line.starts_with(b"/")).map(OsStr::from_bytes);
    let real = places.next().map_or_else(|| program.to_owned(), PathBuf::from);
    let readable = Readable::of_the_system().with(&real);
    let readable = places.fold(readable, |readable, place| readable.with(Path::new(place)));
    let named = options.iter().map(Path::new).filter(|option| option.is_absolute());
    let readable = Some(named.fold(readable, Readable::with));
    Interpreter { program: real, options, readable }
}
