//! Decides what becomes of a call that leads out.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libc::{c_int, c_long, seccomp_notif};

use crate::calls::{Call, Kind, call};
use crate::denial::{Denial, FILE, NETWORK, PROCESS};
use crate::doors::{Doors, descends, process_of};
use crate::listener::Answer;
use crate::memory::{seen, text_at};
use crate::readable::Readable;

/// Ways to open a file that change it, or may.
const WRITES: c_int = libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND | TEMPORARY;

/// The bit of `O_TMPFILE` that is its own.
const TEMPORARY: c_int = libc::O_TMPFILE & !libc::O_DIRECTORY;

/// The signal by which the C library changes the user of all threads. It ends the process if one of them is refused that.
const SETXID: u64 = 33;

/// Keeps nothing, and may be written to.
const NOWHERE: &str = "/dev/null";

/// What is decided of a call, and what is noted of it.
pub(crate) type Decision = (Answer, Option<Denial>);

const MADE: Decision = (Answer::Made, None);

/// Decides on a call of a thread of `process`, or of one that it has started, which may read what `readable` says.
pub(crate) fn decide(notification: &seccomp_notif, process: u32, readable: &Readable, doors: Doors) -> Decision {
    let number = c_long::from(notification.data.nr);
    let Some(Call { name, kind, .. }) = call(number) else { return MADE };
    let name = name.trim_start_matches("SYS_");
    let argument = |place: usize| notification.data.args[place];
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an argument is a register, of which a number takes the lower half"
    )]
    let number = |place: usize| argument(place) as c_int;
    // Only where there may be others, since it takes time to find out.
    let own = if doors.process { process_of(notification.pid).unwrap_or(process) } else { process };
    match *kind {
        Kind::Lacking => (Answer::Fails(libc::ENOSYS), None),
        Kind::Signals(place) if argument(place) == u64::from(own) && argument(2) != SETXID => MADE,
        Kind::Ends if doors.process && u32::try_from(number(0)).is_ok_and(|target| descends(target, process)) => MADE,
        Kind::Starts if doors.open_start(&notification.data) => MADE,
        // What runs the handlers stays what it is.
        Kind::Runs if doors.process && own != process => MADE,
        Kind::Signals(_) | Kind::Ends | Kind::Starts | Kind::Runs => refused(PROCESS, name.to_owned()),
        Kind::MakesSocket if doors.open_socket(&notification.data) => MADE,
        Kind::Refused(NETWORK) if doors.network => MADE,
        Kind::MakesSocket => refused(NETWORK, name.to_owned()),
        Kind::Refused(what) => refused(what, name.to_owned()),
        Kind::Opens { dir, path, flags } => {
            let writes = flags.is_none_or(|place| number(place) & WRITES != 0);
            let thread = notification.pid;
            let Some(named) = text_at(thread, argument(path)).map(PathBuf::from) else {
                return if writes { refused(FILE, name.to_owned()) } else { MADE };
            };
            let place = seen(thread, own, dir.map(number), &named);
            // What is not there is not found by the kernel, either, which says so better.
            let real = place.and_then(|place| fs::canonicalize(place).ok());
            match real {
                Some(real) if real == Path::new(NOWHERE) => MADE,
                Some(real) if !writes && may_read(&real, own, readable) => MADE,
                None if !writes => MADE,
                _ => refused(FILE, format!("{} {}", if writes { "write" } else { "read" }, named.display())),
            }
        }
    }
}

fn refused(what: &'static str, detail: String) -> Decision {
    (Answer::Fails(libc::EPERM), Some(Denial { what, detail }))
}

/// Whether a path may be read. Of what the kernel says of processes, that of the own one may be.
fn may_read(path: &Path, process: u32, readable: &Readable) -> bool {
    let first = path.strip_prefix("/proc").ok().and_then(|rest| rest.iter().next());
    let is_of_another = |name: &OsStr| {
        name.as_bytes().iter().all(u8::is_ascii_digit) && name.as_bytes() != process.to_string().as_bytes()
    };
    readable.holds(path) && !first.is_some_and(is_of_another)
}
