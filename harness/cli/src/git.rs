//! What git knows of files.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::CliError;

/// The files below `dir` that differ from those of the revision `base`, or are in no revision and not ignored; relative to
/// `dir`.
pub(super) fn changed_files(dir: &Path, base: &str) -> Result<Vec<PathBuf>, CliError> {
    let revision = format!("{base}^{{commit}}");
    let commit = git(dir, &["rev-parse", "--verify", "--end-of-options", &revision])?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    let mut files = git(dir, &["diff", "--name-only", "--no-renames", "--relative", "-z", &commit, "--", "."])?;
    files.extend(git(dir, &["ls-files", "--others", "--exclude-standard", "-z", "--", "."])?);
    let names = files.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.map(|name| PathBuf::from(OsStr::from_bytes(name))).collect())
}

/// The root of the repository that `dir` is in.
pub(super) fn repository_of(dir: &Path) -> Result<PathBuf, CliError> {
    let root = git(dir, &["rev-parse", "--show-toplevel"])?;
    Ok(PathBuf::from(OsStr::from_bytes(root.trim_ascii_end())))
}

fn git(dir: &Path, arguments: &[&str]) -> Result<Vec<u8>, CliError> {
    let failed = |message: String| CliError::Git { dir: dir.to_owned(), message };
    // A file of the working directory stands in no directory, as it is named.
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let mut command = Command::new("git");
    let output = command.arg("-C").arg(dir).args(arguments).output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}
