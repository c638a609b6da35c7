//! Directories for as long as a process lives: whoever dies without removing its own leaves them to the next one.
//!
//! The owner holds a lock on a file in the directory, which the system gives back however the process ends. So a directory whose lock can
//! be had is nobody's, and so is an empty one: its owner was ended before it came to lock it.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::{env, io};

use tempfile::TempDir;

/// What the names of the directories begin with.
const PREFIX: &str = "parity-scratch-";

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
            // Until it is locked, somebody who sweeps may take it for nobody's.
            let lock = match File::create(dir.path().join(LOCK)) {
                Ok(lock) => lock,
                Err(error) if error.kind() == io::ErrorKind::NotFound && !dir.path().exists() && parent.exists() => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            lock.lock()?;
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
    let Ok(lock) = File::options().write(true).open(dir.join(LOCK)) else {
        // With anything in it, it is none of ours, and stays.
        return fs::remove_dir(dir);
    };
    match lock.try_lock() {
        Ok(()) => fs::remove_dir_all(dir),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::sync::atomic::Ordering::Relaxed;
    use std::thread;

    use super::*;

    #[test]
    fn what_nobody_owns_is_swept_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let owned = ScratchDir::in_dir(parent.path()).unwrap();
        let [left, new, of_others, unlike] =
            ["parity-scratch-left", "parity-scratch-new", "parity-scratch-others", "parity-others"]
                .map(|name| parent.path().join(name));
        for dir in [left.join("below"), new.clone(), of_others.join("below"), unlike.clone()] {
            fs::create_dir_all(dir).unwrap();
        }
        fs::write(left.join(LOCK), "").unwrap();
        sweep_in(parent.path());
        assert!(owned.path().is_dir() && of_others.is_dir() && unlike.is_dir());
        assert!(!left.exists() && !new.exists());
        drop(owned);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 2);
    }

    #[test]
    fn one_is_had_while_others_sweep() {
        let parent = tempfile::tempdir().unwrap();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Relaxed) {
                    sweep_in(parent.path());
                }
            });
            let all: Vec<_> = (0..200).map(|_| ScratchDir::in_dir(parent.path())).collect();
            done.store(true, Relaxed);
            assert!(all.iter().all(|made| made.as_ref().is_ok_and(|dir| dir.path().join(LOCK).exists())), "{all:?}");
        });
    }
}
