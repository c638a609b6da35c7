//! Directories for as long as a process lives: whoever dies without removing its own leaves them to the next one.
//!
//! The owner holds a lock on a file in the directory, which the system gives back however the process ends. So a directory whose lock can
//! be had is nobody's.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::{env, io};

use tempfile::TempDir;

/// What the names of the directories begin with.
const PREFIX: &str = "parity-";

/// The file that is locked.
const LOCK: &str = ".parity-lock";

/// A directory that is removed when this is dropped, or when the process is gone and another one sweeps.
#[derive(Debug)]
pub struct ScratchDir {
    // Removed before the lock is given back.
    dir: TempDir,
    _lock: File,
}

impl ScratchDir {
    /// A new one among the temporary files of this machine.
    pub fn new() -> io::Result<Self> {
        Self::in_dir(&env::temp_dir())
    }

    fn in_dir(parent: &Path) -> io::Result<Self> {
        loop {
            let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
            let lock = File::create(dir.path().join(LOCK))?;
            lock.lock()?;
            // Between the two, somebody who sweeps may have taken it for nobody's.
            if dir.path().join(LOCK).exists() {
                return Ok(Self { dir, _lock: lock });
            }
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// Removes what processes have left that are gone. What cannot be removed is another user's.
pub fn sweep() {
    sweep_in(&env::temp_dir());
}

fn sweep_in(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        // A link is not followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _ = remove_unless_owned(&entry.path());
        }
    }
}

fn remove_unless_owned(dir: &Path) -> io::Result<()> {
    // A directory without the file is none of ours.
    let lock = File::options().write(true).open(dir.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => fs::remove_dir_all(dir),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_owns_is_swept_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let owned = ScratchDir::in_dir(parent.path()).unwrap();
        let left = parent.path().join("parity-left");
        let of_others = parent.path().join("parity-others");
        for dir in [&left, &of_others] {
            fs::create_dir_all(dir.join("below")).unwrap();
        }
        fs::write(left.join(LOCK), "").unwrap();
        sweep_in(parent.path());
        assert!(owned.path().is_dir() && of_others.is_dir() && !left.exists());
        drop(owned);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }
}
