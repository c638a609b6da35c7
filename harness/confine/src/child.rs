//! Confines a program that is started.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use crate::denial::Denial;
use crate::doors::Doors;
use crate::filter::Filter;
use crate::landlocked;
use crate::listener::{receive, send};
use crate::readable::Readable;
use crate::supervisor::Supervisor;
use crate::support::Support;

/// What a program may do that is started with it.
#[derive(Debug)]
pub struct Confinement {
    readable: Readable,
    doors: Doors,
    programs: usize,
}

/// A program that is confined.
#[derive(Debug)]
pub struct Supervised {
    supervisor: Arc<Supervisor>,
    /// The program's end of the way by which its listener comes here. Dropped when the program was started.
    _socket: UnixStream,
}

impl Confinement {
    /// Nothing may be done but to read what `readable` says.
    #[must_use]
    pub fn new(readable: Readable) -> Self {
        Self { readable, doors: Doors::default(), programs: 1 }
    }

    /// The same where doors are open.
    #[must_use]
    pub fn open(self, doors: Doors) -> Self {
        Self { doors, ..self }
    }

    /// The same for a program that makes room for another one, and so on, so many in all: they are run however soon it is closed.
    #[must_use]
    pub fn of_programs(self, programs: usize) -> Self {
        Self { programs, ..self }
    }

    /// Confines the program of `command`, which is not started yet, as far as the kernel can. Of the files it is kept at once, of
    /// all else when it is [closed](Supervised::close): an interpreter may be a script that starts others.
    pub fn apply(self, command: &mut Command) -> io::Result<Supervised> {
        let (here, there) = UnixStream::pair()?;
        let rules: Option<OwnedFd> = landlocked::rules(&self.readable, self.doors);
        let filter = if Support::of_this_kernel().seccomp { Filter::new() } else { None };
        let supervisor = Arc::new(Supervisor::of_programs(self.readable, self.doors, self.programs));
        let socket = there.as_raw_fd();
        let confine = move || {
            if rules.as_ref().is_some_and(|rules| !landlocked::bind(rules.as_raw_fd())) {
                return Err(io::Error::last_os_error());
            }
            let Some(filter) = &filter else { return Ok(()) };
            match filter.install() {
                ..0 => Err(io::Error::last_os_error()),
                listener => send(socket, listener),
            }
        };
        // SAFETY: what runs between fork and exec makes system calls and takes no memory.
        unsafe { command.pre_exec(confine) };
        let judge = Arc::clone(&supervisor);
        // It has to be there while the program starts, which asks for it.
        thread::Builder::new().name("parity-supervisor".to_owned()).spawn(move || {
            if let Some(listener) = receive(here.as_raw_fd()) {
                judge.serve(&listener, None);
            }
        })?;
        Ok(Supervised { supervisor, _socket: there })
    }
}

impl Supervised {
    /// Refuses from now on whatever leads out.
    pub fn close(&self) {
        self.supervisor.close();
    }

    /// What was refused first since the last time.
    #[must_use]
    pub fn denied(&self) -> Option<Denial> {
        self.supervisor.take()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::Stdio;

    use super::*;

    #[test]
    fn a_program_starts_as_it_likes_and_is_kept_in_when_it_is_closed() {
        let mut command = Command::new("sh");
        command.args(["-c", "(echo before); read line; (echo after)"]);
        let supervised = Confinement::new(Readable::of_the_system()).apply(&mut command).unwrap();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut output = io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        io::BufRead::read_line(&mut output, &mut line).unwrap();
        assert_eq!((line.as_str(), supervised.denied()), ("before\n", None));
        supervised.close();
        child.stdin.take().unwrap().write_all(b"x\n").unwrap();
        line.clear();
        io::BufRead::read_line(&mut output, &mut line).unwrap();
        child.wait().unwrap();
        let denied = supervised.denied();
        if Support::of_this_kernel().seccomp {
            assert_eq!((line.as_str(), denied.map(|denial| denial.what)), ("", Some("process")));
        } else {
            assert_eq!((line.as_str(), denied), ("after\n", None));
        }
    }

    #[test]
    fn a_program_that_makes_room_for_another_one_does_so_once() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "exec /bin/sh -c 'echo there; exec /bin/sh -c \"echo further\"'"]);
        let supervised = Confinement::new(Readable::of_the_system()).of_programs(2).apply(&mut command).unwrap();
        supervised.close();
        let output = command.output().unwrap();
        let is_kept_in = Support::of_this_kernel().seccomp;
        assert_eq!(String::from_utf8_lossy(&output.stdout), if is_kept_in { "there\n" } else { "there\nfurther\n" });
        let denied = supervised.denied().map(|denial| denial.detail);
        assert_eq!(denied.as_deref(), is_kept_in.then_some("execve"));
    }

    #[test]
    fn its_files_are_kept_from_it_from_the_start() {
        let mut command = Command::new("sh");
        command.args(["-c", "read line < /etc/passwd || exit 3"]).stderr(Stdio::null());
        let supervised = Confinement::new(Readable::of_the_system()).apply(&mut command).unwrap();
        let status = command.status().unwrap();
        assert_eq!((status.success(), supervised.denied()), (!Support::of_this_kernel().landlock, None));
    }
}
