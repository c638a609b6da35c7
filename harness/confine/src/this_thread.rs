//! Confines the threads of this process that run handlers.

use std::io;
use std::os::fd::AsRawFd;
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::thread;

use crate::denial::Denial;
use crate::filter::Filter;
use crate::landlocked;
use crate::listener::Listener;
use crate::outside::stay_outside;
use crate::readable::Readable;
use crate::supervisor::Supervisor;
use crate::support::Support;

/// Who judges the confined threads of this process. Nothing takes back what a thread was denied, so there is one.
static SUPERVISOR: OnceLock<Arc<Supervisor>> = OnceLock::new();

/// Confines this thread and all that it starts, for good and as far as the kernel can: they may read what `readable` says, and
/// do nothing else that leads out. What has to be done outside goes through [`outside`](crate::outside).
pub fn confine_this_thread(readable: Readable) -> io::Result<()> {
    let rules = landlocked::rules(&readable);
    let filter = if Support::of_this_kernel().seccomp { Filter::new() } else { None };
    stay_outside()?;
    let supervisor = Arc::new(Supervisor::closed(readable));
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
    use std::net::TcpListener;
    use std::path::Path;
    use std::process::Command;

    use rstest::rstest;

    use super::*;
    use crate::{Outside, outside};

    /// What a confined thread is refused that does something in a directory that it may read.
    fn refused(act: impl FnOnce(&Path) -> bool + Send + 'static) -> (bool, Option<Denial>) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("here"), "text").unwrap();
        let place = dir.path().to_owned();
        let confined = thread::spawn(move || {
            confine_this_thread(Readable::of_the_system().with(&place)).unwrap();
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
}
