//! Doors that somebody has opened to handlers.

use std::fs;

use libc::{c_int, c_long, seccomp_data};

/// What a confined program may do beside reading what it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doors {
    /// Sockets, also those within the machine.
    pub network: bool,
    /// New processes, which are confined as their parent is, and ending them.
    pub process: bool,
}

/// The bits of a socket's type that are not its kind.
const FLAGS: c_int = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;

/// What a new process may not be: in a namespace of its own, or the child of another one than its parent.
const UNUSUAL: u64 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_PARENT) as u64;

impl Doors {
    /// Whether a call starts a process as programs do.
    pub(crate) fn open_start(self, call: &seccomp_data) -> bool {
        self.process && (c_long::from(call.nr) != libc::SYS_clone || call.args[0] & UNUSUAL == 0)
    }

    /// Whether a call of `socket` asks for one that programs use: no raw one, and of what the kernel says only the addresses of this
    /// machine, which looking up a name asks for.
    pub(crate) fn open_socket(self, call: &seccomp_data) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a number takes the lower half of a register")]
        let [family, kind, protocol] = [0, 1, 2].map(|place| call.args[place] as c_int);
        let is_usual = match family {
            libc::AF_UNIX | libc::AF_INET | libc::AF_INET6 => kind & !FLAGS != libc::SOCK_RAW,
            libc::AF_NETLINK => protocol == libc::NETLINK_ROUTE,
            _ => false,
        };
        self.network && is_usual
    }
}

/// The process that a thread is one of.
pub(crate) fn process_of(thread: u32) -> Option<u32> {
    number_in(thread, "Tgid:")
}

/// Whether a process was started by another one, or by one that was, and so on.
pub(crate) fn descends(process: u32, from: u32) -> bool {
    let parent = |process: &u32| number_in(*process, "PPid:");
    std::iter::successors(parent(&process), parent).any(|ancestor| ancestor == from)
}

/// What the kernel says of a process under this name.
fn number_in(process: u32, name: &str) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok()
}
