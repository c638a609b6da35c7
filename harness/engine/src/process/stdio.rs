//! What a worker process does with its standard output, and when its parent ends.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};

/// Keeps standard output for the protocol, and lets everything else that is written there go nowhere.
pub fn own_output() -> io::Result<File> {
    let nowhere = File::options().write(true).open("/dev/null")?;
    // SAFETY: both calls copy descriptors that are open; the new one belongs to nobody but the file that is made of it.
    unsafe {
        let output = libc::fcntl(libc::STDOUT_FILENO, libc::F_DUPFD_CLOEXEC, 3);
        if output < 0 || libc::dup2(nowhere.as_raw_fd(), libc::STDOUT_FILENO) < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(File::from_raw_fd(output))
    }
}

/// A handler may be running for ever when the parent is killed.
pub fn end_with_the_parent() {
    // SAFETY: the call changes nothing but the signal that this process gets.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
}
