//! What the kernel can do, and what follows if it cannot.

use std::thread;

use crate::doors::Doors;
use crate::filter::Filter;
use crate::landlocked;
use crate::listener::Listener;
use crate::readable::Readable;

/// What of confinement the kernel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// Files can be kept from a process by objects of the kernel.
    pub landlock: bool,
    /// System calls can be refused and told.
    pub seccomp: bool,
}

impl Support {
    /// Asks the kernel, by trying.
    #[must_use]
    pub fn of_this_kernel() -> Self {
        let filtered = || Filter::new().and_then(|filter| Listener::new(filter.install())).is_some();
        let seccomp = thread::Builder::new().spawn(filtered).ok().and_then(|tried| tried.join().ok());
        Self {
            landlock: landlocked::rules(&Readable::default(), Doors::default()).is_some(),
            seccomp: seccomp.unwrap_or_default(),
        }
    }

    /// What is missing, and what follows for who runs handlers.
    #[must_use]
    pub fn lacking(self) -> Option<&'static str> {
        match self {
            Self { landlock: true, seccomp: true } => None,
            Self { landlock: false, seccomp: true } => Some(
                "the kernel has no Landlock: which files handlers read is judged by their paths, and by the guards of their \
                 language",
            ),
            Self { landlock: true, seccomp: false } => Some(
                "the kernel hands no system calls to a supervisor (seccomp): nothing but the guards of their language keeps \
                 handlers from starting processes and from signals",
            ),
            Self { landlock: false, seccomp: false } => Some(
                "the kernel has neither Landlock nor supervised system calls (seccomp): nothing but the guards of their language \
                 keeps handlers in",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kernel_lacks_is_told_with_what_follows() {
        for (landlock, seccomp, part) in
            [(false, true, "no Landlock"), (true, false, "no system calls"), (false, false, "neither")]
        {
            let told = Support { landlock, seccomp }.lacking().unwrap();
            assert!(told.contains(part) && told.contains("guards of their language"), "{told}");
        }
        assert_eq!(Support { landlock: true, seccomp: true }.lacking(), None);
    }
}
