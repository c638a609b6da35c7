//! What an interpreter says of itself, before it is started as a worker that is shut in.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use parity_confine::{Readable, outside};

/// The program that an interpreter really is, and what it reads: the lines of what a `script` prints, of which the first is the
/// program. It may be named by a script that chooses one. Of one that says nothing, only itself is known.
#[must_use]
pub fn interpreter(program: &Path, arguments: &[&str]) -> (PathBuf, Readable) {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let said = outside(move || command.output()).ok().filter(|output| output.status.success());
    let said = said.map(|output| output.stdout).unwrap_or_default();
    let mut lines = said.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"/")).map(OsStr::from_bytes);
    let real = lines.next().map_or_else(|| program.to_owned(), PathBuf::from);
    let readable = lines.fold(Readable::of_the_system().with(&real), |readable, line| readable.with(Path::new(line)));
    (real, readable)
}
