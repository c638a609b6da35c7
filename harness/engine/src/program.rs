//! Whether a program is the interpreter that somebody takes it for, and of which version: it is asked before anything relies on it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;
use std::{env, fmt, io, thread};

use thiserror::Error;

use crate::language::Interpreter;

/// How long a program may take to say its version.
const VERSION_TIMEOUT: Duration = Duration::from_secs(10);

/// The version of an interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// All of it, e.g. `20.20.2`.
    pub text: String,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a program cannot run a language.
#[derive(Debug, Error)]
pub enum ProgramError {
    /// There is none.
    #[error("there is no program {}", program.display())]
    Missing {
        /// What was named.
        program: PathBuf,
    },
    /// It does not start.
    #[error("{} does not start: {source}", program.display())]
    NoStart {
        /// What was named.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It says nothing.
    #[error("{} does not say within {} s which version it is", program.display(), VERSION_TIMEOUT.as_secs())]
    Silent {
        /// What was named.
        program: PathBuf,
    },
    /// It is something else.
    #[error("{} is no {title}: asked for its version, it says {said:?}", program.display())]
    Other {
        /// What was named.
        program: PathBuf,
        /// What it was taken for.
        title: &'static str,
        /// What it says.
        said: String,
    },
    /// It is too old.
    #[error("{} is {title} {version}, and it takes at least {}.{}", program.display(), oldest.0, oldest.1)]
    TooOld {
        /// What was named.
        program: PathBuf,
        /// What it is.
        title: &'static str,
        /// Of which version.
        version: Version,
        /// Which version it takes.
        oldest: (u32, u32),
    },
}

impl Interpreter {
    /// Asks `program` whether it is this interpreter, and of which version.
    pub fn version_of(&self, program: &Path) -> Result<Version, ProgramError> {
        let (program, title) = (program.to_owned(), self.title);
        let said = match first_line(&program) {
            Ok(Some(said)) => said,
            Ok(None) => return Err(ProgramError::Silent { program }),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !program.is_file() => {
                return Err(ProgramError::Missing { program });
            }
            Err(source) => return Err(ProgramError::NoStart { program, source }),
        };
        let Some(version) = said.strip_prefix(self.banner).and_then(version) else {
            return Err(ProgramError::Other { program, title, said });
        };
        if (version.major, version.minor) < self.oldest {
            return Err(ProgramError::TooOld { program, title, version, oldest: self.oldest });
        }
        Ok(version)
    }
}

/// Where PATH leads for a name; a path is itself.
#[must_use]
pub fn on_path(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    places().into_iter().map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// Where programs are that are named without a path.
#[must_use]
pub fn places() -> Vec<PathBuf> {
    env::var_os("PATH").iter().flat_map(env::split_paths).collect()
}

/// The version at the beginning of a text.
fn version(text: &str) -> Option<Version> {
    let end = text.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(text.len());
    let mut numbers = text[..end].split('.').map(|number| number.parse().ok());
    let (major, minor) = (numbers.next()??, numbers.next()??);
    Some(Version { major, minor, text: text[..end].to_owned() })
}

/// What a program says of its version first, unless it takes too long.
fn first_line(program: &Path) -> io::Result<Option<String>> {
    let mut command = Command::new(program);
    let command = command.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let (said, hears) = channel();
    if let Some(output) = child.stdout.take() {
        thread::spawn(move || {
            let mut text = Vec::new();
            // What cannot be read is no version.
            let _ = output.take(200).read_to_end(&mut text);
            let _ = said.send(String::from_utf8_lossy(&text).lines().next().unwrap_or_default().to_owned());
        });
    }
    let line = hears.recv_timeout(VERSION_TIMEOUT).ok();
    // One that goes on has said all that it was asked for; one that has ended takes no harm.
    let _ = child.kill();
    child.wait()?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use rstest::rstest;

    use super::*;
    use crate::language::{PYTHON, TYPESCRIPT};

    fn of(interpreter: Option<&Interpreter>, script: &str) -> Result<Version, String> {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("program");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let version = interpreter.unwrap().version_of(&program);
        version.map_err(|error| error.to_string().replace(program.to_str().unwrap(), "PROGRAM"))
    }

    #[rstest]
    #[case("echo v20.20.2", Ok("20.20.2"))]
    #[case("echo v24.0.0-nightly", Ok("24.0.0"))]
    #[case("echo v18.19.0", Err("PROGRAM is Node 18.19.0, and it takes at least 20.0"))]
    #[case("echo Python 3.11.2", Err("PROGRAM is no Node: asked for its version, it says \"Python 3.11.2\""))]
    #[case("echo v20", Err("PROGRAM is no Node: asked for its version, it says \"v20\""))]
    #[case("exit 1", Err("PROGRAM is no Node: asked for its version, it says \"\""))]
    fn a_program_is_what_it_says(#[case] script: &str, #[case] expected: Result<&str, &str>) {
        let version = of(TYPESCRIPT.interpreter.as_ref(), script).map(|version| version.to_string());
        assert_eq!(version.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn a_language_has_an_oldest_version() {
        assert!(of(PYTHON.interpreter.as_ref(), "echo Python 3.13.1").is_ok());
        let error = of(PYTHON.interpreter.as_ref(), "echo Python 3.9.1").unwrap_err();
        assert_eq!(error, "PROGRAM is Python 3.9.1, and it takes at least 3.10");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = TYPESCRIPT.interpreter.as_ref().unwrap().version_of("/nowhere/node".as_ref()).unwrap_err();
        assert_eq!(error.to_string(), "there is no program /nowhere/node");
    }

    #[test]
    fn a_name_is_looked_for_on_path() {
        assert!(on_path("sh".as_ref()).unwrap().is_absolute());
        assert_eq!(on_path("no-such-program".as_ref()), None);
        assert_eq!(on_path("./nowhere/sh".as_ref()), None);
    }
}
