//! What a worker process does with its standard output, and when its parent ends.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::panic;

use libc::c_int;

/// Keeps standard output for the protocol, and lets everything else that is written there go nowhere.
pub fn own_output() -> io::Result<File> {
    own(libc::STDOUT_FILENO)
}

/// Keeps standard error for what this program itself says when it panics, and lets everything else that is written there go nowhere.
pub fn own_errors() -> io::Result<()> {
    let errors = own(libc::STDERR_FILENO)?;
    panic::set_hook(Box::new(move |panic| {
        // There is nobody else who could be told.
        let _ = writeln!(&errors, "{panic}");
    }));
    Ok(())
}

/// Keeps what is written to a descriptor for its owner alone.
fn own(descriptor: c_int) -> io::Result<File> {
    let nowhere = File::options().write(true).open("/dev/null")?;
    // SAFETY: both calls copy descriptors that are open; the new one belongs to nobody but the file that is made of it.
    unsafe {
        let kept = libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, 3);
        if kept < 0 || libc::dup2(nowhere.as_raw_fd(), descriptor) < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(File::from_raw_fd(kept))
    }
}

/// A handler may be running for ever when the parent is killed.
pub fn end_with_the_parent() {
    // SAFETY: the call changes nothing but the signal that this process gets.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
}
