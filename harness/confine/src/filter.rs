//! The program by which the kernel hands the calls that lead out to a supervisor.

use std::collections::BTreeMap;

use libc::{c_int, c_long};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, sock_filter,
};

use crate::calls::{Call, When, calls};

/// The bits of a request to `ioctl` and of a command to `fcntl`.
const WORD: [c_long; 2] = [libc::SYS_ioctl, libc::SYS_fcntl];

/// Returns from a program with a constant.
const RETURN: u16 = 6;

/// A program for the kernel.
#[derive(Clone)]
pub(crate) struct Filter(Vec<sock_filter>);

impl Filter {
    /// The program that hands over [`calls`]; nothing where it cannot be made.
    pub(crate) fn new() -> Option<Self> {
        let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = BTreeMap::new();
        for call in calls() {
            let rules = rules.entry(call.number).or_default();
            if let Some(condition) = condition(call) {
                rules.push(SeccompRule::new(vec![condition.ok()?]).ok()?);
            }
        }
        let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
        // The crate knows no supervisor: a tracer stands for it until the program is made.
        let handed_over = SeccompAction::Trace(0);
        let traced = u32::from(handed_over.clone());
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, handed_over, arch).ok()?;
        let mut program: BpfProgram = filter.try_into().ok()?;
        for instruction in &mut program {
            if instruction.code == RETURN && instruction.k == traced {
                instruction.k = libc::SECCOMP_RET_USER_NOTIF;
            }
        }
        Some(Self(program))
    }

    /// Puts the program between the calling thread and the kernel, for good; returns the descriptor of its supervisor, or a
    /// negative number. It makes two system calls and touches no memory, so that it may be called between fork and exec.
    pub(crate) fn install(&self) -> c_int {
        let program = libc::sock_fprog {
            len: u16::try_from(self.0.len()).unwrap_or(u16::MAX),
            filter: self.0.as_ptr().cast_mut().cast(),
        };
        // SAFETY: the first call changes nothing but that no program that is started gains rights; the second one copies the
        // program, whose instructions have the kernel's form.
        unsafe {
            if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 {
                return -1;
            }
            let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
            let listener = libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program);
            c_int::try_from(listener).unwrap_or(-1)
        }
    }
}

fn condition(call: &Call) -> Option<seccompiler::Result<SeccompCondition>> {
    let length = if WORD.contains(&call.number) { SeccompCmpArgLen::Dword } else { SeccompCmpArgLen::Qword };
    let (place, operator, value) = match call.when {
        When::Always => return None,
        When::Is(place, value) => (place, SeccompCmpOp::Eq, value),
        When::IsNot(place, value) => (place, SeccompCmpOp::Ne, value),
        When::Lacks(place, bits) => (place, SeccompCmpOp::MaskedEq(bits), 0),
    };
    Some(SeccompCondition::new(place, length, operator, value).map_err(Into::into))
}
