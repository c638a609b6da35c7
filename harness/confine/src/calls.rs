//! The system calls that lead out of a process, and what a report calls them.

use libc::c_long;

use crate::denial::{FILE, NETWORK, PROCESS};

/// A system call that is looked at before it is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) number: c_long,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) when: When,
}

/// What is done about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is refused; a report calls it so.
    Refused(&'static str),
    /// It makes a socket.
    MakesSocket,
    /// It starts a process, or is the first thing that one does.
    Starts,
    /// It runs another program instead of the own one.
    Runs,
    /// It ends or watches the process that the first argument names.
    Ends,
    /// It opens a file: the arguments with its directory, if there is one, its path, and how it is opened.
    Opens {
        /// The place of the directory.
        dir: Option<usize>,
        /// The place of the path.
        path: usize,
        /// The place of the flags; without, it writes.
        flags: Option<usize>,
    },
    /// It signals a thread of the process that the argument at this place names, which may be the own one: `abort` does it. The third
    /// argument is the signal.
    Signals(usize),
    /// It is as if the kernel did not have it: its arguments cannot be looked at, and there are other ways to do the same.
    Lacking,
}

/// Which of the calls are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// All.
    Always,
    /// Those whose argument at this place is so.
    Is(u8, u64),
    /// Those whose argument at this place is not so.
    IsNot(u8, u64),
    /// Those whose argument at this place lacks these bits.
    Lacks(u8, u64),
}

macro_rules! calls {
    ($(($kind:expr, $when:expr): $($name:ident)+;)+) => {
        &[$($(Call {
            number: libc::$name,
            name: stringify!($name),
            kind: $kind,
            when: $when,
        }),+),+]
    };
}

const PROCESSES: Kind = Kind::Refused(PROCESS);
const FILES: Kind = Kind::Refused(FILE);

/// Those that every architecture has.
const EVERYWHERE: &[Call] = calls! {
    (Kind::Opens { dir: Some(0), path: 1, flags: Some(2) }, When::Always): SYS_openat;
    (Kind::Lacking, When::Always): SYS_clone3 SYS_openat2 SYS_io_uring_setup SYS_io_uring_enter SYS_io_uring_register;
    (Kind::Signals(0), When::Always): SYS_tgkill SYS_rt_tgsigqueueinfo;
    // A thread has the identity of its process.
    (Kind::Starts, When::Lacks(0, 0x0001_0000)): SYS_clone;
    (Kind::Runs, When::Always): SYS_execve SYS_execveat;
    (Kind::Ends, When::Always): SYS_kill SYS_pidfd_open;
    (PROCESSES, When::IsNot(0, 0)): SYS_prlimit64;
    // F_SETOWN and F_SETOWN_EX: who gets a signal when there is something to read.
    (PROCESSES, When::Is(1, 8)): SYS_fcntl;
    (PROCESSES, When::Is(1, 15)): SYS_fcntl;
    // TIOCSTI, which types at a terminal.
    (PROCESSES, When::Is(1, 0x5412)): SYS_ioctl;
    // FS_IOC_SETFLAGS and FS_IOC_FSSETXATTR, which need a file that is open for reading only.
    (FILES, When::Is(1, 0x4008_6602)): SYS_ioctl;
    (FILES, When::Is(1, 0x401c_5820)): SYS_ioctl;
    (PROCESSES, When::Always): SYS_tkill SYS_rt_sigqueueinfo SYS_pidfd_send_signal SYS_pidfd_getfd SYS_ptrace SYS_process_vm_readv SYS_process_vm_writev SYS_process_madvise SYS_kcmp
        SYS_setsid SYS_setpgid SYS_setpriority SYS_ioprio_set SYS_unshare SYS_setns SYS_sethostname SYS_setdomainname
        SYS_setuid SYS_setgid SYS_setreuid SYS_setregid SYS_setresuid SYS_setresgid SYS_setfsuid SYS_setfsgid SYS_setgroups
        SYS_capset SYS_bpf SYS_perf_event_open SYS_userfaultfd SYS_add_key SYS_request_key SYS_keyctl SYS_syslog SYS_reboot
        SYS_kexec_load SYS_init_module SYS_finit_module SYS_delete_module SYS_swapon SYS_swapoff SYS_acct SYS_quotactl
        SYS_settimeofday SYS_clock_settime SYS_clock_adjtime SYS_adjtimex SYS_vhangup SYS_shmget SYS_msgget SYS_semget
        SYS_mq_open SYS_mq_unlink SYS_personality;
    (Kind::MakesSocket, When::Always): SYS_socket;
    (Kind::Refused(NETWORK), When::Always): SYS_bind SYS_connect SYS_listen SYS_accept SYS_accept4;
    (FILES, When::Always): SYS_mknodat SYS_mkdirat SYS_unlinkat SYS_linkat SYS_symlinkat SYS_renameat SYS_renameat2
        SYS_truncate SYS_fchmod SYS_fchmodat SYS_fchmodat2 SYS_fchown SYS_fchownat SYS_utimensat SYS_setxattr SYS_lsetxattr
        SYS_fsetxattr SYS_removexattr SYS_lremovexattr SYS_fremovexattr SYS_chroot SYS_pivot_root SYS_mount SYS_umount2
        SYS_open_tree SYS_move_mount SYS_fsopen SYS_fsmount SYS_fspick SYS_mount_setattr SYS_name_to_handle_at
        SYS_open_by_handle_at SYS_fanotify_init SYS_memfd_create;
};

/// Older forms of the same.
#[cfg(target_arch = "x86_64")]
const OLDER: &[Call] = calls! {
    (Kind::Opens { dir: None, path: 0, flags: Some(1) }, When::Always): SYS_open;
    (Kind::Opens { dir: None, path: 0, flags: None }, When::Always): SYS_creat;
    (Kind::Starts, When::Always): SYS_fork SYS_vfork;
    (PROCESSES, When::Always): SYS_iopl SYS_ioperm;
    (FILES, When::Always): SYS_mknod SYS_mkdir SYS_rmdir SYS_unlink SYS_link SYS_symlink SYS_rename SYS_chmod SYS_chown
        SYS_lchown SYS_utime SYS_utimes SYS_futimesat;
};

#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[Call] = &[];

/// All of them. A call may be there several times.
pub(crate) fn calls() -> impl Iterator<Item = &'static Call> {
    EVERYWHERE.iter().chain(OLDER)
}

/// The call of a number.
pub(crate) fn call(number: c_long) -> Option<&'static Call> {
    calls().find(|call| call.number == number)
}
