//! The rules of Landlock for who may read some files and nothing else.

use std::os::fd::OwnedFd;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
    path_beneath_rules,
};

use crate::doors::Doors;
use crate::readable::Readable;

/// The rights that are known here; an older kernel knows some of them.
const KNOWN: ABI = ABI::V6;

/// What may be written to: it keeps nothing.
const NOWHERE: &str = "/dev/null";

/// The rules; nothing on a kernel without Landlock.
pub(crate) fn rules(readable: &Readable, doors: Doors) -> Option<OwnedFd> {
    // To run a program takes a call that is refused, and a worker has to be one first.
    let handled = AccessFs::from_all(KNOWN) & !AccessFs::Execute;
    let reads = AccessFs::ReadFile | AccessFs::ReadDir;
    // Abstract sockets are of the network. Signals reach what is confined together.
    let scope =
        if doors.network { Scope::from_all(KNOWN) & !Scope::AbstractUnixSocket } else { Scope::from_all(KNOWN) };
    let made = || -> Result<Option<OwnedFd>, landlock::RulesetError> {
        let rules =
            Ruleset::default().set_compatibility(CompatLevel::BestEffort).handle_access(handled)?.scope(scope)?;
        let rules = if doors.network { rules } else { rules.handle_access(AccessNet::from_all(KNOWN))? };
        let rules = rules
            .create()?
            .add_rules(path_beneath_rules(readable.whole(), reads))?
            .add_rules(path_beneath_rules(readable.listed(), AccessFs::ReadDir))?
            .add_rules(path_beneath_rules([NOWHERE], handled & AccessFs::from_file(KNOWN)))?;
        Ok(rules.into())
    };
    made().ok().flatten()
}

/// Binds the calling thread to the rules. One system call, so that it may be made between fork and exec.
pub(crate) fn bind(rules: std::os::fd::RawFd) -> bool {
    // SAFETY: the calls change nothing but the rights of the calling thread.
    unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::syscall(libc::SYS_landlock_restrict_self, rules, 0) == 0
    }
}
