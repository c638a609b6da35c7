//! Confines the threads of this process that run handlers.

use std::io;
use std::os::fd::AsRawFd;
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::thread;

use crate::denial::Denial;
use crate::doors::Doors;
use crate::filter::Filter;
use crate::landlocked;
use crate::listener::Listener;
use crate::outside::stay_outside;
use crate::readable::Readable;
use crate::supervisor::Supervisor;
use crate::support::Support;

/// Who judges the confined threads of this process. Nothing takes back what a thread was denied, so there is one.
static SUPERVISOR: OnceLock<Arc<Supervisor>> = OnceLock::new();

/// Confines this thread and all that it starts, for good and as far as the kernel can: they may read what `readable` says, go
/// through the open `doors`, and do nothing else that leads out. What has to be done outside goes through [`outside`](crate::outside).
pub fn confine_this_thread(readable: Readable, doors: Doors) -> io::Result<()> {
    let rules = landlocked::rules(&readable, doors);
    let filter = if Support::of_this_kernel().seccomp { Filter::new() } else { None };
    stay_outside()?;
    let supervisor = Arc::new(Supervisor::closed(readable, doors));
    let judge = Arc::clone(SUPERVISOR.get_or_init(|| supervisor));
    let (sender, listeners) = channel::<Listener>();
    // Before this thread is confined, so that it is not.
    thread::Builder::new().name("parity-supervisor".to_owned()).spawn(move || {
        if let Ok(listener) = listeners.recv() {
            judge.serve(&listener, Some(std::process::id()));
        }
    })?;
    if rules.is_some_and(|rules| !landlocked::bind(rules.as_raw_fd())) {
        return Err(io::Error::last_os_error());
    }
    if let Some(filter) = filter {
        let listener = Listener::new(filter.install()).ok_or_else(io::Error::last_os_error)?;
        // The thread waits for it.
        let _ = sender.send(listener);
    }
    Ok(())
}

/// Forgets what was refused.
pub fn forget() {
    let _ = denied();
}

