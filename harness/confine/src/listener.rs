//! The descriptor by which the kernel asks a supervisor about calls.

use std::io::{self, IoSlice};
use std::mem::{size_of, zeroed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

use libc::{c_int, c_uint, seccomp_notif, seccomp_notif_resp};

/// Asks about calls.
pub(crate) struct Listener(OwnedFd);

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is made.
    Made,
    /// It fails with this error.
    Fails(c_int),
}

impl Listener {
    /// Takes over what [`Filter::install`](crate::filter::Filter::install) returned.
    pub(crate) fn new(descriptor: RawFd) -> Option<Self> {
        // SAFETY: the kernel has just made the descriptor for this process, and nobody else has it.
        (descriptor >= 0).then(|| Self(unsafe { OwnedFd::from_raw_fd(descriptor) }))
    }

    /// The next call; nothing when nobody is left who could make one.
    pub(crate) fn next(&self) -> Option<seccomp_notif> {
        loop {
            let mut ready = libc::pollfd { fd: self.0.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: the structure is one, and lives as long as the call.
            let polled = unsafe { libc::poll(&raw mut ready, 1, -1) };
            if polled < 0 && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted {
                continue;
            }
            if polled < 0 || ready.revents & libc::POLLIN == 0 {
                return None;
            }
            // SAFETY: the structure is plain data, which the kernel wants to be zero and fills.
            let (notification, failed) = unsafe {
                let mut notification: seccomp_notif = zeroed();
                let failed =
                    libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut notification) != 0;
                (notification, failed)
            };
            // Who made the call may have been killed meanwhile.
            if !failed {
                return Some(notification);
            }
        }
    }

    /// Says what becomes of a call.
    pub(crate) fn answer(&self, id: u64, answer: Answer) {
        let (error, flags) = match answer {
            Answer::Made => (0, c_uint::try_from(libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE).unwrap_or(1)),
            Answer::Fails(error) => (-error, 0),
        };
        let response = seccomp_notif_resp { id, val: 0, error, flags };
        // SAFETY: the structure lives as long as the call. It fails only if nobody waits any more.
        unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw const response) };
    }
}

/// Room for a message with one descriptor.
#[repr(C)]
struct Control {
    header: libc::cmsghdr,
    descriptor: c_int,
    _rest: c_int,
}

/// Bytes of the message beside its header.
#[expect(clippy::cast_possible_truncation, reason = "it is 4")]
const DESCRIPTOR: c_uint = size_of::<c_int>() as c_uint;

fn message<'a>(byte: &'a mut libc::iovec, control: &'a mut Control) -> libc::msghdr {
    // SAFETY: the structure is plain data, for which zero stands for nothing.
    let mut message: libc::msghdr = unsafe { zeroed() };
    message.msg_iov = byte;
    message.msg_iovlen = 1;
    message.msg_control = std::ptr::from_mut(control).cast();
    message.msg_controllen = size_of::<Control>();
    message
}

/// Hands a descriptor over a socket. It takes no memory, so that it may be called between fork and exec.
pub(crate) fn send(socket: RawFd, descriptor: RawFd) -> io::Result<()> {
    let text = IoSlice::new(b"x");
    let mut byte = libc::iovec { iov_base: text.as_ptr().cast_mut().cast(), iov_len: 1 };
    // SAFETY: the function only computes; the header is plain data.
    let (length, header) = unsafe { (libc::CMSG_LEN(DESCRIPTOR), zeroed::<libc::cmsghdr>()) };
    let mut control = Control { header, descriptor, _rest: 0 };
    control.header.cmsg_len = length as usize;
    control.header.cmsg_level = libc::SOL_SOCKET;
    control.header.cmsg_type = libc::SCM_RIGHTS;
    let message = message(&mut byte, &mut control);
    // SAFETY: all that the message points to lives as long as the call.
    let sent = unsafe { libc::sendmsg(socket, &raw const message, 0) };
    if sent == 1 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Takes a descriptor from a socket; nothing if its other end is closed.
pub(crate) fn receive(socket: RawFd) -> Option<Listener> {
    let mut text = [0_u8];
    let mut byte = libc::iovec { iov_base: text.as_mut_ptr().cast(), iov_len: 1 };
    // SAFETY: the header is plain data.
    let mut control = Control { header: unsafe { zeroed() }, descriptor: -1, _rest: 0 };
    let mut message = message(&mut byte, &mut control);
    // SAFETY: all that the message points to lives as long as the call, which fills it.
    let received = unsafe { libc::recvmsg(socket, &raw mut message, libc::MSG_CMSG_CLOEXEC) };
    if received == 1 && control.header.cmsg_type == libc::SCM_RIGHTS { Listener::new(control.descriptor) } else { None }
}