/// What the confined threads of this process were refused first since the last time.
#[must_use]
pub fn denied() -> Option<Denial> {
    SUPERVISOR.get()?.take()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::{TcpListener, TcpStream, ToSocketAddrs};
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use rstest::rstest;

    use super::*;
    use crate::{Outside, outside};

    /// What a confined thread is refused that does something in a directory that it may read.
    fn refused(act: impl FnOnce(&Path) -> bool + Send + 'static) -> (bool, Option<Denial>) {
        refused_behind(Doors::default(), act)
    }

    /// The same where doors are open.
    fn refused_behind(doors: Doors, act: impl FnOnce(&Path) -> bool + Send + 'static) -> (bool, Option<Denial>) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("here"), "text").unwrap();
        let place = dir.path().to_owned();
        let confined = thread::spawn(move || {
            let readable = Readable::of_the_system().with(&place);
            // What whoever opens a door lets them read.
            let readable = if doors.network { readable.with_names() } else { readable };
            let readable = if doors.process { readable.with("/bin").with("/usr/bin") } else { readable };
            confine_this_thread(readable, doors).unwrap();
            forget();
            (act(&place), denied())
        });
        confined.join().unwrap()
    }

    #[rstest]
    #[case::reads(|_: &Path| fs::read("/etc/passwd").is_ok(), "file", "read /etc/passwd")]
    #[case::writes(|dir: &Path| fs::write(dir.join("new"), "x").is_ok(), "file", "write ")]
    #[case::overwrites(|dir: &Path| fs::write(dir.join("here"), "x").is_ok(), "file", "write ")]
    #[case::removes(|dir: &Path| fs::remove_file(dir.join("here")).is_ok(), "file", "unlink")]
    #[case::makes_a_directory(|dir: &Path| fs::create_dir(dir.join("new")).is_ok(), "file", "mkdir")]
    #[case::listens(|_: &Path| TcpListener::bind("127.0.0.1:0").is_ok(), "network", "socket")]
    #[case::starts_a_program(|_: &Path| Command::new("/bin/true").status().is_ok(), "process", "")]
    #[case::looks_at_another_process(|_: &Path| fs::read("/proc/1/environ").is_ok(), "file", "read /proc/1/environ")]
    fn what_leads_out_is_refused_and_told(#[case] act: fn(&Path) -> bool, #[case] what: &str, #[case] detail: &str) {
        let (succeeds, denial) = refused(act);
        let Support { landlock, seccomp } = Support::of_this_kernel();
        if seccomp {
            let denial = denial.unwrap();
            assert_eq!((succeeds, denial.what), (false, what), "{denial:?}");
            assert!(denial.detail.starts_with(detail), "{denial:?}");
        } else {
            assert_eq!((succeeds && landlock && what == "file", denial), (false, None));
        }
    }

    #[rstest]
    #[case::reads(|dir: &Path| fs::read(dir.join("here")).is_ok())]
    #[case::lists(|dir: &Path| fs::read_dir(dir).is_ok())]
    #[case::finds_nothing(|dir: &Path| fs::read(dir.join("gone")).is_err_and(|error| error.kind() == io::ErrorKind::NotFound))]
    #[case::its_own_process(|_: &Path| fs::read("/proc/self/stat").is_ok())]
    #[case::a_thread(|_: &Path| thread::spawn(|| true).join().unwrap())]
    #[case::outside(|dir: &Path| { let file = dir.join("new"); outside(move || fs::write(file, "x").is_ok()) })]
    #[case::dropped_outside(|_: &Path| {
        let dir = Outside::new(outside(|| tempfile::tempdir().unwrap()));
        let place = dir.get().unwrap().path().to_owned();
        drop(dir);
        !place.exists()
    })]
    fn what_it_needs_goes_on(#[case] act: fn(&Path) -> bool) {
        assert_eq!(refused(act), (true, None));
    }

    const NETWORK: Doors = Doors { network: true, process: false };
    const PROCESS: Doors = Doors { network: false, process: true };

    fn succeeds(command: &str, arguments: &[&str]) -> bool {
        Command::new(command).args(arguments).output().is_ok_and(|output| output.status.success())
    }

    #[rstest]
    #[case::connects(NETWORK, |_: &Path| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        TcpStream::connect(listener.local_addr().unwrap()).is_ok()
    })]
    #[case::looks_a_name_up(NETWORK, |_: &Path| ("localhost", 80).to_socket_addrs().is_ok())]
    #[case::starts_a_program(PROCESS, |_: &Path| succeeds("/bin/sh", &["-c", "kill -0 $$; (exit 0)"]))]
    #[case::ends_a_program(PROCESS, |_: &Path| {
        let mut child = Command::new("/bin/sh").args(["-c", "read line"]).stdin(Stdio::piped()).spawn().unwrap();
        child.kill().is_ok() && child.wait().is_ok()
    })]
    fn an_open_door_lets_through_what_it_is_for(#[case] doors: Doors, #[case] act: fn(&Path) -> bool) {
        assert_eq!(refused_behind(doors, act), (true, None));
    }

    #[rstest]
    #[case::network_for_programs(NETWORK, |_: &Path| succeeds("/bin/true", &[]), "process", "")]
    #[case::raw_packets(NETWORK, |_: &Path| raw_socket(), "network", "socket")]
    #[case::process_for_sockets(PROCESS, |_: &Path| TcpListener::bind("127.0.0.1:0").is_ok(), "network", "socket")]
    #[case::files_by_a_program(PROCESS, |_: &Path| succeeds("/bin/cat", &["/etc/passwd"]), "file", "read /etc/passwd")]
    #[case::a_namespace(PROCESS, |_: &Path| started(libc::CLONE_NEWNET), "process", "clone")]
    #[case::a_child_of_another(PROCESS, |_: &Path| started(libc::CLONE_PARENT), "process", "clone")]
    #[case::signals_to_others(PROCESS, |_: &Path| succeeds("/bin/sh", &["-c", "kill -0 1"]), "process", "kill")]
    #[case::another_program_instead(PROCESS, |_: &Path| {
        Command::new("/bin/true").exec().kind() != io::ErrorKind::PermissionDenied
    }, "process", "execve")]
    fn an_open_door_lets_nothing_else_through(
        #[case] doors: Doors,
        #[case] act: fn(&Path) -> bool,
        #[case] what: &str,
        #[case] detail: &str,
    ) {
        if Support::of_this_kernel().seccomp {
            let (succeeds, denial) = refused_behind(doors, act);
            let denial = denial.unwrap();
            assert_eq!((succeeds, denial.what), (false, what), "{denial:?}");
            assert!(denial.detail.starts_with(detail), "{denial:?}");
        }
    }

    /// Whether a process can be started so.
    fn started(flags: libc::c_int) -> bool {
        // SAFETY: the process that is made, if one is, shares nothing with this one and ends at once.
        unsafe {
            match libc::syscall(libc::SYS_clone, flags | libc::SIGCHLD, 0, 0, 0, 0) {
                0 => libc::_exit(0),
                child => child > 0,
            }
        }
    }

    fn raw_socket() -> bool {
        // SAFETY: the call makes a descriptor, or does not.
        unsafe { libc::socket(libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP) >= 0 }
    }
}
